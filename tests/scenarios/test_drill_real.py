"""A drill and what is real beside it: neither ever turns into the other (R26)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .drilling import begun, in_time, marked
from .tolberg import CAR, about, both_ways, texts

world = both_ways


@pytest.mark.parametrize("window_open", [True, False])
def test_the_stop_of_a_drill_that_is_said_again_begins_with_the_mark_of_a_drill(
    world: World, window_open: bool
) -> None:
    town = in_time(world)
    silent = town.place.member("Joke", channel="whatsapp", window_open=window_open)
    town.kees.says("oefening verdachte auto Meidoornstraat")
    town.kees.taps("Ja")
    world.advance(seconds=20)
    for one in (town.riet, silent):
        world.refuse(one, "ambiguous")
    town.fatima.says("brand in de Meidoornstraat, vlammen uit het dak")
    world.advance(seconds=5)
    for one in (town.riet, silent):
        world.accept(one)
    world.advance(seconds=40)
    for one in (town.riet, silent):
        [stopped] = [text for text in texts(one) if "gestopt" in text]
        assert "erhaling" in stopped
        assert stopped.startswith("OEFENING")
        assert "Bel geen 112 voor de oefening" in stopped


@pytest.mark.parametrize(
    "typed",
    [
        "oefening verdachte auto meidoornstraat",
        "melding oefening brand meidoornstraat",
        "dit is een oefening: verdachte auto meidoornstraat, lichten uit",
        "verdachte auto meidoornstraat, lichten uit (oefening)",
        "OEFENING! brand in de Meidoornstraat",
        "exercise suspicious car Meidoornstraat",
        "this is a drill: fire in Meidoornstraat",
        "alarm oefening inbraak bezig meidoornstraat",
    ],
)
def test_a_neighbours_drill_alarms_nobody_and_a_co_ordinators_is_previewed(world: World, typed: str) -> None:
    town = in_time(world)
    town.fatima.says(typed)
    world.advance(minutes=2)
    assert "alleen een coördinator" in town.fatima.last.text
    assert not any(one.received for one in town.everybody if one is not town.fatima)
    town.kees.says(typed)
    assert "Zo leest iedereen het" in town.kees.last.text
    world.advance(minutes=2)
    assert not town.riet.received


@pytest.mark.parametrize(
    "typed",
    [
        "dit is geen oefening, er is brand Meidoornstraat",
        "oefening is voorbij, er is nu echt brand op de Meidoornstraat",
        "oefening? nee echt inbraak bezig Meidoornstraat",
        "geen oefening: inbraak bezig meidoornstraat",
        "let op, dit is geen oefening, gaslucht in de Meidoornstraat",
        "dit hoort niet bij de oefening: er staat een schuur in brand, Meidoornstraat",
        "melding geen oefening, brand Meidoornstraat",
        "melding oefening voorbij, nu echt brand Meidoornstraat",
        "stop de oefening, er is echt brand in de Meidoornstraat",
        "einde oefening, er ligt nu echt iemand bewusteloos in de Meidoornstraat",
        "oefening annuleren, er is echt brand in de Meidoornstraat",
        "this is not a drill, fire in Meidoornstraat",
        "exercise is over, there is a real fire in Meidoornstraat",
        "during the exercise somebody really collapsed, Meidoornstraat",
        "no drill, burglary in progress Meidoornstraat",
    ],
)
@pytest.mark.parametrize("during", [False, True], ids=["before", "during"])
def test_what_is_no_drill_is_real_at_once(world: World, typed: str, during: bool) -> None:
    town = begun(world) if during else in_time(world)
    town.fatima.says(typed)
    world.advance(seconds=20)
    assert "KRITIEK" in town.riet.last.text
    assert "KRITIEK" in town.henk.last.text
    assert any("Ja, door mij" in one.buttons for one in town.fatima.received)


@pytest.mark.parametrize(
    "typed", ["tijdens de oefening is er echt iemand gevallen", "dit is echt, kom naar de Beukenlaan"]
)
def test_what_is_not_clear_but_said_to_be_real_reaches_a_human(world: World, typed: str) -> None:
    town = begun(world)
    town.fatima.says(typed)
    assert "Ja, door mij" in town.fatima.last.buttons
    world.advance(minutes=2)
    assert about(town.kees, "Ter beoordeling")


def test_words_that_only_sound_like_a_drill_are_reports(world: World) -> None:
    town = in_time(world)
    town.fatima.says("exercise bike stolen from my shed, two men running away, Meidoornstraat")
    assert "Ja, door mij" in town.fatima.last.buttons


def test_a_real_report_stops_it_and_everybody_reads_that_first(world: World) -> None:
    town = begun(world)
    town.riet.says(CAR)
    assert "112 al gebeld" in town.riet.last.text
    town.riet.taps("Ja, door mij")
    world.advance(seconds=30)
    for one in (town.fatima, town.henk, town.kees, town.ans):
        seen = texts(one)
        stopped = next(at for at, text in enumerate(seen) if text.startswith("OEFENING gestopt (TB-0001)"))
        alarmed = next(at for at, text in enumerate(seen) if "VERDACHT VOERTUIG" in text)
        assert stopped < alarmed
        assert "\n" not in seen[stopped]
        assert "TB-0002" in seen[alarmed]
        assert len(marked(one)) == len([text for text in seen if "OEFENING" in text])
    assert about(town.riet, "OEFENING gestopt")
    town.henk.says("1")
    assert "Genoteerd bij TB-0002" in town.henk.last.text


def test_a_member_who_taps_below_a_drill_that_was_stopped_hears_that(world: World) -> None:
    town = begun(world)
    [shown] = [one for one in town.riet.received if one.text.startswith("OEFENING ·")]
    town.fatima.says("brand Meidoornstraat")
    world.advance(seconds=10)
    town.riet.taps("Onveilig", on=shown)
    assert "gestopt omdat er een echte melding was" in town.riet.last.text
    assert "Typ: hulp" in town.riet.last.text


def test_help_is_always_real(world: World) -> None:
    town = begun(world)
    town.riet.says("hulp")
    assert "Bel 112" in town.riet.last.text
    assert about(town.kees, "HULP GEVRAAGD door Riet")


def test_a_quote_of_the_drill_belongs_to_it_and_what_is_critical_does_not(world: World) -> None:
    town = begun(world)
    shown = town.riet.last
    town.riet.says("verdachte auto gezien in de Meidoornstraat, lichten uit", reply_to=shown)
    assert "gaat naar niemand" in town.riet.last.text
    world.advance(minutes=2)
    assert not about(town.henk, "VERDACHT VOERTUIG")
    town.riet.says("brand in de Meidoornstraat", reply_to=shown)
    world.advance(seconds=10)
    assert about(town.henk, "KRITIEK")


def test_what_is_written_behind_an_answer_may_be_real(world: World) -> None:
    town = begun(world)
    town.riet.says("3 rode jas")
    assert "Nu gaat het naar niemand" in town.riet.last.text
    town.riet.says("4 dit is echt, er ligt iemand bewusteloos in de Meidoornstraat")
    world.advance(seconds=10)
    assert about(town.henk, "KRITIEK")


def test_it_does_not_begin_beside_an_open_alert(world: World) -> None:
    town = in_time(world)
    town.kees.says("oefening om 15:00 verdachte man Beukenlaan")
    town.kees.taps("Ja")
    world.advance(minutes=50)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=20)
    assert not marked(town.riet)
    for one in (town.kees, town.ans):
        assert about(one, "OEFENING van vr 16 januari 15:00 gaat niet door")
        assert about(one, "Melding TB-0001 staat nog open")
    town.kees.says("oefening verdachte man Beukenlaan")
    town.kees.taps("Ja")
    assert "begint niet" in town.kees.last.text
    town.kees.says("einde TB-0001 het was een monteur")
    town.kees.taps("Ja")
    world.advance(seconds=20)
    assert marked(town.riet)


def test_an_alert_from_next_door_stops_it_too(world: World) -> None:
    town = begun(world)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"], quiet_hours=None)
    noor = langdonk.member("Noor", channel="telegram", roles=["member", "coordinator"])
    piet = langdonk.member("Piet", channel="telegram")
    piet.says("verdachte auto parklaan, rijdt stapvoets, lichten uit")
    piet.taps("Ja, door mij")
    world.advance(seconds=20)
    assert not about(town.riet, "gestopt")
    noor.says("doorzetten LD-0001 TB")
    world.advance(seconds=20)
    seen = texts(town.riet)
    assert seen[-2].startswith("OEFENING gestopt")
    assert "Doorgezet uit de buurt Langdonk" in seen[-1]


def test_an_alert_that_is_opened_again_stops_it_too(world: World) -> None:
    town = in_time(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=20)
    town.kees.says("einde TB-0001 weg")
    town.kees.says("oefening brand Beukenlaan")
    town.kees.taps("Ja")
    world.advance(seconds=20)
    town.ans.says("heropen TB-0001 de auto is terug")
    world.advance(seconds=20)
    seen = texts(town.riet)
    assert seen[-2].startswith("OEFENING gestopt")
    assert "weer open" in seen[-1]


def test_a_bound_group_reads_the_drill_its_stop_and_the_alert_in_order(world: World) -> None:
    town = in_time(world)
    group = town.place.group()
    town.kees.says("oefening brand Beukenlaan")
    town.kees.taps("Ja")
    world.advance(seconds=20)
    group.taps(town.riet, "Gezien")
    world.advance(seconds=5)
    town.fatima.says("brand Meidoornstraat")
    world.advance(seconds=20)
    posted = [one.text for one in group.received]
    assert [text[:12] for text in posted[:2]] == ["OEFENING · b", "OEFENING ges"]
    assert "KRITIEK" in posted[2]


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_however_slow_the_messengers_are_the_stop_comes_before_the_alert(wire: bool) -> None:
    with World(now="2026-01-16 14:00", wire=wire, rate=1) as world:
        place = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
        fatima = place.member("Fatima", channel="telegram", street="Meidoornstraat")
        neighbours = [
            place.member(f"Buur {number}", channel=("telegram", "whatsapp")[number % 2], window_open=False)
            for number in range(12)
        ]
        kees.says("oefening brand Beukenlaan")
        kees.taps("Ja")
        world.advance(seconds=4)
        for one in neighbours:
            # What answers them stands in the queue, behind everything that presses.
            if about(one, "OEFENING ·"):
                one.taps("Gezien")
        fatima.says("brand Meidoornstraat")
        world.advance(minutes=2)
        drilled = [one for one in neighbours if about(one, "OEFENING ·")]
        assert 0 < len(drilled) < len(neighbours)
        for one in neighbours:
            shown = [text[:17] for text in texts(one) if "genoteerd" not in text]
            alarmed = next(text for text in shown if text.startswith("🔴"))
            assert shown == ["OEFENING · brand ", "OEFENING gestopt ", alarmed] if one in drilled else [alarmed]


def test_a_drill_and_an_alert_in_one_moment_do_not_go_on_together(world: World) -> None:
    town = in_time(world)
    town.kees.says("oefening om 15:00 brand Beukenlaan")
    town.kees.taps("Ja")
    world.advance_to("2026-01-16 14:59")
    town.fatima.says(CAR)
    # The minute of her report ends in the second in which the drill begins.
    world.advance(seconds=61)
    world.advance(seconds=20)
    assert not marked(town.riet) or about(town.riet, "OEFENING gestopt")
    assert about(town.riet, "VERDACHT VOERTUIG")


def test_a_report_about_the_same_thing_is_never_joined_to_a_drill(world: World) -> None:
    town = begun(world)
    town.fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
    assert "Is 112 al gebeld?" in town.fatima.last.text
    assert "TB-0002" in town.fatima.last.text


def test_the_report_of_a_drill_that_was_stopped_waits_half_an_hour(world: World) -> None:
    town = begun(world)
    town.henk.taps("Gezien")
    town.fatima.says("brand Meidoornstraat")
    world.advance(minutes=20)
    assert not about(town.kees, "verslag")
    world.advance(minutes=15)
    assert about(town.kees, "gestopt door een echte melding, verslag")
    assert "Bereikt: 100 % (5 van 5)" in about(town.ans, "verslag")[0]
