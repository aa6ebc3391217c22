"""Representatives pass an announcement on, with a line of their own, or not; deputies; who gets what (R47, R48)."""

from __future__ import annotations

import pytest

from buurtwacht import Role, Text
from buurtwacht.testing import Member, World

from .kroeven import both_ways
from .roosendaal import WATER, Town, about, roosendaal, send, texts

world = both_ways
CHOICES = ("Doorzetten", "Met eigen regel", "Niet voor ons")


def sent(world: World, at: str = "2026-03-03 14:00", text: str = WATER) -> Town:
    """Return Roosendaal once the representatives were asked."""
    town = roosendaal(world, at)
    send(town.mieke, text)
    world.advance(seconds=10)
    return town


def withdraw_role(world: World, town: Town, member: Member) -> None:
    """Make a representative of Tolberg an ordinary member again."""
    with world.context("members", town.tolberg) as ctx:
        ctx.directory.set_roles(world.person_id(member), town.tolberg.id, {Role.MEMBER})


# --- what he can choose --------------------------------------------------------------------------------------------


def test_that_nothing_was_changed_is_said_once(world: World) -> None:
    town = sent(world)
    [asked] = about(town.vera, "Zet je dit door")
    assert asked.count("Aan de tekst") == 1
    assert "Aan de tekst van de afzender is niets veranderd" in asked


def test_one_tap_and_the_neighbourhood_has_it(world: World) -> None:
    """The representative read it already and gets no second copy; who refuses the municipality gets nothing."""
    town = sent(world)
    assert town.vera.last.buttons == CHOICES
    town.vera.taps("Doorzetten")
    assert "M1 gaat naar de leden van Tolberg" in town.vera.last.text
    town.wim.taps("Doorzetten")
    world.advance(minutes=1)
    for reader in (town.vera, town.wim, town.kees, town.anna, town.sara, town.lot):
        assert len(about(reader, WATER)) == 1
    assert not texts(town.jan)
    assert not texts(town.piet)


def test_a_line_of_theirs_stands_apart_below_the_senders_words(world: World) -> None:
    town = sent(world)
    town.vera.taps("Met eigen regel")
    assert "200" in town.vera.last.text
    town.vera.says("Bij de Kring staat een tank met water.")
    world.advance(minutes=1)
    [read] = about(town.anna, WATER)
    assert read.index("Bij de Kring staat een tank") > read.index(WATER) + len(WATER)
    assert not texts(town.lot)


def test_a_line_that_is_too_long_or_speaks_for_the_police_is_asked_again(world: World) -> None:
    """R14: only the police speak for the police."""
    town = sent(world)
    town.vera.taps("Met eigen regel")
    town.vera.says("Lang verhaal. " * 20)
    assert "Er passen er 200" in town.vera.last.text
    town.vera.says("De politie zegt dat iedereen binnen moet blijven.")
    assert "namens de politie" in town.vera.last.text
    world.advance(minutes=1)
    assert not texts(town.anna)
    town.vera.taps("Zonder regel")
    world.advance(minutes=1)
    [read] = about(town.anna, WATER)
    assert "binnen moet blijven" not in read


@pytest.mark.parametrize("line", ["Bel Jan op 06 12345678", "Kijk uit naar 12-ABC-3", "Mail jan@example.org"])
def test_a_line_with_what_leads_to_a_person_is_asked_again(world: World, line: str) -> None:
    """Domain §2.6: what members may not read of a report they do not read below an announcement either."""
    town = sent(world)
    town.vera.taps("Met eigen regel")
    town.vera.says(line)
    assert "gaat niet naar de buurt" in town.vera.last.text
    town.vera.says("Bij de Kring staat een tank, bel 0165-14 of kom om 10:30.")
    world.advance(minutes=1)
    [read] = about(town.anna, WATER)
    assert "staat een tank" in read
    assert line not in read


@pytest.mark.parametrize("reason", ["hier is geen markt", "Geen zin in", "nee, dat is niets voor deze wijk"])
def test_a_reason_with_a_no_in_it_is_a_reason(world: World, reason: str) -> None:
    """Only "nee" or "geen" alone is the choice "Geen reden"; what says more is read in the report (R47)."""
    town = sent(world)
    town.vera.taps("Niet voor ons")
    town.vera.says(reason)
    assert "Bedankt" in town.vera.last.text
    town.wim.taps("Doorzetten")
    world.advance(minutes=5)
    assert f"Niet voor Tolberg: {reason}" in town.mieke.last.text


def test_not_for_us_asks_why_and_nobody_gets_it(world: World) -> None:
    town = sent(world)
    town.vera.taps("Niet voor ons")
    assert "Wil je zeggen waarom" in town.vera.last.text
    town.vera.says("Wij hebben een eigen bron")
    assert "Bedankt" in town.vera.last.text
    world.advance(hours=1)
    assert not texts(town.anna)
    town.vera.taps("Niet voor ons", on=next(one for one in town.vera.received if one.buttons == CHOICES))
    assert "Je koos om 14:00" in town.vera.last.text


def test_why_not_may_stay_unsaid(world: World) -> None:
    town = sent(world)
    town.vera.taps("Niet voor ons")
    town.vera.taps("Geen reden")
    assert "niets meer te doen" in town.vera.last.text


@pytest.mark.parametrize("typed", ["doorzetten", "Doorzetten!", "zet maar door", "doorzetten M1", "1", "forward"])
def test_passing_on_in_words(world: World, typed: str) -> None:
    town = sent(world)
    town.vera.says(typed)
    world.advance(minutes=1)
    assert len(about(town.anna, WATER)) == 1


@pytest.mark.parametrize("typed", ["doorzetten", "doorzetten graag", "Met eigen regel: tot zaterdag"])
def test_of_two_announcements_he_is_asked_which_one_he_means(world: World, typed: str) -> None:
    """A word that fits two things is never taken for the newest (design §4); a quote or an id says which."""
    town = sent(world)
    send(town.mieke, "Zaterdag is de markt dicht.")
    world.advance(seconds=10)
    town.vera.says(typed)
    world.advance(minutes=1)
    assert not texts(town.anna)
    assert "M2: Zaterdag is de markt dicht." in town.vera.last.text
    town.vera.taps("M1")
    world.advance(minutes=1)
    assert about(town.anna, WATER)
    assert not about(town.anna, "Zaterdag")
    assert ("tot zaterdag" in town.anna.last.text) is typed.endswith("tot zaterdag")
    # Now there is only one, and the word is enough.
    town.vera.says("doorzetten")
    world.advance(minutes=1)
    assert about(town.anna, "Zaterdag is de markt dicht.")


@pytest.mark.parametrize("typed", ["niet voor ons, wij hebben geen hond", "Not for us: wij hebben geen hond"])
def test_declining_in_words_with_the_reason(world: World, typed: str) -> None:
    town = sent(world)
    town.vera.says(typed)
    assert "Genoteerd: M1 is niet voor Tolberg" in town.vera.last.text
    world.advance(minutes=1)
    assert not texts(town.anna)
    town.wim.says("doorzetten", reply_to=next(one for one in town.wim.received if WATER in one.text))
    world.advance(minutes=5)
    assert about(town.mieke, "Niet voor Tolberg: wij hebben geen hond")


def test_a_line_in_words(world: World) -> None:
    town = sent(world)
    town.vera.says("met eigen regel: ook voor de flats")
    world.advance(minutes=1)
    assert "ook voor de flats" in about(town.anna, WATER)[0]


def test_a_coordinator_who_types_what_the_button_says_has_chosen_it(world: World) -> None:
    town = sent(world)
    with world.context("members", town.tolberg) as ctx:
        ctx.directory.set_roles(
            world.person_id(town.vera), town.tolberg.id, {Role.MEMBER, Role.REPRESENTATIVE, Role.COORDINATOR}
        )
    town.vera.says("Doorzetten")
    world.advance(minutes=1)
    assert len(about(town.anna, WATER)) == 1


def test_doorzetten_of_a_coordinator_is_still_about_an_alert(world: World) -> None:
    town = sent(world)
    town.kees.says("doorzetten TB-0001 LD")
    assert "mededeling" not in town.kees.last.text.lower()
    assert not about(town.anna, WATER)


def test_twice_is_once(world: World) -> None:
    town = sent(world)
    town.vera.taps("Doorzetten")
    world.redeliver()
    question = next(one for one in town.vera.received if one.buttons == CHOICES)
    town.vera.taps("Niet voor ons", on=question)
    assert "Je hebt M1 al doorgezet, om 14:00" in town.vera.last.text
    world.advance(minutes=1)
    assert len(about(town.anna, WATER)) == 1


# --- who may -------------------------------------------------------------------------------------------------------


def test_the_deputy_is_asked_after_half_an_hour_and_then_either_may(world: World) -> None:
    town = sent(world)
    dirk = town.tolberg.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    world.advance(minutes=29)
    assert not texts(dirk)
    world.advance(minutes=1, seconds=5)
    assert "heeft nog niet gekozen" in dirk.last.text
    assert dirk.last.buttons == CHOICES
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    assert "Je hoeft niets meer te doen" in dirk.last.text
    assert len(about(dirk, WATER)) == 1
    dirk.taps("Niet voor ons", on=dirk.received[0])
    assert "al doorgezet, om 14:30" in dirk.last.text
    assert len(about(town.anna, WATER)) == 1


def test_the_deputy_may_be_the_first(world: World) -> None:
    town = sent(world)
    dirk = town.tolberg.member("Dirk", channel="whatsapp", roles=["member", "deputy_representative"])
    world.advance(minutes=31)
    dirk.taps("Niet voor ons")
    dirk.says("de straat is al dicht")
    assert "M1 gaat niet naar Tolberg" in town.vera.last.text
    town.vera.says("doorzetten")
    assert "niet voor deze buurt" in town.vera.last.text
    world.advance(minutes=1)
    assert not texts(town.anna)


def test_without_a_representative_the_deputy_is_asked_at_once(world: World) -> None:
    town = roosendaal(world)
    dirk = town.kroeven.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    send(town.mieke, WATER)
    world.advance(seconds=10)
    assert dirk.last.buttons == CHOICES
    dirk.taps("Doorzetten")
    world.advance(minutes=1)
    assert about(town.piet, WATER)


def test_who_cannot_be_reached_is_passed_over_for_his_deputy(world: World) -> None:
    town = roosendaal(world)
    dirk = town.tolberg.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    world.refuse(town.vera, "unreachable")
    with world.context("members", town.tolberg) as ctx:
        ctx.send(world.person_id(town.vera), Text("yes", domain="announcements"))
    world.advance(minutes=1)
    send(town.mieke, WATER)
    world.advance(seconds=10)
    assert dirk.last.buttons == CHOICES


def test_who_lost_the_role_cannot_decide_any_more(world: World) -> None:
    town = sent(world)
    withdraw_role(world, town, town.vera)
    town.vera.taps("Doorzetten")
    assert "geen vertegenwoordiger van deze buurt meer" in town.vera.last.text
    assert "announcement_refused" in [one.event for one in world.audit()]
    world.advance(minutes=1)
    assert not texts(town.anna)


def test_a_tap_of_somebody_else_does_nothing(world: World) -> None:
    town = sent(world)
    town.anna.taps("Doorzetten", on=town.vera.last)
    world.advance(minutes=1)
    assert not about(town.kees, WATER)


def test_who_leaves_before_he_chose_leaves_it_to_the_deputy(world: World) -> None:
    town = sent(world)
    dirk = town.tolberg.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    with world.context("members", town.tolberg) as ctx:
        ctx.directory.leave(world.person_id(town.vera), town.tolberg.id)
        ctx.tell("member_left", person=world.person_id(town.vera), neighbourhood=town.tolberg.id)
    world.advance(seconds=10)
    assert dirk.last.buttons == CHOICES


def test_who_represents_two_neighbourhoods_is_asked_once_and_both_are_named(world: World) -> None:
    town = roosendaal(world)
    town.kroeven.join(town.vera, roles=["member", "representative"])
    send(town.mieke, WATER)
    world.advance(seconds=10)
    [asked] = about(town.vera, WATER)
    assert "Kroeven, Tolberg" in asked
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    assert about(town.piet, WATER)
    assert about(town.anna, WATER)
    assert len(about(town.vera, WATER)) == 1


def test_a_member_of_two_neighbourhoods_gets_one_copy(world: World) -> None:
    town = sent(world)
    town.langdonk.join(town.anna)
    town.vera.taps("Doorzetten")
    town.wim.taps("Doorzetten")
    world.advance(minutes=1)
    assert len(about(town.anna, WATER)) == 1
    assert about(town.lot, WATER)


# --- when ----------------------------------------------------------------------------------------------------------


def test_a_cold_one_waits_for_the_morning_and_the_half_hour_counts_from_then(world: World) -> None:
    town = sent(world, "2026-03-03 23:10")
    dirk = town.tolberg.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    assert "M1 is verstuurd aan 2" in town.mieke.last.text
    world.advance_to("2026-03-04 06:59")
    assert not texts(town.vera)
    world.advance(minutes=2)
    assert town.vera.last.buttons == CHOICES
    world.advance(minutes=25)
    assert not texts(dirk)
    world.advance(minutes=6)
    assert dirk.last.buttons == CHOICES
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    assert len(about(town.anna, WATER)) == 1


def test_whose_role_ended_in_the_night_is_not_asked_in_the_morning(world: World) -> None:
    town = sent(world, "2026-03-03 23:10")
    withdraw_role(world, town, town.vera)
    dirk = town.tolberg.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    world.advance_to("2026-03-04 07:05")
    assert not texts(town.vera)
    assert dirk.last.buttons == CHOICES


def test_members_who_sleep_get_a_cold_one_in_the_morning_and_a_warm_one_at_once(world: World) -> None:
    town = sent(world, "2026-03-03 22:10")
    world.advance_to("2026-03-03 22:40")
    town.vera.taps("Doorzetten")
    world.advance(minutes=5)
    assert not about(town.anna, "Geen water")
    world.advance_to("2026-03-04 07:05")
    assert about(town.anna, "Geen water")
    town.mieke.says("mededeling: Drinkwater koken tot vrijdag 18:00.\nklasse: warm")
    town.mieke.taps("Ja")
    world.advance(seconds=5)
    town.bas.taps("Ja")
    world.advance(minutes=1)
    assert "Drinkwater" in town.vera.last.text
    world.advance_to("2026-03-04 23:30")
    town.vera.says("doorzetten")
    world.advance(minutes=1)
    assert about(town.anna, "Drinkwater koken")


def test_after_its_time_it_is_not_passed_on(world: World) -> None:
    town = sent(world, text="Markt dicht. Geldig tot vandaag 16:00.")
    world.advance_to("2026-03-03 16:01")
    town.vera.taps("Doorzetten")
    assert "Doorzetten kan niet meer" in town.vera.last.text
    world.advance(minutes=1)
    assert not texts(town.anna)


def test_after_the_report_it_may_still_be_passed_on(world: World) -> None:
    town = sent(world)
    world.advance(hours=25)
    assert about(town.mieke, "VERSLAG van mededeling M1")
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    assert about(town.anna, "Geen water")


# --- groups --------------------------------------------------------------------------------------------------------


def test_a_bound_group_reads_it_too_unless_a_member_refuses_this_sender(world: World) -> None:
    """R57, R48: in a group nobody can be left out."""
    town = roosendaal(world)
    tolberg, langdonk = town.tolberg.group(), town.langdonk.group()
    send(town.mieke, WATER)
    world.advance(seconds=10)
    town.vera.taps("Doorzetten")
    town.wim.taps("Doorzetten")
    world.advance(minutes=1)
    assert [WATER in one.text for one in tolberg.received] == [True]
    assert not langdonk.received
    assert about(town.lot, WATER)


@pytest.mark.parametrize("during", ["handler", "send"])
def test_a_crash_doubles_nothing_and_loses_nothing(world: World, during: str) -> None:
    town = sent(world)
    world.crash(during=during)
    town.vera.taps("Doorzetten")
    world.advance(minutes=2)
    for reader in (town.anna, town.kees, town.sara):
        assert len(about(reader, "Geen water")) == 1


def test_a_crash_between_the_choice_and_the_sending(world: World) -> None:
    town = sent(world)
    town.vera.taps("Doorzetten")
    world.crash()
    world.advance(minutes=2)
    town.wim.taps("Doorzetten")
    world.crash()
    world.advance(minutes=5)
    for reader in (town.anna, town.kees, town.sara, town.lot):
        assert len(about(reader, "Geen water")) == 1
    assert len(about(town.mieke, "VERSLAG")) == 1


def test_many_representatives_are_asked_within_the_pace() -> None:
    """Ten messages a second, forty representatives: the last one is asked after four seconds, and nobody twice."""
    with World(rate=10) as world:
        town = roosendaal(world)
        asked = [
            world.neighbourhood(f"N{number}", f"Buurt {number}", municipality="Roosendaal").member(
                f"V{number}", channel="telegram", roles=["member", "representative"]
            )
            for number in range(40)
        ]
        send(town.mieke, WATER)
        world.advance(seconds=1)
        assert sum(bool(one.received) for one in asked) <= 20
        world.advance(seconds=6)
        assert all(len(one.received) == 1 for one in asked)


# --- two deputies ----------------------------------------------------------------------------------------------------


def two_deputies(world: World) -> tuple[Town, Member, Member]:
    town = sent(world)
    dirk = town.tolberg.member("Dirk", channel="telegram", roles=["member", "deputy_representative"])
    els = town.tolberg.member("Els", channel="whatsapp", roles=["member", "deputy_representative"])
    return town, dirk, els


def test_two_deputies_are_asked_in_turn_and_any_of_the_three_decides(world: World) -> None:
    town, dirk, els = two_deputies(world)
    world.advance(minutes=31)
    assert "heeft nog niet gekozen" in dirk.last.text
    assert not texts(els)
    world.advance(minutes=30)
    assert "heeft nog niet gekozen" in els.last.text
    els.taps("Doorzetten")
    world.advance(minutes=1)
    for other in (town.vera, dirk):
        assert "hoeft niets meer te doen" in other.last.text
    for reader in (town.anna, dirk, els, town.vera):
        assert len(about(reader, WATER)) == 1
    town.wim.taps("Niet voor ons")
    town.wim.taps("Geen reden")
    world.advance(minutes=4)
    (report,) = about(town.mieke, "VERSLAG")
    assert "Doorgezet: 1. Niet voor hen: 1. Nog niet gekozen: 0." in report


def test_a_deputy_on_holiday_is_passed_over_for_the_other(world: World) -> None:
    _, dirk, els = two_deputies(world)
    dirk.says("demp alles 3 dagen")
    dirk.taps("Ja")
    before = len(dirk.received)
    world.advance(minutes=31)
    assert "heeft nog niet gekozen" in els.last.text
    assert len(dirk.received) == before


def test_a_deputy_who_leaves_leaves_it_to_the_other(world: World) -> None:
    town, dirk, els = two_deputies(world)
    world.advance(minutes=31)
    world.refuse(dirk, "unreachable")
    world.advance(minutes=31)
    els.taps("Doorzetten")
    world.advance(minutes=1)
    assert len(about(town.anna, WATER)) == 1
