"""A sign that a database does not keep costs nobody his report, whatever the messenger hands in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import Inbound, Location, Said
from buurtwacht.records.signs import keepable
from buurtwacht.testing import World
from buurtwacht.vocabulary.events import Handle, MediaRef, Status

NOW = datetime(2026, 1, 16, 1, 42, tzinfo=UTC)


def said(text: str) -> str:
    """Return what is kept of a text."""
    event = keepable(Inbound("1", Said("1:1", text), NOW)).event
    assert isinstance(event, Said)
    return event.text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("brand", "brand"),
        ("br\0and\0", "brand"),
        ("café 🔥", "café 🔥"),
        ("café\0 🔥", "café 🔥"),
        ("half \ud83d", "half \ufffd"),
        ("half \udd25 en door", "half \ufffd en door"),
        ("heel \ud83d\udd25", "heel 🔥"),
        ("beide \0\ud83d", "beide \ufffd"),
        ("", ""),
    ],
)
def test_what_is_kept_of_a_text(text: str, kept: str) -> None:
    assert said(text) == kept


def test_every_text_of_an_event_is_looked_at() -> None:
    event = Said("1:\0", "a\0", "2:\0", media=MediaRef("r\0", "m\0", "photo", "n\0"), location=Location(51.5, 4.4))
    sender = (Handle("chat", "9\0"), Handle("phone", "+316"))
    found = keepable(Inbound("k\0", event, NOW, sender, Handle("group", "g\0"), "Fatima\0", "nl\0"))
    plain = Said("1:", "a", "2:", media=MediaRef("r", "m", "photo", "n"), location=Location(51.5, 4.4))
    handles = (Handle("chat", "9"), Handle("phone", "+316"))
    assert found == Inbound("k", plain, NOW, handles, Handle("group", "g"), "Fatima", "nl")
    assert keepable(found) is found, "what is clean is not made anew"


@given(st.text(alphabet=st.characters(categories=None), max_size=40))
def test_whatever_comes_can_be_kept(text: str) -> None:
    kept = said(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert said(kept) == kept


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(now="2026-01-16 01:42", database=request.param) as world:
        yield world


@pytest.mark.parametrize("sign", ["\0", "\ud83d"], ids=["nul", "half"])
def test_a_report_with_such_a_sign_reaches_the_neighbours(world: World, sign: str) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram")
    henk = tolberg.member("Henk", channel="telegram")
    text = f"brand in de meidoornstraat {sign}, vlammen uit het dak"
    sender = tuple(fatima.handles["telegram"])
    world._core.inbox.accept("telegram", [Inbound("1", Said("1:1", text), world.now, sender, name=f"Fa{sign}")])
    world.advance(seconds=5)
    assert "Meidoornstraat" in henk.last.text
    assert "TB-0001" in fatima.last.text


def test_a_status_with_such_a_sign_is_kept(world: World) -> None:
    status = Status("wamid\0", "failed", error="Rejected", reason="no\0\ud83d")
    assert world._core.inbox.accept("whatsapp", [Inbound("1", status, world.now)]) == 1
