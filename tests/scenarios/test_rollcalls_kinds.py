"""The other kinds of roll calls: who can come, who comes, whom do we reach; and what cannot be asked."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .kroeven import QUESTION, about, asked, both_ways, counts, kroeven, texts

world = both_ways


def test_readiness_stops_when_enough_have_said_yes(world: World) -> None:
    """§2.7, readiness: N needed; stops when reached; then nobody need come."""
    town = kroeven(world)
    town.kees.says("wie kan er komen? 2 nodig 15 min")
    world.advance(seconds=5)
    assert "Nodig: 2" in town.anna.last.text
    assert town.anna.last.buttons == ("Ja ik kom", "Nee")
    town.anna.says("ja")
    assert "komt" in town.anna.last.text
    town.jan.says("kan niet")
    town.bart.taps("Ja ik kom")
    world.advance(seconds=5)
    assert about(town.bart, "Jij maakt het vol")
    [end] = about(town.kees, "EINDE RONDVRAAG KR-R1")
    assert "Komt: 2 (Anna, Bart)" in end
    assert counts(about(town.jan, "EINDE RONDVRAAG")[0])["Komt niet"] == 1
    town.sara.taps("Yes I come")
    assert "enough people" in town.sara.last.text


def test_readiness_asks_the_next_group_when_too_few_come(world: World) -> None:
    """§1.10: group A; fewer than N in M minutes, then group B."""
    town = kroeven(world)
    walker = town.place.member("Wim", channel="telegram", roles=["member", "patroller"])
    town.kees.says("wie kan er komen? zoeken naar een kind, 2 nodig 15 min")
    world.advance(seconds=5)
    assert asked(walker)
    assert not town.anna.received
    walker.taps("Ja ik kom")
    world.advance(minutes=15, seconds=5)
    assert about(town.anna, "Wie kan er komen?")
    assert about(town.kees, "zijn er nog 1 nodig")
    town.anna.taps("Ja ik kom")
    world.advance(seconds=5)
    assert "Komt: 2 (Wim, Anna)" in about(town.kees, "EINDE RONDVRAAG")[0]


def test_readiness_ends_when_nobody_is_left_to_ask(world: World) -> None:
    town = kroeven(world)
    town.kees.says("wie kan er komen? 9 nodig 10 min")
    world.advance(minutes=11)
    [end] = about(town.kees, "EINDE RONDVRAAG")
    assert counts(end)["Komt"] == 0
    town.anna.taps("Ja ik kom")
    assert "genoeg" in town.anna.last.text or "gesloten" in town.anna.last.text


def test_a_meeting_waits_for_the_morning_and_reminds_once(world: World) -> None:
    """R53: no roll call that does not press wakes anybody."""
    town = kroeven(world, "2026-03-03 23:00")
    town.kees.says("vergadering dinsdag 20:00 in het buurthuis, kom je? 24 uur")
    assert not town.anna.received
    world.advance_to("2026-03-04 07:01")
    assert town.anna.last.buttons == ("Ja", "Nee", "Misschien")
    assert "Dinsdag 20:00 in het buurthuis" in town.anna.last.text
    town.anna.says("misschien")
    assert "misschien" in town.anna.last.text
    town.jan.says("nee")
    town.bart.taps("Ja", on=asked(town.bart))
    world.advance_to("2026-03-04 22:00")
    assert len(about(town.riet, "Nog een keer de vraag")) == 1
    assert not about(town.jan, "Nog een keer")
    world.advance_to("2026-03-05 08:00")
    [end] = about(town.kees, "EINDE RONDVRAAG")
    assert "Misschien: 1 (Anna)" in end
    assert counts(about(town.anna, "EINDE RONDVRAAG")[0])["Geen bericht"] == 4


def test_a_test_message_counts_the_reach_and_never_nags(world: World) -> None:
    """§2.7, test: reach percentage."""
    town = kroeven(world)
    world.refuse(town.bart, "unreachable")
    town.kees.says("proefbericht")
    world.advance(seconds=5)
    assert "PROEFBERICHT" in town.jan.last.text
    town.jan.says("ok")
    town.anna.taps("Ontvangen")
    world.advance(hours=2, seconds=5)
    assert len(about(town.riet, "KR-R1")) == 2
    [end] = about(town.kees, "Einde proefbericht")
    assert "Bereikt: 86 procent. Geantwoord: 29 procent." in end


def test_a_mute_keeps_all_but_the_question_whether_one_is_safe(world: World) -> None:
    town = kroeven(world)
    town.jan.says("demp 2 uur")
    before = len(town.jan.received)
    town.kees.says("vergadering dinsdag 20:00, kom je? 1 uur")
    town.kees.says("wie kan er komen? 9 nodig")
    world.advance(seconds=5)
    assert len(town.jan.received) == before
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    assert "De stroom is uit" in town.jan.last.text
    world.advance(minutes=91)
    assert about(town.jan, "EINDE RONDVRAAG KR-R3")


def test_a_street_or_a_role_is_asked_alone(world: World) -> None:
    town = kroeven(world)
    town.kees.says("rondvraag Meidoornstraat gaslucht, is iedereen oké? 30 min")
    world.advance(seconds=5)
    assert asked(town.riet)
    assert asked(town.anna)
    assert not town.jan.received
    assert "Gevraagd: 2" in town.kees.last.text
    town.kees.says("rondvraag coördinatoren kom je straks? 30 min")
    world.advance(seconds=5)
    assert not about(town.anna, "kom je straks")


def test_a_question_of_another_kind_is_yes_no_maybe(world: World) -> None:
    town = kroeven(world)
    town.kees.says("rondvraag heb je nog stroom?")
    world.advance(seconds=5)
    assert town.jan.last.buttons == ("Ja", "Nee", "Misschien")
    town.jan.says("nee")
    assert ": nee" in town.jan.last.text
    assert not about(town.kees, "HULP")


def test_yes_to_is_anybody_hurt_is_asked_again(world: World) -> None:
    """Design §9.6: to such a question a yes does not say that all is well."""
    town = kroeven(world)
    town.kees.says("rondvraag explosie bij de school, is iemand gewond? 30 min")
    world.advance(seconds=5)
    town.jan.says("ja")
    assert "niet begrepen" in town.jan.last.text
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Veilig"] == 0
    town.jan.says("alles goed")
    assert "veilig" in town.jan.last.text


def test_a_question_for_one_neighbour_is_shown_as_that(world: World) -> None:
    town = kroeven(world)
    town.kees.says("rondvraag Esdoornlaan de stroom is uit")
    assert " 1 buur," in town.kees.last.text


def test_what_is_unclear_is_shown_before_it_is_sent(world: World) -> None:
    """R28: without a preview only if nothing is unclear; design §9.1: nobody speaks for the police."""
    town = kroeven(world)
    town.kees.says("rondvraag de stroom is uit")
    assert "Klopt dat?" in town.kees.last.text
    assert "7 buren" in town.kees.last.text
    town.kees.taps("Nee")
    assert "niets verstuurd" in town.kees.last.text
    world.advance(seconds=5)  # a telephone gets one message a second
    town.kees.says("rondvraag Esdoornlaan de stroom is uit")
    town.kees.taps("Nee")
    world.advance(seconds=5)
    town.kees.says("ja")
    assert not about(town.jan, "KR-R1")
    world.advance(seconds=5)
    town.kees.says("rondvraag politie is onderweg, is iedereen oké?")
    assert "Komt dat van henzelf?" in town.kees.last.text
    assert not town.jan.received
    town.kees.taps("Ja")
    world.advance(seconds=5)
    assert "KR-R1" in town.jan.last.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("rondvraag", "Wat wil je vragen?"),
        ("rondvraag Kroeven 90 min", "Wat wil je vragen?"),
        ("rondvraag is iedereen oké? 3 dagen", "van 1 minuut tot 48 uur"),
        ("rondvraag is iedereen oké? 0 min", "van 1 minuut tot 48 uur"),
        ("rondvraag is iedereen oké? 99999999 uur", "van 1 minuut tot 48 uur"),
        ("rondvraag lopers is iedereen oké?", "de lopers heeft geen leden"),
        ("rondvraag is iedereen oké? " + "bla " * 200 + "?", "te lang"),
        ("rondvraag is iedereen oké? bel Jan 06-12345678", "telefoonnummer"),
        ("vergadering", "Wat wil je vragen?"),
        ("stand KR-R9", "Ik ken geen rondvraag KR-R9"),
        ("einde KR-R9", "Ik ken geen rondvraag KR-R9"),
        ("presentielijst", "nog geen rondvraag geweest"),
        ("jan veilig via zoon", "nog geen rondvraag geweest"),
        ("kijk bij Wim", "Ik vind geen buur met de naam Wim"),
        ("dagelijkse kring stop", "geen dagelijkse kring"),
        ("rondvraag Langdonk is iedereen oké?", "geen coördinator van Langdonk"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_and_nothing_is_done(world: World, typed: str, answer: str) -> None:
    town = kroeven(world)
    world.neighbourhood("LD", "Langdonk").member("Mo", channel="telegram")
    town.kees.says(typed)
    world.advance(seconds=5)
    assert answer in town.kees.last.text
    assert sum(len(one.received) for one in town.everybody) == 1


@pytest.mark.parametrize(
    "typed", [QUESTION, "wie kan er komen? 4 nodig", "proefbericht", "presentielijst", "meeting x?"]
)
def test_a_member_asks_nobody(world: World, typed: str) -> None:
    town = kroeven(world)
    town.jan.says(typed)
    assert "alleen voor wie die taak heeft" in town.jan.last.text
    assert not town.anna.received


def test_the_same_question_twice_is_asked_once(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    town.ans.says(QUESTION)
    world.advance(seconds=5)
    assert about(town.ans, "loopt al: KR-R1")
    assert len(about(town.jan, "De stroom is uit")) == 1


def test_in_two_neighbourhoods_each_asks_its_own(world: World) -> None:
    """One person in two places: each roll call has its own id, and an answer goes where it belongs."""
    town = kroeven(world)
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    langdonk.join(town.kees, roles=("member", "coordinator"))
    langdonk.join(town.jan)
    town.kees.says(QUESTION)
    town.kees.says("rondvraag LD is iedereen veilig? 30 min")
    world.advance(seconds=5)
    assert about(town.jan, "LD-R1", "Langdonk")
    assert not about(town.anna, "LD-R1")
    town.jan.says("veilig LD-R1")
    assert "LD-R1" in town.jan.last.text
    town.jan.says("ok")
    assert "KR-R1" in town.jan.last.text
    town.kees.says("stand LD-R1")
    assert counts(town.kees.last.text)["Veilig"] == 1


def test_the_name_of_a_neighbourhood_says_where(world: World) -> None:
    """Who looks after his second neighbourhood only asks it by its name."""
    town = kroeven(world)
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    langdonk.join(town.jan, roles=("member", "coordinator"))
    mo = langdonk.member("Mo", channel="telegram")
    town.jan.says("rondvraag Langdonk is iedereen veilig? 30 min")
    world.advance(seconds=5)
    assert "LD-R1" in mo.last.text
    assert not town.anna.received


def test_two_open_questions_and_a_bare_yes_are_told_apart(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    town.kees.says("vergadering dinsdag 20:00, kom je? 24 uur")
    world.advance(seconds=10)
    town.jan.says("ja")
    assert "Waar hoort je antwoord bij?" in town.jan.last.text
    town.jan.says("misschien")
    assert "KR-R2" in town.jan.last.text


def test_the_polite_form_and_english(world: World) -> None:
    town = kroeven(world)
    riet = town.place.member("Truus", channel="telegram", formal=True)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    assert "U kunt antwoorden tot" in riet.last.text
    riet.says("hulp")
    assert "Bent u in gevaar?" in riet.last.text
    town.sara.says("who is this?")
    assert "co-ordinator of Kroeven" in town.sara.last.text
    town.sara.says("help")
    assert "Is help needed now?" in town.sara.last.text
    town.sara.says("yes")
    assert "I cannot call for you" in town.sara.last.text
    town.ans.says("attendance KR-R1")
    assert "Sara: hulp nodig" in town.ans.last.text


def test_an_english_co_ordinator_asks_in_english(world: World) -> None:
    town = kroeven(world)
    lou = town.place.member("Lou", channel="telegram", language="en", roles=["member", "deputy_coordinator"])
    lou.says("rollcall the power is out, is everybody ok? 90 min")
    world.advance(seconds=5)
    assert about(town.jan, "RONDVRAAG", "The power is out, is everybody ok?")
    town.jan.says("ok")
    lou.says("status KR-R1")
    assert "Safe: 1 (Jan)" in lou.last.text
    lou.says("sara safe via her brother")
    assert "Sara, safe (via her brother)" in lou.last.text
    lou.says("close KR-R1")
    world.advance(seconds=5)
    assert about(lou, "END OF ROLL CALL KR-R1", "Safe: 2")


def test_nothing_hints_that_somebody_called(world: World) -> None:
    """Design §9.1, §9.3: no text says that help is coming, and members read no names."""
    town = kroeven(world)
    town.riet.key_holders(town.anna)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("HULP, politie is er al")
    world.advance(minutes=95)
    for one in (town.bart, town.sara):
        assert not any(
            "politie" in text or "onderweg" in text or "Jan" in text or "Riet" in text for text in texts(one)
        )
    for one in town.everybody:
        assert not any("+31" in text or "06" in text.replace("2026", "") for text in texts(one))


def test_the_tally_is_one_message(world: World) -> None:
    """Edited where the messenger can, not a stream."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    for one in (town.jan, town.anna, town.bart):
        one.says("ok")
        world.advance(seconds=40)
    [tally] = [one for one in town.kees.received if one.text.startswith("📊")]
    assert counts(tally.text)["Veilig"] == 0
    assert counts(tally.newest)["Veilig"] == 3
    assert len([one for one in town.ans.received if one.text.startswith("📊")]) == 1


@pytest.mark.parametrize(
    ("typed", "dangers"),
    [
        ("rondvraag is iedereen oké? 10 min", True),
        ("proefbericht", False),
        ("vergadering zaterdag 10:00 in de kantine 10 min", False),
        ("wie kan er komen? 2 nodig 10 min", False),
    ],
)
def test_the_end_speaks_of_danger_only_where_that_was_asked(world: World, typed: str, dangers: bool) -> None:
    town = kroeven(world)
    town.kees.says(typed)
    world.advance(hours=3)
    [end] = about(town.jan, "EINDE RONDVRAAG")
    assert ("In nood?" in end) is dangers
    assert "hoeft niets meer te doen" in end
