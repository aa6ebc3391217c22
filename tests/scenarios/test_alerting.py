"""An alert from its first sentence to its end, as neighbours live through it, in memory and on the wire."""

from __future__ import annotations

from buurtwacht.testing import World

from .tolberg import CAR, about, both_ways, texts, tolberg

world = both_ways


def test_alert_reaches_both_messengers(world: World) -> None:
    world.at("2026-01-16 01:42")
    tolberg = world.neighbourhood("TB", "Tolberg", adjacent=["LD"], streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", roles=["member", "patroller"], street="Meidoornstraat")
    henk = tolberg.member("Henk", channel="whatsapp", window_open=False)
    fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
    fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    assert "Meidoornstraat" in henk.last.text
    assert henk.last.template


def test_first_sixty_signs_carry_the_sense(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    shown = town.henk.last.text
    assert all(word in shown[:60] for word in ("URGENT", "VERDACHT VOERTUIG", "Meidoornstraat", "01:42"))
    assert shown.splitlines()[1] == "112: gebeld door melder (01:42)"
    assert town.henk.last.buttons == ("Gezien", "Ik let op", "Ik heb info", "Onveilig", "Klopt niet")
    assert town.henk.last.thread == "TB-0001"


def test_reporter_hears_the_id_at_once_and_the_number_afterwards_and_gets_no_copy(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    assert "TB-0001" in town.fatima.last.text
    assert town.fatima.last.buttons == (
        "Ja, door mij",
        "Ja, door iemand anders",
        "Nee, ik ga nu bellen",
        "Niet nodig",
    )
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    assert "verstuurd naar 4 buren" in town.fatima.last.text
    assert not about(town.fatima, "VERDACHT")


def test_urgent_report_waits_a_minute_at_most_for_the_112_question(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    world.advance(seconds=59)
    assert not town.riet.received
    world.advance(seconds=2)
    assert "112: onbekend" in town.riet.last.text


def test_critical_report_waits_for_nothing(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("inbraak bezig meidoornstraat, ze slaan nu een ruit in")
    assert "KRITIEK · INBRAAK BEZIG" in town.henk.last.text
    assert "Ja, door mij" in town.fatima.last.buttons
    assert "TB-0001" in town.fatima.last.text


def test_not_yet_is_told_to_call_and_reminded_once(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=5)
    assert about(town.fatima, "Bel nu 112. Ik kan niet voor je bellen")
    assert "112: nog niet bevestigd" in town.riet.last.text
    world.advance(seconds=61)
    assert len(about(town.fatima, "Heb je 112 nu gebeld")) == 1
    world.advance(minutes=10)
    assert len(about(town.fatima, "Heb je 112 nu gebeld")) == 1


def test_new_112_status_is_an_edit_on_telegram_and_one_short_line_on_whatsapp(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Nee, ik ga nu bellen")
    world.advance(seconds=20)
    before = len(town.riet.received), len(town.henk.received)
    town.fatima.says("ja gebeld")
    world.advance(seconds=10)
    assert len(town.riet.received) == before[0]
    assert "112: gebeld door melder" in town.riet.last.newest
    assert len(town.henk.received) == before[1] + 1
    assert town.henk.last.text.startswith("Melding TB-0001 · 112: gebeld door melder")
    assert "112: gebeld door melder" in about(town.ans, "VERDACHT")[0]
    world.advance(minutes=5)
    assert not about(town.fatima, "Heb je 112 nu gebeld")


def test_co_ordinators_read_everything_in_the_one_message_and_members_the_masked_text(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte auto meidoornstraat 14, kenteken 12-ABC-3, Riet zag hem stapvoets rijden, lichten uit")
    town.fatima.taps("Niet nodig")
    world.advance(seconds=5)
    [full] = about(town.ans, "VERDACHT")
    assert "12-ABC-3" in full
    assert "Melder: Fatima" in full
    assert "Riet zag hem" in full
    [shown] = about(town.henk, "VERDACHT")
    assert "12-ABC-3" not in shown
    assert "Kenteken bekend bij de coördinator" in shown
    assert "Riet" not in shown
    assert "Fatima" not in shown
    assert " 14" not in shown
    assert len(town.kees.received) == len(town.ans.received) == 1


def test_missing_behaviour_is_asked_once_and_the_street_is_the_reporters(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("verdachte man")
    town.fatima.taps("Ja, door mij")
    assert "Wat gebeurt er" in town.fatima.last.text
    town.fatima.says("hij voelt aan autodeuren")
    world.advance(seconds=5)
    assert "Meidoornstraat" in town.henk.last.text
    assert " 12" not in town.henk.last.text
    assert "voelt aan autodeuren" in town.henk.last.text


def test_addition_reaches_co_ordinators_at_once_and_others_after_a_minute(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    town.riet.says("3 richting Esdoornlaan")
    assert "richting Esdoornlaan" in town.kees.last.text
    assert "Riet" in town.kees.last.text
    assert not about(town.henk, "Esdoornlaan")
    world.advance(seconds=10)
    town.henk.says("aanvulling TB-0001 nu vier mannen uitgestapt")
    world.advance(seconds=51)
    [update] = about(town.fatima, "➕")
    assert "richting Esdoornlaan" in update
    assert "vier mannen" in update
    world.advance(minutes=5)
    assert len(about(town.fatima, "➕")) == 1


def test_co_ordinator_passes_an_addition_on_with_one_tap(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    town.riet.taps("Ik heb info")
    town.riet.says("richting Esdoornlaan")
    town.kees.taps("Doorgeven")
    world.advance(seconds=3)
    assert "richting Esdoornlaan" in town.henk.last.text
    assert not about(town.riet, "➕")
    world.advance(minutes=3)
    assert len(about(town.henk, "➕")) == 1


def test_end_that_speaks_for_the_police_is_held_for_one_question(world: World) -> None:
    town = tolberg(world)
    late = town.place.member("Late", channel="telegram")
    world.refuse(late, "unreachable")
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=25)
    world.accept(late)
    town.kees.says("einde TB-0001 vier aanhoudingen door de politie")
    assert not about(town.henk, "EINDE")
    assert town.kees.last.buttons == ("Ja", "Nee")
    town.kees.taps("Ja")
    world.advance(seconds=5)
    for one in (town.fatima, town.henk, town.riet, town.kees, town.ans):
        assert len(about(one, "EINDE MELDING TB-0001")) == 1
        assert "vier aanhoudingen" in about(one, "EINDE MELDING")[0]
    assert not texts(late)


def test_false_alarm_blames_nobody_and_asks_the_caller_to_call_back(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    town.ans.says("loos alarm TB-0001 het was een krantenbezorger")
    assert not about(town.henk, "LOOS ALARM")
    town.ans.taps("Ja")
    world.advance(seconds=5)
    assert "krantenbezorger" in town.henk.last.text
    assert "Niemand heeft iets verkeerd gedaan" in town.riet.last.text
    assert "bel zelf even terug" in town.fatima.last.text
    town.ans.says("loos alarm TB-0001 nog eens")
    assert "al gesloten als loos alarm" in town.ans.last.text
    assert len(about(town.henk, "LOOS ALARM")) == 1


def test_resembling_report_is_added_or_new(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=4)
    town.riet.says("verdachte auto in de meidoornstraat kijkt bij geparkeerde auto's naar binnen")
    assert "TB-0001" in town.riet.last.text
    assert town.riet.last.buttons == ("Toevoegen", "Toch nieuw")
    town.riet.taps("Toevoegen")
    assert "kijkt bij geparkeerde" in town.kees.last.text
    world.advance(minutes=2)
    assert not about(town.henk, "TB-0002")
    town.henk.says("verdachte auto meidoornstraat, staat stil met draaiende motor en lichten uit")
    town.henk.taps("Toch nieuw")
    town.henk.taps("Ja, door iemand anders")
    world.advance(seconds=5)
    assert about(town.riet, "TB-0002")


def test_call_for_help_is_shown_112_and_reaches_co_ordinators(world: World) -> None:
    town = tolberg(world)
    town.riet.says("hulp! er staat iemand in mijn tuin")
    world.advance(seconds=5)
    assert any("112" in text for text in texts(town.riet))
    for one in (town.kees, town.ans):
        assert any("HULP GEVRAAGD door Riet" in text for text in texts(one))
    assert not about(town.henk, "HULP")
