"""Reminders of a shift: when they come, what they say, whom they ask and whom they leave in peace (R37, R38)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .duty import SHIFT, duty, said, since
from .patrols import WALKER
from .tolberg import both_ways

world = both_ways

ROUND = "di 12 mei 21:30-22:30 met {}. Startpunt: parkeerplaats De Wal. Genoeg lopers: ja."


def test_three_days_and_one_day_before_an_hour_before_and_at_the_start(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 21:35")
    for one, partner in ((town.henk, "Riet"), (town.riet, "Henk")):
        got = since(one, "05-05 00:00")
        assert [f"{letter.at:%d %H:%M}" for letter in got] == ["09 21:30", "11 21:30", "12 20:30", "12 21:30"]
        assert all(ROUND.format(partner) in letter.text for letter in got)
        assert [letter.buttons for letter in got] == [("Ik kom", "Ik kan niet")] * 2 + [()] * 2
    assert "over 3 dagen" in since(town.riet, "05-09 00:00")[0].text
    assert "is morgen" in since(town.riet, "05-11 00:00")[0].text
    assert not since(town.fatima, "05-05 00:00"), "who does not walk hears nothing"
    assert not since(town.ans, "05-05 00:00")


def test_who_said_that_he_comes_is_not_asked_again(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-09 21:40")
    town.henk.taps("Ik kom")
    town.riet.says("ja hoor")
    assert town.henk.last.text == "Fijn, je komt:\ndi 12 mei 21:30"
    assert "Fijn, je komt" in town.riet.last.text
    world.advance_to("2026-05-12 20:45")
    for one in (town.henk, town.riet):
        eve, hour = since(one, "05-11 00:00")
        assert "Je zei al dat je komt" in eve.text
        assert not eve.buttons
        assert "Straks je ronde" in hour.text, "the last one comes all the same"


def test_who_said_so_less_than_six_hours_ago_is_left_in_peace(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-11 16:00")
    town.riet.taps("Ik kom")
    world.advance_to("2026-05-11 22:00")
    assert not since(town.riet, "05-11 21:00")
    assert since(town.henk, "05-11 21:00")


def test_a_word_answers_the_newest_reminder_and_the_older_one_can_still_be_tapped(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-11 21:40")
    first = since(town.riet, "05-09 00:00")[0]
    town.riet.says("1")
    assert "Fijn, je komt" in town.riet.last.text
    town.riet.taps("Ik kan niet", on=first)
    world.advance(seconds=5)
    assert "afgemeld voor di 12 mei 21:30" in town.riet.last.text


def test_those_of_days_before_wait_for_the_end_of_quiet_hours_the_others_do_not(world: World) -> None:
    late = SHIFT.replace("21:30", "23:30")
    town = duty(world, late, quiet="22:30-07:00")
    world.advance_to("2026-05-12 23:35")
    got = since(town.riet, "05-05 00:00")
    assert [f"{one.at:%d %H:%M}" for one in got] == ["10 07:00", "12 07:00", "12 22:30", "12 23:30"]
    assert "over 2 dagen" in got[0].text, "it says how long it is when it is read"
    assert "is vandaag" in got[1].text


def test_what_changed_while_somebody_slept_is_what_he_reads(world: World) -> None:
    late = SHIFT.replace("21:30", "23:30")
    town = duty(world, late, quiet="22:30-07:00")
    world.advance_to("2026-05-10 00:30")
    town.kees.says("ruil 12 mei Henk Fatima")
    town.kees.says("publiceer")
    world.advance_to("2026-05-10 08:00")
    reminder = next(one for one in since(town.riet, "05-10 06:00") if "Kom je?" in one.text)
    assert "met Fatima" in reminder.text


def test_two_shifts_in_a_day_share_one_message_and_one_answer(world: World) -> None:
    twice = "rooster 12 mei t/m 12 mei, di 10:00 en di 21:30, 60 min, 2 lopers, startpunt De Wal"
    town = duty(world, twice, rest_hours=0)
    world.advance_to("2026-05-09 23:00")
    (only,) = since(town.riet, "05-05 00:00")
    assert f"{only.at:%H:%M}" == "10:00"
    assert "10:00-11:00" in only.text
    assert "21:30-22:30" in only.text
    town.riet.taps("Ik kom")
    assert town.riet.last.text == "Fijn, je komt:\ndi 12 mei 10:00\ndi 12 mei 21:30"
    town.henk.taps("Ik kan niet")
    assert town.henk.last.text == "Welke dienst kun je niet?"
    town.henk.taps("di 12 mei 21:30")
    world.advance(seconds=5)
    assert "afgemeld voor di 12 mei 21:30" in said(town.henk, "05-09 00:00")
    town.henk.says("mijn diensten")
    assert "10:00" in town.henk.last.text
    assert "21:30" not in town.henk.last.text


def test_two_days_that_are_due_at_one_moment_come_each_with_its_own_question(world: World) -> None:
    town = duty(world, "rooster 12 mei t/m 14 mei, di en do 21:30, 60 min, 2 lopers, startpunt De Wal")
    world.advance_to("2026-05-11 21:40")
    eve, early = since(town.riet, "05-11 21:00")
    assert "is morgen" in eve.text
    assert "over 3 dagen" in early.text
    town.riet.taps("Ik kom", on=early)
    town.riet.taps("Ik kan niet", on=eve)
    world.advance(seconds=5)
    assert "Fijn, je komt:\ndo 14 mei 21:30" in said(town.riet, "05-11 21:40")
    assert "afgemeld voor di 12 mei 21:30" in said(town.riet, "05-11 21:40")


# --- down ------------------------------------------------------------------------------------------------------------


def test_a_reminder_that_fell_due_while_we_were_down_comes_once_and_says_so(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-09 20:00")
    with world.down():
        world.advance_to("2026-05-12 08:00")
    world.advance(minutes=5)
    for one in (town.henk, town.riet):
        (got,) = since(one, "05-09 20:00")
        assert "is vandaag" in got.text
        assert "komt te laat" in got.text
        assert got.buttons == ("Ik kom", "Ik kan niet")
    world.advance_to("2026-05-12 20:35")
    assert [("te laat" in one.text) for one in since(town.riet, "05-12 09:00")] == [False]


def test_a_reminder_that_waited_while_rounds_were_off_blames_no_fault(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-09 20:00")
    town.kees.says("onderdeel uit rondes")
    town.kees.says("ja")
    world.advance_to("2026-05-12 08:00")
    town.kees.says("onderdeel aan rondes")
    world.advance(minutes=5)
    (got,) = since(town.riet, "05-09 20:00")
    assert "komt te laat" in got.text
    assert "storing" not in got.text


def test_once_the_shift_has_begun_late_reminders_are_dropped_and_reported(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 20:00")
    with world.down():
        world.advance_to("2026-05-12 21:38")
    world.advance(minutes=1)
    assert not since(town.riet, "05-12 20:00")
    (told,) = since(town.kees, "05-12 20:00")
    assert "niet verstuurd" in told.text
    assert "TB-D101" in told.text
    world.advance(minutes=2)
    assert "Ben je bij het startpunt" in town.riet.last.text, "whoever walks is looked after all the same"


def test_a_minute_after_the_start_is_too_late_for_what_was_missed(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 20:00")
    with world.down():
        world.advance_to("2026-05-12 21:31")
    world.advance(minutes=1)
    assert not since(town.riet, "05-12 20:00")
    assert "niet verstuurd" in said(town.kees, "05-12 20:00")


def test_after_the_end_nobody_is_asked_where_he_is(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-12 20:00")
    with world.down():
        world.advance_to("2026-05-13 08:00")
    world.advance(hours=1)
    assert not since(town.riet, "05-12 20:00")
    assert len(since(town.kees, "05-12 20:00")) == 1


# --- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "at", "before", "starts"),
    [
        ("rooster 29 maart t/m 29 maart, zo 21:30", "2026-03-20 10:00", ["26 21:30", "28 21:30"], "29 20:30"),
        ("rooster 29 maart t/m 29 maart, zo 02:30", "2026-03-20 10:00", ["26 03:00", "28 03:00"], "29 01:00"),
        ("rooster 25 oktober t/m 25 oktober, zo 21:30", "2026-10-16 10:00", ["22 21:30", "24 21:30"], "25 20:30"),
        ("rooster 25 oktober t/m 25 oktober, zo 02:30", "2026-10-16 10:00", ["22 02:30", "24 02:30"], "25 01:30"),
        ("rooster 28 maart t/m 28 maart, zo 21:30", "2027-03-19 10:00", ["25 21:30", "27 21:30"], "28 20:30"),
        ("rooster 28 maart t/m 28 maart, zo 02:30", "2027-03-19 10:00", ["25 03:00", "27 03:00"], "28 01:00"),
        ("rooster 31 oktober t/m 31 oktober, zo 21:30", "2027-10-22 10:00", ["28 21:30", "30 21:30"], "31 20:30"),
        ("rooster 31 oktober t/m 31 oktober, zo 02:30", "2027-10-22 10:00", ["28 02:30", "30 02:30"], "31 01:30"),
    ],
)
def test_days_before_mean_the_same_time_on_the_clock_when_clocks_change(
    sentence: str, at: str, before: list[str], starts: str
) -> None:
    with World() as world:
        town = duty(world, f"{sentence}, 60 min, 2 lopers, startpunt De Wal", at=at)
        world.advance(days=10)
        got = [f"{one.at:%d %H:%M}" for one in since(town.riet, at[5:10] + " 11:00") if "ronde in Tolberg" in one.text]
        assert got[:3] == [*before, starts]
        assert len(got) == 4, "each of the four comes once, also in the hour that comes twice"


# --- languages -------------------------------------------------------------------------------------------------------


def test_in_english_and_with_u(world: World) -> None:
    world.at("2026-05-04 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    kate = place.member("Kate", channel="whatsapp", roles=WALKER, language="en")
    wim = place.member("Wim", channel="telegram", roles=WALKER, formal=True)
    kees.says(SHIFT)
    kees.taps("Ja")
    world.advance(seconds=5)
    kate.says("always")
    wim.says("altijd")
    world.advance(seconds=5)
    kees.says("voorstel")
    kees.says("publiceer")
    world.advance_to("2026-05-09 21:35")
    assert "Your round in Tolberg is in 3 days" in kate.last.text
    assert "with Wim" in kate.last.text
    assert kate.last.buttons == ("I will come", "I cannot come")
    assert "Uw ronde in Tolberg" in wim.last.text
    assert wim.last.text.endswith("Komt u?")
    kate.taps("I will come")
    wim.says("nee")
    world.advance(seconds=5)
    assert "Good, you will come" in said(kate, "05-09 21:30")
    assert "Your partner Wim cannot come" in kate.last.text
    assert "u bent afgemeld" in wim.last.text
