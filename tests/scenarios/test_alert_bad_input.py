"""What people mistype, overdo or do at the same moment: one friendly sentence for each, and nothing is lost."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.people import Member

from .tolberg import CAR, Tolberg, about, alarmed, both_ways, texts, tolberg

world = both_ways

LONG = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit. " + "Hij rijdt nog rond. " * 300
BURNING = "brand! schuur staat in de fik esdoornlaan. " + "De vlammen slaan uit het dak. " * 180


def one_answer(member: Member, before: int) -> str:
    """Return the one message that somebody got since he had so many."""
    [answer] = texts(member)[before:]
    return answer


def says(town: Tolberg, member: Member, text: str, *, forwarded: bool = False) -> str:
    """Have somebody say something, and return the one answer; nobody else reads anything."""
    before = {one: len(texts(one)) for one in town.everybody}
    member.says(text, forwarded=forwarded)
    town.world.advance(seconds=10)
    others = [one for one in town.everybody if one is not member]
    assert [len(texts(one)) for one in others] == [before[one] for one in others]
    return one_answer(member, before[member])


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("einde TB-0099 klaar", "geen melding TB-0099"),
        ("einde 99", "geen melding TB-0099"),
        ("einde 0099 klaar", "geen melding TB-0099"),
        ("loos alarm TB-0099", "geen melding TB-0099"),
        ("aanvulling TB-0099 hij is weg", "geen melding TB-0099"),
        ("stand TB-0099", "geen melding TB-0099"),
        ("einde XX-0001 klaar", "geen melding XX-0001"),
        ("einde LD-0001 klaar", "hoort bij een andere buurt"),
        ("aanvulling LD-0001 hij is weg", "hoort bij een andere buurt"),
        ("doorzetten TB-0001 XX", "Naar XX kan ik niet doorzetten"),
    ],
)
def test_an_id_that_is_not_ours(world: World, typed: str, answer: str) -> None:
    town = tolberg(world)
    world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    alarmed(town)
    world.advance(minutes=3)
    assert answer in says(town, town.kees, typed)
    assert "nog open" in says(town, town.riet, "status TB-0001")


@pytest.mark.parametrize("typed", ["einde TB-0001 weg", "intrekken TB-0001", "stand TB-0001", "doorzetten TB-0001 LD"])
def test_a_command_of_somebody_without_the_role(world: World, typed: str) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=3)
    assert "lleen" in says(town, town.riet, typed)
    assert "nog open" in says(town, town.riet, "status TB-0001")


@pytest.mark.parametrize(
    "typed", ["einde TB-0001 weg", "loos alarm TB-0001", "intrekken TB-0001", "doorzetten TB-0001 LD"]
)
def test_a_closed_alert_stays_closed(world: World, typed: str) -> None:
    town = tolberg(world)
    world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    alarmed(town)
    town.ans.says("einde TB-0001 het was een monteur")
    world.advance(minutes=3)
    assert "gesloten" in says(town, town.kees, typed)
    assert "monteur" in says(town, town.riet, "afloop TB-0001")


def test_without_a_number_it_is_asked_which_of_those_that_are_open(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.henk.says("brand! schuur staat in de fik esdoornlaan")
    world.advance(minutes=3)
    answer = says(town, town.kees, "einde het is voorbij")
    assert "TB-0001" in answer
    assert "TB-0002" in answer


def parts(member: Member, word: str) -> int:
    """Return how often somebody read a word, in however many messages."""
    return sum(text.count(word) for text in texts(member))


def test_a_report_of_five_thousand_signs_is_read_by_the_co_ordinators(world: World) -> None:
    town = tolberg(world)
    joop = town.place.member("Joop", channel="whatsapp", roles=["member", "coordinator"], window_open=False)
    typed = LONG[:4000] + " Bel mij op 0612345678."
    town.fatima.says(typed)
    world.advance(minutes=2)
    [answer] = texts(town.fatima)
    assert "112" in answer
    assert "één of twee zinnen" in answer
    for one in (town.kees, joop):
        assert parts(one, "nog rond") >= typed.count("nog rond")
        assert not about(one, "0612345678")
        assert all(received.arrived for received in one.received)
    assert not texts(town.riet)
    town.kees.taps("Naar de buurt")
    world.advance(seconds=10)
    for one in (town.riet, town.henk):
        [shown] = about(one, "VERDACHT VOERTUIG · Meidoornstraat")
        assert "stapvoets" in shown
        assert len(shown) < 1100


def test_what_was_long_is_said_in_short_under_the_same_id(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(LONG[:4000])
    world.advance(seconds=40)
    town.fatima.says(CAR)
    assert "TB-0001" in town.fatima.last.text
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=10)
    [shown] = about(town.riet, "VERDACHT VOERTUIG")
    assert "TB-0001" in shown
    assert "112: gebeld" in shown
    town.kees.taps("Naar de buurt")
    assert "al besloten" in town.kees.last.text
    assert len(about(town.riet, "VERDACHT VOERTUIG")) == 1


def test_a_long_report_goes_out_where_nobody_else_reads_it(world: World) -> None:
    world.at("2026-01-16 01:42")
    place = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = place.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk = place.member("Henk", channel="whatsapp", window_open=False)
    fatima.says(LONG[:4000])
    assert "alleen het begin" in fatima.last.text
    fatima.taps("Ja, door mij")
    world.advance(seconds=10)
    [shown] = about(henk, "VERDACHT VOERTUIG · Meidoornstraat")
    assert len(shown) < 1100


def test_a_long_addition_waits_for_a_tap_and_is_read_in_full(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    story = "hij staat nu bij de speeltuin en kijkt rond. " * 80
    town.riet.says("aanvulling TB-0001 " + story)
    world.advance(minutes=3)
    assert "één of twee zinnen" in town.riet.last.text
    assert parts(town.kees, "speeltuin") >= 80
    assert not about(town.henk, "speeltuin")
    town.kees.taps("Doorgeven")
    world.advance(minutes=2)
    assert parts(town.henk, "speeltuin") > 10
    assert all(received.arrived for received in town.henk.received)


def test_a_long_addition_goes_out_where_nobody_else_reads_it(world: World) -> None:
    world.at("2026-01-16 01:42")
    place = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = place.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk = place.member("Henk", channel="telegram")
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(seconds=10)
    henk.says("aanvulling TB-0001 " + "hij staat nu bij de speeltuin en kijkt rond. " * 80)
    assert "het begin" in henk.last.text
    world.advance(minutes=2)
    assert parts(fatima, "speeltuin") > 10


def test_a_critical_report_of_five_thousand_signs_goes_out_at_once(world: World) -> None:
    town = tolberg(world)
    assert len(BURNING) > 5000
    town.fatima.says(BURNING)
    world.advance(seconds=5)
    assert about(town.fatima, "Bel 112")
    for one in (town.riet, town.henk):
        [shown] = about(one, "BRAND · Esdoornlaan")
        assert len(shown) < 1100
    assert parts(town.kees, "vlammen") + parts(town.kees, "Vlammen") > 180


@pytest.mark.parametrize("typed", ["🔥🔥🔥", "😱", "👀🚗", "🚨🚨"])
def test_only_emoji_is_answered_and_alarms_nobody(world: World, typed: str) -> None:
    town = tolberg(world)
    answer = says(town, town.fatima, typed)
    assert "112" in answer


def test_a_report_of_emoji_is_asked_for_in_words(world: World) -> None:
    town = tolberg(world)
    assert "Wat gebeurt er, en waar" in says(town, town.fatima, "melding 🔥🔥")
    town.fatima.says("brand in de esdoornlaan, vlammen uit het dak")
    world.advance(seconds=5)
    assert about(town.riet, "TB-0001")


@pytest.mark.parametrize("typed", ["einde TB-0001 weg", "loos alarm TB-0001", "1", "Ja", CAR, "hulp"])
def test_what_is_forwarded_is_not_obeyed(world: World, typed: str) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=3)
    answer = says(town, town.kees, typed, forwarded=True)
    assert "doorgestuurd bericht" in answer
    assert "112" in answer
    assert "nog open" in says(town, town.riet, "status TB-0001")


def test_two_who_close_at_once_end_it_once_and_the_second_hears_who_was_first(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=3)
    with world.down():
        town.kees.says("einde TB-0001 hij reed weg")
        town.ans.says("einde TB-0001 het was een monteur")
    world.advance(seconds=30)
    for one in (town.riet, town.henk, town.fatima):
        assert len(about(one, "EINDE MELDING TB-0001")) == 1, one
    second = [one for one in (town.kees, town.ans) if about(one, "al gesloten")]
    assert len(second) == 1
    first = "Ans" if second[0] is town.kees else "Kees"
    assert about(second[0], f"al gesloten door {first}")


def test_one_closes_while_another_reads_the_preview_of_a_correction(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("loos alarm TB-0001 het was de bezorger")
    with world.down():
        town.kees.taps("Ja")
        town.ans.says("loos alarm TB-0001")
    town.ans.taps("Ja")
    world.advance(seconds=30)
    assert len(about(town.riet, "LOOS ALARM TB-0001")) == 1
    assert "al gesloten als loos alarm door Kees" in town.ans.last.text
    assert len(about(town.fatima, "Bedankt voor je melding")) == 1


def test_the_same_report_twice_from_one_person_is_one_alert(world: World) -> None:
    town = tolberg(world)
    with world.down():
        town.fatima.says(CAR)
        town.fatima.says(CAR)
    world.advance(minutes=3)
    assert len(about(town.riet, "🔴")) == 1
    assert "TB-0001" in about(town.riet, "🔴")[0]


def test_who_says_more_before_he_answers_says_it_in_the_same_report(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte auto meidoornstraat, rijdt stapvoets")
    town.fatima.says("verdachte auto in de meidoornstraat, lichten uit, 4 inzittenden, ik heb 112 gebeld")
    world.advance(seconds=10)
    [shown] = about(town.riet, "🔴")
    assert "stapvoets" in shown
    assert "lichten uit" in shown
    assert "gebeld door melder" in shown
    town.fatima.says("verdachte auto esdoornlaan, staat bij de garages te wachten")
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    assert about(town.riet, "TB-0002")


def test_nonsense_after_a_command_is_kept_as_words(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 {short} %s <b>weg</b> *monteur* _x_")
    world.advance(seconds=10)
    assert about(town.riet, "{short} %s <b>weg</b> *monteur* _x_")
