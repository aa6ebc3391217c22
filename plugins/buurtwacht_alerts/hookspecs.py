"""What alerts tell other plugins: each listener hears it in a transaction of its own, after the alert's."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, NeighbourhoodId, OfficialKind, PersonId, tells


@tells
def danger_reported(ctx: Context, person: PersonId, words: str) -> None:
    """Somebody reported something critical, in these words: whatever becomes of it, he has said that it is not well."""


@tells(begins=True)
def alert_opened(ctx: Context, alert: int, short: str, facts: Mapping[str, object]) -> None:
    """An alert went out. `facts` is all of it, plate and reporter's id too: category, severity, place, street,

    point ([latitude, longitude] or None), behaviour, description, direction (the newest), vehicle, plate, plates
    (all that were named, in what was added too), called_112, called_at, happened_at, reported_at, last_seen_at, expires
    (ISO 8601), reporter; witnesses (how many people told something of it, its reporters too), media (ids of the photos
    that are kept), neighbours (how many were shown it by now; 0 as it goes out).
    """


@tells
def alert_updated(ctx: Context, alert: int, short: str, what: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert changed. `what` is called_112, addition, direction, photo, severity or reopened.

    `text` is what was added, as members read it. A direction is told when somebody names it, before members read it in
    an addition; a photo when it is kept, whoever may see it: its id is in `media`. A severity is only ever raised;
    `text` is the reason.
    """


@tells
def alert_answered(ctx: Context, alert: int, short: str, at: str) -> None:
    """Somebody who did not report it answered to an alert, in any way: the first of all, at a moment (ISO 8601)."""


@tells
def alert_closed(ctx: Context, alert: int, short: str, outcome: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert ended: all_clear, false_alarm, retracted or expired, with the words of whoever closed it."""


@tells
def removal_decided(
    ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId, by: PersonId, alarms: int, days: int
) -> None:
    """An admin, `by`, decided that a membership ends, after so many false alarms within so many days (R25).

    Who keeps memberships ends this one, and tells the person what, why and that `bezwaar` / `objection` objects.
    """


@tells
def removal_undone(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId, by: PersonId) -> None:
    """An admin took back the decision to end a membership: the person may come back, and is told so."""


@tells
def official_acknowledged(ctx: Context, alert: int, short: str, kind: OfficialKind, at: str) -> None:
    """An official of this kind confirmed that he has an alert, at a moment (ISO 8601, with an offset)."""
