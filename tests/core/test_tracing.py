"""Tracing: whoever sets BUURTWACHT_TRACE=1 sees each call of a plugin, and nothing of what was said or by whom."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
import structlog

from buurtwacht import (
    Answer,
    Choice,
    Command,
    ConfigurationError,
    Context,
    FeedFile,
    FeedRequest,
    Glimpse,
    Guess,
    Hearing,
    Manifest,
    Message,
    Outside,
    Page,
    PageRequest,
    PersonId,
    Refusal,
    Ripe,
    Source,
    Text,
    answer,
    feed,
    hookimpl,
    timer,
)
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.host import tracing
from buurtwacht.testing import Member, World, visit
from buurtwacht.vocabulary import logs

SHELTER = "https://shelter.example/found"
WORDS = "rode kater, luistert naar Minoes"


def ears() -> ModuleType:
    """Make a plugin that has one of everything that is called."""

    def listen(ctx: Context, what: str = "") -> None:
        if what == "boos":
            raise Refusal(Text("message.map", domain="core", link="nee"))
        if what == "stuk":
            raise ValueError(WORDS)
        link = Text("message.map", domain="core", link=ctx.feed_link("sounds"))
        ctx.ask(ctx.person, Message(link, choices=[Choice("yes", Text("menu.need_help", domain="core"))]), "told")
        ctx.later(timedelta(hours=1), "rest")
        for one in "ab":
            ctx.later(timedelta(hours=2), "nap", key=one)

    @answer("told")
    def told(ctx: Context, said: Answer) -> None:
        pass

    @timer("rest")
    def rest(ctx: Context) -> None:
        pass

    @timer("nap", together=True)
    def nap(ctx: Context, ripe: Sequence[Ripe]) -> None:
        pass

    @feed("sounds")
    def sounds(ctx: Context, request: FeedRequest) -> FeedFile | None:
        return FeedFile(b"miaow", "text/plain", "sounds.txt")

    def page(ctx: Context, request: PageRequest) -> str:
        return "<p>miaow</p>"

    async def fetch(outside: Outside, settings: None) -> list[object]:
        await outside.json(SHELTER)
        return []

    @hookimpl
    def commands() -> list[Command]:
        return [Command("luister", listen)]

    @hookimpl
    def pages() -> list[Page]:
        return [Page("/ears", page)]

    @hookimpl
    def sources() -> list[Source]:
        return [Source("shelter", fetch, lambda ctx, key: None, lambda ctx, known, since: None)]  # type: ignore[arg-type]

    @hookimpl
    def recognise(hearing: Hearing) -> Guess | None:
        return Guess(heard, 1.0) if "kater" in hearing.text else None

    def heard(ctx: Context, text: str) -> None:
        pass

    @hookimpl
    def member_left(ctx: Context, person: PersonId) -> None:
        pass

    module = ModuleType("ears")
    module.manifest = Manifest(  # type: ignore[attr-defined]
        id="ears", name="Ears", version="1", permissions=frozenset({"store", "timers", "send:opted_in", "outside"})
    )
    for one in (told, rest, nap, sounds, commands, pages, sources, recognise, member_left):
        setattr(module, one.__name__, one)
    return module


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("BUURTWACHT_TRACE", "1")
    with World(plugins=[ears()]) as made:
        yield made


@pytest.fixture
def fatima(world: World, capsys: pytest.CaptureFixture[str]) -> Member:
    tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    tolberg.member("Kees", channel="telegram", roles=["coordinator"])
    member = tolberg.member("Fatima", channel="telegram")
    capsys.readouterr()
    return member


def seen(capsys: pytest.CaptureFixture[str], plugin: str = "ears") -> list[str]:
    """Return what a plugin was called for since the last look, in order."""
    lines = re.findall(r"^trace (\w+): (.+) \d+\.\d{3} ms(.*)$", capsys.readouterr().err, re.MULTILINE)
    return [f"{what}{failed}" for ident, what, failed in lines if ident == plugin]


def test_what_a_plugin_is_asked_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BUURTWACHT_TRACE", "1")
    with World(plugins=[ears()]):
        assert seen(capsys) == ["commands", "pages", "sources"]


def test_a_command_its_answer_its_timer_and_its_link(
    world: World, fatima: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    fatima.says("luister")
    assert seen(capsys)[-1] == "command luister"
    link = fatima.last.text.split()[-1]
    fatima.taps(fatima.last.buttons[0])
    assert seen(capsys) == ["answer told"]
    world.advance(hours=1)
    assert "timer rest" in seen(capsys)
    world.advance(hours=1)
    assert seen(capsys).count("timer nap") == 1, "one call for both"
    assert visit(world, link).text == "miaow"
    assert visit(world, "/ears").text == "<p>miaow</p>"
    assert seen(capsys) == ["feed sounds", "page /ears"]


def test_a_sentence_shows_who_was_asked_and_who_took_it(
    world: World, fatima: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    fatima.says(f"gezien: {WORDS}")
    written = capsys.readouterr().err
    calls = re.findall(r"^trace (\w+: \S+)", written, re.MULTILINE)
    assert {"alerts: recognise", "patrols: recognise", "ears: recognise"} <= set(calls)
    assert calls[-1] == "ears: recognised"
    assert "Minoes" not in written
    assert "Fatima" not in written


def test_what_is_told_and_what_is_asked_outside(
    world: World, fatima: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    world.outside(SHELTER, [])
    world.advance(minutes=1)
    assert "source shelter" in seen(capsys)
    fatima.says("afmelden")
    fatima.taps("Ja")
    assert "tell member_left" in seen(capsys)


def test_what_failed_says_how_and_a_refusal_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BUURTWACHT_TRACE", "1")
    world = World(plugins=[ears()])
    try:
        fatima = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Fatima", channel="telegram")
        fatima.says("luister boos")
        assert seen(capsys)[-1] == "command luister"
        fatima.says("luister stuk")
        assert seen(capsys)[-1] == "command luister failed: ValueError"
    finally:
        world.close(check=False)


def test_whoever_looks_on_is_shown_each_call(world: World, fatima: Member) -> None:
    glimpses: list[Glimpse] = []
    world._core.look = glimpses.append
    fatima.says(WORDS)
    (taken,) = [one for one in glimpses if one.plugin == "ears" and one.what.startswith("recognised")]
    assert (taken.stage, taken.failed, taken.person) == ("hook", "", "")
    assert taken.at == world._core.clock.now()
    assert 0 < taken.ms < 10_000


@pytest.mark.parametrize("value", ["", "0", None])
def test_nothing_is_shown_to_who_did_not_ask(
    value: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if value is None:
        monkeypatch.delenv("BUURTWACHT_TRACE", raising=False)
    else:
        monkeypatch.setenv("BUURTWACHT_TRACE", value)
    with World(plugins=[ears()]) as world:
        world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Fatima", channel="telegram").says("luister")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("value", ["yes", "2", "true", " 1"])
def test_another_value_is_refused_with_what_it_may_be(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWACHT_TRACE", value)
    with pytest.raises(ConfigurationError, match=f"BUURTWACHT_TRACE: is '{value}'.*1 shows each call"):
        World()


def test_a_command_refuses_it_beside_every_other_fault_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BUURTWACHT_TRACE", "yes")
    (tmp_path / "plugins.toml").write_text("[plugins.nobody]\n")
    assert run_guarded(group, ["check"]) == 2
    said = capsys.readouterr().err
    assert "BUURTWACHT_TRACE: is 'yes'" in said
    assert "plugins.nobody" in said


def test_a_process_writes_lines_to_its_log_however_little_else_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    root, traced = logging.getLogger(), logging.getLogger(logs.TRACE)
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    try:
        logs.configure(json=True, level=logging.ERROR, stream=stream)
        with tracing.asked({"BUURTWACHT_TRACE": "1"}).called("ears", "command luister"):
            structlog.get_logger("buurtwacht.else").info("not shown")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        traced.handlers.clear()
        traced.propagate = True
        structlog.reset_defaults()
    (line,) = stream.getvalue().splitlines()
    assert '"plugin": "ears"' in line
    assert '"hook": "command luister"' in line
    assert re.search(r'"ms": \d', line)
    assert "failed" not in line
