"""What officials answer: taps, words, twice, late, though not asked; and who hears of it (R44, R45)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .escalating import CITY, Called, called, package
from .tolberg import about, both_ways, texts

world = both_ways


def heard(town: Called, word: str) -> list[str]:
    """Return the names of those who have a message with this word."""
    everybody = [*town.town.everybody, town.peters, town.bakker]
    return [one.name for one in everybody if about(one, word)]


@pytest.mark.parametrize(
    ("tap", "told"),
    [("Ontvangen", "ontvangen en overgenomen door Peters (politie)"), ("Ik pak het op", "die het oppakt")],
)
def test_a_tap_confirms_and_upstream_reads_who_and_when(world: World, tap: str, told: str) -> None:
    town = called(world)
    town.escalate()
    world.advance(minutes=4)
    town.peters.taps(tap)
    world.advance(seconds=5)
    assert "Genoteerd om 01:46" in town.peters.last.text
    for one in (town.town.kees, town.town.ans):
        assert about(one, "overgenomen door Peters (politie) om 01:46")
        assert about(one, told)
    world.advance(minutes=30)
    assert not town.bakker.received
    assert len(about(town.peters, "VERDACHT VOERTUIG")) == 1


@pytest.mark.parametrize("text", ["ok", "Ontvangen", "begrepen", "👍", "1"])
def test_a_plain_word_confirms_as_well(world: World, text: str) -> None:
    town = called(world)
    town.escalate()
    town.peters.says(text)
    world.advance(seconds=5)
    assert "TB-0001 ontvangen" in town.peters.last.text
    assert about(town.town.kees, "overgenomen door Peters")
    assert not about(town.town.kees, "Bericht van Peters")


def test_a_thumb_below_the_package_confirms_it(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.reacts("👍")
    world.advance(seconds=5)
    assert about(town.town.kees, "overgenomen door Peters")


def test_words_that_say_more_confirm_and_are_passed_on_as_they_stand(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.says("Ik ga kijken, ben er over 10 min")
    world.advance(seconds=5)
    assert about(town.peters, "je pakt TB-0001 op")
    assert about(town.town.kees, "overgenomen door Peters")
    assert about(town.town.kees, "Ik ga kijken, ben er over 10 min")
    assert not about(town.town.henk, "ben er over")


def test_a_question_of_an_official_confirms_nothing(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.says("wat voor auto was het?")
    world.advance(seconds=5)
    assert about(town.town.kees, "wat voor auto was het?")
    assert "nog niet bevestigd" in town.peters.last.text
    world.advance(minutes=11)
    assert package(town.bakker)


def test_twice_is_once(world: World) -> None:
    """R44: who takes what he had received says something new; the same again says nothing to anybody else."""
    town = called(world)
    town.escalate()
    town.peters.taps("Ontvangen")
    town.peters.taps("Ontvangen")
    world.advance(seconds=5)
    assert "stond al genoteerd" in town.peters.last.text
    assert len(about(town.town.kees, "overgenomen door Peters")) == 1
    town.peters.taps("Ik pak het op")
    world.advance(seconds=5)
    assert len(about(town.town.kees, "die het oppakt")) == 1
    world.redeliver()
    world.advance(seconds=5)
    assert len(about(town.town.kees, "die het oppakt")) == 1


def test_everybody_who_was_asked_before_reads_who_took_over(world: World) -> None:
    town = called(world)
    town.escalate()
    world.advance(minutes=10, seconds=5)
    town.bakker.taps("Ontvangen")
    world.advance(seconds=5)
    assert about(town.peters, "overgenomen door Bakker (handhaving) om 01:52")
    assert about(town.town.kees, "overgenomen door Bakker (handhaving) om 01:52")
    world.advance(minutes=3)
    town.peters.taps("Ontvangen")
    world.advance(seconds=5)
    assert "al overgenomen door Bakker (handhaving) om 01:52" in town.peters.last.text
    assert about(town.town.kees, "later ook bevestigd door Peters (politie), om 01:55")


def test_a_late_answer_after_nobody_confirmed_is_told_all_the_same(world: World) -> None:
    town = called(world)
    town.escalate()
    world.advance(minutes=25)
    assert about(town.town.kees, "NIET BEVESTIGD")
    town.peters.taps("Ontvangen")
    world.advance(seconds=5)
    assert about(town.town.kees, "overgenomen door Peters")


def test_not_confirmed_says_what_people_can_do_themselves(world: World) -> None:
    """R44, design §9.1: nobody is told that we called."""
    town = called(world)
    town.escalate()
    world.advance(minutes=25)
    for one in (town.town.kees, town.town.ans):
        [told] = about(one, "NIET BEVESTIGD")
        assert "bel zelf 112" in told
        assert "0900-8844" in told
        assert "Ik kan niet voor je bellen" in told


def test_not_delivered_is_said_as_such(world: World) -> None:
    town = called(world)
    world.refuse(town.peters, "unreachable")
    world.refuse(town.bakker, "unreachable")
    town.escalate()
    world.advance(minutes=5)
    [told] = about(town.town.kees, "NIET BEZORGD")
    assert "Peters (politie)" in told
    assert "Bakker (handhaving)" in told
    assert "112" in told
    assert not about(town.town.kees, "NIET BEVESTIGD")


def test_only_who_was_asked_can_answer(world: World) -> None:
    """A forged tap and a typed word of another official are refused, and on record (design §9.8)."""
    town = called(world)
    town.escalate()
    town.bakker.taps("Ontvangen", on=package(town.peters))
    town.bakker.says("TB-0001 ontvangen")
    town.town.henk.taps("Ontvangen", on=package(town.peters))
    world.advance(seconds=5)
    assert not about(town.town.kees, "overgenomen")
    assert sum(one.event == "tap_refused" for one in world.audit()) == 2
    world.advance(minutes=5)
    assert len(about(town.peters, "VERDACHT VOERTUIG")) == 2  # he is still waited for


def test_two_at_one_moment(world: World) -> None:
    town = called(world)
    gemeente = world.official(
        "Smit", "municipality", municipality=CITY, neighbourhoods=(town.town.place,), channel="telegram"
    )
    town.escalate()
    world.advance(minutes=10)
    town.bakker.taps("Ontvangen")
    gemeente.taps("Ontvangen")
    world.advance(seconds=5)
    assert len(about(town.town.kees, "overgenomen door")) == 1
    assert about(town.town.kees, "later ook bevestigd door Smit (gemeente)")
    assert about(gemeente, "al overgenomen door Bakker")


def test_not_for_me_goes_on_at_once_and_asks_for_whom_it_is(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.taps("Niet voor mij")
    world.advance(seconds=5)
    assert "Weet je voor wie wel?" in town.peters.last.text
    assert about(town.town.kees, "niet voor mij")
    assert package(town.bakker)
    town.peters.says("dit is voor handhaving")
    world.advance(seconds=5)
    assert about(town.town.kees, "dit is voor handhaving")
    assert not about(town.peters, "Deel met buurt")


def test_not_for_me_in_words_says_for_whom(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.says("niet voor mij, bel boa")
    world.advance(seconds=5)
    assert about(town.town.kees, "Eigen woorden: niet voor mij, bel boa")
    assert "Weet je voor wie" not in town.peters.last.text
    assert package(town.bakker)


def test_his_words_reach_members_only_after_his_own_tap_and_literally(world: World) -> None:
    """R45: to those who were shown the alert and its reporter, marked with his name and function."""
    town = called(world)
    elsewhere = world.neighbourhood("LD", "Langdonk", quiet_hours=None).member("Wim", channel="telegram")
    town.escalate()
    town.peters.taps("Ontvangen")
    words = "Auto 12-ABC-3 staat nu stil. Bel 0900-8844 <als> hij *wegrijdt* & blijf binnen."
    town.peters.says(words)
    world.advance(seconds=5)
    assert about(town.town.kees, words)
    assert "Buren lezen dit niet, tenzij" in town.peters.last.text
    assert heard(town, "12-ABC-3") == ["Kees", "Ans"]
    town.peters.taps("Deel met buurt")
    world.advance(seconds=10)
    for one in (town.town.henk, town.town.riet, town.town.fatima):
        [told] = about(one, words)
        assert "Bericht van Peters, politie, over melding TB-0001" in told
    assert not elsewhere.received
    assert "Gedeeld met de buren" in town.peters.last.text


def test_each_text_has_an_offer_of_its_own(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.taps("Ontvangen")
    town.peters.says("surveillance is in de wijk")
    first = town.peters.last
    town.peters.says("alleen voor de coördinator: het gaat om een bekende")
    town.peters.taps("Deel met buurt", on=first)
    world.advance(seconds=10)
    assert about(town.town.henk, "surveillance is in de wijk")
    assert not about(town.town.henk, "een bekende")
    town.peters.taps("Deel met buurt", on=first)
    world.advance(seconds=10)
    assert len(about(town.town.henk, "surveillance is in de wijk")) == 1


def test_what_he_wrote_on_several_lines_stays_on_several_lines(world: World) -> None:
    found = called(world)
    found.escalate()
    said = "Wij kennen deze auto.\nHij is van een koerier:\n- laat hem staan"
    found.peters.says(said)
    world.advance(seconds=5)
    assert said in found.town.kees.last.text
    found.peters.taps("Deel met buurt")
    world.advance(minutes=1)
    assert said in found.town.riet.last.text
    assert said.replace("\n", " · ") in found.town.henk.last.text, "a template holds one line"


def test_members_never_learn_of_an_escalation_otherwise(world: World) -> None:
    """R45: asked, reminded, the next, confirmed, done and closed: members hear the end of the alert."""
    town = called(world)
    before = {one.name: len(one.received) for one in [*town.members, town.town.fatima]}
    town.escalate()
    world.advance(minutes=12)
    town.bakker.says("ik ga kijken")
    world.advance(minutes=61)
    town.bakker.taps("Afgerond")
    world.advance(minutes=5)
    assert {one.name: len(one.received) for one in [*town.members, town.town.fatima]} == before
    town.town.kees.says("einde TB-0001 alles is rustig")
    world.advance(seconds=30)
    for one in town.members:
        assert len(one.received) == before[one.name] + 1
        assert "EINDE" in one.last.text
        assert not any("pschaling" in text or "Bakker" in text for text in texts(one))


def test_confirmed_is_not_done(world: World) -> None:
    """§2.9: who has it is asked again after an hour, twice; then the co-ordinator hears."""
    town = called(world)
    town.escalate()
    town.peters.taps("Ik pak het op")
    world.advance(minutes=61)
    assert "Hoe staat het ermee?" in town.peters.last.text
    town.peters.taps("Nog mee bezig")
    world.advance(seconds=5)
    assert about(town.town.kees, "Peters (politie) is er nog mee bezig")
    world.advance(minutes=130)
    assert len(about(town.peters, "Hoe staat het ermee?")) == 3
    assert not about(town.town.kees, "antwoordt niet")
    world.advance(minutes=60)
    assert about(town.town.kees, "antwoordt niet op de vraag of het klaar is")
    world.advance(minutes=300)
    assert len(about(town.peters, "Hoe staat het ermee?")) == 3


def test_done_tells_the_co_ordinator_who_closes(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.taps("Ik pak het op")
    world.advance(minutes=61)
    town.peters.says("Afgerond")
    world.advance(seconds=5)
    assert about(town.town.kees, "Peters (politie) zegt dat het afgerond is")
    assert "Dank je wel" in town.peters.last.text
    world.advance(minutes=200)
    assert len(about(town.peters, "Hoe staat het ermee?")) == 1
