"""Calendars behind private links: a walker's own and the team's, in memory and on the wire."""

from __future__ import annotations

import re

from icalendar import Calendar

from buurtwacht.testing import World, visit
from buurtwacht.testing.people import Member

from .patrols import Walkers, lines, published, walkers
from .tolberg import both_ways

world = both_ways


def links(member: Member) -> list[str]:
    """Return the links in the newest message of somebody."""
    return re.findall(r"http\S+", member.last.text)


def events(world: World, link: str) -> list[dict[str, str]]:
    answered = visit(world, link)
    assert answered.status_code == 200
    assert answered.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answered.content).walk("VEVENT")
    return [{name: str(one.get(name, "")) for name in ("uid", "status", "sequence", "description")} for one in found]


def asks_for_links(town: Walkers, member: Member, said: str = "agenda") -> list[str]:
    town.world.advance(seconds=5)
    member.says(said)
    return links(member)


def test_a_walker_has_a_link_to_his_own_shifts_that_follows_every_change(world: World) -> None:
    town = walkers(world)
    published(town)
    own, team = asks_for_links(town, town.riet)
    before = {one["uid"]: one for one in events(world, own)}
    assert len(before) == 4
    assert {one["status"] for one in before.values()} == {"CONFIRMED"}
    assert len(events(world, team)) == 8
    town.kees.says("rooster")
    plan = lines(town.kees.last.text)
    at = next(at for at, who in plan.items() if "Riet" in who)
    into = next(one.name for one in town.all if one.name not in plan[at])
    town.kees.says(f"ruil {at} Riet {into}")
    assert {one["uid"]: one for one in events(world, own)} == before, "nobody was told yet"
    town.kees.says("publiceer")
    after = {one["uid"]: one for one in events(world, own)}
    assert after.keys() == before.keys()
    changed = [uid for uid in after if after[uid] != before[uid]]
    assert [(after[uid]["status"], after[uid]["sequence"]) for uid in changed] == [("CANCELLED", "1")]


def test_no_calendar_names_more_than_the_first_names_of_partners(world: World) -> None:
    town = walkers(world)
    published(town)
    own, team = asks_for_links(town, town.riet)
    assert all(re.fullmatch(r"Met (Henk|Fatima|Piet)\.", one["description"]) for one in events(world, own))
    assert {one["description"] for one in events(world, team)} == {"2 van 2 lopers."}


def test_a_withdrawn_roster_stays_in_the_calendar_as_cancelled(world: World) -> None:
    town = walkers(world)
    published(town)
    own, team = asks_for_links(town, town.riet)
    town.kees.says("rooster intrekken")
    for link in (own, team):
        assert {one["status"] for one in events(world, link)} == {"CANCELLED"}


def test_a_new_link_ends_the_old_one_and_who_leaves_has_none(world: World) -> None:
    town = walkers(world)
    published(town)
    own, _ = asks_for_links(town, town.riet)
    renewed, _ = asks_for_links(town, town.riet, "agenda nieuw")
    assert visit(world, own).status_code == 404
    assert len(events(world, renewed)) == 4
    world.advance(seconds=5)
    town.riet.says("uitschrijven")
    town.riet.taps("Ja")
    assert visit(world, renewed).status_code == 404


def test_who_only_plans_has_the_link_of_the_team(world: World) -> None:
    town = walkers(world)
    town.kees.says("agenda")
    (team,) = links(town.kees)
    assert events(world, team) == []
    town.ans.says("agenda")
    assert "alleen voor wie die taak heeft" in town.ans.last.text
