"""Who walks a shift, as they know it: walkers and partners, whether there are enough, and how a shift reads to each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from buurtwacht import CARETAKERS, Context, Message, Person, PersonId, Text
from buurtwacht_patrols import rosters
from buurtwacht_patrols.records import Absence, Assignment, Shift
from buurtwacht_patrols.wording import local, names


def walkers(group: Iterable[Assignment]) -> list[PersonId]:
    """Return who walks a shift and knows it."""
    return [one.person for one in group if one.told and one.walks]


def partners(group: Iterable[Assignment], who: PersonId) -> list[PersonId]:
    """Return with whom somebody walks."""
    return [one for one in walkers(group) if one != who]


def missing(shift: Shift, group: Iterable[Assignment]) -> int:
    """Return how many walkers a shift lacks."""
    return max(0, shift.fewest - len(walkers(group)))


def own(group: Iterable[Assignment], who: PersonId) -> Assignment | None:
    """Return how somebody stands to a shift."""
    return next((one for one in group if one.person == who), None)


def planners(ctx: Context, *without: PersonId) -> list[PersonId]:
    """Return who plans here, or who else looks after the neighbourhood when nobody does."""
    found = rosters.planners(ctx) or [one.id for one in ctx.members(*CARETAKERS)]
    return [one for one in found if one not in without]


def tell(
    ctx: Context, people: Collection[PersonId], letter: Text | Message, shift: Shift, *, held: bool = False
) -> None:
    """Send the same to some, each for himself; nothing happens when there is nobody."""
    ctx.send_each(dict.fromkeys(people, letter), thread=shift, held=held)


def in_(ctx: Context, **span: float) -> datetime:
    """Return the moment after a while, whatever the clocks do meanwhile; arguments of `timedelta`."""
    return ctx.now.astimezone(UTC) + timedelta(**span)


def until(ctx: Context, moment: datetime) -> timedelta:
    """Return the time that really passes until a moment."""
    return moment.astimezone(UTC) - ctx.now.astimezone(UTC)


def asleep(
    ctx: Context, people: Collection[PersonId], known: Mapping[int, Person] | None = None
) -> dict[PersonId, datetime]:
    """Return until when the quiet hours last of those who are in them now; `known` are people who were read already."""
    found: dict[PersonId, datetime] = {}
    read = ctx.people(people) if known is None else known
    for ident in people:
        one = read.get(ident)
        until = ctx.here.quiet_until(one.quiet_hours, ctx.now) if one is not None else None
        if until is not None:
            found[ident] = until
    return found


def round_line(ctx: Context, shift: Shift, group: Sequence[Assignment], reader: PersonId) -> Text:
    """Return a shift as its reminder shows it: when, with whom, where, and whether there are enough walkers."""
    others = partners(group, reader)
    key = "round" if others else "round.alone"
    return Text(
        key,
        at=local(ctx, shift.starts),
        end=local(ctx, shift.ends),
        who=names(others, first=True),
        enough=Text("round.too_few" if missing(shift, group) else "round.enough"),
        place=shift.start_point or Text("round.no_place"),
        route=Text("own.route", name=shift.route_name) if shift.route_name else None,
    )


def where(shift: Shift) -> Text:
    """Return where a round begins, and which way it goes."""
    route = Text("own.route", name=shift.route_name) if shift.route_name else None
    return Text("where", place=shift.start_point or Text("round.no_place"), route=route)


def is_asked(group: Iterable[Assignment], who: PersonId) -> bool:
    """Whether somebody was asked if he comes, and has not said it."""
    mine = own(group, who)
    if mine is None or mine.asked_at is None:
        return False
    return mine.answered_at is None or mine.answered_at < mine.asked_at


def is_away(ctx: Context, shift: Shift, who: PersonId) -> bool:
    """Whether somebody said that he is away that day."""
    later = Absence.__table__.c.last >= shift.day
    return any(one.covers(shift.local_day) for one in ctx.records.find(Absence, later, person=who))
