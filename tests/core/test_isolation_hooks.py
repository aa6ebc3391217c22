"""Isolation: whatever a plugin breaks, in whichever hook or handler, is its own; the alert of another is on time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from tests.core.spoiler import AT_THE_START, HOOKS, KINDS, LINE, SPOILER, TELLS, URL, WAYS, in_handler, in_hook, plugin

from buurtwacht import Command, ConfigurationError, Context, Page, PageRequest, hookimpl
from buurtwacht.cli import plugins as listing
from buurtwacht.host import auditing, hookspecs, housekeeping
from buurtwacht.testing import World, visit

STREETS = ["Meidoornstraat", "Kastanjelaan"]


class Town:
    """Neighbours, and the plugin that spoils something among them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tolberg = world.neighbourhood(
            "TB", "Tolberg", municipality="Roosendaal", streets=STREETS, quiet_hours=None
        )
        self.fatima = self.tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
        self.henk = self.tolberg.member("Henk", channel="whatsapp")
        self.ans = self.tolberg.member("Ans", channel="telegram", roles=("member", "admin"))
        self.anja = world.official("Anja", "police", municipality="Roosendaal", channel="telegram")
        self.link = ""
        self.tries = self.alerts = 0

    def alert(self) -> None:
        """Fatima reports something; Henk has it within two seconds."""
        street = STREETS[self.alerts]
        self.alerts += 1
        self.fatima.says(f"inbraak gaande {street}, twee mannen met breekijzer")
        self.fatima.taps("Ja, door mij")
        self.world.advance(seconds=2)
        assert any(street in one.text for one in self.henk.received)


def _tell(hook: str, **facts: Any) -> Callable[[Town], object]:
    def tell(town: Town) -> None:
        own = {**facts, "person": town.world.person_id(town.henk)}
        if "neighbourhood" in hookspecs_parameters(hook):
            own["neighbourhood"] = town.tolberg.id
        with town.world.context("members", town.tolberg) as ctx:
            ctx.tell(hook, **own)

    return tell


def hookspecs_parameters(hook: str) -> list[str]:
    """Return the names of what a hook is given."""
    return list(getattr(hookspecs, hook).__code__.co_varnames)


def _export(town: Town) -> None:
    with town.world.context("members", town.tolberg) as ctx:
        found = ctx.export_all(town.world.person_id(town.henk))
    assert found["members"] is not None
    assert found[SPOILER] is None


#: What sets each hook off, once. A new hook needs a line here.
SETS_OFF: dict[str, Callable[[Town], object]] = {
    "recognise": lambda town: town.ans.says("de merel zingt"),
    "recognise_official": lambda town: town.anja.says("de merel zingt"),
    "still_open": lambda town: housekeeping.sweep(town.world._core, town.world._core.clock.now()),
    "under_way": lambda town: auditing.suspicions(town.world._core, town.world._core.clock.now()),
    "export_person": _export,
    "member_joined": _tell("member_joined"),
    "member_left": _tell("member_left"),
    "official_dismissed": _tell("official_dismissed", kind="police", municipality="Roosendaal"),
    "erase_person": lambda town: _nobody_is_erased(town),
    "welcome_person": _tell("welcome_person"),
    "message_edited": _tell("message_edited", message="m1", text="anders"),
    "message_deleted": _tell("message_deleted", message="m1"),
    "media_arrived": _tell("media_arrived", message="m1", media=1, mime="image/png", taken_by=""),
}


def _nobody_is_erased(town: Town) -> None:
    with town.world.context("members", town.tolberg) as ctx:
        ctx.tell("erase_person", person=1)


def test_every_hook_there_is_has_its_story_here() -> None:
    assert {*SETS_OFF, *AT_THE_START} == set(HOOKS)
    assert set(TELLS) <= set(SETS_OFF)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hook", AT_THE_START)
def test_what_fails_at_the_start_is_refused_by_name(hook: str, way: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"plugin spoiler: {hook}\(\) failed: {way}: "):
        World(plugins=[in_hook(hook, WAYS[way])])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hook", SETS_OFF)
def test_an_error_in_a_hook_is_that_plugins_alone(hook: str, way: str) -> None:
    heard: list[str] = []
    spoils = [True]
    one, other = (in_hook(hook, lambda: heard.append(hook), name) for name in ("first", "last"))
    # They are asked in order of the list: one stands on either side.
    with World(plugins=[one, in_hook(hook, lambda: WAYS[way]() if spoils else None), other]) as world:
        town = Town(world)
        with world.expects_error(SPOILER):
            SETS_OFF[hook](town)
            assert len(heard) == 2, "the others were asked or told all the same"
            town.alert()
            blamed(world)
            _until_paused(town, SETS_OFF[hook], pauses=hook != "under_way")
            spoils.clear()
            _works_again(town, pauses=hook != "under_way")


def _outside(answer: object) -> Callable[[Town], object]:
    def ask(town: Town) -> None:
        town.tries += 1
        town.world.outside(URL, [town.tries] if answer == "new" else answer)
        town.world.advance(seconds=30)

    return ask


def _says(*words: str, tap: str = "", later: int = 0) -> Callable[[Town], object]:
    def say(town: Town) -> None:
        for one in words:
            town.ans.says(one)
        if tap:
            town.world.advance(seconds=5)
            town.ans.taps(tap)
        town.world.advance(seconds=later)

    return say


def _state(town: Town) -> None:
    """A source falls silent for long enough, or is heard again."""
    town.tries += 1
    town.world.outside(URL, [] if town.tries % 2 else 500)
    town.world.advance(minutes=2)


def _feed(town: Town) -> None:
    if not town.link:
        town.ans.says("knock link")
        town.world.advance(seconds=5)
        town.link = town.ans.last.text.partition(": ")[2]
    assert visit(town.world, town.link).status_code in (404, 500)


def _page(town: Town) -> None:
    assert visit(town.world, "/spoiler").status_code == 503


DOES: dict[str, Callable[[Town], object]] = {
    "command": _says("knock x"),
    "recognised": _says("kwetter"),
    "timer": _says("knock alone", later=2),
    "timers together": _says("knock many", later=2),
    "answer": _says("knock ask", tap="Kaart: here"),
    "feed": _feed,
    "page": _page,
    "fetch": _outside([]),
    "heard": _outside("new"),
    "state": _state,
}


#: What people from outside ask for, as often as they like: that never pauses a plugin.
VISITED = ("page", "feed")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_in_a_handler_is_that_plugins_alone(kind: str, way: str) -> None:
    with World(plugins=[in_handler(kind, WAYS[way])]) as world:
        town = Town(world)
        with world.expects_error(SPOILER):
            while not world._core.health.errors.get(SPOILER):
                DOES[kind](town)
            town.alert()
            blamed(world)
            _until_paused(town, DOES[kind], pauses=kind not in VISITED)
        _works_again(town, pauses=kind not in VISITED)


def blamed(world: World) -> None:
    """The log and the metrics name who it was, and `plugins list` does unless it is only counted there."""
    lines = [json.loads(one) for one in world.journal.text.splitlines() if "plugin failed" in one]
    assert {one["plugin"] for one in lines} == {SPOILER}
    assert all(one["trace"] and one["at"].startswith(("spoiler.py:", "<string>:")) for one in lines)
    metrics = visit(world, "/metrics").text
    assert re.search(r'buurtwacht_plugin_errors\{plugin="spoiler"\} [1-9]', metrics)
    assert 'buurtwacht_plugin_errors{plugin="alerts"} 0.0' in metrics


def listed(world: World) -> dict[str, Any]:
    """Return how `plugins list` shows the spoiler."""
    return next(one for one in listing._rows(SimpleNamespace(core=world._core)) if one["id"] == SPOILER)  # type: ignore[arg-type]


def _until_paused(town: Town, again: Callable[[Town], object], *, pauses: bool = True) -> None:
    """R51: five errors within ten minutes pause it, and the admins hear its id and a trace id."""
    for _ in range(12):
        if listed(town.world)["state"] == "paused":
            break
        again(town)
    town.world.advance(seconds=10)
    row = listed(town.world)
    assert row["state"] == ("paused" if pauses else "on")
    if pauses:
        assert row["errors"] == 5
        trace = re.search(r"trace (\w+)", row["reason"])
        assert trace is not None
        assert any(SPOILER in one.text and trace[1] in one.text for one in town.ans.received)
        assert not any(trace[1] in one.text and "onderdeel" in one.text.lower() for one in town.henk.received)


def _works_again(town: Town, *, pauses: bool = True) -> None:
    if pauses:
        assert town.world._core.health.resume(SPOILER)
    assert listed(town.world)["state"] == "on"
    town.alert()


def test_strangers_who_break_a_page_take_no_command_away() -> None:
    def show(ctx: Context, asked: PageRequest) -> str:
        return str(int(asked.query["n"]))

    def answer(ctx: Context) -> None:
        ctx.reply(LINE)

    pages, commands = (lambda: [Page("/n", show)]), (lambda: [Command("toon", answer)])
    with World(plugins=[plugin(SPOILER, pages=hookimpl(pages), commands=hookimpl(commands))]) as world:
        town = Town(world)
        with world.expects_error(SPOILER):
            for _ in range(6):
                assert visit(world, "/n?n=x").status_code == 503
            world.advance(seconds=10)
            assert 'buurtwacht_plugin_errors{plugin="spoiler"} 6.0' in visit(world, "/metrics").text
        assert visit(world, "/n?n=7").text == "7"
        town.henk.says("toon")
        assert town.henk.last.text == "Kaart: here"
        assert listed(world)["state"] == "on"
