"""A co-ordinator asks why somebody did not get an alert, and is answered from what is on record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, World

from .test_mute import FIRE, Spread, answer, next_door
from .tolberg import CAR, Tolberg, alarmed, tolberg


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world in memory, and one through the real adapters."""
    with World(wire=request.param) as made:
        yield made


def ask(town: Tolberg | Spread, name: str, ident: str = "TB-0001") -> str:
    """Have the co-ordinator ask about somebody; return the answer."""
    return answer(town.world, town.kees, f"waarom {ident} {name}")


# --- he got it -------------------------------------------------------------------------------------------------------


def test_when_and_on_which_messenger_and_how_far_it_came(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    assert "• Riet (Beukenlaan): verstuurd op Telegram, vr 16 januari 01:42" in ask(town, "Riet")
    world.advance(minutes=1)
    world.receipt(town.henk.last, "delivered")
    assert "bezorgd, vr 16 januari 01:43; niet gelezen" in ask(town, "Henk")
    world.receipt(town.henk.last, "read")
    told = ask(town, "Henk")
    assert "verstuurd op WhatsApp" in told
    assert "gelezen, vr 16 januari 01:4" in told


def test_the_reporter_and_those_who_look_after_the_neighbourhood(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    assert "heeft dit zelf gemeld" in ask(town, "Fatima")
    assert "als coördinator of beheerder" in ask(town, "Ans")


def test_the_second_messenger_after_the_first_failed(world: World) -> None:
    town = tolberg(world)
    two = town.place.member("Twee", channels=["whatsapp", "telegram"], prefers="whatsapp")
    fail_on(world, two, "whatsapp")
    alarmed(town)
    assert "eerst vergeefs geprobeerd op WhatsApp; daarna verstuurd op Telegram" in ask(town, "Twee")


def fail_on(world: World, member: Member, account: str) -> None:
    """Have the provider say that somebody cannot be reached there."""
    world.refuse(member, "unreachable")
    for other, handles in member.handles.items():
        for one in handles if other != account else ():
            world.messenger(other).provider.faults.pop(one.value, None)


# --- he could not be reached -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("rejected", "nam het bericht niet aan"),
        ("unavailable", "nog onderweg, de messenger werkt nu niet mee"),
    ],
)
def test_why_he_was_not_reached_is_said_in_words(world: World, kind: str, says: str) -> None:
    town = tolberg(world)
    world.refuse(town.henk, kind)  # type: ignore[arg-type] # one of the kinds
    alarmed(town)
    told = ask(town, "Henk")
    assert "niet bereikt op WhatsApp" in told
    assert says in told
    assert "_" not in told, "no codes"


def test_who_blocked_the_bot_and_who_has_no_address_that_works(world: World) -> None:
    town = tolberg(world)
    world.refuse(town.riet, "unreachable")
    alarmed(town)
    told = ask(town, "Riet")
    assert "niet bereikt op Telegram" in told
    assert "geblokkeerd" in told
    town.fatima.says("brand in de beukenlaan, vlammen uit het dak")
    world.advance(seconds=30)
    assert "niet bereikt: geen adres dat werkt" in ask(town, "Riet", "TB-0002")


def test_what_was_over_before_it_could_leave(world: World) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        alarmed(town)
        town.ans.says("einde TB-0001 auto is weg")
        world.advance(minutes=1)
    world.advance(minutes=10)
    assert "al afgelopen voordat het weg kon" in ask(town, "Henk")


def test_what_is_still_under_way(world: World) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        alarmed(town)
        told = answer(world, town.ans, "waarom TB-0001 Henk")
    assert "nog onderweg" in told


# --- he was not to get it --------------------------------------------------------------------------------------------


def test_a_mute_is_on_record_as_it_was_then(world: World) -> None:
    town = Spread(world)
    answer(world, town.near, "demp tot 18:00")
    answer(world, town.far, "demp alles")
    town.far.taps("Ja")
    town.reports(CAR)
    answer(world, town.near, "demp uit")
    answer(world, town.far, "demp uit")
    told = ask(town, "Near")
    assert "had op vr 16 januari 13:42 gedempt, tot vr 16 januari 18:00" in told
    assert "alles gedempt, zonder einde" in ask(town, "Far")


def test_critical_but_far(world: World) -> None:
    town = Spread(world)
    answer(world, town.far, "demp")
    town.reports(FIRE)
    assert "gedempt" in ask(town, "Far")


def test_quiet_hours_hold_it_and_what_came_of_that(world: World) -> None:
    town = Spread(world, "2026-01-16 05:50")
    town.reports(CAR)
    assert "heeft stille uren tot vr 16 januari 07:00, en krijgt het daarna" in ask(town, "Far")
    world.advance_to("2026-01-16 07:01")
    told = ask(town, "Far")
    assert "had stille uren tot vr 16 januari 07:00; daarna verstuurd op WhatsApp, vr 16 januari 07:00" in told


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ("einde TB-0001 het was een monteur", "alleen de afloop"),
        ("loos alarm TB-0001 krantenbezorger", "kwam er niets"),
    ],
)
def test_what_ended_while_he_slept(world: World, ends: str, says: str) -> None:
    town = Spread(world, "2026-01-16 01:42")
    town.reports(CAR)
    answer(world, town.kees, ends)
    if "loos" in ends:
        town.kees.taps("Ja")
    world.advance_to("2026-01-16 07:05")
    assert says in ask(town, "Far")


def test_what_does_not_press_waits_and_comes_in_the_morning(world: World) -> None:
    town = Spread(world, "2026-01-16 01:42")
    for text in (
        "stroomstoring in de Meidoornstraat, alles is donker",
        "geluidsoverlast in de Beukenlaan, harde muziek",
    ):
        town.fatima.says(f"melding {text}")
        world.advance(minutes=2)
    assert "wacht op het einde van de stille uren, vr 16 januari 07:00" in ask(town, "Near")
    world.advance_to("2026-01-16 07:05")
    assert "in het overzicht na de stille uren: verstuurd op Telegram, vr 16 januari 07:0" in ask(town, "Near")


def test_who_was_no_member_then(world: World) -> None:
    town = tolberg(world)
    answer(world, town.riet, "afmelden")
    town.riet.taps("Ja")
    world.advance(minutes=1)
    alarmed(town)
    world.advance(minutes=3)
    town.place.member("Nieuw", channel="telegram")
    sam = town.place.newcomer("Sam", channel="telegram")
    for said in ("aanmelden TB", "ja", "Sam", "Meidoornstraat"):
        answer(world, sam, said)
    assert "is geen lid meer sinds vr 16 januari 01:4" in ask(town, "Riet")
    assert "is pas lid sinds vr 16 januari" in ask(town, "Nieuw")
    assert "nog geen lid" in ask(town, "Sam")


def test_who_left_since_got_it_all_the_same(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    answer(world, town.riet, "afmelden")
    town.riet.taps("Ja")
    world.advance(minutes=1)
    assert "verstuurd op Telegram" in ask(town, "Riet")


def test_what_goes_to_the_municipality(world: World) -> None:
    town = tolberg(world, "2026-01-16 13:42")
    town.fatima.says("melding kapotte lantaarnpaal in de meidoornstraat")
    world.advance(minutes=2)
    assert "alleen naar de coördinatoren" in ask(town, "Riet")


def test_next_door(world: World) -> None:
    town = Spread(world)
    piet, _ = next_door(world, town)
    langdonk = piet.home
    assert langdonk is not None
    lia = langdonk.member("Lia", channel="telegram", roles=["coordinator"])
    answer(world, piet, "geen berichten van andere buurten")
    town.reports(CAR)
    world.advance(minutes=5)
    langdonk.member("Laat", channel="telegram")
    answer(world, town.kees, "doorzetten TB-0001 LD")
    assert "wil geen berichten van andere buurten" in answer(world, lia, "waarom TB-0001 Piet")
    assert "verstuurd op Telegram" in answer(world, lia, "waarom TB-0001 Laat")
    assert "geen lid met de naam Piet" in ask(town, "Piet"), "nobody looks into another neighbourhood"


# --- how it is asked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "waarom TB-0001 Henk",
        "waarom Henk TB-0001",
        "waarom kreeg Henk TB-0001 niet?",
        "waarom heeft henk de melding TB-0001 niet gekregen",
        "Waarom niet Henk, TB-0001",
        "waarom 1 Henk",
        "waarom kreeg Henk niets?",
        "waarom heeft Henk de melding van de verdachte auto met lichten uit niet gekregen",
        "why TB-0001 Henk",
        "why didn't Henk get TB-0001?",
        "/waarom tb-1 HENK",
    ],
)
def test_in_whatever_order_and_words(world: World, typed: str) -> None:
    town = tolberg(world)
    alarmed(town)
    assert "• Henk (Meidoornstraat): verstuurd op WhatsApp" in answer(world, town.kees, typed)


def test_two_of_one_name_are_told_apart_by_their_street(world: World) -> None:
    town = tolberg(world)
    town.place.member("Henk", channel="telegram", street="Esdoornlaan")
    town.place.member("Henk de Wit", channel="telegram", street="Beukenlaan")
    alarmed(town)
    told = ask(town, "Henk")
    assert "• Henk (Meidoornstraat): verstuurd op WhatsApp" in told
    assert "• Henk (Esdoornlaan): verstuurd op Telegram" in told
    assert "de Wit" not in told
    assert "• Henk de Wit (Beukenlaan)" in ask(town, "Henk de Wit")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("waarom TB-0001 Piet", "geen lid met de naam Piet"),
        ("waarom TB-0009 Henk", "Ik ken geen melding TB-0009"),
        ("waarom TB-0001", "Over wie?"),
        ("waarom", "Over wie?"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(world: World, typed: str, says: str) -> None:
    town = tolberg(world)
    alarmed(town)
    assert says in answer(world, town.kees, typed)


def test_before_there_was_any_alert(world: World) -> None:
    town = tolberg(world)
    assert "Er is geen open melding" in answer(world, town.kees, "waarom Henk")


def test_a_report_that_did_not_go_out(world: World) -> None:
    town = tolberg(world, "2026-01-16 13:42")
    town.fatima.says("melding er is iets raars aan de hand in de beukenlaan")
    world.advance(minutes=2)
    town.kees.taps("Niet sturen")
    assert "is niet naar de buurt gegaan" in ask(town, "Henk")


def test_it_is_for_those_who_look_after_the_neighbourhood_and_on_record(world: World) -> None:
    town = tolberg(world)
    assert "alleen aan een coördinator" in answer(world, town.henk, "waarom Riet")
    alarmed(town)
    told = answer(world, town.henk, "waarom staat er politie?")
    assert "TB-0001 is nog open" in told, "a question about what he was shown is answered as ever"
    ask(town, "Riet")
    looked = [one for one in world.audit() if one.event == "delivery_looked_up"]
    assert [one.subject for one in looked] == [f"person:{world.person_id(town.riet)}"]


@pytest.mark.parametrize("who", ["henk", "kees"])
def test_a_report_that_begins_with_the_same_word_is_a_report(world: World, who: str) -> None:
    town = tolberg(world)
    member: Member = getattr(town, who)
    member.says("waarom komen er vlammen uit het dak, brand in de Meidoornstraat 12?")
    world.advance(seconds=30)
    assert any("BRAND" in one.text for one in town.riet.received)


def test_no_number_is_ever_in_it(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    for one in town.everybody:
        told = ask(town, one.name)
        for number in one.addresses.values():
            assert number.lstrip("+") not in told


def test_what_is_kept_of_it_goes_after_thirty_days(world: World) -> None:
    town = tolberg(world)
    answer(world, town.riet, "demp")
    alarmed(town)
    town.kees.says("einde TB-0001 auto is weg")
    world.advance(days=31)
    assert "meer dan 30 dagen oud" in ask(town, "Riet")


# --- all of them at once ---------------------------------------------------------------------------------------------


def test_the_count_tells_muted_held_and_not_reached_apart(world: World) -> None:
    town = Spread(world, "2026-01-16 01:42")
    answer(world, town.near, "demp")
    world.refuse(town.unknown, "rejected")
    town.reports(CAR)
    world.advance(minutes=3)
    report = next(one.text for one in town.kees.received if one.text.startswith("Bezorging van TB-0001"))
    assert "1 bereikt, 0 reageerden, 1 wachten op het einde van de stille uren, 1 gedempt, 1 niet bereikt" in report
    assert "Unknown: de messenger nam het bericht niet aan" in report
    told = answer(world, town.kees, "stand TB-0001")
    assert "Wacht op het einde van de stille uren: 1. Gedempt: 1. Niet bereikt: 1." in told
    assert "Near" not in told


def test_the_report_says_that_nobody_answered_yet_or_how_many_did(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.taps("Gezien")
    world.advance(minutes=3)
    report = next(one.text for one in town.kees.received if one.text.startswith("Bezorging van TB-0001"))
    assert "1 reageerden" in report
