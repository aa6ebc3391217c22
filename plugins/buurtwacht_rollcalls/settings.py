"""What a neighbourhood may want otherwise about roll calls: how long they are open, and how fast a ladder climbs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RollCallSettings(BaseModel):
    """`[plugins.rollcalls]`, and `settings.rollcalls` of a neighbourhood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: how many minutes a roll call is open when its sentence does not say (R28)
    window_minutes: int = Field(default=120, ge=5, le=2880)
    #: how many minutes a key holder has before the next one is asked (R31)
    ladder_minutes: int = Field(default=10, ge=1, le=120)
    #: how many minutes the daily circle waits for an answer
    circle_minutes: int = Field(default=15, ge=5, le=240)
