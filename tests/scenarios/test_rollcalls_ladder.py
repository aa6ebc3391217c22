"""Who does not answer is looked after: key holders, a visit, the daily circle; each consented (R31)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import Member, World

from .kroeven import QUESTION, Kroeven, about, asked, both_ways, counts, kroeven, texts

world = both_ways


def silent_until(town: Kroeven, minutes: float) -> None:
    """Start a check with Anna and Bart as Riet's key holders, have the others answer, and let time pass."""
    town.riet.key_holders(town.anna, town.bart)
    town.kees.says(QUESTION)
    town.world.advance(seconds=5)
    for one in (town.kees, town.ans, town.jan, town.anna, town.bart):
        one.says("ok")
    town.sara.says("safe")
    town.world.advance(minutes=minutes)


def ladder(member: Member) -> list[str]:
    return about(member, "🔑")


def test_who_consented_and_is_silent_is_put_on_the_ladder(world: World) -> None:
    """R31: at 80 % key holder 1, after 10 minutes key holder 2, after 10 more the co-ordinator, who may call 112."""
    town = kroeven(world)
    silent_until(town, 71)
    assert not ladder(town.anna)
    world.advance(minutes=1, seconds=5)
    assert about(town.anna, "Riet heeft niet geantwoord", "112")
    assert not ladder(town.bart)
    world.advance(minutes=10)
    assert about(town.bart, "Riet heeft niet geantwoord")
    assert about(town.anna, "vraag ik nu ook Bart")
    assert not about(town.kees, "Overweeg 112")
    world.advance(minutes=10)
    for one in (town.kees, town.ans):
        assert about(one, "Riet heeft niet geantwoord", "Overweeg 112")
    assert about(town.anna, "coördinator neemt het nu over")
    assert not any("Riet" in text for one in (town.jan, town.sara) for text in texts(one))


def test_who_has_no_key_holders_is_on_no_ladder(world: World) -> None:
    town = kroeven(world)
    silent_until(town, 1)
    world.advance(minutes=100)
    assert not any(about(one, "Jan heeft niet") for one in town.everybody)


def test_a_key_holder_takes_over_and_reports(world: World) -> None:
    town = kroeven(world)
    silent_until(town, 82.5)
    town.bart.taps("Ik ga kijken")
    world.advance(seconds=5)
    assert about(town.anna, "Bart neemt het over")
    assert "Laat na je bezoek weten" in town.bart.last.text
    world.advance(minutes=7)
    town.bart.says("het gaat goed")
    world.advance(seconds=5)
    assert about(town.kees, "goed met Riet", "Bart")
    assert about(town.anna, "goed met Riet")
    world.advance(minutes=60)
    assert not about(town.kees, "Overweeg 112")
    town.kees.says("presentielijst KR-R1")
    assert "Riet: veilig (via Bart)" in town.kees.last.text


def test_a_bare_yes_of_a_key_holder_is_no_sign_of_life(world: World) -> None:
    """Design §9.6: nobody is called safe because somebody else said ok."""
    town = kroeven(world)
    silent_until(town, 72.5)
    town.anna.says("ok")
    assert "Laat na je bezoek weten" in town.anna.last.text
    town.kees.says("stand KR-R1")
    assert "Geen bericht: 1 (Riet)" in town.kees.last.text
    world.advance(minutes=21)
    assert about(town.bart, "Riet heeft niet geantwoord")


@pytest.mark.parametrize(("typed", "told"), [("Geen gehoor", "Geen gehoor bij Riet"), ("HULP", "HULP NODIG bij Riet")])
def test_no_answer_at_the_door_reaches_a_human_at_once(world: World, typed: str, told: str) -> None:
    town = kroeven(world)
    silent_until(town, 72.5)
    town.anna.says(typed)
    world.advance(seconds=10)
    assert about(town.kees, told, "Anna", "112")
    assert "ik kan niet voor je bellen" in town.anna.last.text
    world.advance(minutes=30)
    assert not ladder(town.bart)


def test_who_cannot_makes_room_for_the_next(world: World) -> None:
    town = kroeven(world)
    silent_until(town, 72.5)
    town.anna.taps("Ik kan niet")
    world.advance(seconds=5)
    assert about(town.bart, "Riet heeft niet geantwoord")


def test_her_own_answer_ends_it_and_everybody_asked_reads_that(world: World) -> None:
    town = kroeven(world)
    silent_until(town, 82.5)
    town.riet.taps("Veilig", on=asked(town.riet))
    world.advance(seconds=5)
    for one in (town.anna, town.bart):
        assert about(one, "Riet heeft zelf iets laten horen")
    town.anna.taps("Ik ga kijken")
    assert "al iets gehoord" in town.anna.last.text
    world.advance(minutes=30)
    assert not about(town.kees, "Overweeg 112")


def test_key_holders_are_chosen_by_the_member_and_agree_themselves(world: World) -> None:
    town = kroeven(world)
    town.jan.says("sleutelhouder")
    assert "geen sleutelhouders" in town.jan.last.text
    town.jan.says("sleutelhouder anna")
    assert "toestemming" in town.jan.last.text
    assert "Jan vraagt of jij dat wilt zijn" in town.anna.last.text
    town.jan.says("sleutelhouder")
    assert "nog geen ja" in town.jan.last.text
    town.anna.taps("Ja")
    world.advance(seconds=5)
    assert about(town.jan, "Anna is nu je sleutelhouder")
    town.jan.says("sleutelhouder sara")
    town.sara.taps("No")
    world.advance(seconds=5)
    assert about(town.jan, "Sara kan geen sleutelhouder zijn")
    town.anna.says("sleutel terug")
    world.advance(seconds=5)
    assert about(town.jan, "Anna is je sleutelhouder niet meer")
    town.jan.says("sleutelhouder bart")
    town.bart.taps("Ja")
    town.jan.says("sleutelhouder uit")
    world.advance(seconds=5)
    assert about(town.bart, "Jan heeft je niet meer nodig")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("sleutelhouder Wim", "Ik vind geen buur met de naam Wim"),
        ("sleutelhouder Jan", "Ik vind geen buur met de naam Jan"),
        ("sleutelhouder uit Wim", "Ik vind geen buur"),
        ("sleutelhouder uit", "geen sleutelhouders"),
        ("sleutel terug", "van niemand sleutelhouder"),
        ("dagelijkse kring misschien", "Typ dagelijkse kring aan"),
        ("dagelijkse kring start 09:00", "Dat kan alleen een coördinator"),
        ("kijk bij Riet", "alleen voor wie die taak heeft"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(world: World, typed: str, answer: str) -> None:
    town = kroeven(world)
    town.jan.says(typed)
    assert answer in town.jan.last.text
    assert len(town.jan.received) == 1
    assert sum(len(one.received) for one in town.everybody) == 1


def test_two_neighbours_of_one_name_are_not_listed_to_a_member(world: World) -> None:
    town = kroeven(world)
    town.place.member("Anna Vos", channel="telegram")
    town.place.member("Piet Bos", channel="telegram")
    town.place.member("Piet Smit", channel="telegram")
    town.jan.says("sleutelhouder piet")
    assert "meer dan één buur" in town.jan.last.text
    assert "Bos" not in town.jan.last.text
    town.jan.says("sleutelhouder piet bos")
    assert "Ik vraag het aan piet bos" in town.jan.last.text


def test_a_key_holder_who_leaves_is_counted_on_no_more(world: World) -> None:
    town = kroeven(world)
    town.jan.key_holders(town.anna, town.bart)
    town.anna.says("afmelden")
    town.anna.taps("Ja")
    world.advance(seconds=10)
    assert about(town.jan, "sleutelhouders doet niet meer mee")
    town.kees.says("kijk bij Jan")
    world.advance(seconds=5)
    assert not ladder(town.anna)
    assert ladder(town.bart)


def test_a_visit_asks_the_key_holders_one_by_one(world: World) -> None:
    """§2.7, vulnerable_check: key holder 1, key holder 2, co-ordinator with the advice to call 112."""
    town = kroeven(world)
    town.kees.says("kijk bij Riet")
    assert "geen sleutelhouders gekozen" in town.kees.last.text
    town.riet.key_holders(town.anna, town.bart)
    town.kees.says("kijk bij riet")
    world.advance(seconds=5)
    assert ladder(town.anna)
    assert not about(town.riet, "KR-R1")
    town.kees.says("kijk bij riet")
    assert "al gekeken" in town.kees.last.text
    world.advance(minutes=11)
    assert ladder(town.bart)
    town.bart.taps("Het gaat goed")
    world.advance(seconds=5)
    assert about(town.kees, "Het gaat goed met Riet", "Bart")
    world.advance(hours=2)
    assert not about(town.kees, "Overweeg 112")
    assert not about(town.kees, "EINDE")


def test_a_visit_says_who_asks_for_it_and_ends_without_a_result(world: World) -> None:
    """Nobody asked Riet anything: she left nothing unanswered, and was not "not reached"."""
    town = kroeven(world)
    town.riet.key_holders(town.anna, town.bart)
    town.kees.says("kijk bij riet")
    world.advance(seconds=5)
    assert about(town.anna, "De coördinator vraagt om bij Riet te kijken", "sleutelhouder", "112")
    town.kees.says("stand KR-R1")
    assert "van Riet zelf is nog niets gehoord" in town.kees.last.text
    town.riet.says("stand KR-R1")
    assert "Dat kan alleen een coördinator" in town.riet.last.text
    world.advance(minutes=25)
    assert about(town.kees, "niets van de sleutelhouders van Riet", "Overweeg 112")
    world.advance(minutes=40)
    assert about(town.ans, "Kijken bij Riet (KR-R1)")
    for one in town.everybody:
        assert not about(one, "niet geantwoord")
        assert not about(one, "Niet bereikt")
        assert not about(one, "EINDE RONDVRAAG")


def test_who_is_visited_and_says_that_all_is_well_stops_it(world: World) -> None:
    town = kroeven(world)
    town.jan.key_holders(town.anna)
    town.kees.says("kijk bij jan")
    world.advance(seconds=5)
    town.jan.says("wat een weer")
    assert "niet begrepen" in town.jan.last.text
    town.jan.says("alles goed hier hoor")
    world.advance(seconds=5)
    assert about(town.anna, "Jan heeft zelf iets laten horen")
    world.advance(minutes=65)
    assert not about(town.kees, "Overweeg 112")
    assert about(town.kees, "Veilig: 1 (Jan)")


def test_the_daily_circle_asks_every_day_and_somebody_looks(world: World) -> None:
    """§2.7, daily_circle: at its time, for a quarter of an hour; who is silent is on the ladder."""
    town = kroeven(world, "2026-03-27 18:00")
    town.riet.key_holders(town.anna)
    town.riet.says("dagelijkse kring aan")
    assert "op de lijst" in town.riet.last.text
    town.jan.says("dagelijkse kring aan")
    town.kees.says("dagelijkse kring start 9:00")
    assert "Deelnemers: 2" in town.kees.last.text
    world.advance_to("2026-03-28 09:00:05")
    assert "Gaat alles goed?" in town.riet.last.text
    assert town.jan.last.buttons == ("Alles goed", "Hulp nodig")
    town.jan.says("ja hoor")
    town.riet.taps("Alles goed")
    assert "alles goed" in town.riet.last.text
    world.advance(minutes=20)
    assert not about(town.kees, "Dagelijkse kring van")
    # the night in which the clocks go forward: nine o'clock stays nine o'clock
    world.advance_to("2026-03-29 09:00:05")
    town.jan.says("goed")
    world.advance(minutes=8)
    assert about(town.riet, "Nog eens van de dagelijkse kring")
    assert not about(town.jan, "Nog eens van de dagelijkse kring")
    world.advance(minutes=8)
    assert about(town.anna, "Riet heeft niet geantwoord")
    [end] = about(town.kees, "Dagelijkse kring van Kroeven")
    assert counts(end)["Geen bericht"] == 1
    assert "Riet" in end
    town.riet.says("alles goed, had het niet gehoord")
    world.advance(seconds=5)
    assert about(town.anna, "Riet heeft zelf iets laten horen")
    town.jan.says("dagelijkse kring uit")
    town.kees.says("dagelijkse kring stop")
    world.advance(seconds=5)
    assert about(town.riet, "kring van Kroeven is gestopt")
    before = [len(one.received) for one in town.everybody]
    world.advance(days=2)
    assert [len(one.received) for one in town.everybody] == before


def test_a_round_that_was_slept_through_is_said(world: World) -> None:
    town = kroeven(world)
    town.jan.says("dagelijkse kring aan")
    town.kees.says("dagelijkse kring 09:00")
    world.advance_to("2026-03-04 08:00")
    with world.down():
        world.advance(hours=6)
    assert not about(town.jan, "Goedendag van de dagelijkse kring")
    assert about(town.kees, "niet gehouden")
    world.advance_to("2026-03-05 09:01")
    assert about(town.jan, "Goedendag van de dagelijkse kring")
