"""A correction takes the place of the last one and reaches exactly those who got it (R49)."""

from __future__ import annotations

from buurtwacht import OfficialKind
from buurtwacht.testing import Member, World

from .kroeven import both_ways
from .roosendaal import WATER, Town, about, roosendaal, send, texts

world = both_ways
RIGHT = "Geen water morgen\nVan 10 tot 13 uur is het water dicht. Geldig tot vrijdag 18:00."


def correct(town: Town, who: Member, text: str) -> None:
    """Say it, see the preview, say yes."""
    who.says(f"correctie: {text}")
    town.world.advance(seconds=5)
    who.taps("Ja")


def test_it_reaches_who_got_the_first_and_nobody_else(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    town.mieke.says(f"correctie: {RIGHT}")
    assert "Leden die M1 kregen: 4" in town.mieke.last.text
    assert "Buurten die nog kiezen: 1" in town.mieke.last.text
    town.mieke.taps("Ja")
    world.advance(minutes=1)
    for reader in (town.anna, town.kees, town.vera):
        [corrected] = about(reader, RIGHT)
        assert corrected.startswith("CORRECTIE van M1")
    assert "CORRECTION of M1" in about(town.sara, RIGHT)[0]
    assert about(town.wim, RIGHT)
    for other in (town.lot, town.jan, town.piet):
        assert not texts(other)


def test_who_still_decides_passes_on_the_right_words(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    correct(town, town.mieke, RIGHT)
    world.advance(seconds=30)
    town.wim.taps("Doorzetten")
    world.advance(minutes=1)
    assert about(town.lot, RIGHT)
    assert not about(town.lot, WATER)
    assert not about(town.lot, "CORRECTIE")
    assert not texts(town.jan)


def test_who_slept_reads_only_the_right_words(world: World) -> None:
    """A cold one that was passed on in the evening waits for the morning; its correction takes its place."""
    town = roosendaal(world, "2026-03-03 22:20")
    send(town.mieke, WATER)
    world.advance(minutes=15)
    town.vera.taps("Doorzetten")
    world.advance(minutes=5)
    correct(town, town.mieke, RIGHT)
    world.advance(minutes=5)
    assert not texts(town.sara)
    world.advance_to("2026-03-04 07:05")
    assert len(about(town.sara, RIGHT)) == 1
    assert not about(town.sara, WATER)
    assert not about(town.sara, "CORRECTION")


def test_a_coordinators_own_can_be_corrected_while_they_sleep(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:00")
    town.kees.says("mededeling: Zaterdag ruimen we samen op, om 10 uur.")
    town.kees.taps("Ja")
    assert not texts(town.anna)
    correct(town, town.kees, "Zaterdag ruimen we samen op, om 11 uur.")
    world.advance_to("2026-03-04 07:05")
    assert about(town.anna, "om 11 uur")
    assert not about(town.anna, "om 10 uur")
    assert not about(town.anna, "CORRECTIE")


def test_a_warm_one_needs_the_same_approval_again(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, "Gaslek in de Kring. Blijf weg.", "Warm")
    world.advance(seconds=5)
    town.bas.taps("Ja")
    world.advance(seconds=5)
    correct(town, town.mieke, "Gaslek in Lindenburg. Blijf weg.")
    world.advance(seconds=5)
    assert not about(town.vera, "Lindenburg")
    assert "CORRECTIE van M1" in town.bas.last.text
    # Whoever approves reads whom the correction reaches, not whom a new announcement would.
    assert "Leden die M1 kregen: 0\nBuurten die nog kiezen: 2" in town.bas.last.text
    town.petra.taps("Ja")
    world.advance(seconds=30)
    assert len(about(town.vera, "Lindenburg")) == 1
    assert len(about(town.wim, "Lindenburg")) == 1


def test_whose_office_ended_corrects_nothing_and_reads_no_report(world: World) -> None:
    """He is told why, it is recorded, and he was told that no more messages come for that task."""
    town = roosendaal(world)
    send(town.mieke, WATER)
    world.advance(seconds=5)
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(town.mieke), OfficialKind.MUNICIPALITY, "Roosendaal")
    town.mieke.says("correctie: Er is toch water")
    world.advance(seconds=5)
    assert "functionarissen die een beheerder heeft bevestigd" in town.mieke.last.text
    assert "announcement_refused" in [one.event for one in world.audit()]
    town.vera.taps("Doorzetten")
    town.wim.taps("Doorzetten")
    world.advance(days=2)
    assert not about(town.mieke, "VERSLAG")
    assert not about(town.anna, "toch water")


def test_nobody_corrects_what_he_did_not_send(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    town.bas.says(f"correctie: {RIGHT}")
    assert "nog geen mededeling verstuurd" in town.bas.last.text
    town.anna.says(f"correctie: {RIGHT}")
    assert "nog geen mededeling verstuurd" in town.anna.last.text
    town.mieke.says(f"correctie: {RIGHT}\nklasse: warm")
    world.advance(seconds=5)
    assert "Laat die regel weg" in town.mieke.last.text


def test_the_last_correction_counts(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    for hour in (13, 14):
        correct(town, town.mieke, f"Het water is dicht tot {hour} uur.")
        world.advance(minutes=2)
    town.wim.taps("Doorzetten")
    world.advance(minutes=1)
    assert about(town.lot, "dicht tot 14 uur")
    assert not about(town.lot, "13 uur")
