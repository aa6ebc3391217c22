"""A roster in one sentence: a table of what co-ordinators type (R34), and one friendly sentence for what cannot be."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import Refusal
from buurtwacht_patrols.records import RouteChoice
from buurtwacht_patrols.sentence import Plan, read_plan

TODAY = date(2026, 4, 20)
WHOLE = "4 mei t/m 31 mei, di 21:30 en vr 22:00, 60 min, 2 lopers, startpunt parkeerplaats De Wal"
MAY = "4 mei t/m 31 mei"


def plan(text: str) -> Plan:
    return read_plan(text, TODAY)


def said(text: str) -> str:
    """Return a plan in one line: period, first shift and number of shifts, minutes, walkers, start point."""
    read = plan(text)
    times = read.times()
    walkers = f"{read.fewest}" if read.fewest == read.most else f"{read.fewest}-{read.most}"
    period = f"{read.first:%d%m}-{read.last:%d%m}"
    return f"{period} {times[0]:%a%d %H:%M} {len(times)}x {read.minutes}m {walkers}p {read.start_point}".strip()


SENTENCES: list[tuple[str, str]] = [
    (WHOLE, "0405-3105 Tue05 21:30 8x 60m 2p parkeerplaats De Wal"),
    (
        "4 May to 31 May, Tue 21:30 and Fri 22:00, 60 min, 2 walkers, start point De Wal car park",
        "0405-3105 Tue05 21:30 8x 60m 2p De Wal car park",
    ),
    (
        "van 4 mei tot en met 31 mei elke dinsdag om 21.30 uur en vrijdag 22u, een uur, twee lopers, start bij de kerk",
        "0405-3105 Tue05 21:30 8x 60m 2p de kerk",
    ),
    ("from May 4 through May 31, Tuesdays 9:30 pm, one hour, two people", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("May 4 - May 31, every Friday at 10pm", "0405-3105 Fri08 22:00 4x 60m 2p"),
    # the period
    ("4-5-2026 t/m 31-5-2026 di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("2026-05-04 t/m 2026-05-31, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("4/5 - 31/5, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("4 - 31 mei, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("di 5 mei t/m vr 29 mei, di 21:30", "0505-2905 Tue05 21:30 4x 60m 2p"),
    ("mei, di 21:30", "0105-3105 Tue05 21:30 4x 60m 2p"),
    ("hele maand mei, dinsdag 21:30", "0105-3105 Tue05 21:30 4x 60m 2p"),
    ("4 weken vanaf 4 mei, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("vanaf 4 mei, vier weken lang, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("for 4 weeks from 4 May, Tue 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("week 20, di 21:30", "1105-1705 Tue12 21:30 1x 60m 2p"),
    ("volgende week, di 21:30 en vr 22:00", "2704-0305 Tue28 21:30 2x 60m 2p"),
    ("15 december t/m 15 januari, di 21:30", "1512-1501 Tue15 21:30 5x 60m 2p"),
    ("tussen 4 en 31 mei, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    # days and times
    (f"{MAY}, di en vr 21:30", "0405-3105 Tue05 21:30 8x 60m 2p"),
    (f"{MAY}, di, vr 21:30", "0405-3105 Tue05 21:30 8x 60m 2p"),
    (f"{MAY}, di t/m do 21:30", "0405-3105 Tue05 21:30 12x 60m 2p"),
    (f"{MAY}, ma-vr 21:30", "0405-3105 Mon04 21:30 20x 60m 2p"),
    (f"{MAY}, elke avond 22:00", "0405-3105 Mon04 22:00 28x 60m 2p"),
    (f"{MAY}, dagelijks 22:00", "0405-3105 Mon04 22:00 28x 60m 2p"),
    (f"{MAY}, every night 22:00", "0405-3105 Mon04 22:00 28x 60m 2p"),
    (f"{MAY}, weekend 23:00", "0405-3105 Sat09 23:00 8x 60m 2p"),
    (f"{MAY}, doordeweeks 21:30", "0405-3105 Mon04 21:30 20x 60m 2p"),
    (f"{MAY}, di 21:30 en 23:30", "0405-3105 Tue05 21:30 8x 60m 2p"),
    (f"{MAY}, om 21:30 op dinsdag en vrijdag", "0405-3105 Tue05 21:30 8x 60m 2p"),
    (f"{MAY}, wonsdag 21:30", "0405-3105 Wed06 21:30 4x 60m 2p"),
    ("3 septembr t/m 30 september, dondrdagavond 21:30", "0309-3009 Thu03 21:30 4x 60m 2p"),
    (f"{MAY}, di om half tien 's avonds", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY}, di om half tien 's avonds en vr 22:00", "0405-3105 Tue05 21:30 8x 60m 2p"),
    (f"{MAY}, dinsdagavond half tien, een half uur", "0405-3105 Tue05 21:30 4x 30m 2p"),
    (f"{MAY}, elke avond om 10 uur", "0405-3105 Mon04 22:00 28x 60m 2p"),
    (f"{MAY}, Tue at half past nine in the evening", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY}, dinsdagavond 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY}, om de week di 21:30", "0405-3105 Tue05 21:30 2x 60m 2p"),
    (f"{MAY}, every other week Tue 21:30", "0405-3105 Tue05 21:30 2x 60m 2p"),
    ("za 9 mei 23:00", "0905-0905 Sat09 23:00 1x 60m 2p"),
    ("za 9 mei 23:00 en za 16 mei 22:00", "0905-1605 Sat09 23:00 2x 60m 2p"),
    ("di 21:30, 4 mei t/m 31 mei", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY} di 21u30 vr 22u", "0405-3105 Tue05 21:30 8x 60m 2p"),
    (f"{MAY} za 0:30", "0405-3105 Sat09 00:30 4x 60m 2p"),
    (f"{MAY}, di 21:30 en di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    # how long
    (f"{MAY}, di 21:30, 45 minuten", "0405-3105 Tue05 21:30 4x 45m 2p"),
    (f"{MAY}, di 21:30, 90 min.", "0405-3105 Tue05 21:30 4x 90m 2p"),
    (f"{MAY}, di 21:30, anderhalf uur", "0405-3105 Tue05 21:30 4x 90m 2p"),
    (f"{MAY}, di 21:30, 1,5 uur", "0405-3105 Tue05 21:30 4x 90m 2p"),
    (f"{MAY}, di 21:30, twee uur", "0405-3105 Tue05 21:30 4x 120m 2p"),
    (f"{MAY}, di 21:30, 1 uur, 2 lopers", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY}, di 21:30, half uur", "0405-3105 Tue05 21:30 4x 30m 2p"),
    (f"{MAY}, Tue 21:30, 2 hours", "0405-3105 Tue05 21:30 4x 120m 2p"),
    (f"{MAY}, di 21:30-22:15", "0405-3105 Tue05 21:30 4x 45m 2p"),
    (f"{MAY}, di van 23:30 tot 00:30", "0405-3105 Tue05 23:30 4x 60m 2p"),
    # how many
    (f"{MAY}, di 21:30, 3 lopers", "0405-3105 Tue05 21:30 4x 60m 3p"),
    (f"{MAY}, di 21:30, drie mensen", "0405-3105 Tue05 21:30 4x 60m 3p"),
    (f"{MAY}, di 21:30, 2-4 lopers", "0405-3105 Tue05 21:30 4x 60m 2-4p"),
    (f"{MAY}, di 21:30, 2 tot 4 lopers", "0405-3105 Tue05 21:30 4x 60m 2-4p"),
    (f"{MAY}, di 21:30, minimaal 2 lopers", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY}, di 21:30, lopers: 3", "0405-3105 Tue05 21:30 4x 60m 3p"),
    (f"{MAY}, Tue 21:30, in pairs", "0405-3105 Tue05 21:30 4x 60m 2p"),
    (f"{MAY}, Tue 21:30, 3 volunteers", "0405-3105 Tue05 21:30 4x 60m 3p"),
    # where
    (f"{MAY}, di 21:30, startpunt: De Wal", "0405-3105 Tue05 21:30 4x 60m 2p De Wal"),
    (f"{MAY}, Tue 21:30, start: De Wal", "0405-3105 Tue05 21:30 4x 60m 2p De Wal"),
    (f"startpunt Dorpsplein 3, {MAY}, di 21:30", "0405-3105 Tue05 21:30 4x 60m 2p Dorpsplein 3"),
    (f"{MAY}, di 21:30, verzamelen bij de kerk, 2 lopers", "0405-3105 Tue05 21:30 4x 60m 2p de kerk"),
    (f"{MAY}, Tue 21:30, meeting point: church square", "0405-3105 Tue05 21:30 4x 60m 2p church square"),
    # in other orders, and as people type
    (f"2 lopers, 60 min, startpunt De Wal, vr 22:00, {MAY}", "0405-3105 Fri08 22:00 4x 60m 2p De Wal"),
    ("4 MEI T/M 31 MEI, DI 21:30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("4 mei – 31 mei; dinsdag: 21.30", "0405-3105 Tue05 21:30 4x 60m 2p"),
    ("4 mei t/m 31 mei\ndi 21:30\nvr 22:00\n2 lopers", "0405-3105 Tue05 21:30 8x 60m 2p"),
]

CANNOT: list[tuple[str, str]] = [
    ("blabla", "sentence.nothing"),
    ("maak er maar wat van", "sentence.nothing"),
    ("31 februari t/m 4 mei, di 21:30", "sentence.no_such_day"),
    ("4 mei t/m 31 juni, di 21:30", "sentence.no_such_day"),
    ("ma 5 mei 21:30", "sentence.wrong_weekday"),
    ("31 mei t/m 4 mei, di 21:30", "sentence.end_before_start"),
    ("4 mei 2025 t/m 31 mei 2025, di 21:30", "sentence.past"),
    ("1-1-2026 t/m 31-12-9998, elke dag 20:00", "sentence.too_long"),
    ("di 21:30 en vr 22:00, 60 min", "sentence.missing.period"),
    ("4 mei, di 21:30", "sentence.missing.end"),
    (MAY, "sentence.missing.days"),
    (f"{MAY}, 21:30", "sentence.missing.weekdays"),
    (f"{MAY}, di en vr", "sentence.missing.times"),
    (f"{MAY}, di 21:30 en vr", "sentence.missing.times"),
    (f"{MAY} en 6 juni t/m 12 juni, di 21:30", "sentence.two_periods"),
    (f"{MAY}, di 21:30, 1 loper", "sentence.alone"),
    (f"{MAY}, di 21:30, 20 lopers", "sentence.walkers"),
    (f"{MAY}, di 21:30, 5 min", "sentence.minutes"),
    (f"{MAY}, di 21:30, 900 minuten", "sentence.minutes"),
]


@pytest.mark.parametrize(("text", "wanted"), SENTENCES)
def test_what_a_sentence_says(text: str, wanted: str) -> None:
    assert said(text) == wanted
    assert plan(text).unread == ()


@pytest.mark.parametrize(("text", "key"), CANNOT)
def test_what_cannot_be_is_one_friendly_sentence(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        plan(text)
    assert refused.value.text.key == key


def test_each_day_has_its_own_time() -> None:
    assert [f"{at:%a %H:%M}" for at in plan(WHOLE).times()[:3]] == ["Tue 21:30", "Fri 22:00", "Tue 21:30"]


@pytest.mark.parametrize(
    ("text", "choice", "route"),
    [
        ("route Noord", RouteChoice.FIXED, "Noord"),
        ("vaste route: Zuid-West", RouteChoice.FIXED, "Zuid-West"),
        ("routes roulerend", RouteChoice.ROTATING, ""),
        ("wisselende routes", RouteChoice.ROTATING, ""),
        ("rotating routes", RouteChoice.ROTATING, ""),
        ("willekeurige route", RouteChoice.RANDOM, ""),
        ("random routes", RouteChoice.RANDOM, ""),
        ("2 lopers", RouteChoice.NONE, ""),
    ],
)
def test_routes_are_fixed_rotating_or_drawn(text: str, choice: RouteChoice, route: str) -> None:
    read = plan(f"{MAY}, di 21:30, {text}")
    assert (read.route_choice, read.route, read.random_start) == (choice, route, False)


@pytest.mark.parametrize("text", ["willekeurige start", "willekeurige starttijd", "random start"])
def test_the_start_may_be_drawn(text: str) -> None:
    read = plan(f"{MAY}, di 21:30, {text}")
    assert read.random_start
    assert read.route_choice is RouteChoice.NONE


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("4 mei 99999 t/m 31 mei, di 21:30", ("99999",)),
        (f"{MAY}, di 21:30, 7, de 5e", ("7", "5")),
        (f"{MAY}, di om half tien en vr 22:00", ("half", "tien")),
    ],
)
def test_figures_and_times_that_were_not_used_are_named_too(text: str, unread: tuple[str, ...]) -> None:
    assert plan(text).unread == unread


def test_a_start_point_is_kept_whole_or_refused() -> None:
    place = "de grote parkeerplaats achter de sporthal aan de Vijfhuizenberg, naast de glasbak en tegenover de school"
    assert plan(f"{MAY}, di 21:30, startpunt {place.replace(',', '')}").start_point == place.replace(",", "")
    with pytest.raises(Refusal) as refused:
        plan(f"{MAY}, di 21:30, startpunt {'de hele lange weg ' * 8}")
    assert refused.value.text.key == "sentence.long_place"


def test_what_was_not_read_is_named() -> None:
    assert plan(f"{MAY}, di 21:30, honden welkom").unread == ("honden", "welkom")


def test_what_goes_on_already_is_not_next_year() -> None:
    read = read_plan(f"{MAY}, di 21:30", date(2026, 5, 10))
    assert (read.first, read.last) == (date(2026, 5, 4), date(2026, 5, 31))


@given(st.integers(1, 28), st.integers(0, 60), st.sets(st.integers(0, 6), min_size=1))
def test_every_shift_lies_in_the_period_on_a_day_that_was_named(first: int, length: int, weekdays: set[int]) -> None:
    start = date(2026, 6, first)
    last = date.fromordinal(start.toordinal() + length)
    days = " ".join(("ma", "di", "wo", "do", "vr", "za", "zo")[one] for one in sorted(weekdays))
    times = plan(f"{start.isoformat()} t/m {last.isoformat()}, {days} 21:30").times()
    wanted = [
        day for day in range(start.toordinal(), last.toordinal() + 1) if date.fromordinal(day).weekday() in weekdays
    ]
    assert times == [
        datetime.combine(date.fromordinal(day), datetime.min.time().replace(hour=21, minute=30)) for day in wanted
    ]
