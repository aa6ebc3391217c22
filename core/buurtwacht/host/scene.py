"""One event in the middle of being understood, and the plan that comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from buurtwacht.host.context import Context
from buurtwacht.records.database import Unit
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import Caller
from buurtwacht.vocabulary.channels import Inbound
from buurtwacht.vocabulary.messages import Location


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run for an event: whose handler, with which context. `presses`: a report or a call for help."""

    plugin: str
    what: str
    run: Callable[[], None]
    presses: bool = False
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Who said what, where; `source` is the messenger's id of the message."""

    unit: Unit
    now: datetime
    caller: Caller
    inbound: Inbound
    neighbourhood: Neighbourhood | None
    source: str = ""
    text: str = ""
    location: Location | None = None
    #: whether a picture or a file comes with it
    media: bool = False

    @property
    def is_member(self) -> bool:
        """Whether the one who speaks is an active member of some neighbourhood."""
        return self.caller.person is not None and bool(self.caller.person.active)

    @property
    def has_left(self) -> bool:
        """Whether he was a member and is one no more, anywhere. An official need not have been one."""
        person = self.caller.person
        return person is not None and bool(person.memberships) and not person.active
