"""Spoken times and the part of the day they fall in."""

from __future__ import annotations

import pytest

from buurtwacht_patrols.spoken_times import in_figures


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("half tien 's avonds", "21:30"),
        ("half 10 's avonds", "21:30"),
        ("kwart voor elf 's avonds", "22:45"),
        ("kwart over negen 's avonds", "21:15"),
        ("negen uur 's avonds", "21:00"),
        ("9:30 uur 's avonds", "21:30"),
        ("9.05 's morgens", "09:05"),
        ("half een 's nachts", "00:30"),
        ("twaalf uur 's nachts", "00:00"),
        ("elf uur 's nachts", "23:00"),
        ("twee uur 's nachts", "02:00"),
        ("half een 's middags", "12:30"),
        ("drie uur 's middags", "15:00"),
        ("nine o'clock in the evening", "21:00"),
        ("half past nine in the evening", "21:30"),
        ("quarter to eleven at night", "22:45"),
        ("dinsdagavond om half tien", "dinsdagavond om 21:30"),
        ("'s avonds om 9 uur", "'s avonds om 21:00"),
    ],
)
def test_a_part_of_the_day_says_which_half(said: str, written: str) -> None:
    assert in_figures(said) == written


@pytest.mark.parametrize(
    "said",
    [
        *("half tien", "een half uur", "21:30 's avonds", "elke avond 10 mei", "dinsdagavond 21:30", "2 lopers"),
        *(
            "elke avond 2 lopers",
            "dinsdagavond, 4 mei",
            "avond van 10 t/m 12 mei",
            "elke nacht 60 min",
            "elke avond 2 uur",
        ),
    ],
)
def test_what_says_no_time_stays(said: str) -> None:
    assert in_figures(said) == said
