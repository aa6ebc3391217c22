"""A database that was moved: nothing works on it by mistake, and it is taken back into use only deliberately."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from buurtwacht.records import migration, moved
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.vocabulary.errors import ConfigurationError

from .test_moving import Call, call, now_on, states, waiting

__all__ = ["call"]


def small_and_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the key where every database finds it; return an empty SQLite database in a folder of its own."""
    monkeypatch.setenv("BUURTWACHT_KEY", (folder / "buurtwacht.key").read_text().strip())
    (folder / "new").mkdir()
    return f"sqlite:///{folder}/new/town.db"


@pytest.mark.parametrize("command", ["check", "members invite", "deliveries drop 1", "db upgrade", "db rekey"])
def test_nothing_works_on_a_database_that_was_moved(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """A unit that still names it would send everything again."""
    waiting(tmp_path)
    address = small_and_key(tmp_path, monkeypatch)
    assert call("db", "move", f"{address}?timeout=7")[0] == 0
    before = states(tmp_path)
    words = [*command.split(), *(["--new-key-file", "new.key"] if "rekey" in command else [])]
    status, _, err = call(*words)
    assert status == 2
    assert f"was moved to {address} (" in err
    assert "buurtwacht db reopen" in err
    assert states(tmp_path) == before
    assert call("db", "backup", "kept.backup")[0] == 0
    now_on(tmp_path, address)
    assert call("members", "export")[0] == 0, "the new one is in use"


def test_a_unit_that_was_forgotten_does_not_start(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(tmp_path)
    assert call("db", "move", small_and_key(tmp_path, monkeypatch))[0] == 0
    before, there = states(tmp_path), sorted(tmp_path.iterdir())
    forgotten = subprocess.run(
        [sys.executable, "-m", "buurtwacht", "run"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert forgotten.returncode == 2
    assert "was moved to sqlite:" in forgotten.stderr
    assert (states(tmp_path), sorted(tmp_path.iterdir())) == (before, there)


def test_a_password_does_not_stay_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    with database.writing() as connection:
        moved.mark(connection, "postgresql+psycopg://buurtwacht:hush@db.internal:5433/town?password=hush")
    with pytest.raises(ConfigurationError, match=r"//buurtwacht@db\.internal:5433/town ") as refused:
        migration.bind_key(database, Keyring([new_key()]))
    assert "hush" not in str(refused.value)
    database.close()


@pytest.mark.parametrize(
    ("options", "expected"),
    [((), ["unknown", "unknown", "queued"]), (("--send",), ["queued", "sending", "queued"])],
    ids=["by itself", "--send"],
)
def test_a_database_that_was_moved_is_taken_back_only_deliberately(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    expected: list[str],
) -> None:
    waiting(tmp_path)
    status, _, err = call("db", "reopen")
    assert status == 1
    assert "was not moved" in err
    assert call("db", "move", small_and_key(tmp_path, monkeypatch))[0] == 0
    status, out, _ = call("db", "reopen", *options)
    assert status == 0
    assert "in use again" in out
    assert ("2 deliveries waited then" in out) is not bool(options)
    assert states(tmp_path) == expected
    assert call("members", "export")[0] == 0


def test_a_backup_of_a_database_that_was_moved_can_be_restored(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("db", "move", small_and_key(tmp_path, monkeypatch))[0] == 0
    assert call("db", "backup", "old.backup")[0] == 0
    for file in tmp_path.glob("buurtwacht.db*"):
        file.unlink()
    assert call("db", "restore", "old.backup")[0] == 0
    assert call("members", "export")[0] == 0
