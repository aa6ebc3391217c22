"""Who is shown an alert, when: by night, next door, in a group, after an outage."""

from __future__ import annotations

from buurtwacht.testing import World

from .tolberg import CAR, about, alarmed, both_ways, texts, tolberg

world = both_ways

PLACES = {"Meidoornstraat": (51.5300, 4.4300), "Beukenlaan": (51.5310, 4.4310), "Verweg": (51.5400, 4.4600)}


def test_urgent_wakes_who_lives_near_and_the_others_read_it_live_in_the_morning(world: World) -> None:
    world.at("2026-01-16 05:50")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=PLACES)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    near = tolberg.member("Near", channel="telegram", street="Beukenlaan")
    far = tolberg.member("Far", channel="whatsapp", street="Verweg")
    unknown = tolberg.member("Unknown", channel="telegram")
    kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"], street="Verweg")
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(minutes=3)
    assert about(near, "VERDACHT")
    assert about(unknown, "VERDACHT")
    assert not texts(far)
    assert any("1 wachten" in text for text in texts(kees))
    world.advance_to("2026-01-16 07:01")
    assert about(far, "VERDACHT")
    kees.says("einde TB-0001 het was een monteur")
    world.advance(seconds=5)
    assert about(far, "monteur")


def test_who_slept_through_it_reads_one_entry_with_the_outcome(world: World) -> None:
    world.at("2026-01-16 01:42")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=PLACES)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    far = tolberg.member("Far", channel="whatsapp", street="Verweg")
    kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(minutes=10)
    kees.says("einde TB-0001 het was een monteur")
    world.advance(minutes=10)
    assert not texts(far)
    world.advance_to("2026-01-16 07:05")
    assert len(texts(far)) == 1
    assert "monteur" in far.last.text


def test_false_alarm_drops_out_of_the_morning(world: World) -> None:
    world.at("2026-01-16 01:42")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=PLACES)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    far = tolberg.member("Far", channel="whatsapp", street="Verweg")
    kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
    fatima.says(CAR)
    fatima.taps("Ja, door mij")
    world.advance(minutes=10)
    kees.says("loos alarm krantenbezorger")
    kees.taps("Ja")
    world.advance_to("2026-01-16 07:05")
    assert not texts(far)


def test_a_day_that_is_not_today_is_named_and_no_time_that_nobody_said(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    town.fatima.says("gisteren is er ingebroken in de meidoornstraat, raam kapot")
    world.advance(seconds=5)
    heading = town.riet.last.text.splitlines()[0]
    assert "15 jan" in heading
    assert "12:00" not in heading
    town.fatima.says("gisteren om 23:15 ingebroken in de beukenlaan, raam kapot")
    world.advance(seconds=5)
    heading = town.riet.last.text.splitlines()[0]
    assert "15 jan" in heading
    assert "23:15" in heading


def test_notice_waits_for_the_morning_and_asks_nothing(world: World) -> None:
    world.at("2026-01-16 01:42")
    tolberg = world.neighbourhood("TB", "Tolberg", streets=PLACES)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    riet = tolberg.member("Riet", channel="telegram", street="Meidoornstraat")
    fatima.says("melding stroomstoring in de Meidoornstraat, alles is donker")
    world.advance(minutes=2)
    assert not any("112 al gebeld" in text for text in texts(fatima))
    assert not texts(riet)
    world.advance_to("2026-01-16 07:05")
    assert about(riet, "LET OP · STROOMSTORING")


def test_the_next_neighbourhood_is_offered_it_and_one_tap_relays_it(world: World) -> None:
    town = tolberg(world)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"], quiet_hours=None)
    noor = langdonk.member("Noor", channel="telegram", roles=["member", "representative"])
    piet = langdonk.member("Piet", channel="whatsapp", window_open=False)
    both = langdonk.member("Both", channel="telegram")
    town.place.join(both)
    alarmed(town)
    town.riet.says("3 richting Esdoornlaan")
    noor.taps("Doorzetten")
    world.advance(seconds=5)
    assert "uit de buurt Tolberg" in piet.last.text
    assert len(about(both, "VERDACHT")) == 1
    town.kees.says("einde TB-0001 auto is weg")
    world.advance(seconds=5)
    for one in (noor, piet, both):
        assert len(about(one, "EINDE MELDING TB-0001")) == 1


def test_co_ordinator_relays_with_a_command(world: World) -> None:
    town = tolberg(world)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"], quiet_hours=None)
    piet = langdonk.member("Piet", channel="whatsapp", window_open=False)
    alarmed(town)
    town.kees.says("doorzetten TB-0001 XX")
    assert "LD" in town.kees.last.text
    town.kees.says("doorzetten TB-0001 LD")
    assert "doorgezet naar Langdonk: 1 buur" in town.kees.last.text
    assert "uit de buurt Tolberg" in piet.last.text


def test_who_is_shown_it_next_door_reads_what_was_added_before_and_after(world: World) -> None:
    town = tolberg(world)
    langdonk = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], streets=["Parklaan"], quiet_hours=None)
    piet = langdonk.member("Piet", channel="whatsapp", window_open=False)
    alarmed(town)
    town.riet.says("aanvulling TB-0001 nu vier mannen uitgestapt, vraag Henk")
    world.advance(minutes=2)
    town.kees.says("doorzetten TB-0001 LD")
    world.advance(seconds=5)
    assert "vier mannen uitgestapt" in piet.last.text
    assert "Henk" not in piet.last.text
    town.riet.says("aanvulling TB-0001 rijdt weg")
    world.advance(minutes=2)
    assert "rijdt weg" in piet.last.text


def test_group_gets_it_once_beside_the_private_copies(world: World) -> None:
    town = tolberg(world)
    group = town.place.group()
    alarmed(town)
    assert len(group.received) == 1
    assert "Meidoornstraat" in group.last.text
    assert about(town.riet, "VERDACHT")
    group.taps(town.riet, "Ik let op")
    town.kees.says("stand")
    assert "let op 1" in town.kees.last.text
    town.kees.says("einde auto is weg")
    world.advance(seconds=10)
    assert "EINDE" in group.last.text


def test_after_an_outage_nobody_reads_an_alert_that_has_ended(world: World) -> None:
    town = tolberg(world)
    with world.outage("whatsapp"):
        alarmed(town)
        town.ans.says("einde TB-0001 auto is weg")
        world.advance(minutes=1)
    world.advance(minutes=10)
    assert not texts(town.henk)
    assert about(town.riet, "EINDE")


def test_what_presses_is_not_closed_by_time(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    world.advance(minutes=40)
    assert about(town.kees, "staat nog open")
    world.advance(hours=6)
    assert not about(town.henk, "EINDE")
    town.kees.taps("Afsluiten")
    world.advance(seconds=5)
    assert about(town.henk, "EINDE")
