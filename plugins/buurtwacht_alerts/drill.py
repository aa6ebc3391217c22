"""Drills, and what people answered below them, as they are kept (R26). A drill is never an alert."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buurtwacht import Context, MessageId, NeighbourhoodId, PersonId, Record, Thread
from buurtwacht_alerts.alert import Value, begins_with_short, open_alerts


class DrillState(StrEnum):
    """Where a drill stands in its life."""

    #: whoever wants to hold it reads its preview
    PREVIEW = "preview"
    PLANNED = "planned"
    RUNNING = "running"
    #: a real report ended it
    STOPPED = "stopped"
    ENDED = "ended"
    #: it never began
    CANCELLED = "cancelled"


class Drill(Record, plugin="alerts", unique=(("neighbourhood", "number"),), index=(("neighbourhood", "state"),)):
    """One drill, from its preview to its report; nothing of it is kept for longer than seven days after its end.

    It is numbered among the alerts when it begins. `starts_at` is None while it is to begin as soon as that is
    confirmed. `told` are the messages about it that are not in its thread: what only some were shown, such as previews.
    """

    neighbourhood: NeighbourhoodId
    number: int | None = None
    short: str = ""
    state: DrillState = DrillState.PREVIEW
    #: what is practised, in the words of its planner
    words: str
    planned_by: PersonId | None
    starts_at: datetime | None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    message: MessageId | None = None
    #: it was posted in the bound groups as well
    in_groups: bool = False
    told: list[int]
    #: what came of it (`drill_report.Result`), once it has ended
    result: dict[str, object] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it goes on now."""
        return self.state is DrillState.RUNNING

    def tell(self, *messages: MessageId) -> None:
        """Remember messages outside its thread, so that they are forgotten with it."""
        self.told = [*self.told, *messages]


class DrillAnswer(Record, plugin="alerts", unique=(("drill", "person"),)):
    """What somebody answered below a drill: the last word counts, the time is that of the first."""

    drill: int
    person: PersonId
    value: Value
    #: the account of the messenger on which he answered first
    account: str
    #: seconds between the moment it left for him and his first answer
    seconds: int


def drill_of(ctx: Context, ident: int | Thread | None) -> Drill:
    """Return the drill of a handler's own question or timer. Raises `LookupError` when it is gone."""
    drill = ctx.records.get(Drill, ident)
    if drill is None:
        raise LookupError(f"drill {ident} is gone")
    return drill


def running(ctx: Context) -> Drill | None:
    """Return the drill that goes on here now."""
    return ctx.records.first(Drill, neighbourhood=ctx.here.id, state=DrillState.RUNNING)


def planned(ctx: Context) -> list[Drill]:
    """Return the drills that are to begin here, the next one first."""
    waiting = ctx.records.find(Drill, neighbourhood=ctx.here.id, state=DrillState.PLANNED)
    return sorted(waiting, key=lambda one: one.starts_at or ctx.now)


def drill_named(ctx: Context, text: str) -> tuple[Drill, str] | None:
    """Return the drill whose id a text begins with, and the rest of the text; None when it names none.

    A number alone is an id only while no alert is open.
    """
    found = begins_with_short(text)
    if found is None or found.code not in ("", ctx.here.code):
        return None
    if not found.code and open_alerts(ctx):
        return None  # "aanvulling 2 mannen": what may be meant for an alert is
    drill = ctx.records.first(Drill, neighbourhood=ctx.here.id, number=found.number)
    return (drill, found.rest) if drill is not None else None
