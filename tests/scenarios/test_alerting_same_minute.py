"""Two who report the same before the first has gone out: one alert, under the number of the first (R16)."""

from __future__ import annotations

from buurtwacht.testing import World

from .tolberg import CAR, Tolberg, about, both_ways, texts, tolberg

world = both_ways

AGAIN = "verdachte auto meidoornstraat, rijdt stapvoets, vier man erin"


def both_report(world: World, first: str = CAR, second: str = AGAIN) -> Tolberg:
    """Have Fatima report, and Riet ten seconds later, while Fatima is asked about 112."""
    town = tolberg(world)
    town.fatima.says(first)
    world.advance(seconds=10)
    town.riet.says(second)
    return town


def test_the_second_is_asked_and_goes_with_the_first(world: World) -> None:
    town = both_report(world)
    assert "lijkt op TB-0001" in town.riet.last.text
    assert town.riet.last.buttons == ("Toevoegen", "Toch nieuw")
    town.riet.taps("Toevoegen")
    assert "gaat mee met TB-0001" in town.riet.last.text
    assert not about(town.henk, "VERDACHT")
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=3)
    [shown] = about(town.henk, "VERDACHT VOERTUIG")
    assert "TB-0001" in shown
    assert about(town.henk, "vier man")
    assert about(town.kees, "Aanvulling op TB-0001 van Riet")
    for one in town.everybody:
        assert not about(one, "TB-0002")
    assert not about(town.riet, "VERDACHT VOERTUIG"), "who reported it gets no copy"
    town.kees.says("einde TB-0001 hij is weg")
    world.advance(seconds=10)
    for one in (town.fatima, town.riet, town.henk):
        assert len(about(one, "hij is weg")) == 1


def test_without_an_answer_it_is_added_when_the_first_is_out(world: World) -> None:
    town = both_report(world)
    world.advance(minutes=3)
    assert "staat nu bij TB-0001" in town.riet.last.text
    assert len(about(town.henk, "VERDACHT VOERTUIG")) == 1
    assert not about(town.henk, "TB-0002")


def test_what_the_second_says_of_112_is_said_of_the_first(world: World) -> None:
    town = both_report(world, second=f"{AGAIN}, ik heb 112 gebeld")
    town.riet.taps("Toevoegen")
    world.advance(seconds=10)
    [shown] = about(town.henk, "VERDACHT VOERTUIG")
    assert "TB-0001" in shown
    assert "iemand anders" in shown


def test_what_the_first_did_not_say_is_taken_from_the_second(world: World) -> None:
    town = both_report(world, first="verdachte auto meidoornstraat")
    town.riet.taps("Toevoegen")
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    [shown] = about(town.henk, "VERDACHT VOERTUIG")
    assert "stapvoets" in shown


def test_what_is_new_stays_apart(world: World) -> None:
    town = both_report(world)
    town.riet.taps("Toch nieuw")
    assert "TB-0002" in town.riet.last.text
    town.riet.taps("Ja, door mij")
    world.advance(seconds=10)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    assert [text[-300:].count("TB-0002") for text in about(town.henk, "VERDACHT VOERTUIG")] == [1, 0]


def test_what_the_first_takes_back_the_second_still_says(world: World) -> None:
    town = both_report(world)
    town.riet.taps("Toevoegen")
    town.fatima.says("intrekken")
    world.advance(minutes=2)
    [shown] = about(town.henk, "VERDACHT VOERTUIG")
    assert "vier man" in " ".join(texts(town.kees))
    assert "TB-0002" in shown


def test_what_the_second_takes_back_is_not_the_first(world: World) -> None:
    town = both_report(world)
    town.riet.taps("Toevoegen")
    town.riet.says("ik heb me vergist, niks aan de hand")
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=2)
    [shown] = about(town.henk, "VERDACHT VOERTUIG")
    assert "TB-0001" in shown
    assert not about(town.henk, "vier man")
