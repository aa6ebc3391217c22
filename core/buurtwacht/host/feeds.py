"""What a private link leads to: the plugin's `@feed` handler, for as long as the link, its place and its owner hold."""

from __future__ import annotations

from functools import partial
from typing import cast

from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import FeedFile, FeedHandler, FeedRequest
from buurtwacht.host.in_time import AT_ONCE, Question
from buurtwacht.records.database import Unit
from buurtwacht.records.links import Link, link_of
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import find_people
from buurtwacht.vocabulary.containment import contained
from buurtwacht.vocabulary.errors import PluginError
from buurtwacht.vocabulary.ids import PersonId


def read(core: Core, token: str, name: str) -> FeedFile | None:
    """Return what a link leads to, or None where it leads nowhere, whatever the reason.

    Raises `StoreUnavailable`, and `PluginError` when the handler failed or hangs: that is counted as its error already.
    """
    unit = core.database.unit()
    try:
        link = link_of(unit, core.keyring, token)
        found = _open(core, unit, link) if link is not None else None
    finally:
        unit.close()
    if link is None or found is None:
        return None
    what = f"feed {link.handler}"
    # Links are passed on, and calendars ask again and again: whoever has one takes nothing from the others.
    question = Question(link.plugin, what, partial(_made, core, link, name, *found), pauses=False)
    made = core.in_time.ask_one(question, AT_ONCE)
    if made is None:
        raise PluginError(link.plugin, f"{what} failed, or does not answer")
    return cast("tuple[FeedFile | None]", made)[0]


def _made(
    core: Core, link: Link, name: str, handler: FeedHandler, where: Neighbourhood | None, unit: Unit
) -> tuple[FeedFile | None]:
    """Return what the handler makes, in a tuple: nothing is an answer too."""
    person = PersonId(link.person_id) if link.person_id else None
    ctx = Context(core, link.plugin, unit, neighbourhood=where, visitor=person)
    with core.trace.called(link.plugin, f"feed {link.handler}"):
        return (contained(lambda: handler(ctx, FeedRequest(link.subject, person, name))),)


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
