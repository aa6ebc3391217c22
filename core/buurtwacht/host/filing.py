"""Filing: the files of a handler, those that it makes and those that came in, kept encrypted and for a while."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update

from buurtwacht.records.schema import media
from buurtwacht.vocabulary.ids import PersonId, new_id
from buurtwacht.vocabulary.messages import Attachment

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit


class Filing:
    """The part of a context that keeps files."""

    plugin: str
    now: datetime
    _core: Core
    _unit: Unit

    def keep(
        self,
        content: bytes,
        name: str,
        mime: str,
        *,
        until: datetime,
        kind: str = "document",
        about: PersonId | None = None,
    ) -> Attachment:
        """Keep a file, encrypted, until a moment; the result goes into a `Message`. It goes when `about` is erased."""
        ident = new_id()
        row = {
            "id": ident,
            "plugin": self.plugin,
            "mime": mime,
            "name": name,
            "kind": kind,
            "content": self._core.keyring.seal(content),
            "person_id": about,
            "created_at": self.now,
            "expires_at": until,
        }
        self._unit.write(insert(media), row)
        return Attachment(ident, name, mime, kind)

    def extend_media(self, ident: int, until: datetime) -> None:
        """Keep a file that came in until another moment than 72 hours after it came; if that is now, not at all."""
        if until <= self.now:
            self._unit.write(delete(media).where(media.c.id == ident))
            return
        self._unit.write(update(media).where(media.c.id == ident).values(expires_at=until, plugin=self.plugin))
