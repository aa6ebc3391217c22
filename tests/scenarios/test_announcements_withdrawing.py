"""An announcement is taken back: nobody gets it from then on, who read it hears so once, and the report says it."""

from __future__ import annotations

import pytest

from buurtwacht.testing import Member, World

from .kroeven import both_ways
from .roosendaal import WATER, Town, about, roosendaal, send, texts

world = both_ways


def withdraw(town: Town, who: Member, words: str = "mededeling intrekken M1") -> None:
    """Say it, read what it means, say yes."""
    who.says(words)
    who.taps("Ja")
    town.world.advance(seconds=30)


def test_who_read_it_hears_it_once_and_who_did_not_hears_nothing(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    withdraw(town, town.mieke)
    assert about(town.mieke, "M1 is ingetrokken")
    for reader in (town.anna, town.kees, town.vera, town.wim):
        (line,) = about(reader, "INGETROKKEN")
        assert "M1" in line
        assert "Geen water morgen" in line
    assert len(about(town.sara, "WITHDRAWN")) == 1
    for other in (town.lot, town.jan, town.piet):
        assert not texts(other)
    town.wim.says("doorzetten M1")
    assert "ingetrokken" in town.wim.last.text
    assert not texts(town.lot)
    world.advance(minutes=5)
    (report,) = about(town.mieke, "VERSLAG")
    assert "Ingetrokken" in report
    assert "Doorgezet: 1" in report
    assert "announcement_withdrawn" in [one.event for one in world.audit()]


def test_who_slept_never_reads_it_and_nobody_is_asked_in_the_morning(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:00")
    send(town.mieke, WATER)
    world.advance(minutes=5)
    withdraw(town, town.mieke)
    world.advance_to("2026-03-04 09:00")
    for other in (town.vera, town.wim, town.anna, town.sara):
        assert not texts(other)
    assert len(about(town.mieke, "VERSLAG")) == 1


def test_passed_on_in_the_evening_and_taken_back_in_the_night(world: World) -> None:
    town = roosendaal(world, "2026-03-03 22:20")
    send(town.mieke, WATER)
    world.advance(minutes=15)
    town.vera.taps("Doorzetten")
    world.advance(minutes=5)
    withdraw(town, town.mieke)
    world.advance_to("2026-03-04 07:10")
    assert not texts(town.anna)
    assert not texts(town.sara)
    assert len(about(town.vera, "INGETROKKEN")) == 1


def test_a_coordinators_own(world: World) -> None:
    town = roosendaal(world)
    town.kees.says("mededeling: Zaterdag ruimen we samen op, om 10 uur.")
    town.kees.taps("Ja")
    world.advance(seconds=30)
    withdraw(town, town.kees, "mededeling intrekken")
    (line,) = about(town.anna, "INGETROKKEN")
    assert "de coördinator van Tolberg" in line
    town.kees.says("mededelingen")
    assert "ingetrokken" in town.kees.last.text
    town.kees.says("mededeling intrekken TB-M1")
    assert "al ingetrokken" in town.kees.last.text
    newcomer = town.tolberg.member("Nel", channel="telegram")
    assert not about(newcomer, "Zaterdag")


def test_who_approved_it_may_and_the_sender_is_told(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, "Gaslek in de Kring. Blijf weg.", "Warm")
    world.advance(seconds=5)
    town.bas.taps("Ja")
    world.advance(seconds=5)
    withdraw(town, town.bas)
    assert "ingetrokken door Bas" in about(town.mieke, "ingetrokken")[-1]
    assert len(about(town.vera, "INGETROKKEN")) == 1


def test_what_waits_for_approval_is_not_sent_after_all(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, "Gaslek in de Kring. Blijf weg.", "Warm")
    world.advance(seconds=5)
    asked = town.bas.last
    withdraw(town, town.mieke, "mededeling intrekken")
    assert "wordt niet verstuurd" in town.mieke.last.text
    town.bas.taps("Ja", on=asked)
    world.advance(minutes=1)
    assert not texts(town.vera)


def test_a_correction_that_was_sent_goes_with_it(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    town.mieke.says("correctie: Geen water morgen van 10 tot 13 uur")
    town.mieke.taps("Ja")
    world.advance(minutes=1)
    withdraw(town, town.mieke, "mededeling intrekken")
    assert len(about(town.anna, "INGETROKKEN")) == 1
    town.wim.says("doorzetten M1")
    assert "ingetrokken" in town.wim.last.text


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("mededeling intrekken M9", "geen mededeling M9"),
        ("mededeling intrekken van vergunningen", "Welke mededeling"),
        ("trek de mededeling in m1", "M1 “Geen water morgen” intrekken"),
        ("withdraw announcement M 1", "M1 “Geen water morgen” intrekken"),
    ],
)
def test_what_is_typed(world: World, words: str, reply: str) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    world.advance(seconds=30)
    town.mieke.says(words)
    assert reply in town.mieke.last.text
    if "intrekken?" in town.mieke.last.text:
        town.mieke.taps("Nee")
        assert "er verandert niets" in town.mieke.last.text
        assert not about(town.vera, "INGETROKKEN")


def test_an_admin_of_one_of_many_neighbourhoods_may_not_and_of_all_may(world: World) -> None:
    town = roosendaal(world)
    ans = town.tolberg.member("Ans", channel="telegram", roles=["member", "admin"])
    send(town.mieke, WATER)
    for other in (ans, town.petra, town.anna):
        other.says("mededeling intrekken M1")
        assert "alleen worden ingetrokken" in other.last.text
    town.langdonk.join(ans, roles=["member", "admin"])
    town.kroeven.join(ans, roles=["member", "admin"])
    withdraw(town, ans)
    assert len(about(town.vera, "INGETROKKEN")) == 1
