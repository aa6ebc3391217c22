"""A place or a photo without a word: it goes to who can use it, and its sender is answered."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World


@pytest.mark.parametrize("wire", [False, True])
def test_a_place_goes_to_the_coordinator_of_the_alert(wire: bool) -> None:
    with World("2026-01-16 21:00", wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
        henk = tolberg.member("Henk", channel="whatsapp")
        kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
        fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
        fatima.taps("Ja, door mij")
        world.advance(seconds=5)
        fatima.says("", location=(51.5308, 4.4653))
        assert "plek" in fatima.last.text
        assert kees.last.location is not None
        henk.says("", location=(51.5310, 4.4650))
        assert "TB-0001" in henk.last.text
        assert all(one.location is None for one in henk.received)


@pytest.mark.parametrize("wire", [False, True])
def test_a_place_or_a_photo_without_an_alert_is_asked_about(wire: bool) -> None:
    with World("2026-01-16 21:00", wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        fatima.says("", location=(51.5308, 4.4653))
        assert "wat daar gebeurt" in fatima.last.text
        fatima.says("", photo=True)
        assert "gedeeld" in fatima.last.text


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize("place", [(51.5301, 4.4601), (51.5600, 4.5000)])
def test_a_place_answers_where_it_is(wire: bool, place: tuple[float, float]) -> None:
    with World("2026-01-16 12:00", wire=wire) as world:
        streets = {"Meidoornstraat": (51.53, 4.46), "Lindestraat": (51.54, 4.48)}
        tolberg = world.neighbourhood("TB", "Tolberg", streets=streets, quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        riet = tolberg.member("Riet", channel="whatsapp")
        emma = tolberg.member("Emma", channel="telegram", language="en")
        kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
        fatima.says("verdachte auto rijdt stapvoets, lichten uit")
        fatima.taps("Ja, door mij")
        assert "Waar" in fatima.last.text
        fatima.says("", location=place)
        world.advance(seconds=10)
        known = place[0] == 51.5301
        assert ("Meidoornstraat" if known else "gedeelde plek") in riet.last.text
        assert ("Meidoornstraat" if known else "shared place") in emma.last.text
        assert [one.location is not None for one in kees.received].count(True) == 1
        assert not any(one.location for one in (*riet.received, *emma.received))
        fatima.says("mooi weer vandaag hoor")
        world.advance(minutes=2)
        assert not any("mooi weer" in one.text for one in riet.received)


@pytest.mark.parametrize("wire", [False, True])
def test_a_report_that_comes_with_a_place_is_not_asked_where(wire: bool) -> None:
    with World("2026-01-16 12:00", wire=wire) as world:
        streets = {"Meidoornstraat": (51.53, 4.46), "Lindestraat": (51.54, 4.48)}
        tolberg = world.neighbourhood("TB", "Tolberg", streets=streets, quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        henk = tolberg.member("Henk", channel="telegram", street="Lindestraat 4")
        riet = tolberg.member("Riet", channel="telegram")
        fatima.says("verdachte auto rijdt stapvoets, lichten uit")
        fatima.says("", location=(51.5301, 4.4601))
        assert "De plek is" in fatima.last.text
        fatima.taps("Ja, door mij")
        world.advance(seconds=10)
        assert not any("Waar" in one.text for one in fatima.received)
        assert "Meidoornstraat" in riet.last.text
        henk.says("babbeltruc, een nepagent belt aan")
        henk.says("", location=(51.5301, 4.4601))
        henk.taps("Niet nodig")
        world.advance(seconds=10)
        assert "BABBELTRUC" in riet.last.text
        assert "Meidoornstraat" in riet.last.text


def test_words_and_a_place_in_one_message_are_one_report() -> None:
    with World("2026-01-16 12:00") as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets={"Meidoornstraat": (51.53, 4.46)}, quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        riet = tolberg.member("Riet", channel="telegram")
        fatima.says("verdachte auto rijdt stapvoets, lichten uit", location=(51.53, 4.46))
        fatima.taps("Ja, door mij")
        world.advance(seconds=10)
        assert "Meidoornstraat" in riet.last.text
