"""Roll calls between other things: a newer alert, a standstill, another messenger, and windows said in front."""

from __future__ import annotations

import json

import pytest

from buurtwacht.testing import World

from .kroeven import QUESTION, Kroeven, about, both_ways, counts, kroeven, texts

__all__ = ["both_ways"]

FIRE = "brand Esdoornlaan, rook uit het dak"


def standing(town: Kroeven) -> dict[str, int]:
    """Return how the roll call stands."""
    town.kees.says("stand KR-R1")
    town.world.advance(seconds=5)
    return counts(about(town.kees, "Stand van KR-R1")[-1])


@pytest.mark.parametrize("word", ["gezien", "ok", "Oké, dank je", "👍", "1"])
def test_what_may_only_say_that_a_newer_alert_was_read_makes_nobody_safe(both_ways: World, word: str) -> None:
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=1)
    town.jan.says(FIRE)
    both_ways.advance(seconds=10)
    town.anna.says(word)
    both_ways.advance(seconds=5)
    assert standing(town)["Veilig"] == 0
    assert any("KR-R1" in label for label in town.anna.last.buttons)
    alert = next(label for label in town.anna.last.buttons if "KR-0001" in label)
    town.anna.taps(alert)
    both_ways.advance(seconds=5)
    assert "KR-0001" in town.anna.last.text
    assert standing(town)["Veilig"] == 0


@pytest.mark.parametrize("word", ["veilig", "alles goed", "ja", "ik ben oké"])
def test_a_word_of_safety_answers_the_check_all_the_same(both_ways: World, word: str) -> None:
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=1)
    town.jan.says(FIRE)
    both_ways.advance(seconds=10)
    town.anna.says(word)
    both_ways.advance(seconds=5)
    assert standing(town)["Veilig"] == 1


def test_a_check_that_is_newer_than_the_alert_is_what_ok_answers(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.jan.says(FIRE)
    both_ways.advance(minutes=5)
    town.kees.says(QUESTION)
    both_ways.advance(seconds=10)
    town.anna.says("ok")
    both_ways.advance(seconds=5)
    assert standing(town)["Veilig"] == 1


def test_after_a_standstill_one_reminder_goes_out(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(seconds=5)
    with both_ways.down():
        both_ways.advance(minutes=80)
    both_ways.advance(minutes=1)
    assert len(about(town.riet, "HERINNERING")) == 1


def test_after_a_standstill_beyond_the_end_nobody_is_reminded(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(seconds=5)
    with both_ways.down():
        both_ways.advance(hours=5)
    both_ways.advance(minutes=1)
    assert not about(town.riet, "HERINNERING")
    assert len(about(town.riet, "EINDE RONDVRAAG")) == 1


def test_a_person_reads_over_which_messenger_he_answered(both_ways: World) -> None:
    """Domain 2.7: the channel of each answer is kept, those before it too; what others told of him has none."""
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=46)
    first, second = (one for one in town.bart.received if one.buttons)
    assert (first.channel, second.channel) == ("telegram", "whatsapp")
    town.bart.taps("Hulp nodig", on=second)
    both_ways.advance(minutes=1)
    town.bart.taps("Veilig", on=first)
    both_ways.advance(seconds=5)
    town.kees.says("anna veilig via haar dochter")
    answers = [_answer(town, "bart"), _answer(town, "anna")]
    assert [one["channel"] for one in answers] == ["telegram", ""]
    assert answers[0]["before"][0][-1] == "whatsapp"  # type: ignore[index] # JSON values


def _answer(town: Kroeven, name: str) -> dict[str, object]:
    who = getattr(town, name)
    who.says("mijn gegevens")
    town.world.advance(seconds=5)
    files = [one for received in who.received for one in received.attachments if one.name == "buurtwacht.json"]
    answer: dict[str, object] = _find(json.loads(files[-1].data), "answers")[0]
    return answer


def _find(data: dict[str, object], key: str) -> list[dict[str, object]]:
    for name, value in data.items():
        if name == key and isinstance(value, list):
            return value
        if isinstance(value, dict) and (found := _find(value, key)):
            return found
    return []


@pytest.mark.parametrize("said", ["30 min is iedereen veilig?", "Kroeven 30 min: is iedereen veilig?"])
def test_a_window_in_front_is_a_window(both_ways: World, said: str) -> None:
    """R28."""
    town = kroeven(both_ways)
    town.kees.says(f"rondvraag {said}")
    both_ways.advance(seconds=5)
    assert "Is iedereen veilig?" in town.anna.last.text
    assert "19:30" in town.anna.last.text


def test_what_happened_two_hours_ago_is_no_window(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.kees.says("rondvraag 1 uur geleden was er een knal, is iedereen oké?")
    both_ways.advance(seconds=5)
    assert "1 uur geleden" in town.anna.last.text
    assert "21:00" in town.anna.last.text


def test_a_window_below_nothing_is_refused(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.kees.says("rondvraag is iedereen oké? -5 min")
    assert len(town.kees.received) == 1
    assert not texts(town.anna)


def test_all_but_one_is_a_question_for_a_human(both_ways: World) -> None:
    """R30."""
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(seconds=5)
    town.anna.says("goed, op één na")
    both_ways.advance(seconds=10)
    assert standing(town)["Vraag of hulp"] == 1
    assert about(town.kees, "VRAAG OF HULP", "Anna")


def test_ninety_minutes_are_ninety_minutes_when_clocks_change(both_ways: World) -> None:
    town = kroeven(both_ways, at="2026-03-29 01:30")
    town.kees.says(QUESTION)
    both_ways.advance(minutes=44)
    assert "04:00" in about(town.anna, "RONDVRAAG")[0]
    assert not about(town.anna, "HERINNERING")
    both_ways.advance(minutes=2)
    assert len(about(town.anna, "HERINNERING")) == 1
    both_ways.advance(minutes=43)
    assert not about(town.anna, "EINDE RONDVRAAG")
    both_ways.advance(minutes=2)
    assert about(town.anna, "EINDE RONDVRAAG")


def test_a_roll_call_that_ended_does_not_stand_in_the_way_of_a_new_one(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=95)
    town.kees.says("rondvraag is het water ook weg, iedereen veilig?")
    both_ways.advance(seconds=10)
    town.anna.says("ok")
    town.jan.says("KR-R1 ok")
    both_ways.advance(seconds=5)
    town.kees.says("presentielijst KR-R2")
    town.kees.says("presentielijst KR-R1")
    both_ways.advance(seconds=10)
    [second, first] = about(town.kees, "Presentielijst")
    assert "Anna: veilig" in second
    assert "Jan: geen bericht" in second
    assert "Anna: geen bericht" in first
    assert "Jan: veilig" in first
    assert "(laat) Jan" in first


@pytest.mark.parametrize("word", ["ok", "Ik ga kijken"])
def test_what_a_key_holder_says_after_he_went_is_about_his_neighbour(both_ways: World, word: str) -> None:
    town = kroeven(both_ways)
    town.riet.key_holders(town.anna, town.bart)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=1)
    town.anna.says("ok")
    both_ways.advance(minutes=72)
    town.anna.says(word)
    both_ways.advance(minutes=5)
    town.anna.says("ze is veilig, alles goed")
    both_ways.advance(seconds=10)
    assert about(town.kees, "goed met Riet", "Anna")
    both_ways.advance(minutes=30)
    assert not about(town.bart, "Riet heeft niet")


@pytest.mark.parametrize("words", ["oké, alleen oma ligt op de grond", "brand bij ons in de keuken"])
def test_who_reports_a_danger_instead_of_answering_is_not_counted_as_silent(both_ways: World, words: str) -> None:
    """His words go out as an alert; the roll call has heard of him too, and leaves him in peace (R30)."""
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=1)
    town.jan.says(words)
    both_ways.advance(minutes=2)
    assert about(town.kees, "KR-0001")
    groups = standing(town)
    assert groups["Vraag of hulp"] == 1
    both_ways.advance(minutes=60)
    assert not about(town.jan, "nog niets van je gehoord")
    town.jan.says("KR-R1 alles goed")
    both_ways.advance(seconds=5)
    assert standing(town)["Vraag of hulp"] == 0


def test_a_danger_that_is_reported_by_somebody_safe_takes_that_back(both_ways: World) -> None:
    town = kroeven(both_ways)
    town.kees.says(QUESTION)
    both_ways.advance(minutes=1)
    town.jan.says("alles goed")
    both_ways.advance(minutes=5)
    town.jan.says("er is brand bij de overburen, vlammen uit het dak, Esdoornlaan")
    both_ways.advance(minutes=1)
    assert standing(town)["Veilig"] == 0
