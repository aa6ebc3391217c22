"""One event in the middle of being understood, and the plan that comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.records.database import Unit
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.officials import Official
from buurtwacht.records.people import Caller
from buurtwacht.vocabulary.events import Inbound, Said
from buurtwacht.vocabulary.messages import Location

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run for an event: whose handler, with which context. `presses`: a report or a call for help.
    `waits`: nothing is; it is put aside until its plugin is paused no more.
    """

    plugin: str
    what: str
    run: Callable[[], None]
    presses: bool = False
    context: Context | None = None
    waits: bool = False


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
    #: the offices of somebody who is a member nowhere; a member's are not looked up here
    offices: tuple[Official, ...] = ()

    @property
    def is_member(self) -> bool:
        """Whether the one who speaks is an active member of some neighbourhood."""
        return self.caller.person is not None and bool(self.caller.person.active)

    @property
    def is_official(self) -> bool:
        """Whether he is a verified official without being a member."""
        return any(one.verified for one in self.offices)

    def with_said(self, said: Said, text: str, where: Neighbourhood | None) -> Scene:
        """Return the scene of what was said, in the neighbourhood that it is about."""
        media = said.media is not None
        return replace(self, neighbourhood=where, source=said.message, text=text, location=said.location, media=media)

    @property
    def has_left(self) -> bool:
        """Whether he was a member and is one no more, anywhere, nor an official."""
        person = self.caller.person
        return person is not None and bool(person.memberships) and not person.active and not self.is_official


def context_of(core: Core, scene: Scene, plugin: str, neighbourhood_id: int | None = None) -> Context:
    """Return the context in which a plugin takes this event, in the neighbourhood of what it is about."""
    where = scene.neighbourhood
    if neighbourhood_id is not None and (where is None or where.id != neighbourhood_id):
        where = core.neighbourhoods.get(neighbourhood_id)
    return Context(
        core,
        plugin,
        scene.unit,
        neighbourhood=where,
        caller=scene.caller,
        source=scene.source,
        group=scene.inbound.group,
        location=scene.location,
        shown_name=scene.inbound.name,
        has_file=scene.media,
        now=scene.now,
    )


def nothing(why: str) -> Plan:
    """Return the plan of an event that leads to nothing."""
    return Plan("core", why, lambda: None)
