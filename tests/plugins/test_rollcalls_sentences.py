"""Sentences that open a roll call: kind, place, how long and how many, as co-ordinators type them."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import Role
from buurtwacht_rollcalls.durations import read_ending
from buurtwacht_rollcalls.records import Kind
from buurtwacht_rollcalls.sentence import Wish, read

CODES = {"kroeven": "KR", "kr": "KR", "tolberg": "TB", "tb": "TB", "oud gastel": "OG", "og": "OG"}
STREETS = ["Meidoornstraat", "Esdoornlaan", "Van Gilselaan"]
SAFETY, READY, MEET, PRESENT = Kind.SAFETY, Kind.READINESS, Kind.MEETING, Kind.ATTENDANCE


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def wish(text: str, kind: Kind | None = None) -> Wish:
    return read(text, CODES, STREETS, kind)


@pytest.mark.parametrize(
    ("text", "kind", "question", "span"),
    [
        ("is iedereen oké?", SAFETY, "Is iedereen oké?", None),
        ("is iedereen oke", SAFETY, "Is iedereen oke", None),
        ("iedereen veilig? 2 uur", SAFETY, "Iedereen veilig?", minutes(120)),
        ("de stroom is uit, is iedereen oké? 90 min", SAFETY, "De stroom is uit, is iedereen oké?", minutes(90)),
        ("de stroom is al 2 uur uit, is iedereen oké?", SAFETY, "De stroom is al 2 uur uit, is iedereen oké?", None),
        ("gaat het goed met iedereen? een half uur", SAFETY, "Gaat het goed met iedereen?", minutes(30)),
        ("alles goed daar? anderhalf uur", SAFETY, "Alles goed daar?", minutes(90)),
        ("alles goed? een uur", SAFETY, "Alles goed?", minutes(60)),
        ("alles goed? uur", SAFETY, "Alles goed? uur", None),
        ("alles goed? 1,5 uur", SAFETY, "Alles goed?", minutes(90)),
        ("alles goed? 1u30", SAFETY, "Alles goed?", minutes(90)),
        ("alles goed? 1 uur en 30 min", SAFETY, "Alles goed?", minutes(90)),
        ("alles goed? 2u", SAFETY, "Alles goed?", minutes(120)),
        ("alles goed? 45m", SAFETY, "Alles goed? 45m", None),
        ("alles goed? een kwartier", SAFETY, "Alles goed?", minutes(15)),
        ("alles goed? twee dagen", SAFETY, "Alles goed?", minutes(2880)),
        ("alles goed? 3 uur open graag", SAFETY, "Alles goed?", minutes(180)),
        ("alles goed? binnen 20 minuten", SAFETY, "Alles goed?", minutes(20)),
        ("brand in de flat, ben je veilig? 30 minuten.", SAFETY, "Brand in de flat, ben je veilig?", minutes(30)),
        ("is everybody safe? 90 min", SAFETY, "Is everybody safe?", minutes(90)),
        ("is everyone ok? an hour", SAFETY, "Is everyone ok?", minutes(60)),
        ("is everyone all right? half an hour", SAFETY, "Is everyone all right?", minutes(30)),
        ("the power is out, are you ok within 2 hours", SAFETY, "The power is out, are you ok", minutes(120)),
        ("is iemand gewond? 1 uur", SAFETY, "Is iemand gewond?", minutes(60)),
        ("heeft iemand hulp nodig?", SAFETY, "Heeft iemand hulp nodig?", None),
        ("does anybody need help?", SAFETY, "Does anybody need help?", None),
        ("wie kan er komen? 15 min", READY, "Wie kan er komen?", minutes(15)),
        ("wie kan helpen zoeken naar Jip binnen 15 min?", READY, "Wie kan helpen zoeken naar Jip?", minutes(15)),
        ("who can come and help? 20 min", READY, "Who can come and help?", minutes(20)),
        ("zandzakken vullen 6 nodig 30 min", READY, "Zandzakken vullen", minutes(30)),
        ("dinsdag 20:00 vergadering, kom je? 24 uur", MEET, "Dinsdag 20:00 vergadering, kom je?", minutes(1440)),
        ("kom je naar het overleg over 2 weken?", MEET, "Kom je naar het overleg over 2 weken?", None),
        ("are you coming on Tuesday? 2 days", MEET, "Are you coming on Tuesday?", minutes(2880)),
        ("heb jij nog stroom?", MEET, "Heb jij nog stroom?", None),
        ("wie is er aanwezig? 10 min", PRESENT, "Wie is er aanwezig?", minutes(10)),
        ("who is here? 10 min", PRESENT, "Who is here?", minutes(10)),
        ("", SAFETY, "", None),
        ("90 min", SAFETY, "", minutes(90)),
        ("???", MEET, "???", None),
    ],
)  # fmt: skip
def test_what_is_asked_and_how_long(text: str, kind: Kind, question: str, span: timedelta | None) -> None:
    found = wish(text)
    assert (found.kind, found.question, found.span) == (kind, question, span)


@pytest.mark.parametrize(
    ("text", "code", "street", "role", "question"),
    [
        ("Kroeven is iedereen oké?", "KR", "", None, "Is iedereen oké?"),
        ("KR is iedereen oké?", "KR", "", None, "Is iedereen oké?"),
        ("kroeven: is iedereen oké?", "KR", "", None, "Is iedereen oké?"),
        ("in Kroeven, is iedereen oké?", "KR", "", None, "Is iedereen oké?"),
        ("Oud Gastel is iedereen oké?", "OG", "", None, "Is iedereen oké?"),
        ("Oud brood, is iedereen oké?", "", "", None, "Oud brood, is iedereen oké?"),
        ("Meidoornstraat gaslucht, is iedereen oké?", "", "Meidoornstraat", None, "Gaslucht, is iedereen oké?"),
        ("meidoornstr gaslucht, alles goed?", "", "Meidoornstraat", None, "Gaslucht, alles goed?"),
        ("in de Esdoornlaan: alles goed?", "", "Esdoornlaan", None, "Alles goed?"),
        ("van gilselaan alles goed?", "", "Van Gilselaan", None, "Alles goed?"),
        ("lopers wie kan er komen?", "", "", Role.PATROLLER, "Wie kan er komen?"),
        ("aan alle lopers: kom je dinsdag?", "", "", Role.PATROLLER, "Kom je dinsdag?"),
        ("coördinatoren kom je dinsdag?", "", "", Role.COORDINATOR, "Kom je dinsdag?"),
        ("walkers are you coming?", "", "", Role.PATROLLER, "Are you coming?"),
        ("beheerders, kom je?", "", "", Role.ADMIN, "Kom je?"),
        ("zijn de lopers veilig?", "", "", None, "Zijn de lopers veilig?"),
        ("Kroeven", "KR", "", None, ""),
    ],
)
def test_of_whom(text: str, code: str, street: str, role: Role | None, question: str) -> None:
    found = wish(text)
    assert (found.code, found.street, found.role, found.question) == (code, street, role, question)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("wie kan er komen? 4 nodig 15 min", 4),
        ("wie kan er komen, vier mensen nodig, 15 min", 4),
        ("wie kan er komen? we hebben 12 vrijwilligers nodig", 12),
        ("wie kan er komen? minstens 2 lopers nodig 10 min", 2),
        ("who can come? 3 needed 15 min", 3),
        ("who can come? at least three people needed", 3),
        ("wie kan er komen? 15 min 4 nodig", 4),
        ("wie kan er komen?", None),
    ],
)
def test_how_many_are_needed(text: str, needed: int | None) -> None:
    found = wish(text)
    assert found.kind is READY
    assert found.needed == needed
    if "15 min" in text:
        assert found.span == minutes(15)


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("is iedereen oké?", set()),
        ("de stroom is uit", {"kind"}),
        ("bla", {"kind"}),
        ("is iedereen in de Meidoornstraat oké?", {"place"}),
        ("de politie is onderweg, is iedereen oké?", {"source"}),
        ("police are coming, are you safe?", {"source"}),
        ("de gemeente zet het water af", {"kind", "source"}),
    ],
)
def test_what_is_left_open_is_asked(text: str, unclear: set[str]) -> None:
    assert wish(text).unclear == unclear


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("is iedereen oké? tot 18:00", time(18)),
        ("is iedereen oké tot 18.30", time(18, 30)),
        ("is everybody ok until 7:15", time(7, 15)),
        ("is iedereen oké voor 18 uur", time(18)),
        ("is iedereen oké? uiterlijk 9u", time(9)),
        ("is iedereen oké tot 3", None),
    ],
)
def test_until_when(text: str, wall: time | None) -> None:
    assert wish(text).wall == wall


@pytest.mark.parametrize("text", ["de stroom is weg sinds 2 uur", "er is brand al 10 minuten", "out for 2 hours"])
def test_a_span_that_tells_since_when_is_no_window(text: str) -> None:
    assert read_ending(text).span is None


@pytest.mark.parametrize(
    ("text", "question", "minutes"),
    [
        ("30 min is iedereen veilig?", "Is iedereen veilig?", 30),
        ("30 min: alles goed daar?", "Alles goed daar?", 30),
        ("een uur, gaat het goed?", "Gaat het goed?", 60),
        ("Kroeven 45 min is everyone safe?", "Is everyone safe?", 45),
        ("2 uur geleden was er een knal, is iedereen oké?", "2 uur geleden was er een knal, is iedereen oké?", None),
        ("2 uur lang geen stroom, iedereen oké?", "2 uur lang geen stroom, iedereen oké?", None),
        ("30 min is iedereen veilig? 1 uur", "30 min is iedereen veilig?", 60),
        ("is iedereen oké? -5 min", "Is iedereen oké?", 0),
        ("is iedereen oké? - 90 min", "Is iedereen oké?", 90),
    ],
)
def test_a_window_in_front_of_the_question(text: str, question: str, minutes: int | None) -> None:
    found = wish(text)
    assert (found.question, found.span) == (question, None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize("text", ["is iemand gewond?", "iedereen oké of heb je hulp nodig?", "is er schade?"])
def test_a_question_about_trouble_is_known_as_one(text: str) -> None:
    assert wish(text).asks_trouble


def test_the_word_of_the_command_decides_the_kind() -> None:
    assert wish("dinsdag 20:00 in het buurthuis", Kind.MEETING).kind is Kind.MEETING
    assert wish("is dit veilig aangekomen?", Kind.TEST).kind is Kind.TEST
    assert not wish("dinsdag 20:00", Kind.MEETING).unclear


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = wish(text)
    assert found.span is None or found.span >= timedelta(0)
    assert len(found.question) <= len(text) + 2
