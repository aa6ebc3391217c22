"""`plugins remove`: what a plugin keeps is exported, and then nothing of it is left, on either database."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import NullPool, create_engine, insert, inspect, select, text

import buurtwacht_nl_alert
import buurtwacht_rollcalls
from buurtwacht import Manifest, Record
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.host.plugin_ids import reserved
from buurtwacht.host.plugins import Plugins
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring
from buurtwacht.records.record import metadata_of
from buurtwacht.records.running import beside_others
from buurtwacht.records.schema import (
    delivery,
    finding,
    media,
    message,
    neighbourhood,
    person,
    plugin_error,
    plugin_state,
    plugin_switch,
    question,
    setting,
    timer,
)
from buurtwacht.testing import postgres
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.texts import Catalogues

Call = Callable[..., tuple[int, str, str]]

TOWN = "[plugins.members]\n{plugins}\n" + '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\n'
WITH = TOWN.format(plugins="[plugins.nl_alert]\n[plugins.rollcalls]")
WITHOUT = TOWN.format(plugins="[plugins.rollcalls]")
PEOPLE = (
    "neighbourhood,name,language,roles,street,channel,address\n"
    "TB,Kees,nl,member coordinator admin,Beukenlaan,whatsapp,+31612345671\n"
    "TB,Riet,nl,member,Meidoornstraat,whatsapp,+31612345672\n"
)
WHATSAPP = (
    '[channels.whatsapp]\nphone_number_id = "106540352242922"\ntoken = "EAA"\napp_secret = "s"\nverify_token = "v"\n'
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/buurtwacht.db"
        return
    server = postgres.address()
    control = create_engine(server.replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with control.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS removal"))
        connection.execute(text("CREATE DATABASE removal"))
    yield server.replace("NAME", "removal")
    with control.connect() as connection, suppress(Exception):
        connection.execute(text("DROP DATABASE removal WITH (FORCE)"))
    control.dispose()


@pytest.fixture
def call(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Type a command in the folder of a town where NL-Alert was in use."""
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BUURTWACHT_BUURTWACHT__DATABASE", url)
    if not url.startswith("sqlite"):
        monkeypatch.setenv("BUURTWACHT_KEY", "A" * 43 + "=")
    monkeypatch.chdir(tmp_path)
    write(WITH)
    Path("members.csv").write_text(PEOPLE)

    def typed(*words: str) -> tuple[int, str, str]:
        status = run_guarded(group, words)
        written = capsys.readouterr()
        return status, written.out, written.err

    assert typed("members", "import", "members.csv")[0] == 0
    return typed


@pytest.fixture
def database(call: Call, url: str) -> Iterator[Database]:
    """Its database, with something of each kind that a plugin leaves behind, of NL-Alert and of roll calls."""
    opened = Database(url)
    now = SystemClock().now()
    keyring = Keyring([os.environ.get("BUURTWACHT_KEY") or Path("buurtwacht.key").read_text().strip()])
    with opened.writing() as connection:
        place = connection.execute(select(neighbourhood.c.id)).scalar_one()
        who = list(connection.execute(select(person.c.id).order_by(person.c.id)).scalars())
        connection.execute(person.update().where(person.c.id == who[0]).values(opted_in=["nl_alert", "rollcalls"]))
        connection.execute(person.update().where(person.c.id == who[1]).values(opted_in=["nl_alert"]))
        warning = (
            "INSERT INTO nl_alert_warning (id, key, words, start, stop, area, told, ended, created, version) "
            "VALUES (1, 'A1', 'Grote brand, sluit ramen', 1, NULL, '[]', '[]', false, 1, 1)"
        )
        connection.execute(text(warning))
        for number, plugin in enumerate(("nl_alert", "rollcalls")):
            of = {"plugin": plugin}
            told = {"content": {"text": {"t": "x", "d": plugin}}, "severity": "info", "created_at": now}
            connection.execute(insert(message), {"id": 10 + number, **of, **told})
            sent = {"message_id": 10 + number, "person_id": who[0], "account": "whatsapp", "rank": 4, "state": "sent"}
            connection.execute(insert(delivery), {"id": 20 + number, **sent, "not_before": now, "queued_at": now})
            asked = {"person_id": who[0], "message_id": 10 + number, "handler": "h", "payload": {}, "first_number": 1}
            moments = {"choices": [], "state": "open", "asked_at": now, "expires_at": now}
            connection.execute(insert(question), {"id": 30 + number, **of, **asked, **moments})
            later = {"due": now, "handler": "h", "key": f"{plugin}:k", "payload": {}, "neighbourhood_id": place}
            connection.execute(insert(timer), {"id": 40 + number, **of, **later})
            connection.execute(insert(setting), {**of, "neighbourhood_id": place, "name": "n", "value": 1})
            switched = {"neighbourhood_id": place, "off": True, "person_id": who[0], "at": now}
            connection.execute(insert(plugin_switch), {**of, **switched})
            connection.execute(insert(plugin_state), {**of, "paused_at": now})
            connection.execute(insert(plugin_error), {"id": 50 + number, **of, "at": now, "where": "w", "trace": "t"})
            found = {"code": "no_next_step", "record": 1, "severity": "notice", "first_at": now, "last_at": now}
            connection.execute(insert(finding), {"id": 60 + number, **of, **found})
            kept = {
                "mime": "image/png",
                "kind": "photo",
                "content": keyring.seal(b"a photo"),
                "created_at": now,
                "expires_at": now,
            }
            connection.execute(insert(media), {"id": 70 + number, **of, **kept})
    yield opened
    opened.close()


def write(town: str) -> None:
    Path("plugins.toml").write_text(WHATSAPP + town)


def left(database: Database, plugin: str) -> dict[str, int]:
    """Return how many rows of a plugin there are, by table of the core."""
    tables = (message, question, timer, setting, plugin_switch, plugin_state, plugin_error, finding, media)
    with database.reading() as connection:
        return {
            table.name: len(connection.execute(select(table.c.plugin).where(table.c.plugin == plugin)).all())
            for table in tables
        }


def test_it_is_exported_and_then_nothing_of_it_is_left(
    call: Call, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buurtwacht_nl_alert, "manifest", replace(buurtwacht_nl_alert.manifest, version="9.1"))
    write(WITHOUT)
    status, out, err = call("plugins", "remove", "nl_alert", "--export", "nl.jsonl", "--yes")
    assert (status, err) == (0, ""), err
    assert "nl_alert_warning: 1 row\n" in out
    assert "asked to hear from it: 2\n" in out
    assert out.endswith("nothing is kept of nl_alert any more; what it says in backups stays there\n")
    header, warning, photo, chosen, switched, *people = (
        json.loads(line) for line in Path("nl.jsonl").read_text().splitlines()
    )
    assert (header["buurtwacht_plugin"], header["revision"], header["rows"]) == ("nl_alert", "nl_alert_0001", 6)
    assert "nl.jsonl: 6 rows\n" in out
    assert header["version"] == "9.1", "that of its manifest"
    assert (photo["table"], photo["row"]["mime"]) == ("media", "image/png")
    assert base64.b64decode(photo["row"]["content"]["bytes"]) == b"a photo"
    assert photo["row"]["created_at"] == switched["row"]["at"], "moments are numbers everywhere"
    assert isinstance(switched["row"]["at"], int)
    assert (chosen["table"], chosen["row"]["name"], chosen["row"]["value"]) == ("setting", "n", 1)
    assert (switched["table"], switched["row"]["off"]) == ("plugin_switch", True)
    assert [(one["table"], one["row"]["opted_in"]) for one in people] == [("person", ["nl_alert"])] * 2
    assert warning["table"] == "nl_alert_warning"
    assert warning["row"]["words"] == "Grote brand, sluit ramen"
    assert Path("nl.jsonl").stat().st_mode & 0o777 == 0o600
    assert set(left(database, "nl_alert").values()) == {0}
    assert set(left(database, "rollcalls").values()) == {1}, "nobody else loses anything"
    with database.reading() as connection:
        assert list(connection.execute(select(delivery.c.id)).scalars()) == [21]
        asked = sorted(connection.execute(select(person.c.opted_in)).scalars())
        tables = set(inspect(connection).get_table_names())
    assert asked == [[], ["rollcalls"]]
    assert not {one for one in tables if "nl_alert" in one}
    assert any(one.startswith("rollcalls_") for one in tables)
    assert call("plugins", "remove", "nl_alert", "--without-export", "--yes")[0] == 1, "there is nothing more"


def test_the_rest_goes_on_and_it_can_begin_anew(call: Call, database: Database) -> None:
    assert call("db", "backup", "with.backup")[0] == 0
    write(WITHOUT)
    assert call("plugins", "remove", "nl_alert", "--without-export", "--yes")[0] == 0
    assert call("db", "upgrade")[1] == "the schema is that of this version already\n"
    assert call("check")[0] in (0, 1)
    assert call("db", "backup", "without.backup")[0] == 0
    write(WITH)
    assert "nl_alert" in call("db", "upgrade")[1]
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM nl_alert_warning")).scalar_one() == 0
    assert set(left(database, "nl_alert").values()) == {0}
    (one,) = (one for one in json.loads(call("plugins", "list", "--json")[1]) if one["id"] == "nl_alert")
    assert (one["state"], one["errors"], one["off_in"]) == ("on", 0, [])


def test_a_backup_is_restored_without_a_plugin_that_was_removed(
    call: Call, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(WITHOUT)
    assert call("plugins", "remove", "nl_alert", "--without-export", "--yes")[0] == 0
    assert call("db", "backup", "without.backup")[0] == 0
    monkeypatch.setenv("BUURTWACHT_BUURTWACHT__DATABASE", f"sqlite:///{tmp_path}/second.db")
    assert call("db", "restore", "without.backup")[0] == 0
    assert call("db", "upgrade")[0] == 0
    second = Database(f"sqlite:///{tmp_path}/second.db")
    assert set(left(second, "rollcalls").values()) == {1}
    second.close()


@pytest.mark.parametrize(
    ("town", "words", "status", "said"),
    [
        (WITH, ("nl_alert", "--without-export", "--yes"), 1, "take [plugins.nl_alert] out of the configuration"),
        (WITHOUT, ("nl_alert", "--yes"), 2, "--without-export to keep nothing of it"),
        (WITHOUT, ("nl_alert", "--export", "x", "--without-export", "--yes"), 2, "--without-export to keep nothing"),
        (WITHOUT, ("nl_alert", "--without-export"), 2, "say --yes"),
        (WITHOUT, ("nl_alert", "--export", "members.csv", "--yes"), 1, "members.csv is there already"),
        (WITHOUT, ("nl_alert", "--export", "no/such/folder", "--yes"), 1, "cannot be written"),
        (WITHOUT, ("pigeons", "--without-export", "--yes"), 1, "nothing is kept of a plugin called pigeons"),
        (WITHOUT, ("nl", "--without-export", "--yes"), 1, "nothing is kept of a plugin called nl"),
        (WITHOUT, ("media", "--without-export", "--yes"), 1, "nothing is kept of a plugin called media"),
        (WITHOUT, ("core", "--without-export", "--yes"), 2, "not the id of a plugin"),
        (WITHOUT, ("nl_alert; drop", "--without-export", "--yes"), 2, "not the id of a plugin"),
    ],
)
def test_it_is_not_done(
    call: Call, database: Database, town: str, words: tuple[str, ...], status: int, said: str
) -> None:
    write(town)
    was, out, err = call("plugins", "remove", *words)
    assert (was, said in out + err) == (status, True), out + err
    assert set(left(database, "nl_alert").values()) == {1}
    assert not [one for one in Path().iterdir() if one.name.endswith(".part")]


def test_not_while_another_plugin_needs_it(call: Call, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(buurtwacht_rollcalls, "manifest", replace(buurtwacht_rollcalls.manifest, needs=("nl_alert",)))
    write(WITHOUT)
    status, _, err = call("plugins", "remove", "nl_alert", "--without-export", "--yes")
    assert (status, "rollcalls cannot do without nl_alert" in err) == (1, True)


def test_not_while_a_process_runs(call: Call, database: Database) -> None:
    write(WITHOUT)
    with beside_others(database):
        status, _, err = call("plugins", "remove", "nl_alert", "--without-export", "--yes")
    assert (status, "another running process" in err) == (2, True)
    assert set(left(database, "nl_alert").values()) == {1}


@pytest.mark.parametrize(("answer", "status", "rows"), [("n\n", 1, 1), ("y\n", 0, 0)])
def test_on_a_terminal_it_asks(
    call: Call, database: Database, monkeypatch: pytest.MonkeyPatch, answer: str, status: int, rows: int
) -> None:
    terminal = StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", terminal)
    write(WITHOUT)
    assert call("plugins", "remove", "nl_alert", "--without-export")[0] == status
    assert set(left(database, "nl_alert").values()) == {rows}


def test_the_tables_of_a_plugin_with_a_longer_name_stay(call: Call, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE nl_pigeon (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO nl_pigeon VALUES (1)"))
    write(WITHOUT)
    status, out, _ = call("plugins", "remove", "nl", "--without-export", "--yes")
    assert (status, "nl_pigeon: 1 row\n" in out, "nl_alert" in out) == (0, True, False), "its package is gone"
    with database.reading() as connection:
        tables = inspect(connection).get_table_names()
    assert "nl_pigeon" not in tables
    assert "nl_alert_warning" in tables


def test_no_history_is_taken_for_a_table_of_a_plugin(call: Call, database: Database) -> None:
    write(WITHOUT)
    status, out, err = call("plugins", "remove", "alembic", "--without-export", "--yes")
    assert (status, "nothing is kept of a plugin called alembic" in out + err) == (1, True)
    assert call("db", "upgrade")[1] == "the schema is that of this version already\n"


@pytest.fixture
def alert_maps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table of roll calls, whose code is here, with a name like those of another plugin."""

    class MapsSeen(Record, plugin="rollcalls"):
        """What roll calls would not have."""

        rollcall: int

    yield
    metadata_of("rollcalls").remove(MapsSeen.__table__)


@pytest.mark.usefixtures("alert_maps")
def test_a_table_that_one_declares_is_not_removed_with_another(call: Call, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE rollcalls_maps_seen (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE rollcalls_maps_tile (id INTEGER PRIMARY KEY)"))
    write(WITHOUT)
    status, out, _ = call("plugins", "remove", "rollcalls_maps", "--without-export", "--yes")
    assert (status, "rollcalls_maps_tile" in out, "rollcalls_maps_seen" in out) == (0, True, False)
    write(WITH.replace("[plugins.rollcalls]", ""))
    status, out, _ = call("plugins", "remove", "rollcalls", "--without-export", "--yes")
    assert (status, "rollcalls_maps_seen" in out) == (0, True)


@pytest.mark.parametrize("ident", ["media", "plugin", "alembic", "alembic_version", "sqlite", "pg_x", "plugin_error"])
def test_an_id_of_which_tables_could_be_the_cores_is_refused(ident: str) -> None:
    module = ModuleType("albums")
    module.__dict__.update(manifest=Manifest(id=ident, name="Albums", version="1"))
    with pytest.raises(ConfigurationError, match="give it another id"):
        Plugins(Catalogues()).load([module])


@pytest.mark.parametrize("ident", ["albums", "media_albums", "core_values", "pgp", "lost_pets", "lost"])
def test_other_ids_are_not(ident: str) -> None:
    assert not reserved(ident)


def test_a_table_with_the_name_of_one_of_another_plugin_is_refused_where_both_are_here() -> None:
    class PetsFound(Record, plugin="lost"):
        """Its table is lost_pets_found."""

        pet: int

    modules = []
    for ident in ("lost", "lost_pets"):
        module = ModuleType(ident)
        module.__dict__.update(manifest=Manifest(id=ident, name=ident, version="1"))
        modules.append(module)
    with pytest.raises(ConfigurationError, match="the table lost_pets_found of lost has the name of one of lost_pets"):
        Plugins(Catalogues()).load(modules)
    metadata_of("lost").remove(PetsFound.__table__)
    Plugins(Catalogues()).load(modules)


@pytest.fixture
def pigeons(call: Call, database: Database) -> None:
    """What a plugin kept of which the package is gone."""
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE pigeons_loft (id INTEGER PRIMARY KEY, name VARCHAR(40))"))
        connection.execute(text("INSERT INTO pigeons_loft VALUES (1, 'Meidoornstraat')"))
        connection.execute(text("CREATE TABLE alembic_version_pigeons (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version_pigeons VALUES ('pigeons_0001')"))
        of = {"plugin": "pigeons", "neighbourhood_id": 0}
        connection.execute(insert(setting), {**of, "name": "n", "value": 1})


@pytest.fixture
def second(url: str, tmp_path: Path) -> str:
    """Another database, an empty one of the same kind."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/second.db"
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS removal_second WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE removal_second"))
    return url.replace("/removal", "/removal_second")


def test_a_backup_with_tables_of_a_package_that_is_gone_says_so_and_is_restored_without_them(
    call: Call, pigeons: None, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = "install it, or erase what it kept: buurtwacht plugins remove pigeons --export pigeons.jsonl"
    status, out, err = call("db", "backup", "all.backup")
    assert (status, out) == (0, "backup: all.backup\n")
    assert err == f"pigeons is not installed here, and the backup holds its tables: {mend}\n"

    monkeypatch.setenv("BUURTWACHT_BUURTWACHT__DATABASE", second)
    status, _, err = call("db", "restore", "all.backup")
    assert (status, "restore the rest: buurtwacht db restore FILE --without pigeons" in err) == (1, True)
    for plugin, wrong, said in (
        ("owls", 2, "nl_alert, pigeons"),
        ("core", 2, "called core"),
        ("nl_alert", 1, "in use"),
    ):
        status, _, err = call("db", "restore", "all.backup", "--without", plugin)
        assert (status, said in err) == (wrong, True), err
    status, out, err = call("db", "restore", "all.backup", "--without", "pigeons")
    assert (status, err, "nothing of pigeons was restored\n" in out) == (0, "", True), out + err
    restored = Database(second)
    assert set(left(restored, "pigeons").values()) == {0}
    assert set(left(restored, "nl_alert").values()) == {1}
    with restored.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM nl_alert_warning")).scalar_one() == 1
        assert not [one for one in inspect(connection).get_table_names() if "pigeons" in one]
    restored.close()
    assert call("db", "upgrade")[1] == "the schema is that of this version already\n"
    assert call("db", "backup", "rest.backup") == (0, "backup: rest.backup\n", "")


def test_what_is_exported_of_a_package_that_is_gone_has_no_version(call: Call, pigeons: None) -> None:
    assert call("plugins", "remove", "pigeons", "--export", "pigeons.jsonl", "--yes")[0] == 0
    header, loft, chosen = (json.loads(line) for line in Path("pigeons.jsonl").read_text().splitlines())
    assert (header["version"], header["revision"], header["rows"]) == (None, "pigeons_0001", 2)
    assert (loft["row"]["name"], chosen["row"]["name"]) == ("Meidoornstraat", "n")


def test_check_says_that_what_was_set_of_a_plugin_outside_the_file_does_not_count(
    call: Call, database: Database
) -> None:
    write(WITHOUT)
    found = {one["about"]: one for one in json.loads(call("check", "--json")[1])}
    for about, was in (("nl_alert.n", "set to 1"), ("nl_alert.plugins_off", "switched off")):
        said = f"was {was} by command (TB); nl_alert does not stand in the file, so it does not count"
        assert (found[about]["state"], found[about]["finding"]) == ("note", said)
        assert call(*found[about]["mend"].partition("run: buurtwacht ")[2].split())[0] == 0
    assert "the file does not count" in found["rollcalls.plugins_off"]["finding"]


def test_check_names_the_tables_of_a_package_that_is_gone(call: Call, pigeons: None) -> None:
    found = {one["about"]: one for one in json.loads(call("check", "--json")[1])}["plugin pigeons"]
    assert (found["state"], "is not installed" in found["finding"]) == ("warning", True)
    assert "buurtwacht plugins remove pigeons" in found["mend"]
    assert call("plugins", "remove", "pigeons", "--without-export", "--yes")[0] == 0
    assert "pigeons" not in call("check", "--json")[1]


def test_nothing_is_moved_with_tables_that_could_not_be_moved(call: Call, pigeons: None, second: str) -> None:
    status, _, err = call("db", "move", second)
    assert (status, "buurtwacht plugins remove pigeons" in err) == (1, True)
