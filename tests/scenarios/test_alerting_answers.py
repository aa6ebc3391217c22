"""What neighbours answer, ask and add, and what is told to those who look after the neighbourhood."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World

from .tolberg import CAR, about, alarmed, both_ways, texts, tolberg

world = both_ways


def test_answers_are_counted_and_told_to_nobody_else(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.taps("Ik let op")
    assert "let op: 1" in town.riet.last.text
    town.henk.says("1")
    before = [len(one.received) for one in town.everybody]
    town.henk.says("1")
    assert [len(one.received) for one in town.everybody] == before
    town.kees.says("stand TB-0001")
    assert "Verstuurd 4" in town.kees.last.text
    assert "gereageerd 2" in town.kees.last.text
    town.riet.says("stand TB-0001")
    assert "Verstuurd" not in town.riet.last.text


def test_unsafe_shows_112_and_reaches_co_ordinators_at_once(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.taps("Onveilig")
    world.advance(seconds=10)
    assert "112" in town.riet.last.text
    for one in (town.kees, town.ans):
        assert "ONVEILIG: Riet" in one.last.text
    assert not about(town.henk, "Riet")


def test_two_doubts_are_told_and_the_alert_stays(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.taps("Klopt niet")
    assert not about(town.kees, "Twijfel")
    town.henk.says("vals alarm")
    world.advance(seconds=10)
    assert "2 buren" in town.kees.last.text
    assert not about(town.riet, "LOOS")
    town.riet.taps("Gezien")
    town.kees.says("status")
    assert "nog open" in town.kees.last.text


def test_a_question_is_answered_in_private_and_a_statement_goes_to_a_human(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    others = [len(one.received) for one in (town.fatima, town.henk)]
    town.riet.says("is het nu veilig?")
    assert "nog open" in town.riet.last.text
    assert "blijf binnen" in town.riet.last.text
    town.riet.says("ik zag hem gisteren ook al lopen hoor")
    assert "coördinatoren" in town.riet.last.text
    assert about(town.kees, "gisteren ook al")
    assert [len(one.received) for one in (town.fatima, town.henk)] == others
    town.kees.says("einde het was een monteur")
    town.riet.says("wat was er nou?")
    assert "monteur" in town.riet.last.text
    world.advance(hours=25)
    town.riet.says("wat was er nou eigenlijk aan de hand daar?")
    assert "monteur" not in town.riet.last.text


def test_photo_is_kept_and_not_shared(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR, photo=True)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=5)
    assert about(town.fatima, "Foto bewaard voor de politie, niet gedeeld met de buurt")
    assert not any(one.photo for member in (town.henk, town.riet, town.kees, town.ans) for one in member.received)


def test_moderated_photo_goes_out_with_a_tap(world: World) -> None:
    town = tolberg(world, photos="moderated")
    town.fatima.says(CAR, photo=True)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=20)
    town.ans.taps("Doorgeven")
    world.advance(seconds=20)
    assert town.riet.last.photo
    assert b"Exif" not in town.riet.last.photo.data


@pytest.mark.parametrize("waits", [0, 30])
def test_a_photo_that_members_may_see_follows_the_alert(world: World, waits: int) -> None:
    town = tolberg(world, photos="members")
    town.fatima.says(CAR, photo=True)
    world.advance(seconds=waits)
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=5)
    assert not about(town.riet, "foto")
    world.advance(seconds=10)
    assert town.riet.last.photo
    world.advance(minutes=3)
    assert sum(bool(one.photo) for one in town.riet.received) == 1


def test_what_was_changed_or_deleted_on_the_messenger_is_told_to_co_ordinators(world: World) -> None:
    town = tolberg(world)
    town.henk.says(CAR)
    town.henk.taps("Ja, door mij")
    world.advance(seconds=30)
    town.riet.says("aanvulling TB-0001 zwarte jas")
    town.riet.edits("aanvulling TB-0001 rode jas")
    assert "rode jas" in town.kees.last.text
    town.henk.deletes(CAR)
    assert "gewist" in town.kees.last.text
    assert about(town.riet, "VERDACHT")


def test_delivery_report_names_who_was_not_reached_and_why(world: World) -> None:
    town = tolberg(world)
    world.refuse(town.riet, "unreachable")
    alarmed(town)
    world.advance(minutes=3)
    [report] = about(town.kees, "Bezorging van TB-0001")
    assert "3 bereikt" in report
    assert "Riet" in report
    assert "1 niet bereikt" in report
    assert not about(town.henk, "Riet")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("einde TB-0099", "Ik ken geen melding TB-0099"),
        ("status LD-0001", "LD-0001 hoort bij een andere buurt"),
        ("status", "Er is nu geen open melding"),
        ("einde", "Er is geen open melding"),
        ("melding 🔥🔥", "Wat gebeurt er, en waar?"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(world: World, typed: str, answer: str) -> None:
    town = tolberg(world)
    lindonk = world.neighbourhood("LD", "Langdonk", streets=["Parklaan"], quiet_hours=None)
    lindonk.member("Noor", channel="telegram")
    town.kees.says(typed)
    assert answer in town.kees.last.text
    assert len(town.kees.received) == 1


def test_a_closed_alert_takes_no_addition_and_a_member_cannot_close(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.riet.says("einde TB-0001 klaar")
    assert "Alleen een coördinator" in town.riet.last.text
    town.fatima.says("einde TB-0001 hij is weg")
    assert "hij is weg" in town.kees.last.text
    town.kees.says("einde TB-0001")
    town.riet.says("aanvulling TB-0001 rode jas")
    assert "gesloten" in town.riet.last.text
    town.kees.says("einde TB-0001 nog eens")
    assert "al gesloten" in town.kees.last.text
    town.riet.taps("Gezien")
    world.advance(seconds=3)
    assert "Genoteerd" in town.riet.last.text


def test_nothing_hints_that_the_bot_called(world: World) -> None:
    town = tolberg(world)
    town.fatima.says(CAR + ", politie is onderweg")
    town.fatima.taps("Niet nodig")
    world.advance(seconds=5)
    assert not any("onderweg" in text for text in texts(town.henk) + texts(town.riet))


def test_a_tap_forged_from_another_messenger_changes_nothing(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.henk.says("3 hij staat bij de speeltuin")
    asked = {
        one: next(shown for shown in one.received if "Doorgeven" in shown.buttons) for one in (town.kees, town.ans)
    }
    assert {shown.channel for shown in asked.values()} == {"whatsapp", "telegram"}
    for shown in asked.values():
        for forger in (town.riet, town.henk):
            forger.taps("Doorgeven", on=shown)
            assert "niet aan jou gesteld" in forger.last.text
    world.advance(seconds=5)
    assert not about(town.riet, "speeltuin")
