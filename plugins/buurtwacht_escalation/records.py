"""What escalation keeps: duties, a copy of the alerts, the escalations, who was asked, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from buurtwacht import Context, NeighbourhoodId, PersonId, Record, Severity


class State(StrEnum):
    """Where an escalation stands (domain §2.9)."""

    #: a human has yet to decide: whether it goes out at all (R43), or what to do with somebody who has no duty
    REQUESTED = "requested"
    #: until somebody's duty begins
    WAITING = "waiting"
    #: somebody was asked and has not answered yet
    ASKING = "asking"
    CONFIRMED = "confirmed"
    #: who confirmed said that he takes it
    TAKEN = "taken"
    #: a co-ordinator said no
    DECLINED = "declined"
    #: everybody on the ladder was asked, and nobody confirmed (R44)
    UNCONFIRMED = "unconfirmed"
    #: the alert was a false alarm or taken back, or a co-ordinator stepped down
    CANCELLED = "cancelled"
    #: the alert ended, or what was asked is done
    CLOSED = "closed"
    #: nobody was asked: it is only on record
    LOGGED = "logged"


#: States in which something is still to happen.
RUNNING = frozenset({State.REQUESTED, State.WAITING, State.ASKING, State.CONFIRMED, State.TAKEN})
#: States in which an official has it.
HELD = frozenset({State.CONFIRMED, State.TAKEN})


class Reply(StrEnum):
    """How it stands with one person who was asked."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    TAKEN = "taken"
    DECLINED = "declined"
    #: the escalation ended before he was shown the question
    WITHDRAWN = "withdrawn"
    UNDELIVERED = "undelivered"


_WAS_ASKED = frozenset({Reply.ASKED, Reply.CONFIRMED, Reply.TAKEN, Reply.DECLINED})


class Duty(Record, plugin="escalation", unique=(("person",),)):
    """When an official works, in local wall time: "mo-fr 08:00-17:00, sa 10:00-14:00"; empty: always."""

    person: PersonId
    hours: str = ""
    #: the least severity that may wake him outside them; None: nothing but what is critical
    off_duty: Severity | None = None
    leave_until: datetime | None = None


class Incident(Record, plugin="escalation", unique=(("alert",),), index=(("neighbourhood", "short"),)):
    """An alert as this plugin heard of it: its facts are those of the tells of alerts; its reporter goes with him."""

    alert: int
    short: str
    neighbourhood: NeighbourhoodId
    facts: dict[str, object]
    opened_at: datetime
    #: whether any member answered under it, or any official confirmed
    answered: bool = False
    #: None: it is open
    closed_at: datetime | None = None
    #: all_clear, false_alarm, retracted or expired, and the words of whoever closed it
    outcome: str = ""
    outcome_text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the alert has not ended."""
        return self.closed_at is None

    @property
    def severity(self) -> Severity:
        """The severity of the alert."""
        return Severity(str(self.facts.get("severity", Severity.URGENT)))

    @property
    def reporter(self) -> PersonId | None:
        """Who reported it; None once erased."""
        found = self.facts.get("reporter")
        return PersonId(found) if isinstance(found, int) else None

    @property
    def was_nothing(self) -> bool:
        """Whether it ended as a false alarm or was taken back."""
        return self.outcome in ("false_alarm", "retracted")


class Escalation(
    Record,
    plugin="escalation",
    unique=(("running",),),
    index=(("incident",), ("neighbourhood", "state")),
):
    """One walk up a ladder for an alert. Every answer changes it: of two at one moment the later runs again."""

    #: the id of the `Incident`
    incident: int
    alert: int
    short: str
    neighbourhood: NeighbourhoodId
    #: whom it is for: empty (the whole ladder), a kind ("police"), "ladder:<name>" or "person:<id>"
    target: str
    #: the words of whoever asked for it
    reason: str
    #: what the official is asked for: info, contact or visit (domain §2.9)
    question: str
    severity: Severity
    state: State
    #: the steps as they were when it was opened: dumps of `settings.Step`
    ladder: list[dict[str, object]]
    opened_at: datetime
    #: None: a rule opened it, or he was erased
    requested_by: PersonId | None
    #: the co-ordinator whose yes it has; his own request is his yes
    approved_by: PersonId | None = None
    #: how many steps were begun
    step: int = 0
    #: rises when the severity does: everybody is asked anew
    generation: int = 0
    #: rises whenever what happens next changes; a timer of an earlier turn does nothing
    turn: int = 0
    #: how many of those asked in this step have confirmed, and how many of them must
    confirmations: int = 0
    needed: int = 1
    step_at: datetime | None = None
    #: reminders sent in this step
    repeats: int = 0
    confirmed_by: PersonId | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    #: how often who has it was asked whether it is done
    follow_ups: int = 0
    #: how often somebody answered
    answers: int = 0
    #: when something happens by itself; None: never again
    next_at: datetime | None = None
    #: alert and target while it runs, None afterwards: the same escalation never runs twice at once
    running: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is still to happen."""
        return self.state in RUNNING


class Asked(
    Record,
    plugin="escalation",
    unique=(("escalation", "generation", "person"),),
    index=(("person",),),
):
    """One person who was asked in one walk up the ladder, and what he answered."""

    escalation: int
    generation: int
    step: int
    person: PersonId
    #: as what he was asked: a kind of official or a role
    role: str
    at: datetime
    #: the message with his question; 0 until it is queued
    message: int = 0
    state: Reply = Reply.ASKED
    #: his first answer, in words of his own if he gave some
    answered_at: datetime | None = None
    words: str = ""


class Statement(Record, plugin="escalation", index=(("incident",), ("person",))):
    """What an official said about an alert in his own words; members read it only after he shared it (R45)."""

    escalation: int
    incident: int
    person: PersonId
    text: str
    shared_at: datetime | None = None


class Event(Record, plugin="escalation", index=(("escalation",),)):
    """One line of an escalation's log, with its moment in `created`."""

    escalation: int
    what: str
    # buurtwacht: allow person-overlooked erased; what he was asked and answered is exported from Asked
    person: PersonId | None = None
    step: int = 0
    #: why, as a key: leave, off_duty, nobody, requester, asked, unreachable …; or a role or kind
    detail: str = ""


def get(ctx: Context, ident: int) -> Escalation | None:
    """Return an escalation by id, with the handler's own neighbourhood unchanged."""
    return ctx.records.get(Escalation, ident)


def incident_of(ctx: Context, escalation: Escalation) -> Incident:
    """Return what an escalation is about. Raises `LookupError` when it is gone."""
    found = ctx.records.get(Incident, escalation.incident)
    if found is None:
        raise LookupError(f"the incident of escalation {escalation.id} is gone")
    return found


def asked_in(ctx: Context, escalation: Escalation, *, ever: bool = False) -> list[Asked]:
    """Return who was asked in the present walk up the ladder, or `ever`, the first first."""
    found = ctx.records.find(Asked, escalation=escalation.id)
    return [one for one in found if ever or one.generation == escalation.generation]


def running_of(ctx: Context, incident: Incident) -> list[Escalation]:
    """Return the escalations of an alert in which something is still to happen."""
    return [one for one in ctx.records.find(Escalation, incident=incident.id) if one.is_running]


def asked_elsewhere(ctx: Context, escalation: Escalation) -> set[PersonId]:
    """Return who was asked about the same alert in another escalation that runs: nobody is asked twice.

    Who could not be reached there, or was not shown it before it was taken back, was not asked.
    """
    others = [one for one in running_of(ctx, incident_of(ctx, escalation)) if one.id != escalation.id]
    return {asked.person for one in others for asked in was_asked(ctx, one)}


def was_asked(ctx: Context, escalation: Escalation) -> list[Asked]:
    """Return who was asked in the present walk, and was or may have been shown it."""
    return [one for one in asked_in(ctx, escalation) if one.state in _WAS_ASKED]


def log(
    ctx: Context,
    escalation: Escalation,
    what: str,
    *,
    person: PersonId | None = None,
    detail: str = "",
    audit: Mapping[str, object] | None = None,
) -> None:
    """Write a line in the escalation's log; with `audit`, one in the audit log too."""
    ctx.records.add(Event(escalation=escalation.id, what=what, person=person, step=escalation.step, detail=detail))
    if audit is not None:
        ctx.note(f"escalation_{what}", escalation.short, **audit)
