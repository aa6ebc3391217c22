"""What a town or a neighbourhood may want otherwise about its members: [plugins.members]."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Every key has a default that holds for most neighbourhoods."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: members are at least so old (domain §1.2: 18, in some towns 21)
    age: int = Field(default=18, ge=16, le=99)
    #: kept with each consent; raise it when the house rules change
    rules_version: str = Field(default="1", min_length=1, max_length=12)
    #: rules of this neighbourhood, beside the usual ones; a line each
    own_rules: tuple[str, ...] = ()
    #: how long a request waits for a co-ordinator; what is kept of a stranger goes after seven days anyway
    request_days: int = Field(default=7, ge=1, le=7)
    #: how long a personal invitation can be used
    invitation_days: int = Field(default=7, ge=1, le=30)
    #: how long a link to one's own second messenger can be used
    link_minutes: int = Field(default=30, ge=5, le=1440)

    @property
    def request_open(self) -> timedelta:
        """How long a request waits."""
        return timedelta(days=self.request_days)
