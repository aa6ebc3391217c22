"""Who may have an alert escalated, and what is done while an official has no duty or is on leave (R43)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .ladders import about, alarmed, asked, ladders, said
from .tolberg import both_ways

world = both_ways

OFFICE = "ma-vr 8-17"


def test_a_members_request_needs_a_coordinators_yes(world: World) -> None:
    """R43: whoever asked hears that; nobody is asked before the yes."""
    town = ladders(world)
    alarmed(town)
    town.fatima.says("opschalen TB-0001 wijkagent ik durf de straat niet meer op")
    world.advance(seconds=5)
    assert "coördinator gevraagd" in town.fatima.last.text
    assert "112" in town.fatima.last.text
    assert not asked(town.piet)
    assert "Fatima vraagt" in town.kees.last.text
    assert "durf de straat niet meer op" in town.kees.last.text
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1
    assert "ja gezegd" in town.fatima.last.text
    assert "Fatima" not in said(town.piet)


def test_a_no_ends_it_kindly(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.henk.says("opschalen TB-0001")
    world.advance(seconds=5)
    town.dirk.taps("Nee")
    world.advance(seconds=5)
    assert "niet op" in town.henk.last.text
    assert "0900-8844" in town.henk.last.text
    world.advance(minutes=30)
    assert not any(asked(one) for one in (*town.officials, *town.caretakers))
    town.kees.taps("Ja")
    assert "al besloten" in town.kees.last.text
    assert not asked(town.piet)


def test_two_coordinators_say_yes_at_once(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    town.kees.taps("Ja")
    town.dirk.taps("Ja")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1
    assert "al besloten" in town.dirk.last.text


def test_a_request_that_nobody_answers_is_not_forgotten(world: World) -> None:
    """Reminded after 5 minutes; after 10 the member reads what he can do; after 12 hours it ends."""
    town = ladders(world)
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=5, seconds=5)
    assert len(about(town.kees, "Opschalen van TB-0001: ja of nee?")) == 2
    assert not about(town.henk, "Nog niemand")
    world.advance(minutes=5)
    assert len(about(town.henk, "Nog niemand", "112", "0900-8844")) == 1
    world.advance(hours=12)
    assert about(town.henk, "De vraag is gestopt")
    town.henk.says("opschalen TB-0001 wijkagent")
    assert "coördinator gevraagd" in town.henk.last.text


def test_the_question_about_a_critical_alert_presses(world: World) -> None:
    """A member's request needs a yes there too; the co-ordinators' question goes as critical."""
    town = ladders(world)
    alarmed(town, "er wordt ingebroken beukenlaan, man met koevoet slaat ruit in")
    town.henk.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert not asked(town.piet)
    assert about(town.kees, "Opschalen van TB-0001: ja of nee?")


def test_a_coordinator_who_was_silent_for_a_day_can_decide(world: World) -> None:
    """Both questions are templates there, with their choices."""
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    joop = town.place.member("Joop", channel="whatsapp", roles=["member", "coordinator"], window_open=False)
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert joop.last.template
    joop.taps("Ja")
    world.advance(seconds=5)
    assert joop.last.buttons == ("Wacht op dienst", "Maak kritiek", "Alleen noteren")
    joop.taps("Maak kritiek")
    joop.says("hij staat bij de achterdeur")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1


def test_an_official_without_duty_is_asked_about_first(world: World) -> None:
    """R43, domain §5.4: a preview that says so, with the 112 status and its time, and three choices."""
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    preview = town.kees.last
    assert "Piet (politie) heeft nu geen dienst" in preview.text
    assert "Spoed: bel 112. Geen spoed: 0900-8844." in preview.text
    assert "maandag 08:00" in preview.text
    assert "gebeld door melder (18:30)" in preview.text
    assert preview.buttons == ("Wacht op dienst", "Maak kritiek", "Alleen noteren")
    assert not asked(town.piet)
    assert not asked(town.gerda)


@pytest.mark.parametrize("tapped", [True, False])
def test_it_waits_for_duty_unless_something_else_is_chosen(world: World, tapped: bool) -> None:
    """R43: the default after 10 minutes; at the start of his duty he is asked, and the ladder goes on."""
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    if tapped:
        town.kees.taps("Wacht op dienst")
        assert "maandag 08:00" in town.kees.last.text
    world.advance_to("2026-01-19 07:59")
    assert not asked(town.piet)
    world.advance_to("2026-01-19 08:00:02")
    assert len(asked(town.piet)) == 1
    world.advance(minutes=10)
    assert len(asked(town.gerda)) == 1


def test_what_ended_meanwhile_comes_as_one_package_with_its_outcome(world: World) -> None:
    """R43: then one package with the outcome; nobody else is asked."""
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Wacht op dienst")
    world.advance(minutes=20)
    town.kees.says("einde TB-0001 de auto is weggereden")
    world.advance_to("2026-01-19 08:10")
    told = [one for one in town.piet.received if one.arrived]
    assert len(told) == 1
    assert "Meidoornstraat" in told[0].text
    assert "weggereden" in told[0].text
    assert not told[0].buttons
    assert not asked(town.gerda)


def test_a_false_alarm_is_not_waited_with(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Wacht op dienst")
    town.kees.says("loos alarm TB-0001 het was de bezorger")
    town.kees.taps("Ja")
    world.advance_to("2026-01-19 09:00")
    assert not town.piet.received


def test_made_critical_with_a_reason_it_goes_at_once(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Maak kritiek")
    assert "typ de reden" in town.kees.last.text
    assert not asked(town.piet)
    town.kees.says("hij probeert nu deuren te openen")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1
    assert "deuren te openen" in asked(town.piet)[0]


def test_only_noted_asks_nobody(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Alleen noteren")
    assert "Ik vraag niemand" in town.kees.last.text
    world.advance_to("2026-01-19 09:00")
    assert not town.piet.received
    assert not asked(town.gerda)


def test_who_chose_to_be_woken_for_this_is_asked(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE, off_duty="urgent")
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1


def test_critical_goes_at_once_whatever_the_hours(world: World) -> None:
    """R43."""
    town = ladders(world, "2026-01-17 03:00", duty=OFFICE)
    alarmed(town, "er wordt ingebroken beukenlaan, man met koevoet slaat ruit in")
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1


def test_an_official_on_leave_is_passed_over_and_the_requester_told_why(world: World) -> None:
    """R44."""
    town = ladders(world, leave_until="2026-02-01 00:00")
    alarmed(town, "er wordt ingebroken beukenlaan, man met koevoet slaat ruit in")
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert "Piet (politie) heeft verlof tot" in said(town.kees)
    assert "1 februari" in said(town.kees)
    assert not asked(town.piet)
    assert len(asked(town.gerda)) == 1


def test_a_neighbour_who_asked_hears_what_keeps_it_up(world: World) -> None:
    """R44: the requester is told why; §5.4: who has no duty now, until when, and what to call."""
    town = ladders(world, leave_until="2026-02-01 00:00")
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert "politie heeft verlof tot" in said(town.henk)
    assert "Piet" not in said(town.henk)
    assert "verlof" not in said(town.fatima)


def test_a_neighbour_who_asked_hears_that_it_waits_for_duty(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.henk.says("opschalen TB-0001 wijkagent")
    town.kees.taps("Ja")
    world.advance(seconds=5)
    town.kees.taps("Wacht op dienst")
    world.advance(seconds=5)
    waits = about(town.henk, "klaar voor maandag")
    assert len(waits) == 1
    assert "08:00" in waits[0]
    assert "112" in waits[0]
    assert "0900-8844" in waits[0]


def test_in_the_middle_of_a_ladder_who_has_no_duty_is_passed_over(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE)
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=10, seconds=5)
    assert "Piet (politie) heeft nu geen dienst" in said(town.kees)
    assert len(asked(town.gerda)) == 1
    assert "Wacht op dienst" not in [label for one in town.kees.received for label in one.buttons]


def test_when_nobody_else_is_left_the_same_preview_comes(world: World) -> None:
    town = ladders(world, "2026-01-16 18:30", duty=OFFICE, settings={"ladder": ["plaatsvervanger", "wijkagent"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=10, seconds=5)
    assert about(town.kees, "NIET BEVESTIGD")
    assert town.kees.last.buttons == ("Wacht op dienst", "Maak kritiek", "Alleen noteren")
    world.advance_to("2026-01-19 08:00:05")
    assert len(asked(town.piet)) == 1


def test_hours_go_by_the_clock_on_the_wall_through_the_change(world: World) -> None:
    """On 29 March 2026 the clock goes from 2 to 3: duty that begins at 2:30 begins at 3:00."""
    town = ladders(world, "2026-03-28 23:00", duty="zo 2:30-12")
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    assert "zondag 03:00" in town.kees.last.text
    town.kees.taps("Wacht op dienst")
    world.advance_to("2026-03-29 01:59:59")
    assert not asked(town.piet)
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 1
