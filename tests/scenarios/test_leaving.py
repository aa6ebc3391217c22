"""Leaving: only stopping, and everything erased, with nothing of a person left anywhere (R50)."""

from __future__ import annotations

import json

import pytest

from buurtwacht.testing import Member, Neighbourhood, World


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])


@pytest.fixture
def carla(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Carla", channel="telegram", roles=["coordinator", "admin"])


def test_afmelden_asks_before_it_does_anything(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    henk = tolberg.member("Henk", channel="whatsapp")
    henk.says("afmelden")
    assert "stoppen als lid van Tolberg" in henk.last.text
    henk.taps("Nee")
    world.advance(seconds=30)
    assert "blijft lid" in henk.last.text
    henk.says("afmelden")
    henk.taps("Ja")
    world.advance(seconds=30)
    assert "geen lid meer" in henk.last.text
    assert "Henk" in carla.last.text
    henk.says("hallo")
    world.advance(seconds=30)
    assert "Meedoen?" in henk.last.text, "he is a stranger again"


def test_a_bare_stop_asks_the_same(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="whatsapp")
    henk.says("STOP")
    assert "stoppen als lid" in henk.last.text


def test_in_two_neighbourhoods_it_asks_which(world: World, tolberg: Neighbourhood) -> None:
    langdonk = world.neighbourhood("LD", "Langdonk")
    henk = tolberg.member("Henk", channel="telegram")
    langdonk.join(henk)
    henk.says("afmelden")
    assert henk.last.buttons == ("Tolberg", "Langdonk")
    henk.taps("Langdonk")
    henk.taps("Ja")
    world.advance(seconds=10)
    assert "geen lid meer van Langdonk" in henk.last.text
    henk.says("aanmelden TB")
    world.advance(seconds=10)
    assert "al lid van Tolberg" in henk.last.text


def test_erase_me_offers_the_data_and_erases_at_once(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    zara = tolberg.member("Zarathustra", channel="whatsapp", street="Meidoornstraat")
    zara.says("verwijder mij")
    assert zara.last.buttons == ("Alleen stoppen", "Alles wissen", "Eerst mijn gegevens")
    zara.taps("Alles wissen")
    world.advance(minutes=1)
    assert "laatste bericht" in zara.last.text
    before = len(zara.received)
    world.advance(hours=24)
    assert len(zara.received) == before, "nothing comes after the last word"
    assert "oud-lid" in carla.received[-1].text.lower() or "oud-lid" in carla.received[-2].text.lower()
    number = zara.addresses["whatsapp"].lstrip("+").encode()
    for where, content in world.traces():
        assert b"Zarathustra" not in content, where
        assert number not in content, where
    assert not any("Zarathustra" in entry.subject for entry in world.audit())


def test_the_name_goes_from_the_screens_that_show_it_later(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    zara = tolberg.member("Zarathustra", channel="telegram", roles=["patroller"])
    chat = zara.addresses["telegram"].encode()
    carla.says("rol Zarathustra loper")
    carla.says("leden")
    zara.says("wijzig naam Zoroaster")
    zara.says("mijn gegevens")
    world.advance(minutes=2)
    zara.says("verwijder mij")
    world.advance(seconds=10)
    zara.taps("Alles wissen")
    world.advance(hours=24)
    for where, content in world.traces():
        assert b"Zarathustra" not in content, where
        assert b"Zoroaster" not in content, where
        if where.startswith("database"):
            assert chat not in content, where
    carla.says("leden")
    world.advance(seconds=10)
    assert "Zoroaster" not in carla.last.text


def test_only_stopping_keeps_the_proof_and_sends_nothing_more(
    world: World, tolberg: Neighbourhood, carla: Member
) -> None:
    henk = tolberg.member("Henk", channel="whatsapp")
    henk.says("verwijder mij")
    henk.taps("Alleen stoppen")
    world.advance(seconds=30)
    assert "Er komen geen berichten meer" in henk.last.text
    carla.says("leden")
    world.advance(seconds=10)
    assert "Henk" not in carla.last.text


def test_what_waited_for_the_morning_does_not_come_after_he_left(world: World, tolberg: Neighbourhood) -> None:
    world.at("2026-01-16 23:30")
    jan = tolberg.member("Jan", channel="telegram")
    riet = tolberg.member("Riet", channel="whatsapp")
    karel = tolberg.member("Karel", channel="telegram")
    karel.says("stroomstoring in de Meidoornstraat, alles donker")
    world.advance(minutes=5)
    jan.says("afmelden")
    jan.taps("Ja")
    world.advance(hours=10)
    assert any("STROOMSTORING" in one.text for one in riet.received)
    assert not any("STROOMSTORING" in one.text for one in jan.received if one.arrived)


def test_who_is_still_a_member_elsewhere_hears_no_more_of_what_he_was_shown(
    world: World, tolberg: Neighbourhood
) -> None:
    world.at("2026-01-16 14:30")
    langdonk = world.neighbourhood("LD", "Langdonk", streets=["Gersteland"])
    carla = tolberg.member("Carla", channel="telegram", roles=["member", "coordinator"])
    riet = tolberg.member("Riet", channel="whatsapp")
    langdonk.join(riet)
    carla.says("brand in de Meidoornstraat, vlammen uit het dak")
    world.advance(minutes=1)
    assert "BRAND" in riet.last.text
    riet.says("afmelden")
    riet.taps("Tolberg")
    riet.taps("Ja")
    world.advance(minutes=1)
    before = len(riet.received)
    carla.says("aanvulling TB-0001 de straat is afgezet")
    carla.says("einde TB-0001 het vuur is uit")
    world.advance(minutes=2)
    assert len(riet.received) == before


def test_who_left_hears_the_end_of_what_was_passed_on_to_where_he_still_is(world: World) -> None:
    world.at("2026-01-16 14:30")
    heide = world.neighbourhood("HE", "Heide", adjacent=["LD"], streets=["Meidoornstraat"])
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["HE"], streets=["Gersteland"])
    carla = heide.member("Carla", channel="telegram", roles=["member", "coordinator"])
    riet = heide.member("Riet", channel="whatsapp")
    langdonk.join(riet)
    carla.says("brand in de Meidoornstraat, vlammen uit het dak")
    world.advance(minutes=1)
    carla.says("doorzetten HE-0001 LD")
    riet.says("afmelden")
    riet.taps("Heide")
    riet.taps("Ja")
    carla.says("einde HE-0001 het vuur is uit")
    world.advance(minutes=1)
    assert "EINDE MELDING HE-0001" in riet.last.text


def test_two_years_after_he_left_nothing_is_kept(world: World, tolberg: Neighbourhood) -> None:
    zara = tolberg.member("Zarathustra", channel="whatsapp")
    zara.says("afmelden")
    zara.taps("Ja")
    world.advance(days=732)
    for where, content in world.traces():
        assert b"Zarathustra" not in content, where


def test_my_data_comes_in_words_and_as_a_file(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="whatsapp", street="Meidoornstraat")
    henk.says("mijn gegevens")
    world.advance(seconds=10)
    assert "Henk" in henk.last.text
    assert "Meidoornstraat" in henk.last.text
    number = henk.addresses["whatsapp"]
    assert number not in henk.last.text, "what is kept as a message holds no number"
    (file,) = henk.last.attachments
    found = json.loads(file.data)
    assert found["core"]["name"] == "Henk"
    assert any(one["value"] == number for one in found["core"]["addresses"])
    assert found["members"]["invitations_made"] == []


def test_a_stranger_has_no_data_and_nothing_to_erase(world: World, tolberg: Neighbourhood) -> None:
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.says("verwijder mij")
    sam.says("mijn gegevens")
    world.advance(seconds=10)
    assert "7 dagen" in sam.last.text


def test_a_removed_member_hears_it_and_how_to_object(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    henk = tolberg.member("Henk", channel="whatsapp")
    carla.says("verwijder lid Henk")
    world.advance(seconds=10)
    carla.taps("Ja")
    world.advance(seconds=30)
    assert "Niet mee eens?" in henk.last.text
    assert "Verwijderd: Henk" in carla.last.text


@pytest.mark.parametrize("kind", ["wire", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_nothing_stays_over_the_wire_or_on_the_other_database(kind: str) -> None:
    with World(wire=True) if kind == "wire" else World(database=kind) as world:
        tolberg = world.neighbourhood("TB", "Tolberg")
        carla = tolberg.member("Carla", channel="whatsapp", roles=["coordinator"])
        leavers = [tolberg.newcomer("Zarathustra", channel="whatsapp"), tolberg.newcomer("Noortje", channel="telegram")]
        for one in leavers:
            one.joins()
            world.advance(minutes=1)
            one.says("mijn gegevens")
            one.says("koppel app")
            world.advance(minutes=1)
        carla.says("leden")
        for one in leavers:
            one.says("verwijder mij")
            world.advance(minutes=1)
            one.taps("Alles wissen")
            world.advance(minutes=1)
            assert "laatste bericht" in one.last.text
        world.advance(hours=24)
        wanted = [b"Zarathustra", b"Noortje", *(next(iter(one.addresses.values())).encode() for one in leavers)]
        for where, content in world.traces():
            for trace in wanted:
                assert trace.lstrip(b"+") not in content, (where, trace)
