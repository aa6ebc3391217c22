"""A drill from its plan to its end and its report, marked in every text (R26)."""

from __future__ import annotations

import re

import pytest

from buurtwacht.testing import World

from .drilling import begun, in_time
from .tolberg import about, both_ways, texts

world = both_ways

PLAN = "oefening morgen 19:00 verdachte auto Meidoornstraat"
#: "Call 112", in either language, without a "not".
CALLS = re.compile(r"\bbel (?:nu |dan )?112|(?<!not )\bcall (?:now )?112", re.IGNORECASE)


def test_a_drill_is_planned_in_one_sentence_previewed_and_begins_at_its_time(world: World) -> None:
    town = in_time(world)
    town.kees.says(PLAN)
    preview = town.kees.last
    assert "za 17 januari 19:00" in preview.text
    assert "5" in preview.text
    assert "OEFENING · verdachte auto Meidoornstraat" in preview.text
    assert preview.buttons == ("Ja", "Nee")
    town.kees.taps("Ja")
    assert "gepland: za 17 januari 19:00" in town.kees.last.text
    world.advance_to("2026-01-17 18:59")
    assert not town.riet.received
    world.advance(minutes=2)
    for one in town.everybody:
        shown = one.last
        assert shown.text.startswith("OEFENING · verdachte auto Meidoornstraat")
        assert "Bel geen 112" in shown.text
        assert shown.buttons == ("Gezien", "Ik let op", "Ik heb info", "Onveilig", "Klopt niet")
        assert shown.thread == "TB-0001"
    assert town.henk.last.template


def test_every_text_is_marked_and_none_says_to_call(world: World) -> None:
    town = in_time(world)
    emma = town.place.member("Emma", channel="telegram", language="en", roles=["member", "deputy_coordinator"])
    town.henk.says(PLAN)
    for typed in ("oefening", "oefening morgen brand", "oefening 31 november 19:00 brand", "oefening bel 112 brand"):
        town.kees.says(typed)
    town.kees.says(PLAN)
    town.kees.taps("Nee")
    town.kees.says("oefening annuleren")
    town.kees.says(PLAN)
    town.kees.taps("Ja")
    emma.says("exercises")
    world.advance_to("2026-01-17 19:01")
    town.riet.taps("Gezien")
    town.henk.says("4")
    emma.taps("I have info")
    town.riet.says("wat een spannende avond")
    town.fatima.says("5")
    for typed in ("status TB-0001", "stand TB-0001", "oefeningen", "oefening annuleren", "einde oefening"):
        town.kees.says(typed)
    world.advance(minutes=1)
    emma.says("status TB-0001")
    for one in (*town.everybody, emma):
        mark = "EXERCISE" if one is emma else "OEFENING"
        assert one.received
        for text in texts(one):
            assert text.startswith(mark), text
            assert re.search(r"112", text), text
            assert re.search(r"\bniet\b|\bnot\b|\bgeen\b", text), text
            assert not CALLS.search(text), text
        assert not any("Ja, door mij" in shown.buttons for shown in one.received)


def test_who_is_called_u_is_called_u_and_who_reads_english_reads_english(world: World) -> None:
    town = in_time(world)
    arie = town.place.member("Arie", channel="telegram", formal=True)
    emma = town.place.member("Emma", channel="whatsapp", language="en")
    town.kees.says("oefening brand Beukenlaan")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    arie.taps("Gezien")
    assert "u hebt het gezien" in arie.last.text
    assert emma.last.text.startswith("EXERCISE · brand Beukenlaan")
    assert "Do not call 112" in emma.last.text
    emma.taps("Seen")
    world.advance(seconds=10)
    assert emma.last.text.startswith("EXERCISE TB-0001: noted")


def test_its_end_reaches_who_got_it_and_the_report_the_co_ordinators(world: World) -> None:
    town = in_time(world)
    world.refuse(town.riet, "unreachable")
    town.kees.says("oefening brand Beukenlaan")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    town.fatima.taps("Gezien")
    world.advance(seconds=20)
    town.henk.taps("Ik let op")
    world.advance(seconds=40)
    town.ans.taps("Gezien")
    town.ans.taps("Klopt niet")
    world.advance(seconds=10)
    town.kees.says("einde oefening")
    report = town.kees.last.text
    world.advance(seconds=10)
    assert "Bereikt: 80 % (4 van 5)." in report
    assert "Antwoorden: 3. Gezien 1, let op 1, info 0, onveilig 0, klopt niet 1." in report
    # Fatima after 10 seconds, Ans after 70: half of Telegram within 40; Henk after 30.
    assert re.search(r"Telegram: 4\d seconden", report)
    assert re.search(r"Whatsapp: [23]\d seconden", report, re.IGNORECASE)
    assert not any(name in report for name in ("Henk", "Riet", "Fatima"))
    assert report in texts(town.ans)
    for one in (town.fatima, town.henk, town.ans):
        assert len(about(one, "TB-0001 · EINDE")) == 1
    assert not about(town.kees, "TB-0001 · EINDE")
    assert not about(town.fatima, "Bereikt")


def test_a_drill_that_nobody_ends_ends_by_itself(world: World) -> None:
    town = begun(world)
    world.advance(hours=1, minutes=58)
    assert not about(town.riet, "EINDE")
    world.advance(minutes=3)
    assert len(about(town.riet, "EINDE")) == 1
    assert about(town.kees, "Bereikt: 100 % (5 van 5).")
    assert about(town.ans, "Bereikt: 100 %")
    town.riet.says("1")
    assert "TB-0001 is voorbij" in town.riet.last.text


@pytest.mark.parametrize("typed", ["einde TB-0001", "einde tb-1", "einde", "einde oefening", "stop oefening"])
def test_a_co_ordinator_ends_it_however_he_says_so_and_a_member_does_not(world: World, typed: str) -> None:
    town = begun(world)
    town.riet.says(typed)
    assert "alleen een coördinator" in town.riet.last.text
    world.advance(seconds=10)
    assert not about(town.henk, "EINDE")
    town.kees.says(typed)
    world.advance(seconds=10)
    assert len(about(town.henk, "EINDE")) == 1
    assert "verslag" in town.kees.last.text
    town.kees.says(typed)
    assert "Ik ken geen melding" not in town.kees.last.text


@pytest.mark.parametrize(
    "typed",
    [
        "status TB-0001",
        "afloop TB-0001",
        "stand TB-0001",
        "loos alarm TB-0001 toch niet",
        "aanvulling TB-0001 rode jas",
        "intrekken TB-0001",
        "doorzetten TB-0001 LD",
    ],
)
def test_the_commands_of_alerts_know_that_it_is_a_drill(world: World, typed: str) -> None:
    town = begun(world)
    for _ in range(2):
        town.kees.says(typed)
        assert town.kees.last.text.startswith("OEFENING TB-0001"), typed
        town.kees.says("einde oefening")
        world.advance(seconds=10)


def test_what_is_planned_is_listed_and_can_be_cancelled(world: World) -> None:
    town = in_time(world)
    for typed in (PLAN, "oefening zondag 20:00 brand Beukenlaan", "oefening maandag 20:00 gaslucht Beukenlaan"):
        town.kees.says(typed)
        town.kees.taps("Ja")
    town.ans.says("oefeningen")
    listed = town.ans.last.text
    assert listed.index("verdachte auto") < listed.index("brand Beukenlaan") < listed.index("gaslucht")
    town.ans.says("oefening annuleren")
    town.ans.taps("zo 18 januari 20:00")
    assert "gaat niet door" in town.ans.last.text
    town.riet.says("oefening annuleren")
    assert "alleen een coördinator" in town.riet.last.text
    world.advance_to("2026-01-18 21:00")
    assert len(about(town.riet, "OEFENING ·")) == 1
    town.kees.says("oefening annuleren")
    world.advance_to("2026-01-20 21:00")
    assert len(about(town.riet, "OEFENING ·")) == 1


def test_only_the_last_preview_counts_and_a_no_sends_nothing(world: World) -> None:
    town = in_time(world)
    town.kees.says("oefening brand Beukenlaan")
    first = town.kees.last
    town.kees.says("oefening gaslucht Beukenlaan")
    town.kees.taps("Ja", on=first)
    world.advance(seconds=20)
    assert not town.riet.received
    town.kees.says("nee")
    assert "wordt niets verstuurd" in town.kees.last.text
    town.kees.says("oefening")
    assert "in één zin" in town.kees.last.text
    town.kees.says("oefening verdachte man bij de school")
    town.kees.says("ja")
    world.advance(seconds=20)
    assert "verdachte man bij de school" in town.riet.last.text


def test_who_is_asleep_is_not_woken_and_not_counted(world: World) -> None:
    world.at("2026-01-16 22:00")
    place = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours="22:30-07:00")
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    riet = place.member("Riet", channel="telegram")
    henk = place.member("Henk", channel="whatsapp")
    riet.says("stilte uit")
    heard = len(riet.received), len(henk.received)
    kees.says("oefening om 22:45 brand Meidoornstraat")
    assert "hebben 2 dan stille uren" in kees.last.text
    kees.taps("Ja")
    world.advance_to("2026-01-16 23:00")
    assert len(riet.received) == heard[0] + 1
    assert len(henk.received) == heard[1]
    kees.says("einde oefening")
    assert "Bereikt: 100 % (1 van 1)." in kees.last.text
    assert "2 leden hadden stille uren" in kees.last.text
    world.advance_to("2026-01-17 08:00")
    assert not [one for one in henk.received if "OEFENING" in one.text]


def test_a_time_that_went_by_while_we_were_down_is_not_made_up_for(world: World) -> None:
    town = in_time(world)
    town.kees.says("oefening om 15:00 brand Beukenlaan")
    town.kees.taps("Ja")
    with world.down():
        world.advance(hours=3)
    world.advance(minutes=1)
    assert not town.riet.received
    assert "gaat niet door" in town.kees.last.text


@pytest.mark.parametrize("typed", ["einde TB-0001", "end TB-0001", "close TB-0001"])
def test_the_end_of_a_drill_that_is_over_is_said(world: World, typed: str) -> None:
    """In either language, also where roll calls know the word as well."""
    town = begun(world)
    town.kees.says("einde oefening")
    world.advance(seconds=20)
    town.kees.says(typed)
    assert "OEFENING TB-0001 is voorbij" in town.kees.last.text


def test_the_end_of_the_street_ends_nothing(world: World) -> None:
    town = begun(world)
    town.kees.says("end of the street, a man tries car doors")
    assert "voorbij" not in town.kees.last.text
    assert "rondvraag" not in town.kees.last.text
