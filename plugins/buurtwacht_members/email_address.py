"""An official's e-mail address: he names it, and it is his once whoever reads it said so from there."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Message, PersonId, Text, answer, mail_address, timer

#: How long the mail that asks waits for an answer. Then nothing is kept of the address.
_WAITS = timedelta(days=7)


def email(ctx: Context, address: str = "") -> None:
    """Ask at this address whether it is his; without one, say how it is done."""
    who = ctx.person
    if not any(one.verified for one in ctx.offices):
        ctx.reply(Text("email.officials_only"))
        return
    if not ctx.directory.mail_accounts:
        ctx.reply(Text("email.nowhere"))
        return
    if not address:
        mine = any(one.account in ctx.directory.mail_accounts for one in ctx.directory.lines(who.id))
        ctx.reply(Text("email.mine" if mine else "email.how"))
        return
    try:
        reader = ctx.directory.reader_of(address, who)
    except ValueError:
        ctx.reply(Text("email.unfit"))
        return
    if reader is None:
        ctx.reply(Text("email.taken"))
    elif reader == who.id:
        ctx.reply(Text("email.already"))
    else:
        # The reader is written down with this commit: the mail to him is the next thing that happens.
        ctx.later(timedelta(0), ask_reader, int(reader), int(who.id), key=f"email:{reader}")
        ctx.reply(Text("email.sent", mailbox=_masked(mail_address(address))))


@timer("email.ask")
def ask_reader(ctx: Context, reader: int, official: int) -> None:
    """Ask by mail whether the address is that of the official who named it."""
    found = ctx.people([PersonId(reader), PersonId(official)])
    if len(found) < 2:
        return
    choices = (Choice("yes", Text("email.yes")), Choice("no", Text("email.no")))
    text = Text("email.ask", name=found[PersonId(official)].name)
    ctx.ask(PersonId(reader), Message(text, choices), "email.answered", payload={"official": official}, expires=_WAITS)
    ctx.later(_WAITS, lapse, reader, key=f"email:{reader}")


@answer("email.answered")
def answered(ctx: Context, said: Answer) -> None:
    """Only a yes from the address itself makes it his."""
    reader, official = ctx.person.id, PersonId(said.payload["official"])
    ctx.cancel(f"email:{reader}")
    if said.value != "yes":
        ctx.directory.erase(reader, ctx.reply(Text("email.refused")))
        ctx.send(official, Text("email.refused.own"))
        return
    if not any(one.verified for one in ctx.offices_of([official]).get(official, ())):
        ctx.directory.erase(reader, ctx.reply(Text("email.over")))
        return
    ctx.directory.attach(official)
    ctx.directory.erase(reader)
    ctx.reply(Text("email.done"))
    ctx.send(official, Text("email.done.own"))


@timer("email.lapse")
def lapse(ctx: Context, reader: int) -> None:
    """Nobody answered: the address is forgotten, unless its reader became somebody we know in the meantime."""
    found = ctx.people([PersonId(reader)]).get(PersonId(reader))
    if found is not None and not found.name and not found.memberships:
        ctx.directory.erase(found.id)


def _masked(mailbox: str) -> str:
    """Return the address so that he knows which one it was: what is said to him is kept for a while."""
    name, _, host = mailbox.partition("@")
    return f"{name[:1]}***@{host}"
