"""An official names his e-mail address, and it is his once he said so from there."""

from __future__ import annotations

import pytest
from tests.scenarios.tolberg import both_ways

from buurtwacht import OfficialKind
from buurtwacht.testing import Member, World

__all__ = ["both_ways"]


@pytest.fixture
def world(both_ways: World) -> World:
    both_ways.at("2026-01-16 10:00")
    both_ways.neighbourhood("TB", "Tolberg", municipality="Roosendaal")
    return both_ways


@pytest.fixture
def jansen(world: World) -> Member:
    return world.official("Jansen", "police", municipality="Roosendaal", channel="telegram")


@pytest.fixture
def mailbox(world: World) -> Member:
    """Whoever reads a mailbox that nobody named yet."""
    return Member(world, "Postvak", world.alias("Postvak"), ["email"], None)


def names(world: World, official: Member, address: str) -> str:
    official.says(f"e-mail {address}")
    world.advance(seconds=10)
    return next(one.text for one in reversed(official.received) if one.channel == "telegram")


def test_a_tap_in_the_mail_makes_it_his(world: World, jansen: Member, mailbox: Member) -> None:
    address = mailbox.addresses["email"]
    said = names(world, jansen, address.upper())
    assert "p***@example.org" in said
    assert address not in said
    assert "Is dit het e-mailadres van Jansen?" in mailbox.last.text
    mailbox.taps("Ja, dit is mijn adres")
    world.advance(seconds=10)
    assert "Dit adres is gekoppeld" in mailbox.last.text
    assert "E-mail is gekoppeld" in jansen.last.text
    assert names(world, jansen, address) == "Dat adres is al gekoppeld."
    mailbox.says("kanaal")
    world.advance(seconds=10)
    assert "Telegram" in mailbox.last.text, "what is said from there is his from now on"
    mailbox.taps("E-mail")
    assert "E-mail" in mailbox.last.text


def test_until_then_whoever_reads_it_is_a_stranger(world: World, jansen: Member, mailbox: Member) -> None:
    names(world, jansen, mailbox.addresses["email"])
    mailbox.says("kanaal")
    assert "Telegram" not in mailbox.last.text
    world.advance(minutes=5)
    jansen.says("kanaal")
    world.advance(seconds=10)
    assert "E-mail" not in jansen.last.text


def test_a_no_forgets_the_address(world: World, jansen: Member, mailbox: Member) -> None:
    address = mailbox.addresses["email"]
    names(world, jansen, address)
    mailbox.taps("Nee")
    world.advance(minutes=20)
    assert "We vergeten dit adres" in mailbox.last.text
    assert "niet gekoppeld" in jansen.last.text
    world.advance(days=1)
    assert not [where for where, kept in world.traces() if address.encode() in kept]
    assert "p***@example.org" in names(world, jansen, address), "and it can be named anew"


def test_silence_forgets_it_after_a_week(world: World, jansen: Member, mailbox: Member) -> None:
    names(world, jansen, mailbox.addresses["email"])
    world.advance(days=7, minutes=1)
    mailbox.taps("Ja, dit is mijn adres")
    world.advance(minutes=1)
    jansen.says("e-mail")
    world.advance(seconds=10)
    assert "Typ e-mail met het adres erachter" in jansen.last.text


def test_who_was_dismissed_in_the_meantime_gets_no_address(world: World, jansen: Member, mailbox: Member) -> None:
    names(world, jansen, mailbox.addresses["email"])
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(jansen), OfficialKind.POLICE, "Roosendaal")
    mailbox.taps("Ja, dit is mijn adres")
    world.advance(seconds=10)
    assert "geen functionaris meer" in mailbox.last.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("e-mail", "Typ e-mail met het adres erachter"),
        ("e-mail jansen", "Dat is geen e-mailadres"),
        ("email jansen@politie", "Dat is geen e-mailadres"),
    ],
)
def test_what_is_no_address_is_told(world: World, jansen: Member, typed: str, answer: str) -> None:
    jansen.says(typed)
    assert answer in jansen.last.text


def test_an_address_of_somebody_else_stays_his(world: World, jansen: Member) -> None:
    els = world.official("Els", "municipality", municipality="Roosendaal", channel="email")
    assert "Kies een ander adres" in names(world, jansen, els.addresses["email"])
    assert els.received == []


def test_it_is_for_officials(world: World) -> None:
    henk = world.neighbourhood("LD", "Langdonk").member("Henk", channel="telegram")
    henk.says("e-mail henk@example.org")
    assert "e-mailadres" not in henk.last.text
    assert "gaat nu een mail" not in henk.last.text
