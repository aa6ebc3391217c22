"""Messengers: which ones somebody uses, which is tried first, and how another one of his own is attached."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Lines, Message, PersonId, Text, answer, timer
from buurtwacht_members.invitations import display_name, lines_of
from buurtwacht_members.records import Link, hash_of, new_token
from buurtwacht_members.settings import Settings


def channel(ctx: Context, name: str = "") -> None:
    """Show his messengers, the first one first; with more than one he can choose another, or name it."""
    lines = ctx.directory.lines(ctx.person.id)
    named = [one for one in lines if name and name.casefold() in (one.account, display_name(one.account).casefold())]
    if named:
        _prefer(ctx, named[0].id, named[0].account)
        return
    shown = Lines(
        *(
            Text("channel.line" if one.reachable else "channel.line.off", messenger=display_name(one.account))
            for one in lines
        )
    )
    text = Text("channel", lines=shown)
    if len(lines) < 2:
        ctx.reply(text)
        return
    choices = [Choice(str(one.id), Text("messenger", name=display_name(one.account))) for one in lines]
    ctx.ask(ctx.person, Message(text, choices=choices), "messengers.prefer")


@answer("messengers.prefer")
def preferred(ctx: Context, said: Answer) -> None:
    """He chose the messenger to be tried first."""
    for line in ctx.directory.lines(ctx.person.id):
        if str(line.id) == said.value:
            _prefer(ctx, line.id, line.account)


def _prefer(ctx: Context, line: int, account: str) -> None:
    ctx.directory.prefer(ctx.person.id, line)
    ctx.reply(Text("channel.done", messenger=display_name(account)))


# --- attaching one more --------------------------------------------------------------------------------------------


def link(ctx: Context) -> None:
    """Make a link with which he attaches another messenger; good once, for half an hour."""
    minutes = ctx.settings(Settings).link_minutes
    token, hashed = new_token()
    for old in ctx.records.find(Link, person=ctx.person.id):
        ctx.records.remove(old)
    fresh = ctx.records.add(Link(token=hashed, person=ctx.person.id, until=ctx.now + timedelta(minutes=minutes)))
    ctx.later(timedelta(minutes=minutes), "link_lapses", key=f"link:{ctx.person.id}", link=fresh.id)
    mine = {one.account for one in ctx.directory.lines(ctx.person.id) if one.here}
    links = ctx.invite_links(f"link-{token}", f"start link-{token}")
    others = {account: one for account, one in links.items() if account not in mine}
    if not others:
        ctx.reply(Text("link.none"))
        return
    ctx.reply(Text("link.made", links=lines_of(others), minutes=minutes))


@timer("link_lapses")
def link_lapses(ctx: Context, link: int) -> None:
    """A link that nobody used goes."""
    found = ctx.records.get(Link, link)
    if found is not None:
        ctx.records.remove(found)


def attach(ctx: Context, token: str) -> None:
    """Attach the address that opened such a link to the person who asked for it; the other messenger is told."""
    found = ctx.records.first(Link, token=hash_of(token))
    if found is None or found.until <= ctx.now:
        ctx.reply(Text("link.over"))
        return
    if ctx.has_person and ctx.person.id == found.person:
        ctx.reply(Text("link.same"))
        return
    if ctx.has_person and (ctx.person.memberships or ctx.offices):
        # One address, one person: whoever holds this telephone is known already, and must leave first.
        ctx.reply(Text("link.taken"))
        return
    who = PersonId(found.person)
    lines = ctx.directory.lines(who)
    ctx.records.remove(found)
    ctx.cancel(f"link:{who}")
    ctx.directory.attach(who)
    ctx.reply(Text("link.done"))
    if lines:
        ctx.send(who, Text("link.notice"))


# --- letting one go ------------------------------------------------------------------------------------------------


def unlink(ctx: Context) -> None:
    """Let one of his other messengers go; the one he uses now stays, so that he can still be reached."""
    others = [one for one in ctx.directory.lines(ctx.person.id) if not one.here]
    if not others:
        ctx.reply(Text("unlink.last"))
        return
    choices = [Choice(str(one.id), Text("messenger", name=display_name(one.account))) for one in others]
    choices.append(Choice("none", Text("unlink.none")))
    ctx.ask(ctx.person, Message(Text("unlink.which"), choices=choices), "messengers.unlink")


@answer("messengers.unlink")
def unlinked(ctx: Context, said: Answer) -> None:
    """He chose which one to let go."""
    for line in ctx.directory.lines(ctx.person.id):
        if str(line.id) == said.value and not line.here:
            ctx.directory.detach(ctx.person.id, line.id)
            ctx.reply(Text("unlink.done", messenger=display_name(line.account)))
            return
    ctx.reply(Text("unchanged"))
