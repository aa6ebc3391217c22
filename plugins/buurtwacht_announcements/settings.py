"""What a neighbourhood may want otherwise about announcements: who writes, straight or not, how long one holds."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from buurtwacht import OfficialKind


class AnnouncementSettings(BaseModel):
    """`[plugins.announcements]`, and `settings.announcements` of a neighbourhood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: the kinds of officials that may write announcements
    senders: list[OfficialKind] = list(OfficialKind)
    #: the kinds of officials whose announcements go straight to the members, past the representative
    direct: list[OfficialKind] = []
    #: how many days an announcement holds when its text does not say (R49)
    valid_days: int = Field(default=7, ge=1, le=90)
    #: where people ask about announcements of the municipality: "telefoon 14 0165"; empty: the municipality itself
    contact: str = Field(default="", max_length=100)
    #: how many minutes a representative has before the deputy is asked too (domain §2.10)
    deputy_minutes: int = Field(default=30, ge=5, le=1440)
    #: after how many hours the sender gets the report if not all have decided by then, and the outcome of a poll
    report_hours: int = Field(default=24, ge=1, le=168)
