"""A webhook body to events: every item of every change of every entry, each on its own, none dropped in silence.

pywa reads the first item only and drops what lacks a field (platforms.md 1.1 and 1.2), so this is ours.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from buurtwacht import Handle, Inbound, Moved, Status, Throttled, Unreadable
from buurtwacht_whatsapp import recipients
from buurtwacht_whatsapp.codes import meaning
from buurtwacht_whatsapp.fields import Malformed, entries, mapping, moment, needed, storable, text
from buurtwacht_whatsapp.said import person_event

_State: TypeAlias = Literal["sent", "delivered", "read", "failed"]
_STATES: Final[Mapping[str, _State]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
#: What account-level fields tell that is worth reading in a record, and is nobody's.
_TELLING: Final = (
    "event",
    "message_template_name",
    "message_template_language",
    "reason",
    "new_category",
    "new_quality_score",
)
#: A name is shown, never trusted; Meta's limit is 128.
_NAME: Final = 128
#: No id of Meta's is half as long; what is longer could not be kept as the name of a message.
_IDENT: Final = 120


def read(body: bytes, number_id: str, received: datetime) -> list[Inbound]:
    """Return what a signed body tells; at least one event, an `Unreadable` for what has no reading.

    `number_id` is ours: items for another number are recorded and not obeyed. `received` dates what has no date.
    """
    return list(_Reading(body, number_id, received).events())


@dataclass(frozen=True, slots=True)
class _Source:
    """What the change around an item tells: who is who, and when."""

    contacts: tuple[Mapping[str, object], ...]
    at: datetime


class _Reading:
    def __init__(self, body: bytes, number_id: str, received: datetime) -> None:
        self._body = body
        self._number_id = number_id
        self._received = received
        self._fingerprint = hashlib.sha256(body).hexdigest()[:32]
        self._count = 0

    def events(self) -> Iterator[Inbound]:
        try:
            found = entries(mapping(json.loads(self._body), "body"), "entry")
        except Malformed as bad:
            yield self._unreadable(str(bad))
            return
        except (ValueError, RecursionError):
            yield self._unreadable("not JSON")
            return
        for entry in found:
            yield from self._entry(entry)
        if not self._count:
            yield self._unreadable("nothing in it")

    def _entry(self, raw: object) -> Iterator[Inbound]:
        try:
            entry = mapping(raw, "entry")
            at = moment(entry.get("time"), self._received)
            changes = entries(entry, "changes")
            if not changes:
                raise Malformed("an entry without changes")
        except Malformed as bad:
            yield self._unreadable(str(bad))
            return
        for change in changes:
            yield from self._change(change, at)

    def _change(self, raw: object, at: datetime) -> Iterator[Inbound]:
        try:
            change = mapping(raw, "change")
            field = needed(change, "field")
            value = mapping(change.get("value"), "value")
            if field != "messages":
                yield self._unreadable(_account_level(field, value), at)
                return
            number = text(mapping(value.get("metadata"), "metadata"), "phone_number_id")
            lists = [(kind, entries(value, kind)) for kind in ("messages", "statuses", "errors")]
            source = _Source(_contacts(value), at)
        except Malformed as bad:
            yield self._unreadable(str(bad), at)
            return
        if not any(items for _, items in lists):
            yield self._unreadable("a change without items", at)
        for kind, items in lists:
            for item in items:
                yield self._item(kind, item, source) if number == self._number_id else self._other(at)

    def _item(self, kind: str, raw: object, source: _Source) -> Inbound:
        self._count += 1
        sender: tuple[Handle, ...] = ()
        at = source.at
        try:
            item = mapping(raw, kind)
            at = moment(item.get("timestamp"), at)
            if kind == "errors":
                raise Malformed(f"error {_code(item)}")
            ident = needed(item, "id")
            if len(ident) > _IDENT:
                raise Malformed("an id too long")
            if kind == "statuses":
                status = _status(item, ident)
                return Inbound(f"s:{ident}:{status.state}", status, at)
            if item.get("group_id") is not None:
                raise Malformed("said in a group")
            if item.get("type") == "system":
                sender, moved = _moved(item)
                return Inbound(f"m:{ident}", moved, at, sender)
            sender, name = _sender(item, source.contacts)
            if not sender:
                raise Malformed("no sender")
            return Inbound(f"m:{ident}", person_event(item, ident), at, sender, name=name)
        except Malformed as bad:
            return self._unreadable(str(bad), at, sender)

    def _other(self, at: datetime) -> Inbound:
        return self._unreadable("other number", at)

    def _unreadable(self, reason: str, at: datetime | None = None, sender: tuple[Handle, ...] = ()) -> Inbound:
        """Return a record of what cannot be read; a repeat of the same body has the same key."""
        self._count += 1
        return Inbound(f"u:{self._fingerprint}:{self._count}", Unreadable(reason), at or self._received, sender)


def _account_level(field: str, value: Mapping[str, object]) -> str:
    """Return the reason for a record of something that concerns the account and nobody in it."""
    told = [storable(each)[:80] for key in _TELLING if isinstance(each := value.get(key), str) and each != "NONE"]
    return f"field {field[:80]}: {' '.join(told)}" if told else f"field {field[:80]}"


def _contacts(value: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """Return the contacts that can be read; a bad one only costs the name and an extra handle."""
    found = value.get("contacts")
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def _sender(item: Mapping[str, object], contacts: tuple[Mapping[str, object], ...]) -> tuple[tuple[Handle, ...], str]:
    """Return all handles of who wrote, WhatsApp's user id first as a number moves on sooner, and his name.

    A contact counts only when it shares an id with the message, or when the message names nobody and there is only
    one: two people's handles must never be joined.
    """
    named = text(item, "from")
    number, ident = recipients.phone(named), recipients.user(text(item, "from_user_id")) or recipients.user(named)
    name = ""
    for contact in contacts:
        its_number = recipients.phone(_loose(contact, "wa_id"))
        its_ident = recipients.user(_loose(contact, "user_id"))
        lone = number is None and ident is None and len(contacts) == 1
        shares = (number is not None and number == its_number) or (ident is not None and ident == its_ident)
        if lone or shares:
            number, ident = number or its_number, ident or its_ident
            profile = contact.get("profile")
            name = _loose(profile, "name")[:_NAME] if isinstance(profile, dict) else ""
            break
    return tuple(handle for handle in (ident, number) if handle is not None), name


def _loose(holder: Mapping[str, object], key: str) -> str:
    value = holder.get(key)
    return storable(value) if isinstance(value, str) else ""


def _moved(item: Mapping[str, object]) -> tuple[tuple[Handle, ...], Moved]:
    """Return the handles somebody had, and his move to others; a new number brings a new user id.

    Contacts are left out of it: they may name the old or the new id. Both come as system messages with
    `previous_user_id` beside the new values (Meta, correction of 2026-08-11).
    """
    system = mapping(item.get("system"), "system")
    kind = needed(system, "type")
    if kind not in ("user_changed_number", "user_changed_user_id"):
        raise Malformed(f"system {kind[:80]}")
    former = recipients.user(text(system, "previous_user_id"))
    number = recipients.phone(text(system, "wa_id") or text(system, "new_wa_id"))
    ident = recipients.user(text(system, "user_id"))
    new = tuple(handle for handle in (ident, number) if handle is not None)
    sender, _ = _sender(item, ())
    known = dict.fromkeys((former, *sender)) if former else dict.fromkeys(sender)
    old = tuple(handle for handle in known if handle not in new)
    if not new or not old:
        raise Malformed(f"system {kind} without handles")
    return old, Moved(old[0], new)


def _status(item: Mapping[str, object], ident: str) -> Status:
    told = needed(item, "status")
    state = _STATES.get(told)
    if state is None:
        raise Malformed(f"status {told[:80]}")
    tracker = item.get("biz_opaque_callback_data")
    ours = isinstance(tracker, str) and re.fullmatch(r"[1-9]\d{0,18}", tracker, re.ASCII)
    delivery = int(tracker) if ours and isinstance(tracker, str) else None
    if state != "failed":
        return Status(ident, state, delivery)
    errors = item.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    code = _code(first) if isinstance(first, dict) else 0
    what = meaning(code or None)
    wait = what.retry_after if what.error is Throttled else None
    return Status(ident, state, delivery, what.error.__name__, what.reason(code), wait)


def _code(error: Mapping[str, object]) -> int:
    """Return the code of an error, 0 when it states none; so a failed status never means a bad token."""
    code = error.get("code")
    if isinstance(code, str) and re.fullmatch(r"\d{1,9}", code, re.ASCII):
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else 0
