"""What waited for the end of the quiet hours: one message in the morning, which tells how it ended (R12, R15, R53)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.sightings import Received
from buurtwacht.testing.town import Neighbourhood

from . import paper
from .tolberg import CAR

PLACES = {"Meidoornstraat": (51.5300, 4.4300), "Beukenlaan": (51.5310, 4.4310), "Verweg": (51.5400, 4.4600)}
DARK = "melding stroomstoring in de Meidoornstraat, alles is donker"
AGAIN = "melding stroomstoring in de Beukenlaan, de lantaarns zijn uit"


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(plugins=[paper], wire=request.param)
    try:
        yield made
    finally:
        made.close(check=False)


@dataclass
class Night:
    """A night in Tolberg: Fatima reports, Kees is the co-ordinator, the others sleep."""

    world: World
    place: Neighbourhood
    fatima: Member
    riet: Member
    henk: Member
    piet: Member
    kees: Member

    @property
    def asleep(self) -> list[Member]:
        return [self.riet, self.henk, self.piet]

    def two_notices_and_news(self) -> None:
        self.fatima.says(DARK)
        self.world.advance(minutes=40)
        self.kees.says("krant zaterdag is de markt")
        self.world.advance(minutes=40)
        self.fatima.says(AGAIN)
        self.world.advance(minutes=1)


def night(world: World, at: str = "2026-01-16 01:42") -> Night:
    world.at(at)
    place = world.neighbourhood("TB", "Tolberg", streets=PLACES, adjacent=["LD"])
    return Night(
        world=world,
        place=place,
        fatima=place.member("Fatima", channel="telegram", street="Meidoornstraat"),
        riet=place.member("Riet", channel="telegram"),
        henk=place.member("Henk", channel="whatsapp"),
        piet=place.member("Piet", channel="whatsapp", window_open=False),
        kees=place.member("Kees", channel="telegram", roles=["member", "coordinator"]),
    )


def morning(member: Member) -> list[Received]:
    """Return what reached somebody from seven o'clock on."""
    return [one for one in member.received if one.arrived and one.at.hour >= 7]


def lines(received: Received) -> list[str]:
    """Return the parts of a digest, a line each; a template has them all in one."""
    text = received.text.replace(" · • ", "\n• ")
    return [line for line in text.splitlines() if line.startswith("•")]


def test_two_notices_and_a_piece_of_news_are_one_message_at_seven(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    assert not any(one.received for one in town.asleep)
    world.advance_to("2026-01-16 07:05")
    for one in town.asleep:
        (digest,) = one.received
        assert f"{digest.at:%H:%M}" == "07:00"
        first, second, third = lines(digest)
        assert "LET OP · STROOMSTORING · Meidoornstraat · 01:42" in first
        assert "TB-0001" in first
        assert "zaterdag is de markt" in second
        assert "Beukenlaan" in third
        assert "Tolberg" in digest.text.splitlines()[0]
        assert "Doe:" not in digest.text
    assert town.piet.last.template == "buurtwacht_message_digest"
    assert town.henk.last.template is None


def test_one_alone_is_shown_as_it_is(world: World) -> None:
    town = night(world)
    town.fatima.says(DARK)
    world.advance_to("2026-01-16 07:05")
    for one in town.asleep:
        (alone,) = one.received
        assert "Doe:" in alone.text
        assert "•" not in alone.text


def test_who_has_his_own_quiet_hours_reads_it_at_their_end(world: World) -> None:
    town = night(world)
    town.riet.says("stilte 01:00-09:30")
    town.henk.says("stilte uit")
    before = len(town.henk.received)
    town.two_notices_and_news()
    assert len(town.henk.received) == before + 3
    world.advance_to("2026-01-16 09:29")
    assert not morning(town.riet)
    world.advance_to("2026-01-16 09:31")
    (digest,) = morning(town.riet)
    assert len(lines(digest)) == 3


def test_who_is_addressed_formally_or_in_english_reads_it_so(world: World) -> None:
    town = night(world)
    formal = town.place.member("Cor", channel="telegram", formal=True)
    english = town.place.member("Jill", channel="telegram", language="en")
    town.two_notices_and_news()
    world.advance_to("2026-01-16 07:05")
    assert "uw stille uren" in formal.last.text
    assert "your quiet hours" in english.last.text
    assert "POWER" in english.last.text


# --- what ended meanwhile ------------------------------------------------------------------------------------------


def test_what_was_closed_in_the_night_is_in_it_once_and_with_its_outcome(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    town.kees.says("einde TB-0001 er is weer stroom")
    world.advance_to("2026-01-16 07:05")
    for one in town.asleep:
        (digest,) = one.received
        assert len(lines(digest)) == 3
        assert digest.text.count("TB-0001") == 1
        assert "Afloop: er is weer stroom" in digest.text
    assert not any("Afloop" in one.text for one in morning(town.kees))


def test_a_false_alarm_is_not_in_it(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    town.kees.says("loos alarm TB-0001 de stekker lag eruit")
    town.kees.taps("Ja")
    world.advance_to("2026-01-16 07:05")
    for one in town.asleep:
        (digest,) = one.received
        assert len(lines(digest)) == 2
        assert "TB-0001" not in digest.text


def test_an_urgent_alert_that_was_held_for_who_lives_far_ends_in_the_same_message(world: World) -> None:
    town = night(world)
    far = town.place.member("Ver", channel="whatsapp", window_open=False, street="Verweg")
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=10)
    town.fatima.says(AGAIN)
    world.advance(minutes=1)
    town.kees.says("einde TB-0001 het was een monteur")
    world.advance_to("2026-01-16 07:05")
    (digest,) = far.received
    assert ["monteur" in line for line in lines(digest)] == [False, True]


def test_who_slept_by_day_reads_the_outcome_when_his_own_night_ends(world: World) -> None:
    town = night(world, "2026-01-16 10:00")
    far = town.place.member("Ver", channel="telegram", street="Verweg")
    far.says("stilte 09:00-17:00")
    before = len(far.received)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=10)
    town.kees.says("einde TB-0001 het was een monteur")
    world.advance_to("2026-01-16 16:59")
    assert len(far.received) == before
    world.advance_to("2026-01-16 17:01")
    assert "monteur" in far.last.text
    assert "annacht" not in far.last.text


def test_an_addition_in_the_night_stands_in_the_part_it_belongs_to(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    town.kees.says("aanvulling TB-0001 de netbeheerder is bezig")
    world.advance_to("2026-01-16 07:05")
    for one in town.asleep:
        (digest,) = one.received
        assert len(lines(digest)) == 3
        assert digest.text.count("de netbeheerder is bezig") == 1


def test_a_co_ordinator_is_answered_at_night_about_what_sleeps(world: World) -> None:
    town = night(world)
    town.fatima.says(DARK)
    world.advance(minutes=1)
    town.kees.says("einde TB-0001 er is weer stroom")
    assert "er is weer stroom" in town.kees.last.text


# --- when something goes wrong -------------------------------------------------------------------------------------


def test_an_outage_over_seven_leaves_one_message_afterwards(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    with world.outage("whatsapp"):
        world.advance_to("2026-01-16 07:30")
        town.kees.says("einde TB-0001 er is weer stroom")
        world.advance_to("2026-01-16 07:40")
    world.advance(minutes=10)
    for one in (town.henk, town.piet):
        arrived = [each for each in one.received if each.arrived]
        assert "LET OP" in arrived[0].text
        assert "TB-0001" not in arrived[0].text
        outcomes = [each for each in arrived if "Afloop: er is weer stroom" in each.text]
        assert len(outcomes) == 1


def test_a_crash_while_it_is_sent_says_nothing_twice(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    world.crash(during="send")
    world.advance_to("2026-01-16 07:30")
    digests = {one.name: [each for each in one.received if "•" in each.text] for one in town.asleep}
    assert [len(each) for each in digests.values()] == [1, 1, 1]
    assert [each.state for (each,) in digests.values()].count("unknown") == 1


def test_a_report_that_it_was_read_is_about_every_part(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    world.advance_to("2026-01-16 07:05")
    (digest,) = town.henk.received
    world.receipt(digest, "read")
    assert town.henk.received[0].state == "read"
    with world.context("alerts", town.place) as ctx:
        first, second = (ctx.records.find(_alert())[place] for place in (0, 1))
        henk = world.person_id(town.henk)
        assert [one.state for alert in (first, second) for one in ctx.reached(alert) if one.person == henk] == [
            "read",
            "read",
        ]


def _alert() -> type:
    from buurtwacht_alerts.alert import Alert

    return Alert


def test_it_fails_as_a_whole_for_who_blocked_us(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    world.refuse(town.riet, "unreachable")
    world.advance_to("2026-01-16 07:05")
    (failed,) = town.riet.received
    assert failed.state == "failed"
    assert len(lines(failed)) == 3


# --- afterwards ----------------------------------------------------------------------------------------------------


def test_what_changes_afterwards_is_said_apart(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    world.advance_to("2026-01-16 07:05")
    town.kees.says("verbeter krant zondag is de markt")
    for one in town.asleep:
        digest, correction = one.received
        assert not digest.edits
        assert "Verbeterd: zondag is de markt" in correction.text


def test_quoting_it_or_reacting_to_it_is_no_trouble(world: World) -> None:
    town = night(world)
    town.two_notices_and_news()
    world.advance_to("2026-01-16 07:05")
    (digest,) = town.riet.received
    town.riet.reacts("👍", on=digest)
    town.riet.says("is het al voorbij?", reply_to=digest)
    assert len(town.riet.received) == 2
    town.kees.says("einde TB-0001 er is weer stroom")
    world.advance(seconds=10)
    assert "EINDE MELDING TB-0001" in town.riet.last.text


def test_a_member_of_two_neighbourhoods_reads_of_which_each_is(world: World) -> None:
    town = night(world)
    langdonk = world.neighbourhood("LD", "Langdonk", streets=["Parklaan"])
    langdonk.join(town.riet)
    langdonk.join(town.piet)
    noor = langdonk.member("Noor", channel="telegram", street="Parklaan")
    town.fatima.says(DARK)
    noor.says("melding stroomstoring in de Parklaan, alles is uit")
    world.advance_to("2026-01-16 07:05")
    for one in (town.riet, town.piet):
        (digest,) = one.received
        first, second = lines(digest)
        assert first.startswith("• Tolberg: ")
        assert second.startswith("• Langdonk: ")
        assert "Tolberg, Langdonk" in digest.text.splitlines()[0]


def test_more_than_fits_comes_in_the_next(world: World) -> None:
    town = night(world)
    for number in range(12):
        town.kees.says(f"krant {number}. " + "de koffie is klaar " * 10)
        world.advance(minutes=7)
    world.advance_to("2026-01-16 07:30")
    for one in town.asleep:
        parts = [line for each in one.received for line in lines(each)]
        assert [line.split()[2] for line in parts] == [f"{number}." for number in range(12)]
    assert len(town.riet.received) == 1
    assert len(town.henk.received) == len(town.piet.received) > 1


def test_what_was_passed_on_from_next_door_says_so_alone_and_in_a_digest(world: World) -> None:
    town = night(world)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"])
    noor = langdonk.member("Noor", channel="whatsapp", window_open=False)
    early = langdonk.member("Early", channel="telegram")
    early.says("stilte 01:00-02:30")
    before = len(early.received)
    town.fatima.says(DARK)
    world.advance(minutes=1)
    town.kees.says("doorzetten TB-0001 LD")
    world.advance(minutes=60)
    town.fatima.says(AGAIN)
    world.advance(minutes=1)
    town.kees.says("doorzetten TB-0002 LD")
    world.advance_to("2026-01-16 07:05")
    for one in early.received[before:]:
        assert "Doorgezet uit de buurt Tolberg" in one.text
    assert len(lines(noor.last)) == 2
    assert all("uit de buurt Tolberg" in line for line in lines(noor.last))
