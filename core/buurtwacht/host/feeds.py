"""What a private link leads to: the plugin's `@feed` handler, for as long as the link, its place and its owner hold."""

from __future__ import annotations

from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import FeedFile, FeedHandler, FeedRequest
from buurtwacht.host.health import place_of
from buurtwacht.records.database import Unit
from buurtwacht.records.links import Link, link_of
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import find_people
from buurtwacht.vocabulary.errors import PluginError, StoreUnavailable
from buurtwacht.vocabulary.ids import PersonId


def read(core: Core, token: str, name: str) -> FeedFile | None:
    """Return what a link leads to, or None where it leads nowhere, whatever the reason.

    Raises `PluginError` when the handler failed, `StoreUnavailable`.
    """
    unit = core.database.unit()
    try:
        link = link_of(unit, core.keyring, token)
        found = _open(core, unit, link) if link is not None else None
        if link is None or found is None:
            return None
        handler, where = found
        person = PersonId(link.person_id) if link.person_id else None
        ctx = Context(core, link.plugin, unit, neighbourhood=where, visitor=person)
        try:
            with core.trace.called(link.plugin, f"feed {link.handler}"):
                return handler(ctx, FeedRequest(link.subject, person, name))
        except StoreUnavailable:
            raise
        except Exception as error:
            what = f"feed {link.handler} failed: {type(error).__name__} at {place_of(error)}"
            raise PluginError(link.plugin, what) from error
    finally:
        unit.close()


def _open(core: Core, unit: Unit, link: Link) -> tuple[FeedHandler, Neighbourhood | None] | None:
    """Return who answers and where; None while the plugin does not work there, or when its owner is gone."""
    if link.plugin not in core.plugins or core.health.is_paused(link.plugin):
        return None
    handler = core.plugins.get(link.plugin).feeds.get(link.handler)
    if handler is None or (link.person_id and _gone(unit, link)):
        return None
    if not link.neighbourhood_id:
        return handler, None
    try:
        where = core.neighbourhoods.get(link.neighbourhood_id)
    except KeyError:
        return None
    return None if link.plugin in where.plugins_off else (handler, where)


def _gone(unit: Unit, link: Link) -> bool:
    """Whether its owner was erased, or left the neighbourhood. Officials never were members there, and are not gone."""
    known = find_people(unit, [link.person_id]).get(PersonId(link.person_id))
    if known is None:
        return True
    place = known.membership(link.neighbourhood_id)
    return place is not None and place.state == "left"
