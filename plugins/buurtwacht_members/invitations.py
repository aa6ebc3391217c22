"""Invitations: a personal link, which needs only the invited person's own consent, and the public link, which needs
approval (R56). Each also as a QR code, to print or to show.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

import segno

from buurtwacht import Attachment, Context, Lines, Message, Person, PersonId, Text, Thread, timer
from buurtwacht_members import arriving
from buurtwacht_members.records import Invitation, hash_of, new_token
from buurtwacht_members.settings import Settings
from buurtwacht_members.words import clean_name, split_invited

#: A public link is good for ever; its picture is kept only until it has surely been sent.
_PICTURE = timedelta(days=1)


def invite(ctx: Context, text: str) -> None:
    """Invite somebody by name: a link for each messenger, good once."""
    typed, street = split_invited(text, ctx.here)
    name = clean_name(typed)
    if name is None:
        ctx.reply(Text("invite.name"))
        return
    until = ctx.now + timedelta(days=ctx.settings(Settings).invitation_days)
    token, hashed = new_token()
    invitation = ctx.records.add(
        Invitation(
            token=hashed, neighbourhood=ctx.here.id, name=name, street=street, inviter=ctx.person.id, until=until
        )
    )
    ctx.later(until, "invitation_lapses", key=f"invitation:{invitation.id}", invitation=invitation.id)
    ctx.note("invitation_made", f"neighbourhood:{ctx.here.id}")
    links = ctx.invite_links(f"inv-{token}", f"start inv-{token}")
    if not links:
        ctx.reply(Text("invite.no_link"))
        return
    message = Text("invite.made", links=lines_of(links), until=until, neighbourhood=ctx.here.name)
    ctx.reply(Message(message, attachments=_pictures(ctx, links, until)))


def invitation(ctx: Context) -> None:
    """Show the public link of this neighbourhood; who uses it is let in by a co-ordinator."""
    code = ctx.here.code
    links = ctx.invite_links(f"join-{code}", ctx.in_words(Text("join.typed", code=code), ctx.here.language))
    if not links:
        ctx.reply(Text("invite.no_link"))
        return
    message = Text("invitation", neighbourhood=ctx.here.name, links=lines_of(links))
    ctx.reply(Message(message, attachments=_pictures(ctx, links, ctx.now + _PICTURE)))


def lines_of(links: Mapping[str, str]) -> Lines:
    """Return links as lines, each with the messenger it is for."""
    return Lines(*(Text("link", messenger=display_name(account), link=link) for account, link in links.items()))


def display_name(account: str) -> str:
    """Return an account's name as people read it."""
    return {"whatsapp": "WhatsApp", "email": "E-mail"}.get(account, account.replace("_", " ").replace("-", " ").title())


def _pictures(ctx: Context, links: Mapping[str, str], until: datetime) -> list[Attachment]:
    return [
        ctx.keep(qr_png(link), f"qr-{account}.png", "image/png", until=until, kind="photo")
        for account, link in links.items()
    ]


def qr_png(link: str) -> bytes:
    """Return a link as a QR code, a picture of about 400 pixels."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()


def back(ctx: Context, who: Person, street: str, inviter: PersonId) -> Invitation:
    """Invite somebody back whom we know: there is no link to lose, he is asked where he is."""
    until = ctx.now + timedelta(days=ctx.settings(Settings).invitation_days)
    _, hashed = new_token()
    made = Invitation(
        token=hashed, neighbourhood=ctx.here.id, name=who.name, street=street, inviter=inviter, until=until
    )
    ctx.later(until, "invitation_lapses", key=f"invitation:{made.id}", invitation=made.id)
    ctx.note("invitation_made", f"neighbourhood:{ctx.here.id}")
    return ctx.records.add(made)


# --- using one -----------------------------------------------------------------------------------------------------


def find(ctx: Context, token: str) -> Invitation | None:
    """Return the invitation behind a token, while it is good."""
    found = ctx.records.first(Invitation, token=hash_of(token))
    return found if found is not None and found.until > ctx.now else None


def accept(ctx: Context, ident: int) -> None:
    """Let somebody in who was invited and has just agreed to the house rules."""
    found = ctx.records.get(Invitation, ident)
    if found is None or found.until <= ctx.now:
        said = ctx.reply(Text("invite.over"))
        arriving.forget_unless_known(ctx, ctx.person, said)
        return
    who = ctx.person
    if not who.name:
        ctx.directory.change(who.id, name=found.name)
    ctx.close_questions(thread=Thread(ctx.plugin, who.id))
    ctx.directory.invite(who.id, ctx.here.id, street=found.street)
    ctx.directory.activate(who.id, ctx.here.id, consent=ctx.settings(Settings).rules_version)
    ctx.records.remove(found)
    ctx.cancel(f"invitation:{found.id}")
    arriving.welcome(ctx, who.id)
    inviter = ctx.people([found.inviter]).get(found.inviter)
    if inviter is not None and inviter.id != who.id:
        ctx.send(inviter, Text("invite.accepted", who=ctx.name_of(who), neighbourhood=ctx.here.name))


@timer("invitation_lapses")
def invitation_lapses(ctx: Context, invitation: int) -> None:
    """Nobody used it: the name on it goes."""
    found = ctx.records.get(Invitation, invitation)
    if found is not None:
        ctx.records.remove(found)


def forget_inviter(ctx: Context, who: PersonId) -> None:
    """Let no invitation lead to somebody who is erased."""
    for found in ctx.records.find(Invitation, inviter=who):
        found.inviter = 0
