"""Numbers to call, by country."""

from __future__ import annotations

import re

import phonenumbers
import pytest

from buurtwacht.vocabulary.countries import COUNTRIES, Country, country, facts


def test_dutch_numbers_are_those_of_the_sticker_beside_the_telephone() -> None:
    assert facts(country("NL")) == {
        "emergency": "112",
        "rescue": "112",
        "police": "0900-8844",
        "tip_line": "0800-7000",
        "outage_line": "0800-9009",
        "animal_line": "144",
    }


def test_the_police_have_a_number_of_their_own_in_belgium_and_germany() -> None:
    assert (country("BE").emergency, country("BE").rescue) == ("101", "112")
    assert (country("DE").emergency, country("DE").rescue) == ("110", "112")


def test_a_country_outside_the_table_is_no_guess() -> None:
    with pytest.raises(KeyError):
        country("FR")


@pytest.mark.parametrize("row", COUNTRIES.values(), ids=COUNTRIES)
def test_every_row_is_whole(row: Country) -> None:
    assert COUNTRIES[row.code] is row
    assert all(facts(row).values()), "a sentence with a gap in it"
    assert re.fullmatch(row.postcode, row.postcode_example)
    assert row.phone_region in phonenumbers.SUPPORTED_REGIONS
    assert row.emergency in {"112", "101", "110"}
