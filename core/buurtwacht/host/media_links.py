"""What a link that works once leads to: a page first, then the file, for as long as the plugin that made it works."""

from __future__ import annotations

from buurtwacht.host.core import Core
from buurtwacht.host.declarations import FeedFile
from buurtwacht.records import audit, media_links
from buurtwacht.records.database import Unit
from buurtwacht.records.fetching import content_of
from buurtwacht.records.media_links import MediaLink
from buurtwacht.vocabulary.errors import Replay


def offered(core: Core, token: str) -> str | None:
    """Return the kind of file a link leads to, without using it up; None when it leads nowhere.

    Raises `StoreUnavailable`.
    """
    unit = core.database.unit()
    try:
        link = _find(core, unit, token)
        return link.kind if link is not None else None
    finally:
        unit.close()


def taken(core: Core, token: str) -> FeedFile | None:
    """Return the file and use the link up, in one transaction of its own; None when it leads nowhere any more.

    The file is decrypted only after that: of two that come at once, one gets it. Raises `StoreUnavailable`.
    """
    unit = core.database.unit()
    now = core.clock.now()
    try:
        link = _find(core, unit, token)
        if link is None:
            return None
        media_links.use(unit, link, now)
        actor = f"person:{link.person_id}" if link.person_id else "system"
        audit.note(unit, now, actor, "media_opened", f"media:{link.media}", {"plugin": link.plugin})
        unit.commit()
        return FeedFile(content_of(core.database, core.keyring, link.media), link.mime, link.name)
    except (Replay, LookupError):
        return None  # somebody else was first, or the file went at this very moment
    finally:
        unit.close()


def _find(core: Core, unit: Unit, token: str) -> MediaLink | None:
    link = media_links.find(unit, token, core.clock.now())
    if link is None or link.plugin not in core.plugins:
        return None
    try:
        where = core.neighbourhoods.get(link.neighbourhood_id) if link.neighbourhood_id else None
    except KeyError:
        return None
    return link if core.is_on(link.plugin, where) else None
