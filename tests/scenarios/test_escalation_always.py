"""Whatever comes in whatever order: an escalation has a next step or is ended, and nobody is asked after it ended."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buurtwacht.records.timers import all_timers
from buurtwacht.testing import World
from buurtwacht_escalation.records import HELD, Asked, Escalation, Event, Incident, Reply

from .ladders import Town, alarmed, ladders

ANSWERS = (
    "Ontvangen",
    "Ik pak het op",
    "Niet voor mij",
    "Ja",
    "Nee",
    "Wacht op dienst",
    "Maak kritiek",
    "Alleen noteren",
)
WORDS = (
    "opschalen TB-0001",
    "opschalen TB-0001 wijkagent",
    "opschalen TB-0001 gemeente graag langskomen",
    "afschalen TB-0001",
    "einde TB-0001 opgelost",
    "loos alarm TB-0001 vergissing",
    "verhoog TB-0001 kritiek hij breekt in",
    "ok",
    "dienst ma-vr 8-17",
    "verlof tot vrijdag",
)
PEOPLE = ("fatima", "henk", "kees", "dirk", "piet", "gerda", "bram")

steps = st.one_of(
    st.tuples(st.just("taps"), st.sampled_from(PEOPLE), st.sampled_from(ANSWERS)),
    st.tuples(st.just("says"), st.sampled_from(PEOPLE), st.sampled_from(WORDS)),
    st.tuples(st.just("waits"), st.sampled_from((1, 59, 60, 299, 300, 600, 3600, 54_000)), st.just("")),
    st.tuples(st.just("lost"), st.sampled_from(PEOPLE), st.sampled_from(("unreachable", "accept"))),
    st.tuples(st.just("crash"), st.sampled_from(("handler", "send", "")), st.just("")),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(steps, min_size=3, max_size=14))
def test_it_goes_on_or_is_ended(course: list[tuple[str, object, str]]) -> None:
    with World() as world:
        town = ladders(world, duty="ma-vr 8-17")
        alarmed(town)
        town.kees.says("opschalen TB-0001 wijkagent")
        for step in course:
            _do(town, *step)
            _holds(town)
        world.advance(days=3)
        _holds(town)
        with world.context("escalation", town.place) as ctx:
            for one in ctx.records.find(Escalation):
                # After so long each has ended, or waits for nothing but the end of the alert.
                assert not one.is_running or one.state in HELD
        for name in PEOPLE:
            world.accept(getattr(town, name))


def _do(town: Town, what: str, who: object, which: str) -> None:
    world = town.world
    if what == "waits":
        assert isinstance(who, int)
        world.advance(seconds=who)
    elif what == "crash":
        world.crash(str(who) or None)
    elif what == "lost":
        member = getattr(town, str(who))
        world.accept(member) if which == "accept" else world.refuse(member, which)
    elif what == "says":
        getattr(town, str(who)).says(which)
    else:
        try:
            getattr(town, str(who)).taps(which)
        except LookupError:
            return  # he has no such choice before him


def _holds(town: Town) -> None:
    world = town.world
    with world.context("escalation", town.place) as ctx:
        due = {
            (one.payload["escalation"], one.payload["turn"])
            for one in all_timers(world.database)
            if one.handler == "due"
        }
        open_ones = {one.id for one in ctx.records.find(Incident) if one.is_open}
        for one in ctx.records.find(Escalation):
            told = one.state in HELD and (one.follow_ups >= 2 or one.incident not in open_ones)
            assert not one.is_running or told or (one.id, one.turn) in due, f"{one.state} without a next step"
            assert one.is_running or one.next_at is None
            if one.is_running:
                continue
            assert one.ended_at is not None
            for asked in ctx.records.find(Asked, escalation=one.id):
                assert asked.at <= one.ended_at, "asked after the end"
            for event in ctx.records.find(Event, escalation=one.id, what="repeated"):
                assert event.created <= one.ended_at, "reminded after the end"
        for asked in ctx.records.find(Asked):
            assert asked.state is not Reply.ASKED or asked.answered_at is None
