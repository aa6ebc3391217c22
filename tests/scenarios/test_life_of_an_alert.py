"""The life of an alert, read literally: who hears its end, who speaks for whom, what time does, what an admin may."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import CAR, about, alarmed, both_ways, texts, tolberg

world = both_ways

POLICE = "de politie heeft de bestuurder aangehouden"


# --- an outcome that is told while it is open ------------------------------------------------------------------------


def test_an_outcome_told_by_a_co_ordinator_closes_after_a_yes(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("afloop TB-0001 het was een monteur")
    assert "monteur" in town.kees.last.text
    assert town.kees.last.buttons == ("Ja", "Nee")
    assert not about(town.riet, "monteur")
    town.kees.taps("Nee")
    assert "blijft open" in town.kees.last.text
    town.kees.says("afloop TB-0001 alles rustig")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    for one in (town.riet, town.henk, town.fatima):
        [end] = about(one, "EINDE MELDING TB-0001")
        assert "alles rustig" in end


def test_an_outcome_in_the_name_of_the_police_has_its_source_asked_first(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says(f"afloop TB-0001 {POLICE}")
    assert "Bron" in town.kees.last.text
    town.kees.taps("Ja")
    assert "Afsluiten met" in town.kees.last.text
    assert not about(town.riet, "aangehouden")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    assert len(about(town.riet, "aangehouden")) == 1


def test_a_member_who_tells_an_outcome_reads_how_it_stands(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says("afloop TB-0001 alles rustig")
    world.advance(seconds=10)
    assert "nog open" in town.riet.last.text
    assert not about(town.henk, "EINDE")


# --- words that speak for the police (R14) ---------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["einde TB-0001", "intrekken TB-0001", "aanvulling TB-0001", "loos alarm TB-0001"])
def test_what_speaks_for_the_police_waits_for_a_yes(world: World, typed: str) -> None:
    town = tolberg(world)
    alarmed(town)
    before = len(texts(town.riet))
    town.kees.says(f"{typed} {POLICE}")
    assert "Bron" in town.kees.last.text
    world.advance(minutes=5)
    assert len(texts(town.riet)) == before
    town.kees.taps("Nee")
    assert "niets verstuurd" in town.kees.last.text
    world.advance(minutes=5)
    assert len(texts(town.riet)) == before
    town.riet.says("status")
    assert "nog open" in town.riet.last.text
    town.kees.says(f"{typed} {POLICE}")
    town.kees.taps("Ja")
    if typed.startswith("loos"):
        town.kees.taps("Ja")
    world.advance(minutes=2)
    assert about(town.riet, "aangehouden")


def test_a_reason_to_reopen_that_speaks_for_the_police_waits_for_a_yes_too(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 weggereden")
    town.ans.says("heropen TB-0001 de politie zoekt hem nog")
    assert "Bron" in town.ans.last.text
    world.advance(seconds=10)
    assert not about(town.riet, "weer open")
    town.ans.taps("Nee")
    world.advance(seconds=10)
    assert not about(town.riet, "weer open")
    town.ans.says("heropen TB-0001 de politie zoekt hem nog")
    town.ans.taps("Ja")
    world.advance(seconds=10)
    assert about(town.riet, "politie zoekt hem nog")


def test_somebody_who_closed_it_meanwhile_was_first(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says(f"einde TB-0001 {POLICE}")
    town.ans.says("einde TB-0001 hij reed weg")
    town.kees.taps("Ja")
    assert "al gesloten door Ans" in town.kees.last.text
    world.advance(seconds=10)
    assert len(about(town.riet, "EINDE MELDING")) == 1
    assert not about(town.riet, "aangehouden")


# --- who hears the end (R15) -----------------------------------------------------------------------------------------


def test_the_end_goes_to_exactly_those_who_were_shown_it(world: World) -> None:
    town = tolberg(world)
    leidsche = world.neighbourhood("LD", "Langdonk", adjacent=["TB"], quiet_hours=None)
    piet = leidsche.member("Piet", channel="telegram")
    alarmed(town)
    town.kees.says("doorzetten TB-0001 LD")
    later = town.place.member("Lotte", channel="telegram")
    town.henk.says("uitschrijven")
    town.henk.taps("Ja")
    gone = len(texts(town.henk))
    world.advance(minutes=1)
    town.ans.says("einde TB-0001 het was een monteur")
    world.advance(seconds=30)
    for one in (town.riet, piet, town.fatima, town.kees):
        assert len(about(one, "EINDE MELDING TB-0001")) == 1, one
    assert not about(later, "TB-0001")
    assert len(texts(town.henk)) == gone


def test_who_left_hears_no_update_and_no_thanks(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    for one in (town.fatima, town.henk):
        one.says("uitschrijven")
        one.taps("Ja")
    gone = [len(texts(one)) for one in (town.fatima, town.henk)]
    town.kees.says("aanvulling TB-0001 hij staat nu bij de school")
    world.advance(minutes=2)
    town.kees.says("loos alarm TB-0001 het was de bezorger")
    town.kees.taps("Ja")
    world.advance(minutes=2)
    assert about(town.riet, "LOOS ALARM TB-0001")
    assert [len(texts(one)) for one in (town.fatima, town.henk)] == gone


# --- several reporters (R16, R24) ------------------------------------------------------------------------------------


def test_everybody_who_reported_it_is_thanked_and_who_called_112_calls_back(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    town.riet.says("verdachte auto meidoornstraat, rijdt heel langzaam, ik heb 112 gebeld")
    town.riet.taps("Toevoegen")
    world.advance(minutes=2)
    town.kees.says("stand TB-0001")
    assert "Gemeld door 2" in town.kees.last.text
    town.kees.says("loos alarm TB-0001 het was de krantenbezorger")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    assert "Bedankt voor je melding" in town.fatima.last.text
    assert "bel zelf even terug" not in town.fatima.last.text
    assert "bel zelf even terug" in town.riet.last.text
    assert "Fatima" not in town.riet.last.text
    for one in (town.fatima, town.riet):
        assert len(about(one, "LOOS ALARM TB-0001")) == 1


def test_when_somebody_else_called_nobody_is_told_that_he_did(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door iemand anders")
    world.advance(seconds=10)
    town.kees.says("loos alarm TB-0001 het was de krantenbezorger")
    town.kees.taps("Ja")
    world.advance(seconds=10)
    assert "Je hebt 112 gebeld" not in town.fatima.last.text
    assert "112 is gebeld" in town.fatima.last.text
    assert "terug" in town.fatima.last.text


def test_a_critical_report_joins_and_still_new_is_a_way_out(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("brand! schuur staat in de fik esdoornlaan")
    world.advance(seconds=10)
    town.riet.says("brand in de esdoornlaan, vlammen uit het dak")
    assert "toegevoegd aan TB-0001" in town.riet.last.text
    town.riet.taps("Toch nieuw")
    world.advance(seconds=10)
    assert about(town.henk, "TB-0002")
    town.kees.says("einde TB-0002 dat was dezelfde")
    world.advance(seconds=10)
    assert about(town.riet, "EINDE MELDING TB-0002")
    town.kees.says("einde TB-0001 geblust")
    world.advance(seconds=10)
    assert about(town.riet, "EINDE MELDING TB-0001")


def test_who_answers_after_it_was_added_hears_where_it_is(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says("verdachte auto meidoornstraat, rijdt heel langzaam")
    world.advance(seconds=61)
    assert "staat nu bij TB-0001" in town.riet.last.text
    before = len(texts(town.riet))
    town.riet.taps("Toevoegen")
    world.advance(seconds=5)
    assert len(texts(town.riet)) == before + 1
    assert "TB-0001" in town.riet.last.text


@pytest.mark.parametrize("label", ["Toch nieuw", "Toevoegen"])
def test_what_was_taken_back_is_not_begun_again(world: World, label: str) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says("verdachte auto meidoornstraat, rijdt heel langzaam")
    asked = town.riet.last
    town.riet.says("intrekken")
    assert "niet verstuurd" in town.riet.last.text
    town.riet.taps(label, on=asked)
    assert "al afgehandeld" in town.riet.last.text
    world.advance(minutes=3)
    assert not about(town.henk, "TB-0002")
    assert not about(town.kees, "heel langzaam")


# --- doubts (R22) ----------------------------------------------------------------------------------------------------


def test_doubts_count_people_and_not_taps(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.taps("Klopt niet")
    town.riet.says("vals alarm TB-0001")
    town.riet.says("5")
    world.advance(seconds=10)
    assert not about(town.kees, "Twijfel")
    town.henk.taps("Klopt niet")
    world.advance(seconds=10)
    for one in (town.kees, town.ans):
        assert about(one, "2 buren")
    assert not about(town.fatima, "Twijfel")
    town.riet.says("status")
    assert "nog open" in town.riet.last.text


def test_a_reporter_who_says_false_alarm_is_heard_at_once(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.fatima.says("loos alarm TB-0001 het is de nieuwe buurman")
    world.advance(seconds=10)
    for one in (town.kees, town.ans):
        assert about(one, "nieuwe buurman")
    assert "TB-0001" in town.fatima.last.text
    assert not about(town.riet, "LOOS")
    town.riet.taps("Klopt niet")
    world.advance(seconds=10)
    assert about(town.kees, "2 buren")


def test_a_doubt_after_the_end_is_kept_and_asks_nothing_of_anybody(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    shown = next(one for one in town.riet.received if "Klopt niet" in one.buttons)
    town.henk.taps("Klopt niet")
    town.kees.says("einde TB-0001 weg")
    town.riet.taps("Klopt niet", on=shown)
    world.advance(seconds=10)
    assert "TB-0001" in town.riet.last.text
    assert not about(town.kees, "Twijfel")


# --- time (R13) ------------------------------------------------------------------------------------------------------


def test_critical_is_asked_about_after_half_an_hour_and_again_after_its_expiry(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("brand! schuur staat in de fik esdoornlaan")
    world.advance(minutes=29)
    assert not about(town.kees, "staat nog open")
    world.advance(minutes=2)
    assert len(about(town.kees, "staat nog open")) == 1
    town.kees.taps("Nog open laten")
    world.advance(hours=2, minutes=5)
    assert len(about(town.kees, "staat nog open")) == 2
    town.riet.says("status")
    assert "nog open" in town.riet.last.text


def test_urgent_is_asked_about_after_an_hour_unless_its_time_is_shorter(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("babbeltruc! man belt aan en zegt dat hij van de bank is, esdoornlaan")
    town.fatima.taps("Niet nodig")
    world.advance(minutes=59)
    assert not about(town.kees, "staat nog open")
    world.advance(minutes=3)
    assert len(about(town.kees, "staat nog open")) == 1
    town.kees.taps("Afsluiten")
    world.advance(seconds=10)
    assert about(town.riet, "EINDE MELDING")
    world.advance(hours=5)
    assert len(about(town.kees, "staat nog open")) == 1


def test_what_does_not_press_ends_by_itself(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    town.fatima.says("stroomstoring in de meidoornstraat, alles donker")
    world.advance(hours=5, minutes=50)
    assert not about(town.riet, "EINDE")
    world.advance(minutes=20)
    assert len(about(town.riet, "EINDE MELDING TB-0001")) == 1
    assert not about(town.kees, "staat nog open")


# --- opening again ---------------------------------------------------------------------------------------------------


def test_only_an_admin_reopens_and_only_with_a_reason(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 weg")
    for one in (town.kees, town.riet):
        one.says("heropen TB-0001 de auto is terug")
        assert "alleen" in one.last.text
    town.ans.says("heropen TB-0001")
    assert "reden" in town.ans.last.text
    town.ans.says("heropen TB-0002 iets")
    assert "geen melding TB-0002" in town.ans.last.text
    world.advance(seconds=10)
    assert not about(town.riet, "weer open")


def test_what_is_open_again_can_be_added_to_is_asked_about_and_ends_once_more(world: World) -> None:
    town = tolberg(world)
    group = town.place.group("telegram")
    town.fatima.says("brand! schuur staat in de fik esdoornlaan")
    world.advance(minutes=10)
    town.kees.says("einde TB-0001 geblust")
    world.advance(minutes=10)
    town.ans.says("heropen TB-0001 het vuur laait weer op")
    world.advance(seconds=10)
    for one in (town.riet, town.henk, town.fatima, town.kees):
        assert len(about(one, "weer open")) == 1, one
    assert "weer open" in group.last.text
    town.ans.says("heropen TB-0001 nog een keer")
    assert "nog open" in town.ans.last.text
    town.riet.says("aanvulling TB-0001 het dak brandt nu ook")
    world.advance(minutes=2)
    assert about(town.henk, "dak brandt nu ook")
    world.advance(minutes=29)
    assert about(town.kees, "staat nog open")
    town.kees.says("einde TB-0001 nu echt uit")
    world.advance(seconds=10)
    assert len(about(town.riet, "EINDE MELDING TB-0001")) == 2


def test_what_never_went_out_cannot_be_opened_again(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("melding er klopt iets niet bij de vijver")
    world.advance(minutes=2)
    town.kees.taps("Niet sturen")
    town.ans.says("heropen TB-0001 toch wel")
    assert "nooit naar de buurt" in town.ans.last.text
    world.advance(minutes=2)
    assert not about(town.riet, "TB-0001")


def test_what_was_closed_so_long_ago_that_nobody_would_be_told_is_reported_anew(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 weg")
    world.advance(days=29)
    town.ans.says("heropen TB-0001 de auto is terug")
    world.advance(seconds=10)
    assert len(about(town.riet, "weer open")) == 1
    town.kees.says("einde TB-0001 weg")
    world.advance(days=31)
    town.ans.says("heropen TB-0001 de auto is terug")
    assert "al meer dan 30 dagen dicht" in town.ans.last.text
    assert "nieuwe melding" in town.ans.last.text
    world.advance(seconds=10)
    assert len(about(town.riet, "weer open")) == 1


# --- doing it again (R24) --------------------------------------------------------------------------------------------


def test_doing_it_again_says_that_and_when(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("loos alarm TB-0001 het was de bezorger")
    town.kees.taps("Ja")
    closed = world.now
    world.advance(minutes=20)
    town.ans.says("loos alarm TB-0001")
    assert "al gesloten als loos alarm" in town.ans.last.text
    assert f"{closed:%H:%M}" in town.ans.last.text
    town.ans.says("einde TB-0001 klaar")
    assert f"{closed:%H:%M}" in town.ans.last.text
    world.advance(seconds=10)
    assert len(about(town.riet, "LOOS ALARM")) == 1
