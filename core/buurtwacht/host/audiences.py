"""Where `ctx.audience` begins: descriptions of for whom a broadcast is."""

from __future__ import annotations

from collections.abc import Iterable

from buurtwacht.records.audience import Audience
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.record import Record
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import Thread
from buurtwacht.vocabulary.roles import Role


class Audiences:
    """For whom a plugin may speak in a neighbourhood."""

    def __init__(self, plugin: str, neighbourhood: Neighbourhood | None) -> None:
        self._plugin = plugin
        self._here = (neighbourhood.id,) if neighbourhood else ()

    def members(self, *roles: Role) -> Audience:
        """All active members of this neighbourhood, or those with one of the roles."""
        return Audience(self._here, roles=tuple(roles))

    def members_of(self, *neighbourhoods: int) -> Audience:
        """All active members of these neighbourhoods; who is in several gets one copy."""
        return Audience(tuple(neighbourhoods))

    def opted_in(self) -> Audience:
        """The members of this neighbourhood who asked to hear from this plugin."""
        return Audience(self._here, opted_in=self._plugin)

    def reached_by(self, about: Thread | Record | int) -> Audience:
        """Everybody who was shown something about a record (or its id), wherever he is a member now."""
        if isinstance(about, Thread):
            return Audience(reached_by=(about.plugin, about.record))
        return Audience(reached_by=(self._plugin, about.id if isinstance(about, Record) else about))

    def people(self, people: Iterable[PersonId]) -> Audience:
        """Exactly these people."""
        return Audience(people=tuple(people))
