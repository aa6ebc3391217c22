"""Sources outside: each thing is heard once, and a source that falls silent means "unknown"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import (
    ConfigurationError,
    Context,
    Item,
    Manifest,
    Outside,
    Severity,
    Source,
    Text,
    Unavailable,
    hookimpl,
)
from buurtwacht.testing import World

FEED = "https://sirens.example/now"
DEFAULT = frozenset({"store", "timers", "send:members", "outside"})


def sirens(permissions: frozenset[str] = DEFAULT, names: Sequence[str] = ("sirens",)) -> ModuleType:
    """Make a plugin that tells every neighbourhood what a siren says, and when nothing is known of sirens."""

    async def fetch(outside: Outside, settings: None) -> list[Item]:
        found = await outside.json(FEED)
        try:
            return [Item(one["id"], {"words": one["words"]}) for one in found]
        except (KeyError, TypeError) as wrong:
            raise Unavailable("it says something else than sirens") from wrong

    def heard(ctx: Context, key: str, words: str) -> None:
        everywhere(ctx, words)

    def state(ctx: Context, known: bool, since: datetime) -> None:
        everywhere(ctx, f"{'known' if known else 'unknown'} since {since:%H:%M}")

    def everywhere(ctx: Context, words: str) -> None:
        for one in ctx.neighbourhoods():
            here = ctx.within(one)
            here.broadcast(here.audience.members(), Text("message.map", domain="core", link=words), Severity.URGENT)

    @hookimpl
    def sources() -> list[Source]:
        return [Source(name, fetch, heard, state, every=timedelta(minutes=1)) for name in names]

    module = ModuleType("sirens")
    module.manifest = Manifest(id="sirens", name="Sirens", version="1", permissions=permissions)  # type: ignore[attr-defined]
    module.sources = sources  # type: ignore[attr-defined]
    return module


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World("2026-01-16 12:00", plugins=[sirens()], database=request.param) as made:
        made.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Henk", channel="whatsapp")
        yield made


def heard(world: World) -> list[str]:
    return [one.text.removeprefix("Kaart: ") for one in world.members[0].received]


def test_each_thing_is_heard_once_and_again_when_it_changed(world: World) -> None:
    world.outside(FEED, [{"id": "1", "words": "smoke in the harbour"}])
    assert heard(world) == ["smoke in the harbour"]
    world.advance(minutes=10)
    world.crash()
    world.advance(minutes=10)
    assert heard(world) == ["smoke in the harbour"]
    world.outside(FEED, [{"id": "1", "words": "smoke is gone"}, {"id": "2", "words": "water"}])
    world.advance(minutes=1)
    assert heard(world)[1:] == ["smoke is gone", "water"]


@pytest.mark.parametrize(
    "answer",
    [503, 302, b"<html>Site Unavailable</html>", {"no": "list"}, b"[" * 100_000, b"[" + b" " * 2_000_000 + b"]"],
)
def test_a_source_that_says_nothing_we_know_is_unknown_and_known_again_later(world: World, answer: Any) -> None:
    world.outside(FEED, [])
    world.outside(FEED, answer)
    world.advance(minutes=2, seconds=30)
    assert heard(world) == []
    world.advance(minutes=1)
    assert heard(world) == ["unknown since 12:00"]
    world.advance(hours=2)
    assert len(heard(world)) == 1
    world.outside(FEED, [{"id": "1", "words": "smoke"}])
    world.advance(minutes=1)
    assert heard(world)[1:] == ["known since 14:04", "smoke"]


def test_a_source_that_never_answered_is_unknown_too(world: World) -> None:
    world.outside("https://elsewhere.example", [])
    world.advance(minutes=3)
    assert heard(world) == ["unknown since 12:00"]


def test_what_we_slept_through_is_heard_when_we_run_again(world: World) -> None:
    world.outside(FEED, [])
    with world.down():
        world.advance(hours=1)
        world.outside(FEED, [{"id": "1", "words": "smoke"}])
    world.advance(minutes=1)
    assert heard(world) == ["smoke"]


def test_a_mistake_in_fetch_is_the_plugins_own_and_pauses_it(world: World) -> None:
    with world.expects_error("sirens"):
        world.outside(FEED, ValueError("not of httpx"))
        world.advance(minutes=10)
    assert heard(world) == ["unknown since 12:00"]
    with world.database.reading() as connection:
        reason = connection.exec_driver_sql("SELECT reason FROM plugin_state WHERE plugin = 'sirens'").scalar()
    assert reason == "5 errors in ten minutes"


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (sirens(permissions=frozenset({"send:members"})), 'add "outside" to the permissions of its manifest'),
        (sirens(names=("one", "one")), "two sources called 'one'"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start_with_its_mend(module: ModuleType, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        World(plugins=[module])


@pytest.mark.parametrize(
    "url", ["http://sirens.example", "file:///etc/passwd", "ftp://localhost/x", "http://", "nonsense"]
)
def test_nothing_but_https_and_loopback_is_asked(url: str) -> None:
    module = sirens()

    async def fetch(outside: Outside, settings: None) -> list[Item]:
        await outside.json(url)
        return []

    source = module.sources()[0]
    module.sources = hookimpl(lambda: [Source("sirens", fetch, source.heard, source.state)])  # type: ignore[attr-defined]
    with World(plugins=[module]) as world, world.expects_error("sirens"):
        world.outside(url, [])
