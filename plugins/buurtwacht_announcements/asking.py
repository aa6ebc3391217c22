"""Representatives are asked, many at once, to pass an announcement on; and the deputies of those who do not answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
from buurtwacht_announcements.targets import PASSING_ON, pick
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
CHUNK = 1000
#: So long after its end a tap still hears that it is over, and not merely "too late".
_HEARD_AFTERWARDS = timedelta(days=7)
#: So long after people were asked it is looked whom the question did not reach.
LOST_AFTER = timedelta(minutes=5)


def thread_of(announcement: Announcement) -> Thread:
    """Return what members and representatives read of an announcement and its corrections: one thread."""
    return Thread("announcements", announcement.root, announcement.short)


@dataclass(slots=True)
class Plan:
    """Whom to ask about one neighbourhood, and when: what a `Passing` begins with. Times are in UTC."""

    neighbourhood: int
    state: PassingState
    asked_at: datetime
    representative: PersonId | None = None
    deputy: PersonId | None = None
    deputy_at: datetime | None = None
    second: PersonId | None = None
    second_at: datetime | None = None

    @property
    def first(self) -> PersonId | None:
        """Who is asked before anybody else: the representative, or the deputy where he takes his place."""
        return self.deputy if self.representative is None else self.representative

    def columns(self) -> dict[str, object]:
        """Return it as a `Passing` keeps it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def ask_representatives(ctx: Context, announcement: Announcement, neighbourhoods: Sequence[Neighbourhood]) -> int:
    """Begin with some neighbourhoods, at most a thousand: write down each, and ask who is to pass it on there.

    The representative is asked, at once his deputy where he cannot be reached. A cold one waits for the end of his
    quiet hours. Where there is nobody, the admins are told. Returns how many people are asked, now or in the morning.
    """
    plans = _plans(ctx, announcement, [one.id for one in neighbourhoods])
    ctx.records.add_all(Passing, [{"announcement": announcement.root, **one.columns()} for one in plans])
    _begin(ctx, announcement, plans)
    ctx.later(
        until_report(ctx, announcement),
        "announcement_report",
        key=f"report:{announcement.root}",
        announcement=announcement.root,
    )
    ctx.tell("announcement_settled", announcement=announcement.root)
    return len({one.first for one in plans if one.first is not None})


def until_report(ctx: Context, announcement: Announcement) -> timedelta:
    """Return how long the report waits for those who have not decided: so many hours, or until nobody can any more."""
    hours = timedelta(hours=ctx.settings(AnnouncementSettings).report_hours)
    due = (announcement.sent_at or ctx.now) + hours
    return min(due, newest(ctx, announcement).valid_until) - ctx.now


def ask_next(ctx: Context, passings: Sequence[Passing]) -> None:
    """Ask anew in these neighbourhoods of one announcement: whoever was to be asked may not be their man any more."""
    announcement = get(ctx, passings[0].announcement)
    if newest(ctx, announcement).is_over(ctx.now):
        return
    plans = _plans(ctx, announcement, [one.neighbourhood for one in passings])
    for passing, plan in zip(passings, plans, strict=True):
        for name, value in plan.columns().items():
            setattr(passing, name, value)
    _begin(ctx, announcement, plans)


# --- whom and when -------------------------------------------------------------------------------------------------


def _seats(ctx: Context, neighbourhoods: Collection[int]) -> dict[int, list[RoleHolder]]:
    """Return who may pass on in each neighbourhood, in the order in which they are asked."""
    found: dict[int, list[RoleHolder]] = {}
    holders = ctx.role_holders(*PASSING_ON, neighbourhoods=neighbourhoods)
    for one in sorted(holders, key=lambda one: one.role is not Role.REPRESENTATIVE):
        found.setdefault(one.neighbourhood, []).append(one)
    return found


def _plans(ctx: Context, announcement: Announcement, neighbourhoods: Sequence[int]) -> list[Plan]:
    """Return whom to ask in each neighbourhood, and when."""
    seats = _seats(ctx, neighbourhoods)
    moments = _Moments(ctx, announcement)
    found: list[Plan] = []
    for place in neighbourhoods:
        seated = seats.get(place, ())
        chosen = pick(ctx, seated)
        plan = Plan(place, PassingState.ASKED, moments.of(place, chosen))
        if chosen is None:
            plan.state = PassingState.UNREACHABLE if seated else PassingState.ABSENT
        elif chosen.role is Role.REPRESENTATIVE:
            plan.representative, plan.deputy_at = chosen.person, plan.asked_at + moments.patience(place)
        else:
            plan.deputy, plan.deputy_at = chosen.person, plan.asked_at
            if len({one.person for one in seated}) > 1:
                plan.second_at = plan.asked_at + moments.patience(place)
        found.append(plan)
    return found


class _Moments:
    """When people are asked: at once, a cold one at the end of their quiet hours; about all of somebody's at once."""

    def __init__(self, ctx: Context, announcement: Announcement) -> None:
        self._ctx = ctx
        self._waits = not announcement.is_warm
        self._now = ctx.now.astimezone(UTC)
        self._by_person: dict[PersonId, datetime] = {}

    def of(self, neighbourhood: int, who: RoleHolder | None) -> datetime:
        """Return when somebody is asked about a neighbourhood, or when its admins hear that there is nobody."""
        if not self._waits:
            return self._now
        own = who.quiet_hours if who is not None else None
        until = self._ctx.neighbourhood_of(neighbourhood).quiet_until(own, self._now) or self._now
        return until if who is None else self._by_person.setdefault(who.person, until)

    def patience(self, neighbourhood: int) -> timedelta:
        """Return how long a representative has before his deputy is asked."""
        where = self._ctx.neighbourhood_of(neighbourhood)
        return timedelta(minutes=self._ctx.settings(AnnouncementSettings, where).deputy_minutes)


def _begin(ctx: Context, announcement: Announcement, plans: Sequence[Plan]) -> None:
    """Ask those whose time has come, and set the timers of the others and of the deputies."""
    root = announcement.root
    later = {one.asked_at for one in plans if one.asked_at > ctx.now}
    deputies = {one.deputy_at for one in plans if one.representative is not None and one.deputy_at is not None}
    ctx.later_all(ask_in_the_morning, {f"ask:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in later})
    ctx.later_all(ask_deputies, {f"deputies:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in deputies})
    seconds = {one.second_at for one in plans if one.second_at is not None}
    ctx.later_all(ask_seconds, {f"seconds:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in seconds})
    now = [one for one in plans if one.asked_at <= ctx.now]
    _ask(ctx, announcement, [(one.neighbourhood, one.first) for one in now if one.first is not None], "passing.asked")
    missing.tell_admins(ctx, announcement, {one.neighbourhood: one.state for one in now})


def _payload(root: int, moment: datetime, after: int = 0) -> dict[str, object]:
    return {"announcement": root, "moment": moment.isoformat(), "after": after}


@timer("ask_in_the_morning")
def ask_in_the_morning(ctx: Context, announcement: int, moment: str, after: int = 0) -> None:
    """Ask those whose quiet hours ended; who lost the role meanwhile is passed over."""
    at, table = datetime.fromisoformat(moment), Passing.__table__.c
    open_ones = (PassingState.ASKED, PassingState.ABSENT, PassingState.UNREACHABLE)
    passings = chunk(ctx, announcement, after, table.asked_at == at, table.state.in_(open_ones))
    if len(passings) == CHUNK:
        rest = _payload(announcement, at, passings[-1].neighbourhood)
        ctx.later_all(ask_in_the_morning, {f"ask:{announcement}:{moment}": (ctx.now, rest)})
    if passings:
        ask_next(ctx, passings)


@timer("ask_deputies")
def ask_deputies(ctx: Context, announcement: int, moment: str, after: int = 0) -> None:
    """Ask the deputies where the representative has not decided: from now on either may."""
    root, at, table = get(ctx, announcement), datetime.fromisoformat(moment), Passing.__table__.c
    if newest(ctx, root).is_over(ctx.now):
        return
    # Where the deputy took the representative's place from the beginning, he was asked then.
    asked = (table.deputy_at == at, table.deputy_at > table.asked_at, table.state == PassingState.ASKED)
    passings = chunk(ctx, announcement, after, *asked)
    if len(passings) == CHUNK:
        rest = _payload(announcement, at, passings[-1].neighbourhood)
        ctx.later_all(ask_deputies, {f"deputies:{announcement}:{moment}": (ctx.now, rest)})
    ask_others(ctx, root, passings)


@timer("ask_seconds")
def ask_seconds(ctx: Context, announcement: int, moment: str, after: int = 0) -> None:
    """Ask another deputy where the first one has not decided either, as long after him."""
    root, at, table = get(ctx, announcement), datetime.fromisoformat(moment), Passing.__table__.c
    if newest(ctx, root).is_over(ctx.now):
        return
    passings = chunk(ctx, announcement, after, table.second_at == at, table.state == PassingState.ASKED)
    if len(passings) == CHUNK:
        rest = _payload(announcement, at, passings[-1].neighbourhood)
        ctx.later_all(ask_seconds, {f"seconds:{announcement}:{moment}": (ctx.now, rest)})
    seats, moments = _seats(ctx, [one.neighbourhood for one in passings]), _Moments(ctx, root)
    now: list[tuple[int, PersonId]] = []
    sleeping: set[datetime] = set()
    for one in passings:
        asked = {one.representative, one.deputy}
        other = pick(ctx, (each for each in seats.get(one.neighbourhood, ()) if each.person not in asked))
        if other is None:
            one.second = None
            continue
        one.second, one.second_at = other.person, moments.of(one.neighbourhood, other)
        if one.second_at > ctx.now:
            sleeping.add(one.second_at)
        else:
            now.append((one.neighbourhood, other.person))
    timers = {f"seconds:{announcement}:{at.isoformat()}": (at, _payload(announcement, at)) for at in sleeping}
    ctx.later_all(ask_seconds, timers)
    _ask(ctx, root, now, "passing.deputy")


def ask_others(
    ctx: Context, announcement: Announcement, passings: Sequence[Passing], but: Collection[PersonId] = ()
) -> list[Passing]:
    """Ask whoever else may pass it on in these neighbourhoods, `but` some; return those where there is nobody else.

    Where there are more, another one is asked after as long again.
    """
    seats, moments = _seats(ctx, [one.neighbourhood for one in passings]), _Moments(ctx, announcement)
    now: list[tuple[int, PersonId]] = []
    sleeping: set[datetime] = set()
    seconds: set[datetime] = set()
    alone: list[Passing] = []
    for one in passings:
        seated = seats.get(one.neighbourhood, ())
        others = [each for each in seated if each.person not in {one.representative, *but}]
        deputy = pick(ctx, others)
        if deputy is None:
            alone.append(one)
            continue
        one.deputy, one.deputy_at = deputy.person, moments.of(one.neighbourhood, deputy)
        if len({each.person for each in others}) > 1:
            one.second_at = one.deputy_at + moments.patience(one.neighbourhood)
            seconds.add(one.second_at)
        if one.deputy_at > ctx.now:
            sleeping.add(one.deputy_at)
        else:
            now.append((one.neighbourhood, deputy.person))
    root = announcement.root
    timers = {f"deputies:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in sleeping}
    ctx.later_all(ask_deputies, timers)
    ctx.later_all(ask_seconds, {f"seconds:{root}:{at.isoformat()}": (at, _payload(root, at)) for at in seconds})
    _ask(ctx, announcement, now, "passing.deputy")
    return alone


def chunk(ctx: Context, announcement: int, after: int, *conditions: object) -> list[Passing]:
    """Return neighbourhoods of an announcement beyond the id `after`, by id: as many as one transaction takes."""
    table = Passing.__table__.c
    more = (table.neighbourhood > after, *conditions)
    return ctx.records.find(Passing, *more, announcement=announcement, order=table.neighbourhood, limit=CHUNK)


# --- asking --------------------------------------------------------------------------------------------------------


def _ask(ctx: Context, announcement: Announcement, asked: Sequence[tuple[int, PersonId]], key: str) -> None:
    """Ask people about neighbourhoods: each person once, and if they are more his message names them."""
    places: dict[PersonId, list[str]] = {}
    for neighbourhood, who in asked:
        places.setdefault(who, []).append(ctx.neighbourhood_of(neighbourhood).name)
    if not places:
        return
    ctx.later(LOST_AFTER, "look_for_lost", key=f"lost:{announcement.root}", announcement=announcement.root)
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
