"""An escalation climbs its ladder: who is asked when, reminded, passed over, and what stops it (R43, R44)."""

from __future__ import annotations

from buurtwacht.testing import World

from .ladders import about, alarmed, asked, ladders, said
from .tolberg import both_ways

world = both_ways


def test_a_coordinators_own_request_goes_at_once(world: World) -> None:
    """R43: named to an official it skips the lower levels."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent hij rijdt hier voor de derde nacht")
    world.advance(seconds=2)
    assert len(asked(town.piet)) == 1
    assert "Meidoornstraat" in asked(town.piet)[0]
    assert "derde nacht" in asked(town.piet)[0]
    assert "Nu gevraagd: Piet" in town.kees.last.text
    assert not asked(town.dirk)
    for one in (town.gerda, town.bram):
        assert not one.received


def test_without_a_name_it_walks_the_whole_ladder(world: World) -> None:
    """R43: from the first step; who asked is passed over, and the reason is shown."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(seconds=2)
    assert "Overgeslagen: Kees" in said(town.kees)
    assert "Nu gevraagd: Dirk" in said(town.kees)
    assert len(asked(town.dirk)) == 1
    assert not asked(town.piet)
    world.advance(minutes=10)
    assert len(asked(town.piet)) == 1
    assert "Nu gevraagd: Piet" in town.kees.last.text


def test_the_clock_of_a_ladder_is_exact(world: World) -> None:
    """R44: without acknowledgement it is repeated once after 5 minutes, and the next is asked after 10."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=4, seconds=59)
    assert len(asked(town.piet)) == 1
    world.advance(seconds=2)
    assert len(asked(town.piet)) == 2
    world.advance(minutes=4, seconds=58)
    assert len(asked(town.piet)) == 2
    assert not asked(town.gerda)
    world.advance(seconds=2)
    assert len(asked(town.gerda)) == len(asked(town.bram)) == 1
    world.advance(minutes=30)
    assert len(asked(town.piet)) == len(asked(town.gerda)) == 2


def test_when_the_ladder_ends_those_who_look_after_the_place_read_what_they_can_do(world: World) -> None:
    """R44: "not confirmed" with 112 and 0900-8844; it says so once, and nobody is asked after it."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 gemeente")
    world.advance(minutes=20)
    for one in town.caretakers:
        (end,) = about(one, "NIET BEVESTIGD")
        assert "112" in end
        assert "0900-8844" in end
    before = [len(about(one, "Opschaling")) for one in town.caretakers]
    world.advance(hours=3)
    assert [len(about(one, "Opschaling")) for one in town.caretakers] == before
    assert [len(asked(one)) for one in town.officials] == [0, 2, 2]


def test_one_acknowledgement_stops_the_ladder(world: World) -> None:
    """R44: it stops at once, and upstream hears it with its time."""
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=2)
    town.piet.taps("Ik pak het op")
    world.advance(seconds=2)
    assert "Piet" in town.kees.last.text
    assert f"{world.now:%H:%M}" in town.kees.last.text
    assert "Piet" in town.dirk.last.text
    world.advance(minutes=30)
    assert len(asked(town.piet)) == 1
    assert not asked(town.gerda)
    assert not asked(town.bram)


def test_whose_messenger_stood_still_is_not_said_to_have_been_silent(world: World) -> None:
    """R44: not delivered is said as such; when his messenger is back he reads it once, and may confirm."""
    town = ladders(world)
    alarmed(town)
    with world.outage("telegram"):
        town.kees.says("opschalen TB-0001 wijkagent")
        world.advance(minutes=40)
        (end,) = about(town.kees, "NIET BEVESTIGD")
        assert "Niet bezorgd bij Piet (politie), Bram (handhaving)" in end
    world.advance(minutes=1)
    assert len(asked(town.piet)) == 1
    town.piet.taps("Ik pak het op")
    world.advance(seconds=5)
    assert about(town.kees, "Piet", "oppakt")


def test_members_learn_nothing_of_it(world: World) -> None:
    """R45: no member but those who look after the neighbourhood receives anything."""
    town = ladders(world)
    alarmed(town)
    before = len(town.henk.received), len(town.fatima.received)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=12)
    town.piet.taps("Ontvangen")
    world.advance(hours=2)
    assert (len(town.henk.received), len(town.fatima.received)) == before


def test_what_is_not_for_one_goes_to_the_next_at_once(world: World) -> None:
    town = ladders(world)
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    town.piet.taps("Niet voor mij")
    world.advance(seconds=2)
    assert len(asked(town.gerda)) == len(asked(town.bram)) == 1


def test_a_step_may_need_more_than_one(world: World) -> None:
    """Domain §2.9: N acknowledgements in M minutes, else the next."""
    town = ladders(world, settings={"ladder": ["gemeente, boa 2x 4 min", "wijkagent"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=1)
    assert len(asked(town.gerda)) == len(asked(town.bram)) == 1
    town.gerda.taps("Ontvangen")
    world.advance(minutes=1, seconds=30)
    assert len(asked(town.gerda)) == 1
    assert len(asked(town.bram)) == 2
    town.bram.taps("Ontvangen")
    world.advance(minutes=20)
    assert not asked(town.piet)


def test_one_of_two_is_not_enough(world: World) -> None:
    town = ladders(world, settings={"ladder": ["gemeente, boa 2x 4 min", "wijkagent"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=1)
    town.gerda.taps("Ontvangen")
    world.advance(minutes=3, seconds=5)
    assert len(asked(town.piet)) == 1


def test_when_so_many_cannot_confirm_any_more_the_next_is_asked_at_once(world: World) -> None:
    town = ladders(world, settings={"ladder": ["gemeente, boa 2x 4 min", "wijkagent"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=1)
    town.gerda.taps("Niet voor mij")
    world.advance(seconds=2)
    assert len(asked(town.piet)) == 1


def test_more_reminders_come_evenly(world: World) -> None:
    town = ladders(world, settings={"ladder": [{"who": ["wijkagent"], "minutes": 9, "repeats": 2}]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    began = world.now
    world.advance(minutes=20)
    at = [one.at for one in town.piet.received if "Ik pak het op" in one.buttons]
    assert [round((one - began).total_seconds() / 60) for one in at] == [0, 3, 6]


def test_two_ladders_climb_side_by_side(world: World) -> None:
    """Each official has both before him, and an answer to one stops only that."""
    town = ladders(world)
    alarmed(town)
    town.henk.says("er wordt ingebroken beukenlaan, man met koevoet slaat ruit in")
    world.advance(seconds=40)
    town.kees.says("opschalen TB-0001 wijkagent")
    town.kees.says("opschalen TB-0002 wijkagent")
    world.advance(seconds=5)
    assert len(asked(town.piet)) == 2
    first = next(one for one in town.piet.received if "Ik pak het op" in one.buttons and one.thread == "TB-0001")
    town.piet.taps("Ik pak het op", on=first)
    world.advance(minutes=10)
    assert {one.thread for one in town.gerda.received if "Ik pak het op" in one.buttons} == {"TB-0002"}


_ONCE = ["deputy_coordinator herhaal 0", "police herhaal 0", "municipality, boa herhaal 0"]


def test_two_escalations_of_one_alert_ask_nobody_twice(world: World) -> None:
    town = ladders(world, settings={"ladder": _ONCE})
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=11)
    assert [len(asked(one)) for one in town.officials] == [1, 1, 1]
    assert about(town.kees, "Overgeslagen: Piet", "die hierover al gevraagd is")
    assert not about(town.kees, "niet bevestigd")
    town.kees.says("opschaling TB-0001")
    assert "was hierover al gevraagd in een andere opschaling" in said(town.kees)
    town.gerda.taps("Ik pak het op")
    world.advance(minutes=30)
    assert about(town.kees, "overgenomen door Gerda")
    assert not about(town.kees, "NIET BEVESTIGD")
    assert [len(asked(one)) for one in town.officials] == [1, 1, 1]


def test_who_was_asked_on_the_ladder_is_not_asked_by_name_as_well(world: World) -> None:
    town = ladders(world, settings={"ladder": ["police herhaal 0", "municipality, boa herhaal 0"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=1)
    town.dirk.says("opschalen TB-0001 wijkagent")
    assert "al opgeschaald naar" in town.dirk.last.text
    assert "Ik vraag het niet twee keer" in town.dirk.last.text
    assert len(asked(town.piet)) == 1
    town.dirk.says("opschalen TB-0001 gemeente")
    world.advance(minutes=15)
    assert [len(asked(one)) for one in town.officials] == [1, 1, 1]
    town.gerda.taps("Ontvangen")
    world.advance(seconds=5)
    assert about(town.kees, "overgenomen door Gerda")


def test_when_both_end_without_anybody_it_is_said(world: World) -> None:
    town = ladders(world, settings={"ladder": _ONCE})
    alarmed(town)
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=30)
    assert len(about(town.kees, "niet bevestigd")) + len(about(town.kees, "NIET BEVESTIGD")) == 1


def test_who_cannot_be_reached_is_not_waited_for(world: World) -> None:
    """R44: "not delivered" is said as such, and the next step comes at once."""
    town = ladders(world)
    alarmed(town)
    world.refuse(town.piet, "unreachable")
    town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(minutes=1, seconds=5)
    assert len(asked(town.gerda)) == 1
    world.accept(town.piet)
    for one in (town.gerda, town.bram):
        one.taps("Niet voor mij")
    world.advance(seconds=5)
    assert "Piet" in said(town.dirk)


def test_when_nobody_could_be_reached_it_says_not_delivered(world: World) -> None:
    town = ladders(world, settings={"ladder": ["wijkagent"]})
    alarmed(town)
    world.refuse(town.piet, "unreachable")
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=1, seconds=5)
    assert "NIET BEZORGD bij Piet" in town.kees.last.text
    assert "112" in town.kees.last.text
    assert "niet bevestigd" not in said(town.kees).lower()


def test_when_one_of_two_says_no_the_other_keeps_his_time(world: World) -> None:
    town = ladders(world, settings={"ladder": ["gemeente, boa 4 min", "wijkagent"]})
    alarmed(town)
    town.kees.says("opschalen TB-0001")
    world.advance(minutes=1)
    town.gerda.taps("Niet voor mij")
    world.advance(minutes=1, seconds=30)
    assert len(asked(town.gerda)) == 1
    assert len(asked(town.bram)) == 2
    assert not asked(town.piet)
    world.advance(minutes=1, seconds=35)
    assert len(asked(town.piet)) == 1
