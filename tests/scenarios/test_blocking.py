"""A plugin that blocks, in a real process: neighbours are told on time, and the process ends on time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from buurtwacht.records.keys import new_key
from buurtwacht.testing import postgres

from .test_process import TOKEN, alarms, people, report, telegram_table
from .town_process import STOPS, Town, free_port, telegram, until

#: Seconds are made few in its process: nobody waits half a minute here.
SLUGGISH = """
import time
from datetime import timedelta
from buurtwacht import Manifest, Source, hookimpl
from buurtwacht.edge import outside

outside.BLOCKED_SECONDS = 1.0
manifest = Manifest(id="sluggish", name="Slak", version="1", permissions=frozenset({"outside"}))

async def fetch(outside, settings):
    time.sleep(600)
    return []

def heard(ctx, key):
    pass

def state(ctx, known, since):
    pass

@hookimpl
def sources():
    return [Source(name, fetch, heard, state, every=timedelta(seconds=10)) for name in ("one", "two")]
"""


#: Writes in every way there is, and does not return.
WRITER = """
import time
from buurtwacht import Command, Manifest, Record, Severity, Text, hookimpl

manifest = Manifest(id="sluggish", name="Slak", version="1", locale="locale",
    permissions=frozenset({"store", "timers", "send:members"}))

class Note(Record):
    words: str

def keep(ctx):
    ctx.records.add(Note(words="x"))
    ctx.records.find(Note)
    ctx.records.change_all(Note, words="y")
    ctx.records.remove_all(Note, Note.words == "z")
    line = Text("message.map", domain="core", link="here")
    ctx.broadcast(ctx.audience.members(), line, Severity.URGENT)
    ctx.reply(line)
    print("it wrote", flush=True)
    time.sleep(600)

@hookimpl
def commands():
    return [Command("bewaar", keep)]
"""
WORDS = "".join(f'msgid "command.bewaar.{one}"\nmsgstr "bewaar"\n\n' for one in ("words", "help", "example"))
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "sluggish_0001"
down_revision = None
branch_labels = None
depends_on = None

def upgrade():
    op.create_table(
        "sluggish_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sluggish_note")),
    )
"""


def installed(folder: Path, code: str) -> None:
    """Leave a plugin in a folder as `pip install` would."""
    package = folder / "sluggish"
    (package / "migrations" / "versions").mkdir(parents=True)
    (package / "locale").mkdir()
    (package / "__init__.py").write_text(code)
    info = folder / "sluggish-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sluggish\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[buurtwacht.plugins]\nsluggish = sluggish\n")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a town is kept; empty: in a file of its own."""
    if request.param == "sqlite":
        yield ""
        return
    name = f"sluggish_{time.monotonic_ns()}"
    server = postgres.address().replace("NAME", "postgres")
    control = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with control.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.address().replace("NAME", name)
    with control.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_handler_that_sleeps_after_it_wrote_keeps_nobody_from_writing(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, WRITER)
    (tmp_path / "sluggish" / "migrations" / "versions" / "0001_note.py").write_text(MIGRATION)
    for language in ("nl", "en"):
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        (tmp_path / "sluggish" / "locale" / f"{language}.po").write_text(head + WORDS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())
    town = Town(tmp_path, free_port(), database)
    with telegram("--token", TOKEN) as messenger:
        fatima, chats, rows = people(messenger, 3)
        kees = str(messenger.post("opens", person="Kees")["handles"][0])
        town.write(telegram_table(messenger), "[plugins.sluggish]")
        if database:
            assert town.call("db", "upgrade").returncode == 0
        town.members([*rows, f"TB,Kees,nl,member,Esdoornlaan,telegram,{kees}"])
        with town.running() as process:
            messenger.post("says", person="Kees", text="bewaar")
            process.wait_for("it wrote")
            report(messenger, fatima)
            until(lambda: set(chats) <= alarms(messenger).keys(), "neighbours to be told")
            messenger.post("says", person="Kees", text="inbraak gaande esdoornlaan, man met breekijzer")
            until(
                lambda: any("INBRAAK" in one["text"] for one in messenger.seen()), "what Kees sees to be told as well"
            )
            assert not any("Kaart" in one["text"] for one in messenger.seen()), "it has not returned"
            until(lambda: any("plugin failed" in one for one in process.lines), "the culprit to be named")
            (named,) = (json.loads(one) for one in process.lines if "plugin failed" in one)
            assert (named["plugin"], named["where"], named["error"]) == ("sluggish", "command bewaar", "TooSlow")
            assert named["at"] == f"__init__.py:{WRITER.splitlines().index('    time.sleep(600)') + 1}"
            assert process.stop() == 0


def test_neighbours_are_told_on_time_and_a_stop_waits_for_nobody_who_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, SLUGGISH)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    town = Town(tmp_path, free_port())
    with telegram("--token", TOKEN) as messenger:
        fatima, chats, rows = people(messenger, 5)
        town.write(telegram_table(messenger), "[plugins.sluggish]")
        town.members(rows)
        with town.running() as process:
            until(lambda: sum("plugin failed" in one for one in process.lines) == 2, "the culprit to be named")
            assert all(
                '"sluggish"' in one and "__init__.py:11" in one for one in process.lines if "plugin failed" in one
            )
            report(messenger, fatima)
            until(lambda: set(chats) <= alarms(messenger).keys(), "neighbours to be told")
            began = time.monotonic()
            assert process.stop() == 0
            assert time.monotonic() - began < STOPS
