"""When a walker says that he can: a table of what people type, understood or asked back, never guessed (R35)."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht_patrols.availability import Able, Offer, Unclear, Why, read_answer

TODAY = date(2026, 4, 20)
#: 1 Tue 5 · 2 Fri 8 · 3 Tue 12 · 4 Fri 15 · 5 Tue 19 · 6 Fri 22 · 7 Tue 26 · 8 Fri 29 May
DAYS = (5, 8, 12, 15, 19, 22, 26, 29)
OFFERS = [
    Offer(place, date(2026, 5, day), time(21, 30) if place % 2 else time(22)) for place, day in enumerate(DAYS, start=1)
]
ALL = (1, 2, 3, 4, 5, 6, 7, 8)
TUESDAYS, FRIDAYS = (1, 3, 5, 7), (2, 4, 6, 8)

UNDERSTOOD: list[tuple[str, tuple[int, ...]]] = [
    # numbers
    ("2 4", (2, 4)),
    ("2, 4", (2, 4)),
    ("2 en 4", (2, 4)),
    ("2,4 en 6", (2, 4, 6)),
    ("2 and 4 please", (2, 4)),
    ("1-3", (1, 2, 3)),
    ("1 t/m 3", (1, 2, 3)),
    ("1 tot en met 3, en 8", (1, 2, 3, 8)),
    ("nummers 2 en 4", (2, 4)),
    ("diensten 2, 4 en 6 graag", (2, 4, 6)),
    ("beschikbaar: 2, 4, 6", (2, 4, 6)),
    ("alleen 8", (8,)),
    ("vier en zes", (4, 6)),
    ("1 2 3 4 5 6 7 8", ALL),
    ("2 4 niet", (1, 3, 5, 6, 7, 8)),
    ("niet 2 en 4", (1, 3, 5, 6, 7, 8)),
    ("alles behalve 2", (1, 3, 4, 5, 6, 7, 8)),
    ("kan altijd maar niet 3", (1, 2, 4, 5, 6, 7, 8)),
    # days of the week
    ("alleen dinsdag", TUESDAYS),
    ("dinsdagen", TUESDAYS),
    ("dinsdagavond", TUESDAYS),
    ("di", TUESDAYS),
    ("elke dinsdag", TUESDAYS),
    ("ja hoor, alle vrijdagen graag", FRIDAYS),
    ("dinsdag niet", FRIDAYS),
    ("niet op vrijdag", TUESDAYS),
    ("geen dinsdagen", FRIDAYS),
    ("dinsdag kan ik niet", FRIDAYS),
    ("Nee, dinsdag kan ik niet", FRIDAYS),
    ("dinsdag wel, vrijdag niet", TUESDAYS),
    ("niet dinsdag, wel vrijdag", FRIDAYS),
    ("dinsdag niet, vrijdag wel", FRIDAYS),
    ("dinsdag niet vrijdag wel", FRIDAYS),
    ("dinsdag en vrijdag niet", ()),
    ("di t/m vr", ALL),
    ("only Tuesdays", TUESDAYS),
    ("any Friday", FRIDAYS),
    ("every Tuesday evening", TUESDAYS),
    ("I can't do Fridays", TUESDAYS),
    ("Tuesdays yes", TUESDAYS),
    ("dinsdag 21:30", TUESDAYS),
    ("om 22:00", FRIDAYS),
    # dates and ranges
    ("12 mei", (3,)),
    ("dinsdag 12 mei", (3,)),
    ("niet 12 mei", (1, 2, 4, 5, 6, 7, 8)),
    ("12 mei niet", (1, 2, 4, 5, 6, 7, 8)),
    ("not on 12 May", (1, 2, 4, 5, 6, 7, 8)),
    ("May 12", (3,)),
    ("12 en 19 mei", (3, 5)),
    ("12, 19 en 26 mei", (3, 5, 7)),
    ("ik kan 12 mei en 19 mei", (3, 5)),
    ("12/5", (3,)),
    ("12-5", (3,)),
    ("2026-05-12", (3,)),
    ("de 12e", (3,)),
    ("18-22 mei", (5, 6)),
    ("van 18 tot en met 22 mei niet", (1, 2, 3, 4, 7, 8)),
    ("ik ben weg van 18 tot 22 mei, verder altijd", (1, 2, 3, 4, 7, 8)),
    ("niet tussen 18 en 22 mei", (1, 2, 3, 4, 7, 8)),
    ("niet tussen 18 mei en 22 mei", (1, 2, 3, 4, 7, 8)),
    ("tussen 18 en 22 mei niet", (1, 2, 3, 4, 7, 8)),
    ("kan altijd behalve tussen 18 en 22 mei", (1, 2, 3, 4, 7, 8)),
    ("not between 18 and 22 May", (1, 2, 3, 4, 7, 8)),
    ("alleen tussen 12 en 20 mei", (3, 4, 5)),
    ("vakantie 18-22 mei", (1, 2, 3, 4, 7, 8)),
    ("week 20 niet", (1, 2, 5, 6, 7, 8)),
    ("in mei altijd", ALL),
    ("vanaf 15 mei", (4, 5, 6, 7, 8)),
    ("na 15 mei", (5, 6, 7, 8)),
    ("t/m 15 mei", (1, 2, 3, 4)),
    ("voor 15 mei", (1, 2, 3)),
    ("from 15 May", (4, 5, 6, 7, 8)),
    ("until 15 May", (1, 2, 3, 4)),
    # always and never, and what is left out of it
    ("altijd", ALL),
    ("ik kan altijd", ALL),
    ("alle diensten", ALL),
    ("alles", ALL),
    ("always", ALL),
    ("kan altijd behalve 18-22 mei", (1, 2, 3, 4, 7, 8)),
    ("altijd behalve 12 mei", (1, 2, 4, 5, 6, 7, 8)),
    ("altijd, niet 18-22 mei", (1, 2, 3, 4, 7, 8)),
    ("always except May 18-22", (1, 2, 3, 4, 7, 8)),
    ("all except 18-22 May", (1, 2, 3, 4, 7, 8)),
    ("alle dinsdagen behalve 12 mei", (1, 5, 7)),
    ("alleen dinsdag, 12 mei niet", (1, 5, 7)),
    ("vrijdag wel maar 22 mei niet", (2, 4, 8)),
    ("ik kan op dinsdag maar niet op 12 mei en 19 mei", (1, 7)),
    ("12 mei niet, de rest wel", (1, 2, 4, 5, 6, 7, 8)),
    ("12 mei niet, verder altijd", (1, 2, 4, 5, 6, 7, 8)),
    ("verder altijd, 12 mei niet", (1, 2, 4, 5, 6, 7, 8)),
    ("nooit", ()),
    ("never", ()),
    ("kan niet", ()),
    ("helaas kan ik niet", ()),
    ("geen enkele", ()),
    # the first and the last
    ("de eerste twee", (1, 2)),
    ("de eerste", (1,)),
    ("alleen de eerste en de laatste", (1, 8)),
    ("de laatste 3", (6, 7, 8)),
    ("first two", (1, 2)),
    ("the last one", (8,)),
    ("de tweede en de vierde", (2, 4)),
    # with all that people write around it
    ("Hoi Kees, ik kan 2 en 4. Groetjes Riet", (2, 4)),
    ("Beste Kees,\nik kan alleen dinsdag.\nMet vriendelijke groet, Riet de Wit", TUESDAYS),
    ("Goedemorgen, 2 4 graag, dank je", (2, 4)),
    ("ALLEEN DINSDAG!", TUESDAYS),
    ("Dinsdág.", TUESDAYS),
    ("vrijdag lukt niet", TUESDAYS),
    # with a letter amiss
    ("dinsdg", TUESDAYS),
    ("alleen dindsag", TUESDAYS),
    ("alle dinsdgen behalve 12 mei", (1, 5, 7)),
    ("vrijdgavond niet", TUESDAYS),
    ("tuesdy", TUESDAYS),
    ("only fridays, not Tusday", (2, 4, 6, 8)),
    ("dinsdag komt het toch uit", TUESDAYS),
    ("12 mei gaat niet, de rest wel", (1, 2, 4, 5, 6, 7, 8)),
]

ASKED_BACK: list[tuple[str, Why]] = [
    ("", Why.NOTHING),
    ("ja", Why.NOTHING),
    ("nee", Why.NOTHING),
    ("ok", Why.NOTHING),
    ("👍", Why.NOTHING),
    ("wie is dit?", Why.NOTHING),
    ("kan ik ook 2?", Why.NOTHING),
    ("ik moet even kijken", Why.NOTHING),
    ("ik neem mijn hond mee", Why.NOTHING),
    ("dinsdag als het droog is", Why.OPEN),
    ("misschien dinsdag", Why.OPEN),
    ("dinsdag waarschijnlijk", Why.OPEN),
    ("maybe Tuesday", Why.OPEN),
    ("2 of 4", Why.OPEN),
    ("2 or 4", Why.OPEN),
    ("liefst dinsdag", Why.OPEN),
    ("twee keer", Why.OPEN),
    ("2 diensten", Why.OPEN),
    ("max 2", Why.OPEN),
    ("meestal wel", Why.OPEN),
    ("9", Why.NO_SUCH_SHIFT),
    ("2 en 14", Why.NO_SUCH_SHIFT),
    ("7-9", Why.NO_SUCH_SHIFT),
    ("de laatste 12", Why.NO_SUCH_SHIFT),
    ("13 mei", Why.NO_SHIFT_THEN),
    ("maandag", Why.NO_SHIFT_THEN),
    ("dinsdag en maandag", Why.NO_SHIFT_THEN),
    ("om 20:00", Why.NO_SHIFT_THEN),
    ("in juni", Why.NO_SHIFT_THEN),
    ("31 februari", Why.NO_SUCH_DAY),
    ("niet op 31 juni", Why.NO_SUCH_DAY),
    ("0000-1-1", Why.NO_SUCH_DAY),
    ("12-13-2026", Why.NO_SUCH_DAY),
    ("maandag 12 mei", Why.WRONG_WEEKDAY),
    ("ik kan niet altijd", Why.TWO_WAYS),
    ("dinsdag, vrijdag niet", Why.TWO_WAYS),
    ("alleen dinsdag niet vrijdag wel", Why.TWO_WAYS),
    ("dinsdag niet vrijdag", Why.TWO_WAYS),
    ("alleen niet", Why.TWO_WAYS),
    ("behalve", Why.TWO_WAYS),
]


@pytest.mark.parametrize(("text", "places"), UNDERSTOOD)
def test_what_is_understood(text: str, places: tuple[int, ...]) -> None:
    read = read_answer(text, OFFERS, TODAY)
    assert isinstance(read, Able), read
    assert sorted(read.places) == list(places)


@pytest.mark.parametrize(("text", "why"), ASKED_BACK)
def test_what_is_asked_back(text: str, why: Why) -> None:
    read = read_answer(text, OFFERS, TODAY)
    assert isinstance(read, Unclear), sorted(read.places)
    assert read.why is why


def test_a_number_that_is_also_a_date_is_asked_back() -> None:
    """On 4 February "2-4" are three shifts; with a shift on 2 April among four it could be either."""
    april = [Offer(place, date(2026, 4, day), time(21)) for place, day in enumerate((2, 9, 16, 23), start=1)]
    read = read_answer("2-4", april, date(2026, 3, 1))
    assert read == Unclear(Why.TWO_WAYS, "2-4")
    assert read_answer("2-4", OFFERS, TODAY) == Able(frozenset({2, 3, 4}), frozenset({2, 3, 4}))


def test_two_months_have_the_same_day() -> None:
    both = [Offer(1, date(2026, 5, 12), time(21)), Offer(2, date(2026, 6, 12), time(21))]
    assert read_answer("de 12e", both, TODAY) == Unclear(Why.TWO_WAYS, "12")
    assert read_answer("12 juni", both, TODAY) == Able(frozenset({2}), frozenset({2}))


def test_across_the_turn_of_the_year() -> None:
    winter = [Offer(1, date(2026, 12, 29), time(21)), Offer(2, date(2027, 1, 5), time(21))]
    assert read_answer("5 januari", winter, date(2026, 12, 1)) == Able(frozenset({2}), frozenset({2}))
    assert read_answer("niet 29 december", winter, date(2026, 12, 1)) == Able(frozenset({2}))


@given(st.sets(st.sampled_from(ALL), min_size=1), st.sampled_from([" ", ", ", " en ", ","]))
def test_any_list_of_numbers_is_those_numbers(places: set[int], between: str) -> None:
    text = between.join(map(str, sorted(places)))
    read = read_answer(text, OFFERS, TODAY)
    assert isinstance(read, Able)
    assert read.places == places


@given(st.text(alphabet="abcdefghij 0123456789,.-dinsdagvrmeit/", max_size=40))
def test_whatever_is_typed_is_understood_or_asked_back(text: str) -> None:
    read = read_answer(text, OFFERS, TODAY)
    assert isinstance(read, Unclear) or read.places <= set(ALL)
