"""The proposal, what the co-ordinator changes, and what each walker is told, once (R36), in memory and on the wire."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from icalendar import Calendar

from buurtwacht.testing import World
from buurtwacht.testing.people import Member

from .patrols import WALKER, Walkers, arrived, asked, lines, pairs, proposed, published, walkers
from .tolberg import both_ways

world = both_ways


def events(member: Member) -> dict[str, dict[str, str]]:
    """Return what stands in the newest calendar somebody got: by start, its status, sequence, uid and words."""
    file = next(one for one in reversed(arrived(member)) if one.attachments).attachments[0]
    assert (file.name, file.mime) == ("rondes-tb.ics", "text/calendar")
    return {
        f"{event.decoded('dtstart'):%d %H:%M}": {
            name: str(event[name]) for name in ("status", "sequence", "uid", "summary")
        }
        | {"description": str(event.get("description", "")), "location": str(event.get("location", ""))}
        for event in Calendar.from_ical(file.data).walk("VEVENT")
    }


def texts_after(town: Walkers, before: dict[str, int]) -> dict[str, list[str]]:
    return {one.name: [got.text for got in arrived(one)[before[one.name] :]] for one in town.all}


def counted(town: Walkers) -> dict[str, int]:
    return {one.name: len(arrived(one)) for one in town.all}


def test_the_proposal_is_fair_and_no_pair_walks_three_times_in_a_row(world: World) -> None:
    town = walkers(world)
    proposed(town)
    row = pairs(town.kees.last.text)
    assert len(row) == 8
    assert all(len(one) == 2 for one in row)
    assert Counter(who for one in row for who in one) == {"Henk": 4, "Riet": 4, "Fatima": 4, "Piet": 4}
    assert not any(one == other == third for one, other, third in zip(row, row[1:], row[2:], strict=False))


def test_a_shift_that_cannot_be_filled_shows_as_open(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.henk.says("2 4")
    town.riet.says("2 4 6")
    world.advance(seconds=5)
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    plan = lines(town.kees.last.text)
    assert set(plan["vr 8 mei 22:00"].split(", ")) == {"Henk", "Riet"}
    assert plan["vr 22 mei 22:00"] == "Riet, OPEN"
    assert plan["di 5 mei 21:30"] == "OPEN (2)"
    assert "11 plaatsen zijn nog OPEN." in town.kees.last.text


def test_with_two_walkers_every_third_shift_is_short_of_one(world: World) -> None:
    town = walkers(world)
    asked(town)
    for one in (town.henk, town.riet):
        one.says("altijd")
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    row = pairs(town.kees.last.text)
    both = frozenset({"Henk", "Riet"})
    assert not any(one == other == third == both for one, other, third in zip(row, row[1:], row[2:], strict=False))
    assert sum("OPEN" in one for one in row) == 2


def test_nobody_walks_twice_within_a_day(world: World) -> None:
    town = walkers(world)
    proposed(town, "rooster 4 mei t/m 8 mei, elke avond 21:30, 2 lopers, startpunt De Wal")
    row = pairs(town.kees.last.text)
    assert all(not (one & other) for one, other in pairwise(row))


def test_swapping_puts_the_second_in_the_place_of_the_first(world: World) -> None:
    town = walkers(world)
    proposed(town)
    before = lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")
    out = before[0]
    into = next(one.name for one in town.all if one.name not in before)
    town.kees.says(f"ruil 12 mei {out} {into}")
    assert town.kees.last.text.startswith("Geruild:")
    assert set(lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")) == {before[1], into}
    town.kees.says(f"ruil di 12 mei 21:30 {into} door {out}")
    assert set(lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")) == set(before)
    assert not any("Geruild" in one.last.text for one in town.all)


def test_who_is_locked_stays_when_the_proposal_is_made_again(world: World) -> None:
    town = walkers(world)
    proposed(town)
    before = lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")
    into = next(one.name for one in town.all if one.name not in before)
    town.kees.says(f"ruil 12 mei {before[0]} {into}")
    town.kees.says(f"zet vast 12 mei {into}")
    assert f"{into} (vast)" in town.kees.last.text
    town.kees.says("voorstel opnieuw")
    assert f"{into} (vast)" in lines(town.kees.last.text)["di 12 mei 21:30"]
    town.kees.says(f"maak los 12 mei {into}")
    assert "(vast)" not in town.kees.last.text


def test_two_walkers_trade_shifts(world: World) -> None:
    town = walkers(world)
    proposed(town)
    plan = lines(town.kees.last.text)
    first = set(plan["di 5 mei 21:30"].split(", "))
    at = next(at for at, who in plan.items() if set(who.split(", ")) != first)
    second = set(plan[at].split(", "))
    one, other = (first - second).pop(), (second - first).pop()
    town.kees.says(f"wissel 5 mei {one} {' '.join(at.split()[1:3])} {other}")
    now = lines(town.kees.last.text)
    assert set(now["di 5 mei 21:30"].split(", ")) == first - {one} | {other}
    assert set(now[at].split(", ")) == second - {other} | {one}


def test_the_co_ordinator_is_told_what_he_may_not_know_and_decides(world: World) -> None:
    town = walkers(world)
    town.piet.says("afwezig 12 mei")
    asked(town)
    town.henk.says("altijd")
    town.riet.says("alleen vrijdag")
    town.fatima.says("altijd")
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    assert set(lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")) == {"Henk", "Fatima"}
    town.kees.says("ruil 12 mei Henk Piet")
    assert "Let op: Piet is dan afwezig." in town.kees.last.text
    assert "Let op: Piet heeft niet geantwoord." in town.kees.last.text
    town.kees.says("ruil 12 mei Fatima Riet")
    assert "Let op: Riet zei dan niet te kunnen." in town.kees.last.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("ruil Henk Riet", "Om welke dienst gaat het?"),
        ("ruil 13 mei Henk Riet", "Op wo 13 mei is er geen dienst in het rooster."),
        ("ruil 31 februari Henk Riet", "De dag 31-2 bestaat niet."),
        ("ruil 12 mei Henk", "Noem twee lopers"),
        ("ruil 12 mei Henk Anja", "Ik ken hier geen loper die Anja heet."),
        ("ruil 12 mei Jan Riet", "Er zijn meer lopers die Jan heten: Jan Bakker, Jan de Vries."),
        ("zet vast 12 mei Anja", "Ik ken hier geen loper die Anja heet."),
        ("wissel 12 mei Henk", "Noem twee keer een datum en een loper"),
        ("zet vast 12 mei Jan de Vries", "Jan de Vries staat niet op die dienst."),
    ],
)
def test_what_cannot_be_changed_is_one_friendly_sentence(said: str, answer: str) -> None:
    with World() as world:
        town = walkers(world)
        town.place.member("Jan de Vries", channel="telegram", roles=WALKER)
        town.place.member("Jan Bakker", channel="telegram", roles=WALKER)
        proposed(town)
        town.kees.taps("Maak het voorstel")
        town.kees.says(said)
        assert answer in town.kees.last.text
        assert "Geruild" not in town.kees.last.text


def test_every_walker_gets_one_message_with_his_shifts_his_partners_and_a_calendar(world: World) -> None:
    town = walkers(world)
    proposed(town)
    plan = lines(town.kees.last.text)
    before = counted(town)
    town.kees.says("publiceer")
    world.advance(seconds=10)
    assert town.kees.last.text == "Gepubliceerd. 4 lopers krijgen bericht."
    for one in town.all:
        got = arrived(one)[before[one.name] :]
        assert len(got) == 1
        mine = {at: who for at, who in plan.items() if one.name in who}
        assert got[0].text.count("startpunt parkeerplaats De Wal") == len(mine)
        for at, who in mine.items():
            partner = next(name for name in who.split(", ") if name != one.name)
            assert any(line.startswith(f"{at}-") and f"met {partner}," in line for line in got[0].text.splitlines())
        shown = events(one)
        assert len(shown) == len(mine)
        assert {event["status"] for event in shown.values()} == {"CONFIRMED"}
        assert all(event["location"] == "parkeerplaats De Wal" for event in shown.values())


def test_partners_know_each_other_by_first_name_alone(world: World) -> None:
    world.at("2026-04-20 10:00")
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="whatsapp", roles=["member", "coordinator"])
    jan = place.member("Jan de Vries", channel="telegram", roles=WALKER)
    riet = place.member("Riet Jansen", channel="telegram", roles=WALKER)
    kees.says("rooster 4 mei t/m 10 mei, di 21:30, startpunt De Wal")
    kees.taps("Ja")
    for one in (jan, riet):
        one.says("altijd")
    kees.says("voorstel")
    assert "Jan de Vries" in kees.last.text
    kees.says("publiceer")
    world.advance(seconds=5)
    assert "met Riet, startpunt" in jan.last.text
    assert "met Jan, startpunt" in riet.last.text
    jan.says("rooster")
    everything = [one.text for one in arrived(jan)] + [
        one.attachments[0].data.decode() for one in arrived(jan) if one.attachments
    ]
    assert not any("Jansen" in text for text in everything)


def test_publishing_twice_tells_nobody_anything(world: World) -> None:
    town = walkers(world)
    published(town)
    before = counted(town)
    town.kees.says("publiceer")
    world.advance(minutes=1)
    assert town.kees.last.text == "Er is niets veranderd. Niemand krijgt opnieuw bericht."
    assert counted(town) == before


def test_a_change_is_told_only_to_those_whom_it_concerns(world: World) -> None:
    town = walkers(world)
    published(town)
    town.kees.says("rooster")
    out, stays = lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")
    into, spared = (one.name for one in town.all if one.name not in (out, stays))
    old = events(next(one for one in town.all if one.name == out))["12 21:30"]
    before = counted(town)
    town.kees.says(f"ruil 12 mei {out} {into}")
    world.advance(minutes=1)
    assert counted(town) == before
    town.kees.says("publiceer")
    world.advance(seconds=10)
    told = texts_after(town, before)
    assert told[spared] == []
    assert all(len(told[name]) == 1 for name in (out, stays, into))
    assert "Vervallen:\ndi 12 mei 21:30" in told[out][0]
    assert f"di 12 mei 21:30-22:30 met {into}" in told[stays][0]
    assert f"di 12 mei 21:30-22:30 met {stays}" in told[into][0]
    gone = events(next(one for one in town.all if one.name == out))["12 21:30"]
    assert (gone["status"], gone["uid"]) == ("CANCELLED", old["uid"])
    assert int(gone["sequence"]) == int(old["sequence"]) + 1
    town.kees.says("publiceer")
    assert "Er is niets veranderd" in town.kees.last.text


def test_a_swap_there_and_back_changes_nothing(world: World) -> None:
    town = walkers(world)
    published(town)
    town.kees.says("rooster")
    out, stays = lines(town.kees.last.text)["di 12 mei 21:30"].split(", ")
    into = next(one.name for one in town.all if one.name not in (out, stays))
    town.kees.says(f"ruil 12 mei {out} {into}")
    town.kees.says(f"ruil 12 mei {into} {out}")
    town.kees.says("publiceer")
    assert "Er is niets veranderd" in town.kees.last.text


def test_a_crash_while_publishing_loses_nobody_and_tells_nobody_twice(world: World) -> None:
    town = walkers(world)
    proposed(town)
    before = counted(town)
    world.crash(during="handler")
    town.kees.says("publiceer")
    world.advance(minutes=1)
    assert all(len(texts) == 1 for texts in texts_after(town, before).values())
    town.kees.says("publiceer")
    assert "Er is niets veranderd" in town.kees.last.text


def test_a_long_roster_reaches_those_who_were_silent_too(world: World) -> None:
    """A template holds 1024 signs: what is longer comes in parts."""
    town = walkers(world)
    silent = town.place.member("Wim", channel="whatsapp", roles=WALKER, window_open=False)
    asked(town, "rooster 1 mei t/m 31 juli, elke avond 21:30, 2 lopers, startpunt De Wal")
    world.advance(minutes=2)
    got = [one for one in silent.received if one.arrived]
    assert all(one.template == "buurtwacht_availability_ask" for one in got)
    assert sum(one.text.count(" 21:30") for one in got) == 92
    for one in (town.riet, town.fatima):
        one.says("altijd")
    world.advance(days=3, minutes=2)
    plan = "".join(one.text for one in arrived(town.kees) if one.text.startswith("Voorstel"))
    assert plan.count(" 21:30: ") == 92
    silent.says("altijd")
    assert "Het antwoorden is gesloten" in silent.last.text


def test_publishing_before_there_is_a_proposal_says_so(world: World) -> None:
    town = walkers(world)
    town.kees.says("publiceer")
    assert town.kees.last.text == "Er is nu geen rooster in de maak."
    asked(town)
    town.kees.says("publiceer")
    assert "er is nog geen voorstel" in town.kees.last.text


def test_who_could_walk_and_was_not_needed_hears_that_the_roster_is_ready(world: World) -> None:
    town = walkers(world)
    proposed(town, "rooster 4 mei t/m 10 mei, di 21:30, 2 lopers, startpunt De Wal")
    town.kees.says("publiceer")
    world.advance(seconds=10)
    spare = [one for one in town.all if "Je bent deze keer niet ingedeeld" in one.last.text]
    assert len(spare) == 2


def test_what_is_published_at_night_waits_for_the_morning(world: World) -> None:
    town = walkers(world, quiet="22:30-07:00")
    proposed(town)
    world.advance_to("2026-04-20 23:00")
    before = counted(town)
    town.kees.says("publiceer")
    world.advance(hours=1)
    assert counted(town) == before
    world.advance_to("2026-04-21 07:01")
    world.advance(seconds=10)
    assert all(len(texts) == 1 for texts in texts_after(town, before).values())
    assert arrived(town.riet)[-1].attachments


def test_withdrawing_tells_those_who_had_shifts_and_marks_the_calendar(world: World) -> None:
    town = walkers(world)
    published(town)
    before = counted(town)
    town.kees.says("rooster intrekken")
    world.advance(seconds=10)
    assert "is ingetrokken. 4 lopers krijgen bericht." in town.kees.last.text
    for name, texts in texts_after(town, before).items():
        assert len(texts) == 1, name
        assert "Deze rondes gaan niet door:" in texts[0]
    assert {event["status"] for event in events(town.riet).values()} == {"CANCELLED"}
    town.riet.says("mijn diensten")
    assert town.riet.last.text == "Je hebt nu geen diensten."
    town.kees.says("rooster intrekken")
    assert town.kees.last.text == "Er is geen rooster om in te trekken."


def test_a_walker_sees_his_own_shifts_and_no_names_of_others(world: World) -> None:
    town = walkers(world)
    published(town)
    town.kees.says("rooster")
    plan = lines(town.kees.last.text)
    town.riet.says("rooster")
    shown = lines(town.riet.last.text)
    assert all(shown[at].startswith("jij, met") for at, who in plan.items() if "Riet" in who)
    assert all(shown[at] == "vol" for at, who in plan.items() if "Riet" not in who)
    world.advance(seconds=5)
    town.riet.says("mijn diensten")
    assert town.riet.last.text.count("parkeerplaats De Wal") == 4
    assert len(events(town.riet)) == 4


def test_a_walker_takes_an_open_place_and_who_walks_with_him_hears_it(world: World) -> None:
    town = walkers(world)
    asked(town)
    town.riet.says("12 mei")
    town.kees.says("voorstel")
    town.kees.taps("Maak het voorstel")
    town.kees.says("publiceer")
    world.advance(seconds=10)
    town.piet.says("aanmelden dienst 13 mei")
    assert town.piet.last.text == "Op wo 13 mei is er geen open plaats."
    town.piet.says("aanmelden dienst 12 mei")
    assert "di 12 mei 21:30-22:30 met Riet" in town.piet.last.text
    assert events(town.piet)["12 21:30"]["description"] == "Met Riet."
    world.advance(seconds=10)
    assert town.riet.last.text == "Ronde: Piet loopt met je mee op di 12 mei 21:30."
    assert "Piet heeft zich aangemeld.\ndi 12 mei 21:30: Riet, Piet" in town.kees.last.text.replace(" · ", "\n")
    town.fatima.says("aanmelden dienst 12 mei")
    assert "geen open plaats" in town.fatima.last.text
    town.fatima.says("aanmelden dienst")
    town.fatima.taps("di 5 mei 21:30")
    assert "Fijn, je loopt:" in town.fatima.last.text


def test_signing_up_alone_is_asked_about_since_it_may_mean_the_neighbourhood(world: World) -> None:
    """R51: `aanmelden` belongs to joining too."""
    town = walkers(world)
    published(town)
    town.riet.says("aanmelden")
    assert town.riet.last.buttons == ("Lid worden van een buurt", "een open dienst lopen")
    town.ans.says("aanmelden TB")
    assert "al lid" in town.ans.last.text


def test_who_leaves_is_taken_off_his_shifts_and_the_others_are_told(world: World) -> None:
    town = walkers(world)
    published(town)
    town.kees.says("rooster")
    plan = lines(town.kees.last.text)
    partners = {name for who in plan.values() if "Riet" in who for name in who.split(", ")} - {"Riet"}
    before = counted(town)
    town.riet.says("uitschrijven")
    town.riet.taps("Ja")
    world.advance(seconds=10)
    assert "Een loper is gestopt." in town.kees.last.text
    assert town.kees.last.text.count("OPEN") == 4
    assert "Riet" not in town.kees.last.text
    told = texts_after(town, before)
    assert {name for name, texts in told.items() if name != "Riet" and texts} == partners
    assert all("Loop niet alleen." in texts[0] for name, texts in told.items() if name in partners)
    town.kees.says("ruil 12 mei Henk Riet")
    assert "Ik ken hier geen loper die Riet heet." in town.kees.last.text


def test_who_left_while_being_asked_is_not_planned(world: World) -> None:
    town = walkers(world)
    asked(town)
    for one in town.all:
        one.says("altijd")
    world.advance(seconds=5)
    town.riet.says("uitschrijven")
    town.riet.taps("Ja")
    town.kees.says("voorstel")
    if "Toch nu" in town.kees.last.text:
        town.kees.taps("Maak het voorstel")
    assert "Riet" not in town.kees.last.text


def test_who_is_erased_leaves_no_trace_in_what_patrols_keep(world: World) -> None:
    town = walkers(world)
    town.riet.says("voorkeur niet met Henk")
    town.riet.says("afwezig 18-22 mei")
    published(town)
    town.riet.says("verwijder mij")
    town.riet.taps("Alles wissen")
    world.advance(hours=25)
    town.kees.says("rooster")
    assert "Riet" not in town.kees.last.text
    town.kees.says("ruil 12 mei Henk Riet")
    assert "geen loper die Riet heet" in town.kees.last.text


def test_my_data_tells_what_patrols_keep(world: World) -> None:
    town = walkers(world)
    town.riet.says("afwezig 18-22 mei")
    published(town)
    town.riet.says("mijn gegevens")
    world.advance(seconds=10)
    file = next(one for one in reversed(arrived(town.riet)) if one.attachments and "json" in one.attachments[0].name)
    data = file.attachments[0].data.decode()
    assert "2026-05-18" in data
    assert "TB-D1" in data
