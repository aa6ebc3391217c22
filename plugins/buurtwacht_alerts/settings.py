"""What a neighbourhood may want otherwise about alerts: photos, plates, and who is woken at night."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

#: Domain §2.6: a photo is deleted after this, unless an official asked for it.
PHOTOS_KEPT = timedelta(hours=72)


class PhotoPolicy(StrEnum):
    """What becomes of a photo that comes with a report."""

    #: photos are not kept at all
    OFF = "off"
    #: kept for 72 hours, shown to nobody
    OFFICIALS_ONLY = "officials_only"
    #: the co-ordinators see it and decide
    MODERATED = "moderated"
    #: shown to those who were shown the alert
    MEMBERS = "members"


class PlatePolicy(StrEnum):
    """What members see of a licence plate; co-ordinators always see it whole (R5)."""

    OFFICIALS_ONLY = "officials_only"
    PARTIAL = "partial"
    MEMBERS = "members"


class Night(StrEnum):
    """Who is shown an urgent alert during his quiet hours; a critical one goes to everybody at once."""

    #: who lives within 300 metres of the place, or nobody knows how far
    NEAR = "near"
    EVERYBODY = "everybody"


class AlertSettings(BaseModel):
    """`[plugins.alerts]`, and `settings.alerts` of a neighbourhood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    photos: PhotoPolicy = PhotoPolicy.OFFICIALS_ONLY
    plates: PlatePolicy = PlatePolicy.OFFICIALS_ONLY
    night: Night = Night.NEAR
