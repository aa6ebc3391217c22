"""What goes beside the package when somebody is asked: the photos, for officials."""

from __future__ import annotations

from collections.abc import Collection

from buurtwacht import Context
from buurtwacht_escalation import photos
from buurtwacht_escalation.records import Asked, Escalation, Incident
from buurtwacht_escalation.sharing import offices


def begin(ctx: Context, escalation: Escalation, incident: Incident, asked: Collection[Asked]) -> None:
    """Officials among those who were asked just now can have the photos that are kept."""
    photos.offer(ctx, escalation, incident, list(offices(ctx, asked)))
