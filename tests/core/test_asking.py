"""Asking many at once: each answers for himself, who is silent is reminded, and words of safety are never guessed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, Neighbourhood, World

from . import fair, muster


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(now="2026-03-02 20:00", plugins=[fair, muster], wire=request.param)
    try:
        yield made
    finally:
        made.close(check=False)


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    off = ["alerts", "rollcalls", "patrols", "escalation", "announcements"]
    return world.neighbourhood("TB", "Tolberg", quiet_hours="22:30-07:00", plugins_off=off)


@pytest.fixture
def fatima(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Fatima", channels=["telegram", "whatsapp"])


@pytest.fixture
def henk(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Henk", channel="whatsapp")


def test_everybody_is_asked_once_and_answers_for_himself(fatima: Member, henk: Member) -> None:
    fatima.says("verzamel")
    assert [len(one.received) for one in (fatima, henk)] == [1, 1]
    fatima.taps("Veilig")
    henk.says("2")
    assert fatima.last.text == "TB-M1 TB-M1: safe / -"
    assert henk.last.text == "TB-M1 TB-M1: away / -"


def test_the_numbers_of_each_begin_where_his_other_questions_end(henk: Member, fatima: Member) -> None:
    henk.says("vraag taart")
    fatima.says("verzamel")
    henk.says("3")
    assert "safe" in henk.last.text
    fatima.says("1")
    assert "safe" in fatima.last.text


def test_a_call_that_is_held_waits_for_the_morning(world: World, fatima: Member, henk: Member) -> None:
    world.advance(hours=3)
    fatima.says("verzamel later")
    assert not henk.received
    world.advance_to("2026-03-03 07:01")
    assert henk.last.at.strftime("%H:%M") == "07:00"


def test_only_who_is_silent_is_reminded_on_his_second_address(fatima: Member, henk: Member) -> None:
    henk.says("verzamel")
    henk.taps("Veilig")
    henk.says("herinner")
    assert henk.last.text == "1 herinnerd"
    assert [one.channel for one in fatima.received] == ["telegram", "whatsapp"]


@pytest.mark.parametrize("place", [0, 1], ids=["first", "reminder"])
def test_the_question_and_its_reminder_are_one(fatima: Member, henk: Member, place: int) -> None:
    henk.says("verzamel")
    henk.says("herinner")
    fatima.taps("Veilig", on=fatima.received[place])
    assert fatima.last.text == "TB-M1 TB-M1: safe / -"
    fatima.taps("Niet in de buurt", on=fatima.received[1 - place])
    assert fatima.last.text == "TB-M1 TB-M1: away / -"
    henk.says("herinner")
    assert henk.last.text == "1 herinnerd"


def test_a_reaction_and_a_quote_of_the_first_message_answer_too(fatima: Member, henk: Member) -> None:
    henk.says("verzamel")
    henk.says("herinner")
    fatima.reacts("👍", on=fatima.received[0])
    assert fatima.last.text == "TB-M1 TB-M1: - / 👍"
    henk.says("wij zitten op zolder", reply_to=henk.received[0])
    assert henk.last.text == "TB-M1 TB-M1: - / wij zitten op zolder"


@pytest.mark.parametrize("typed", ["nee", "ok maar oma niet", "niet oke", "ja hoor", "hulp!", "help"])
def test_words_are_left_to_whoever_asks(henk: Member, typed: str) -> None:
    henk.says("verzamel")
    henk.says(typed)
    assert henk.last.text == f"TB-M1 TB-M1: - / {typed}"


def test_what_says_nothing_is_no_answer(henk: Member) -> None:
    henk.says("verzamel")
    henk.says("wat een weer zeg")
    assert "niet begrepen" in henk.last.text
    henk.says("muziek")
    assert "muziek" in henk.last.text


def test_a_question_leaves_ours_open(fatima: Member, henk: Member) -> None:
    fatima.says("verzamel")
    henk.says("wie is dit?", reply_to=henk.last)
    assert henk.last.text == "De coördinator vraagt het."
    fatima.says("herinner")
    assert "Nog eens: is iedereen er?" in henk.last.text
    henk.says("1")
    assert "safe" in henk.last.text


def test_an_answer_can_be_changed_by_its_number_or_label_and_by_nothing_vague(henk: Member) -> None:
    henk.says("verzamel")
    henk.says("1")
    henk.says("niet in de buurt")
    assert "away" in henk.last.text
    henk.says("nee")
    assert "niet begrepen" in henk.last.text


def test_a_call_for_help_after_an_answer_reaches_whoever_asked(henk: Member) -> None:
    henk.says("verzamel")
    henk.says("1")
    henk.says("HULP")
    assert henk.last.text == "TB-M1 TB-M1: - / HULP"
    henk.says("help")
    henk.taps("Ik heb hulp nodig")
    assert henk.last.text == "TB-M1 TB-M1: - / hulp"


def test_what_was_settled_otherwise_is_not_reminded_of_and_can_still_be_answered(henk: Member) -> None:
    henk.says("verzamel")
    asked = henk.last
    henk.says("regel zacht")
    henk.says("herinner")
    assert henk.last.text == "0 herinnerd"
    henk.taps("Veilig", on=asked)
    assert henk.last.text == "TB-M1 TB-M1: safe / -"
    henk.says("verzamel")
    asked = henk.last
    henk.says("regel for good")
    henk.taps("Veilig", on=asked)
    assert "gesloten" in henk.last.text


def test_help_opens_the_menu_when_safety_is_not_asked(henk: Member) -> None:
    henk.says("verzamel plain")
    henk.says("help")
    assert "Ik heb hulp nodig" in henk.last.buttons


def test_a_short_id_says_which_question_is_answered(henk: Member) -> None:
    henk.says("verzamel")
    henk.says("verzamel")
    henk.says("ja")
    assert henk.last.text == "Waar hoort je antwoord bij?"
    henk.says("TB-M1 veilig")
    assert henk.last.text == "TB-M1 TB-M1: safe / -"
    henk.says("4 TB-M2")
    assert henk.last.text == "TB-M2 TB-M2: away / -"
    henk.says("1 TB-M2")
    assert "TB-M1" not in henk.last.text


def test_two_commands_of_one_word_are_told_by_the_id_that_follows(henk: Member) -> None:
    henk.says("ping TB-M1 klaar")
    assert henk.last.text == "Afgeblazen: TB-M1 klaar"
    henk.says("ping")
    assert henk.last.text == "Hallo Henk."
    henk.says("afblazen")
    assert henk.last.text == "Afgeblazen: -"


def test_when_its_time_is_over_it_takes_nothing(world: World, fatima: Member, henk: Member) -> None:
    fatima.says("verzamel")
    asked = henk.last
    world.advance(hours=27)
    henk.taps("Veilig", on=asked)
    assert "gesloten" in henk.last.text
    henk.says("HULP")
    assert henk.last.text == "Bel 112. We komen kijken."


def test_a_whole_neighbourhood_is_asked_each_once(tolberg: Neighbourhood) -> None:
    world = tolberg._world
    for number in range(60):
        tolberg.member(f"Buur {number}", channel="telegram")
    asker = tolberg.member("Kees", channel="telegram")
    before = len(world.attempts)
    asker.says("verzamel")
    world.advance(seconds=5)
    assert len(world.attempts) - before == 61
    assert len(asker.received) == 1
