"""Somebody who reads us by mail: he answers on a page, in a tap or in words, and what does not reach him is told."""

from __future__ import annotations

import pytest
from tests.scenarios.tolberg import CAR, Tolberg, about, both_ways, texts, tolberg

from buurtwacht.testing import Member, World
from buurtwacht_email.stand_in import MailServer

__all__ = ["both_ways"]


@pytest.fixture
def world(both_ways: World) -> World:
    return both_ways  # under this name what is checked at its end fails the test


@pytest.fixture
def town(world: World) -> Tolberg:
    return tolberg(world)


def by_mail(town: Tolberg) -> Member:
    """Els looks after Tolberg from behind her desk."""
    return town.place.member("Els", channel="email", roles=["member", "coordinator"])


def reported(town: Tolberg) -> None:
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    town.world.advance(minutes=1)


def test_an_alert_comes_by_mail_and_is_answered_with_a_tap_and_in_words(town: Tolberg) -> None:
    els = by_mail(town)
    reported(town)
    alert = els.last
    assert "Meidoornstraat" in alert.text
    assert alert.thread == "TB-0001"
    assert list(alert.buttons) == ["Gezien", "Ik let op", "Ik heb info", "Onveilig", "Klopt niet"]
    els.taps("Ik heb info", on=alert)
    assert "Wat zag je bij TB-0001" in els.last.text
    els.says("een grijze Golf, nu in de Beukenlaan", reply_to=els.last)
    town.world.advance(minutes=1)
    assert any("Beukenlaan" in one for one in about(town.henk, "TB-0001")), "the neighbours read where it is now"


def test_the_same_tap_again_changes_nothing(town: Tolberg) -> None:
    els = by_mail(town)
    reported(town)
    els.taps("Ik let op")
    answers = len(els.received)
    els.taps("Ik let op")
    town.world.redeliver()
    assert len(els.received) == answers


def test_words_about_something_else_are_a_command_like_any_other(town: Tolberg) -> None:
    els = by_mail(town)
    reported(town)
    els.says("taal engels")
    assert els.last.text == "In English from now on."
    els.says("status")
    assert "TB-0001" in els.last.text


def test_a_call_for_help_on_the_page_is_one(town: Tolberg) -> None:
    els = by_mail(town)
    reported(town)
    els.says("help, ik word bedreigd", reply_to=els.last)
    assert "112" in els.last.text
    town.world.advance(seconds=10)
    assert about(town.kees, "Els")


def test_a_mailbox_that_is_gone_is_told_to_those_who_look_after_the_neighbourhood(town: Tolberg) -> None:
    riet = town.place.member("Riet van Dam", channel="email")
    town.world.refuse(riet, "unreachable")
    reported(town)
    town.world.advance(minutes=3)
    assert [one.state for one in riet.received] == ["failed"]
    assert any("Riet van Dam" in one for one in texts(town.kees))
    assert not any("example.org" in one for one in texts(town.kees)), "nobody reads her address"


def test_a_mail_that_may_have_arrived_is_sent_once_more_and_marked(town: Tolberg) -> None:
    els = by_mail(town)
    town.world.refuse(els, "ambiguous")
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    town.world.accept(els)
    town.world.advance(minutes=1)
    tries = [one for one in town.world.attempts if one.account == "email"]
    assert [one.is_ambiguous for one in tries] == [True, False]
    assert tries[0].outgoing.delivery == tries[1].outgoing.delivery
    assert [one.state for one in els.received if "Meidoornstraat" in one.text][-1] == "sent"
    assert "erhaling" in els.last.text


def test_a_town_without_a_mail_server_is_told_of_it_later_and_once(town: Tolberg) -> None:
    els = by_mail(town)
    with town.world.outage("email"):
        reported(town)
        assert not [one for one in els.received if one.arrived]
    town.world.advance(minutes=4)
    assert len(about(els, "VERDACHT VOERTUIG")) == 1


def test_an_official_confirms_from_his_mail_and_what_he_writes_reaches_the_coordinator(world: World) -> None:
    world.at("2026-01-16 10:00")
    place = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal", streets=["Meidoornstraat"])
    fatima = place.member("Fatima", channel="telegram")
    kees = place.member("Kees", channel="whatsapp", roles=["member", "coordinator"])
    jansen = world.official("Jansen", "police", municipality="Roosendaal", channel="email")
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(minutes=1)
    kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=30)
    asked = jansen.last
    assert list(asked.buttons) == ["Ontvangen", "Ik pak het op", "Niet voor mij"]
    jansen.taps("Ik pak het op")
    world.advance(seconds=10)
    assert "Jansen" in kees.last.text
    jansen.says("Ik ben er over tien minuten", reply_to=asked)
    world.advance(seconds=10)
    assert "Ik ben er over tien minuten" in kees.last.text
    assert not about(fatima, "tien minuten"), "neighbours read it only after his own yes"
    jansen.taps("Deel met buurt")
    world.advance(minutes=1)
    assert about(fatima, "Ik ben er over tien minuten")


def test_all_about_one_alert_stands_in_one_conversation_and_no_address_of_anybody_in_a_link() -> None:
    with World(wire=True) as world:
        town = tolberg(world)
        els = by_mail(town)
        reported(town)
        els.taps("Ik heb info")
        town.kees.says("einde TB-0001 vier mannen aangehouden")
        world.advance(minutes=1)
        if "Ja" in town.kees.last.buttons:
            town.kees.taps("Ja")
        world.advance(minutes=1)
        server = world.messenger("email").provider
        assert isinstance(server, MailServer)
        letters = [server.letters[one.provider_id] for one in els.received if one.thread == "TB-0001"]
        assert len(letters) >= 2
        assert len({one.header("References").split()[0] for one in letters}) == 1
        assert all("TB-0001" in one.header("Subject") for one in letters)
        assert all(els.addresses["email"] not in one.page for one in letters)


def test_a_button_that_is_tapped_on_a_page_opened_anew_does_it_again(world: World, town: Tolberg) -> None:
    """Links to photos work for 15 minutes: who comes back later gets new ones (domain §4.4)."""
    els = world.official("Els", "police", municipality="Roosendaal", neighbourhoods=(town.place,), channel="email")
    town.fatima.says(CAR, photo=True)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=1)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    offer = next(one for one in els.received if "Foto's bekijken" in one.buttons)
    for count in (1, 2):
        els.taps("Foto's bekijken", on=offer)
        world.advance(minutes=16)
        assert sum("/once/" in text for text in texts(els)) == count
