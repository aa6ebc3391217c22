"""Is everybody safe? One sentence asks a whole neighbourhood; what each answers is read, counted and looked after."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .kroeven import QUESTION, about, asked, both_ways, counts, kroeven, texts

world = both_ways
SUMS = ("Veilig", "Vraag of hulp", "Geen bericht", "Niet bereikt")


def test_one_sentence_asks_everybody_at_once_also_at_night(world: World) -> None:
    """R27, R28: urgent, whatever the hour; without a preview; the asker is in the audience too."""
    town = kroeven(world, "2026-03-03 02:00")
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    for one in town.neighbours[:-1]:
        assert "De stroom is uit, is iedereen oké?" in one.last.text
        assert one.last.buttons == ("Veilig", "Hulp nodig", "Niet in de buurt")
        assert "03:30" in one.last.text
        assert one.last.thread == "KR-R1"
    assert town.riet.last.template == "buurtwacht_rollcall_safety_check"
    assert town.sara.last.buttons == ("Safe", "Need help", "Not nearby")
    assert asked(town.kees).buttons == ("Veilig", "Hulp nodig", "Niet in de buurt")
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Geen bericht"] == 7


def test_without_a_window_it_is_two_hours(world: World) -> None:
    """R28."""
    town = kroeven(world)
    town.kees.says("rondvraag is iedereen veilig?")
    assert "21:00" in asked(town.anna).text
    world.advance(hours=2, seconds=5)
    assert about(town.anna, "EINDE RONDVRAAG KR-R1")


def test_the_end_counts_for_members_and_names_for_the_co_ordinator(world: World) -> None:
    """R29: the groups add up to those who were asked; who was not reached is not who was silent."""
    town = kroeven(world)
    world.refuse(town.bart, "unreachable")
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.kees.says("alles goed")
    town.anna.taps("Veilig")
    town.jan.taps("Hulp nodig")
    town.sara.says("we are fine")
    world.advance(minutes=91)
    for one in (town.anna, town.jan, town.riet):
        [end] = about(one, "EINDE RONDVRAAG")
        found = counts(end)
        assert [found[label] for label in SUMS] == [3, 1, 2, 1]
        assert not any(other.name in end for other in town.everybody)
    [end] = about(town.kees, "EINDE RONDVRAAG")
    assert "Veilig: 3 (Kees, Anna, Sara)" in end
    assert "Vraag of hulp: 1 (Jan)" in end
    assert "Geen bericht: 2 (Ans, Riet)" in end
    assert "Niet bereikt: 1 (Bart)" in end
    assert about(town.sara, "END OF ROLL CALL", "No word: 2")


@pytest.mark.parametrize("typed", ["1", "oké", "ja hoor", "Ok, groetjes Jan", "👍", "veilig KR-R1"])
def test_safe_however_it_is_said(world: World, typed: str) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says(typed)
    assert "veilig" in town.jan.last.text
    assert "KR-R1" in town.jan.last.text


def test_a_reaction_and_a_quote_are_answers(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.anna.reacts("👍", on=asked(town.anna))
    assert "veilig" in town.anna.last.text
    town.jan.says("alles goed hier", reply_to=asked(town.jan))
    assert "veilig" in town.jan.last.text
    town.bart.says("", voice=True)
    assert "spraakbericht" in town.bart.last.text
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Veilig"] == 2


@pytest.mark.parametrize("typed", ["HULP", "niet oke", "nee", "ik ben gevallen", "2", "hulp!!"])
def test_a_call_for_help_reaches_a_human_at_once(world: World, typed: str) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(minutes=2)
    said_at = world.now
    town.jan.says(typed)
    world.advance(seconds=10)
    assert "112" in town.jan.last.text
    assert "Ik kan niet voor je bellen" in town.jan.last.text
    for one in (town.kees, town.ans):
        assert "HULP NODIG: Jan (Esdoornlaan)" in one.last.text
        assert (one.last.at - said_at).total_seconds() < 60
    assert not any("Jan" in text for one in (town.anna, town.sara) for text in texts(one))


def test_help_after_having_been_safe_counts_and_the_other_way_round(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.taps("Veilig")
    world.advance(minutes=20)
    town.jan.says("HULP")
    world.advance(seconds=10)
    assert "HULP NODIG: Jan" in town.kees.last.text
    world.advance(minutes=5)
    town.jan.taps("Veilig", on=asked(town.jan))
    assert "veilig" in town.jan.last.text
    assert "Jan nu: veilig" in town.kees.last.text
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Veilig"] == 1


def test_the_same_answer_gets_no_second_thanks_and_no_reminder(world: World) -> None:
    """R30."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("ok")
    before = len(town.jan.received)
    world.advance(minutes=5)
    town.jan.taps("Veilig", on=asked(town.jan))
    town.jan.says("1")
    assert len(town.jan.received) == before
    world.advance(minutes=40)
    assert not about(town.jan, "HERINNERING")
    assert about(town.anna, "HERINNERING")
    town.jan.says("1")
    assert len(town.jan.received) == before + 1


def test_ok_but_counts_as_question_and_reaches_a_human(world: World) -> None:
    """R30: a negation wins; nobody is called safe who did not say so."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("ok maar oma niet")
    world.advance(seconds=5)
    assert "VRAAG OF HULP: Jan" in town.kees.last.text
    assert "oma niet" in town.kees.last.text
    assert town.jan.last.buttons == ("Ja", "Nee")
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Vraag of hulp"] == 1
    town.jan.says("ja")
    world.advance(seconds=5)
    assert about(town.kees, "HULP NODIG: Jan")
    assert "112" in town.jan.last.text


def test_what_is_said_to_is_help_needed_is_read_with_care(world: World) -> None:
    """An "ok" to that question says neither that he is safe nor that he needs help."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("ok maar oma niet")
    world.advance(seconds=5)
    town.jan.says("oke")
    world.advance(seconds=5)
    assert not about(town.kees, "HULP NODIG")
    assert "leest dit ook" in town.jan.last.text
    town.jan.says("alles goed hier nu")
    world.advance(seconds=5)
    assert "veilig" in town.jan.last.text
    assert about(town.kees, "Jan nu: veilig")


def test_who_cries_twice_is_answered_twice_and_told_once(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("HULP")
    world.advance(seconds=7)
    town.jan.says("HULP")
    world.advance(seconds=7)
    assert len(about(town.jan, "Bel nu 112")) == 2
    assert len(about(town.kees, "HULP NODIG")) == 1
    town.jan.says("HULP ik zit vast in de lift")
    world.advance(seconds=7)
    assert about(town.kees, "HULP NODIG", "lift")


def test_an_answer_in_two_messages_is_one(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("ok")
    world.advance(seconds=30)
    town.jan.says("maar oma niet")
    world.advance(seconds=5)
    assert about(town.kees, "VRAAG OF HULP: Jan", "oma niet")
    world.advance(seconds=60)
    town.jan.says("ze ligt op bed en zegt niks")
    world.advance(seconds=5)
    assert about(town.kees, "Jan", "ligt op bed")
    assert not any("oma" in text or "bed" in text for one in (town.anna, town.bart) for text in texts(one))


def test_help_alone_is_asked_about_and_on_the_list_at_once(world: World) -> None:
    """§5.3: it could be an emergency; it could be the menu."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("help")
    world.advance(seconds=5)
    assert "Is er nu hulp nodig?" in town.jan.last.text
    assert about(town.kees, "VRAAG OF HULP: Jan")
    town.jan.says("nee")
    world.advance(seconds=5)
    assert about(town.kees, "Jan dat er nu geen hulp nodig is")
    assert town.jan.last.buttons == ("Veilig", "Hulp nodig", "Niet in de buurt")
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Geen bericht"] == 7
    town.jan.says("ok")
    assert "veilig" in town.jan.last.text
    town.jan.says("help")
    assert "Ik heb hulp nodig" in town.jan.last.buttons


def test_not_nearby_is_no_safe_and_the_sum_is_right(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("ik ben niet thuis")
    assert "niet in de buurt" in town.jan.last.text
    world.advance(minutes=91)
    [end] = about(town.anna, "EINDE RONDVRAAG")
    assert counts(end)["Veilig of niet in de buurt"] == 1
    assert "Jan: niet in de buurt" in about(town.kees, "EINDE RONDVRAAG")[0]


def test_reminders_at_half_and_at_eighty_per_cent_on_the_second_channel(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.anna.taps("Veilig")
    world.advance(minutes=46)
    assert [one.channel for one in town.bart.received] == ["telegram", "whatsapp"]
    assert len(about(town.riet, "HERINNERING")) == 1
    world.advance(minutes=27)
    assert len(about(town.bart, "HERINNERING")) == 2
    assert not about(town.anna, "HERINNERING")
    town.bart.taps("Veilig", on=town.bart.received[0])
    assert "veilig" in town.bart.last.text
    world.advance(minutes=20)
    assert "Bart" in about(town.kees, "EINDE RONDVRAAG")[0].split("Vraag of hulp")[0]


def test_who_is_this(world: World) -> None:
    """R33: the neighbourhood, and that a co-ordinator of it asks; the question stays open."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("wie is dit?")
    assert "coördinator van Kroeven" in town.jan.last.text
    assert "Kees" not in town.jan.last.text
    town.riet.says("waarom vraagt u dit?", reply_to=asked(town.riet))
    assert "wat u antwoordt" in town.riet.last.text
    town.riet.says("1")
    assert "veilig" in town.riet.last.text


def test_what_is_not_understood_is_answered_with_the_choices_and_can_go_to_a_human(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("wat een gedoe zeg met dat weer")
    assert "niet begrepen" in town.jan.last.text
    assert town.jan.last.buttons == ("Veilig", "Hulp nodig", "Niet in de buurt")
    town.jan.says("coördinator wanneer komt de stroom terug")
    world.advance(seconds=5)
    assert about(town.kees, "Jan", "wanneer komt de stroom terug")
    assert not any("stroom terug" in text for text in texts(town.anna))


def test_a_late_answer_is_taken_marked_and_told(world: World) -> None:
    """§2.7, R32: accepted for a day after the end, and shown as late."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(minutes=95)
    town.jan.says("ok")
    assert "als laat" in town.jan.last.text
    world.advance(seconds=5)
    assert about(town.kees, "Laat antwoord", "Jan", "veilig")
    town.kees.says("presentielijst KR-R1")
    assert "(laat) Jan: veilig" in town.kees.last.text
    world.advance(hours=3)
    town.anna.says("HULP")
    world.advance(seconds=10)
    assert about(town.kees, "HULP NODIG: Anna")
    world.advance(hours=30)
    town.bart.taps("Veilig", on=asked(town.bart))
    assert "gesloten" in town.bart.last.text


def test_a_co_ordinator_records_what_he_heard(world: World) -> None:
    """R32: shown as told by somebody else; a member cannot."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.kees.says("jan veilig via zoon")
    assert "Jan, veilig (via zoon)" in town.kees.last.text
    town.kees.says("presentielijst KR-R1")
    assert "Jan: veilig (via zoon)" in town.kees.last.text
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Veilig"] == 1
    assert "Kees" in town.kees.last.text.split("Geen bericht")[1]
    world.advance(minutes=46)
    assert not about(town.jan, "HERINNERING")
    town.jan.says("1")
    assert "veilig" in town.jan.last.text
    town.kees.says("presentielijst")
    assert "via zoon" not in town.kees.last.text
    town.anna.says("sara veilig via dochter")
    world.advance(minutes=50)
    assert "Sara" in about(town.kees, "EINDE RONDVRAAG")[0].split("Geen bericht")[1]


def test_what_he_heard_is_kept_with_the_newest_roll_call_that_asks_it(world: World) -> None:
    """R32: of a safety check and a meeting, both open, "safe" answers the one and "no" the newer."""
    town = kroeven(world)
    town.kees.says(QUESTION)
    town.kees.says("vergadering morgen 20:00 in De Wal")
    world.advance(seconds=5)
    town.kees.says("jan veilig via zoon")
    assert town.kees.last.text == "Genoteerd voor KR-R1: Jan, veilig (via zoon)."
    town.kees.says("jan nee via zoon")
    assert "voor KR-R2: Jan" in town.kees.last.text
    town.kees.says("jan ziek via zoon")
    assert "past niet bij KR-R2" in town.kees.last.text


def test_two_of_one_name_are_asked_about(world: World) -> None:
    """Whoever looks after them sees the street beside the name; who is not on the list is said in one sentence."""
    town = kroeven(world)
    for name, street in (("Piet Bos", "Meidoornstraat"), ("Piet Smit", "Esdoornlaan")):
        town.place.member(name, channel="telegram", street=street)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.kees.says("piet veilig via vrouw")
    assert town.kees.last.buttons == ("Piet Bos Meidoornstraat", "Piet Smit Esdoornlaan")
    town.kees.taps("Piet Smit Esdoornlaan")
    assert "Piet Smit, veilig (via vrouw)" in town.kees.last.text
    town.kees.says("piet bos hulp nodig via vrouw")
    assert "Piet Bos, hulp nodig" in town.kees.last.text
    world.advance(seconds=5)
    assert about(town.ans, "HULP NODIG: Piet Bos")
    town.kees.says("gerrit veilig via vrouw")
    assert "niemand die gerrit heet" in town.kees.last.text


def test_it_ends_before_its_time_and_its_id_says_which_thing_is_meant(world: World) -> None:
    """R23: roll calls have their own ids; words that alerts have too go by the id."""
    town = kroeven(world)
    town.anna.says("verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit")
    town.anna.taps("Ja, door mij")
    world.advance(seconds=30)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    town.jan.says("einde KR-R1")
    assert "Dat kan alleen een coördinator" in town.jan.last.text
    town.kees.says("stand KR-0001")
    assert "Verstuurd" in town.kees.last.text
    town.kees.says("status KR-R1")
    assert "Stand van KR-R1" in town.kees.last.text
    town.jan.says("stand KR-R1")
    assert "Geen bericht: 7" in town.jan.last.text
    assert "Anna" not in town.jan.last.text
    town.kees.says("einde KR-R1")
    world.advance(seconds=5)
    assert about(town.bart, "EINDE RONDVRAAG KR-R1")
    assert not about(town.bart, "EINDE MELDING")
    town.kees.says("einde KR-R1")
    assert "al gesloten" in town.kees.last.text
    town.kees.says("einde KR-0001 het was een monteur")
    world.advance(seconds=5)
    assert about(town.bart, "EINDE MELDING")


def test_nobody_answers_for_somebody_else(world: World) -> None:
    town = kroeven(world)
    town.kees.says(QUESTION)
    world.advance(seconds=5)
    stranger = world.neighbourhood("LD", "Langdonk").member("Mo", channel="telegram")
    stranger.taps("Veilig", on=asked(town.anna))
    assert "niet aan jou" in stranger.last.text
    town.anna.says("1", forwarded=True)
    assert "doorgestuurd" in town.anna.last.text.lower()
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Veilig"] == 0


def test_while_a_messenger_is_down_nobody_is_silent(world: World) -> None:
    town = kroeven(world)
    with world.outage("whatsapp"):
        town.kees.says("rondvraag is iedereen veilig? 10 min")
        world.advance(minutes=11)
        [end] = about(town.kees, "EINDE RONDVRAAG")
        found = counts(end)
        assert sum(found[label] for label in SUMS) == 7
        assert all(name in end.split("Niet bereikt")[1] for name in ("Riet", "Jan"))


@pytest.mark.parametrize("moment", ["handler", "send"])
def test_a_crash_loses_and_doubles_nothing(world: World, moment: str) -> None:
    town = kroeven(world)
    world.crash(during=moment)
    town.kees.says(QUESTION)
    world.advance(seconds=40)
    for one in town.neighbours:
        asked_of_him = [each for each in one.received if "KR-R1" in each.text]
        assert any(each.arrived for each in asked_of_him)
        assert len([each for each in asked_of_him if "Herhaling" not in each.text and "Repeat" not in each.text]) <= 1
    town.kees.says("stand KR-R1")
    assert counts(town.kees.last.text)["Geen bericht"] == 7
