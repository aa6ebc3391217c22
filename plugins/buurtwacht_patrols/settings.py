"""What a neighbourhood may want otherwise about patrols: [plugins.patrols]."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Every key has a default that holds for most neighbourhoods."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: walkers of a shift when the sentence names no number; nobody walks alone (domain §2.8)
    walkers: int = Field(default=2, ge=2, le=8)
    #: minutes of a shift when the sentence names none
    minutes: int = Field(default=60, ge=15, le=480)
    #: how many days walkers have to answer when they can (R35)
    answer_days: int = Field(default=3, ge=2, le=21)
    #: hours between the end of somebody's shift and his next one
    rest_hours: int = Field(default=24, ge=0, le=168)

    @property
    def rest(self) -> timedelta:
        """The rest between two shifts of one walker."""
        return timedelta(hours=self.rest_hours)
