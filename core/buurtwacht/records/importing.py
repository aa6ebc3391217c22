"""members.csv: people brought in from a file, all or none (`interface.md`, Commands). `exporting` writes it out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import phonenumbers

from buurtwacht.records import enrolling
from buurtwacht.records.database import Database
from buurtwacht.records.enrolling import Newcomer, Place, Reach
from buurtwacht.records.keys import Keyring
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.vocabulary import countries
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.mailboxes import mail_address
from buurtwacht.vocabulary.roles import OfficialKind, Role
from buurtwacht.vocabulary.streets import Street
from buurtwacht.vocabulary.texts import LANGUAGES

COLUMNS = ("neighbourhood", "name", "language", "roles", "street", "channel", "address")
OPTIONAL = ("person",)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a line of the file; lines count from 1, the heading included."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ToInvite:
    """Somebody who was imported without an address: he needs a link. `channel` is empty when any will do."""

    person: PersonId
    name: str
    neighbourhood: str
    channel: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of a file. With any fault nothing was imported.

    `skipped`: people who left by themselves. `warnings`: what was brought in and may be a slip.
    """

    added: int = 0
    updated: int = 0
    faults: Sequence[RowFault] = ()
    skipped: Sequence[RowFault] = ()
    warnings: Sequence[RowFault] = ()
    to_invite: Sequence[ToInvite] = ()


@dataclass(slots=True)
class _Reading:
    """What is known while the file is read."""

    neighbourhoods: Neighbourhoods
    handle_kinds: Mapping[str, str]
    region: str
    faults: list[RowFault] = field(default_factory=list)
    warnings: list[RowFault] = field(default_factory=list)
    people: list[Newcomer] = field(default_factory=list)
    by_person: dict[str, Newcomer] = field(default_factory=dict)
    by_reach: dict[tuple[str, Handle], Newcomer] = field(default_factory=dict)


def import_members(
    database: Database,
    keyring: Keyring,
    clock: Clock,
    neighbourhoods: Neighbourhoods,
    handle_kinds: Mapping[str, str],
    content: str,
    *,
    country: str = "NL",
) -> ImportResult:
    """Bring in the people of a file, in one commit; they are members, or officials whom whoever runs this has verified,
    at once, and are sent nothing.

    `handle_kinds` says by which kind of handle the addresses of each account go (phone, chat, email). Telephone
    numbers may be written without a country: then it is `country`. Importing again updates.
    Raises `StoreUnavailable`, `Replay`.
    """
    reading = _Reading(neighbourhoods, handle_kinds, countries.country(country).phone_region)
    rows = _rows(content, reading.faults)
    for line, row in rows:
        _read_row(reading, line, row)
    if not rows and not reading.faults:
        reading.faults.append(RowFault(1, "the file has no people in it"))
    if reading.faults:
        return ImportResult(faults=sorted(reading.faults, key=lambda fault: fault.line))
    entry = enrolling.enrol(database, keyring, clock.now(), reading.people)
    if entry.faults:
        return ImportResult(faults=[RowFault(*one) for one in entry.faults])
    invited = [
        ToInvite(ident, one.name, one.places[0].code, one.channel)
        for one, ident in entry.people
        if ident not in entry.reachable
    ]
    skipped = [RowFault(*one) for one in entry.skipped]
    return ImportResult(entry.added, entry.updated, (), skipped, reading.warnings, invited)


# --- reading -------------------------------------------------------------------------------------------------------


def _rows(content: str, faults: list[RowFault]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows by line number. A spreadsheet that speaks Dutch separates by semicolons."""
    content = content.removeprefix("\ufeff")
    heading = content.partition("\n")[0]
    reader = csv.reader(io.StringIO(content), delimiter=";" if ";" in heading and "," not in heading else ",")
    names = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in (*COLUMNS, *OPTIONAL)]
    if missing or unknown:
        if missing:
            faults.append(RowFault(1, f"the heading has no {', '.join(missing)}; it reads {','.join(COLUMNS)}"))
        if unknown:
            faults.append(RowFault(1, f"the heading has an unknown column: {', '.join(unknown)}"))
        return []
    found = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names):
            faults.append(RowFault(reader.line_num, "has more columns than the heading"))
            continue
        absent = [name for name in names[len(cells) :] if name in COLUMNS]
        if absent:
            faults.append(RowFault(reader.line_num, f"has no {', '.join(absent)}; leave a column empty, but not out"))
            continue
        padded = [*cells, *[""] * (len(names) - len(cells))]
        found.append(
            (reader.line_num, {name: " ".join(cell.split()) for name, cell in zip(names, padded, strict=True)})
        )
    return found


def _read_row(reading: _Reading, line: int, row: Mapping[str, str]) -> None:
    wrong: list[str] = []
    where = reading.neighbourhoods.by_code(row["neighbourhood"]) if row["neighbourhood"] else None
    if where is None:
        wrong.append(f"there is no neighbourhood {row['neighbourhood']!r}")
    if not row["name"]:
        wrong.append("the name is empty")
    if len(row["name"]) > 120 or len(row["street"]) > 120:
        wrong.append("a name or street has at most 120 characters")
    language = row["language"].lower() or (where.language if where else LANGUAGES[0])
    if language not in LANGUAGES:
        wrong.append(f"the language {row['language']!r} is none of {', '.join(LANGUAGES)}")
    roles, kinds = _roles(row["roles"], wrong)
    handle = _handle(reading, row["channel"], row["address"], wrong)
    if wrong or where is None:
        reading.faults += [RowFault(line, reason) for reason in wrong]
        return
    if row["street"] and where.streets and not _is_in(row["street"], where.streets):
        what = f"the street {row['street']!r} is not one of {where.code}; was it mistyped?"
        reading.warnings.append(RowFault(line, what))
    place = Place(where.id, where.code, roles, row["street"], kinds, where.municipality)
    reach = Reach(row["channel"], handle) if handle is not None else None
    _gather(reading, Newcomer(line, row["name"], language, row.get("person", ""), row["channel"]), place, reach)


def _is_in(written: str, streets: Sequence[Street]) -> bool:
    """Return whether this is one of the streets, with or without the number of a house."""
    folded = written.casefold()
    return any(folded == name or folded.startswith(f"{name} ") for name in (one.name.casefold() for one in streets))


def _gather(reading: _Reading, fresh: Newcomer, place: Place, reach: Reach | None) -> None:
    """Rows with the same person, or with the same address, are one person."""
    named = reading.by_person.get(fresh.reference) if fresh.reference else None
    reached = reading.by_reach.get((reach.account, reach.handle)) if reach is not None else None
    if named is not None and reached is not None and named is not reached:
        reason = f"has the address of line {reached.line}, but is the person of line {named.line}"
        reading.faults.append(RowFault(fresh.line, reason))
        return
    if reached is not None and fresh.reference and reached.reference not in ("", fresh.reference):
        reason = f"has the address of line {reached.line}, but is another person"
        reading.faults.append(RowFault(fresh.line, reason))
        return
    one = named or reached
    if one is None:
        one = fresh
        reading.people.append(one)
    one.reference = one.reference or fresh.reference
    one.add(place, reach)
    if one.reference:
        reading.by_person[one.reference] = one
    if reach is not None:
        reading.by_reach[reach.account, reach.handle] = one


def _roles(text: str, wrong: list[str]) -> tuple[frozenset[str], frozenset[OfficialKind]]:
    """Return the roles as a member and the kinds of official; who is only an official is no member."""
    roles: set[str] = set()
    kinds: set[OfficialKind] = set()
    if "," in text or ";" in text:
        apart = " ".join(text.replace(",", " ").replace(";", " ").split())
        wrong.append(f"roles are separated by spaces: {apart}")
        return frozenset(roles), frozenset(kinds)
    for word in text.lower().split():
        kind, colon, official = word.partition(":")
        if colon and kind == "official":
            if official in set(OfficialKind):
                kinds.add(OfficialKind(official))
            else:
                wrong.append(f"there is no kind of official {official!r}; kinds are {', '.join(OfficialKind)}")
        elif word in set(Role):
            roles.add(word)
        else:
            wrong.append(f"there is no role {word!r}; roles are {', '.join(Role)}")
    return frozenset(roles) if kinds else frozenset({str(Role.MEMBER), *roles}), frozenset(kinds)


def _handle(reading: _Reading, channel: str, written: str, wrong: list[str]) -> Handle | None:
    kind = reading.handle_kinds.get(channel)
    if kind is None:
        if channel or written:
            known = ", ".join(reading.handle_kinds)
            wrong.append(f"there is no channel {channel!r}; configured are {known or 'none'}")
        return None
    if not written:
        return None
    if kind == "phone":
        return _phone(reading.region, written, wrong)
    if kind == "chat" and not written.removeprefix("-").isdigit():
        wrong.append("a chat id has digits only; leave it empty to get an invitation link")
        return None
    if kind == "email":
        return _mailbox(written, wrong)
    return Handle(kind, written)


def _mailbox(written: str, wrong: list[str]) -> Handle | None:
    try:
        return Handle("email", mail_address(written))
    except ValueError:
        wrong.append("the e-mail address cannot be read; write it as els@example.org")
        return None


def _phone(region: str, written: str, wrong: list[str]) -> Handle | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        wrong.append("the telephone number cannot be read; write it as +31612345678")
        return None
    if not phonenumbers.is_valid_number(number):
        wrong.append("the telephone number does not exist; write it as +31612345678")
        return None
    return Handle("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


# --- links for those without an address ----------------------------------------------------------------------------


def invitation_for(keyring: Keyring, who: PersonId, until: datetime) -> str:
    """Return a token with which somebody who was imported without an address takes his place; good until that day.

    The payload of the link is "own-" and this; at most 64 characters (Bot API).
    """
    stamp = f"{who:x}-{until.toordinal():x}"
    return f"{stamp}-{_seal(keyring, stamp)}"


def invited_person(keyring: Keyring, token: str, now: datetime) -> PersonId | None:
    """Return whom `invitation_for` wrote this token for, or None when it is not ours or its day is over."""
    stamp, _, seal = token.lower().rpartition("-")
    ident, _, day = stamp.partition("-")
    if not stamp or seal != _seal(keyring, stamp) or int(day, 16) < now.toordinal():
        return None
    return PersonId(int(ident, 16))


def _seal(keyring: Keyring, stamp: str) -> str:
    return keyring.lookup("invitation", Handle("person", stamp))[:24]
