"""What people have before them: every message that left us, with what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from buurtwacht.host.core import Core
from buurtwacht.records.content import load_message, people_named
from buurtwacht.records.database import Database
from buurtwacht.records.outbox import people_names
from buurtwacht.records.schema import delivery, message
from buurtwacht.records.schema import person as persons
from buurtwacht.testing.recorder import Attempt
from buurtwacht.vocabulary.channels import Layout
from buurtwacht.vocabulary.messages import Location, Reader

#: States that count as arrived (rules and world: "only `sent delivered read` count").
ARRIVED = ("sent", "delivered", "read")
STATES = (*ARRIVED, "queued", "failed", "unknown")

_digests = select(delivery.c.address_id, delivery.c.sending_at).where(delivery.c.digested.is_(True))


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that came with a message."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """One message to one person, as its reader sees it.

    `text` as first shown, `edits` its later texts. `buttons` are the labels of its choices however they were rendered;
    those of the newest edit when it was edited. `at` is local. `state` is queued, sent, delivered, read, failed or
    unknown. `thread` is the short id of what it is about; a digest is about several things. `files` holds pictures and
    documents, `attachments` the documents alone, `photo` the picture.
    """

    text: str
    at: datetime
    channel: str
    edits: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    template: str | None = None
    state: str = "sent"
    thread: str = ""
    attachments: tuple[ReceivedFile, ...] = ()
    location: Location | None = None
    photo: ReceivedFile | None = None
    #: why it did not arrive
    reason: str = ""
    #: the provider's id of the message; empty when none was given
    provider_id: str = ""
    #: the id behind each choice
    options: tuple[str, ...] = ()
    layout: Layout = Layout.NONE
    #: our own ids: of the delivery and of the message
    delivery: int = 0
    message: int = 0

    @property
    def arrived(self) -> bool:
        """Whether it counts as arrived."""
        return self.state in ARRIVED

    @property
    def newest(self) -> str:
        """The text that is shown now."""
        return self.edits[-1] if self.edits else self.text


def received(database: Database, mine: Sequence[Attempt], zone: ZoneInfo) -> list[Received]:
    """Return the messages that these attempts were, in order of the moment they left.

    What was refused and is still to be tried again is in it once, as queued; what failed for good once, as failed.
    """
    rows = _rows(database, {one.outgoing.delivery for one in mine})
    shown = [one for one in mine if one.outgoing.edit_of is None and (one.provider_id or one.is_ambiguous)]
    settled = {one.outgoing.delivery for one in shown}
    found = [_shown(one, rows.get(one.outgoing.delivery), mine, zone) for one in shown]
    refused = {one.outgoing.delivery: one for one in mine if one.outgoing.delivery not in settled and one.error}
    for ident, one in refused.items():
        row = rows.get(ident)
        if row is not None and (one.outgoing.edit_of is None or row.state == "failed"):
            state = "failed" if row.account != one.account or row.state == "failed" else "queued"
            found.append(_entry(one, row, state, (), one, zone))
    return sorted(found, key=lambda one: one.at)


def unsent(core: Core, person: int, attempted: Collection[int], zone: ZoneInfo) -> list[Received]:
    """Return what failed before a channel was asked: no address that works, or nothing that the window lets through."""
    query = (
        select(delivery, message.c.thread_short, message.c.content, persons.c.language, persons.c.formal)
        .join(message, message.c.id == delivery.c.message_id)
        .join(persons, persons.c.id == delivery.c.person_id)
        .where(delivery.c.person_id == person, delivery.c.state == "failed", delivery.c.id.not_in(attempted))
    )
    with core.database.reading() as connection:
        digests = set(map(tuple, connection.execute(_digests.where(delivery.c.id.in_(attempted)))))
        # What failed as a part of a digest is in the attempt to send that.
        rows: list[Any] = [
            row
            for row in connection.execute(query)
            if not row.digested or (row.address_id, row.sending_at) not in digests
        ]
        names = people_names(connection, {one for row in rows for one in people_named(row.content)})
    found: list[Received] = []
    for row in rows:
        reader = Reader(row.language, row.formal, zone.key, core.country, names)
        text = core.catalogues.render(load_message(row.content).text, reader)
        found.append(
            Received(
                text=text,
                at=row.queued_at.astimezone(zone),
                channel=row.account,
                state="failed",
                thread=row.thread_short,
                reason=row.reason,
                delivery=row.id,
                message=row.message_id,
            )
        )
    return found


def _rows(database: Database, ids: Collection[int]) -> dict[int, Any]:
    if not ids:
        return {}
    query = select(delivery, message.c.thread_short).join(message, message.c.id == delivery.c.message_id)
    with database.reading() as connection:
        return {row.id: row for row in connection.execute(query.where(delivery.c.id.in_(ids)))}


def _shown(one: Attempt, row: Any, attempts: Sequence[Attempt], zone: ZoneInfo) -> Received:
    edits = [
        edit
        for edit in attempts
        if edit.provider_id is not None and edit.outgoing.edit_of == one.provider_id and edit.account == one.account
    ]
    last = edits[-1] if edits else one
    named = {each.provider_id for each in attempts}
    was_told = one.is_ambiguous and row is not None and row.provider_id is not None and row.provider_id not in named
    state = _state(one, row, was_told=was_told)
    found = _entry(one, row, state, tuple(edit.outgoing.text for edit in edits), last, zone)
    return replace(found, provider_id=row.provider_id) if was_told else found


def _state(one: Attempt, row: Any, *, was_told: bool) -> str:
    """Return what became of an attempt, from the delivery it belongs to, which may have had others since.

    `was_told`: it was never answered, and then a receipt named it.
    """
    if row is None:
        return _presumed(one)
    if one.account != row.account:
        return "failed"
    if was_told:
        return str(row.state)
    if row.provider_id == one.provider_id or not row.repeat:
        state = str(row.state)
        return state if state in STATES and not (one.is_ambiguous and state == "queued") else _presumed(one)
    return _presumed(one) if row.provider_id is None else "unknown"


def _presumed(one: Attempt) -> str:
    return "unknown" if one.is_ambiguous else "sent"


def _entry(one: Attempt, row: Any, state: str, edits: tuple[str, ...], last: Attempt, zone: ZoneInfo) -> Received:
    out = one.outgoing
    files = [ReceivedFile(parcel.name, parcel.mime, parcel.content) for parcel in out.parcels if parcel.kind != "photo"]
    photos = [
        ReceivedFile(parcel.name, parcel.mime, parcel.content) for parcel in out.parcels if parcel.kind == "photo"
    ]
    return Received(
        text=out.text,
        at=one.at.astimezone(zone),
        channel=one.account,
        edits=edits,
        buttons=tuple(option.label for option in last.outgoing.options),
        template=out.template.name if out.template else None,
        state=state,
        thread=row.thread_short if row is not None and not row.digested else "",
        attachments=tuple(files),
        location=out.location,
        photo=photos[0] if photos else None,
        reason=row.reason if row is not None and state not in ARRIVED else "",
        provider_id=one.provider_id or "",
        options=tuple(option.id for option in last.outgoing.options),
        layout=last.outgoing.layout,
        delivery=out.delivery,
        message=(row.shows or row.message_id) if row is not None else 0,
    )
