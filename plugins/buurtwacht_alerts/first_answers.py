"""The first answer of anybody to an alert: told to other plugins once, so that they know it did not stay silent."""

from __future__ import annotations

from buurtwacht import Context
from buurtwacht_alerts.alert import Alert, home


def note(ctx: Context, alert: Alert) -> None:
    """Tell that the person who set this off answered an alert, when he is the first; who reported it never is.

    Two at the same moment: the alert has a version, so the later of them runs again, and finds that it was told.
    """
    if not alert.is_open or alert.answered_at is not None or ctx.person.id in alert.reporters:
        return
    alert.answered_at = ctx.now
    home(ctx, alert).tell("alert_answered", alert=alert.id, short=alert.short, at=ctx.now.isoformat())
