"""Joining: from the first word of a stranger to the welcome, and all the ways in which it ends otherwise."""

from __future__ import annotations

import re

from buurtwacht.testing import Member, World


def texts(member: Member) -> str:
    return "\n".join(one.text for one in member.received)


def test_a_neighbour_joins_and_the_coordinator_lets_him_in(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    carla = tolberg.member("Carla", channel="whatsapp", roles=["coordinator"])
    sam = tolberg.newcomer("Sam", channel="telegram")

    sam.says("aanmelden TB")
    notice, rules = sam.received[-2:]
    assert "buiten de EU" in notice.text
    assert "mijn gegevens" in notice.text
    assert "18 jaar" in rules.text
    assert "112" in rules.text
    sam.taps("Ja")
    world.advance(seconds=5)
    assert sam.last.text.startswith("Hoe heet je?")
    sam.says("ik heet sam de boer")
    world.advance(seconds=5)
    sam.says("meidoornstr. 12")
    world.advance(seconds=5)
    assert "coördinator" in sam.last.text

    assert "Sam de boer" in carla.last.text
    assert "Meidoornstraat" in carla.last.text
    assert "12" not in carla.last.text, "a house number is not kept"
    carla.taps("Ja")
    world.advance(seconds=5)
    assert "Welkom" in sam.last.text
    assert "niet zichtbaar" in sam.last.text
    assert [one.event for one in world.audit() if one.event.startswith("membership")] == [
        "membership_requested",
        "membership_active",
    ]


def test_who_says_something_else_is_asked_again_whether_he_agrees(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    tolberg.member("Carla", channel="whatsapp", roles=["coordinator"])
    sam = tolberg.newcomer("Sam", channel="whatsapp")
    sam.says("aanmelden TB")
    world.advance(seconds=5)
    sam.says("wat gebeurt er met mijn nummer?")
    world.advance(seconds=5)
    unclear, again = sam.received[-2:]
    assert "Ja of Nee" in unclear.text
    assert "huisregels" in again.text
    sam.says("ja")
    world.advance(seconds=5)
    assert sam.last.text.startswith("Hoe heet je?")


def test_who_wants_to_stop_at_the_rules_is_forgotten(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.says("aanmelden TB")
    world.advance(seconds=5)
    sam.says("stop")
    world.advance(seconds=5)
    assert "geen lid" in sam.last.text


def test_joins_goes_the_way_people_go(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    tolberg.member("Carla", channel="telegram", roles=["admin"])
    for name, channel in (("Sam", "whatsapp"), ("Noor", "telegram")):
        tolberg.newcomer(name, channel=channel).joins()
    names = [one for one in world.audit() if one.event == "membership_active"]
    assert len(names) == 2


def test_joins_works_where_nobody_looks_after_the_neighbourhood_yet(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    sam = tolberg.newcomer("Sam", channel="whatsapp")
    sam.joins()
    world.advance(minutes=1)
    assert "Welkom" in sam.last.text


def test_an_english_speaker_joins_in_english(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    tolberg.member("Carla", channel="telegram", roles=["coordinator"])
    sam = tolberg.newcomer("Sam", channel="whatsapp", language="en")
    sam.joins()
    world.advance(minutes=1)
    assert "Welcome" in sam.last.text


def test_the_first_to_decide_decides_and_the_others_are_told(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    carla = tolberg.member("Carla", channel="whatsapp", roles=["coordinator"])
    ahmed = tolberg.member("Ahmed", channel="telegram", roles=["admin"])
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.joins()
    world.advance(minutes=1)
    told = "\n".join((carla.last.text, ahmed.last.text))
    assert "toegelaten door" in told.lower()
    second = ahmed if "door" in ahmed.last.text else carla
    second.taps("Ja")
    world.advance(minutes=1)
    assert sum("Welkom" in one.text for one in sam.received) == 1
    assert "gesloten" in second.last.text


def test_who_is_refused_hears_it_kindly_and_nothing_of_him_stays(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    carla = tolberg.member("Carla", channel="telegram", roles=["coordinator"])
    sam = tolberg.newcomer("Zachariasz", channel="whatsapp")
    sam.says("aanmelden TB")
    sam.taps("Ja")
    sam.says("Zachariasz")
    sam.says("Verweggistraat")
    world.advance(seconds=30)
    carla.taps("Nee")
    world.advance(seconds=30)
    assert "niet aangenomen" in sam.last.text
    world.advance(hours=2)
    number = sam.addresses["whatsapp"].lstrip("+").encode()
    for where, content in world.traces():
        assert b"Zachariasz" not in content, where
        assert number not in content, where


def test_no_to_the_house_rules_ends_it(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    carla = tolberg.member("Carla", channel="telegram", roles=["coordinator"])
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.says("aanmelden TB")
    sam.taps("Nee")
    world.advance(seconds=10)
    assert "geen lid" in sam.last.text
    assert carla.received == []


def test_an_unknown_code_asks_for_the_postcode(world: World) -> None:
    world.neighbourhood("TB", "Tolberg")
    langdonk = world.neighbourhood("LD", "Langdonk")
    sam = langdonk.newcomer("Sam", channel="telegram")
    sam.says("aanmelden XX")
    assert "ken ik niet" in sam.last.text
    sam.says("langdonk")
    world.advance(seconds=5)
    assert "Langdonk" in sam.last.text
    assert sam.last.buttons == ("Ja", "Nee")


def test_a_bare_word_with_one_neighbourhood_needs_no_code(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    sam = tolberg.newcomer("Sam", channel="whatsapp")
    sam.says("Aanmelden")
    assert sam.last.buttons == ("Ja", "Nee")


def test_asking_twice_asks_nobody_twice(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    carla = tolberg.member("Carla", channel="telegram", roles=["coordinator"])
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.says("aanmelden TB")
    sam.taps("Ja")
    sam.says("Sam")
    sam.says("Meidoornstraat")
    world.advance(seconds=10)
    sam.says("aanmelden TB")
    world.advance(seconds=10)
    assert "ligt bij de coördinator" in sam.last.text
    assert len(carla.received) == 1


def test_a_member_who_asks_again_hears_that_he_is_one(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    henk = tolberg.member("Henk", channel="whatsapp")
    henk.says("aanmelden TB")
    assert "al lid" in henk.last.text


def test_a_second_neighbourhood_asks_for_the_street_only(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    langdonk = world.neighbourhood("LD", "Langdonk")
    henk = tolberg.member("Henk", channel="telegram")
    carla = langdonk.member("Carla", channel="telegram", roles=["coordinator"])
    henk.says("aanmelden LD")
    henk.taps("Ja")
    world.advance(seconds=5)
    assert "straat" in henk.last.text
    henk.says("Dorpsstraat")
    world.advance(seconds=5)
    carla.taps("Ja")
    world.advance(seconds=5)
    assert "Langdonk" in henk.last.text


def test_a_request_that_nobody_decides_lapses(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    tolberg.member("Carla", channel="telegram", roles=["coordinator"])
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.says("aanmelden TB")
    sam.taps("Ja")
    sam.says("Sam")
    sam.says("Meidoornstraat")
    world.advance(days=7, minutes=1)
    assert "Sorry" in sam.last.text
    assert "Sam" not in sam.last.text


def test_a_stranger_learns_nothing_about_members(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    tolberg.member("Wilhelmina", channel="telegram", roles=["coordinator"], street="Meidoornstraat")
    sam = tolberg.newcomer("Sam", channel="telegram")
    for said in ("leden", "hallo", "aanmelden TB", "start", "regels", "privacy", "mijn gegevens", "verwijder mij"):
        sam.says(said)
        world.advance(minutes=1)
    assert "Wilhelmina" not in texts(sam)
    assert not re.search(r"\b\d+ (leden|lid|members)\b", texts(sam))


def test_a_stranger_who_goes_no_further_is_forgotten_after_a_week(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    sam = tolberg.newcomer("Sam", channel="whatsapp")
    sam.says("aanmelden TB")
    sam.taps("Ja")
    sam.says("Zachariasz")
    world.advance(days=7, hours=3)
    for where, content in world.traces():
        assert b"Zachariasz" not in content, where
        assert sam.addresses["whatsapp"].lstrip("+").encode() not in content, where


def test_a_personal_invitation_needs_only_his_own_consent(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])
    carla = tolberg.member("Carla", channel="telegram", roles=["coordinator"])
    anna = tolberg.newcomer("Anna", channel="whatsapp")
    carla.says("uitnodigen Anna de Vries Meidoornstraat 3")
    world.advance(seconds=10)
    made = next(one for one in carla.received if "inv-" in one.text)
    token = re.search(r"inv-([0-9a-f]+)", made.text)
    assert token is not None
    assert made.photo, "the link can be scanned too"
    anna.says(f"start inv-{token[1]}")
    anna.taps("Ja")
    world.advance(minutes=1)
    assert "Welkom" in anna.last.text
    assert "Anna de Vries" in carla.last.text

    other = tolberg.newcomer("Other", channel="whatsapp")
    other.says(f"start inv-{token[1]}")
    world.advance(minutes=1)
    assert "al gebruikt" in other.last.text


def test_a_telegram_link_begins_the_joining(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    sam = tolberg.newcomer("Sam", channel="telegram")
    sam.says("/start join-TB")
    assert sam.last.buttons == ("Ja", "Nee")
    noor = tolberg.newcomer("Noor", channel="telegram")
    noor.says("/start join-TB-en")
    assert noor.last.buttons == ("Yes", "No")
