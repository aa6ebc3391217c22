"""Names, streets, postcodes, roles and senders as people type them."""

from __future__ import annotations

import pytest

from buurtwacht import Neighbourhood, Role
from buurtwacht.testing import World
from buurtwacht_members.words import (
    SENDERS,
    clean_name,
    digits_of,
    read_home,
    read_official,
    read_role,
    same_name,
    split_invited,
)


@pytest.fixture(scope="module")
def tolberg() -> Neighbourhood:
    with World() as world:
        world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat", "Laan van Tolberg", "Esdoornlaan"])
        with world.context("members") as ctx:
            found = ctx.neighbourhood_by("TB")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sam", "Sam"),
        ("Ik ben Fatima Bakır.", "Fatima Bakır"),
        ("mijn naam is: Jan de Wit", "Jan de Wit"),
        ("I'm O'Neill", "O'Neill"),
        ("Nguyễn\tThị  Hoa", "Nguyễn Thị Hoa"),
        ("Buur 17", "Buur 17"),
    ],
)
def test_a_name_is_taken_as_it_is_meant(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["", "x", "0612345678", "www.winkel.example", "sam@voorbeeld.example", "<b>Sam</b>", "a" * 61, "!!!"]
)
def test_what_cannot_be_a_name_is_none(typed: str) -> None:
    assert clean_name(typed) is None


@pytest.mark.parametrize(
    ("typed", "street", "postcode"),
    [
        ("Meidoornstraat 12", "Meidoornstraat", ""),
        ("meidoornstr. 12a", "Meidoornstraat", ""),
        ("laan van tolberg 3, 4707 ab", "Laan van Tolberg", "4707AB"),
        ("4707 AB", "", "4707AB"),
        ("4707", "", "4707"),
        ("Onbekendeweg 100-2", "Onbekendeweg", ""),
    ],
)
def test_a_home_is_a_street_and_a_postcode_without_a_number(
    tolberg: Neighbourhood, typed: str, street: str, postcode: str
) -> None:
    home = read_home(typed, tolberg)
    assert home is not None
    assert (home.street, home.postcode) == (street, postcode)


@pytest.mark.parametrize("typed", ["", "?", "12", "ja"])
def test_what_is_no_home_is_none(tolberg: Neighbourhood, typed: str) -> None:
    assert read_home(typed, tolberg) is None


@pytest.mark.parametrize(
    ("typed", "name", "street"),
    [
        ("Anna", "Anna", ""),
        ("Anna de Vries Meidoornstraat 3", "Anna de Vries", "Meidoornstraat"),
        ("Anna de Vries, Onbekendeweg 3", "Anna de Vries", "Onbekendeweg"),
        ("Anna, meidoornstraat", "Anna", "Meidoornstraat"),
    ],
)
def test_who_is_invited_and_where_he_lives(tolberg: Neighbourhood, typed: str, name: str, street: str) -> None:
    assert split_invited(typed, tolberg) == (name, street)


@pytest.mark.parametrize(
    ("typed", "name", "role", "given"),
    [
        ("Henk loper", "Henk", Role.PATROLLER, True),
        ("Henk de Wit geen loper", "Henk de Wit", Role.PATROLLER, False),
        ("Riet plaatsvervangend coördinator", "Riet", Role.DEPUTY_COORDINATOR, True),
        ("Henk no deputy co-ordinator", "Henk", Role.DEPUTY_COORDINATOR, False),
        ("Henk Beheerder", "Henk", Role.ADMIN, True),
    ],
)
def test_a_role_stands_at_the_end(typed: str, name: str, role: Role, given: bool) -> None:
    change = read_role(typed)
    assert change is not None
    assert (change.name, change.role, change.given) == (name, role, given)


@pytest.mark.parametrize("typed", ["", "loper", "Henk", "Henk tovenaar", "geen loper"])
def test_without_a_name_or_a_role_nothing_is_guessed(typed: str) -> None:
    assert read_role(typed) is None


def test_a_whole_name_goes_before_the_beginning_of_one() -> None:
    assert same_name("henk", ["Henk de Wit", "Henk", "Hendrik"]) == [1]
    assert same_name("Henk", ["Henk de Wit", "Henk Bos"]) == [0, 1]
    assert same_name("Piet", ["Henk"]) == []


def test_every_kind_of_sender_can_be_named_in_both_languages() -> None:
    assert SENDERS["wijkagent"] == SENDERS["police"] == "police"
    assert SENDERS["andere buurten"] == SENDERS["other neighbourhoods"] == "neighbourhoods"
    assert set(SENDERS.values()) == {"police", "controlroom", "municipality", "boa", "mayor", "neighbourhoods"}


def test_of_a_postcode_only_the_digits_count() -> None:
    typed = ("4707", "4707 AB", "4707ab", "10115", "470", "0707", "4707 A", "x")
    assert [digits_of(one) for one in typed] == ["4707", "4707", "4707", "10115", "", "", "", ""]


@pytest.mark.parametrize(
    ("text", "name", "kind", "title"),
    [
        ("Anja politie", "Anja", "police", ""),
        ("Anja de Vries wijkagent", "Anja de Vries", "police", "wijkagent"),
        ("anja de vries Wijkagent Tolberg Noord", "Anja de vries", "police", "Wijkagent Tolberg Noord"),
        ("Bart Smit gemeente adviseur veiligheid", "Bart Smit", "municipality", "adviseur veiligheid"),
        ("Cor control room", "Cor", "controlroom", ""),
        ("Cor community police officer", "Cor", "police", "community police officer"),
        ("Dirk handhaving", "Dirk", "boa", ""),
        ("Els de Wit burgemeester", "Els de Wit", "mayor", ""),
    ],
)
def test_an_official_is_named_with_his_kind_and_perhaps_a_title(text: str, name: str, kind: str, title: str) -> None:
    named = read_official(text)
    assert named is not None
    assert (named.name, named.kind, named.title) == (name, kind, title)


@pytest.mark.parametrize("text", ["", "politie", "Anja", "Anja tovenaar", "https://x.nl politie", "wijkagent Tolberg"])
def test_without_a_name_or_a_kind_nobody_is_named(text: str) -> None:
    assert read_official(text) is None
