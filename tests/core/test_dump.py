"""Backups: our own portable dump, restored into either kind of database, and a change of key."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, delete, insert, select, text

from buurtwacht.records import dump, migration
from buurtwacht.records.database import Database
from buurtwacht.records.dump import UnfitDump
from buurtwacht.records.inbox import Inbox
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.migration import CORE, RESTORING, SchemaState
from buurtwacht.records.people import add_address, add_person, find_caller
from buurtwacht.records.rekeying import rekey
from buurtwacht.records.schema import media, meta, metadata, person, timer
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.events import Handle, Inbound, Said

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
RIET = Handle("phone", "+31612345672")


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([new_key()])


@pytest.fixture
def tolberg(tmp_path: Path, keyring: Keyring) -> Iterator[Database]:
    """A database with a person, a file, an event that waits, and values that are easily mistaken for one another."""
    database = Database(f"sqlite:///{tmp_path}/tolberg.db")
    migration.upgrade(database, [CORE])
    migration.bind_key(database, keyring)
    unit = database.unit()
    riet = add_person(unit, "Riet «de Vries»\nuit de Meidoornstraat", "nl", formal=True)
    add_address(unit, keyring, "whatsapp", [RIET], NOW, person_id=riet)
    unit.commit()
    Inbox(database, keyring, VirtualClock(NOW), lambda works: None).accept(
        "whatsapp", [Inbound("m1", Said("m1", "verdachte auto meidoornstraat"), NOW, (RIET,))]
    )
    picture = {"id": 1, "plugin": "core", "mime": "image/jpeg", "kind": "photo", "created_at": NOW, "expires_at": NOW}
    later = {"due": NOW, "plugin": "alerts", "handler": "remind"}
    with database.writing() as connection:
        connection.execute(insert(media), {**picture, "content": keyring.seal(b"\xff\xd8\x00")})
        connection.execute(insert(timer), {**later, "id": 1, "payload": {"alert": 9007199254740993, "wie": "Ünal"}})
        connection.execute(insert(timer), {**later, "id": 2, "payload": JSON.NULL, "key": "alert:2"})
    yield database
    database.close()


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is kept, as the database keeps it."""
    with database.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
        }


def test_what_is_restored_is_what_was_kept(tolberg: Database, keyring: Keyring, tmp_path: Path) -> None:
    count = dump.write(tolberg, tmp_path / "tolberg.backup", at=NOW)
    other = Database(f"sqlite:///{tmp_path}/other.db")
    assert dump.restore(other, [CORE], keyring, tmp_path / "tolberg.backup") == count
    assert rows(other) == rows(tolberg)
    assert migration.state(other, [CORE]) is SchemaState.CURRENT
    with other.reading() as connection:
        kept = connection.execute(text("SELECT payload FROM timer ORDER BY id")).scalars().all()
    assert kept[1] == "null", "a JSON null stays one, and does not become NULL"
    other.close()


def test_a_backup_tells_nothing_that_was_encrypted(tolberg: Database, tmp_path: Path) -> None:
    path = tmp_path / "tolberg.backup"
    dump.write(tolberg, path, at=NOW)
    content = gzip.decompress(path.read_bytes())
    assert b"12345672" not in content
    assert b"verdachte auto" not in content
    assert path.stat().st_mode & 0o077 == 0


def test_a_backup_never_writes_over_another(tolberg: Database, tmp_path: Path) -> None:
    path = tmp_path / "tolberg.backup"
    path.write_text("the only other one")
    with pytest.raises(FileExistsError):
        dump.write(tolberg, path, at=NOW)
    assert path.read_text() == "the only other one"


def test_another_key_is_refused_before_anything_is_written(tolberg: Database, tmp_path: Path) -> None:
    dump.write(tolberg, tmp_path / "tolberg.backup", at=NOW)
    other = Database(f"sqlite:///{tmp_path}/other.db")
    with pytest.raises(ConfigurationError, match="not the key"):
        dump.restore(other, [CORE], Keyring([new_key()]), tmp_path / "tolberg.backup")
    assert migration.state(other, [CORE]) is SchemaState.EMPTY
    other.close()


def test_a_database_that_holds_something_is_left_alone(tolberg: Database, keyring: Keyring, tmp_path: Path) -> None:
    dump.write(tolberg, tmp_path / "tolberg.backup", at=NOW)
    before = rows(tolberg)
    with pytest.raises(UnfitDump, match="not empty"):
        dump.restore(tolberg, [CORE], keyring, tmp_path / "tolberg.backup")
    assert rows(tolberg) == before


@pytest.mark.parametrize("kept", [0.3, 0.99])
def test_half_a_backup_is_refused(tolberg: Database, keyring: Keyring, tmp_path: Path, kept: float) -> None:
    path = tmp_path / "tolberg.backup"
    dump.write(tolberg, path, at=NOW)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    other = Database(f"sqlite:///{tmp_path}/other.db")
    with pytest.raises(UnfitDump, match="whole"):
        dump.restore(other, [CORE], keyring, path)
    assert migration.state(other, [CORE]) is SchemaState.EMPTY
    other.close()


def test_a_file_of_something_else_is_refused(keyring: Keyring, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(UnfitDump, match="not a whole backup"):
        dump.examine(path)


def test_a_newer_backup_and_tables_of_absent_plugins_are_refused(
    tolberg: Database, keyring: Keyring, tmp_path: Path
) -> None:
    dump.write(tolberg, tmp_path / "tolberg.backup", at=NOW)
    lines = gzip.decompress((tmp_path / "tolberg.backup").read_bytes()).decode().splitlines()
    header = json.loads(lines[0])
    other = Database(f"sqlite:///{tmp_path}/other.db")
    for revisions, said in (({"core": "core_9999"}, "newer version"), ({**header["revisions"], "pets": "1"}, "pets")):
        lines[0] = json.dumps({**header, "revisions": revisions})
        path = tmp_path / f"{said}.backup"
        path.write_bytes(gzip.compress("\n".join(lines).encode()))
        with pytest.raises((UnfitDump, ConfigurationError), match=said):
            dump.restore(other, [CORE], keyring, path)
    assert migration.state(other, [CORE]) is SchemaState.EMPTY
    other.close()


def test_a_restore_that_was_broken_off_begins_anew_and_is_not_used_meanwhile(
    tolberg: Database, keyring: Keyring, tmp_path: Path
) -> None:
    path = tmp_path / "tolberg.backup"
    dump.write(tolberg, path, at=NOW)
    other = Database(f"sqlite:///{tmp_path}/other.db")
    dump.restore(other, [CORE], keyring, path)
    with other.writing() as connection:
        # as it stands after the plug was pulled
        connection.execute(delete(person))
        connection.execute(insert(meta), {"name": RESTORING, "value": "…"})
    with pytest.raises(ConfigurationError, match="a part of a backup"):
        migration.bind_key(other, keyring)
    dump.restore(other, [CORE], keyring, path)
    migration.bind_key(other, keyring)
    assert rows(other) == rows(tolberg)
    other.close()


@pytest.mark.postgres
def test_a_backup_of_sqlite_is_restored_into_postgresql_and_back(
    tolberg: Database, keyring: Keyring, tmp_path: Path
) -> None:
    postgres = pytest.importorskip("buurtwacht.testing.postgres")
    postgres._order("CREATE DATABASE restored")
    large = Database(postgres.address().replace("NAME", "restored"))
    dump.write(tolberg, tmp_path / "there.backup", at=NOW)
    dump.restore(large, [CORE], keyring, tmp_path / "there.backup")
    assert rows(large) == rows(tolberg)
    dump.write(large, tmp_path / "back.backup", at=NOW)
    small = Database(f"sqlite:///{tmp_path}/small.db")
    dump.restore(small, [CORE], keyring, tmp_path / "back.backup")
    assert rows(small) == rows(tolberg)
    small.close()
    large.close()


def test_another_key_opens_everything_that_the_old_one_did(tolberg: Database, keyring: Keyring) -> None:
    fresh = Keyring([new_key()])
    waiting = Inbox(tolberg, keyring, VirtualClock(NOW), lambda works: None).waiting()
    assert rekey(tolberg, keyring, fresh) == 3
    migration.bind_key(tolberg, fresh)
    unit = tolberg.unit()
    caller = find_caller(unit, fresh, "whatsapp", [RIET])
    assert caller is not None
    assert caller.person is not None
    assert find_caller(unit, keyring, "whatsapp", [RIET]) is None
    unit.close()
    (work,) = Inbox(tolberg, fresh, VirtualClock(NOW), lambda works: None).waiting()
    assert work.inbound == waiting[0].inbound
    # what comes next from the same telephone must wait behind it
    assert work.lane == fresh.lookup("whatsapp", RIET)
    with tolberg.reading() as connection:
        assert fresh.unseal(connection.execute(select(media.c.content)).scalar_one()) == b"\xff\xd8\x00"


def test_what_a_messenger_repeats_after_the_key_was_changed_has_no_second_effect(
    tolberg: Database, keyring: Keyring
) -> None:
    said = Inbound("m1", Said("m1", "verdachte auto meidoornstraat"), NOW, (RIET,))
    secret, later = new_key(), new_key()
    rekey(tolberg, keyring, Keyring([secret]))
    started_again = Keyring([secret])
    migration.bind_key(tolberg, started_again)
    rekey(tolberg, started_again, Keyring([later]))
    again = Keyring([later])
    migration.bind_key(tolberg, again)
    inbox = Inbox(tolberg, again, VirtualClock(NOW), lambda works: None)
    assert inbox.accept("whatsapp", [said]) == 0
    assert inbox.accept("whatsapp", [replace(said, key="m2")]) == 1


def test_a_key_that_opens_nothing_changes_nothing(tolberg: Database, keyring: Keyring) -> None:
    before = rows(tolberg)
    with pytest.raises(ConfigurationError):
        rekey(tolberg, Keyring([new_key()]), Keyring([new_key()]))
    assert rows(tolberg) == before
    migration.bind_key(tolberg, keyring)
