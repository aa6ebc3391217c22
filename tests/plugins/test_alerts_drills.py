"""What is kept of drills and for how long, and what a text says about being one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buurtwacht_alerts
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht_alerts import drill_words
from buurtwacht_alerts.cap_faults import faults
from buurtwacht_alerts.drill import Drill, DrillAnswer


def town(world: World) -> tuple[Neighbourhood, Member, Member]:
    world.at("2026-01-16 14:00")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
    return tolberg, kees, tolberg.member("Henk", channel="whatsapp", window_open=False)


def traces_of(world: World, *words: bytes) -> list[tuple[str, bytes]]:
    return [(where, word) for where, data in world.traces() for word in words if word in data]


def test_after_seven_days_nothing_of_a_drill_is_kept(world: World) -> None:
    tolberg, kees, henk = town(world)
    for typed in (
        "oefening over 3 dagen 19:00 krullenbol in de tuin",
        "ja",
        "oefeningen",
        "oefening annuleren",
        "oefening over 3 dagen 19:00 zonnebloemgeel busje",
        "ja",
        "oefening over 5 dagen 19:00 wipneus bij de school",  # never confirmed
        "oefeningen",
        "oefening nu hoogtevrees op het dak",
        "ja",
    ):
        kees.says(typed)
        world.advance(seconds=10)
    world.advance(seconds=20)
    henk.taps("Gezien")
    kees.says("status TB-0001")
    kees.says("einde oefening")
    words_of_all = (b"zonnebloemgeel", b"krullenbol", b"wipneus", b"hoogtevrees")
    assert {word for _, word in traces_of(world, *words_of_all)} == set(words_of_all)
    world.advance(days=7, hours=2)
    assert {word for _, word in traces_of(world, *words_of_all)} == {b"zonnebloemgeel"}
    world.advance(days=4)
    assert not traces_of(world, *words_of_all)
    with world.context("alerts", tolberg) as ctx:
        assert not ctx.records.find(Drill)
        assert not ctx.records.find(DrillAnswer)
    assert "drill_ended" in {one.event for one in world.audit()}


def test_a_person_reads_what_is_kept_of_him_and_it_goes_with_him(world: World) -> None:
    tolberg, kees, henk = town(world)
    kees.says("oefening brand Meidoornstraat")
    kees.taps("Ja")
    world.advance(seconds=5)
    henk.taps("Ik let op")
    with world.context("alerts", tolberg) as ctx:
        his = buurtwacht_alerts.export_person(ctx, world.person_id(henk))
        planners = buurtwacht_alerts.export_person(ctx, world.person_id(kees))
    [answer] = his["drill_answers"]  # type: ignore[misc] # JSON values
    assert (answer["answer"], answer["messenger"], answer["seconds"]) == ("on_watch", "whatsapp", 5)
    [drill] = planners["drills"]  # type: ignore[misc] # JSON values
    assert (drill["id"], drill["words"]) == ("TB-0001", "brand Meidoornstraat")
    with world.context("alerts", tolberg) as ctx:
        for one in (kees, henk):
            buurtwacht_alerts.erase_person(ctx, world.person_id(one))
    with world.context("alerts", tolberg) as ctx:
        for one in (kees, henk):
            kept = buurtwacht_alerts.export_person(ctx, world.person_id(one))
            assert not kept["drills"]
            assert not kept["drill_answers"]
        [left] = ctx.records.find(Drill)
        assert left.planned_by is None


def test_a_drill_is_issued_as_an_exercise_and_so_is_its_end(world: World) -> None:
    _, kees, _ = town(world)
    kees.says("oefening Henk ziet brand Meidoornstraat")
    kees.taps("Ja")
    world.advance(seconds=5)
    [begun] = world.cap("TB-0001")
    assert "<status>Exercise</status>" in begun
    assert "een buurtbewoner ziet brand" in begun.lower()
    assert "<note>OEFENING. Bel geen 112.</note>" in begun
    kees.says("einde oefening")
    world.advance(seconds=5)
    documents = world.cap("TB-0001")
    assert [faults(one) for one in documents] == [[], []]
    assert "<msgType>Update</msgType>" in documents[1]
    assert "<status>Exercise</status>" in documents[1]
    world.advance(days=7, hours=1)
    assert world.cap("TB-0001") == []


def test_a_drill_says_no_more_than_members_may_read(world: World) -> None:
    _, kees, henk = town(world)
    kees.says("oefening Henk ziet auto 12-ABC-3 bij Meidoornstraat 14, bel 06-12345678, politie is onderweg")
    kees.taps("Ja")
    world.advance(seconds=5)
    shown = henk.last.text
    assert shown.startswith("OEFENING · Een buurtbewoner ziet auto")
    assert not any(hidden in shown for hidden in ("12-ABC-3", " 14", "06-12345678", "onderweg"))


def test_the_longest_drill_fits_a_template_and_a_longer_one_is_refused_with_the_limit(world: World) -> None:
    _, kees, henk = town(world)
    kees.says("oefening " + "rode auto " * 31)
    assert "er passen er 300" in kees.last.text
    kees.says("oefening " + "rode auto " * 30)
    kees.taps("Ja")
    world.advance(seconds=5)
    assert henk.last.template
    assert "rode auto rode auto" in henk.last.text


def test_a_muted_member_is_left_alone_and_not_counted(world: World) -> None:
    _, kees, henk = town(world)
    henk.says("demp")
    heard = len(henk.received)
    kees.says("oefening brand Meidoornstraat")
    assert "Leden die het krijgen: 1." in kees.last.text
    kees.taps("Ja")
    world.advance(seconds=5)
    kees.says("einde oefening")
    world.advance(seconds=5)
    assert "(1 van 1)" in kees.last.text
    assert len(henk.received) == heard


# --- words -----------------------------------------------------------------------------------------------------------

DRILLS = (
    "oefening verdachte auto meidoornstraat",
    "Oefening: brand",
    "OEFENING! brand in de Meidoornstraat",
    "let op: oefening, inbraak bezig",
    "melding oefening brand",
    "een oefening: verdachte man",
    "dit is een oefening: verdachte auto",
    "het is maar een oefening, brand in de school",
    "verdachte auto meidoornstraat (oefening)",
    "verdachte auto meidoornstraat, oefening",
    "verdachte auto meidoornstraat - oefening",
    "bij wijze van oefening: brand op het plein",
    "exercise suspicious car",
    "this is only a drill: fire in the school",
    "fire in the school (drill)",
    "by way of an exercise: burglary in progress",
)
NO_DRILLS = (
    "dit is geen oefening, er is brand",
    "dit is geen grap en geen oefening",
    "geen oefening: inbraak bezig",
    "oefening voorbij, er is nu echt brand",
    "oefening? nee echt inbraak",
    "het is niet meer een oefening, brand",
    "dit hoort niet bij de oefening: brand in de schuur",
    "tijdens de oefening is er echt iemand gevallen",
    "exercise bike stolen from my shed",
    "drill stolen from the shed",
    "this is not a drill, fire",
    "no drill, burglary in progress",
    "the exercise is over, real fire in the school",
    "this isn't part of the exercise, fire",
    "wanneer is de oefening?",
    "is dit een oefening?",
    "verdachte auto meidoornstraat, rijdt stapvoets",
    "wie heeft er een drill te leen?",
    "ik doe mijn oefeningen in het park",
    "brand in de sportschool, naast de oefenzaal",
)


@pytest.mark.parametrize("text", DRILLS)
def test_a_text_that_is_meant_as_a_drill_is_known_as_one(text: str) -> None:
    assert drill_words.announces(text)


@pytest.mark.parametrize("text", NO_DRILLS)
def test_a_text_that_is_none_is_not(text: str) -> None:
    assert not drill_words.announces(text)


@given(st.sampled_from(DRILLS), st.sampled_from(["geen oefening", "dit is echt", "this is not a drill", "nu echt"]))
def test_whoever_says_that_it_is_real_is_believed(text: str, said: str) -> None:
    assert not drill_words.announces(f"{text}. {said}")
    assert not drill_words.announces(f"{said}: {text}")


@given(st.text(max_size=60))
def test_a_mark_taken_off_leaves_the_rest_as_it_was(text: str) -> None:
    assert text.endswith(drill_words.without_mark(text))
