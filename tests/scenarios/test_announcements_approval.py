"""A warm announcement is approved by a second official of the municipality; at night with a reason (R46)."""

from __future__ import annotations

import pytest

from buurtwacht import OfficialKind
from buurtwacht.testing import Member, World
from buurtwacht_announcements.records import Announcement
from buurtwacht_escalation.testing import official

from .kroeven import both_ways
from .roosendaal import Town, about, roosendaal, send, texts

world = both_ways
GAS = "Gaslek in de Kring. Ga daar niet heen. Geldig tot morgen 12:00."


def warm(town: Town) -> None:
    """Mieke writes a warm one and says yes to the preview; the others are asked."""
    send(town.mieke, GAS, "Warm")
    town.world.advance(seconds=5)


def dismiss(world: World, who: Member, kind: OfficialKind) -> None:
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(who), kind, "Roosendaal")


def test_the_first_of_the_others_decides_and_everybody_hears(world: World) -> None:
    town = roosendaal(world)
    warm(town)
    assert about(town.mieke, "gevraagd aan 2 andere functionarissen")
    assert not texts(town.vera)
    for other in (town.bas, town.petra):
        assert GAS in other.last.text
        assert "Leden: 7" in other.last.text
        assert other.last.buttons == ("Ja", "Nee")
    asked = town.petra.last
    town.bas.taps("Ja")
    world.advance(seconds=10)
    assert "Bas heeft de mededeling" in about(town.mieke, "goedgekeurd.")[0]
    assert about(town.mieke, "M1 is verstuurd aan 2")
    assert about(town.petra, "Bas heeft de mededeling")
    town.petra.taps("Nee", on=asked)
    world.advance(seconds=10)
    assert len(about(town.vera, GAS)) == 1
    assert "dringend" in about(town.vera, GAS)[0]


def test_the_sender_does_not_approve_his_own(world: World) -> None:
    town = roosendaal(world)
    warm(town)
    asked = town.bas.last
    town.mieke.taps("Ja", on=asked)
    world.advance(seconds=10)
    assert not texts(town.vera)
    town.kees.taps("Ja", on=asked)
    world.advance(seconds=10)
    assert not texts(town.vera)


def test_without_a_second_official_it_does_not_go(world: World) -> None:
    town = roosendaal(world)
    dismiss(world, town.bas, OfficialKind.MAYOR)
    dismiss(world, town.petra, OfficialKind.POLICE)
    official(world, "Rik", "mayor", municipality="Rucphen", channel="telegram")
    official(world, "Ron", "boa", municipality="Roosendaal", channel="telegram", verified=False)
    send(town.mieke, GAS, "Warm")
    assert "geen tweede functionaris" in town.mieke.last.text
    world.advance(minutes=1)
    assert not texts(town.vera)


def test_a_refusal_comes_with_its_reason(world: World) -> None:
    town = roosendaal(world)
    warm(town)
    town.petra.taps("Nee")
    assert "Waarom niet?" in town.petra.last.text
    assert about(town.mieke, "Petra heeft de mededeling")
    town.petra.says("Het lek is al dicht.")
    assert "De reden van Petra: Het lek is al dicht." in town.mieke.last.text
    town.bas.taps("Ja")
    world.advance(seconds=10)
    assert not texts(town.vera)
    town.mieke.says("mededelingen")
    assert "niet verstuurd" in town.mieke.last.text


@pytest.mark.parametrize("moment", ["2026-03-03 22:30", "2026-03-04 03:00", "2026-03-04 06:59"])
def test_at_night_it_needs_a_reason_in_words(world: World, moment: str) -> None:
    town = roosendaal(world, moment)
    warm(town)
    town.bas.taps("Ja")
    assert "Waarom kan dit niet wachten" in town.bas.last.text
    town.bas.says("ja")
    assert "Waarom kan dit niet wachten" in town.bas.last.text
    assert not texts(town.vera)
    town.bas.says("Mensen lopen er nu gevaar.")
    world.advance(seconds=10)
    assert len(about(town.vera, GAS)) == 1


@pytest.mark.parametrize("moment", ["2026-03-03 22:29", "2026-03-04 07:00"])
def test_by_day_it_needs_none(world: World, moment: str) -> None:
    town = roosendaal(world, moment)
    warm(town)
    town.bas.taps("Ja")
    world.advance(seconds=10)
    assert len(about(town.vera, GAS)) == 1


def test_an_office_for_a_place_without_municipality_works_as_well(world: World) -> None:
    """As members.csv makes it: for one neighbourhood, which names no municipality."""
    world.at("2026-03-03 14:00")
    place = world.neighbourhood("HV", "Haven")
    vera = place.member("Vera", channel="telegram", roles=["member", "representative"])
    mieke, bas = (
        official(world, name, kind, municipality="", channel="telegram", neighbourhoods=[place])
        for name, kind in (("Mieke", "municipality"), ("Bas", "police"))
    )
    send(mieke, GAS, "Warm")
    world.advance(seconds=5)
    bas.taps("Ja")
    world.advance(seconds=10)
    [asked] = about(vera, GAS)
    assert "Mieke, gemeente (Haven)" in asked


def test_who_lost_his_office_meanwhile_approves_nothing(world: World) -> None:
    """A member as well, so that we still know him."""
    town = roosendaal(world)
    bea = town.tolberg.member("Bea", channel="telegram")
    with world.context("members") as ctx:
        ctx.directory.appoint(world.person_id(bea), OfficialKind.BOA, "Roosendaal", verified_by=world.person_id(bea))
    warm(town)
    asked = bea.last
    dismiss(world, bea, OfficialKind.BOA)
    bea.taps("Ja", on=asked)
    world.advance(seconds=10)
    assert not about(town.vera, GAS)
    town.bas.taps("Ja")
    world.advance(seconds=10)
    assert about(town.vera, GAS)


def test_a_sender_who_lost_his_office_is_not_sent_any_more(world: World) -> None:
    town = roosendaal(world)
    warm(town)
    dismiss(world, town.mieke, OfficialKind.MUNICIPALITY)
    town.bas.taps("Ja")
    world.advance(seconds=10)
    assert not texts(town.vera)
    assert "announcement_refused" in [one.event for one in world.audit()]


def test_what_nobody_approves_in_time_does_not_go(world: World) -> None:
    town = roosendaal(world)
    warm(town)
    world.advance_to("2026-03-04 12:05")
    assert about(town.mieke, "Niemand keurde")
    assert not texts(town.vera)


def test_what_was_never_sent_is_not_kept(world: World) -> None:
    """Refused by the second official, left by the sender, not approved in time: a month later all of it is gone."""
    town = roosendaal(world)
    warm(town)
    town.bas.taps("Nee")
    town.mieke.says("mededeling: de brug is dicht\nklasse: koud")
    town.mieke.taps("Nee")
    send(town.mieke, "de sluis is dicht", "Warm")
    world.advance(days=32)
    with world.context("announcements") as ctx:
        assert not ctx.records.find(Announcement)


def test_a_crash_between_yes_and_sending_sends_it_once(world: World) -> None:
    town = roosendaal(world)
    warm(town)
    world.crash(during="handler")
    town.bas.taps("Ja")
    world.advance(minutes=1)
    assert len(about(town.vera, GAS)) == 1
    assert len(about(town.wim, "Gaslek")) == 1
    assert len(about(town.mieke, "M1 is verstuurd aan 2")) == 1
