"""When can you walk? Asked of all, reminded once, understood or asked back (R35), in memory and on the wire."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.people import Member

from .patrols import WALKER, arrived, asked, lines, walkers
from .tolberg import both_ways

world = both_ways


def noted(member: Member) -> list[str]:
    """Return the numbers of the shifts that were written down for somebody."""
    text = member.last.text
    assert text.startswith(("Genoteerd", "Noted")), text
    return [line.partition(".")[0] for line in text.splitlines() if line.partition(". ")[0].isdigit()]


def test_all_walkers_are_asked_at_once_with_numbers(world: World) -> None:
    town = walkers(world)
    asked(town)
    assert town.kees.last.text == (
        "Gevraagd aan 4 lopers. Antwoorden kan tot do 23 april 10:00; daarna krijg je een voorstel."
    )
    for one in town.all:
        assert "1. di 5 mei 21:30" in one.last.text
        assert "8. vr 29 mei 22:00" in one.last.text
        assert "Geen antwoord betekent dat je niet kunt." in one.last.text
    assert not town.ans.received


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("2 4", ["2", "4"]),
        ("alleen dinsdag", ["1", "3", "5", "7"]),
        ("dinsdg", ["1", "3", "5", "7"]),
        ("niet 12 mei", ["1", "2", "4", "5", "6", "7", "8"]),
        ("kan altijd behalve 18-22 mei", ["1", "2", "3", "4", "7", "8"]),
        ("Hoi, alle dinsdagen behalve 12 mei. Groetjes Riet", ["1", "5", "7"]),
    ],
)
def test_an_answer_is_repeated_as_it_was_understood(world: World, said: str, numbers: list[str]) -> None:
    town = walkers(world)
    asked(town)
    town.riet.says(said)
    assert noted(town.riet) == numbers
    assert "Klopt het niet? Antwoord gerust opnieuw, tot do 23 april 10:00." in town.riet.last.text


def test_a_later_answer_takes_the_place_of_the_first_also_when_it_quotes_the_question(world: World) -> None:
    town = walkers(world)
    asked(town)
    question = town.henk.last
    town.henk.says("2 4")
    town.henk.says("1 en 3", reply_to=question)
    assert noted(town.henk) == ["1", "3"]
    town.henk.says("toch alleen vrijdag")
    assert noted(town.henk) == ["2", "4", "6", "8"]
    town.henk.says("vrijdag moet ik oppassen")
    assert "niets genoteerd" in town.henk.last.text
    town.henk.says("vrijdag lukt toch niet")
    assert noted(town.henk) == ["1", "3", "5", "7"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("misschien dinsdag", 'Door "misschien" weet ik niet zeker'),
        ("2 of 4", 'Door "of" weet ik niet zeker'),
        ("9", "Dienst 9 staat niet in de lijst"),
        ("13 mei", "Op wo 13 mei is er geen dienst"),
        ("maandag", "Op die dagen is er geen dienst"),
        ("31 februari", "De dag 31-2 bestaat niet"),
        ("maandag 12 mei", "di 12 mei is een dinsdag"),
        ("dinsdag, vrijdag niet", "Dat kan ik op twee manieren lezen"),
        ("ja", "Ik begrijp nog niet wanneer je kunt lopen"),
        ("nee", "Ik begrijp nog niet wanneer je kunt lopen"),
        ("ik moet even met mijn man overleggen", "Ik begrijp nog niet wanneer je kunt lopen"),
    ],
)
def test_what_is_not_clear_is_asked_back_and_nothing_is_noted(said: str, answer: str) -> None:
    with World() as world:
        town = walkers(world)
        asked(town)
        town.fatima.says(said)
        assert answer in town.fatima.last.text
        assert "Antwoord bijvoorbeeld: 2 4, alleen dinsdag" in town.fatima.last.text
        town.kees.says("rooster")
        assert "0 van 4 lopers hebben geantwoord" in town.kees.last.text


@pytest.mark.parametrize("said", ["ok", "bedankt", "Dank je wel Kees", "👍"])
def test_thanks_for_the_confirmation_are_no_new_answer(said: str) -> None:
    with World() as world:
        town = walkers(world)
        asked(town)
        town.fatima.says("2 4")
        town.fatima.says(said)
        assert town.fatima.last.text == "Graag gedaan. Je antwoord staat genoteerd."
        town.piet.says("alleen dinsdag")
        town.piet.says(said)
        assert town.piet.last.text == "Graag gedaan. Je antwoord staat genoteerd."


def test_a_question_about_something_else_is_not_taken_for_an_answer() -> None:
    with World() as world:
        town = walkers(world)
        asked(town)
        town.fatima.says("wie is de wijkagent van onze buurt eigenlijk?")
        assert "lopen" not in town.fatima.last.text


def test_only_the_silent_are_reminded_once_a_day_before_the_end(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.henk.says("nooit")
    before = len(town.henk.received)
    world.advance_to("2026-04-22 09:59")
    assert len(arrived(town.riet)) == 1
    world.advance_to("2026-04-22 10:01")
    assert "We weten nog niet wanneer je kunt lopen" in town.riet.last.text
    assert "Morgen, do 23 april 10:00, sluit het antwoorden." in town.riet.last.text
    assert len(town.henk.received) == before
    town.riet.says("2 4")
    assert noted(town.riet) == ["2", "4"]
    world.advance_to("2026-04-23 09:59")
    assert len(arrived(town.piet)) == 2


def test_who_says_nothing_is_not_available(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.riet.says("altijd")
    town.fatima.says("altijd")
    world.advance(days=3, minutes=1)
    assert "Henk" not in town.kees.last.text
    assert "Piet" not in town.kees.last.text
    assert "OPEN" in town.kees.last.text
    town.piet.says("2 4")
    assert "Het antwoorden is gesloten" in town.piet.last.text


def test_it_closes_after_three_days_at_the_same_wall_time_over_a_clock_change() -> None:
    with World() as world:
        town = walkers(world, "2026-03-27 22:00")
        asked(town, "rooster 6 april t/m 30 april, di 21:30, 2 lopers, startpunt De Wal")
        assert "tot ma 30 maart 22:00" in town.kees.last.text
        for one in (town.riet, town.fatima):
            one.says("altijd")
        world.advance_to("2026-03-30 21:59")
        assert "Voorstel" not in town.kees.last.text
        world.advance_to("2026-03-30 22:01")
        assert "Voorstel voor het rooster" in town.kees.last.text


def test_what_is_asked_at_night_waits_for_the_morning(world: World) -> None:
    town = walkers(world, "2026-04-20 23:00", quiet="22:30-07:00")
    asked(town)
    assert not arrived(town.riet)
    world.advance_to("2026-04-21 07:01")
    assert "Wanneer kun je lopen?" in town.riet.last.text


def test_the_co_ordinator_need_not_wait_once_all_answered(world: World) -> None:
    town = walkers(world)
    asked(town)
    for one in town.all:
        one.says("altijd")
    world.advance(seconds=5)
    assert town.kees.last.text.startswith("Alle lopers hebben geantwoord")
    town.kees.taps("Maak het voorstel")
    assert town.kees.last.text.startswith("Voorstel voor het rooster")


def test_asked_too_early_the_proposal_names_who_is_silent_and_waits_for_yes(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.riet.says("altijd")
    town.fatima.says("altijd")
    town.kees.says("voorstel")
    assert "2 lopers hebben nog niet geantwoord: Henk, Piet." in town.kees.last.text
    town.kees.taps("Wacht nog")
    assert "Het voorstel komt do 23 april 10:00" in town.kees.last.text
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    assert town.kees.last.text.startswith("Voorstel voor het rooster")
    before = len(arrived(town.kees))
    world.advance(days=4)
    assert len(arrived(town.kees)) == before


def test_an_alert_that_prints_the_same_number_is_asked_about(world: World) -> None:
    """R35 beside R22: "2" may be the second shift, or "I am on watch"."""
    town = walkers(world)
    asked(town)
    town.ans.says("verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit")
    town.ans.taps("Ja, door mij")
    world.advance(seconds=30)
    town.riet.says("2")
    assert town.riet.last.text == "Waar hoort je antwoord bij?"
    town.riet.taps(next(one for one in town.riet.last.buttons if "Rondes" in one))
    assert noted(town.riet) == ["2"]
    town.riet.says("is het nu veilig?")
    assert "Genoteerd" not in town.riet.last.text
    assert "niets genoteerd" not in town.riet.last.text


def test_a_report_while_being_asked_is_a_report(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.riet.says("inbraak bezig meidoornstraat 12, ze slaan nu een ruit in")
    assert "Ja, door mij" in town.riet.last.buttons


def test_who_is_away_is_never_planned_then(world: World) -> None:
    town = walkers(world)
    town.riet.says("afwezig 18-22 mei")
    assert town.riet.last.text == "Genoteerd, je bent afwezig:\nma 18 mei t/m vr 22 mei"
    asked(town)
    town.riet.says("altijd")
    assert noted(town.riet) == ["1", "2", "3", "4", "7", "8"]
    assert "2 diensten vallen in je afwezigheid en tellen niet mee." in town.riet.last.text
    town.henk.says("altijd")
    town.henk.says("ik ben afwezig 26 mei")
    world.advance(days=3, minutes=1)
    plan = town.kees.last.text
    for line in plan.replace(" · ", "\n").splitlines():
        assert not (line.startswith(("di 19 mei", "vr 22 mei")) and "Riet" in line)
        assert not (line.startswith("di 26 mei") and "Henk" in line)


def test_an_absence_can_be_seen_and_taken_back(world: World) -> None:
    town = walkers(world)
    town.riet.says("afwezig")
    assert "Er staat geen afwezigheid" in town.riet.last.text
    town.riet.says("afwezig 18-22 mei en 2 juni")
    town.riet.says("niet meer afwezig 20 mei")
    assert town.riet.last.text == "Weggehaald:\nma 18 mei t/m vr 22 mei"
    world.advance(seconds=5)
    town.riet.says("afwezig")
    assert "di 2 juni" in town.riet.last.text
    assert "18 mei" not in town.riet.last.text
    town.riet.says("afwezig volgend jaar ergens")
    assert town.riet.last.text == "Welke dagen? Bijvoorbeeld: afwezig 18-22 mei."


def test_preferences_hold_in_every_proposal_and_only_their_owner_reads_them(world: World) -> None:
    town = walkers(world)
    town.riet.says("voorkeur max 2 per maand")
    town.riet.says("voorkeur niet met Henk")
    assert "hoogstens 2 diensten per maand\nniet met Henk" in town.riet.last.text
    town.piet.says("voorkeur alleen vrijdag")
    asked(town)
    for one in town.all:
        one.says("altijd")
    assert noted(town.piet) == ["2", "4", "6", "8"]
    town.piet.says("12 mei en vrijdag")
    assert noted(town.piet) == ["2", "3", "4", "6", "8"]
    world.advance(days=3, minutes=1)
    plan = lines(town.kees.last.text.replace(" · ", "\n"))
    assert sum("Riet" in who for who in plan.values()) <= 2
    assert not any("Riet" in who and "Henk" in who for who in plan.values())
    assert not any("voorkeur" in one.text or "niet met" in one.text for one in town.kees.received + town.henk.received)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("voorkeur", "Er staan geen voorkeuren"),
        ("voorkeur graag", "Die voorkeur begrijp ik niet"),
        ("voorkeur niet met Anja", "Ik ken hier geen andere loper die anja heet"),
        ("voorkeur niet met Jan", "Er zijn meer lopers die jan heten. Vraag het aan je coördinator."),
        ("voorkeur liefst met Henk", "liefst met Henk"),
        ("voorkeur niet op dinsdag", "alleen op maandag, woensdag, donderdag, vrijdag, zaterdag, zondag"),
    ],
)
def test_preferences_are_understood_or_said_not_to_be(said: str, answer: str) -> None:
    with World() as world:
        town = walkers(world)
        town.place.member("Jan de Vries", channel="telegram", roles=WALKER)
        town.place.member("Jan Bakker", channel="telegram", roles=WALKER)
        town.riet.says(said)
        assert answer in town.riet.last.text
        assert "Bakker" not in town.riet.last.text
        town.riet.says("voorkeur geen")
        assert "Er staan geen voorkeuren" in town.riet.last.text


def test_in_english_and_politely(world: World) -> None:
    world.at("2026-04-20 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"], formal=True)
    kate = place.member("Kate", channel="whatsapp", roles=WALKER, language="en")
    greet = place.member("Greet", channel="telegram", roles=WALKER, formal=True)
    kees.says("rooster 4 mei t/m 31 mei, di 21:30, startpunt De Wal")
    kees.taps("Ja")
    world.advance(seconds=5)
    assert "daarna krijgt u een voorstel" in kees.last.text
    assert "Wanneer kunt u lopen?" in greet.last.text
    assert "When can you walk?" in kate.last.text
    assert "1. Tue 5 May 21:30" in kate.last.text
    kate.says("always except 12 May")
    assert noted(kate) == ["1", "3", "4"]
    greet.says("alleen de eerste twee")
    assert "Genoteerd, u kunt op deze 2 diensten:" in greet.last.text


def test_a_walker_of_two_neighbourhoods_answers_each(world: World) -> None:
    town = walkers(world)
    next_door = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    ria = next_door.member("Ria", channel="telegram", roles=["member", "coordinator"])
    next_door.join(town.riet, roles=WALKER)
    asked(town)
    ria.says("rooster 4 mei t/m 10 mei, za 23:00, startpunt Kerk")
    ria.taps("Ja")
    world.advance(seconds=5)
    first = next(one for one in arrived(town.riet) if "Rondes in Tolberg" in one.text)
    second = next(one for one in arrived(town.riet) if "Rondes in Langdonk" in one.text)
    town.riet.says("alleen dinsdag", reply_to=first)
    assert noted(town.riet) == ["1", "3", "5", "7"]
    town.riet.says("altijd", reply_to=second)
    assert "za 9 mei 23:00" in town.riet.last.text
