"""What cannot be escalated so: one friendly sentence each, and on record."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .ladders import alarmed, asked, ladders, said
from .tolberg import both_ways

world = both_ways


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("opschalen TB-0009 wijkagent", "Ik ken hier geen melding TB-0009."),
        ("opschalen XX-0001 wijkagent", "Ik ken hier geen melding XX-0001."),
        ("opschalen TB-0001 Sjaak", "Ik ken hier geen Sjaak in Tolberg. Wie er wel is: Piet (politie)"),
        ("opschalen TB-0001 meldkamer", "bel zelf 112"),
        ("opschalen TB-0001 112", "112 bel je zelf"),
        ("opschalen 112", "112 bel je zelf"),
        ("opschalen TB-0001 burgemeester", "alleen mededelingen"),
        ("escalate TB-0001 ladder nacht", "Ik ken hier geen nacht"),
    ],
)
def test_one_sentence_and_a_line_in_the_audit(world: World, typed: str, answer: str) -> None:
    town = ladders(world)
    alarmed(town)
    before = len(town.kees.received)
    town.kees.says(typed)
    world.advance(minutes=12)
    assert answer in town.kees.received[before].text
    assert not any(asked(one) for one in town.officials)
    assert any(one.event == "escalation_refused" for one in world.audit())


def test_a_closed_alert_says_since_when(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("einde TB-0001 opgelost")
    town.kees.says("opschalen TB-0001 wijkagent")
    assert "TB-0001 is gesloten sinds" in town.kees.last.text
    assert f"{world.now:%H:%M}" in town.kees.last.text


def test_twice_the_same_says_since_when_it_runs(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    since = f"{world.now:%H:%M}"
    world.advance(minutes=2)
    town.dirk.says("opschalen TB-0001 politie nogmaals")
    assert "al opgeschaald" in town.dirk.last.text
    assert since in town.dirk.last.text
    town.piet.taps("Ontvangen")
    town.dirk.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert "Piet" in town.dirk.last.text
    assert "bevestigd" in town.dirk.last.text
    assert len(asked(town.piet)) == 1


def test_a_member_who_asks_for_what_runs_already_does_not_learn_that_it_runs(world: World) -> None:
    """R45: members never learn of an escalation; who asked for it himself does."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=2)
    town.henk.says("opschalen TB-0001 wijkagent")
    assert "beslist de coördinator" in town.henk.last.text
    assert "opgeschaald naar" not in town.henk.last.text
    assert "112" in town.henk.last.text


def test_a_ladder_without_anyone_is_no_ladder(world: World) -> None:
    town = ladders(world, settings={"ladder": ["coordinator", "meldkamer"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    assert "verder niemand" in town.kees.last.text
    assert "112" in town.kees.last.text


def test_where_there_is_no_official_at_all_nobody_is_listed(world: World) -> None:
    world.at("2026-01-14 14:00")
    place = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal", quiet_hours=None)
    fatima = place.member("Fatima", channel="telegram", roles=["member", "coordinator"])
    fatima.says("verdachte auto lindelaan, rijdt stapvoets, lichten uit")
    world.advance(minutes=2)
    for typed in ("wijkagent", "Sjaak"):
        fatima.says(f"opschalen TB-0001 {typed}")
        assert "nog geen functionarissen" in fatima.last.text
        assert "112" in fatima.last.text
        assert not fatima.last.text.endswith(": ")


def test_a_slip_of_the_finger_still_names_the_official(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagnt")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1


def test_there_is_no_such_official_here(world: World) -> None:
    world.at("2026-01-14 14:00")
    place = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal", quiet_hours=None)
    fatima = place.member("Fatima", channel="telegram", roles=["member", "coordinator"])
    world.official("Gerda", "municipality", municipality="Roosendaal", channel="telegram")
    world.official("Sven", "police", municipality="Breda", channel="telegram")
    world.official("Ivo", "police", municipality="Roosendaal", channel="telegram", verified=False)
    fatima.says("verdachte auto lindelaan, rijdt stapvoets, lichten uit")
    world.advance(minutes=2)
    fatima.says("opschalen TB-0001 wijkagent")
    assert "Ik ken hier geen politie in Tolberg" in fatima.last.text
    assert "Gerda" in fatima.last.text
    assert "Sven" not in fatima.last.text
    assert "Ivo" not in fatima.last.text


def test_a_name_that_fits_two_is_asked_about(world: World) -> None:
    town = ladders(world)
    world.official("Piet Bakker", "boa", municipality="Roosendaal", channel="telegram")
    alarmed(town)
    town.kees.says("opschalen TB-0001 Piet")
    assert "past op meer mensen" in town.kees.last.text
    town.kees.says("opschalen TB-0001 Piet Bakker hij staat er weer")
    world.advance(seconds=5)
    assert not asked(town.piet)
    assert "Piet Bakker" in said(town.kees)


def test_words_without_a_name_are_the_reason(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 al drie nachten achter elkaar dezelfde auto")
    world.advance(seconds=5)
    assert "drie nachten" in asked(town.dirk)[0]


def test_somebody_of_elsewhere_escalates_nothing_here(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    stranger = world.neighbourhood("LD", "Langdonk", municipality="Roosendaal").member("Ria", channel="telegram")
    stranger.says("opschalen TB-0001 wijkagent")
    assert "Ik ken hier geen melding TB-0001" in stranger.last.text
    assert not asked(town.piet)
