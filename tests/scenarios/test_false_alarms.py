"""False alarms again and again (R25): only admins know, nothing happens without their tap, and it can be undone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from buurtwacht.testing import Received, World
from buurtwacht.testing.people import Member

from .tolberg import CAR, Tolberg, about, both_ways, tolberg

world = both_ways


def false_alarm(town: Tolberg, number: int, *, reporter: Member | None = None) -> None:
    """Have somebody report the car, and Kees close it as a false alarm; an hour passes."""
    reporter = reporter or town.fatima
    reporter.says(CAR)
    reporter.taps("Niet nodig")
    town.world.advance(seconds=10)
    town.kees.says(f"loos alarm TB-{number:04d} het was de krantenbezorger")
    town.kees.taps("Ja")
    town.world.advance(hours=1)


@dataclass
class Admins:
    """The two admins of Tolberg: Ans on Telegram, Bert on WhatsApp."""

    town: Tolberg
    ans: Member
    bert: Member


def carrying(member: Member, label: str) -> Received:
    """Return the newest message before a member that has this choice."""
    return next(one for one in reversed(member.received) if label in one.buttons)


def three(world: World) -> Admins:
    """Build Tolberg, with a second admin, and have three reports of Fatima be false alarms."""
    town = tolberg(world, "2026-01-16 12:00")
    bert = town.place.member("Bert", channel="whatsapp", roles=["member", "admin"])
    for number in (1, 2, 3):
        false_alarm(town, number)
    return Admins(town, town.ans, bert)


def test_at_the_third_the_admins_alone_are_asked_and_nothing_happens_without_them(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    bert = town.place.member("Bert", channel="whatsapp", roles=["member", "admin"])
    for number in (1, 2):
        false_alarm(town, number)
    assert not about(town.ans, "30 dagen")
    false_alarm(town, 3)
    for one in (town.ans, bert):
        [asked] = about(one, "In 30 dagen")
        assert "3 meldingen van Fatima" in asked
        assert "TB-0001, TB-0002, TB-0003" in asked
        assert carrying(one, "Gesprek").buttons == ("Gesprek", "7 dagen via beheerder", "Verwijderen", "Niets doen")
    for one in (town.kees, town.fatima, town.henk, town.riet):
        assert not about(one, "30 dagen")
    false_alarm(town, 4)
    assert len(about(town.ans, "In 30 dagen")) == 1
    world.advance(days=10)
    assert not about(town.fatima, "beheerder")
    town.fatima.says(CAR)
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    assert "LOOS" not in town.riet.last.text
    assert "TB-0005" in town.riet.last.text


def test_the_first_tap_decides_and_a_later_one_hears_what_and_by_whom(world: World) -> None:
    both = three(world)
    asked = carrying(both.bert, "Gesprek")
    both.ans.taps("Gesprek")
    world.advance(seconds=10)
    told = both.town.fatima.last.text
    assert "neemt binnenkort contact met je op" in told
    assert "TB-0001, TB-0002, TB-0003" in told
    assert "bezwaar" in told
    assert about(both.bert, "besloot Ans: Gesprek")
    both.bert.taps("Verwijderen", on=asked)
    assert "Ans besloot hier al over" in both.bert.last.text
    assert "Gesprek" in both.bert.last.text
    before = len(both.town.fatima.received)
    world.advance(days=3)
    assert "gesprek met Fatima" in both.ans.last.text
    assert not about(both.bert, "gesprek met Fatima")
    assert len(both.town.fatima.received) == before


def test_of_two_who_tap_at_once_one_decides(world: World) -> None:
    both = three(world)
    with world.down():
        both.ans.taps("Verwijderen")
        both.bert.taps("Gesprek")
    world.advance(seconds=30)
    fatima = both.town.fatima
    assert len(about(fatima, "neemt binnenkort contact")) + len(about(fatima, "lidmaatschap")) == 1
    assert len(about(both.ans, "besloot hier al over")) + len(about(both.bert, "besloot hier al over")) == 1


def test_long_after_nothing_is_known_and_an_old_tap_does_nothing(world: World) -> None:
    both = three(world)
    town = both.town
    asked = carrying(both.bert, "Gesprek")
    both.ans.taps("7 dagen via beheerder")
    world.advance(days=31)
    both.bert.taps("Verwijderen", on=asked)
    assert "Er is niets veranderd" in both.bert.last.text
    town.fatima.says("bezwaar ik was het niet")
    assert "geen besluit" in town.fatima.last.text
    both.ans.says("historie Fatima")
    assert "meldingen 0, loos alarm 0" in both.ans.last.text
    assert "Besluit" not in both.ans.last.text


def test_of_who_had_everything_erased_nothing_is_decided(world: World) -> None:
    both = three(world)
    both.town.fatima.says("verwijder mij")
    both.town.fatima.taps("Alles wissen")
    world.advance(seconds=10)
    both.ans.taps("Verwijderen")
    assert "Er is niets veranderd" in both.ans.last.text


def test_nothing_is_a_decision_too_and_the_next_one_is_asked_about_again(world: World) -> None:
    both = three(world)
    before = len(both.town.fatima.received)
    both.ans.taps("Niets doen")
    assert "gebeurt niets" in both.ans.last.text
    world.advance(hours=1)
    assert len(both.town.fatima.received) == before
    both.town.fatima.says("bezwaar ik snap het niet")
    assert "geen besluit" in both.town.fatima.last.text
    false_alarm(both.town, 4)
    assert "4 meldingen van Fatima" in carrying(both.ans, "Gesprek").text


def test_what_is_long_ago_does_not_count(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    false_alarm(town, 1)
    false_alarm(town, 2)
    world.advance(days=31)
    false_alarm(town, 3)
    assert not about(town.ans, "In 30 dagen")


def test_what_is_taken_back_or_ends_well_or_was_only_joined_does_not_count(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    false_alarm(town, 1)
    false_alarm(town, 2)
    town.fatima.says(CAR)
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    town.kees.says("intrekken TB-0003 per ongeluk")
    world.advance(hours=1)
    town.riet.says(CAR)
    town.riet.taps("Niet nodig")
    world.advance(minutes=2)
    town.fatima.says(CAR)
    town.fatima.taps("Toevoegen")
    town.kees.says("loos alarm TB-0004 de bezorger")
    town.kees.taps("Ja")
    world.advance(hours=1)
    assert not about(town.ans, "In 30 dagen")


def test_for_seven_days_his_reports_go_through_an_admin_and_what_is_critical_does_not(world: World) -> None:
    both = three(world)
    town = both.town
    both.bert.taps("7 dagen via beheerder")
    world.advance(seconds=10)
    assert "leest eerst een beheerder" in town.fatima.last.text
    assert "bezwaar" in town.fatima.last.text
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=2)
    assert "ligt bij de beheerders" in town.fatima.last.text
    assert not about(town.riet, "TB-0004")
    assert not about(town.kees, "TB-0004")
    assert about(both.ans, "Ter beoordeling: TB-0004")
    assert about(both.ans, "gaan nu via de beheerders")
    both.ans.taps("Naar de buurt")
    world.advance(seconds=30)
    assert about(town.riet, "TB-0004")
    town.kees.says("einde TB-0004 weg")
    town.fatima.says("brand! schuur staat in de fik esdoornlaan")
    world.advance(seconds=10)
    assert about(town.riet, "TB-0005")
    town.kees.says("einde TB-0005 geblust")
    world.advance(days=7)
    assert len(about(town.fatima, "De 7 dagen zijn om")) == 1
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    assert about(town.riet, "TB-0006")
    world.advance(days=7)
    assert len(about(town.fatima, "De 7 dagen zijn om")) == 1


def test_what_an_admin_does_not_let_through_its_reporter_hears(world: World) -> None:
    both = three(world)
    town = both.town
    both.ans.taps("7 dagen via beheerder")
    town.fatima.says("stroomstoring in de meidoornstraat, alles donker")
    world.advance(seconds=10)
    both.bert.taps("Niet sturen")
    assert "De beheerder heeft je melding TB-0004 gelezen" in town.fatima.last.text
    world.advance(hours=20)
    assert not about(town.riet, "TB-0004")
    assert not about(town.kees, "TB-0004")


def test_a_report_that_resembles_another_waits_for_a_human_as_well(world: World) -> None:
    both = three(world)
    town = both.town
    both.ans.taps("7 dagen via beheerder")
    town.riet.says(CAR)
    town.riet.taps("Niet nodig")
    world.advance(seconds=30)
    town.fatima.says("verdachte auto meidoornstraat, rijdt met gedoofde lichten naar de school")
    town.fatima.taps("Toevoegen")
    world.advance(minutes=3)
    assert about(town.kees, "naar de school")
    assert not about(town.henk, "naar de school")


def test_removal_ends_the_membership_and_says_why_and_how_to_object(world: World) -> None:
    both = three(world)
    town = both.town
    both.ans.taps("Verwijderen")
    world.advance(seconds=10)
    [told] = about(town.fatima, "lidmaatschap")
    assert "3 meldingen van jou in 30 dagen loos alarm" in told
    assert "bezwaar" in told
    assert about(town.kees, "Fatima is geen lid meer")
    assert not about(town.kees, "loos alarm bleken")
    assert any(one.event == "false_alarms_decided" for one in world.audit())
    assert any(one.event == "membership_ended" for one in world.audit())
    town.fatima.says(CAR)
    world.advance(minutes=2)
    assert not about(town.riet, "TB-0004")
    town.fatima.says("bezwaar ik zag echt iemand aan de auto's voelen")
    assert "ligt bij de beheerders van Tolberg" in town.fatima.last.text
    for one in (both.ans, both.bert):
        assert "echt iemand aan de auto's voelen" in one.last.text
    assert not about(town.kees, "echt iemand")
    town.fatima.says("bezwaar nog een keer")
    assert "ligt al bij de beheerders" in town.fatima.last.text
    both.bert.taps("Terugdraaien")
    world.advance(seconds=10)
    assert about(both.ans, "teruggedraaid door Bert")
    assert about(town.fatima, "weer welkom")
    town.fatima.taps("Ja")
    world.advance(seconds=10)
    town.fatima.says(CAR)
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    assert about(town.riet, "TB-0004")


def test_who_was_removed_and_asks_again_is_shown_as_such(world: World) -> None:
    both = three(world)
    town = both.town
    both.ans.taps("Verwijderen")
    world.advance(days=2)
    town.fatima.says("aanmelden TB")
    town.fatima.taps("Ja")
    town.fatima.says("Meidoornstraat")
    world.advance(seconds=10)
    assert "hier op vr 16 januari verwijderd" in both.ans.last.text
    both.ans.taps("Ja")
    assert "Welkom" in town.fatima.last.text


def test_an_objection_can_be_turned_down_once_and_is_answered_by_the_first(world: World) -> None:
    both = three(world)
    town = both.town
    both.ans.taps("7 dagen via beheerder")
    town.fatima.says("bezwaar")
    assert "Bijvoorbeeld" in town.fatima.last.text
    town.fatima.says("bezwaar bel mij op 06 12345678, het was geen bezorger")
    assert "geen bezorger" in both.ans.last.text
    assert "12345678" not in both.ans.last.text
    both.ans.taps("Laten staan")
    world.advance(seconds=5)
    assert "Het besluit blijft" in town.fatima.last.text
    both.bert.taps("Terugdraaien", on=carrying(both.bert, "Laten staan"))
    assert "al besloten" in both.bert.last.text
    town.fatima.says("bezwaar toch wel")
    assert "het besluit blijft" in town.fatima.last.text
    assert "toch wel" not in both.ans.last.text


def test_an_admin_takes_back_what_was_decided_in_haste(world: World) -> None:
    both = three(world)
    town = both.town
    both.ans.taps("7 dagen via beheerder")
    both.ans.taps("Terugdraaien")
    world.advance(seconds=5)
    assert "is teruggedraaid" in town.fatima.last.text
    both.ans.taps("Terugdraaien")
    assert "al teruggedraaid" in both.ans.last.text
    town.fatima.says(CAR)
    town.fatima.taps("Niet nodig")
    world.advance(seconds=10)
    assert about(town.riet, "TB-0004")
    world.advance(days=8)
    assert not about(town.fatima, "De 7 dagen zijn om")


def test_nobody_decides_about_himself(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    for number in (1, 2, 3):
        false_alarm(town, number, reporter=town.ans)
    for one in town.everybody:
        assert not about(one, "In 30 dagen")
    assert any(one.event == "false_alarms_repeated" for one in world.audit())


def test_an_alert_that_is_open_again_counts_no_more(world: World) -> None:
    both = three(world)
    asked = carrying(both.bert, "Gesprek")
    both.ans.says("heropen TB-0003 de auto is terug")
    both.bert.taps("Verwijderen", on=asked)
    assert "Er is niets veranderd" in both.bert.last.text
    assert not about(both.town.fatima, "lidmaatschap")


def test_history_is_for_admins_and_every_look_is_on_record(world: World) -> None:
    both = three(world)
    town = both.town
    town.place.member("Fatima el Amrani", channel="telegram", street="Beukenlaan")
    both.ans.taps("Gesprek")
    for one in (town.kees, town.riet, town.fatima):
        one.says("historie Fatima")
        assert "loos" not in one.last.text
        assert "alleen voor wie die taak heeft" in one.last.text
    both.ans.says("historie fatima")
    shown = both.ans.last.text
    assert "meldingen 3, loos alarm 3" in shown
    assert "TB-0002 · vr 16 januari 13:00" in shown
    assert "Gesprek" in shown
    assert any(one.event == "history_looked_up" for one in world.audit())
    both.ans.says("historie Sjaak")
    assert "geen lid met die naam" in both.ans.last.text
    town.place.member("Henk", channel="telegram", street="Esdoornlaan")
    world.advance(seconds=10)
    both.ans.says("historie henk")
    assert "Wie bedoel je" in both.ans.last.text
    both.ans.taps("Henk Esdoornlaan")
    assert "meldingen 0, loos alarm 0" in both.ans.last.text


def test_it_is_in_his_own_data(world: World) -> None:
    both = three(world)
    both.ans.taps("7 dagen via beheerder")
    both.town.fatima.says("mijn gegevens")
    [file] = both.town.fatima.last.attachments
    kept = json.loads(file.data)["alerts"]
    assert [one["outcome"] for one in kept["reports"]] == ["false_alarm"] * 3
    [review] = kept["reviews_of_false_alarms"]
    assert review["decision"] == "through_admin"
    assert "Ans" not in file.data.decode()


def test_in_english(world: World) -> None:
    town = tolberg(world, "2026-01-16 12:00")
    joan = town.place.member("Joan", channel="whatsapp", roles=["member", "admin"], language="en")
    for number in (1, 2, 3):
        false_alarm(town, number)
    assert carrying(joan, "Talk").buttons == ("Talk", "7 days through admin", "Remove", "Do nothing")
    joan.taps("Talk")
    joan.says("history Fatima")
    assert "reports 3, false alarms 3" in joan.last.text
