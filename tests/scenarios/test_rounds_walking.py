"""The round: checking in and out, who does not come, who is not back, and a call for help (R40, R41, domain §2.8)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .duty import SHIFT, duty, said, since
from .patrols import WALKER, Walkers
from .tolberg import both_ways

world = both_ways


def begun(world: World, minute: int = 1) -> Walkers:
    """Henk and Riet's shift has begun, so many minutes ago."""
    town = duty(world)
    world.advance_to(f"2026-05-12 21:{30 + minute}")
    return town


def test_each_checks_in_and_out_for_himself_and_the_co_ordinator_reads_what_it_was(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde")
    assert "Ingecheckt om 21:31" in town.henk.last.text
    assert "Nog niet ingecheckt: Riet. Wacht op elkaar; loop niet alleen." in town.henk.last.text
    town.riet.says("inchecken")
    assert "Met: Henk." in town.riet.last.text
    town.henk.says("start ronde")
    assert town.henk.last.text == "Je bent al ingecheckt, sinds 21:31."
    world.advance_to("2026-05-12 22:28")
    assert len(since(town.henk, "05-12 21:32")) == 0, "nobody who walks is asked where he is"
    town.henk.says("einde ronde")
    assert "Uitgecheckt om 22:28. Bedankt voor het lopen: je eerste ronde dit jaar." in town.henk.last.text
    assert "Nog niet uitgecheckt: Riet." in town.henk.last.text
    assert "Loop niet alleen verder" in town.riet.last.text
    assert "gelopen" not in said(town.kees, "05-12 21:30")
    town.riet.says("uitchecken")
    world.advance(seconds=5)
    assert town.kees.last.text == (
        "Ronde TB-D101 van di 12 mei 21:30 is gelopen door Henk, Riet, 21:31-22:28.\n"
        "Geen bijzonderheden.\n"
        "Het logboek zie je met: logboek TB-D101."
    )
    town.riet.says("einde ronde")
    assert town.riet.last.text == "Je was al uitgecheckt, om 22:28."
    assert said(town.riet, "05-12 21:30").count("Bedankt") == 1
    world.advance_to("2026-05-13 09:00")
    assert not since(town.henk, "05-12 22:30")


def test_together_counts_for_both(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    assert "Met: Riet." in town.henk.last.text
    assert "Henk heeft jou ook ingecheckt" in town.riet.last.text
    world.advance_to("2026-05-12 22:00")
    assert "bij het startpunt" not in said(town.riet, "05-12 21:31")
    town.riet.says("einde ronde samen")
    world.advance(seconds=5)
    assert "Riet heeft jou ook uitgecheckt" in town.henk.last.text
    assert "is gelopen door Henk, Riet" in town.kees.last.text


def test_without_together_each_is_asked_for_himself(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    town.henk.says("einde ronde")
    world.advance_to("2026-05-12 22:46")
    assert "Ben je terug?" in town.riet.last.text
    assert "Ben je terug?" not in said(town.henk, "05-12 22:00")


def test_who_did_not_check_in_is_asked_and_an_answer_counts(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde")
    world.advance_to("2026-05-12 21:40")
    assert "Ben je bij het startpunt (parkeerplaats De Wal)?" in town.riet.last.text
    assert town.riet.last.buttons == ("Ja ik loop", "Nee ik kan niet")
    assert "startpunt (" not in said(town.henk, "05-12 21:31")
    town.riet.says("ja")
    assert "Ingecheckt om 21:40" in town.riet.last.text
    world.advance_to("2026-05-12 22:00")
    assert "Wacht of ga naar huis" not in said(town.henk, "05-12 21:30")
    assert not since(town.kees, "05-12 21:30")


@pytest.mark.parametrize("words", ["ik ben er bijna", "onderweg", "ben er over 5 minuten", "on my way"])
def test_a_word_of_his_own_counts_too(world: World, words: str) -> None:
    town = begun(world)
    town.henk.says("start ronde")
    world.advance_to("2026-05-12 21:41")
    town.riet.says(words)
    assert "Ingecheckt om 21:41" in town.riet.last.text


@pytest.mark.parametrize("tapped", [True, False], ids=["tapped", "typed"])
def test_a_no_show_leaves_nobody_walking_alone(world: World, tapped: bool) -> None:
    town = begun(world)
    if tapped:
        town.kees.says("mijn diensten")  # names can be tapped by who wrote within a day; a template cannot hold them
    town.henk.says("start ronde")
    world.advance_to("2026-05-12 21:46")
    assert town.henk.last.text == (
        "Nog niets gehoord van Riet voor di 12 mei 21:30. Wacht of ga naar huis; niet alleen lopen. "
        "De coördinator krijgt bericht."
    )
    assert "niet gekomen: Riet" in town.kees.last.text
    assert "Er zijn: Fatima, Piet." in town.kees.last.text
    if tapped:
        assert town.kees.last.buttons == ("Fatima", "Piet")
        town.kees.taps("Piet")
    else:
        town.kees.says("vraag invaller Piet")
    assert "Gevraagd: Piet" in town.kees.last.text
    assert "Kun je invallen" in town.piet.last.text
    town.piet.taps("Ja")
    world.advance(seconds=5)
    assert "Piet loopt met je mee" in town.henk.last.text
    assert "Piet valt in voor Riet" in town.kees.last.text
    town.piet.says("start ronde")
    town.riet.says("start ronde")
    world.advance(seconds=5)
    assert "Toch gekomen: Riet" in town.kees.last.text


def test_who_waits_hears_that_he_came_after_all(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde")
    world.advance_to("2026-05-12 21:46")
    assert "Wacht of ga naar huis" in town.henk.last.text
    town.riet.taps("Ja ik loop")
    world.advance(seconds=5)
    assert town.henk.last.text == "Ronde: Riet is er toch, voor de ronde van di 12 mei 21:30. Jullie lopen samen."
    assert "Toch gekomen: Riet" in town.kees.last.text
    assert "er toch" not in said(town.riet, "05-12 21:46")


def test_when_nobody_comes_the_co_ordinator_reads_the_names(world: World) -> None:
    town = begun(world, 16)
    assert "niet gekomen: Henk, Riet" in town.kees.last.text
    assert "Er is niemand ingecheckt." in town.kees.last.text
    for one in (town.henk, town.riet):
        assert "Nog niets gehoord" not in said(one, "05-12 21:30"), "who is silent is not told of the other"
    world.advance_to("2026-05-13 09:00")
    town.kees.says("logboek TB-D101")
    assert "niet gelopen" in town.kees.last.text


def test_who_come_late_set_out_all_the_same(world: World) -> None:
    town = begun(world, 20)
    town.riet.says("start ronde samen")
    world.advance(seconds=5)
    assert "Met: Henk." in town.riet.last.text
    assert "Toch gekomen: Riet, Henk" in town.kees.last.text
    town.riet.says("einde ronde samen")
    world.advance(seconds=5)
    assert "is gelopen door" in town.kees.last.text


def test_who_cannot_at_the_last_moment_says_so(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde")
    world.advance_to("2026-05-12 21:41")
    town.riet.says("nee")
    world.advance(seconds=5)
    assert "Je maatje en de coördinator horen het" in town.riet.last.text
    assert "niet alleen lopen" in town.henk.last.text
    assert "niet gekomen: Riet" in town.kees.last.text
    world.advance_to("2026-05-12 21:50")
    assert said(town.kees, "05-12 21:30").count("niet gekomen") == 1


def test_who_is_not_back_is_asked_then_his_partner_then_the_co_ordinator(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:31")
    town.henk.says("einde ronde")
    world.advance_to("2026-05-12 22:44")
    assert "terug" not in said(town.riet, "05-12 22:32")
    world.advance_to("2026-05-12 22:45")
    assert town.riet.last.text.startswith("Je ronde zou om 22:30 klaar zijn. Ben je terug?")
    assert town.riet.last.buttons == ("Ja ik ben terug", "Nee nog bezig")
    world.advance_to("2026-05-12 22:50")
    assert "Riet heeft nog niet uitgecheckt" in town.henk.last.text
    assert not since(town.kees, "05-12 22:31")
    world.advance_to("2026-05-12 22:55")
    assert "Niet teruggemeld na de ronde die om 22:30 klaar zou zijn: Riet." in town.kees.last.text
    assert "Overweeg 112" in town.kees.last.text
    world.advance_to("2026-05-12 23:30")
    town.riet.says("ja")
    world.advance(seconds=5)
    assert "Uitgecheckt om 23:30" in town.riet.last.text
    assert "is gelopen door Henk, Riet" in town.kees.last.text


def test_an_answer_ends_the_ladder(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:46")
    town.henk.says("einde ronde")
    town.riet.taps("Ja ik ben terug")
    world.advance_to("2026-05-12 23:30")
    for one in (town.henk, town.riet):
        assert "heeft nog niet uitgecheckt" not in said(one, "05-12 22:30")
    assert "Niet teruggemeld" not in said(town.kees, "05-12 22:30")


def test_the_co_ordinator_who_was_told_hears_who_is_back_and_who_is_not(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:56")
    assert "Niet teruggemeld" in town.kees.last.text
    town.henk.says("einde ronde")
    world.advance(seconds=5)
    assert town.kees.last.text == "Teruggemeld na de ronde: Henk. Nog niet terug: Riet."
    town.riet.says("einde ronde")
    world.advance(seconds=5)
    assert "is gelopen door Henk, Riet" in town.kees.last.text


def test_the_partner_can_say_that_all_is_well(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:51")
    town.henk.taps("Alles goed")
    world.advance(seconds=5)
    assert "Henk, Riet terug, zoals jij het zegt" in town.henk.last.text
    world.advance_to("2026-05-12 23:30")
    assert "Niet teruggemeld" not in said(town.kees, "05-12 22:30")
    town.kees.says("logboek TB-D101")
    assert "22:51 Riet uitgecheckt (volgens Henk)" in town.kees.last.text


def test_who_is_still_walking_is_asked_again_half_an_hour_later(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:46")
    for one in (town.henk, town.riet):
        one.taps("Nee nog bezig")
        assert "Over 30 minuten" in one.last.text
    world.advance_to("2026-05-12 23:15")
    assert "Niet teruggemeld" not in said(town.kees, "05-12 22:30")
    world.advance_to("2026-05-12 23:17")
    assert "Ben je terug?" in town.henk.last.text
    world.advance_to("2026-05-12 23:30")
    assert "Niet teruggemeld" in town.kees.last.text


def test_anything_less_than_well_goes_to_a_human_at_once(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance_to("2026-05-12 22:46")
    town.riet.says("hulp")
    world.advance(seconds=5)
    assert "Bel nu 112. Ik kan niet voor je bellen." in town.riet.last.text
    assert "HULP gevraagd op een ronde door Riet" in town.kees.last.text
    assert "Riet vraagt om hulp" in town.henk.last.text


@pytest.mark.parametrize("words", ["SOS", "hulp!", "help me", "🆘"])
def test_a_call_for_help_on_a_round_says_where_and_with_whom(world: World, words: str) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance(minutes=5)
    town.henk.says(words)
    world.advance(seconds=5)
    assert "Bel nu 112. Ik kan niet voor je bellen." in town.henk.last.text
    assert "HULP gevraagd op een ronde door Henk" in town.kees.last.text
    assert "parkeerplaats De Wal" in town.kees.last.text
    assert "Loopt met: Riet" in town.kees.last.text
    assert "Henk vraagt om hulp" in town.riet.last.text
    assert "HULP" not in said(town.fatima, "05-12 21:30")
    town.henk.says("", location=(51.5308, 4.4653))
    world.advance(seconds=5)
    assert "De plaats van Henk, die om hulp vroeg: 51.53080, 4.46530." in town.kees.last.text


def test_who_calls_again_on_his_round_is_heard_again(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    for one, words in ((town.henk, "SOS"), (town.henk, "help me"), (town.riet, "hulp!")):
        world.advance(minutes=1)
        one.says(words)
        assert "Bel nu 112" in one.last.text
        world.advance(seconds=5)
        assert f"door {one.name}" in town.kees.last.text
        assert words in town.kees.last.text


def test_a_round_on_which_somebody_called_for_help_is_not_one_without_particulars(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    world.advance(minutes=5)
    town.henk.says("SOS")
    world.advance_to("2026-05-12 22:25")
    town.riet.says("einde ronde samen")
    world.advance(seconds=10)
    assert "Riep om hulp: Henk." in town.kees.last.text
    assert "Geen bijzonderheden" not in town.kees.last.text


def test_outside_a_round_a_call_for_help_is_everybodys(world: World) -> None:
    town = begun(world)
    town.henk.says("SOS")
    world.advance(seconds=5)
    assert "112" in town.henk.last.text
    assert "op een ronde" not in town.kees.last.text


def test_who_forgot_to_check_in_can_still_check_out(world: World) -> None:
    town = begun(world)
    town.riet.says("start ronde")
    world.advance_to("2026-05-12 22:35")
    town.henk.says("einde ronde")
    town.riet.says("einde ronde")
    world.advance(seconds=5)
    assert "is gelopen door Henk, Riet, 21:30-22:35" in town.kees.last.text


def test_outside_ones_own_round_nothing_begins_or_ends(world: World) -> None:
    town = duty(world)
    town.henk.says("start ronde")
    assert "Je hebt nu geen ronde" in town.henk.last.text
    town.henk.says("einde ronde")
    assert "Je hebt nu geen ronde" in town.henk.last.text
    world.advance_to("2026-05-12 20:40")
    town.henk.says("einde ronde")
    assert "is nog niet begonnen" in town.henk.last.text
    town.fatima.says("start ronde")
    assert "Je hebt nu geen ronde" in town.fatima.last.text
    town.ans.says("start ronde")
    assert "Je hebt nu geen ronde" not in town.ans.last.text, "who does not walk has no such word"


def test_a_co_ordinator_writes_down_what_he_heard(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde")
    town.kees.says("Riet loopt via Henk")
    assert "Genoteerd: Riet is begonnen, volgens Henk." in town.kees.last.text
    world.advance_to("2026-05-12 22:40")
    town.kees.says("Riet is terug via haar zoon")
    town.henk.says("Riet is terug via mij")
    town.henk.says("einde ronde")
    world.advance(seconds=5)
    town.kees.says("logboek TB-D101")
    assert "21:31 Riet ingecheckt (volgens Kees, via Henk)" in town.kees.last.text
    assert "22:40 Riet uitgecheckt (volgens Kees, via haar zoon)" in town.kees.last.text
    assert town.kees.last.text.count("Riet uitgecheckt") == 1, "only who looks after the neighbourhood can"


def test_a_co_ordinator_hears_in_advance_who_comes_and_who_does_not(world: World) -> None:
    town = duty(world)
    world.advance_to("2026-05-11 20:00")
    town.kees.says("Henk komt toch via Riet")
    assert "Genoteerd: Henk komt op di 12 mei 21:30" in town.kees.last.text
    town.kees.says("Riet kan niet via haar zoon")
    world.advance(seconds=5)
    assert "Je maatje Riet kan niet" in town.henk.last.text
    assert "Kun je invallen" in town.fatima.last.text
    town.kees.says("Jan is terug via Riet")
    assert "geen" in town.kees.last.text


def test_safety_questions_are_asked_late_when_we_were_down(world: World) -> None:
    town = begun(world)
    town.henk.says("start ronde samen")
    with world.down():
        world.advance_to("2026-05-12 23:20")
    world.advance(seconds=5)
    assert "Ben je terug?" in town.henk.last.text
    assert "Niet teruggemeld" not in said(town.kees, "05-12 21:30"), "they get their minutes to answer"
    world.advance(minutes=5)
    assert "heeft nog niet uitgecheckt" in town.henk.last.text
    world.advance(minutes=5, seconds=5)
    assert "Niet teruggemeld" in town.kees.last.text


def test_two_walkers_with_one_first_name(world: World) -> None:
    world.at("2026-05-04 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    one = place.member("Henk de Wit", channel="telegram", roles=WALKER)
    other = place.member("Henk Jansen", channel="whatsapp", roles=WALKER)
    kees.says(SHIFT)
    kees.taps("Ja")
    world.advance(seconds=5)
    for walker in (one, other):
        walker.says("altijd")
    kees.says("voorstel")
    kees.says("publiceer")
    world.advance_to("2026-05-12 21:31")
    kees.says("Henk loopt via Riet")
    assert "Er zijn meer lopers die Henk heten: Henk Jansen, Henk de Wit. Typ de hele naam." in kees.last.text
    kees.says("Henk Jansen loopt via Riet")
    assert "Genoteerd: Henk Jansen is begonnen" in kees.last.text


def test_in_english_and_with_u(world: World) -> None:
    world.at("2026-05-04 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    kate = place.member("Kate", channel="whatsapp", roles=WALKER, language="en")
    wim = place.member("Wim", channel="telegram", roles=WALKER, formal=True)
    kees.says(SHIFT)
    kees.taps("Ja")
    world.advance(seconds=5)
    kate.says("always")
    wim.says("altijd")
    world.advance(seconds=5)
    kees.says("voorstel")
    kees.says("publiceer")
    world.advance_to("2026-05-12 21:31")
    kate.says("check in together")
    assert "Checked in at 21:31" in kate.last.text
    assert "Kate heeft u ook ingecheckt" in wim.last.text
    world.advance_to("2026-05-12 22:46")
    assert kate.last.buttons == ("Yes I am back", "No still walking")
    assert "Bent u terug?" in wim.last.text
    kate.says("yes")
    wim.says("ja hoor")
    world.advance(seconds=5)
    assert "Checked out at 22:46. Thank you for walking" in said(kate, "05-12 22:46")
    assert "uw eerste ronde" in wim.last.text
    assert "is gelopen door Kate, Wim" in kees.last.text
