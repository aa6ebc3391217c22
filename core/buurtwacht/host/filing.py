"""Filing: the files of a handler, those that it makes and those that came in, kept encrypted and for a while; and the
links that lead to one of them once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update

from buurtwacht.host.permissions import Permitted
from buurtwacht.records import links, media_links
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.schema import media
from buurtwacht.vocabulary.clock import after
from buurtwacht.vocabulary.ids import PersonId, new_id
from buurtwacht.vocabulary.messages import Attachment

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit


#: How long a link to a file works unless the plugin says otherwise (domain §2.9).
LINK_LASTS = timedelta(minutes=15)


class Filing(Permitted):
    """The part of a context that keeps files."""

    plugin: str
    neighbourhood: Neighbourhood | None
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
        self._allow("store")
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
        self._allow("store")
        if until <= self.now:
            self._unit.write(delete(media).where(media.c.id == ident))
            return
        self._unit.write(update(media).where(media.c.id == ident).values(expires_at=until, plugin=self.plugin))

    def media_link(self, ident: int, *, lasts: timedelta = LINK_LASTS, about: PersonId | None = None) -> str:
        """Return a link to a kept file, of whichever plugin, that works once and for a while.

        What opens the link is shown a page with one button, because messengers and scanners of mail open links too;
        only the button hands out the file. `about` is whom the link is made for: he stands in the audit log when it is
        used, and it goes when he is erased. Every call makes another link. Needs the permission `read:media`; raises
        `LookupError` when the file is not kept any more.
        """
        self._allow("read:media")
        if lasts <= timedelta(0):
            raise ValueError("a link lasts longer than nothing")
        if not media_links.is_kept(self._unit, ident, self.now):
            raise LookupError("the file is not kept any more")
        where = self.neighbourhood.id if self.neighbourhood else 0
        until = after(self.now, lasts)
        token = media_links.make(
            self._unit, self.plugin, ident, until, self.now, neighbourhood_id=where, person_id=about or 0
        )
        return f"{self._core.url}/{links.PATH}/{media_links.STEP}/{token}"
