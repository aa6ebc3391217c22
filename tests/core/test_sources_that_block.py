"""A `fetch` that blocks instead of waiting: it holds up nobody, it is named, and it is asked again once it is back."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import Item, Outside, Source, hookimpl
from buurtwacht.edge import outside
from buurtwacht.edge.own_loop import OwnLoop
from buurtwacht.testing import World

from .spoiler import SPOILER, plugin
from .test_in_time import Gate

URL = "https://elsewhere.example"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    # What answers at once is within these on any machine; what hangs costs them once.
    monkeypatch.setattr(outside, "FETCH_SECONDS", 3.0)
    monkeypatch.setattr(outside, "BLOCKED_SECONDS", 4.0)
    gate = Gate()
    yield gate
    gate.open.set()


def listener(ident: str, meet: Callable[[], Any], told: list[str]) -> ModuleType:
    """Make a plugin with a source; `meet` is called first in its fetch, and what it gives is waited for."""

    async def fetch(outside: Outside, settings: None) -> Sequence[Item]:
        given = meet()
        if given is not None:
            await given
        return [Item(str(one)) for one in await outside.json(URL)]

    def heard(ctx: object, key: str) -> None:
        told.append(key)

    def state(ctx: object, known: bool, since: object) -> None:
        told.append("known" if known else "unknown")

    @hookimpl
    def sources() -> list[Source]:
        return [Source("list", fetch, heard, state, every=timedelta(minutes=1))]

    return plugin(ident, sources=sources)


def come_back(holds: Callable[[], bool]) -> None:
    until, tick = time.monotonic() + 60, threading.Event()
    while not holds():
        assert time.monotonic() < until, "it does not come back"
        tick.wait(0.001)


def test_one_that_blocks_is_named_and_left_and_the_others_go_on(gate: Gate) -> None:
    told: dict[str, list[str]] = {SPOILER: [], "other": []}
    modules = [listener(SPOILER, gate, told[SPOILER]), listener("other", lambda: None, told["other"])]
    with World("2026-01-16 12:00", plugins=modules) as world:
        with world.expects_error(SPOILER):
            world.outside(URL, [1])
            world.advance(minutes=2)
            world.outside(URL, [1, 2])
            world.advance(minutes=2)
        assert told == {SPOILER: ["unknown"], "other": ["1", "2"]}
        assert gate.inside == 1, "while a thread hangs there, no second one is sent after it"
        (line,) = [json.loads(one) for one in world.journal.text.splitlines() if "plugin failed" in one]
        assert (line["plugin"], line["where"], line["error"]) == (SPOILER, "source list", "TooSlow")
        assert line["at"].startswith("test_in_time.py:"), "where in its code it hangs"
        gate.open.set()
        come_back(lambda: world._running.process.sources.is_stuck(SPOILER, "list") is False)
        world.advance(minutes=1)
        assert told[SPOILER] == ["unknown", "known", "1", "2"]


def test_what_it_gave_to_a_thread_is_waited_for_as_well_before_it_is_asked_again(gate: Gate) -> None:
    told: list[str] = []
    module = listener(SPOILER, lambda: asyncio.to_thread(gate), told)
    with World("2026-01-16 12:00", plugins=[module]) as world:
        world.outside(URL, [1])
        world.advance(minutes=3)
        assert (told, gate.inside) == (["unknown"], 1)
        gate.open.set()
        come_back(lambda: world._running.process.sources.is_stuck(SPOILER, "list") is False)
        world.advance(minutes=1)
        assert told == ["unknown", "known", "1"]
        assert world._core.health.errors == {}, "it waited as it should; what did not answer is elsewhere"


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit])
def test_one_that_would_end_the_app_fails_like_any_other(end: type[BaseException], gate: Gate) -> None:
    def leave() -> None:
        raise end

    told: list[str] = []
    with World(plugins=[listener(SPOILER, leave, told)]) as world, world.expects_error(SPOILER):
        world.outside(URL, [1])
        world.advance(minutes=4)
        assert told == ["unknown"]


def test_it_is_told_to_stop_once_nobody_waits_for_it() -> None:
    began, stopped = threading.Event(), threading.Event()

    async def wait() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def story() -> None:
        asking = asyncio.create_task(OwnLoop(wait).result(120))
        await asyncio.to_thread(began.wait, 60)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(story())
    assert stopped.wait(60)
