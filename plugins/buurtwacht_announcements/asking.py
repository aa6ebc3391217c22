"""Representatives are asked, many at once, to pass an announcement on; and the deputies of those who do not answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from buurtwacht import (
    Choice,
    Context,
    Message,
    Neighbourhood,
    PersonId,
    Role,
    RoleHolder,
    Severity,
    Text,
    Thread,
    timer,
)
from buurtwacht_announcements import missing
from buurtwacht_announcements.records import Announcement, Passing, PassingState, get, newest
from buurtwacht_announcements.settings import AnnouncementSettings
from buurtwacht_announcements.targets import PASSING_ON
from buurtwacht_announcements.wording import current

CHOICES = (
    Choice("forward", Text("passing.forward")),
    Choice("line", Text("passing.line")),
    Choice("decline", Text("passing.decline")),
)


class _Asking(TypedDict):
    """How representatives are asked, alone or several neighbourhoods at once."""

    payload: dict[str, int]
    repeatable: bool
    expires: timedelta
    severity: Severity
    thread: Thread


#: How many neighbourhoods one transaction deals with, so that no commit is long.
_CHUNK = 1000
#: So long after its end a tap still hears that it is over, and not merely "too late".
_HEARD_AFTERWARDS = timedelta(days=7)


def thread_of(announcement: Announcement) -> Thread:
    """Return what members and representatives read of an announcement and its corrections: one thread."""
    return Thread("announcements", announcement.root, announcement.short)


def ask_representatives(ctx: Context, announcement: Announcement, neighbourhoods: Sequence[Neighbourhood]) -> int:
    """Begin with some neighbourhoods, at most a thousand: write down each, and ask who is to pass it on there.

    The representative is asked, at once his deputy where he cannot be reached. A cold one waits for the end of his
    quiet hours. Where there is nobody, the admins are told. Returns how many people are asked, now or in the morning.
    """
    seats = _seats(ctx, [one.id for one in neighbourhoods])
    passings: list[Passing] = []
    for place in neighbourhoods:
        passing = Passing(
            announcement=announcement.root,
            neighbourhood=place.id,
            representative=None,
            state=PassingState.ASKED,
            asked_at=ctx.now,
        )
        _seat(passing, seats.get(place.id, ()))
        passings.append(ctx.records.add(passing))
    _begin(ctx, announcement, passings)
    hours = timedelta(hours=ctx.settings(AnnouncementSettings).report_hours)
    ctx.later(hours, "announcement_report", key=f"report:{announcement.root}", announcement=announcement.root)
    ctx.tell("announcement_settled", announcement=announcement.root)
    return len({who for one in passings if (who := asked_first(one)) is not None})


def asked_first(passing: Passing) -> PersonId | None:
    """Return who is asked before anybody else: the representative, or the deputy where he takes his place."""
    who = passing.deputy if passing.representative is None else passing.representative
    return None if who is None else PersonId(who)


def ask_next(ctx: Context, passings: Sequence[Passing]) -> None:
    """Ask somebody else in these neighbourhoods of one announcement: who was asked there is not their man any more."""
    announcement = get(ctx, passings[0].announcement)
    seats = _seats(ctx, [one.neighbourhood for one in passings])
    for one in passings:
        _seat(one, seats.get(one.neighbourhood, ()))
    if not newest(ctx, announcement).is_over(ctx.now):
        _begin(ctx, announcement, passings)


# --- whom ----------------------------------------------------------------------------------------------------------


def _seats(ctx: Context, neighbourhoods: Collection[int]) -> dict[int, list[RoleHolder]]:
    """Return who may pass on in each neighbourhood, in the order in which they are asked."""
    found: dict[int, list[RoleHolder]] = {}
    holders = ctx.role_holders(*PASSING_ON, neighbourhoods=neighbourhoods)
    for one in sorted(holders, key=lambda one: one.role is not Role.REPRESENTATIVE):
        found.setdefault(one.neighbourhood, []).append(one)
    return found


def _seat(passing: Passing, seats: Sequence[RoleHolder]) -> None:
    """Write down who is asked first in a neighbourhood, if anybody there can be."""
    chosen = next((one for one in seats if one.reachable), None)
    passing.representative = passing.deputy = passing.deputy_at = None
    if chosen is None:
        passing.state = PassingState.UNREACHABLE if seats else PassingState.ABSENT
    elif chosen.role is Role.REPRESENTATIVE:
        passing.state, passing.representative = PassingState.ASKED, chosen.person
    else:
        passing.state, passing.deputy = PassingState.ASKED, chosen.person


# --- when ----------------------------------------------------------------------------------------------------------


def _begin(ctx: Context, announcement: Announcement, passings: Sequence[Passing]) -> None:
    """Ask those who are awake, or all when it is warm; the others at the end of their quiet hours."""
    later: set[datetime] = set()
    deputies: set[datetime] = set()
    now: list[Passing] = []
    moments = _moments(ctx, announcement, [(one, asked_first(one)) for one in passings])
    for one in passings:
        one.asked_at = moments[one.id]
        if one.representative is not None:
            minutes = ctx.within(ctx.neighbourhood_of(one.neighbourhood)).settings(AnnouncementSettings).deputy_minutes
            one.deputy_at = one.asked_at + timedelta(minutes=minutes)
            deputies.add(one.deputy_at)
        elif one.deputy is not None:
            one.deputy_at = one.asked_at
        if one.asked_at > ctx.now:
            later.add(one.asked_at)
        else:
            now.append(one)
    root = announcement.root
    timers = {f"ask:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in later}
    ctx.later_all(ask_in_the_morning, timers)
    ctx.later_all(ask_deputies, {f"deputies:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in deputies})
    _ask(ctx, announcement, now, "passing.asked")
    missing.tell_admins(ctx, announcement, [one for one in now if asked_first(one) is None])


def _moments(
    ctx: Context, announcement: Announcement, asked: Iterable[tuple[Passing, PersonId | None]]
) -> dict[int, datetime]:
    """Return when somebody is asked about each neighbourhood (UTC): about all of his at one moment."""
    asked = list(asked)
    now = ctx.now.astimezone(UTC)
    if announcement.is_warm:
        return dict.fromkeys((one.id for one, _ in asked), now)
    people = ctx.people({who for _, who in asked if who is not None})
    by_person: dict[int, datetime] = {}
    found: dict[int, datetime] = {}
    for one, who in asked:
        own = people[who].quiet_hours if who in people else None
        until = ctx.neighbourhood_of(one.neighbourhood).quiet_until(own, ctx.now) or now
        found[one.id] = until if who is None else by_person.setdefault(who, until)
    return found


def _payload(root: int, moment: datetime, after: int = 0) -> dict[str, object]:
    return {"announcement": root, "moment": moment.isoformat(), "after": after}


@timer("ask_in_the_morning")
def ask_in_the_morning(ctx: Context, announcement: int, moment: str, after: int = 0) -> None:
    """Ask those whose quiet hours ended; who lost the role meanwhile is passed over."""
    table = Passing.__table__.c
    root = get(ctx, announcement)
    open_ones = (PassingState.ASKED, PassingState.ABSENT, PassingState.UNREACHABLE)
    due = (table.asked_at == datetime.fromisoformat(moment), table.neighbourhood > after, table.state.in_(open_ones))
    passings = ctx.records.find(Passing, *due, announcement=announcement, order=table.neighbourhood, limit=_CHUNK)
    if len(passings) == _CHUNK:
        last = _payload(announcement, datetime.fromisoformat(moment), passings[-1].neighbourhood)
        ctx.later_all(ask_in_the_morning, {f"ask:{announcement}:{moment}": (ctx.now, last)})
    if passings and not newest(ctx, root).is_over(ctx.now):
        ask_next(ctx, passings)


@timer("ask_deputies")
def ask_deputies(ctx: Context, announcement: int, moment: str, after: int = 0) -> None:
    """Ask the deputies where the representative has not decided: from now on either may."""
    table = Passing.__table__.c
    root = get(ctx, announcement)
    if newest(ctx, root).is_over(ctx.now):
        return
    due = (
        table.deputy_at == datetime.fromisoformat(moment),
        table.neighbourhood > after,
        # Where the deputy took his place from the beginning, he was asked then.
        table.representative.is_not(None),
    )
    passings = ctx.records.find(
        Passing, *due, announcement=announcement, state=PassingState.ASKED, order=table.neighbourhood, limit=_CHUNK
    )
    if len(passings) == _CHUNK:
        last = _payload(announcement, datetime.fromisoformat(moment), passings[-1].neighbourhood)
        ctx.later_all(ask_deputies, {f"deputies:{announcement}:{moment}": (ctx.now, last)})
    seats = _seats(ctx, [one.neighbourhood for one in passings])
    asked: list[tuple[Passing, PersonId | None]] = []
    for one in passings:
        if one.deputy is None:
            others = (each for each in seats.get(one.neighbourhood, ()) if each.person != one.representative)
            one.deputy = next((each.person for each in others if each.reachable), None)
        if one.deputy is not None:
            asked.append((one, PersonId(one.deputy)))
    moments = _moments(ctx, root, asked)
    sleeping = {moments[one.id] for one, _ in asked if moments[one.id] > ctx.now}
    for one, _ in asked:
        one.deputy_at = moments[one.id]
    timers = {f"deputies:{announcement}:{at.isoformat()}": (at, _payload(announcement, at)) for at in sleeping}
    ctx.later_all(ask_deputies, timers)
    _ask(ctx, root, [one for one, _ in asked if moments[one.id] <= ctx.now], "passing.deputy")


# --- asking --------------------------------------------------------------------------------------------------------


def _ask(ctx: Context, announcement: Announcement, passings: Sequence[Passing], key: str) -> None:
    """Ask who is to decide about these neighbourhoods: each person once, whose message names them if they are more."""
    places: dict[PersonId, list[str]] = {}
    for one in passings:
        who = asked_first(one) if key == "passing.asked" else PersonId(one.deputy or 0)
        if who is not None:
            places.setdefault(who, []).append(ctx.neighbourhood_of(one.neighbourhood).name)
    if not places:
        return
    latest = newest(ctx, announcement)
    what = current(ctx, announcement).text
    asking: _Asking = {
        "payload": {"announcement": announcement.root},
        "repeatable": True,
        "expires": latest.valid_until - ctx.now + _HEARD_AFTERWARDS,
        "severity": Severity.URGENT if announcement.is_warm else Severity.NOTICE,
        "thread": thread_of(announcement),
    }
    alone = [who for who, names in places.items() if len(names) == 1]
    ctx.ask_all(alone, Message(Text(key, what=what), choices=CHOICES), "passing", **asking)
    letters = {
        who: Message(Text(f"{key}.several", what=what, places=", ".join(sorted(names))), choices=CHOICES)
        for who, names in places.items()
        if len(names) > 1
    }
    ctx.ask_each(letters, "passing", **asking)
