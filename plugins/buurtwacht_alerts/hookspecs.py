"""What alerts tell other plugins: each listener hears it in a transaction of its own, after the alert's."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, tells


@tells
def alert_opened(ctx: Context, alert: int, short: str, facts: Mapping[str, object]) -> None:
    """An alert went out. `facts` is all of it, plate and reporter's id too: category, severity, place, street,

    point ([latitude, longitude] or None),
    behaviour, description, direction, vehicle, plate, called_112, called_at, reported_at (ISO 8601), reporter.
    """


@tells
def alert_updated(ctx: Context, alert: int, short: str, what: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert changed. `what` is called_112, addition or reopened; `text` what was added, as members read it."""


@tells
def alert_closed(ctx: Context, alert: int, short: str, outcome: str, text: str, facts: Mapping[str, object]) -> None:
    """An alert ended: all_clear, false_alarm, retracted or expired, with the words of whoever closed it."""
