"""Permissions: what a manifest does not ask for is refused, counted and written down, whatever the plugin does then."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import (
    Command,
    ConfigurationError,
    Context,
    Manifest,
    Message,
    PermissionRefused,
    PersonId,
    PersonNumber,
    PluginError,
    Record,
    Severity,
    Text,
    Thread,
    hookimpl,
    timer,
)
from buurtwacht.host.permissions import PERMISSIONS
from buurtwacht.testing import World, visit

DEFAULT = frozenset({"store", "timers", "send:opted_in"})
LINE = Text("message.map", domain="core", link="here")


@timer("later")
def later(ctx: Context) -> None:
    """Do nothing, later."""


def plugin(ident: str, run: Callable[[Context], object], permissions: frozenset[str] = DEFAULT) -> ModuleType:
    """Make a plugin with one command, `probeer`, that does one thing."""

    def attempt(ctx: Context) -> None:
        run(ctx)
        ctx.reply(LINE)

    @hookimpl
    def commands() -> list[Command]:
        return [Command("probeer", attempt)]

    module = ModuleType(ident)
    module.manifest = Manifest(id=ident, name=ident, version="1", permissions=permissions)  # type: ignore[attr-defined]
    module.commands = commands  # type: ignore[attr-defined]
    if "timers" in permissions:
        module.later = later  # type: ignore[attr-defined]
    return module


def somebody_else(ctx: Context) -> PersonId:
    """Return the id of a neighbour without asking the context for it: the test knows it."""
    return PersonId(OTHER[0])


OTHER: list[int] = []

#: What a plugin does, and which permission that takes.
DEEDS: dict[str, tuple[str, Callable[[Context], object]]] = {
    "records": ("store", lambda ctx: ctx.records),
    "number": ("store", lambda ctx: ctx.number("X")),
    "keep": ("store", lambda ctx: ctx.keep(b"x", "x.txt", "text/plain", until=ctx.now)),
    "extend_media": ("store", lambda ctx: ctx.extend_media(1, ctx.now)),
    "later": ("timers", lambda ctx: ctx.later(ctx.now, "later")),
    "later_all": ("timers", lambda ctx: ctx.later_all("later", {"a": (ctx.now, {})})),
    "opted in": ("send:opted_in", lambda ctx: ctx.broadcast(ctx.audience.opted_in(), LINE, Severity.INFO)),
    "reached by": ("send:opted_in", lambda ctx: ctx.broadcast(ctx.audience.reached_by(7), LINE, Severity.INFO)),
    "members": ("send:members", lambda ctx: ctx.broadcast(ctx.audience.members(), LINE, Severity.INFO)),
    "opted in, and groups": (
        "send:members",
        lambda ctx: ctx.broadcast(ctx.audience.opted_in().and_groups(), LINE, Severity.INFO),
    ),
    "reached by, and groups": (
        "send:members",
        lambda ctx: ctx.broadcast(ctx.audience.reached_by(7).and_groups(), LINE, Severity.INFO),
    ),
    "opted in to another": (
        "send:members",
        lambda ctx: ctx.broadcast(type(ctx.audience)("alerts", ctx.neighbourhood).opted_in(), LINE, Severity.INFO),
    ),
    "send": ("send:members", lambda ctx: ctx.send(somebody_else(ctx), LINE)),
    "send_each": ("send:members", lambda ctx: ctx.send_each({somebody_else(ctx): LINE})),
    "ask": ("send:members", lambda ctx: ctx.ask(somebody_else(ctx), Message(LINE), "x")),
    "ask_all": ("send:members", lambda ctx: ctx.ask_all([somebody_else(ctx)], Message(LINE), "x")),
    "ask_each": ("send:members", lambda ctx: ctx.ask_each({somebody_else(ctx): Message(LINE)}, "x")),
    "ask_again": ("send:members", lambda ctx: ctx.ask_again([], Message(LINE), "x", thread=1)),
    "another's thread": ("send:threads", lambda ctx: ctx.reply(LINE, thread=Thread("alerts", 1, "TB-0001"))),
    "asked in another's thread": (
        "send:threads",
        lambda ctx: ctx.ask(ctx.person, Message(LINE), "x", thread=Thread("alerts", 1, "TB-0001")),
    ),
    "names": ("read:names", lambda ctx: ctx.names()),
    "all members": ("read:names", lambda ctx: ctx.members()),
    "people": ("read:names", lambda ctx: ctx.people([ctx.person.id, somebody_else(ctx)])),
    "muted": ("read:names", lambda ctx: ctx.muted()),
    "role_holders": ("read:names", lambda ctx: ctx.role_holders()),
    "name_of": (
        "read:names",
        lambda ctx: ctx.reply(Text("message.map", domain="core", link=ctx.name_of(somebody_else(ctx)))),
    ),
    "media_link": ("read:media", lambda ctx: ctx.media_link(1)),
    "number of somebody": (
        "share:numbers",
        lambda ctx: ctx.reply(Text("message.map", domain="core", link=PersonNumber(ctx.person.id))),
    ),
    "outside": ("outside", lambda ctx: ctx.outside("x")),
    "directory": ("people", lambda ctx: ctx.directory),
    "export_all": ("people", lambda ctx: ctx.export_all(ctx.person.id)),
    "tell of the core": ("people", lambda ctx: ctx.tell("erase_person", person=somebody_else(ctx))),
}


def attempt(deed: Callable[[Context], object], permissions: frozenset[str]) -> tuple[list[BaseException], World, str]:
    """Let somebody use a command that swallows what comes of a deed; return that, and what the world looks like."""
    caught: list[BaseException] = []

    def swallow(ctx: Context) -> None:
        try:
            deed(ctx)
        except Exception as error:
            caught.append(error)

    world = World(plugins=[plugin("spy", swallow, permissions)])
    tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram")
    OTHER[:] = [world.person_id(tolberg.member("Henk", channel="whatsapp"))]
    fatima.says("probeer")
    return caught, world, fatima.last.text


@pytest.mark.parametrize("deed", DEEDS)
def test_what_no_permission_was_asked_for_is_refused_and_written_down(deed: str) -> None:
    permission, run = DEEDS[deed]
    caught, world, said = attempt(run, frozenset(PERMISSIONS) - {permission, "send:members"} - _larger(permission))
    with world:
        (refusal,) = caught
        assert isinstance(refusal, PermissionRefused)
        assert (refusal.plugin, refusal.permission) == ("spy", permission)
        assert f'"{permission}"' in refusal.line
        assert refusal.line in str(refusal)
        (entry,) = [one for one in world.audit() if one.event == "permission_refused"]
        assert (entry.actor, entry.subject) == ("plugin:spy", f"permission:{permission}")
        assert said == "Kaart: here", "who catches the error goes on"


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_asked_for_is_not_refused(deed: str) -> None:
    permission, run = DEEDS[deed]
    alone = frozenset({permission}) | ({"read:names"} if deed == "name_of" else set())
    caught, world, _ = attempt(run, alone | ({"people"} if deed == "export_all" else set()))
    assert not any(isinstance(one, PermissionRefused) for one in caught), caught
    assert not [one for one in world.audit() if one.event == "permission_refused"]
    with world.expects_error("alerts"):  # the erasure of somebody who was not erased
        pass
    world.close(check=False)


def _larger(permission: str) -> set[str]:
    return {"send:members"} if permission == "send:opted_in" else set()


@pytest.mark.parametrize(
    "deed",
    [
        lambda ctx: ctx.people([ctx.person.id]),
        lambda ctx: ctx.send(ctx.person, LINE),
        lambda ctx: ctx.ask(ctx.person, Message(LINE), "x"),
        lambda ctx: ctx.reply(Text("message.map", domain="core", link=ctx.name_of(ctx.person))),
    ],
)
def test_whoever_speaks_may_be_spoken_to_and_named(deed: Callable[[Context], object]) -> None:
    caught, world, _ = attempt(deed, frozenset())
    world.close(check=False)
    assert caught == []


def test_a_refusal_in_a_loop_is_counted_each_time_and_written_down_once() -> None:
    def insist(ctx: Context) -> None:
        for _ in range(1000):
            with pytest.raises(PermissionRefused):
                ctx.members()

    with World(plugins=[plugin("spy", insist)]) as world:
        fatima = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Fatima", channel="telegram")
        fatima.says("probeer")
        fatima.says("probeer")
        assert len([one for one in world.audit() if one.event == "permission_refused"]) == 1
        world.advance(minutes=2)
        fatima.says("probeer")
        assert len([one for one in world.audit() if one.event == "permission_refused"]) == 2
        assert world.journal.text.count("was refused") == 1
        metrics = visit(world, "/metrics").text
        assert 'buurtwacht_plugin_refusals{plugin="spy",what="read:names"} 3000.0' in metrics


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_refusal_pauses_as_any_error_does_and_keeps_nothing_of_the_handler(database: str) -> None:
    class Secret(Record, plugin="spy"):
        word: str

    def overreach(ctx: Context) -> None:
        ctx.records.add(Secret(word="x"))
        ctx.broadcast(ctx.audience.members(), LINE, Severity.CRITICAL)

    with World(plugins=[plugin("spy", overreach)], database=database) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima, henk = (tolberg.member("Fatima", channel="telegram"), tolberg.member("Henk", channel="whatsapp"))
        admin = tolberg.member("Ans", channel="telegram", roles=("member", "admin"))
        with world.expects_error("spy"):
            for _ in range(5):
                fatima.says("probeer")
        assert "spy" in admin.last.text
        fatima.says("probeer")
        world.advance(seconds=10)
        assert "probeer" in fatima.last.text
        assert "kenmerk" not in fatima.last.text
        assert henk.received == []
        with world.context("spy", None) as ctx:
            assert ctx.records.find(Secret) == []


# --- another plugin's tables -----------------------------------------------------------------------------------------


def test_a_name_that_begins_with_that_of_another_plugin_opens_none_of_its_tables() -> None:
    class Case(Record, plugin="spy_extra"):
        word: str

    touched: list[str] = []

    def pry(ctx: Context) -> None:
        for deed in (
            lambda: ctx.records.find(Case),
            lambda: ctx.records.count(Case),
            lambda: ctx.records.get(Case, 1),
            lambda: ctx.records.add(Case(word="x")),
            lambda: ctx.records.add_all(Case, []),
            lambda: ctx.records.change_all(Case, word="y"),
            lambda: ctx.records.remove_all(Case),
            lambda: ctx.records.remove(Case(word="x")),
        ):
            with pytest.raises(PluginError, match="spy_extra_case: it is another plugin's, of spy_extra"):
                deed()
            touched.append("refused")

    with World(plugins=[plugin("spy", pry), plugin_without_words("spy_extra")]) as world:
        world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Fatima", channel="telegram").says("probeer")
        assert len(touched) == 8
        assert [one.subject for one in world.audit() if one.event == "permission_refused"] == ["table:spy_extra_case"]


def plugin_without_words(ident: str) -> ModuleType:
    """Make a plugin that does nothing."""
    module = ModuleType(ident)
    module.manifest = Manifest(id=ident, name=ident, version="1")  # type: ignore[attr-defined]
    return module


def test_a_message_of_another_plugin_is_neither_replaced_nor_withdrawn() -> None:
    shown: list[Any] = []

    def meddle(ctx: Context) -> None:
        for deed in (
            lambda: ctx.broadcast(ctx.audience.opted_in(), LINE, Severity.INFO, replaces=shown[0]),
            lambda: ctx.withdraw(shown[0]),
        ):
            with pytest.raises(PluginError, match="another plugin's"):
                deed()
        shown.append("refused")

    with World(plugins=[plugin("spy", meddle)]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        henk = tolberg.member("Henk", channel="telegram")
        with world.context("core", tolberg) as ctx:
            shown.append(ctx.broadcast(ctx.audience.members(), LINE, Severity.INFO))
        henk.says("probeer")
        assert shown[1:] == ["refused"]


# --- at the start ----------------------------------------------------------------------------------------------------


def package(folder: Path, name: str, body: str, manifest: str) -> Path:
    """Write a plugin as a module."""
    path = folder / f"{name}.py"
    path.write_text(
        f"from buurtwacht import Context, Manifest, Record, timer\n\nmanifest = Manifest({manifest})\n\n{body}\n"
    )
    return path


STARTS = [
    (
        'permissions=frozenset({"send:member"})',
        "",
        "asks for the permission 'send:member', .*did you mean send:members",
    ),
    ('permissions=frozenset({"fly"})', "", "asks for the permission 'fly', which does not exist .*send:opted_in"),
    ('permissions="store"', "", "asks for its permissions in one text, not in a set"),
    (
        'permissions=frozenset({"store"})',
        '@timer("due")\ndef due(ctx: Context) -> None:\n    pass',
        r"has the timer 'due' \(add \"timers\" to the permissions",
    ),
    (
        'permissions=frozenset({"timers"})',
        "class Thing(Record):\n    word: str",
        r"keeps records, in starts_thing \(add \"store\" to the permissions",
    ),
]


@pytest.mark.parametrize(("asked", "body", "said"), STARTS)
def test_what_is_seen_at_the_start_is_a_fault(
    asked: str, body: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package(tmp_path, "starts", body, f'id="starts", name="Starts", version="1", {asked}')
    module = _fresh("starts", monkeypatch)
    with pytest.raises(ConfigurationError, match=said), World(plugins=[module]):
        pass


def test_a_package_that_declares_a_table_of_another_plugin_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package(
        tmp_path, "thief", 'class Loot(Record, plugin="vault"):\n    word: str', 'id="thief", name="T", version="1"'
    )
    package(tmp_path, "vault", "", 'id="vault", name="V", version="1"')
    modules = [_fresh("thief", monkeypatch), _fresh("vault", monkeypatch)]
    with pytest.raises(ConfigurationError) as caught, World(plugins=modules):
        pass
    (fault,) = caught.value.faults
    assert str(fault).startswith("plugin thief: declares the table vault_loot (thief), which belongs to vault")


def test_two_plugins_whose_tables_would_be_one_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package(tmp_path, "pond", "class DeepEnd(Record):\n    word: str", 'id="pond", name="P", version="1"')
    package(tmp_path, "pond_deep", "class End(Record):\n    word: str", 'id="pond_deep", name="P", version="1"')
    modules = [_fresh("pond", monkeypatch), _fresh("pond_deep", monkeypatch)]
    with pytest.raises(ConfigurationError, match="plugins pond and pond_deep: both keep a table pond_deep_end"):
        World(plugins=modules)


def _fresh(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module(name)
    monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, name, module)
    return module


def _named(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.FunctionDef(name=name):
            return name
    return ""


# --- what is built in ------------------------------------------------------------------------------------------------

BUILT_IN = sorted((Path(__file__).parents[2] / "plugins").glob("buurtwacht_*"))


@pytest.mark.parametrize("folder", BUILT_IN, ids=lambda one: one.name)
def test_what_is_built_in_asks_for_nothing_it_never_uses(folder: Path) -> None:
    sources = [one for one in folder.rglob("*.py") if one.name != "testing.py" and "migrations" not in one.parts]
    used = {name for one in sources for node in ast.walk(ast.parse(one.read_text())) if (name := _named(node))}
    asked = importlib.import_module(folder.name).manifest.permissions
    unused = [one for one in asked if used.isdisjoint(PERMISSIONS[one].calls)]
    assert unused == []


def test_the_page_has_the_table_as_the_code_has_it() -> None:
    page = (Path(__file__).parents[2] / "docs" / "plugins" / "permissions.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 4]
    table = []
    for one in PERMISSIONS.values():
        calls = ", ".join(f"`{call}`" for call in one.calls)
        table.append(f"| `{one.name}` | {one.allows} | {calls} |")
    assert [line for line in rows if line.split("`")[1] in PERMISSIONS] == table
