"""Who may write announcements, as what, and for whom: verified officials, and co-ordinators at home."""

from __future__ import annotations

from dataclasses import dataclass

from buurtwacht import Context, MessageId, PersonId, Role, Text, fold
from buurtwacht_announcements.records import Announcement, State

#: Who writes to the members of his own neighbourhood.
AT_HOME = frozenset({Role.COORDINATOR, Role.DEPUTY_COORDINATOR})


@dataclass(frozen=True, slots=True)
class Hat:
    """As what somebody writes: an office of his, or (with a neighbourhood) as its co-ordinator."""

    kind: str = ""
    function: str = ""
    municipality: str = ""
    area: tuple[int, ...] = ()
    neighbourhood: int | None = None


def hats(ctx: Context) -> list[Hat]:
    """Return as what whoever set this off may write, his offices first."""
    found = [Hat(str(one.kind), one.title, one.municipality, one.neighbourhoods) for one in ctx.offices if one.verified]
    if ctx.neighbourhood is not None and ctx.has(*AT_HOME):
        found.append(Hat(neighbourhood=ctx.here.id, municipality=ctx.here.municipality))
    return found


def label(ctx: Context, hat: Hat) -> Text:
    """Return how a hat is named where somebody wears several."""
    if hat.neighbourhood is not None:
        return Text("hat.coordinator", place=ctx.neighbourhood_of(hat.neighbourhood).name)
    function = hat.function or Text(f"official.{hat.kind}", domain="core")
    return Text("hat.official", function=function, municipality=hat.municipality)


def may_still(ctx: Context, announcement: Announcement) -> bool:
    """Return whether its sender is still what he was when he wrote it: an office can end within the minute."""
    who = announcement.sender
    if who is None:
        return False
    if announcement.neighbourhood is None:
        offices = ctx.offices_of([who]).get(who, ())
        mine = (one for one in offices if one.verified and str(one.kind) == announcement.kind)
        return any(one.is_of(announcement.municipality) for one in mine)
    person = ctx.people([who]).get(who)
    place = person.membership(announcement.neighbourhood) if person is not None else None
    return place is not None and place.state == "active" and place.has(*AT_HOME)


def refuse(ctx: Context, why: Text) -> None:
    """Say why nothing is sent, in one sentence, and keep that it was tried (audit); strangers fill no log."""
    if ctx.has_person:
        ctx.note("announcement_refused", why.key)
    ctx.reply(why)


def dismissed(ctx: Context, person: PersonId, kind: str, municipality: str) -> None:
    """Stop what an official had not sent yet when his office ended."""
    table = Announcement.__table__.c
    waiting = (table.state.in_([State.DRAFT, State.APPROVAL]), table.kind == str(kind))
    for one in ctx.records.find(Announcement, *waiting, sender=person):
        if fold(one.municipality) == fold(municipality):
            one.state = State.REFUSED
            for asked in one.asking:
                ctx.close_questions(message_id=MessageId(asked))
            ctx.note("announcement_refused", "refused.dismissed")
