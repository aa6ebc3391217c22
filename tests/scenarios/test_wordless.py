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
