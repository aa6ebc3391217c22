"""Files that are still to be fetched from a messenger, and files that are here: kept encrypted, for a while."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import fetch, media
from buurtwacht.vocabulary.errors import Rejected
from buurtwacht.vocabulary.events import Inbound, MediaRef, Said
from buurtwacht.vocabulary.ids import new_id

#: How long a file is kept unless a plugin says otherwise (domain §2.6).
KEPT = timedelta(hours=72)
#: Waits between attempts; after the last the file is given up.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
#: Larger pictures than this are refused unopened: a small file can hide an enormous one.
_PIXELS = 60_000_000

_codec: TypeAdapter[Inbound] = TypeAdapter(Inbound)
_due = Prepared(
    select(fetch)
    .where(fetch.c.due <= bindparam("b_now", type_=fetch.c.due.type))
    .order_by(fetch.c.due, fetch.c.id)
    .limit(bindparam("b_limit"))
)
_soonest = Prepared(select(func.min(fetch.c.due).label("soonest")))


@dataclass(frozen=True, slots=True)
class Fetching:
    """A file to fetch: the event that announced it, and how often it was tried."""

    id: int
    account: str
    inbound: Inbound
    attempts: int

    @property
    def media(self) -> MediaRef:
        """The file, as its messenger names it."""
        assert isinstance(self.inbound.event, Said)
        assert self.inbound.event.media is not None
        return self.inbound.event.media


def announce(connection: Connection, keyring: Keyring, account: str, events: Sequence[Inbound], now: datetime) -> None:
    """Write down the files that these events announce, in the transaction that keeps the events."""
    rows = [
        {
            "id": new_id(),
            "account": account,
            "payload": keyring.seal(_codec.dump_json(one)),
            "attempts": 0,
            "due": now,
        }
        for one in events
        if isinstance(one.event, Said) and one.event.media is not None and one.event.media.kind != "voice"
    ]
    if rows:
        connection.execute(insert(fetch), rows)


def due(database: Database, keyring: Keyring, now: datetime, limit: int = 8) -> list[Fetching]:
    """Return the files to fetch now."""
    with database.reading() as connection:
        return [
            Fetching(row.id, row.account, _codec.validate_json(keyring.unseal(row.payload)), row.attempts)
            for row in _due.read(connection, {"b_now": now, "b_limit": limit})
        ]


def next_due(database: Database) -> datetime | None:
    """Return when the next file is to be fetched."""
    with database.reading() as connection:
        moment: datetime | None = _soonest.read(connection, {}).scalar()
        return moment


def arrived(database: Database, keyring: Keyring, one: Fetching, content: bytes, now: datetime) -> tuple[int, str]:
    """Keep a file that was fetched, without what it says about places and cameras; return its id and type.

    It stays written down as one to fetch until `finished`. Raises `Rejected` for a picture that is none.
    """
    mime, clean = one.media.mime, content
    if one.media.kind == "photo" or mime.startswith("image/"):
        mime, clean = "image/jpeg", stripped(content)
    row = {
        "id": new_id(),
        "plugin": "core",
        "mime": mime[:80],
        "name": one.media.name[:160],
        "kind": one.media.kind,
        "content": keyring.seal(clean),
        "person_id": None,
        "created_at": now,
        "expires_at": now + KEPT,
    }
    with database.writing() as connection:
        connection.execute(insert(media), row)
    return int(str(row["id"])), mime[:80]


def finished(database: Database, one: Fetching, doubled: int | None = None) -> None:
    """Fetch a file no more: that it is here was told. `doubled` is a file that had been told before."""
    with database.writing() as connection:
        connection.execute(delete(fetch).where(fetch.c.id == one.id))
        if doubled is not None:
            connection.execute(delete(media).where(media.c.id == doubled))


def failed(database: Database, one: Fetching, now: datetime, *, final: bool) -> bool:
    """Try again later, or give up; return whether it was given up."""
    given_up = final or one.attempts >= len(WAITS)
    with database.writing() as connection:
        if given_up:
            connection.execute(delete(fetch).where(fetch.c.id == one.id))
        else:
            later = now + WAITS[one.attempts]
            connection.execute(update(fetch).where(fetch.c.id == one.id).values(attempts=one.attempts + 1, due=later))
    return given_up


def stripped(content: bytes) -> bytes:
    """Return a picture as JPEG, upright and without any metadata. Raises `Rejected` when it is no picture."""
    # Not before the first picture: it takes megabytes, which a process that never sees one need not hold.
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > _PIXELS:
                raise Rejected("picture too large")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            plain = Image.new("RGB", upright.size)
            plain.paste(upright)
            out = io.BytesIO()
            plain.save(out, "JPEG", quality=88)
            return out.getvalue()
    except Rejected:
        raise
    except Exception as error:
        # A damaged picture makes its decoder raise anything: SyntaxError, struct.error, RuntimeError, …
        raise Rejected("not a picture") from error


def content_of(database: Database, keyring: Keyring, ident: int) -> bytes:
    """Return the bytes of a kept file. Raises `LookupError` when it has expired."""
    with database.reading() as connection:
        sealed = connection.execute(select(media.c.content).where(media.c.id == ident)).scalar()
    if sealed is None:
        raise LookupError("the file is not kept any more")
    return keyring.unseal(sealed)
