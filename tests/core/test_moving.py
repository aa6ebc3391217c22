"""`db move` between both kinds of database, and what a restored backup does with what waited in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    NullPool,
    SmallInteger,
    String,
    Table,
    create_engine,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from buurtwacht import assembly
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.records import dump, migration
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.leases import Leases
from buurtwacht.records.schema import delivery, message
from buurtwacht.testing import postgres

Call = Callable[..., tuple[int, str, str]]

PLUGINS = ("members", "alerts", "rollcalls", "patrols", "escalation", "announcements")
TOWN = (
    '[channels.whatsapp]\nphone_number_id = "106540352242922"\ntoken = "EAA"\napp_secret = "s"\nverify_token = "v"\n'
    + "".join(f"[plugins.{one}]\n" for one in PLUGINS)
    + '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nmunicipality = "Roosendaal"\n'
)
PEOPLE = (
    "neighbourhood,name,language,roles,street,channel,address\n"
    "TB,Kees,nl,member coordinator admin,Beukenlaan,whatsapp,+31612345671\n"
    "TB,Riet,nl,member,Meidoornstraat,whatsapp,+31612345672\n"
)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Type a command in the folder of a town with two members on SQLite."""
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_BUURTWACHT__DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plugins.toml").write_text(TOWN)
    (tmp_path / "members.csv").write_text(PEOPLE)

    def typed(*words: str) -> tuple[int, str, str]:
        status = run_guarded(group, words)
        written = capsys.readouterr()
        return status, written.out, written.err

    assert typed("members", "import", "members.csv")[0] == 0
    return typed


@pytest.fixture
def new_database() -> Iterator[Callable[[], str]]:
    """Make empty PostgreSQL databases, and return their addresses."""
    made: list[str] = []
    server = postgres.address()
    control = create_engine(server.replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def make() -> str:
        made.append(f"moving_{time.monotonic_ns()}")
        with control.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        return server.replace("NAME", made[-1])

    yield make
    with control.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def large(new_database: Callable[[], str]) -> str:
    """The address of an empty PostgreSQL database."""
    return new_database()


def kept(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Return all that a database holds, versions of schemas included, as any client would read it."""
    found = MetaData()
    with database.reading() as connection:
        found.reflect(connection)
        return {
            table.name: [
                dict(row._mapping) for row in connection.execute(select(table).order_by(*table.c.values()[:1]))
            ]
            for table in found.sorted_tables
        }


def now_on(folder: Path, address: str) -> None:
    """Change the configuration as `db move` says."""
    (folder / "plugins.toml").write_text(f'[buurtwacht]\ndatabase = "{address}"\n{TOWN}')


@pytest.mark.postgres
def test_a_town_moves_to_postgresql_and_back_with_all_it_has(
    call: Call, large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = call("members", "export")[1]
    small = Database(f"sqlite:///{tmp_path}/buurtwacht.db")
    before = kept(small)
    assert {"alembic_version", *(f"alembic_version_{one}" for one in PLUGINS[1:])} <= before.keys()
    small.close()

    status, out, err = call("db", "move", large)
    assert (status, err) == (0, "")
    assert "rows moved" in out
    assert "set BUURTWACHT_KEY to what stands in" in out
    assert ":***@" not in out, "nobody is to write that down for a password"
    now_on(tmp_path, large)
    monkeypatch.setenv("BUURTWACHT_KEY", (tmp_path / "buurtwacht.key").read_text().strip())
    assert call("members", "export")[1] == members
    assert call("db", "upgrade")[1] == "the schema is that of this version already\n"

    back = tmp_path / "back"
    back.mkdir()
    status, out, _ = call("db", "move", "sqlite:///back/town.db")
    assert status == 0
    assert f'database = "sqlite:///{back}/town.db"' in out
    again = Database(f"sqlite:///{back}/town.db")
    assert kept(again) == before
    again.close()


@pytest.mark.postgres
def test_a_move_is_refused_where_it_could_spoil_something(
    call: Call, large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "already" in call("db", "move", "sqlite:///buurtwacht.db")[2]
    assert "names no database" in call("db", "move", "postgresql+psycopg://db.internal/")[2]
    nowhere = call("db", "move", "sqlite:///nowhere/town.db")[2]
    assert nowhere.startswith("DATABASE: the folder ")
    assert "is set by" not in nowhere, "it was typed"
    other = tmp_path / "other"
    other.mkdir()
    (other / "buurtwacht.key").write_text(new_key())
    (other / "buurtwacht.key").chmod(0o600)
    status, _, err = call("db", "move", "sqlite:///other/town.db")
    assert status == 2
    assert "not the key" in err
    assert call("db", "move", large)[0] == 0
    assert call("db", "reopen")[0] == 0
    backups = len(list(tmp_path.glob("*.backup")))
    assert "not empty" in call("db", "move", large)[2]
    assert len(list(tmp_path.glob("*.backup"))) == backups, "nothing is written in vain"

    now_on(tmp_path, large)
    monkeypatch.setenv("BUURTWACHT_KEY", (tmp_path / "buurtwacht.key").read_text().strip())
    running = Database(large)
    leases = Leases(running, "elsewhere")
    leases.renew(["whatsapp"])
    status, _, err = call("db", "move", "sqlite:///back.db")
    assert status == 2
    assert "in use by another running process (stop that process first)" in err
    leases.leave()
    running.close()


def test_a_move_from_an_older_schema_names_the_upgrade(call: Call, tmp_path: Path) -> None:
    small = Database(f"sqlite:///{tmp_path}/buurtwacht.db")
    with small.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'core_0001'"))
    small.close()
    status, _, err = call("db", "move", "sqlite:///new.db")
    assert status == 1
    assert "buurtwacht db upgrade" in err


# --- every kind of value -------------------------------------------------------------------------------------------

_EDGES: dict[type[Any], tuple[Any, ...]] = {
    Boolean: (True, False),
    SmallInteger: (0, 1, -(2**15), 2**15 - 1),
    Integer: (0, 1, -(2**31), 2**31 - 1),
    BigInteger: (0, 1, -(2**63), 2**63 - 1),
    Float: (0.0, -0.0, 0.1, 1e-300, 1.7976931348623157e308, 51.5308),
    LargeBinary: (b"", b"\0\xff", bytes(range(256))),
    String: ("", " ", "null", "0", "Ünal\n\t'\"\\", "\u2028🏘", "é", "e\u0301", "TRUE"),
    JSON: (
        JSON.NULL,
        True,
        0,
        2**53 + 1,
        51.530812345678905,
        "",
        "null",
        [],
        {},
        [None, [2**70, 1.0, {"wie": "Ünal 🏘"}]],
        {"b": 1, "a": {"": None}},
    ),
}
#: The order matters: a SmallInteger is an Integer.
_KINDS = (Boolean, SmallInteger, BigInteger, Integer, Float, LargeBinary, JSON, String)


def _value(column: Column[Any], chance: Random) -> Any:
    """Return what a column of this kind can hold in either database, by preference what is easily mistaken."""
    kind = next(one for one in _KINDS if isinstance(column.type, one))
    if column.nullable and not isinstance(column.type, JSON) and chance.random() < 0.3:
        return None
    value = chance.choice(_EDGES[kind])
    if column.primary_key and kind in (Integer, BigInteger):
        return chance.randint(1, 2**31 - 1)
    return value[: column.type.length] if isinstance(column.type, String) and column.type.length else value


def _contents(tables: list[Table], chance: Random) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Yield rows for every table; what refers to another one refers to a row that came before."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        rows = found[table.name] = []
        for _ in range(12):
            row = {column.name: _value(column, chance) for column in table.c}
            for key in table.foreign_keys:
                row[key.parent.name] = chance.choice(found[key.column.table.name])[key.column.name]
            rows.append(row)
            yield table, row


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_columns_hold_is_the_same_after_a_move_there_and_back(
    large: str, tmp_path: Path, seed: int
) -> None:
    histories = assembly.histories([import_module(f"buurtwacht_{one}") for one in PLUGINS])
    keyring = Keyring([new_key()])
    small, middle = Database(f"sqlite:///{tmp_path}/small.db"), Database(large)
    back = Database(f"sqlite:///{tmp_path}/back.db")
    migration.upgrade(small, histories)
    migration.bind_key(small, keyring)
    with small.writing() as connection:
        tables = [one for one in dump._tables(connection) if one.name not in ("meta", "lease")]
        for table, row in _contents(tables, Random(seed)):
            # what is unique can be drawn twice; what refers to such a row is left out with it
            with suppress(IntegrityError):
                connection.execute(insert(table).prefix_with("OR FAIL"), row)
    before = kept(small)
    assert all(before[table.name] for table in tables)
    for source, target in ((small, middle), (middle, back)):
        path = tmp_path / f"{time.monotonic_ns()}.backup"
        dump.write(source, path, at=datetime(2026, 1, 16, tzinfo=UTC))
        dump.restore(target, histories, keyring, path)
    after = kept(back)
    for name, rows in before.items():
        for row, again in zip(rows, after[name], strict=True):
            assert again == row, name
    with middle.reading() as connection:
        sequences = connection.execute(text("SELECT count(*) FROM information_schema.sequences")).scalar_one()
    assert sequences == 0, "a sequence would begin at 1 again after a move"
    for one in (small, middle, back):
        one.close()


@pytest.mark.postgres
def test_a_backup_of_a_fleet_at_work_is_of_one_moment(new_database: Callable[[], str], tmp_path: Path) -> None:
    """What one transaction wrote is in it as a whole, or not at all; and it opens on another machine with the key."""
    keyring = Keyring([new_key()])
    working, other = Database(new_database()), Database(new_database())
    migration.upgrade(working, [migration.CORE])
    migration.bind_key(working, keyring)
    enough, over = threading.Event(), threading.Event()
    now = datetime(2026, 1, 16, tzinfo=UTC)

    def work() -> None:
        ident = 0
        while not over.is_set():
            ident += 1
            said = {"id": ident, "plugin": "alerts", "content": {}, "severity": "urgent", "created_at": now}
            sent = {"id": ident, "message_id": ident, "account": "whatsapp", "rank": 2, "state": "sent"}
            with working.writing() as connection:
                connection.execute(insert(message), said)
                connection.execute(insert(delivery), {**sent, "not_before": now, "queued_at": now})
            if ident == 50:
                enough.set()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert enough.wait(60)
        for number in range(3):
            dump.write(working, tmp_path / f"{number}.backup", at=now)
    finally:
        over.set()
        thread.join()
    dump.restore(other, [migration.CORE], keyring, tmp_path / "2.backup")
    migration.bind_key(other, keyring)
    found = dump.counts(other)
    assert found["message"] == found["delivery"] >= 50
    working.close()
    other.close()


# --- an old backup -------------------------------------------------------------------------------------------------


def waiting(folder: Path) -> None:
    """Let three deliveries wait: one due, one that was being sent, and one for tomorrow morning."""
    database = Database(f"sqlite:///{folder}/buurtwacht.db")
    now = datetime.now(UTC)
    common = {"message_id": 1, "account": "whatsapp", "address_id": 1, "rank": 2, "queued_at": now}
    said = {
        "id": 1, "plugin": "alerts", "content": {}, "severity": "urgent", "created_at": now, "expanded": False,
        "audience": {"kind": "members"},
    }  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(message), said)
        for ident, state, later in ((1, "queued", 0), (2, "sending", 0), (3, "queued", 9)):
            due = now + timedelta(hours=later)
            connection.execute(insert(delivery), {**common, "id": ident, "state": state, "not_before": due})
    database.close()


def states(folder: Path) -> list[str]:
    database = Database(f"sqlite:///{folder}/buurtwacht.db")
    with database.reading() as connection:
        found = list(connection.execute(select(delivery.c.state).order_by(delivery.c.id)).scalars())
    database.close()
    return found


@pytest.mark.parametrize(
    ("options", "expected"),
    [((), ["unknown", "unknown", "queued"]), (("--send",), ["queued", "sending", "queued"])],
    ids=["by itself", "--send"],
)
def test_what_waited_in_an_old_backup_is_not_said_twice_unless_asked(
    call: Call, tmp_path: Path, options: tuple[str, ...], expected: list[str]
) -> None:
    waiting(tmp_path)
    assert call("db", "backup", "old.backup")[0] == 0
    for file in tmp_path.glob("buurtwacht.db*"):
        file.unlink()
    status, out, _ = call("db", "restore", "old.backup", *options)
    assert status == 0
    assert states(tmp_path) == expected
    assert ("2 deliveries waited then" in out) is not bool(options)
    assert ("1 messages had readers" in out) is not bool(options)
    if not options:
        assert call("deliveries", "retry", "1")[0] == 0
        assert states(tmp_path) == ["queued", "unknown", "queued"]
