"""What a short answer belongs to, when several things could take it."""

from __future__ import annotations

from buurtwacht.testing import World

REPORT = "verdachte auto meidoornstraat, rijdt stapvoets, lichten uit"


def test_the_menu_does_not_stand_in_the_way_of_an_alert(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk = tolberg.member("Henk", channel="whatsapp")
    henk.says("help")
    fatima.says(REPORT)
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    henk.says("1")
    assert "Gezien" in henk.last.text


def test_a_bare_yes_is_not_taken_for_an_alert_while_something_else_is_asked(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    riet = tolberg.member("Riet", channel="whatsapp", formal=True)
    fatima.says(REPORT)
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    riet.says("verwijder mij")
    riet.says("ja")
    assert "Alles wissen" in riet.last.text
    assert "Kies" in riet.last.text
