"""What goes beside the package when somebody is asked: photos for officials, and the question to the reporter."""

from __future__ import annotations

from collections.abc import Collection

from buurtwacht import Context
from buurtwacht_escalation import contact, photos
from buurtwacht_escalation.records import Asked, Escalation, Incident
from buurtwacht_escalation.sharing import offices


def begin(ctx: Context, escalation: Escalation, incident: Incident, asked: Collection[Asked]) -> None:
    """Officials among those who were asked just now can have photos and, with consent, the reporter's number."""
    photos.offer(ctx, escalation, incident, list(offices(ctx, asked)))
    contact.consider(ctx, escalation, incident, asked)
