"""Alerts and what belongs to them, as they are kept; and how an alert is found again."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from buurtwacht import (
    Context,
    MessageId,
    NeighbourhoodId,
    Person,
    PersonId,
    Record,
    RecordId,
    Refusal,
    Severity,
    Text,
    Thread,
)
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import Route

#: R11: text is still about an alert for so long after its end.
AFTERMATH = timedelta(hours=24)

#: Nobody is still asking about an alert that he was last shown something of so long ago.
_STILL_OPEN = timedelta(days=7)

_SHORT = re.compile(r"\s*(?:(?P<code>[A-Za-z]{1,6})\s?-\s?)?0*(?P<number>\d{1,6})\b[\s:.,-]*", re.IGNORECASE)


class Status(StrEnum):
    """Where an alert stands in its life."""

    #: its reporter is being asked something
    DRAFT = "draft"
    #: a co-ordinator decides whether it goes out
    HELD = "held"
    ACTIVE = "active"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How an alert ended."""

    ALL_CLEAR = "all_clear"
    FALSE_ALARM = "false_alarm"
    #: sent by mistake, or not sent at all
    RETRACTED = "retracted"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"


class Step(StrEnum):
    """What a reporter is asked before his report goes out, one thing at a time, in this order (R3)."""

    DUPLICATE = "duplicate"
    #: nothing: he said that it goes with a report that still waits itself
    JOINS = "joins"
    CALLED = "called"
    BEHAVIOUR = "behaviour"
    PLACE = "place"
    #: the text may not go to members as it is; a proposal was made
    WORDING = "wording"


class When(StrEnum):
    """How the moment of an alert is said, when not by the clock alone."""

    TODAY = "today"
    DATE = "date"
    DATE_AND_TIME = "date_and_time"


class Value(StrEnum):
    """The answers under an alert, in the order of their numbers (R22)."""

    SEEN = "seen"
    ON_WATCH = "on_watch"
    INFO = "info"
    UNSAFE = "unsafe"
    DOUBT = "doubt"


class Alert(
    Record,
    plugin="alerts",
    unique=(("neighbourhood", "number"),),
    index=(("neighbourhood", "status", "reported_at"), ("reporter",), ("message",)),
):
    """One alert, from the first word of its reporter to its outcome.

    What people wrote is kept as they wrote it; what members see of it is made when it is shown. `number` is None while
    it may still turn out to be a duplicate. `steps` are what its reporter is still to be asked, the first of them now.
    `messages` are all messages that told people of it, so that they can be taken back from who was not reached.
    """

    neighbourhood: NeighbourhoodId
    number: int | None = None
    short: str = ""
    status: Status = Status.DRAFT
    category: str
    severity: Severity
    route: Route
    reporter: PersonId | None
    #: everybody who reported it, the first one too
    reporters: list[int]
    #: the messenger's id of the message with the report (R18)
    message: str
    words: str
    place: str
    street: str | None
    behaviour: str
    description: str
    direction: str
    direction_street: str | None
    vehicle: str
    plate: str
    happened_at: datetime | None
    when: When | None = None
    #: latitude and longitude in degrees, when its reporter shared a place; members never see it
    point: list[float] | None = None
    reported_at: datetime
    sent_at: datetime | None = None
    last_update: datetime
    called: Called112 = Called112.UNKNOWN
    called_at: datetime | None = None
    called_by: PersonId | None = None
    reminded: bool = False
    steps: list[str]
    similar_to: int | None = None
    member_message: MessageId | None = None
    caretaker_message: MessageId | None = None
    messages: list[int]
    #: where it was last said to be heading, after the report; for whoever is told all of it, not for members
    heading: str = ""
    #: when somebody else first answered to it in any way
    answered_at: datetime | None = None
    #: when the additions that wait go out
    update_due: datetime | None = None
    updated_at: datetime | None = None
    outcome: Outcome | None = None
    outcome_text: str = ""
    closed_at: datetime | None = None
    closed_by: PersonId | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was shown to people and has not ended."""
        return self.status is Status.ACTIVE

    @property
    def is_for_everybody(self) -> bool:
        """Whether it goes to every member, not to the municipality."""
        return self.route is not Route.MUNICIPALITY

    @property
    def at(self) -> datetime:
        """When it happened, as far as anybody said; else when it was reported."""
        return self.happened_at or self.reported_at

    @property
    def has_place(self) -> bool:
        """Whether it is known where it is."""
        return bool(self.place) or self.point is not None

    @property
    def was_called(self) -> bool:
        """Whether somebody said that he called the emergency number."""
        return self.called in (Called112.REPORTER, Called112.SOMEONE_ELSE)

    @property
    def step(self) -> Step | None:
        """What its reporter is being asked now."""
        return Step(self.steps[0]) if self.steps else None

    def drop(self, *steps: Step) -> None:
        """Ask these no more."""
        self.steps = [one for one in self.steps if one not in steps]

    def sent(self, *messages: MessageId) -> None:
        """Remember messages that told people of it."""
        self.messages = [*self.messages, *messages]


class Acknowledgement(Record, plugin="alerts", unique=(("alert", "person"),)):
    """What one person answered under an alert: the last word counts, the earlier ones stay in `history`."""

    alert: int
    person: PersonId
    value: Value
    at: datetime
    history: list[list[str]]


class Doubt(Record, plugin="alerts", unique=(("alert", "person"),)):
    """Somebody said that an alert is not right. It stays, whatever else he answers later (R22)."""

    alert: int
    person: PersonId
    at: datetime


class AdditionState(StrEnum):
    """Where something that somebody added stands."""

    WAITING = "waiting"
    #: only a co-ordinator's tap passes it on (R11, a photo that is looked at first)
    OFFERED = "offered"
    #: a co-ordinator or the minute passed it; it goes with the next update
    PASSED = "passed"
    SHARED = "shared"
    KEPT_BACK = "kept_back"


class Addition(Record, plugin="alerts", index=(("alert", "state"), ("message",))):
    """Something that somebody added to an alert, in his words, or a photo of it (`media`)."""

    alert: int
    person: PersonId | None
    text: str
    #: the messenger's id of his message (R18)
    message: str
    at: datetime
    state: AdditionState = AdditionState.WAITING
    media: int | None = None
    mime: str = ""


class Held(Record, plugin="alerts", unique=(("alert", "person"),)):
    """Somebody whose quiet hours hold an urgent alert; he is shown it, or its outcome, when they end (R12, R15)."""

    alert: int
    # buurtwacht: allow person-overlooked only until his quiet hours end; what he was shown is the core's
    person: PersonId
    until: datetime


class Copy(Record, plugin="alerts", index=(("alert",),)):
    """A message that showed the alert later than the first one, to who was spared before; edits reach it too.

    `neighbourhood` is that next door, where it went there; `full` is the version of those who look after it.
    """

    alert: int
    message: MessageId
    people: list[int]
    neighbourhood: NeighbourhoodId | None = None
    full: bool = False


class Relay(Record, plugin="alerts", unique=(("alert", "neighbourhood"),)):
    """An alert that went to the next neighbourhood too (R20). `message` is None while it is only offered."""

    alert: int
    neighbourhood: NeighbourhoodId
    message: MessageId | None = None


class Event(Record, plugin="alerts", index=(("alert",),)):
    """One change of an alert: never altered, never taken away. `actor` is None when time itself did it."""

    alert: int
    at: datetime
    # buurtwacht: allow person-overlooked what he did is exported with the alert, the addition or the answer
    actor: PersonId | None
    what: str
    old: str
    new: str


def log(ctx: Context, alert: Alert, what: str, *, old: str = "", new: str = "") -> None:
    """Write one line in the alert's own log, and one without any words of people in the audit log."""
    actor = ctx.person.id if ctx.has_person else None
    ctx.records.add(Event(alert=alert.id, at=ctx.now, actor=actor, what=what, old=old, new=new))
    states = {name: one.value for name, one in (("old", old), ("new", new)) if isinstance(one, StrEnum)}
    ctx.note(f"alert_{what}", alert.short or f"alert:{alert.id}", **states)


def home(ctx: Context, alert: Alert) -> Context:
    """Return the context as it is in the alert's own neighbourhood."""
    if ctx.neighbourhood is not None and ctx.neighbourhood.id == alert.neighbourhood:
        return ctx
    return ctx.within(ctx.neighbourhood_of(alert.neighbourhood))


def get(ctx: Context, ident: int | Thread | None) -> Alert:
    """Return the alert of a handler's own question or timer. Raises `LookupError` when it is gone."""
    alert = ctx.records.get(Alert, ident)
    if alert is None:
        raise LookupError(f"alert {ident} is gone")
    return alert


def numbered(ctx: Context, alert: Alert) -> None:
    """Give the alert its number and short id (R23)."""
    if alert.number is None:
        alert.number = ctx.number("alert")
        alert.short = f"{ctx.here.code}-{alert.number:04d}"


def open_alerts(ctx: Context) -> list[Alert]:
    """Return the alerts here that have not ended, the newest first."""
    return ctx.records.find(
        Alert,
        neighbourhood=ctx.here.id,
        status=Status.ACTIVE,
        order=[Alert.__table__.c.reported_at.desc(), Alert.__table__.c.id.desc()],
    )


class Short(NamedTuple):
    """The id that a text begins with ("TB-0001", "tb 1", "1"), and what follows it. `code` is empty for a number."""

    code: str
    number: int
    rest: str


def begins_with_short(text: str) -> Short | None:
    """Return the id that a text begins with, or None."""
    found = _SHORT.match(text)
    if found is None:
        return None
    return Short((found["code"] or "").upper(), int(found["number"]), text[found.end() :].strip())


def named(ctx: Context, text: str, among: Collection[Status] = (Status.ACTIVE, Status.CLOSED)) -> tuple[Alert, str]:
    """Return the alert that a text begins with, by its short id or number, and the rest of the text.

    Without an id it is the only open one. Raises `Refusal` when it is unknown, of another neighbourhood, or unclear.
    """
    found = begins_with_short(text)
    if found is not None:
        code = found.code or ctx.here.code
        if code == ctx.here.code:
            alert = ctx.records.first(Alert, neighbourhood=ctx.here.id, number=found.number)
            if alert is not None and alert.status in among:
                return alert, found.rest
            if found.code or not found.rest or text.lstrip().startswith("0"):
                # A number that is followed by words may be one of them: "einde 2 mannen zijn weggereden".
                raise Refusal(Text("refused.unknown", id=f"{code}-{found.number:04d}"))
        elif ctx.neighbourhood_by(code) is not None:
            return _from_elsewhere(ctx, code, found.number, among), found.rest
        else:
            raise Refusal(Text("refused.unknown", id=f"{code}-{found.number:04d}"))
    candidates = open_alerts(ctx)
    if len(candidates) == 1:
        return candidates[0], text.strip()
    if not candidates:
        raise Refusal(Text("refused.none_open"))
    raise Refusal(Text("refused.which", shorts=", ".join(one.short for one in candidates)))


def _from_elsewhere(ctx: Context, code: str, number: int, among: Collection[Status]) -> Alert:
    """Return an alert of another neighbourhood, when it was relayed to this person. Raises `Refusal` otherwise."""
    other = ctx.neighbourhood_by(code)
    alert = ctx.records.first(Alert, neighbourhood=other.id, number=number) if other is not None else None
    if alert is not None and alert.status in among and alert.id in ctx.shown(ctx.person, alert.reported_at):
        return alert
    raise Refusal(Text("refused.elsewhere", id=f"{code}-{number:04d}", name=ctx.here.name))


def shown_lately(ctx: Context, person: Person) -> list[Alert]:
    """Return the alerts this person was shown that are open, or ended less than a day ago, the newest first (R11)."""
    shown = ctx.shown(person, ctx.now - _STILL_OPEN)
    if not shown:
        return []
    found = ctx.records.find(Alert, Alert.__table__.c.id.in_(shown))
    current = [one for one in found if one.closed_at is None or ctx.now - one.closed_at < AFTERMATH]
    return sorted(current, key=lambda one: shown.index(RecordId(one.id)))
