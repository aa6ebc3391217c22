"""Sweeping: what may no longer be kept is gone, from the files of the database as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select

from buurtwacht.records import audit, people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.schema import (
    address,
    delivery,
    handle,
    inbox,
    media,
    message,
    metadata,
    person,
    question,
)
from buurtwacht.records.schema import audit as audit_table
from buurtwacht.records.sweeping import sweep
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import new_id

NOW = datetime(2026, 1, 16, 1, 42, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'buurtwacht.db'}")
    metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([new_key()])


def count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def stranger(database: Database, keyring: Keyring, at: datetime, number: str = "+31600000001") -> int:
    unit = database.unit()
    ident = people.add_address(unit, keyring, "whatsapp", [Handle("phone", number)], at, heard=True)
    unit.commit()
    return ident


def test_a_stranger_is_forgotten_after_seven_days(database: Database, keyring: Keyring) -> None:
    stranger(database, keyring, NOW)
    assert sweep(database, NOW + timedelta(days=6, hours=23)).counts == {}
    assert count(database, handle) == 1
    assert sweep(database, NOW + timedelta(days=7)).counts == {"addresses": 1}
    assert count(database, handle) == 0


def test_members_and_groups_keep_their_addresses(database: Database, keyring: Keyring) -> None:
    unit = database.unit()
    henk = people.add_person(unit, "Henk", "nl")
    people.add_address(unit, keyring, "whatsapp", [Handle("phone", "+31600000002")], NOW, person_id=henk)
    people.add_address(unit, keyring, "telegram", [Handle("group", "-100")], NOW, is_group=True, title="Tolberg")
    unit.commit()
    sweep(database, NOW + timedelta(days=400))
    assert count(database, address) == 2


def test_the_address_of_somebody_erased_goes_at_its_time(database: Database, keyring: Keyring) -> None:
    ident = stranger(database, keyring, NOW)
    with database.writing() as connection:
        connection.execute(address.update().where(address.c.id == ident).values(erase_at=NOW + timedelta(minutes=10)))
    assert sweep(database, NOW + timedelta(minutes=9)).total == 0
    assert sweep(database, NOW + timedelta(minutes=10)).counts == {"addresses": 1}


def test_with_an_address_goes_what_its_messenger_called_our_messages(database: Database, keyring: Keyring) -> None:
    ident = stranger(database, keyring, NOW)
    with database.writing() as connection:
        text = {"id": new_id(), "plugin": "core", "content": {}, "severity": "info", "created_at": NOW}
        connection.execute(insert(message), text)
        sent = {
            "id": new_id(),
            "message_id": text["id"],
            "address_id": ident,
            "account": "telegram",
            "rank": 4,
            "state": "sent",
            "provider_id": "600000001:28",
            "not_before": NOW,
            "queued_at": NOW,
        }
        connection.execute(insert(delivery), sent)
    sweep(database, NOW + timedelta(days=7))
    with database.reading() as connection:
        assert connection.execute(select(delivery.c.provider_id)).scalar_one() is None


def test_what_was_erased_is_in_no_file_of_the_database(database: Database, tmp_path: Path) -> None:
    unit = database.unit()
    who = people.add_person(unit, "Wilhelmina Zonnebloem", "nl")
    unit.commit()
    unit = database.unit()
    unit.write(person.update().where(person.c.id == who).values(name="", erased_at=NOW))
    unit.commit()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Wilhelmina" in kept, "the write-ahead log still holds it"
    sweep(database, NOW + timedelta(hours=1))
    assert not [path.name for path in tmp_path.iterdir() if b"Wilhelmina" in path.read_bytes()]


def test_texts_and_receipts_go_after_thirty_days(database: Database, keyring: Keyring) -> None:
    unit = database.unit()
    henk = people.add_person(unit, "Henk", "nl")
    unit.commit()
    for at in (NOW, NOW + timedelta(days=20)):
        ident = new_id()
        with database.writing() as connection:
            connection.execute(
                insert(message),
                {
                    "id": ident,
                    "plugin": "alerts",
                    "content": {"text": {"t": "alert", "d": "alerts"}},
                    "severity": "urgent",
                    "created_at": at,
                },
            )
            connection.execute(
                insert(delivery),
                {
                    "id": new_id(),
                    "message_id": ident,
                    "person_id": henk,
                    "account": "whatsapp",
                    "rank": 2,
                    "state": "sent",
                    "not_before": at,
                    "queued_at": at,
                },
            )
            connection.execute(
                insert(question),
                {
                    "id": new_id(),
                    "person_id": henk,
                    "message_id": ident,
                    "plugin": "alerts",
                    "handler": "called",
                    "payload": {},
                    "first_number": 1,
                    "choices": [],
                    "state": "open",
                    "asked_at": at,
                    "expires_at": at + timedelta(days=1),
                },
            )
    counts = sweep(database, NOW + timedelta(days=30)).counts
    assert counts == {"receipts": 1, "messages": 1, "questions": 1}
    assert count(database, message) == count(database, delivery) == count(database, question) == 1


def test_events_files_and_the_audit_log_go_at_their_own_times(database: Database) -> None:
    unit = database.unit()
    audit.note(unit, NOW, "system", "started")
    unit.commit()
    with database.writing() as connection:
        connection.execute(
            insert(inbox),
            {
                "id": new_id(),
                "account": "telegram",
                "key": "1",
                "lane": "a",
                "state": "done",
                "received_at": NOW,
                "done_at": NOW,
            },
        )
        connection.execute(
            insert(media),
            {
                "id": new_id(),
                "plugin": "alerts",
                "mime": "image/jpeg",
                "kind": "photo",
                "content": b"sealed",
                "created_at": NOW,
                "expires_at": NOW + timedelta(hours=72),
            },
        )
    assert sweep(database, NOW + timedelta(hours=71)).counts == {}
    assert sweep(database, NOW + timedelta(hours=72)).counts == {"files": 1}
    assert sweep(database, NOW + timedelta(days=8)).counts == {"events": 1}
    assert sweep(database, NOW + timedelta(days=366)).counts == {"log lines": 1}
    assert count(database, audit_table) == 0


def test_more_than_one_chunk_goes_in_one_sweep_and_a_second_finds_nothing(database: Database) -> None:
    unit = database.unit()
    for _ in range(2500):
        audit.note(unit, NOW, "system", "started")
    audit.note(unit, NOW + timedelta(days=1), "system", "started")
    unit.commit()
    assert sweep(database, NOW + timedelta(days=366)).counts == {"log lines": 2500}
    assert sweep(database, NOW + timedelta(days=366)).total == 0
    assert count(database, audit_table) == 1
