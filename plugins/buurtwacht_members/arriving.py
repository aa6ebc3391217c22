"""Arriving: what happens at the moment somebody becomes a member, or turns out not to become one."""

from __future__ import annotations

from buurtwacht import Context, MessageId, Person, PersonId, Text


def welcome(ctx: Context, who: PersonId) -> None:
    """Greet a new member of this neighbourhood, and let every plugin know of him."""
    ctx.cancel(f"applicant:{who}")
    ctx.cancel(f"proof:{who}")
    ctx.send(who, Text("welcome", neighbourhood=ctx.here.name))
    ctx.tell("member_joined", person=who, neighbourhood=ctx.here.id)


def forget_unless_known(ctx: Context, who: Person, last_word: MessageId, *, besides: int = 0) -> None:
    """Erase somebody who is and was a member nowhere, but for the request in the neighbourhood `besides`, nor an
    official.
    """
    if any(one.neighbourhood_id != besides or one.state == "left" for one in who.memberships):
        return
    if ctx.offices_of([who]):
        return
    ctx.cancel(f"applicant:{who.id}")
    ctx.directory.erase(who.id, last_word)
    ctx.tell("erase_person", person=who.id)
