"""A member mutes: what he is spared, what still comes, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, World

from .test_alerting_reach import PLACES
from .tolberg import CAR, Tolberg, about, alarmed, texts, tolberg

FIRE = "brand in de meidoornstraat, vlammen uit het dak"


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world in memory, and one through the real adapters."""
    with World(wire=request.param) as made:
        yield made


def answer(world: World, member: Member, text: str) -> str:
    """Say something and return the answer, once the messenger's pace has let it through."""
    member.says(text)
    world.advance(seconds=10)
    return member.last.text


class Spread:
    """Fatima reports; Near lives 120 metres off, Far two kilometres, of Unknown nobody knows."""

    def __init__(self, world: World, at: str = "2026-01-16 13:42") -> None:
        world.at(at)
        self.world = world
        self.place = world.neighbourhood("TB", "Tolberg", streets=PLACES, adjacent=["LD"])
        self.fatima = self.place.member("Fatima", channel="telegram", street="Meidoornstraat")
        self.near = self.place.member("Near", channel="telegram", street="Beukenlaan")
        self.far = self.place.member("Far", channel="whatsapp", street="Verweg")
        self.unknown = self.place.member("Unknown", channel="whatsapp")
        self.kees = self.place.member("Kees", channel="telegram", roles=["coordinator"], street="Verweg")

    def mute(self, *members: Member, how: str = "demp") -> None:
        for one in members:
            answer(self.world, one, how)

    def reports(self, text: str) -> None:
        self.fatima.says(text)
        self.fatima.taps("Ja, door mij")
        self.world.advance(seconds=30)


def test_who_muted_hears_nothing_that_is_less_than_critical(world: World) -> None:
    town = Spread(world)
    town.mute(town.near, town.unknown)
    town.reports(CAR)
    assert about(town.far, "VERDACHT")
    assert not about(town.near, "VERDACHT")
    assert not about(town.unknown, "VERDACHT")


def test_critical_comes_near_and_where_nobody_knows_how_far(world: World) -> None:
    town = Spread(world)
    town.mute(town.near, town.far, town.unknown)
    town.reports(FIRE)
    assert about(town.near, "BRAND")
    assert about(town.unknown, "BRAND")
    assert not about(town.far, "BRAND")


def test_a_group_is_not_muted(world: World) -> None:
    town = tolberg(world)
    group = town.place.group()
    answer(world, town.riet, "demp")
    alarmed(town)
    assert len(group.received) == 1
    assert not about(town.riet, "VERDACHT")


@pytest.mark.parametrize("how", ["demp", "demp tot vrijdag"])
def test_who_saw_it_before_he_muted_sees_how_it_goes_on_and_ends(world: World, how: str) -> None:
    town = tolberg(world)
    alarmed(town)
    for one in (town.henk, town.riet):
        answer(world, one, how)
    town.fatima.says("aanvulling TB-0001 rijdt nu richting Beukenlaan")
    world.advance(minutes=2)
    assert about(town.henk, "richting Beukenlaan")
    town.kees.says("einde TB-0001 het was een monteur")
    world.advance(seconds=20)
    for one in (town.henk, town.riet):
        assert len(about(one, "EINDE MELDING TB-0001")) == 1


def test_who_saw_it_before_he_muted_reads_a_new_112_status(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    for one in (town.henk, town.riet):
        assert answer(world, one, "demp").startswith("Gedempt")
    town.fatima.says("ja gebeld")
    world.advance(seconds=20)
    for one in (town.henk, town.riet):
        assert about(one, "gebeld door melder")


def test_who_was_passed_over_hears_nothing_of_it_later_either(world: World) -> None:
    town = tolberg(world)
    answer(world, town.riet, "demp 1 uur")
    alarmed(town)
    world.advance(minutes=70)
    before = len(texts(town.riet))
    town.fatima.says("aanvulling TB-0001 rijdt nu richting Beukenlaan")
    world.advance(minutes=2)
    town.kees.says("einde TB-0001 het was een monteur")
    world.advance(seconds=20)
    assert len(texts(town.riet)) == before


def test_a_mute_ends_by_itself(world: World) -> None:
    town = Spread(world)
    assert "tot vr 16 januari 15:42" in answer(world, town.near, "demp 2 uur")
    world.advance_to("2026-01-16 15:42")
    town.reports(CAR)
    assert about(town.near, "VERDACHT")


def test_everything_is_muted_only_after_yes_to_what_that_means(world: World) -> None:
    town = Spread(world)
    asked = answer(world, town.near, "demp alles")
    assert "je eigen straat" in asked
    assert "tot je het uitzet" in asked
    town.near.taps("Nee")
    assert "niets gedempt" in town.near.last.text
    town.reports(FIRE)
    assert about(town.near, "BRAND")


def test_after_yes_not_even_what_is_critical_comes(world: World) -> None:
    town = Spread(world)
    answer(world, town.near, "demp alles 2 uur")
    town.near.taps("Ja")
    assert "demp uit" in town.near.last.text
    assert "15:42" in town.near.last.text
    town.reports(FIRE)
    assert not about(town.near, "BRAND")


def test_a_yes_that_comes_too_late_changes_nothing(world: World) -> None:
    town = Spread(world)
    answer(world, town.near, "demp alles tot 14:00")
    world.advance(minutes=30)
    town.near.taps("Ja")
    assert "al voorbij" in town.near.last.text
    town.reports(CAR)
    assert about(town.near, "VERDACHT")


def test_no_leaves_a_mute_as_it_was(world: World) -> None:
    town = Spread(world)
    answer(world, town.near, "demp tot 18:00")
    answer(world, town.near, "demp alles")
    town.near.taps("Nee")
    assert "blijft gedempt tot vr 16 januari 18:00" in town.near.last.text


def test_everything_now_is_everything_at_once_also_far_and_at_night(world: World) -> None:
    town = Spread(world, "2026-01-16 01:00")
    answer(world, town.far, "demp")
    assert "ook 's nachts" in answer(world, town.far, "alles nu")
    town.reports(CAR)
    assert about(town.far, "VERDACHT")


def test_notice_comes_at_once_to_who_wants_everything_now(world: World) -> None:
    town = Spread(world, "2026-01-16 01:00")
    answer(world, town.far, "everything now")
    town.fatima.says("melding stroomstoring in de Meidoornstraat, alles is donker")
    world.advance(minutes=1)
    assert about(town.far, "STROOMSTORING")
    assert not about(town.near, "STROOMSTORING")


def test_who_looks_after_the_neighbourhood_keeps_his_task(world: World) -> None:
    town = Spread(world)
    assert "waar je over gaat" in answer(world, town.kees, "demp")
    town.reports(CAR)
    assert about(town.kees, "Melder: Fatima")


def test_unless_he_mutes_that_too_and_a_call_for_help_still_comes(world: World) -> None:
    town = Spread(world)
    assert "als coördinator" in answer(world, town.kees, "demp alles")
    town.kees.taps("Ja")
    assert "noodkreet" in town.kees.last.text
    town.reports(CAR)
    assert not about(town.kees, "Melder")
    town.near.says("hulp")
    world.advance(seconds=10)
    assert about(town.kees, "HULP GEVRAAGD")


def test_a_night_that_ends_while_he_mutes_brings_nothing(world: World) -> None:
    town = Spread(world, "2026-01-16 05:50")
    town.reports(CAR)
    answer(world, town.far, "demp tot 12:00")
    heard = len(texts(town.far))
    world.advance_to("2026-01-16 07:05")
    assert len(texts(town.far)) == heard


def test_nor_does_a_night_whose_alert_has_ended(world: World) -> None:
    town = Spread(world, "2026-01-16 01:42")
    town.reports(CAR)
    answer(world, town.far, "demp een week")
    heard = len(texts(town.far))
    town.kees.says("einde TB-0001 het was een monteur")
    world.advance_to("2026-01-16 07:05")
    assert len(texts(town.far)) == heard


def test_what_quiet_hours_put_off_does_not_come_into_a_mute(world: World) -> None:
    town = Spread(world, "2026-01-16 01:42")
    town.fatima.says("melding stroomstoring in de Meidoornstraat, alles is donker")
    world.advance(minutes=1)
    answer(world, town.near, "demp")
    answer(world, town.far, "demp 1 uur")
    world.advance_to("2026-01-16 07:05")
    assert about(town.unknown, "STROOMSTORING")
    assert not about(town.near, "STROOMSTORING")
    assert about(town.far, "STROOMSTORING"), "his mute was over by then"


# --- next door -------------------------------------------------------------------------------------------------------


def next_door(world: World, town: Spread) -> tuple[Member, Member]:
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"], quiet_hours=None)
    piet = langdonk.member("Piet", channel="whatsapp", street="Parklaan")
    both = langdonk.member("Both", channel="telegram", street="Parklaan")
    town.place.join(both)
    return piet, both


def test_a_mute_holds_for_what_comes_from_next_door(world: World) -> None:
    town = Spread(world)
    piet, both = next_door(world, town)
    town.mute(piet, both)
    town.reports(CAR)
    assert "doorgezet naar Langdonk: 0 buren" in answer(world, town.kees, "doorzetten TB-0001 LD")
    assert not about(piet, "VERDACHT")
    assert not about(both, "VERDACHT")


def test_critical_from_next_door_counts_as_near(world: World) -> None:
    town = Spread(world)
    piet, both = next_door(world, town)
    town.mute(piet, both)
    town.reports(FIRE)
    answer(world, town.kees, "doorzetten TB-0001 LD")
    assert about(piet, "BRAND")
    assert len(about(both, "BRAND")) == 1


def test_who_wants_nothing_from_other_neighbourhoods_gets_no_relay(world: World) -> None:
    town = Spread(world)
    piet, _ = next_door(world, town)
    answer(world, piet, "geen berichten van andere buurten")
    town.reports(CAR)
    answer(world, town.kees, "doorzetten TB-0001 LD")
    assert not about(piet, "VERDACHT")


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("demp", "Gedempt tot je het uitzet"),
        ("Demp tot 18:00", "Gedempt tot vr 16 januari 18:00"),
        ("demp tot morgen", "Gedempt tot za 17 januari 07:00"),
        ("demp tot vrijdag", "Gedempt tot vr 23 januari 07:00"),
        ("demp een week", "Gedempt tot vr 23 januari 13:42"),
        ("/demp 30 min", "Gedempt tot vr 16 januari 14:12"),
        ("mute for 2 hours", "Gedempt tot vr 16 januari 15:42"),
        ("demp alles tot morgen", "Echt alles dempen, tot za 17 januari 07:00?"),
        ("mute everything", "Echt alles dempen, tot je het uitzet?"),
        ("demp straks", "begrijp ik niet"),
        ("demp uit", "Er was niets gedempt"),
        ("mute off", "Er was niets gedempt"),
        ("ontdemp", "Er was niets gedempt"),
    ],
)
def test_words_for_it(world: World, typed: str, says: str) -> None:
    town = Spread(world)
    assert says in answer(world, town.near, typed)


def test_in_english_and_with_u(world: World) -> None:
    world.at("2026-01-16 13:42")
    place = world.neighbourhood("TB", "Tolberg")
    sam = place.member("Sam", channel="telegram", language="en")
    riet = place.member("Riet", channel="whatsapp", formal=True)
    assert "critical alerts in your own street" in answer(world, sam, "mute until friday")
    assert "No longer muted" in answer(world, sam, "mute stop")
    assert "hoort u niets" in answer(world, riet, "demp alles")
    riet.taps("Ja")
    assert "uw eigen straat" in riet.last.text


def test_it_stands_in_his_own_data(world: World) -> None:
    town = Spread(world)
    answer(world, town.near, "demp tot 18:00")
    answer(world, town.near, "mijn gegevens")
    assert "Gedempt tot vr 16 januari 18:00" in town.near.last.text
    world.advance_to("2026-01-16 18:00")
    answer(world, town.near, "mijn gegevens")
    assert "Gedempt" not in town.near.last.text


def test_everybody_of_the_first_story_can_mute(world: World) -> None:
    town: Tolberg = tolberg(world)
    for one in (town.henk, town.riet, town.kees, town.ans):
        assert answer(world, one, "demp 2 uur").startswith("Gedempt")
    alarmed(town)
    assert not about(town.riet, "VERDACHT")
    assert about(town.kees, "VERDACHT")


@pytest.mark.parametrize("word", ["demp uit", "alles nu"])
def test_who_ends_his_mute_is_shown_what_is_still_open(world: World, word: str) -> None:
    town = Spread(world)
    town.mute(town.near)
    town.reports(CAR)
    assert not about(town.near, "VERDACHT")
    town.fatima.says("aanvulling TB-0001 hij staat nu bij de speeltuin")
    world.advance(minutes=2)
    town.near.says(word)
    world.advance(seconds=10)
    (shown,) = about(town.near, "VERDACHT")
    assert "speeltuin" in shown
    town.mute(town.near)
    town.near.says(word)
    world.advance(seconds=10)
    assert len(about(town.near, "VERDACHT")) == 1
    town.kees.says("einde TB-0001 het was een bezorger")
    world.advance(seconds=10)
    assert "het was een bezorger" in town.near.last.text


def test_who_ends_his_mute_afterwards_is_shown_nothing(world: World) -> None:
    town = Spread(world)
    town.mute(town.near)
    town.reports(CAR)
    town.kees.says("einde TB-0001 het was een bezorger")
    world.advance(seconds=10)
    town.near.says("demp uit")
    world.advance(seconds=10)
    assert not about(town.near, "TB-0001")
