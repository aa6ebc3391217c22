"""Texts that nobody types, or only means harm with: whatever comes is read, at a cost that does not grow with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.reading import Reading, read
from buurtwacht_alerts.words import MOST_WORDS, flat, shortened, split

from .report_sentences import CHAT, REPORTS, STREETS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = datetime(2026, 1, 16, 1, 42, tzinfo=AMSTERDAM)
NOON = datetime(2026, 1, 16, 12, 0, tzinfo=AMSTERDAM)


def reading(text: str, now: datetime = NIGHT) -> Reading:
    return read(text, STREETS, now)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from([s.text for s in REPORTS] + list(CHAT)), max_size=4).map(" ".join)
    | st.text(alphabet="0123456789-: .,abuXn?112", max_size=300)
)
def test_nothing_that_is_typed_raises(text: str) -> None:
    for now in (NIGHT, NOON):
        found = reading(text, now)
        assert 0 <= found.certainty <= 1
        assert found.category in CATEGORIES
        assert found.happened_at is None or found.happened_at <= now
        assert len(found.behaviour) <= 300
        assert len(found.place) <= 120


@pytest.mark.parametrize("length", [421, 1000, 5000, 60000])
@pytest.mark.parametrize("piece", ["a", "1 ", "meidornstraa ", "🔥", "\n", "nog niet 112 ", "06-"])
def test_however_long_a_text_is_so_much_of_it_is_read_and_no_more(piece: str, length: int) -> None:
    text = (piece * length)[:length]
    assert len(shortened(text)) <= 421
    assert len(split(flat(text), MOST_WORDS)) <= MOST_WORDS


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    rambling = "ik was net aan het eten en toen keek ik naar buiten en dacht ik dat er iets was " * 12
    assert reading(f"brand in de Lindestraat, {rambling}").place == "Lindestraat"
    assert reading(f"brand, {rambling}, heb 112 gebeld").called_112 is Called112.REPORTER


@pytest.mark.parametrize(
    "make",
    [
        lambda: "👍" * 5000,
        lambda: "a" * 5000,
        lambda: "1" * 5000,
        lambda: "12-" * 1700,
        lambda: "meidoornstraat " * 333,
        lambda: "nog niet 112 " * 400,
        lambda: "\n" * 5000,
        lambda: "verdachte " * 500,
        lambda: "een " * 1250,
        lambda: "\u202e" * 5000,
    ],
)
def test_a_page_of_nonsense_costs_little(make: Callable[[], str]) -> None:
    text = make()
    reading(text)
    start = time.process_time()
    reading(text)
    assert time.process_time() - start < 0.25
