"""Versions of what was said: what an unsent message shows by now, what an update is to change, and why something need
not be said any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, and_, bindparam, or_, select

from buurtwacht.records.audience import Audience
from buurtwacht.records.database import AnyRow
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import delivery, message, person
from buurtwacht.vocabulary.messages import Severity
from buurtwacht.vocabulary.mutes import Mute

#: One message to one reader: its id, the person, and for a group its address.
Key: TypeAlias = tuple[int, int | None, int | None]

#: What did not leave, and will not by itself.
_NOT_SENT = ("failed", "withdrawn")
#: Why somebody is not sent what was said to him.
_TAKEN_BACK = "withdrawn"

_by_id = Prepared(select(message).where(message.c.id.in_(bindparam("b_ids", expanding=True))))
_mutes = select(person.c.id, person.c.mutes, person.c.muted_until).where(
    person.c.id.in_(bindparam("b_ids", expanding=True)), person.c.mutes != Mute.NOTHING
)
_deliveries = select(
    delivery.c.message_id,
    delivery.c.person_id,
    delivery.c.address_id,
    delivery.c.state,
    delivery.c.reason,
    delivery.c.provider_id,
    delivery.c.shows,
    delivery.c.digested,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a delivery is still to be made: `reason` says why not, `waits` that an earlier message is on its way."""

    reason: str = ""
    waits: bool = False
    #: the delivery of the message that this one changes
    original: AnyRow | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """Messages by id, with those that superseded them, and how their readers fared with what they refer to."""

    messages: Mapping[int, AnyRow]
    earlier: Mapping[Key, AnyRow]
    #: the readers of what was put off who have a mute, by person
    muting: Mapping[int, AnyRow]

    def newest(self, said: AnyRow) -> AnyRow:
        """Return what an unsent first message shows: the newest text that superseded it. An update shows itself."""
        if said.replaces is None:
            while said.superseded_by and said.superseded_by in self.messages:
                said = self.messages[said.superseded_by]
        return said

    def standing(self, row: AnyRow, now: datetime) -> Standing:
        """Return how it stands with a delivery that may leave."""
        said = self.messages[row.message_id]
        original = self.earlier.get(_key(said.replaces, row)) if said.replaces is not None else None
        if reason := _obsolete(said, original, now):
            return Standing(reason)
        if row.put_off and self._is_muted(row.person_id, said, now):
            return Standing("muted")
        shown_in = [(version, self.earlier.get(_key(base, row))) for base, version in _included(said, self.messages)]
        if any(_says(one, version) for version, one in shown_in):
            return Standing("in what was shown already")
        if _taken_back([one for _, one in shown_in]):
            return Standing(_TAKEN_BACK)
        on_its_way = [original, *(one for _, one in shown_in)]
        return Standing("", any(one is not None and one.state == "sending" for one in on_its_way), original)

    def _is_muted(self, reader: int, said: AnyRow, now: datetime) -> bool:
        """Whether a reader muted since this was put off for him: what is new in the morning is new to his mute too."""
        mute = self.muting.get(reader)
        if mute is None or said.audience is None or said.replaces is not None:
            return False
        audience = Audience.load(said.audience)
        return audience.passes_over(Severity(said.severity), mute.mutes, mute.muted_until, now)


def versions(connection: Connection, rows: Sequence[AnyRow]) -> Versions:
    """Look up the messages of these deliveries, and what they change or are included in."""
    messages: dict[int, AnyRow] = {}
    wanted = {row.message_id for row in rows}
    while wanted:
        found = _by_id.read(connection, {"b_ids": list(wanted)}).all()
        messages |= {row.id: row for row in found}
        wanted = {row.superseded_by for row in found if row.superseded_by}
        wanted |= {one for row in found for one in row.included_in or ()}
        wanted -= messages.keys()
    return Versions(messages, _earlier(connection, messages, rows), _muting(connection, rows))


def _muting(connection: Connection, rows: Sequence[AnyRow]) -> dict[int, AnyRow]:
    sleepers = {row.person_id for row in rows if row.put_off}
    if not sleepers:
        return {}
    return {row.id: row for row in connection.execute(_mutes, {"b_ids": list(sleepers)})}


def _earlier(connection: Connection, messages: Mapping[int, AnyRow], rows: Sequence[AnyRow]) -> dict[Key, AnyRow]:
    said = [messages[row.message_id] for row in rows]
    wanted = {one.replaces for one in said} | {base for one in said for base, _ in _included(one, messages)}
    wanted.discard(None)
    if not wanted:
        return {}
    readers = or_(
        delivery.c.person_id.in_({row.person_id for row in rows}),
        and_(delivery.c.person_id.is_(None), delivery.c.address_id.in_({row.address_id for row in rows})),
    )
    query = _deliveries.where(delivery.c.message_id.in_(wanted), readers)
    return {_key(row.message_id, row): row for row in connection.execute(query)}


def _key(message_id: int, row: AnyRow) -> Key:
    return message_id, row.person_id, row.address_id if row.person_id is None else None


def _included(said: AnyRow, messages: Mapping[int, AnyRow]) -> Iterator[tuple[int, int]]:
    """Yield the versions that say what this message says, each after the message it is a version of."""
    for version in said.included_in or ():
        if version in messages and messages[version].replaces is not None:
            yield messages[version].replaces, version


def _says(one: AnyRow | None, version: int) -> bool:
    """Whether a reader was, or will be, first shown this version of a message or a newer one: ids rise with time."""
    if one is None or one.state in _NOT_SENT or one.state == "sending":
        return False
    return one.state == "queued" or (one.shows is not None and one.shows >= version)


def _taken_back(shown_in: Iterable[AnyRow | None]) -> bool:
    """Whether all that a reader would have read an update in was taken back: he is told anew, or hears nothing."""
    reasons = {one.reason if one.state == "withdrawn" else "" for one in shown_in if one is not None}
    return reasons == {_TAKEN_BACK}


def _obsolete(said: AnyRow, original: AnyRow | None, now: datetime) -> str:
    """Return why a message need not be sent any more, or nothing."""
    if said.withdrawn:
        return _TAKEN_BACK
    if said.expires_at is not None and said.expires_at <= now:
        return "expired"
    if said.replaces is not None:
        if said.superseded_by is not None:
            return "superseded"
        if original is None or original.state == "queued" or original.state in _NOT_SENT:
            return "replaced what was not sent yet"
        if original.shows is not None and original.shows >= said.id:
            return "shown already"
    return ""
