"""Who joins reads what is valid; who leaves or is erased is asked nothing more; how long it is kept (R49, R50)."""

from __future__ import annotations

from buurtwacht.testing import Member, World
from buurtwacht_announcements.records import Announcement, Passing, Vote

from .kroeven import both_ways
from .roosendaal import WATER, Town, about, roosendaal, send, texts
from .test_announcements_replies import passed_on

world = both_ways


def joined(world: World, town: Town, name: str, refuses: tuple[str, ...] = ()) -> Member:
    """Return a new member of Tolberg, told of as the members plugin does it."""
    member = town.tolberg.member(name, channel="telegram", refuses=refuses)
    with world.context("members", town.tolberg) as ctx:
        ctx.tell("member_joined", person=world.person_id(member), neighbourhood=town.tolberg.id)
    world.advance(seconds=5)
    return member


def test_who_joins_finds_what_is_valid(world: World) -> None:
    town = passed_on(world)
    nora = joined(world, town, "Nora")
    assert len(about(nora, WATER)) == 1
    gert = joined(world, town, "Gert", refuses=("municipality",))
    assert not texts(gert)


def test_it_is_right_after_the_welcome(world: World) -> None:
    """The real joining, by an invitation of the co-ordinator."""
    town = passed_on(world)
    nora = town.tolberg.newcomer("Nora", channel="telegram")
    nora.joins()
    world.advance(seconds=10)
    found = [place for place, text in enumerate(texts(nora)) if WATER in text]
    assert len(found) == 1
    assert found[0] > 0


def test_what_is_over_or_was_not_passed_on_is_not_shown(world: World) -> None:
    town = passed_on(world)
    paul = town.langdonk.member("Paul", channel="telegram")
    with world.context("members", town.langdonk) as ctx:
        ctx.tell("member_joined", person=world.person_id(paul), neighbourhood=town.langdonk.id)
    world.advance(seconds=5)
    assert not texts(paul)
    world.advance_to("2026-03-06 18:01")
    assert not texts(joined(world, town, "Nora"))


def test_a_correction_reaches_who_was_welcomed_with_it(world: World) -> None:
    town = passed_on(world)
    nora = joined(world, town, "Nora")
    town.mieke.says("correctie: Toch wel water. Geldig tot vrijdag 18:00.")
    world.advance(seconds=5)
    town.mieke.taps("Ja")
    world.advance(minutes=1)
    assert len(about(nora, "Toch wel water")) == 1
    wout = joined(world, town, "Wout")
    assert about(wout, "Toch wel water")
    assert not about(wout, WATER)


def test_what_a_coordinator_wrote_is_in_the_welcome_too(world: World) -> None:
    town = roosendaal(world)
    town.kees.says("mededeling: Zaterdag is het buurtfeest.")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    nora = joined(world, town, "Nora")
    assert about(nora, "Zaterdag is het buurtfeest")


def test_somebodys_data_hold_what_he_passed_on_and_how_he_voted(world: World) -> None:
    town = passed_on(world, "Komt er een bank?\npeiling: Ja graag / Liever niet")
    town.anna.taps("Ja graag")
    with world.context("members", town.tolberg) as ctx:
        anna = ctx.export_all(world.person_id(town.anna))["announcements"]
        vera = ctx.export_all(world.person_id(town.vera))["announcements"]
        mieke = ctx.export_all(world.person_id(town.mieke))["announcements"]
    assert [(one["announcement"], one["option"]) for one in anna["votes"]] == [("M1", "Ja graag")]
    assert [(one["announcement"], one["what"]) for one in vera["passed_on"]] == [("M1", "forwarded")]
    assert [one["announcement"] for one in mieke["written"]] == ["M1"]


def test_who_is_erased_leaves_no_trace_in_it(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, "Komt er een bank?\npeiling: Ja graag / Liever niet")
    world.advance(seconds=10)
    town.vera.taps("Met eigen regel")
    town.vera.says("Groeten van Vera de Wit")
    world.advance(seconds=30)
    vera = world.person_id(town.vera)
    town.anna.taps("Ja graag")
    anna = world.person_id(town.anna)
    with world.context("members", town.tolberg) as ctx:
        for one in (vera, anna):
            ctx.tell("erase_person", person=one)
    world.advance(seconds=5)
    with world.context("announcements") as ctx:
        assert not ctx.records.find(Vote)
        for passing in ctx.records.find(Passing):
            assert vera not in (passing.representative, passing.deputy, passing.decided_by)
            assert passing.line == ""


def test_votes_go_after_a_month_and_all_of_it_after_a_year(world: World) -> None:
    town = passed_on(world, "Komt er een bank?\npeiling: Ja graag / Liever niet")
    town.anna.taps("Ja graag")
    world.advance(days=39)
    town.kees.says("mededeling: Zaterdag is het buurtfeest.")
    town.kees.taps("Ja")
    with world.context("announcements") as ctx:
        assert not ctx.records.find(Vote)
        assert ctx.records.find(Announcement)
    world.advance(days=366)
    with world.context("announcements") as ctx:
        assert not ctx.records.find(Announcement)
        assert not ctx.records.find(Passing)
