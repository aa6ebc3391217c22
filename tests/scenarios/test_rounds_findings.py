"""What a round finds and for whom, its summary, the log book and the month report (R42, domain §2.8)."""

from __future__ import annotations

import csv

import pytest

from buurtwacht.testing import World

from .duty import SHIFT, duty, said, since
from .patrols import Walkers
from .tolberg import both_ways

world = both_ways


def out(world: World) -> Walkers:
    """Henk and Riet are on their round."""
    town = duty(world)
    world.advance_to("2026-05-12 21:31")
    town.henk.says("start ronde samen")
    world.advance(minutes=10)
    return town


def home(town: Walkers) -> None:
    """They are back, at half past ten."""
    town.world.advance_to("2026-05-12 22:30")
    town.henk.says("einde ronde samen")
    town.world.advance(seconds=5)


def test_one_line_goes_to_whom_it_is_for_after_the_round(world: World) -> None:
    town = out(world)
    town.kees.says("rooster")
    town.henk.says("bijzonderheden lamp kapot Lindestraat 12")
    assert "Genoteerd voor de gemeente: lamp kapot Lindestraat 12." in town.henk.last.text
    town.riet.says("log raam open bij nummer 7")
    assert "Genoteerd voor de politie: raam open bij nummer 7." in town.riet.last.text
    assert "Gebeurt het nu? Bel 112" in town.riet.last.text
    assert len(since(town.kees, "05-12 21:30")) == 1, "after the round, not during"
    home(town)
    assert town.kees.last.text == (
        "Ronde TB-D101 van di 12 mei 21:30 is gelopen door Henk, Riet, 21:31-22:30.\n"
        "Voor de politie: raam open bij nummer 7\n"
        "Voor de gemeente: lamp kapot Lindestraat 12\n"
        "Het logboek zie je met: logboek TB-D101."
    )
    for one in (town.fatima, town.piet, town.ans):
        assert "Lindestraat" not in said(one, "05-12 21:30"), "findings are for who plans"


def test_the_walker_corrects_for_whom_it_is_and_is_asked_when_that_is_not_clear(world: World) -> None:
    town = out(world)
    town.henk.says("bijzonderheden lamp kapot Lindestraat 12")
    assert town.henk.last.buttons == ("Politie", "Alleen logboek")
    town.henk.taps("Politie")
    assert "lijst voor de politie" in town.henk.last.text
    town.riet.says("bijzonderheden vreemde lucht achter de winkels")
    assert town.riet.last.buttons == ("Gemeente", "Politie", "Alleen logboek")
    town.riet.taps("Gemeente")
    assert "lijst voor de gemeente" in town.riet.last.text
    home(town)
    assert "Voor de politie: lamp kapot" in town.kees.last.text
    assert "Voor de gemeente: vreemde lucht" in town.kees.last.text


def test_what_comes_after_the_summary_is_sent_on(world: World) -> None:
    town = out(world)
    home(town)
    assert "Geen bijzonderheden." in town.kees.last.text
    town.riet.says("bijzonderheden losse tegel bij de school")
    world.advance(seconds=5)
    assert "Nagekomen bij ronde TB-D101:\nVoor de gemeente: losse tegel bij de school" in town.kees.last.text


@pytest.mark.parametrize("words", ["niks", "geen bijzonderheden", "niets bijzonders", "rustig", "nothing to report"])
def test_nothing_is_a_result_too(world: World, words: str) -> None:
    town = out(world)
    home(town)
    town.henk.says(words)
    assert town.henk.last.text == "Genoteerd: geen bijzonderheden."


def test_a_photo_is_kept_for_the_co_ordinator_and_not_shared(world: World) -> None:
    town = out(world)
    town.kees.says("rooster")
    town.henk.says("bijzonderheden graffiti op de muur van de school", photo=True)
    world.advance(seconds=10)
    assert "Foto bewaard" in said(town.henk, "05-12 21:41")
    assert "niet gedeeld met de buurt" in said(town.henk, "05-12 21:41")
    assert "Foto bij een bijzonderheid van een ronde: graffiti" in town.kees.last.text
    assert town.kees.last.attachments or town.kees.last.photo
    for one in (town.riet, town.fatima, town.ans):
        assert not any(letter.photo or letter.attachments for letter in since(one, "05-12 21:31"))
    world.advance(hours=73)
    assert not any(where.startswith("media") for where, _ in world.traces())


def test_a_place_or_a_photo_that_follows_belongs_to_the_line(world: World) -> None:
    town = out(world)
    town.kees.says("rooster")
    town.henk.says("bijzonderheden lamp kapot")
    town.henk.says("", location=(51.53080, 4.46530))
    assert town.henk.last.text == "De plaats staat erbij."
    town.henk.says("", photo=True)
    world.advance(seconds=10)
    assert "Foto bewaard" in said(town.henk, "05-12 21:41")
    home(town)
    assert "lamp kapot (met foto) (plaats 51.53080,4.46530)" in town.kees.last.text


def test_a_telephone_number_in_a_finding_is_left_out(world: World) -> None:
    town = out(world)
    town.henk.says("bijzonderheden scooter staat er al weken, eigenaar belt met 06 12345678")
    home(town)
    assert "eigenaar belt met …" in town.kees.last.text


def test_outside_a_round_a_finding_is_shown_another_way(world: World) -> None:
    town = duty(world)
    town.henk.says("bijzonderheden lamp kapot")
    assert "Je loopt nu geen ronde" in town.henk.last.text
    assert "melding" in town.henk.last.text


def test_reported_to_the_officer_on_duty_and_an_incident(world: World) -> None:
    town = out(world)
    town.henk.says("aangemeld bij agent")
    assert "Genoteerd om 21:41: aangemeld bij de dienstdoende agent." in town.henk.last.text
    town.riet.says("bijzonderheden incident: man viel ons lastig")
    home(town)
    assert "Aangemeld bij de dienstdoende agent om 21:41." in town.kees.last.text
    town.kees.says("maandrapport mei")
    assert "Incidenten: 1" in town.kees.last.text


def test_in_quiet_hours_the_summary_waits_for_the_morning(world: World) -> None:
    town = duty(world, quiet="22:30-07:00")
    world.advance_to("2026-05-12 21:31")
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:35")
    town.henk.says("einde ronde samen")
    world.advance_to("2026-05-13 06:59")
    assert not since(town.kees, "05-12 21:30")
    world.advance_to("2026-05-13 07:01")
    assert "is gelopen door Henk, Riet" in town.kees.last.text


# --- the log book ----------------------------------------------------------------------------------------------------


def test_the_log_book_of_a_shift_and_of_a_month(world: World) -> None:
    town = out(world)
    town.henk.says("bijzonderheden lamp kapot Lindestraat 12")
    home(town)
    town.kees.says("logboek TB-D101")
    assert town.kees.last.text == (
        "Logboek van TB-D101, di 12 mei 21:30:\n"
        "TB-D101 di 12 mei 21:30, gelopen\n"
        "21:31 Henk ingecheckt\n"
        "21:31 Riet ingecheckt (volgens Henk)\n"
        "21:41 gemeente: lamp kapot Lindestraat 12\n"
        "22:30 Henk uitgecheckt\n"
        "22:30 Riet uitgecheckt (volgens Henk)"
    )
    for words in ("logboek", "logboek mei", "logboek mei 2026", "logboek deze maand"):
        town.kees.says(words)
        world.advance(seconds=5)
        assert town.kees.last.text.startswith("Logboek van mei 2026:\nTB-D101"), words
    town.kees.says("logboek april")
    assert "Logboek van april 2026:\nEr is niets gebeurd." in town.kees.last.text
    world.advance(seconds=5)
    town.kees.says("logboek juni")
    assert town.kees.last.text.startswith("Logboek van juni 2025:"), "a month to come is the last one that was"
    town.kees.says("logboek TB-D999")
    assert town.kees.last.text == "Er is hier geen dienst TB-D999."
    world.advance(seconds=5)
    town.kees.says("logboek wat dan ook")
    assert "Welke dienst of maand?" in town.kees.last.text
    town.henk.says("logboek mei")
    assert "Lindestraat" not in town.henk.last.text, "only who looks after the neighbourhood reads it"


def test_after_twelve_months_the_words_are_gone(world: World) -> None:
    town = out(world)
    town.henk.says("bijzonderheden gesproken met Zarathustra over de lamp")
    home(town)
    world.advance(days=366)
    town.kees.says("logboek TB-D101")
    assert "(tekst na 12 maanden gewist)" in town.kees.last.text
    assert "Henk" not in town.kees.last.text
    for where, content in world.traces():
        assert b"Zarathustra" not in content, where


# --- the month report ------------------------------------------------------------------------------------------------


def test_the_month_report_counts_and_names_nobody(world: World) -> None:
    sentence = SHIFT.replace("12 mei t/m 12 mei, di 21:30", "12 mei t/m 19 mei, di 21:30 en vr 21:30")
    town = duty(world, sentence)
    world.advance_to("2026-05-12 21:31")
    town.henk.says("start ronde samen")
    town.henk.says("bijzonderheden lamp kapot Lindestraat 12")
    town.henk.says("bijzonderheden raam open")
    world.advance_to("2026-05-12 22:31")
    town.henk.says("einde ronde samen")
    world.advance_to("2026-05-14 10:00")
    town.kees.says("dienst vervalt 15 mei")
    world.advance_to("2026-06-01 10:00")
    town.kees.says("maandrapport")
    report = town.kees.last
    assert report.text.splitlines() == [
        "Rondes in Tolberg, mei 2026:",
        "Gepland: 3",
        "Gelopen: 1",
        "Vervallen: 1",
        "Niet gelopen: 1",
        "Lopers per ronde opgeteld: 2",
        "Gelopen tijd opgeteld: 2 uur",
        "Zonder bijzonderheden: 0",
        "Met bijzonderheden: 1",
        "Incidenten: 0",
        "Voor de politie: 1",
        "Voor de gemeente: 1",
        "Alleen logboek: 0",
    ]
    (file,) = report.attachments
    assert file.name == "rondes-tb-2026-05.csv"
    (row,) = csv.DictReader(file.data.decode().splitlines())
    assert (row["month"], row["planned"], row["walked"], row["minutes"]) == ("2026-05", "3", "1", "120")
    for name in ("Henk", "Riet", "Lindestraat"):
        assert name not in report.text
        assert name.encode() not in file.data
    town.henk.says("maandrapport")
    assert "Gepland" not in town.henk.last.text


def test_a_month_that_is_named_in_either_language(world: World) -> None:
    town = out(world)
    home(town)
    for words in ("maandrapport mei", "month report May", "maandrapport mei 2026", "maandrapport deze maand"):
        town.kees.says(words)
        world.advance(seconds=5)
        assert "mei 2026" in town.kees.last.text, words
        assert "Gelopen: 1" in town.kees.last.text, words
    town.kees.says("maandrapport")
    assert "april 2026" in town.kees.last.text
    assert "Gepland: 0" in town.kees.last.text
    world.advance(seconds=5)
    town.kees.says("maandrapport december")
    assert "december 2025" in town.kees.last.text
