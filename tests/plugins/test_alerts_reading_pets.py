"""Who is missing: a pet, whosever it is, or a person, whatever is with him. In doubt it is a person."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht_alerts.reading import Reading, read

from .pet_sentences import CHILDREN, GROWN_UPS, LOOKED_AT, NO_REPORT, PETS
from .report_sentences import STREETS


def reading(text: str) -> Reading:
    return read(text, STREETS, datetime(2026, 1, 16, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam")))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        *((text, "lost_pet") for text in PETS),
        *((text, "missing_child") for text in CHILDREN),
        *((text, "missing_person") for text in GROWN_UPS),
        *((text, "other") for text in LOOKED_AT),
    ],
)
def test_who_is_missing(text: str, category: str) -> None:
    found = reading(text)
    assert (found.category, found.likely) == (category, True)


@pytest.mark.parametrize("text", NO_REPORT)
def test_a_thing_a_question_and_what_was_found_is_no_report(text: str) -> None:
    assert not reading(text).likely


def test_there_are_sentences_enough() -> None:
    assert len({*PETS, *CHILDREN, *GROWN_UPS, *LOOKED_AT, *NO_REPORT}) >= 75


@pytest.mark.parametrize(("first", "second"), list(permutations(["mijn oma", "onze hond"])))
def test_of_two_that_are_missing_the_person_counts(first: str, second: str) -> None:
    assert reading(f"{first} en {second} zijn vermist").category == "missing_person"


@given(
    child=st.sampled_from(["mijn dochter", "het meisje", "onze zoon", "de peuter"]),
    pet=st.sampled_from(["hond", "kat", "puppy", "konijn"]),
    whose=st.sampled_from(["de", "haar", "onze", "een", "de kleine", "zijn lieve"]),
    gone=st.sampled_from(["is weg", "is vermist", "is niet thuisgekomen", "is zoek", "is verdwenen"]),
)
def test_a_child_is_missing_whatever_pet_is_with_it(child: str, pet: str, whose: str, gone: str) -> None:
    assert reading(f"{child} met {whose} {pet} {gone}").category == "missing_child"
    assert reading(f"{child} {gone} met {whose} {pet}").category == "missing_child"
