"""An official writes an announcement: class, preview, what leaves; who may not, and what cannot be sent (R46, R49)."""

from __future__ import annotations

import re

import pytest

from buurtwacht import OfficialKind
from buurtwacht.testing import World
from buurtwacht_alerts.alert import Addition
from buurtwacht_announcements.records import Announcement
from buurtwacht_escalation.testing import official

from .kroeven import both_ways
from .roosendaal import WATER, about, roosendaal, send, texts

world = both_ways


def test_the_class_is_asked_and_the_preview_counts(world: World) -> None:
    """R46: numbers of neighbourhoods, representatives and members; who has nobody to pass it on is named."""
    town = roosendaal(world)
    town.mieke.says(f"mededeling: {WATER}")
    assert town.mieke.last.buttons == ("Koud", "Warm")
    town.mieke.taps("Koud")
    preview = town.mieke.last
    assert preview.buttons == ("Ja", "Nee")
    assert WATER in preview.text
    assert "Mieke, gemeente (Roosendaal) ✓ geverifieerd" in preview.text
    for line in ("Buurten: 3", "Vertegenwoordigers: 2", "Leden: 7", "Zonder vertegenwoordiger: Kroeven"):
        assert line in preview.text
    assert "vr 6 maart 18:00" in preview.text
    assert not texts(town.vera)


def test_after_yes_the_representatives_are_asked_and_the_sender_hears_how_many(world: World) -> None:
    town = roosendaal(world)
    send(town.mieke, WATER)
    assert "M1 is verstuurd aan 2 vertegenwoordigers" in town.mieke.last.text
    assert WATER in town.vera.last.text
    assert town.vera.last.buttons == ("Doorzetten", "Met eigen regel", "Niet voor ons")
    world.advance(seconds=10)
    assert about(town.wim, "Geen water morgen")
    assert not texts(town.anna)
    assert not texts(town.piet)


def test_what_members_read_is_the_senders_own_text(world: World) -> None:
    """R47: his name and verified function, his words letter by letter, until when, and where to ask."""
    town = roosendaal(world)
    send(town.mieke, WATER)
    town.vera.taps("Doorzetten")
    world.advance(seconds=30)
    for reader, mark in ((town.anna, "✓ geverifieerd"), (town.sara, "✓ verified")):
        [read] = about(reader, WATER)
        assert "M1" in read
        assert "Mieke" in read
        assert mark in read
    assert "Valid until Fri 6 March 18:00" in about(town.sara, WATER)[0]
    assert "Bel of mail de gemeente Roosendaal" in about(town.anna, WATER)[0]


def test_without_a_choice_it_is_cold(world: World) -> None:
    """R46: cold is the default."""
    town = roosendaal(world)
    town.mieke.says(f"mededeling: {WATER}")
    world.advance(minutes=11)
    assert "Koud: wie slaapt" in town.mieke.last.text
    town.mieke.taps("Ja")
    assert "M1 is verstuurd" in town.mieke.last.text


def test_no_to_the_preview_sends_nothing(world: World) -> None:
    town = roosendaal(world)
    town.mieke.says(f"announce: {WATER}")
    town.mieke.taps("Koud")
    town.mieke.says("nee")
    assert "Niet verstuurd" in town.mieke.last.text
    world.advance(minutes=1)
    assert not texts(town.vera)
    send(town.mieke, WATER)
    assert "M1 is verstuurd" in town.mieke.last.text


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("mededeling:", "Zet je tekst achter het woord"),
        ("mededeling: " + "Dit is te lang. " * 600, "tekens. Er passen er 900"),
        ("mededeling: Markt dicht. Geldig tot 1 maart 2026", "De tijd tot zo 1 maart 23:59 is voorbij"),
        ("mededeling: Markt dicht. Geldig tot 31 februari", "“31 februari” niet lezen"),
        ("mededeling: Komt er een bank?\npeiling: Ja / ja", "verschillende keuzes"),
    ],
)
def test_what_cannot_be_sent_gets_one_friendly_sentence(world: World, typed: str, reply: str) -> None:
    town = roosendaal(world)
    before = len(town.mieke.received)
    town.mieke.says(typed)
    assert reply in town.mieke.last.text
    assert len(town.mieke.received) == before + 1
    assert [one.event for one in world.audit()].count("announcement_refused") == 1


def test_who_is_no_official_is_refused_and_it_is_recorded(world: World) -> None:
    town = roosendaal(world)
    town.anna.says(f"mededeling: {WATER}")
    assert "Er is niets verstuurd" in town.anna.last.text
    assert about(town.anna, "Koud") == []
    assert [one.subject for one in world.audit() if one.event == "announcement_refused"] == ["refused.sender"]


def test_an_office_that_ended_a_minute_ago_sends_nothing(world: World) -> None:
    """He saw the preview, lost his office, and taps yes."""
    town = roosendaal(world)
    lena = town.tolberg.member("Lena", channel="telegram")
    with world.context("members") as ctx:
        ctx.directory.appoint(
            world.person_id(lena), OfficialKind.MUNICIPALITY, "Roosendaal", verified_by=world.person_id(lena)
        )
    lena.says(f"mededeling: {WATER}")
    lena.taps("Koud")
    preview = lena.last
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(lena), OfficialKind.MUNICIPALITY, "Roosendaal")
    lena.taps("Ja", on=preview)
    world.advance(seconds=5)
    assert not texts(town.vera)
    assert about(lena, "staat niet meer klaar") or about(lena, "Er is niets verstuurd")
    assert "announcement_refused" in [one.event for one in world.audit()]
    lena.says(f"mededeling: {WATER}")
    assert "Er is niets verstuurd" in lena.last.text


def test_who_was_an_official_until_a_minute_ago_hears_why(world: World) -> None:
    """He is no member: for us he is nobody any more, and still he gets a sentence, and it is recorded."""
    town = roosendaal(world)
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(town.mieke), OfficialKind.MUNICIPALITY, "Roosendaal")
    town.mieke.says(f"mededeling: {WATER}")
    assert "functionarissen die een beheerder heeft bevestigd" in town.mieke.last.text
    assert [one.subject for one in world.audit() if one.event == "announcement_refused"] == ["refused.sender"]


def test_who_is_not_confirmed_yet_can_send_nothing(world: World) -> None:
    town = roosendaal(world)
    ron = official(world, "Ron", "boa", municipality="Roosendaal", channel="telegram", verified=False)
    ron.says(f"mededeling: {WATER}")
    assert "eerst bevestigen" in ron.last.text
    world.advance(seconds=5)
    assert not texts(town.vera)


def test_an_office_for_one_neighbourhood_writes_to_that_one(world: World) -> None:
    town = roosendaal(world)
    dirk = official(
        world, "Dirk", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[town.langdonk]
    )
    dirk.says("mededeling: Let op babbeltrucs.\nklasse: koud")
    assert "Buurten: 1" in dirk.last.text
    assert "Vragen aan de politie: 0900-8844" in dirk.last.text
    dirk.taps("Ja")
    world.advance(seconds=10)
    assert about(town.wim, "babbeltrucs")
    assert not texts(town.vera)


def test_a_municipality_without_neighbourhoods_here_is_told_so(world: World) -> None:
    roosendaal(world)
    els = official(world, "Els", "municipality", municipality="Breda", channel="telegram")
    els.says(f"mededeling: {WATER}")
    assert "In Breda is geen buurt" in els.last.text


def test_a_long_text_is_split_and_never_cut(world: World) -> None:
    """R47, R49: in a template line breaks become " · ", nothing else, and what does not fit goes in two."""
    town = roosendaal(world)
    ria = town.tolberg.member("Ria", channel="whatsapp", window_open=False)
    words = [f"Regel {number}: er zijn {number} straten zonder water." for number in range(1, 21)]
    body = "\n".join(words)
    assert 800 < len(body) <= 900
    send(town.mieke, body)
    town.vera.taps("Doorzetten")
    world.advance(minutes=1)
    [whole] = about(town.anna, "Regel 1:")
    assert body in whole
    parts = [one.text.split("———\n")[1] for one in ria.received]
    said = " ".join(re.sub(r" \(\d/\d\)\s*$", "", part.strip()) for part in parts)
    assert [one for one in re.split(r" · | (?=Regel)", said) if one] == words
    assert all(one.template == "buurtwacht_read_official" for one in ria.received)


def test_who_is_official_and_coordinator_says_as_what_he_writes(world: World) -> None:
    town = roosendaal(world)
    with world.context("members") as ctx:
        kees = world.person_id(town.kees)
        ctx.directory.appoint(kees, OfficialKind.BOA, "Roosendaal", verified_by=kees)
    town.kees.says("mededeling: Het park is zaterdag dicht.")
    assert town.kees.last.buttons == ("handhaving (Roosendaal)", "Coördinator van Tolberg") or (
        "Coördinator van Tolberg" in town.kees.last.text
    )
    town.kees.says("2")
    assert "MEDEDELING (nummer volgt) van de coördinator van Tolberg" in town.kees.last.text


def test_a_neighbourhood_that_wants_it_straight_needs_no_representative(world: World) -> None:
    """Members who refused the municipality get nothing, by whichever way (R48)."""
    town = roosendaal(world, direct=["municipality"])
    town.mieke.says(f"mededeling: {WATER}\nklasse: koud")
    assert "Rechtstreeks naar de leden: Langdonk" in town.mieke.last.text
    town.mieke.taps("Ja")
    world.advance(seconds=30)
    assert len(about(town.lot, WATER)) == 1
    assert len(about(town.wim, WATER)) == 1
    assert not texts(town.jan)
    assert "Doorzetten" not in town.wim.last.buttons


def test_a_kind_that_is_not_wanted_reaches_nobody(world: World) -> None:
    town = roosendaal(world, senders=["police"])
    town.mieke.says(f"mededeling: {WATER}\nklasse: koud")
    assert "Buurten: 2" in town.mieke.last.text


def test_a_crash_while_it_is_sent_asks_nobody_twice_and_nobody_never(world: World) -> None:
    town = roosendaal(world)
    town.mieke.says(f"mededeling: {WATER}\nklasse: koud")
    world.crash(during="handler")
    town.mieke.taps("Ja")
    world.advance(minutes=1)
    assert len(about(town.vera, WATER)) == 1
    assert len(about(town.wim, WATER)) == 1
    assert len(about(town.mieke, "M1 is verstuurd aan 2")) == 1


def test_a_step_that_is_told_twice_is_taken_once(world: World) -> None:
    """A crash after a step and before it is marked as done has it told again."""
    town = roosendaal(world)
    send(town.mieke, WATER)
    world.advance(seconds=10)
    with world.context("announcements") as ctx:
        sent = ctx.records.first(Announcement)
        assert sent is not None
        ctx.tell("announcement_walk", announcement=sent.id, after=0)
    world.advance(seconds=10)
    assert len(about(town.vera, WATER)) == 1
    assert len(about(town.mieke, "M1 is verstuurd aan 2")) == 1


def test_an_official_sees_how_far_his_announcements_are(world: World) -> None:
    town = roosendaal(world)
    town.mieke.says("mededelingen")
    assert "nog geen mededelingen" in town.mieke.last.text
    send(town.mieke, WATER)
    town.vera.taps("Doorzetten")
    world.advance(seconds=10)
    town.mieke.says("mededelingen")
    assert "M1 “Geen water morgen”" in town.mieke.last.text
    assert "doorgezet in 1 van 3 buurten, 1 kiezen nog" in town.mieke.last.text


def test_a_photo_does_not_go_along_and_that_is_said(world: World) -> None:
    town = roosendaal(world)
    for sender in (town.mieke, town.kees):
        before = len(sender.received)
        sender.says("mededeling: zaterdag is de markt dicht", photo=True)
        world.advance(seconds=5)
        said = [one.text for one in sender.received[before:]]
        assert len([one for one in said if "zonder foto of bestand" in one]) == 1
        assert len(said) == 2
    town.mieke.taps("Koud")
    town.mieke.taps("Ja")
    world.advance(seconds=30)
    assert all(not one.attachments and not one.photo for one in town.vera.received)


def test_a_stranger_who_announces_is_refused_and_leaves_no_trace(world: World) -> None:
    """He may try as often as he likes: it fills no log."""
    town = roosendaal(world)
    sam = town.tolberg.newcomer("Sam", channel="telegram")
    for number in range(3):
        sam.says(f"mededeling: gratis bier {number}")
        world.advance(minutes=1)
    assert "gratis bier" not in sam.last.text
    assert not texts(town.vera)
    assert not [one for one in world.audit() if "announcement" in one.event]


def test_a_photo_of_an_announcement_does_not_fall_to_a_report_of_the_same_sender(world: World) -> None:
    """It is for his neighbours to read, and no evidence of something else; a photo without words is."""
    town = roosendaal(world)
    town.kees.says("verdachte auto in de Kring, rijdt stapvoets langs de auto's")
    world.advance(minutes=2)
    town.kees.says("mededeling: zaterdag is de markt dicht", photo=True)
    world.advance(seconds=10)
    said = [one.text for one in town.kees.received]
    assert len([one for one in said if "zonder foto of bestand" in one]) == 1
    assert not [one for one in said if one.startswith("Foto ") or "Je foto" in one or "De foto" in one]
    before = len(town.kees.received)
    town.kees.says("", photo=True)
    world.advance(seconds=10)
    assert len(town.kees.received) > before
    with world.context("alerts", town.tolberg) as ctx:
        assert len([one for one in ctx.records.find(Addition) if one.media is not None]) == 1
