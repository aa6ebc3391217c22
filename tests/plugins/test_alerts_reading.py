"""One sentence read as a report: category, place, moment, 112, direction, vehicle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from buurtwacht import Severity
from buurtwacht_alerts.called import Called112, read_called
from buurtwacht_alerts.categories import CATEGORIES, Ask112, Route, category
from buurtwacht_alerts.reading import Movement, Reading, read

from .report_sentences import CHAT, REPORTS, STREETS, Sentence
from .talk_sentences import TALK
from .typed_sentences import TYPED

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = datetime(2026, 1, 16, 1, 42, tzinfo=AMSTERDAM)
NOON = datetime(2026, 1, 16, 12, 0, tzinfo=AMSTERDAM)


def reading(text: str, now: datetime = NIGHT) -> Reading:
    return read(text, STREETS, now)


@pytest.mark.parametrize("sentence", [*REPORTS, *TYPED], ids=lambda sentence: sentence.text[:50])
def test_a_report_is_read_as_its_reporter_meant_it(sentence: Sentence) -> None:
    found = reading(sentence.text)
    assert (found.category, found.place, found.called_112.value) == sentence[1:]
    assert found.likely


@pytest.mark.parametrize("text", [*CHAT, *TALK])
def test_chatter_is_no_report(text: str) -> None:
    assert not reading(text).likely


def test_there_are_sentences_enough() -> None:
    reports = {sentence.text for sentence in (*REPORTS, *TYPED)}
    assert len(reports) >= 250
    assert len({*CHAT, *TALK}) >= 200
    # Nobody drills or ends an alert by a sentence; everything else that people report is there.
    known = {sentence.category for sentence in (*REPORTS, *TYPED)}
    assert known == CATEGORIES.keys() - {"drill", "all_clear"}


def test_the_story_of_the_car_without_lights() -> None:
    found = reading("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
    assert found.severity is Severity.URGENT
    assert found.behaviour == "rijdt stapvoets, lichten uit"
    assert found.vehicle == "auto"
    assert found.street == "Meidoornstraat"
    assert found.called_112 is Called112.UNKNOWN
    assert found.certainty > 0.9


def test_the_same_story_in_english() -> None:
    found = reading(
        "Suspicious car on Meidoornstraat crawling past parked cars lights off, 4 people inside, heading to Esdoornlaan"
    )
    assert found.behaviour == "crawling past parked cars lights off, 4 people inside"
    assert (found.direction, found.direction_street, found.persons) == ("Esdoornlaan", "Esdoornlaan", 4)


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("verdachte auto meidoornstraat", ""),
        ("verdacht persoon lindestraat 112 gebeld", ""),
        ("Verdachte man in de Lindestraat, zwarte jas", ""),
        ("inbraak bezig Meidoornstraat 12, 112 gebeld", "inbraak bezig"),
        ("witte bus met kenteken 12-ABC-3 rijdt rondjes op het Dorpsplein", "rijdt rondjes"),
        ("man voelt aan deuren in de Lindestraat richting Esdoornlaan", "man voelt aan deuren"),
        ("10 min geleden man die aan deuren voelde, Lindestraat 4", "man die aan deuren voelde"),
        ("stroomstoring lindestraat", "stroomstoring"),
        ("melding: man kijkt in auto's", "man kijkt in auto's"),
    ],
)
def test_behaviour_is_what_happens_and_nothing_else(text: str, behaviour: str) -> None:
    assert reading(text).behaviour == behaviour


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("inbraak Meidoornstraat 12", "Meidoornstraat", "12"),
        ("inbraak meidoornstr. 12a", "Meidoornstraat", "12a"),
        ("inbraak Meidoornstraat nr. 12", "Meidoornstraat", "12"),
        ("inbraak op nummer 12 Meidoornstraat", "Meidoornstraat", "12"),
        ("burglary at the back of 12 Meidoornstraat", "Meidoornstraat", "12"),
        ("rond 12 Meidoornstraat brand", "Meidoornstraat", ""),
        ("burglary at 12 Meidoornstraat", "Meidoornstraat", "12"),
        ("verdacht: Meidoornstraat 4 mannen kijken in auto's", "Meidoornstraat", ""),
        ("brand Meidoornstraat 01:42", "Meidoornstraat", ""),
        ("brand Meidoornstraat 112 gebeld", "Meidoornstraat", ""),
        ("brand meidoornstraat 10 min geleden", "Meidoornstraat", ""),
        ("brand Meidoornstraat 12, 3 mannen", "Meidoornstraat", "12"),
        ("brand medoornstraat", "Meidoornstraat", ""),
        ("brand meidornstaat", "Meidoornstraat", ""),
        ("brand meidoorn straat 5", "Meidoornstraat", "5"),
        ("brand meidoornlaan", None, ""),
        ("brand lindelaan 4", None, "4"),
        ("brand st josephstr", "Sint Josephstraat", ""),
        ("brand burgemeester prinsensingel", "Burgemeester Prinsensingel", ""),
        ("brand Prinsensingel", None, ""),
        ("brand in onze straat", None, ""),
        ("brand onderweg naar huis", None, ""),
    ],
)
def test_the_street_is_found_and_its_number_kept_apart(text: str, street: str | None, number: str) -> None:
    found = reading(text)
    assert (found.street, found.house_number) == (street, number)
    assert not any(sign.isdigit() for sign in found.place)
    if number:
        assert number not in found.behaviour


def test_two_streets_that_are_as_near_are_not_guessed() -> None:
    assert read("brand in de molensraat", ["Molenstraat", "Polenstraat"], NIGHT).street == "Molenstraat"
    assert read("brand in de rolenstraat", ["Molenstraat", "Polenstraat"], NIGHT).street is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("brand hoek Lindestraat Esdoornlaan", "Lindestraat"),
        ("brand Lindestraat hoek Esdoornlaan", "Lindestraat hoek Esdoornlaan"),
        ("brand Lindestraat bij de speeltuin", "Lindestraat bij de speeltuin"),
        ("brand Lindestraat tegenover de Albert Heijn", "Lindestraat tegenover de Albert"),
        ("brand in de wilgenstraat", "Wilgenstraat"),
        ("fire at Elm Street", "Elm Street"),
        ("brand op het schoolplein", "schoolplein"),
        ("inbreker rent naar de speeltuin", ""),
    ],
)
def test_a_place_is_shown_as_people_say_it(text: str, place: str) -> None:
    assert reading(text).place == place


def _at(text: str, now: datetime) -> datetime | None:
    return reading(text, now).happened_at


@pytest.mark.parametrize(
    ("said", "now", "expected"),
    [
        ("nu", NIGHT, "16 01:42"),
        ("net", NIGHT, "16 01:42"),
        ("just now", NIGHT, "16 01:42"),
        ("10 min geleden", NIGHT, "16 01:32"),
        ("tien minuten geleden", NIGHT, "16 01:32"),
        ("een kwartier geleden", NIGHT, "16 01:27"),
        ("half uur geleden", NIGHT, "16 01:12"),
        ("an hour ago", NIGHT, "16 00:42"),
        ("2 uur geleden", NIGHT, "15 23:42"),
        ("a few minutes ago", NIGHT, "16 01:39"),
        ("rond 23:15", NIGHT, "15 23:15"),
        ("om 23.15 uur", NIGHT, "15 23:15"),
        ("om half 2", NIGHT, "16 01:30"),
        ("around 11pm", NIGHT, "15 23:00"),
        ("om kwart over 1", NIGHT, "16 01:15"),
        ("om 01:40", NIGHT, "16 01:40"),
        ("om 01:45", NIGHT, "16 01:42"),
        ("vannacht", NOON, "16 03:00"),
        ("vannacht", NIGHT, "16 01:42"),
        ("vannacht om 3 uur", NOON, "16 03:00"),
        ("vannacht rond 23:30", NOON, "15 23:30"),
        ("gisteravond", NOON, "15 21:00"),
        ("gisteren om 15:00", NOON, "15 15:00"),
        ("yesterday", NOON, "15 12:00"),
        ("last night at 2 am", NOON, "16 02:00"),
        ("last night", NOON, "15 23:00"),
        ("vanochtend", NOON, "16 08:00"),
        ("eergisteren", NOON, "14 12:00"),
        ("al 20 minuten", NIGHT, "16 01:22"),
        ("", NIGHT, None),
        ("1.80 lang", NIGHT, None),
        ("1.50 lang", NIGHT, None),
    ],
)
def test_the_moment_is_local_and_never_in_the_future(said: str, now: datetime, expected: str | None) -> None:
    at = _at(f"man voelt aan deuren lindestraat, {said}", now)
    assert (at and f"{at:%d %H:%M}") == expected
    assert at is None or at.tzinfo is AMSTERDAM


def test_minutes_ago_are_real_minutes_when_the_clock_changes() -> None:
    after = datetime(2026, 3, 29, 3, 10, tzinfo=AMSTERDAM)
    at = _at("brand, 20 min geleden", after)
    assert at is not None
    assert after.astimezone(UTC) - at.astimezone(UTC) == timedelta(minutes=20)


@pytest.mark.parametrize(
    ("text", "severity", "acting"),
    [
        ("man voelt aan deuren lindestraat, 10 min geleden", Severity.URGENT, True),
        ("man voelde aan deuren lindestraat, gisteren", Severity.NOTICE, False),
        ("verdachte auto gisteravond in de lindestraat", Severity.NOTICE, False),
        ("babbeltruc gisteren lindestraat", Severity.NOTICE, False),
        ("inbraak lindestraat", Severity.CRITICAL, True),
        ("gisteren inbraak lindestraat", Severity.NOTICE, False),
        ("kind vermist sinds gisteren", Severity.CRITICAL, False),
        ("denk ik brand in de lindestraat", Severity.CRITICAL, True),
        ("stroomstoring lindestraat", Severity.NOTICE, True),
        ("onze kat is vermist", Severity.INFO, True),
    ],
)
def test_what_is_over_presses_less(text: str, severity: Severity, acting: bool) -> None:
    found = reading(text, NOON)
    assert (found.severity, found.acting_now) == (severity, acting)


@pytest.mark.parametrize(
    ("text", "direction", "movement"),
    [
        ("verdachte man loopt richting Esdoornlaan", "Esdoornlaan", Movement.FOOT),
        ("verdachte man rent weg naar de lindestraat", "Lindestraat", Movement.FOOT),
        ("verdachte auto rijdt richting het centrum", "centrum", Movement.CAR),
        ("suspicious guy running towards Lindestraat", "Lindestraat", Movement.FOOT),
        ("verdacht persoon op de fiets richting station", "station", Movement.BIKE),
        ("two lads on a scooter headed for Dorpsplein", "Dorpsplein", Movement.SCOOTER),
        ("verdachte man kijkt naar binnen", "", None),
    ],
)
def test_the_direction_and_how(text: str, direction: str, movement: Movement | None) -> None:
    found = reading(text)
    assert (found.direction, found.movement) == (direction, movement)


@pytest.mark.parametrize(
    ("text", "vehicle", "plate"),
    [
        ("verdachte zwarte VW Golf lindestraat", "zwarte VW Golf", ""),
        ("donkere stationwagen rijdt rondjes", "donkere stationwagen", ""),
        ("verdachte auto, witte bestelbus Mercedes, 12-ABC-3", "witte bestelbus Mercedes", "12-ABC-3"),
        ("suspicious white van, plate 1-ABC-123", "white van", "1-ABC-123"),
        ("verdachte auto kenteken gb123x", "auto", "GB-123-X"),
        ("verdachte auto kenteken begint met 12-G", "auto", "12-G"),
        ("auto rijdt langs TB-0001", "auto", ""),
        ("man voelt aan mijn auto", "", ""),
        ("foto van de lindestraat", "", ""),
        ("kijkt in auto's", "", ""),
        ("verdachte man 12 en 14", "", ""),
        ("postcode 4707 AB verdachte man", "", ""),
    ],
)
def test_vehicle_and_plate(text: str, vehicle: str, plate: str) -> None:
    found = reading(text)
    assert (found.vehicle, found.plate) == (vehicle, plate)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("twee mannen kijken in auto's", 2),
        ("4 people inside", 4),
        ("man voelt aan deuren", 1),
        ("3 verdachte jongens", 3),
        ("groep jongeren", None),
        ("verdachte auto", None),
    ],
)
def test_how_many_people(text: str, persons: int | None) -> None:
    assert reading(text).persons == persons


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("gebeld", Called112.REPORTER),
        ("ja gebeld", Called112.REPORTER),
        ("Called", Called112.REPORTER),
        ("I called", Called112.REPORTER),
        ("Ja, ik heb gebeld", Called112.REPORTER),
        ("heb ik al gedaan", Called112.REPORTER),
        ("112 gebeld", Called112.REPORTER),
        ("door mij", Called112.REPORTER),
        ("yes I called 112", Called112.REPORTER),
        ("mijn man belt", Called112.SOMEONE_ELSE),
        ("de buurman heeft gebeld", Called112.SOMEONE_ELSE),
        ("my wife called", Called112.SOMEONE_ELSE),
        ("ja door iemand anders", Called112.SOMEONE_ELSE),
        ("nee", Called112.NOT_YET),
        ("nog niet", Called112.NOT_YET),
        ("not yet", Called112.NOT_YET),
        ("niet gebeld", Called112.NOT_YET),
        ("ik heb nog niet gebeld", Called112.NOT_YET),
        ("ik ga nu bellen", Called112.NOT_YET),
        ("I haven't called", Called112.NOT_YET),
        ("niet nodig", Called112.NOT_NEEDED),
        ("not needed", Called112.NOT_NEEDED),
        ("ja", Called112.UNKNOWN),
        ("wat?", Called112.UNKNOWN),
        ("", Called112.UNKNOWN),
    ],
)
def test_a_free_answer_to_the_112_question(answer: str, status: Called112) -> None:
    assert read_called(answer) is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("ik heb 112 gebeld", Called112.REPORTER),
        ("112 al gebeld", Called112.REPORTER),
        ("heb net 112 gebeld", Called112.REPORTER),
        ("112 gebeld door mij", Called112.REPORTER),
        ("i've already called 112", Called112.REPORTER),
        ("112 has been called", Called112.REPORTER),
        ("112 gebeld door buurvrouw", Called112.SOMEONE_ELSE),
        ("mijn vrouw heeft 112 gebeld", Called112.SOMEONE_ELSE),
        ("112 is nog niet gebeld", Called112.NOT_YET),
        ("nog niemand 112 gebeld", Called112.NOT_YET),
        ("have not called 112", Called112.NOT_YET),
        ("ga nu 112 bellen", Called112.NOT_YET),
        ("iemand moet 112 bellen", Called112.NOT_YET),
        ("112 niet nodig", Called112.NOT_NEEDED),
        ("0900-8844 gebeld", Called112.UNKNOWN),
        ("politie gebeld", Called112.UNKNOWN),
        ("moet 112 komen", Called112.UNKNOWN),
    ],
)
def test_the_112_status_in_a_report(text: str, status: Called112) -> None:
    assert reading(f"verdachte auto lindestraat, {text}").called_112 is status


def test_another_country_has_other_numbers() -> None:
    assert read("brand, 110 angerufen, 110 gebeld", (), NIGHT, ("112", "110")).called_112 is Called112.REPORTER


def test_words_that_alarm_are_named() -> None:
    assert "mes" in reading("man met mes op het dorpsplein").cues
    assert reading("ik denk dat er iemand inbreekt").uncertain
    assert reading("volgens de buurman brand in de lindestraat").hearsay
    assert reading("de auto staat nu in de lindestraat").continues
    assert reading("melding iets").certainty == 1.0


def test_every_category_of_the_table_is_there_with_its_dutch_code() -> None:
    codes = (
        "verdacht.persoon verdacht.voertuig inbraak.nu inbraak.geweest geweld vermist.kind vermist.persoon vermist.dier"
        " babbeltruc brand gaslek water stroom verkeer openbare_ruimte overlast medisch.hulp oefening einde anders"
    )
    assert [known.code for known in CATEGORIES.values()] == codes.split()
    assert category("inbraak.nu") is category("burglary_now")
    assert category("drill").ask_112 is Ask112.FORBIDDEN
    assert category("street_defect").route is Route.MUNICIPALITY
    critical = [known for known in CATEGORIES.values() if known.severity is Severity.CRITICAL]
    assert all(known.ask_112 is Ask112.ALWAYS for known in critical)
    with pytest.raises(KeyError):
        category("onbekend")
