"""The settings of the plugin: the table [plugins.nl_alert]."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The table [plugins.nl_alert] of plugins.toml. Every key has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: where the feed is; https, or http on loopback. One for the whole installation
    url: str = Field(
        default="https://api.public-warning.app/api/v1/providers/nl-alert/alerts",
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])",
        json_schema_extra={"everywhere": True},
    )
    #: who hears of it: those who asked to (meedoen nl_alert), or all members
    who: Literal["opted_in", "members"] = "opted_in"
    #: a street so many metres outside the area still counts as within
    metres: int = Field(default=500, ge=0, le=10_000)
