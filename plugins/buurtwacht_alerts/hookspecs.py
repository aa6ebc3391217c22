"""What alerts tell other plugins: each listener hears it in a transaction of its own, after the alert's."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, NeighbourhoodId, OfficialKind, PersonId, tells


@tells
def danger_reported(ctx: Context, person: PersonId, words: str) -> None:
    """Somebody reported something critical: whatever becomes of it, he has said that it is not well.

    Told: with the report, before anything was decided about it.
    person: who reported it.
    words: what he typed, at most 600 signs.
    """


@tells(begins=True)
def pet_reported(ctx: Context, person: PersonId, words: str, street: str, message: str) -> None:
    """Somebody reported a lost pet, and nothing beside it: no alert is made of that. Whoever listens answers him; where
    nobody does, he reads that it goes to nobody.

    Told: with the report, in place of an alert, where a plugin that listens is on and not paused.
    person: who reported it; he was told nothing yet.
    words: what he typed, as neighbours may read it (no names, numbers, house numbers), at most 600 signs.
    street: the street that he named, else his own; empty when neither is known.
    message: the message in which he typed it: a photo that came with it is told by `media_arrived` with the same.
    """


@tells(begins=True)
def alert_opened(ctx: Context, alert: int, short: str, facts: Mapping[str, object]) -> None:
    """An alert went out.

    Told: in the commit that sends it to the neighbours.
    alert: the id of its record.
    short: its short id, such as TB-0001.
    facts: all of it, plate and reporter's id too: category, severity, place, street, point ([latitude, longitude] or
        None), behaviour, description, direction (the newest), vehicle, plate, plates (all that were named, in what was
        added too), called_112, called_at, happened_at, reported_at, last_seen_at, expires (ISO 8601), reporter;
        witnesses (how many people told something of it, its reporters too), media (ids of the photos that are kept),
        neighbours (how many were shown it by now; 0 as it goes out).
    """


@tells
def alert_updated(ctx: Context, alert: int, short: str, what: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert changed. A direction is told when somebody names it, before members read it in an addition; a photo when
    it is kept, whoever may see it: its id is in `media`. A severity is only ever raised.

    Told: with each such change, while the alert is open or as it is opened again.
    alert: the id of its record.
    short: its short id.
    what: called_112, addition, direction, photo, severity or reopened.
    text: what was added, as members read it; the reason of a severity.
    facts: all of it, as in `alert_opened`.
    """


@tells
def alert_answered(ctx: Context, alert: int, short: str, at: str) -> None:
    """Somebody who did not report it answered to an alert, in any way.

    Told: for the first of all answers.
    alert: the id of its record.
    short: its short id.
    at: the moment (ISO 8601).
    """


@tells
def alert_closed(ctx: Context, alert: int, short: str, outcome: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert ended.

    Told: in the commit that tells those who were alarmed.
    alert: the id of its record.
    short: its short id.
    outcome: all_clear, false_alarm, retracted or expired.
    text: the words of whoever closed it.
    facts: all of it, as in `alert_opened`.
    """


@tells
def removal_decided(
    ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId, by: PersonId, alarms: int, days: int
) -> None:
    """An admin decided that a membership ends, after so many false alarms within so many days (R25). Who keeps
    memberships ends this one, and tells the person what, why and that `bezwaar` / `objection` objects.

    Told: with that decision.
    person: whose membership ends.
    neighbourhood: where.
    by: the admin.
    alarms: how many false alarms there were.
    days: within how many days.
    """


@tells
def removal_undone(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId, by: PersonId) -> None:
    """An admin took back the decision to end a membership: the person may come back, and is told so.

    Told: with that decision.
    person: whose membership had ended.
    neighbourhood: where.
    by: the admin.
    """


@tells(by=("escalation",))
def official_acknowledged(ctx: Context, alert: int, short: str, kind: OfficialKind, at: str) -> None:
    """An official confirmed that he has an alert.

    Told: by escalation, when he confirms it.
    alert: the id of its record.
    short: its short id.
    kind: police, controlroom, municipality, boa or mayor.
    at: the moment (ISO 8601, with an offset).
    """
