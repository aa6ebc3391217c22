"""Links to one kept file that work once and for a while: a row for each, found by the hash of a token that is not kept.

The token stands in the message it was made for, and nowhere else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from buurtwacht.records.database import Unit
from buurtwacht.records.schema import media, media_link
from buurtwacht.vocabulary.ids import new_id

#: What stands before the token in the path, behind the first part of all private links.
STEP = "once"
#: Bytes of a token; nobody guesses these.
_RANDOM = 24

_insert = insert(media_link)


@dataclass(frozen=True, slots=True)
class MediaLink:
    """A link that works still, and the file behind it. 0: made in no neighbourhood, for nobody in particular."""

    id: int
    plugin: str
    media: int
    neighbourhood_id: int
    person_id: int
    name: str
    mime: str
    kind: str


def make(
    unit: Unit, plugin: str, media_id: int, until: datetime, now: datetime, *, neighbourhood_id: int, person_id: int
) -> str:
    """Return the token of a new link, which is written down with the unit's commit."""
    token = secrets.token_urlsafe(_RANDOM)
    row = {
        "id": new_id(),
        "lookup": _hash(token),
        "plugin": plugin,
        "media_id": media_id,
        "neighbourhood_id": neighbourhood_id,
        "person_id": person_id,
        "created_at": now,
        "expires_at": until,
    }
    unit.write(_insert, row)
    return token


def find(unit: Unit, token: str, now: datetime) -> MediaLink | None:
    """Return the link of a token; None when it was used, is too old, or leads to a file that is gone."""
    row = unit.read(
        select(media_link, media.c.name, media.c.mime, media.c.kind)
        .join(media, media.c.id == media_link.c.media_id)
        .where(media_link.c.lookup == _hash(token), _alive(now), media.c.expires_at > now)
    ).first()
    if row is None:
        return None
    return MediaLink(
        row.id, row.plugin, row.media_id, row.neighbourhood_id, row.person_id, row.name, row.mime, row.kind
    )


def use(unit: Unit, link: MediaLink, now: datetime) -> None:
    """Have a link used up by the unit's commit, which raises `Replay` when somebody else was first."""
    mine = update(media_link).where(media_link.c.id == link.id, _alive(now))
    unit.write(mine.values(used_at=now), expect=1)


def revoke(unit: Unit, person_id: int) -> None:
    """Have no link that was made for somebody work any more, from the unit's commit on."""
    unit.write(delete(media_link).where(media_link.c.person_id == person_id))


def is_kept(unit: Unit, media_id: int, now: datetime) -> bool:
    """Return whether a file is kept, also when this very unit is about to keep it."""
    found = unit.read(select(media.c.id).where(media.c.id == media_id, media.c.expires_at > now)).first()
    return found is not None or any(
        values.get("id") == media_id
        for write in unit.writes
        for values in write.rows or ()
        if getattr(write.statement, "table", None) is media
    )


def _alive(now: datetime) -> ColumnElement[bool]:
    return and_(media_link.c.used_at.is_(None), media_link.c.expires_at > now)


def _hash(token: str) -> str:
    # Of so many random bits a plain hash tells nothing.
    return hashlib.sha256(token.encode()).hexdigest()
