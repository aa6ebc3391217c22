"""A co-ordinator writes to the members of his own neighbourhood, and speaks for nobody else (R14)."""

from __future__ import annotations

from buurtwacht.testing import World

from .kroeven import both_ways
from .roosendaal import about, roosendaal, texts

world = both_ways
CLEAN = "Zaterdag ruimen we samen op.\nOm 10 uur bij de Kring, neem handschoenen mee."


def test_it_goes_to_his_members_after_a_preview_with_their_number(world: World) -> None:
    town = roosendaal(world)
    group = town.tolberg.group()
    town.kees.says(f"mededeling: {CLEAN}")
    assert "Leden van Tolberg: 3" in town.kees.last.text
    assert CLEAN in town.kees.last.text
    town.kees.taps("Ja")
    assert "TB-M1 is verstuurd. Leden: 3" in town.kees.last.text
    world.advance(seconds=30)
    for reader in (town.vera, town.anna, town.sara):
        [read] = about(reader, CLEAN)
        assert "TB-M1" in read
        assert "Kees" not in read
    assert "from the co-ordinator of Tolberg" in about(town.sara, CLEAN)[0]
    assert len([one for one in group.received if CLEAN in one.text]) == 1
    for other in (town.lot, town.piet, town.mieke):
        assert not texts(other)
    town.kees.says("mededelingen")
    assert "TB-M1 “Zaterdag ruimen we samen op.”" in town.kees.last.text


def test_it_waits_for_the_morning(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:00")
    town.kees.says(f"mededeling: {CLEAN}")
    town.kees.taps("Ja")
    world.advance(minutes=5)
    assert not texts(town.anna)
    world.advance_to("2026-03-04 07:05")
    assert len(about(town.anna, "handschoenen")) == 1


def test_what_is_over_before_they_wake_is_said_beforehand(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:00")
    town.kees.says("mededeling: De sluis is vannacht dicht. Geldig tot morgen 06:00.")
    assert "krijgt dit pas om 07:00" in town.kees.last.text
    town.kees.taps("Ja")
    world.advance_to("2026-03-04 08:00")
    assert not texts(town.anna)
    town.kees.says("mededeling: De sluis is dicht. Geldig tot morgen 06:00.")
    assert "krijgt dit pas" not in town.kees.last.text


def test_words_for_the_police_are_held_for_one_question(world: World) -> None:
    """R14: source: the police?"""
    town = roosendaal(world)
    town.kees.says("mededeling: De politie controleert vanavond fietslampen.")
    assert "Bron: de politie?" in town.kees.last.text
    town.kees.taps("Nee")
    assert "Niet verstuurd" in town.kees.last.text
    town.kees.says("mededeling: De politie controleert vanavond fietslampen.")
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert "Leden van Tolberg: 3" in town.kees.last.text
    town.kees.taps("Ja")
    world.advance(seconds=30)
    assert about(town.anna, "fietslampen")


def test_only_coordinators_and_their_deputies(world: World) -> None:
    town = roosendaal(world)
    town.vera.says(f"mededeling: {CLEAN}")
    assert "Er is niets verstuurd" in town.vera.last.text
    dora = town.tolberg.member("Dora", channel="telegram", roles=["member", "deputy_coordinator"])
    dora.says(f"announce: {CLEAN}")
    assert "Leden van Tolberg: 4" in dora.last.text


def test_polls_and_warm_ones_are_for_officials(world: World) -> None:
    town = roosendaal(world)
    for line in ("peiling: Ja / Nee", "klasse: warm", "antwoorden: aan mij"):
        town.kees.says(f"mededeling: {CLEAN}\n{line}")
        assert "Gebruik een melding of een rondvraag" in town.kees.last.text
