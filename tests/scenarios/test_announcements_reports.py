"""What the sender and whoever approved it read of what became of an announcement: numbers, no names (R47)."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht.testing import Member, World
from buurtwacht_announcements import reports
from buurtwacht_announcements.records import Announcement

from .kroeven import both_ways
from .roosendaal import WATER, about, roosendaal, send, texts
from .test_announcements_passing import sent

world = both_ways


def report_of(member: Member) -> str:
    """Return the one report somebody got."""
    [found] = about(member, "VERSLAG van mededeling M1")
    return found


def numbers(report: str) -> dict[str, int]:
    """Return the numbers of a report by their words."""
    return {words: int(number) for words, number in re.findall(r"([A-Z][a-z ]+): (\d+)\.", report)}


def test_when_all_have_decided_the_sender_reads_what_became_of_it(world: World) -> None:
    town = sent(world)
    town.vera.taps("Doorzetten")
    world.advance(minutes=5)
    assert not about(town.mieke, "VERSLAG")
    town.wim.says("niet voor ons, wij hebben hier een eigen bron")
    world.advance(minutes=1)
    report = report_of(town.mieke)
    assert numbers(report) == {
        "Buurten": 3,
        "Doorgezet": 1,
        "Niet voor hen": 1,
        "Nog niet gekozen": 0,
        "Niemand om te vragen": 1,
        "Leden van de buurten die het doorzetten": 4,
        "Afgeleverd": 4,
        "Mislukt": 0,
        "Geweigerd": 0,
        "Onderweg of stil gezet": 0,
    }
    assert "Niet voor Langdonk: wij hebben hier een eigen bron" in report
    assert "Geen vertegenwoordiger: Kroeven" in report
    for member in (town.vera, town.wim, town.kees, town.anna, town.sara, town.lot, town.jan):
        assert member.name not in report
    assert not about(town.bas, "VERSLAG")
    world.advance(days=2)
    assert len(about(town.mieke, "VERSLAG")) == 1


def test_who_refuses_and_who_cannot_be_reached_are_counted(world: World) -> None:
    town = sent(world)
    world.refuse(town.lot, "unreachable")
    town.wim.taps("Doorzetten")
    town.vera.taps("Niet voor ons")
    town.vera.taps("Geen reden")
    world.advance(minutes=5)
    found = numbers(report_of(town.mieke))
    assert found["Leden van de buurten die het doorzetten"] == 3
    assert (found["Afgeleverd"], found["Mislukt"], found["Geweigerd"]) == (1, 1, 1)


def test_whoever_approved_a_warm_one_reads_the_report_too(world: World) -> None:
    town = roosendaal(world)
    town.mieke.says(f"mededeling: {WATER}\nklasse: warm")
    town.mieke.taps("Ja")
    world.advance(seconds=5)
    town.bas.taps("Ja")
    world.advance(minutes=1)
    town.vera.says("doorzetten")
    town.wim.says("doorzetten")
    world.advance(minutes=5)
    assert report_of(town.bas) == report_of(town.mieke)
    assert not about(town.petra, "VERSLAG")


def test_after_a_day_the_silent_ones_are_named_as_neighbourhoods(world: World) -> None:
    town = sent(world)
    town.vera.taps("Doorzetten")
    world.advance(hours=23)
    assert not about(town.mieke, "VERSLAG")
    world.advance(hours=1, minutes=1)
    report = about(town.mieke, "VERSLAG")[0]
    assert numbers(report)["Nog niet gekozen"] == 1
    assert "Nog niet gekozen: Langdonk" in report


def test_a_representative_whom_nothing_reached_is_told_apart_and_the_admin_hears_it(world: World) -> None:
    town = roosendaal(world)
    ans = town.langdonk.member("Ans", channel="telegram", roles=["member", "admin"])
    bea = town.kroeven.member("Bea", channel="telegram", roles=["member", "admin"])
    world.refuse(town.wim, "unreachable")
    send(town.mieke, WATER)
    world.advance(seconds=30)
    assert "geen vertegenwoordiger en geen vervanger" in bea.last.text
    assert "Kroeven" in bea.last.text
    assert not texts(ans)
    town.vera.taps("Doorzetten")
    world.advance(minutes=10)
    report = about(town.mieke, "VERSLAG")[0]
    assert "Vertegenwoordiger niet te bereiken: Langdonk" in report
    assert numbers(report)["Niemand om te vragen"] == 2
    assert "niet te bereiken" in ans.last.text
    assert "Langdonk" in ans.last.text


def test_where_a_representative_is_lost_his_deputy_is_asked_at_once_and_then_the_admin_hears(world: World) -> None:
    """Nobody waits half an hour for somebody whom no message reaches, and nobody a day to hear of it."""
    town = roosendaal(world)
    ans = town.langdonk.member("Ans", channel="telegram", roles=["member", "admin"])
    bob = town.langdonk.member("Bob", channel="telegram", roles=["member", "deputy_representative"])
    world.refuse(town.wim, "unreachable")
    send(town.mieke, WATER)
    town.vera.taps("Doorzetten")
    world.refuse(bob, "unreachable")
    world.advance(minutes=6)
    assert not texts(ans)
    world.advance(minutes=6)
    assert "Langdonk" in ans.last.text
    assert "niet te bereiken" in ans.last.text
    assert "Vertegenwoordiger niet te bereiken: Langdonk" in about(town.mieke, "VERSLAG")[0]
    # Who comes back later may still pass it on.
    world.accept(bob)
    bob.says("doorzetten M1")
    world.advance(minutes=1)
    assert about(town.lot, WATER)


def test_the_report_does_not_wait_beyond_the_end_of_the_announcement(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, "Straks geen water. Geldig tot vandaag 15:00")
    world.advance(minutes=50)
    assert not about(town.mieke, "VERSLAG")
    world.advance(minutes=15)
    assert "Nog niet gekozen: Langdonk, Tolberg" in about(town.mieke, "VERSLAG")[0]


def test_without_an_admin_the_coordinator_hears_that_a_representative_is_wanted(world: World) -> None:
    town = roosendaal(world)
    cor = town.kroeven.member("Cor", channel="telegram", roles=["member", "coordinator"])
    send(town.mieke, WATER)
    world.advance(minutes=1)
    assert "Kroeven" in cor.last.text
    assert "rol Vera vertegenwoordiger" in cor.last.text
    assert not texts(town.kees)


def test_nobody_is_woken_to_hear_that_a_representative_is_wanted(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:10")
    bea = town.kroeven.member("Bea", channel="telegram", roles=["member", "admin"])
    send(town.mieke, WATER)
    world.advance(hours=6)
    assert not texts(bea)
    world.advance_to("2026-03-04 07:01")
    assert "Kroeven" in bea.last.text


def test_where_nobody_can_be_asked_the_report_comes_at_once(world: World) -> None:
    town = roosendaal(world)
    with world.context("members") as ctx:
        for member, place in ((town.vera, town.tolberg), (town.wim, town.langdonk)):
            ctx.directory.leave(world.person_id(member), place.id)
    send(town.mieke, WATER)
    world.advance(minutes=1)
    found = numbers(report_of(town.mieke))
    assert (found["Buurten"], found["Niemand om te vragen"]) == (3, 3)


def test_a_straight_one_is_reported_too(world: World) -> None:
    town = roosendaal(world, direct=["municipality"])
    send(town.mieke, WATER)
    world.advance(seconds=30)
    town.vera.taps("Doorzetten")
    world.advance(minutes=2)
    found = numbers(report_of(town.mieke))
    assert (found["Doorgezet"], found["Leden van de buurten die het doorzetten"]) == (2, 7)
    assert (found["Afgeleverd"], found["Geweigerd"]) == (6, 1)


def test_few_votes_lead_to_nobody(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, "Komt er een bank?\npeiling: Ja graag / Liever niet")
    world.advance(seconds=10)
    town.vera.taps("Doorzetten")
    town.wim.taps("Niet voor ons")
    town.wim.taps("Geen reden")
    world.advance(seconds=20)
    town.anna.taps("Ja graag")
    world.advance(days=1)
    report = about(town.mieke, "VERSLAG van mededeling M1")[-1]
    assert "Peiling: Ja graag: minder dan 5" in report
    assert "Peiling: Liever niet: 0" in report


def test_what_people_chose_is_reported_once_they_had_the_time(world: World) -> None:
    """Straight to members: how it went is known at once, and a poll that goes on is not said to have no votes."""
    town = roosendaal(world, direct=["municipality"])
    send(town.mieke, "Komt er een bank?\npeiling: Ja graag / Liever niet")
    world.advance(seconds=10)
    town.vera.taps("Doorzetten")
    world.advance(minutes=5)
    first = report_of(town.mieke)
    assert numbers(first)["Afgeleverd"] == 6
    assert "Peiling: de uitslag volgt wo 4 maart 14:00" in first
    assert "Ja graag: 0" not in first
    for voter in (town.lot, town.anna, town.kees):
        voter.taps("Ja graag")
    world.advance(hours=23)
    assert len(about(town.mieke, "VERSLAG")) == 1
    world.advance(hours=1)
    _, last = about(town.mieke, "VERSLAG van mededeling M1")
    assert "Peiling: Ja graag: minder dan 5" in last
    assert "Peiling: Liever niet: 0" in last
    world.advance(days=2)
    assert len(about(town.mieke, "VERSLAG")) == 2


def test_what_waits_for_the_morning_is_reported_in_the_morning(world: World) -> None:
    town = roosendaal(world, "2026-03-03 23:30", direct=["municipality"])
    with world.context("members") as ctx:
        ctx.directory.leave(world.person_id(town.vera), town.tolberg.id)
    send(town.mieke, WATER)
    world.advance_to("2026-03-04 06:59")
    assert not about(town.mieke, "VERSLAG")
    world.advance(minutes=10)
    assert numbers(report_of(town.mieke))["Afgeleverd"] == 2
    assert numbers(report_of(town.mieke))["Onderweg of stil gezet"] == 0


PLACES = st.lists(
    st.tuples(
        st.sampled_from(["forward", "decline", "silent", "absent", "blocked"]),
        st.lists(st.sampled_from(["reads", "refuses", "blocked"]), max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(PLACES)
@settings(max_examples=25)
def test_the_counts_of_a_report_always_add_up(places: list[tuple[str, list[str]]]) -> None:
    """Every neighbourhood and every member is in exactly one of the numbers."""
    with World() as world:
        town = roosendaal(world)
        deciding: list[tuple[Member, str]] = []
        for number, (what, members) in enumerate(places):
            place = world.neighbourhood(f"N{number}", f"Buurt {number}", municipality="Roosendaal", quiet_hours=None)
            if what != "absent":
                roles = ["member", "representative"]
                deciding.append((place.member(f"V{number}", channel="telegram", roles=roles), what))
            for turn, kind in enumerate(members):
                refuses = ["municipality"] if kind == "refuses" else []
                member = place.member(f"L{number}{turn}", channel="telegram", refuses=refuses)
                if kind == "blocked":
                    world.refuse(member, "unreachable")
        for member, what in deciding:
            if what == "blocked":
                world.refuse(member, "unreachable")
        send(town.mieke, WATER)
        world.advance(seconds=30)
        for member, what in deciding:
            if what in ("forward", "decline"):
                member.taps({"forward": "Doorzetten", "decline": "Niet voor ons"}[what])
        world.advance(minutes=5)
        with world.context("announcements") as ctx:
            [root] = ctx.records.find(Announcement)
            counted = reports.count(ctx, root)
        each = (counted.forwarded, counted.declined, counted.undecided, counted.absent, counted.unreachable)
        assert sum(each) == counted.neighbourhoods == 3 + len(places)
        assert counted.forwarded == sum(what == "forward" for what, _ in places)
        fared = counted.members
        assert fared.delivered + fared.failed + fared.refused + fared.muted + fared.under_way == fared.members
        told = [members for what, members in places if what == "forward"]
        assert fared.members == len(told) + sum(map(len, told))
        assert fared.refused == sum(members.count("refuses") for members in told)
        assert fared.failed == sum(members.count("blocked") for members in told)
