"""What becomes of what a plugin has under way when it is switched off somewhere, and when it is on again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import delete

from buurtwacht import Manifest
from buurtwacht.host.switching import FILE_KEY, follow_file, take_over
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import plugin_switch
from buurtwacht.records.switches import Switch, set_switch
from buurtwacht.records.timers import Timer, all_timers, hold, release
from buurtwacht.testing import Member, Neighbourhood, World

from . import fair

#: Without the other plugins that know what texts mean, so that these stories are about one of them.
QUIET = ("alerts", "rollcalls", "patrols", "escalation", "announcements")


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(plugins=[fair], wire=request.param) as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None, plugins_off=QUIET)


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["coordinator"])


@pytest.fixture
def henk(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Henk", channel="whatsapp")


def says(world: World, member: Member, text: str) -> str:
    before = len(member.received)
    member.says(text)
    world.advance(seconds=20)
    return "\n".join(one.text for one in member.received[before:])


def test_a_timer_waits_while_its_plugin_is_off_and_goes_off_late(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "waarschuw de wind")
    assert "de wind" in henk.last.text
    says(world, kees, "onderdeel uit fair")
    before = len(henk.received), henk.last.edits
    world.advance(hours=3)
    assert (len(henk.received), henk.last.edits) == before, "nobody hears from what is off"
    (held,) = (one for one in all_timers(world.database) if one.plugin == "fair")
    assert held.held is not None
    world.crash()
    world.advance(hours=1)
    assert (len(henk.received), henk.last.edits) == before
    says(world, kees, "onderdeel aan fair")
    world.advance(minutes=1)
    assert (len(henk.received), henk.last.edits) != before, "it goes on where it stood still"
    assert not [one for one in all_timers(world.database) if one.plugin == "fair"]


def test_a_timer_goes_off_after_a_start_with_a_file_in_which_its_plugin_is_on_again(
    world: World, tolberg: Neighbourhood, kees: Member, henk: Member
) -> None:
    says(world, kees, "waarschuw de wind")
    says(world, kees, "onderdeel uit fair")
    world.advance(hours=1)
    before = len(henk.received), henk.last.edits
    with world.database.writing() as connection:
        connection.execute(delete(plugin_switch))
    world.crash()
    world.advance(minutes=1)
    assert (len(henk.received), henk.last.edits) != before


def on_elsewhere(world: World, tolberg: Neighbourhood, kees: Member) -> None:
    """Another process switches the fair on, and lets go what waits; this one has not looked since."""
    unit = world.database.unit()
    set_switch(unit, "fair", tolberg.id, Switch(off=False, by=world.person_id(kees), at=world.now))
    release(unit, "fair", tolberg.id)
    unit.commit()


def test_a_timer_that_is_put_aside_though_its_plugin_is_on_again_goes_off_at_the_next_look(
    world: World, tolberg: Neighbourhood, kees: Member, henk: Member
) -> None:
    says(world, kees, "waarschuw de wind")
    says(world, kees, "onderdeel uit fair")
    before = len(henk.received), henk.last.edits
    on_elsewhere(world, tolberg, kees)
    world.advance(minutes=50)
    (held,) = (one for one in all_timers(world.database) if one.plugin == "fair")
    assert held.held is not None, "in the five seconds before it looks it takes the timer for one of what is off"
    take_over(world._core)
    world.advance(minutes=1)
    assert (len(henk.received), henk.last.edits) != before
    assert not [one for one in all_timers(world.database) if one.plugin == "fair"]


def test_a_timer_that_is_put_aside_at_the_very_moment_of_the_look_goes_off_within_the_hour(
    world: World, tolberg: Neighbourhood, kees: Member, henk: Member
) -> None:
    says(world, kees, "waarschuw de wind")
    says(world, kees, "onderdeel uit fair")
    before = len(henk.received), henk.last.edits
    on_elsewhere(world, tolberg, kees)
    world.advance(minutes=50)
    world._core.neighbourhoods.refresh()
    world.advance(hours=1)  # in which all is swept
    world.advance(minutes=1)
    assert (len(henk.received), henk.last.edits) != before


def test_of_a_timer_that_waits_and_a_newer_one_with_its_key_the_newer_holds(
    world: World, tolberg: Neighbourhood, kees: Member
) -> None:
    def waiting() -> list[Timer]:
        return [one for one in all_timers(world.database) if one.plugin == "fair"]

    says(world, kees, "onderdeel uit fair")
    for stall in (1, 2):
        with world.context("fair", tolberg) as ctx:
            ctx.later(timedelta(minutes=1), "over", key="same", stall=stall, message=1)
        world.advance(minutes=2)
        assert [(one.payload["stall"], one.held is not None) for one in waiting()] == [(stall, True)]
    unit = world.database.unit()
    hold(unit, replace(waiting()[0], id=1, payload={"stall": 3}))  # it went off before that one was set
    unit.commit()
    assert [one.payload["stall"] for one in waiting()] == [2]
    with world.context("fair", tolberg) as ctx:
        ctx.cancel("same")
    assert waiting() == [], "it can be taken away as ever"


@pytest.mark.parametrize("how", ["typed", "tapped", "quoted"])
def test_what_it_asked_before_takes_its_answer(world: World, kees: Member, henk: Member, how: str) -> None:
    assert says(world, henk, "vraag de taart") == "Kom je naar de taart?"
    question = henk.last
    says(world, kees, "onderdeel uit fair")
    if how == "tapped":
        henk.taps("Nee")
    else:
        henk.says("nee", reply_to=question if how == "quoted" else None)
    world.advance(seconds=20)
    assert henk.last.text == "Jammer."


def test_below_what_it_showed_before_an_answer_is_taken(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "waarschuw de wind")
    says(world, kees, "onderdeel uit fair")
    assert "TB-0001" in says(world, henk, "1")


def test_a_question_of_one_that_is_paused_waits_and_stands_in_nobodys_way(
    world: World, kees: Member, henk: Member
) -> None:
    assert says(world, henk, "vraag de taart") == "Kom je naar de taart?"
    with world.expects_error("fair"):
        for _ in range(5):
            world._core.health.failed("fair", "in this story", RuntimeError("it fails"))
    assert says(world, henk, "nee").startswith("Antwoorden hierop is nu niet beschikbaar.")
    henk.taps("Ja")
    world.advance(seconds=20)
    assert henk.last.text.startswith("Antwoorden hierop is nu niet beschikbaar.")
    assert world._core.health.resume("fair")
    henk.taps("Nee")
    world.advance(seconds=20)
    assert henk.last.text == "Jammer.", "it was not used up"


def test_what_it_recognises_and_tells_is_gone_there_and_nowhere_else(world: World, kees: Member, henk: Member) -> None:
    els = world.neighbourhood("LD", "Langdonk", quiet_hours=None, plugins_off=QUIET).member("Els", channel="telegram")
    says(world, kees, "onderdeel uit straatfeest")
    assert "muziek" not in says(world, henk, "wanneer begint de muziek")
    assert says(world, henk, "ping").startswith('"ping" is nu niet beschikbaar')
    assert says(world, els, "wanneer begint de muziek") == "De muziek begint om acht uur."
    assert says(world, els, "ping") == "Hallo Els."


def test_a_broadcast_passes_over_a_neighbourhood_where_its_plugin_is_off(
    world: World, tolberg: Neighbourhood, kees: Member, henk: Member
) -> None:
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None, plugins_off=QUIET)
    els = langdonk.member("Els", channel="telegram")
    says(world, kees, "onderdeel uit fair")
    with world.context("fair", langdonk) as ctx:
        news = fair.Text("news", what="de fanfare")
        ctx.broadcast(ctx.audience.members_of(tolberg.id, langdonk.id), news, fair.Severity.URGENT)
        ctx.within(world._core.neighbourhoods.get(tolberg.id)).broadcast(
            ctx.audience.members_of(tolberg.id), news, fair.Severity.URGENT
        )
    world.advance(minutes=1)
    assert "de fanfare" in els.last.text
    assert not [one for one in henk.received if "fanfare" in one.text]


def test_a_cry_for_help_is_never_left_alone(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "onderdeel uit fair")  # which takes cries, with alerts off
    assert "112" in says(world, henk, "hulp")
    world.advance(seconds=10)
    assert any("Henk" in one.text and "hulp" in one.text for one in kees.received)


def test_a_plugin_that_needs_it_is_named() -> None:
    tombola = ModuleType("tombola")
    manifest = Manifest(id="tombola", name="Tombola", version="1", needs=("fair",), opt_in=True)
    tombola.__dict__.update(manifest=manifest, __file__=None)
    with World(plugins=[fair, tombola]) as world:
        kees = world.neighbourhood("TB", "Tolberg").member("Kees", channel="telegram", roles=["coordinator"])
        assert "niet goed zonder: Tombola." in says(world, kees, "onderdeel uit fair")
        assert "tombola" in says(world, kees, "meedoen")
        says(world, kees, "onderdeel uit tombola")
        assert "tombola" not in says(world, kees, "meedoen"), "where it is off nobody can ask for it"
        assert "wat het nodig heeft: Straatfeest." in says(world, kees, "onderdeel aan tombola")


def test_the_command_wins_over_the_file_and_the_file_decides_again(
    world: World, tolberg: Neighbourhood, kees: Member
) -> None:
    place = world._core.neighbourhoods.get(tolberg.id)
    assert "patrols" in place.plugins_off
    assert "uit, volgens de instellingen van het systeem" in says(world, kees, "onderdeel rondes")
    says(world, kees, "onderdeel aan rondes")
    world.crash()
    world.advance(seconds=5)
    place = world._core.neighbourhoods.get(tolberg.id)
    assert "patrols" not in place.plugins_off, "a start does not write the file over it"
    assert "staat daar nu uit" in says(world, kees, "onderdeel rondes standaard")
    assert "patrols" in world._core.neighbourhoods.get(tolberg.id).plugins_off
    says(world, kees, "onderdeel uit fair")
    unit = world.database.unit()
    follow_file(world._core, unit, world.now, "operator", "fair", world._core.neighbourhoods.get(tolberg.id))
    unit.commit()
    assert "fair" not in world._core.neighbourhoods.get(tolberg.id).plugins_off
    assert [one.event for one in world.audit()][-1] == "plugin_switch_reset"
    assert FILE_KEY == "plugins_off"


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_another_process_sees_it_at_its_next_look(database: str) -> None:
    with World(plugins=[fair], database=database) as world:
        tolberg = world.neighbourhood("TB", "Tolberg")
        world.neighbourhood("LD", "Langdonk")
        kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
        other = Neighbourhoods(world.database)
        before = {one.code: one for one in other.all()}
        for typed, off in (("uit", True), ("aan", False), ("uit", True)):
            says(world, kees, f"onderdeel {typed} fair")
            other.refresh()
            assert ("fair" in other.get(tolberg.id).plugins_off) is off
            assert [one.code for one in other.all() if "fair" in one.plugins_off] == (["TB"] if off else [])
        kept = other.get(tolberg.id)
        other.refresh()
        assert other.get(tolberg.id) is kept, "what did not change is not made again"
        assert other.by_code("LD") is before["LD"]


def test_a_plugin_that_is_no_longer_here_does_not_hurt(world: World, tolberg: Neighbourhood, kees: Member) -> None:
    unit = world.database.unit()
    set_switch(unit, "gone", tolberg.id, Switch(off=True, by=world.person_id(kees), at=world.now))
    unit.after_commit(world._core.neighbourhoods.refresh)
    unit.commit()
    assert "gone" not in says(world, kees, "onderdelen")
    assert "Er is geen onderdeel" in says(world, kees, "onderdeel aan gone")
