"""What code of a plugin raises ends nothing of ours: not where it is imported, nor where it checks its settings."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest
from pydantic import BaseModel, field_validator

from buurtwacht import Command, ConfigurationError, Context, Manifest, Text, hookimpl
from buurtwacht.host.discovery import find
from buurtwacht.records.trouble import Trouble
from buurtwacht.testing import World
from buurtwacht.threads import Threads
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.errors import Quit, Refusal, Replay
from buurtwacht.vocabulary.settings import build, plugin_faults

from .test_discovery import Install, install

__all__ = ["install"]


class Panic(BaseException):
    """What a library that was compiled raises."""


def _raises(error: BaseException) -> Callable[[], NoReturn]:
    def call() -> NoReturn:
        raise error

    return call


@pytest.mark.parametrize("error", [ValueError("x"), Refusal(Text("x")), Replay("x"), KeyboardInterrupt()])
def test_errors_stay_what_they_are_and_so_does_ctrl_c(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        contained(_raises(error))
    assert caught.value is error


@pytest.mark.parametrize("end", [SystemExit(2), Panic("spoilt"), GeneratorExit(), asyncio.CancelledError()])
def test_what_would_end_a_thread_is_an_error(end: BaseException) -> None:
    with pytest.raises(Quit) as caught:
        contained(_raises(end))
    assert kind_of(caught.value) == type(end).__name__
    assert caught.value.__cause__ is end


def test_ctrl_c_that_nobody_pressed_is_an_error() -> None:
    found: list[str] = []

    def run() -> None:
        try:
            contained(_raises(KeyboardInterrupt()))
        except Quit as error:
            found.append(kind_of(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == ["KeyboardInterrupt"]


def test_what_is_raised_on_a_thread_of_the_database_does_not_end_the_loop_that_waits() -> None:
    pool = Threads(Trouble())

    async def story() -> None:
        for run in (pool.run, pool.run_in_time, pool.run_to_answer):
            with pytest.raises(Quit):
                await run(sys.exit, 2)

    asyncio.run(story())
    pool.close()


def test_one_that_quits_when_it_is_imported_is_named(install: Install) -> None:
    install("their-bees", "bees", "their_bees", "import sys\nsys.exit('no hive')\n")
    with pytest.raises(ConfigurationError, match=r"plugins\.bees: does not import: SystemExit: no hive"):
        find(["bees"])


class Settings(BaseModel):
    """Settings whose own check goes wrong over one song."""

    song: str = ""

    @field_validator("song")
    @classmethod
    def _known(cls, song: str) -> str:
        if song == "quit":
            sys.exit(2)
        if song == "break":
            raise ArithmeticError("spoilt")
        return song


def jukebox() -> ModuleType:
    """Make a plugin that has them."""

    def play(ctx: Context) -> None:
        ctx.reply(Text("message.map", domain="core", link=ctx.settings(Settings).song or "silence"))

    module = ModuleType("jukebox")
    module.manifest = Manifest(id="jukebox", name="Jukebox", version="1", settings=Settings)  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command("play", play)])  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(("song", "kind"), [("quit", "SystemExit"), ("break", "ArithmeticError")])
def test_a_check_of_settings_that_goes_wrong_is_a_fault_of_the_file_at_the_start(
    song: str, kind: str, tmp_path: Path
) -> None:
    settings = build({"plugins": {"jukebox": {"song": song}}}, folder=tmp_path)
    [fault] = plugin_faults(settings, {"jukebox": Settings})
    assert f"plugins.jukebox: its own check of these settings failed: {kind}" in str(fault)


@pytest.mark.parametrize("song", ["quit", "break"])
def test_a_check_of_settings_that_goes_wrong_is_that_plugins_error_whoever_sets_it(song: str) -> None:
    with World(plugins=[jukebox()]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
        kees.says("play")
        assert kees.last.text == "Kaart: silence"
        with world.expects_error("jukebox"):
            kees.says(f"instelling jukebox song {song}")
            assert world._core.health.errors == {"jukebox": 1}
            assert "ging" in kees.last.text or "mis" in kees.last.text
        kees.says("play")
        assert kees.last.text == "Kaart: silence", "nothing was kept"
