"""What roll calls keep: the roll call, a line for everybody on its list, key holders, ladders and the daily circle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from buurtwacht import Context, NeighbourhoodId, PersonId, Record, Thread

#: Answers are taken until so long after the end, and marked late (domain §2.7).
LATE = timedelta(hours=24)


class Kind(StrEnum):
    """What is asked, by domain §2.7."""

    ATTENDANCE = "patrol_attendance"
    SAFETY = "safety_check"
    VULNERABLE = "vulnerable_check"
    DAILY = "daily_circle"
    READINESS = "readiness"
    MEETING = "meeting"
    TEST = "test"


class Value(StrEnum):
    """What somebody answered. HELP and QUESTION are for a human; QUESTION is what is not yet clear (R30)."""

    SAFE = "safe"
    AWAY = "away"
    HELP = "help"
    QUESTION = "question"
    PRESENT = "present"
    LATER = "later"
    ILL = "ill"
    COMING = "coming"
    NOT_COMING = "not_coming"
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    OK = "ok"


#: Answers that reach a human at once.
TROUBLE = frozenset({Value.HELP, Value.QUESTION})


class RollCall(Record, plugin="rollcalls", index=(("neighbourhood", "number"), ("neighbourhood", "closes"))):
    """One roll call. Its audience is fixed when it opens: an `Entry` for each person."""

    neighbourhood: NeighbourhoodId
    kind: Kind
    number: int
    short: str
    question: str
    #: who is asked: the neighbourhood, a street or a group, as people read it; empty for the whole neighbourhood
    place: str
    #: None: the clock asked, or another plugin
    asked_by: PersonId | None
    opens: datetime
    closes: datetime
    closed_at: datetime | None = None
    #: how many must come; then it ends
    needed: int | None = None
    #: who is asked next when too few come
    following: list[int] = []  # noqa: RUF012 # a record copies its defaults
    #: "yes" is no good news: it asks who is hurt or who needs help
    asks_trouble: bool = False
    #: what another plugin, which had it asked, calls it
    reference: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.closed_at is None

    @property
    def window(self) -> timedelta:
        """How long it is open, as planned, in real time."""
        return self.closes - self.opens.astimezone(UTC)


class Entry(
    Record, plugin="rollcalls", unique=(("rollcall", "person"),), index=(("person", "until"), ("rollcall", "value"))
):
    """One line of the attendance list: who was asked, and what he answered last. `person` is None once erased."""

    rollcall: int
    person: PersonId | None
    #: until when an answer is taken
    until: datetime
    value: Value | None = None
    text: str = ""
    at: datetime | None = None
    late: bool = False
    #: who told it, when it was not himself: words of whoever recorded it (R32)
    via: str = ""
    recorded_by: PersonId | None = None
    #: the account of the messenger over which he answered; empty when somebody else told it
    channel: str = ""
    #: [moment, value, text, via, channel] of each answer before
    history: list[list[str]] = []  # noqa: RUF012
    #: at the end the question had not got to him; then silence says nothing
    missed: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard."""
        return self.value is None

    def change(
        self,
        call: RollCall,
        at: datetime,
        value: Value | None,
        text: str,
        *,
        channel: str = "",
        via: str = "",
        by: PersonId | None = None,
    ) -> None:
        """Write an answer down, or take it back with None; the one before it is kept."""
        if self.at is not None:
            before = self.value.value if self.value is not None else ""
            self.history = [*self.history, [self.at.isoformat(), before, self.text, self.via, self.channel]]
        self.value, self.text, self.at = value, text.strip()[:600], at
        self.channel, self.via, self.recorded_by = channel, via[:60], by
        self.late = not call.is_open


class Tally(Record, plugin="rollcalls", unique=(("rollcall",),)):
    """The one message in which those who look after the neighbourhood see how a roll call stands."""

    rollcall: int
    message: int
    shown: list[int]


class KeyHolder(Record, plugin="rollcalls", unique=(("neighbourhood", "person", "holder"),), index=(("holder",),)):
    """Somebody who may look after a neighbour that does not answer; asked in the order of `place`, once he agreed."""

    neighbourhood: NeighbourhoodId
    person: PersonId
    holder: PersonId
    place: int
    agreed: bool = False


class Ladder(Record, plugin="rollcalls", unique=(("rollcall", "person"),), index=(("over",),)):
    """Who is asked after somebody that did not answer, one after the other (R31). `step` is how many were asked."""

    rollcall: int
    # buurtwacht: allow person-overlooked erased; his answer is exported, this is who was asked after him
    person: PersonId
    holders: list[int]
    step: int = 0
    #: who said that he goes
    taken_by: PersonId | None = None
    over: bool = False


class Circle(Record, plugin="rollcalls", unique=(("neighbourhood",),)):
    """The daily circle of a neighbourhood: at which wall time it asks."""

    neighbourhood: NeighbourhoodId
    at: str


class Participant(Record, plugin="rollcalls", unique=(("neighbourhood", "person"),)):
    """Somebody who wants to be asked every day."""

    neighbourhood: NeighbourhoodId
    person: PersonId


def get(ctx: Context, ident: int | Thread | None) -> RollCall:
    """Return the roll call of a handler's own question or timer. Raises `LookupError` when it is gone."""
    call = ctx.records.get(RollCall, ident)
    if call is None:
        raise LookupError(f"roll call {ident} is gone")
    return call


def home(ctx: Context, call: RollCall) -> Context:
    """Return the context as it is in the roll call's own neighbourhood."""
    if ctx.neighbourhood is not None and ctx.neighbourhood.id == call.neighbourhood:
        return ctx
    return ctx.within(ctx.neighbourhood_of(call.neighbourhood))


def entries(ctx: Context, call: RollCall) -> list[Entry]:
    """Return the whole list of a roll call."""
    return ctx.records.find(Entry, rollcall=call.id)


def silent_ones(listed: Iterable[Entry]) -> list[PersonId]:
    """Return those on a list of whom nothing was heard."""
    return [one.person for one in listed if one.is_silent and one.person is not None]


def entry_of(ctx: Context, call: RollCall, person: PersonId) -> Entry | None:
    """Return somebody's line, if he is on the list."""
    return ctx.records.first(Entry, rollcall=call.id, person=person)


def running(ctx: Context, person: PersonId) -> list[tuple[RollCall, Entry]]:
    """Return the roll calls that somebody can still answer, the newest first: open, or ended less than a day ago."""
    mine = ctx.records.find(Entry, Entry.__table__.c.until > ctx.now, person=person)
    if not mine:
        return []
    calls = ctx.records.find(RollCall, RollCall.__table__.c.id.in_([one.rollcall for one in mine]))
    by_call = {one.rollcall: one for one in mine}
    pairs = [(one, by_call[one.id]) for one in calls]
    return sorted(pairs, key=lambda pair: (pair[0].opens, pair[0].id), reverse=True)
