"""Who does not answer holds nobody up: a plugin that hangs where it is asked is left behind, named, and paused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import Guess, Hearing, Rank, Text, hookimpl
from buurtwacht.host import auditing, housekeeping, in_time, recognising
from buurtwacht.testing import World, visit

from .spoiler import SPOILER, in_handler, in_hook, plugin
from .test_isolation_hooks import Town

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
#: Seconds of patience in these tests: nobody is to wait for long.
BRIEF = 0.3


class Gate:
    """Where a plugin hangs until the test lets it go; `inside` counts who is there."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = 0

    def __call__(self) -> None:
        self.inside += 1
        self.open.wait(30)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    for room, name in (
        (recognising, "PATIENCE"),
        (recognising, "PRESSED"),
        (auditing, "PATIENTLY"),
        (housekeeping, "PATIENTLY"),
    ):
        monkeypatch.setattr(room, name, BRIEF)
    monkeypatch.setattr("buurtwacht.host.context.PATIENTLY", BRIEF)
    monkeypatch.setattr("buurtwacht.host.feeds.AT_ONCE", BRIEF)
    monkeypatch.setattr("buurtwacht.edge.web.AT_ONCE", BRIEF)
    monkeypatch.setattr(in_time, "AT_THE_START", 1.0)  # all plugins are asked, also those that are in order
    gate = Gate()
    yield gate
    gate.open.set()


@pytest.mark.parametrize("database", BOTH)
@pytest.mark.parametrize("hook", ["recognise", "recognise_official"])
def test_a_report_waits_for_nobody_who_hangs_in_recognising(hook: str, database: str, gate: Gate) -> None:
    with World(plugins=[in_hook(hook, gate)], database=database) as world:
        town = Town(world)
        with world.expects_error(SPOILER):
            if hook == "recognise_official":
                town.anja.says("de merel zingt")
            town.alert()
            assert gate.inside == 1
            town.ans.says("de merel zingt")
            assert gate.inside == 1, "while a thread hangs there, no second one is sent after it"
            assert town.ans.received, "he is answered by the others"
            (line,) = [json.loads(one) for one in world.journal.text.splitlines() if "plugin failed" in one]
            assert (line["plugin"], line["where"], line["error"]) == (SPOILER, hook, "TooSlow")
            assert line["at"].startswith("test_in_time.py:"), "where in its code it hangs"
            gate.open.set()
            _let_come_back(world)
        assert not world._core.in_time.is_stuck(SPOILER)


def _let_come_back(world: World) -> None:
    for _ in range(30_000):
        if not world._core.in_time.is_stuck(SPOILER):
            return
        threading.Event().wait(0.001)
    raise AssertionError("the thread that hung did not come back")


def test_five_times_too_slow_pauses_it_and_its_admins_hear_of_it(gate: Gate) -> None:
    with World(plugins=[in_hook("recognise", gate)]) as world:
        town = Town(world)
        with world.expects_error(SPOILER):
            for _ in range(5):
                gate.open.clear()
                town.henk.says("de merel zingt")
                gate.open.set()
                _let_come_back(world)
                world.advance(seconds=10)
            assert world._core.health.is_paused(SPOILER)
            assert any(SPOILER in one.text for one in town.ans.received)
            town.alert()


def likes_it(ident: str) -> ModuleType:
    """Make a plugin that knows one text."""

    def taken(ctx: Any, text: str) -> None:
        ctx.reply(Text("message.map", domain="core", link=ident))

    @hookimpl
    def recognise(hearing: Hearing) -> Guess | None:
        return Guess(taken, 1.0, Rank.OTHER) if hearing.text == "kwetter" else None

    return plugin(ident, recognise=recognise)


def test_who_is_asked_after_the_one_that_hangs_is_heard(gate: Gate) -> None:
    for order in ([likes_it("before"), in_hook("recognise", gate)], [in_hook("recognise", gate), likes_it("after")]):
        with World(plugins=order) as world:
            town = Town(world)
            with world.expects_error(SPOILER):
                town.ans.says("kwetter")
                assert town.ans.last.text.startswith("Kaart: ")


def test_what_runs_by_itself_goes_on_without_who_hangs(gate: Gate) -> None:
    modules = [in_hook("under_way", gate, "lazy"), in_hook("still_open", gate), in_hook("export_person", gate, "slow")]
    with World(plugins=modules) as world:
        town = Town(world)
        core = world._core
        with world.expects_error("lazy"), world.expects_error(SPOILER), world.expects_error("slow"):
            _, silent = auditing.suspicions(core, core.clock.now())
            assert silent == {"lazy"}
            assert housekeeping.sweep(core, core.clock.now()) is not None
            with world.context("members", town.tolberg) as ctx:
                found = ctx.export_all(world.person_id(town.henk))
            assert found["slow"] is None
            assert found["members"] is not None
            assert core.health.errors == {"lazy": 1, SPOILER: 1, "slow": 1}
            gate.open.set()
            for ident in ("lazy", SPOILER, "slow"):
                while core.in_time.is_stuck(ident):
                    threading.Event().wait(0.001)


def test_who_comes_back_while_he_is_given_up_is_asked_again(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    came_back = in_time.InTime.came_back
    seen: list[str] = []

    def note(self: in_time.InTime, question: in_time.Question) -> None:
        came_back(self, question)
        seen.append(question.plugin)

    def look(frame: object) -> str:
        gate.open.set()
        for _ in range(200):
            if seen:
                break
            threading.Event().wait(0.001)
        return ""

    monkeypatch.setattr(in_time.InTime, "came_back", note)
    monkeypatch.setattr(in_time, "place_in", look)
    with World() as world, world.expects_error("alerts"):
        asked = world._core.in_time
        assert asked.ask_one(in_time.Question("alerts", "recognise", lambda unit: gate()), BRIEF) is None
        for _ in range(30_000):
            if seen:
                break
            threading.Event().wait(0.001)
        assert not asked.is_stuck("alerts")
        assert asked.ask_one(in_time.Question("alerts", "recognise", lambda unit: "here"), BRIEF) == "here"


@pytest.mark.parametrize("kind", ["page", "feed"])
def test_whoever_visits_a_page_that_hangs_is_answered_and_uses_up_no_thread(kind: str, gate: Gate) -> None:
    with World(plugins=[in_handler(kind, gate)]) as world:
        town = Town(world)
        town.ans.says("knock link")
        world.advance(seconds=5)
        url = "/spoiler" if kind == "page" else town.ans.last.text.partition(": ")[2]
        with world.expects_error(SPOILER):
            for _ in range(6):
                assert visit(world, url).status_code in (500, 503)
            assert gate.inside == 1
            gate.open.set()
            _let_come_back(world)
            assert visit(world, url).status_code == 200


@pytest.mark.parametrize("hook", ["commands", "reserved_words", "pages", "sources"])
def test_one_that_hangs_at_the_start_is_refused_by_name(hook: str, gate: Gate) -> None:
    with pytest.raises(Exception, match=rf"plugin spoiler: {hook}\(\) does not end within"):
        World(plugins=[in_hook(hook, gate)])
