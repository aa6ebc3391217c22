"""Mistyped names of days and months (domain §5.3), and the words beside them that are none."""

from __future__ import annotations

from datetime import date

import pytest

from buurtwacht_patrols.days import Item, Span, Weekdays, Word, read

TODAY = date(2026, 4, 20)


def of(text: str) -> list[Item]:
    """Return what stands in a text, without its marks."""
    return [one for one in read(text, TODAY) if not isinstance(one, Word)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dinsdg", "dinsdag"),
        ("dinsdga", "dinsdag"),
        ("dinsdaag", "dinsdag"),
        ("dimsdag", "dinsdag"),
        ("wonsdag", "woensdag"),
        ("zatterdag", "zaterdag"),
        ("zondg", "zondag"),
        ("mondy", "monday"),
        ("wendesday", "wednesday"),
        ("saterday", "saturday"),
        ("dinsdgavond", "dinsdagavond"),
        ("vrijdgen", "vrijdagen"),
        ("weekeind", "weekend"),
        ("12 janauri", "12 januari"),
        ("12 febuari", "12 februari"),
        ("12 agustus", "12 augustus"),
        ("12 setpember", "12 september"),
        ("octobr 12", "october 12"),
    ],
)
def test_a_letter_amiss_is_forgiven(typed: str, meant: str) -> None:
    assert of(typed) == of(meant) != []
    assert all(isinstance(one, Span | Weekdays) for one in of(typed))


@pytest.mark.parametrize(
    "text",
    [
        *("maar", "maat", "mart", "dins", "kaart", "taart", "vaart", "augusta", "match", "mijn maat", "vandaal"),
        *("tursday", "donsdg", "maanden", "wensday", "zon", "zonder", "feestdag", "mijn dag"),
    ],
)
def test_no_other_word_becomes_a_day(text: str) -> None:
    assert of(text) == []
