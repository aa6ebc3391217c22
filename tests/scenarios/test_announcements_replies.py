"""What members say back: where to ask, to the sender if he wants it, as a vote; never into a group (R48)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import Member, Received, World

from .kroeven import both_ways
from .roosendaal import WATER, Town, about, roosendaal, send, texts

world = both_ways
POLL = "Komt er een bank op het plein?\npeiling: Ja graag / Liever niet / Weet niet"


def passed_on(world: World, text: str = WATER) -> Town:
    """Return Roosendaal once Tolberg has the announcement."""
    town = roosendaal(world)
    send(town.mieke, text)
    world.advance(seconds=10)
    town.vera.taps("Doorzetten")
    world.advance(seconds=30)
    return town


def read(member: Member, words: str) -> Received:
    """Return the message somebody read with these words."""
    return next(one for one in member.received if words in one.text)


def test_a_reply_is_answered_with_where_to_ask_and_goes_to_nobody(world: World) -> None:
    town = passed_on(world)
    before = {one.name: len(one.received) for one in (town.kees, town.vera, town.mieke, town.sara)}
    town.anna.says("Geldt dat ook voor de flats?", reply_to=read(town.anna, WATER))
    assert "gaat naar niemand" in town.anna.last.text
    assert "gemeente Roosendaal" in town.anna.last.text
    world.advance(minutes=5)
    assert {one.name: len(one.received) for one in (town.kees, town.vera, town.mieke, town.sara)} == before


def test_a_question_that_quotes_nothing_may_be_about_it(world: World) -> None:
    town = passed_on(world)
    town.anna.says("Hoe laat is het water terug?")
    assert "Gaat je vraag over mededeling M1" in town.anna.last.text
    town.piet.says("Hoe laat is het water terug?")
    assert "M1" not in town.piet.last.text
    world.advance(hours=25)
    town.anna.says("Hoe laat is het water terug?")
    assert "M1" not in town.anna.last.text


def test_a_report_that_quotes_it_is_still_a_report(world: World) -> None:
    town = passed_on(world)
    town.anna.says("brand in de keuken op het Plein, vlammen uit het dak", reply_to=read(town.anna, WATER))
    world.advance(seconds=5)
    assert "TB-0001" in " ".join(texts(town.kees))


def test_where_the_sender_wants_it_he_reads_it_without_a_name(world: World) -> None:
    town = passed_on(world, f"{WATER}\nantwoorden: aan mij")
    town.anna.says("Wij hebben een baby, kan er een tank komen?", reply_to=read(town.anna, "Geen water"))
    assert "zonder je naam" in town.anna.last.text
    world.advance(seconds=5)
    [passed] = about(town.mieke, "een tank komen")
    assert "Tolberg" in passed
    assert "Anna" not in passed
    assert not about(town.kees, "een tank komen")
    assert not about(town.vera, "een tank komen")


def test_who_is_no_official_any_more_reads_no_replies(world: World) -> None:
    from buurtwacht import OfficialKind

    town = passed_on(world, f"{WATER}\nantwoorden: aan mij")
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(town.mieke), OfficialKind.MUNICIPALITY, "Roosendaal")
    town.anna.says("Kan er een tank komen?", reply_to=read(town.anna, "Geen water"))
    assert "gaat naar niemand" in town.anna.last.text
    world.advance(seconds=5)
    assert not about(town.mieke, "een tank komen")


def test_nothing_of_it_is_said_in_the_group(world: World) -> None:
    town = roosendaal(world)
    group = town.tolberg.group()
    send(town.mieke, WATER)
    world.advance(seconds=10)
    town.vera.taps("Doorzetten")
    world.advance(seconds=30)
    [posted] = group.received
    group.says(town.kees, "Wat een onzin")
    town.kees.says("Wat een onzin", reply_to=read(town.kees, WATER))
    world.advance(minutes=1)
    assert group.received == [posted] or tuple(group.received) == (posted,)


# --- polls ---------------------------------------------------------------------------------------------------------


def test_the_last_vote_counts(world: World) -> None:
    town = passed_on(world, POLL)
    assert read(town.anna, "Komt er een bank").buttons == ("Ja graag", "Liever niet", "Weet niet")
    town.anna.taps("Ja graag")
    assert "Je stem bij M1: Ja graag" in town.anna.last.text
    town.anna.taps("Liever niet", on=read(town.anna, "Komt er een bank"))
    assert "is nu: Liever niet" in town.anna.last.text
    town.sara.taps("Ja graag")
    with world.context("announcements") as ctx:
        from buurtwacht_announcements.records import Vote

        assert ctx.records.count(Vote, "option") == {(0,): 1, (1,): 1}


@pytest.mark.parametrize("typed", ["weet niet", "Weet niet."])
def test_a_vote_in_words(world: World, typed: str) -> None:
    town = passed_on(world, POLL)
    town.anna.says(typed)
    assert "Je stem bij M1: Weet niet" in town.anna.last.text
    town.sara.says("3", reply_to=read(town.sara, "Komt er een bank"))
    assert "Your vote on M1: Weet niet" in town.sara.last.text


def test_the_numbers_below_an_alert_stay_those_of_the_alert(world: World) -> None:
    """R22: "4" below an alert is "unsafe", whatever poll came after it."""
    town = roosendaal(world)
    town.kees.says("verdachte man in de Kring, voelt aan deuren, 112 gebeld")
    world.advance(minutes=2)
    alert = town.anna.last
    send(town.mieke, "Welke dag?\npeiling: ma / di / wo / do")
    world.advance(seconds=10)
    town.vera.says("doorzetten")
    world.advance(minutes=1)
    assert about(town.anna, "Welke dag?")
    assert alert.thread == "TB-0001"
    town.anna.says("4")
    assert "Je stem" not in town.anna.last.text
    assert "112" in town.anna.last.text


def test_a_closed_poll_takes_no_votes(world: World) -> None:
    town = passed_on(world, "Komt er een bank?\nGeldig tot vandaag 18:00\npeiling: Ja graag / Liever niet")
    poll = read(town.anna, "Komt er een bank")
    world.advance_to("2026-03-03 18:01")
    town.anna.taps("Ja graag", on=poll)
    assert "De peiling bij M1 is gesloten" in town.anna.last.text
