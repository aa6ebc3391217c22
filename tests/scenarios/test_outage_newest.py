"""After an outage: one message with the newest state for who had not been shown the alert, and no word twice (R19)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.people import Member

from .tolberg import CAR, Tolberg, about, alarmed, both_ways, texts, tolberg

world = both_ways

PLACES = {"Meidoornstraat": (51.5300, 4.4300), "Beukenlaan": (51.5310, 4.4310), "Verweg": (51.5400, 4.4600)}


def added(town: Tolberg, words: str) -> None:
    """Have Riet add something, and everybody who can be reached read it."""
    town.riet.says(f"aanvulling TB-0001 {words}")
    town.world.advance(minutes=2)


def arrived(member: Member) -> list[str]:
    """Return what reached somebody, as it was first shown."""
    return [one.text for one in member.received if one.arrived]


def test_who_was_not_shown_it_reads_one_message_with_what_was_added(world: World) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        alarmed(town)
        added(town, "nu vier mannen uitgestapt")
        added(town, "rijdt weg richting de Beukenlaan")
        assert not arrived(town.henk)
    world.advance(minutes=5)
    (alert,) = arrived(town.henk)
    assert "VERDACHT" in alert
    assert "vier mannen uitgestapt" in alert
    assert "rijdt weg" in alert
    town.henk.taps("Gezien")
    added(town, "ze staan weer op de hoek")
    assert "op de hoek" in arrived(town.henk)[-1]
    town.kees.says("einde TB-0001 auto is weg")
    world.advance(seconds=10)
    assert "EINDE MELDING TB-0001" in arrived(town.henk)[-1]


@pytest.mark.parametrize("last", ["status", "addition"])
def test_the_112_status_in_it_is_the_newest_whichever_came_first(world: World, last: str) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        town.fatima.says(CAR)
        town.fatima.taps("Nee, ik ga nu bellen")
        world.advance(seconds=30)
        if last == "status":
            added(town, "nu vier mannen uitgestapt")
        town.fatima.says("ja gebeld")
        if last == "addition":
            added(town, "nu vier mannen uitgestapt")
    world.advance(minutes=5)
    (alert,) = arrived(town.henk)
    assert "nog niet bevestigd" not in alert
    assert "gebeld" in alert
    assert "vier mannen uitgestapt" in alert


def test_who_was_shown_it_before_gets_the_addition_and_the_new_status(world: World) -> None:
    town = tolberg(world)
    late = town.place.member("Late", channel="whatsapp")
    world.refuse(late, "unavailable")
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=30)
    assert about(town.henk, "VERDACHT")
    with world.outage("whatsapp"):
        town.fatima.says("ja gebeld")
        world.advance(seconds=5)
        added(town, "nu vier mannen uitgestapt")
    world.accept(late)
    world.advance(minutes=10)
    (alert,) = arrived(late)
    assert "vier mannen uitgestapt" in alert
    assert "gebeld" in alert
    shown, status, addition = arrived(town.henk)
    assert "vier mannen" not in shown
    assert "gebeld" in status
    assert "vier mannen uitgestapt" in addition
    assert not about(town.henk, "EINDE")


def test_an_edit_that_waited_is_not_lost_to_the_addition_after_it(world: World) -> None:
    town = tolberg(world)
    town.henk.says(CAR)
    town.henk.taps("Nee, ik ga nu bellen")
    world.advance(seconds=30)
    alert = next(one for one in town.riet.received if "VERDACHT" in one.text)
    with world.outage("telegram"):
        town.henk.says("ja gebeld")
        world.advance(seconds=5)
        town.kees.says("aanvulling TB-0001 nu vier mannen uitgestapt")
        world.advance(minutes=2)
    world.advance(minutes=5)
    shown = next(one for one in town.riet.received if one.provider_id == alert.provider_id)
    assert "gebeld" in shown.newest
    assert "vier mannen" not in shown.newest
    assert len(about(town.riet, "vier mannen uitgestapt")) == 1


def test_who_was_not_reached_hears_nothing_of_what_is_over(world: World) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        alarmed(town)
        added(town, "nu vier mannen uitgestapt")
        town.ans.says("einde TB-0001 auto is weg")
        world.advance(minutes=1)
    world.advance(minutes=10)
    assert not arrived(town.henk)


def test_a_notice_that_ended_in_an_outage_by_day_is_not_said_any_more(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    with world.outage("whatsapp"):
        town.fatima.says("melding stroomstoring in de Meidoornstraat, alles is donker")
        world.advance(minutes=2)
        town.ans.says("einde TB-0001 er is weer stroom")
        world.advance(minutes=1)
    world.advance(minutes=10)
    assert not arrived(town.henk)
    assert about(town.riet, "EINDE")


def test_next_door_reads_one_message_too(world: World) -> None:
    town = tolberg(world)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"], quiet_hours=None)
    piet = langdonk.member("Piet", channel="whatsapp", window_open=False)
    alarmed(town)
    added(town, "nu vier mannen uitgestapt")
    with world.outage("whatsapp"):
        town.ans.says("doorzetten TB-0001 LD")
        added(town, "rijdt weg")
    world.advance(minutes=5)
    (alert,) = arrived(piet)
    assert "uit de buurt Tolberg" in alert
    assert "vier mannen uitgestapt" in alert
    assert "rijdt weg" in alert


def test_who_woke_up_in_an_outage_reads_one_message_too(world: World) -> None:
    world.at("2026-01-16 06:30")
    place = world.neighbourhood("TB", "Tolberg", streets=PLACES)
    fatima = place.member("Fatima", channel="telegram", street="Meidoornstraat")
    far = place.member("Far", channel="whatsapp", street="Verweg", window_open=False)
    riet = place.member("Riet", channel="telegram", street="Beukenlaan")
    place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    with world.outage("whatsapp"):
        world.advance_to("2026-01-16 07:10")
        riet.says("aanvulling TB-0001 nu vier mannen uitgestapt")
        world.advance(minutes=2)
    world.advance(minutes=5)
    (alert,) = arrived(far)
    assert "vier mannen uitgestapt" in alert


def test_a_group_reads_one_message_too(world: World) -> None:
    town = tolberg(world)
    group = town.place.group()
    with world.outage("telegram"):
        town.henk.says(CAR)
        town.henk.taps("Ja, door mij")
        world.advance(seconds=30)
        town.kees.says("aanvulling TB-0001 nu vier mannen uitgestapt")
        world.advance(minutes=2)
    world.advance(minutes=5)
    (alert,) = [one.text for one in group.received if one.arrived]
    assert "vier mannen uitgestapt" in alert


def test_what_does_not_stand_in_the_alert_as_a_whole_is_told_apart(world: World) -> None:
    town = tolberg(world)
    long = "er lopen nu drie mensen rond de geparkeerde auto's en zij kijken overal naar binnen, " * 3
    with world.outage("whatsapp"):
        alarmed(town)
        added(town, long)
    world.advance(minutes=5)
    alert, addition = arrived(town.henk)
    assert "VERDACHT" in alert
    assert addition.count("kijken overal naar binnen") == 3


def test_somebody_with_another_messenger_gets_it_there_and_once(world: World) -> None:
    town = tolberg(world)
    two = town.place.member("Two", channels=["whatsapp", "telegram"])
    with world.outage("whatsapp"):
        alarmed(town)
        added(town, "nu vier mannen uitgestapt")
        world.advance(minutes=3)
        found = arrived(two)
        assert len([text for text in found if "VERDACHT" in text]) == 1
        assert "".join(found).count("vier mannen uitgestapt") == 1
    world.advance(minutes=10)
    assert arrived(two) == found
    assert texts(two) == found
