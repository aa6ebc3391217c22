"""People whom an operator brings in from a file: members at once, welcomed when he asks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from buurtwacht.records.importing import ImportResult, import_members, invitation_for
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht.vocabulary.clock import VirtualClock


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg")


def imports(world: World, row: str) -> ImportResult:
    return import_members(
        world.database,
        world.keyring,
        VirtualClock(world.now),
        Neighbourhoods(world.database),
        {"telegram": "chat", "whatsapp": "phone"},
        f"neighbourhood,name,language,roles,street,channel,address\n{row}\n",
    )


def welcomed(world: World, member: Member, tolberg: Neighbourhood) -> None:
    """Do what `buurtwacht members invite` does."""
    with world.context("members", tolberg) as ctx:
        ctx.tell("welcome_person", person=world.person_id(member), neighbourhood=tolberg.id)


def test_an_import_sends_nothing_and_an_invitation_brings_the_rules(world: World, tolberg: Neighbourhood) -> None:
    riet = tolberg.newcomer("Riet", channel="whatsapp")
    assert imports(world, f"TB,Riet,nl,member,Rozenstraat,whatsapp,{riet.addresses['whatsapp']}").added == 1
    world.advance(minutes=1)
    assert riet.received == []
    welcomed(world, riet, tolberg)
    world.advance(minutes=1)
    assert "coördinator heeft je aangemeld" in riet.last.text
    assert riet.last.template, "she never wrote to us, so only a template may go"
    riet.taps("Ja")
    world.advance(minutes=1)
    assert "Welkom" in riet.last.text
    assert "house_rules_agreed" in [one.event for one in world.audit()]


def test_an_imported_official_reads_what_he_gets_and_can_begin(world: World, tolberg: Neighbourhood) -> None:
    anja = tolberg.newcomer("Anja", channel="whatsapp")
    imports(world, f"TB,Anja,nl,official:police,,whatsapp,{anja.addresses['whatsapp']}")
    welcomed(world, anja, tolberg)
    world.advance(minutes=1)
    [greeting] = anja.received
    assert "Je staat hier als functionaris: politie" in greeting.text
    assert greeting.template, "she never wrote to us, so only a template may go"
    anja.says("help")
    world.advance(seconds=10)
    assert "dienst" in anja.last.text


def test_who_says_no_to_the_rules_is_taken_off_the_list(world: World, tolberg: Neighbourhood) -> None:
    riet = tolberg.newcomer("Riet", channel="whatsapp")
    imports(world, f"TB,Riet,nl,member,,whatsapp,{riet.addresses['whatsapp']}")
    welcomed(world, riet, tolberg)
    world.advance(minutes=1)
    riet.taps("Nee")
    world.advance(minutes=1)
    assert "geen lid meer" in riet.last.text


def test_without_an_address_a_printed_link_leads_to_ones_place(world: World, tolberg: Neighbourhood) -> None:
    (invited,) = imports(world, "TB,Fatima,nl,patroller,,telegram,").to_invite
    token = invitation_for(world.keyring, invited.person, world.now + timedelta(days=30))
    fatima = tolberg.newcomer("Fatima", channel="telegram")
    fatima.says(f"/start own-{token}")
    world.advance(seconds=20)
    assert "huisregels" in fatima.last.text
    fatima.taps("Ja")
    world.advance(seconds=20)
    assert "Welkom" in fatima.last.text

    other = tolberg.newcomer("Other", channel="telegram")
    other.says(f"/start own-{token}")
    world.advance(seconds=20)
    assert "al gebruikt" in other.last.text
