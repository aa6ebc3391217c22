"""What a neighbourhood decided about photos and plates: what members see, what is kept, and for how long."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World
from buurtwacht.testing.picture import photograph

from .tolberg import CAR, about, both_ways, tolberg

world = both_ways


def _kept(world: World) -> list[bytes]:
    return [data for where, data in world.traces() if where.startswith("media:") and data]


@pytest.mark.parametrize(
    ("policy", "told", "seen"),
    [
        ("off", "niet bewaard", ""),
        ("officials_only", "Foto bewaard voor de politie, niet gedeeld met de buurt", ""),
        ("moderated", "coördinator", "kees"),
        ("members", "", "riet kees"),
    ],
)
def test_a_photo_goes_as_far_as_was_decided(world: World, policy: str, told: str, seen: str) -> None:
    # To Henk nothing can be sent now but what stands in a template: no photo.
    town = tolberg(world, photos=policy)
    town.fatima.says(CAR, photo=True)
    town.fatima.taps("Ja, door mij")
    world.advance(minutes=2)
    assert about(town.fatima, told)
    shown = {one.name for one in town.everybody for got in one.received if got.photo}
    assert shown == {name.title() for name in seen.split()} - {"Fatima"} | ({"Ans"} if seen else set())
    for one in town.everybody:
        for got in one.received:
            assert got.photo is None or b"Exif" not in got.photo.data
    kept = _kept(world)
    assert bool(kept) is (policy != "off")
    assert not any(photograph()[:3] in data or b"Exif" in data or b"GPS" in data for data in kept)
    world.advance(hours=73)
    assert not _kept(world)


@pytest.mark.parametrize(
    ("policy", "shown"), [("officials_only", "kenteken bekend"), ("partial", "**-***-3"), ("members", "12-ABC-3")]
)
def test_a_plate_is_shown_as_was_decided(world: World, policy: str, shown: str) -> None:
    town = tolberg(world, plates=policy)
    town.fatima.says(f"{CAR}, kenteken 12 ABC 3")
    town.fatima.taps("Ja, door mij")
    world.advance(seconds=30)
    town.riet.says("aanvulling TB-0001 hij rijdt weg, 12abc3 stond erop")
    world.advance(minutes=2)
    [alert] = about(town.henk, "VERDACHT")
    [update] = about(town.henk, "➕")
    assert shown.casefold() in alert.casefold()
    if policy != "members":
        for text in (alert, update):
            assert "12 ABC 3" not in text
            assert "12-ABC-3" not in text
            assert "12abc3" not in text
    assert "12-ABC-3" in about(town.kees, "VERDACHT")[0]


def test_codes_for_a_point_reach_co_ordinators_only(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("brand ///appel.boom.vis")
    world.advance(seconds=5)
    assert "appel.boom.vis" in about(town.kees, "BRAND")[0]
    [shown] = about(town.riet, "BRAND")
    assert "appel.boom.vis" not in shown
    assert "plek bekend bij coördinator" in shown
    town.riet.says("melding verdachte man bij 9F36GFJ8+84 kijkt in auto's")
    town.riet.taps("Ja, door mij")
    world.advance(seconds=30)
    [rounded] = about(town.henk, "VERDACHT")
    assert "9F36GFJ8+" in rounded
    assert "9F36GFJ8+84" not in rounded
    assert "9F36GFJ8+84" in about(town.kees, "VERDACHT")[0]


def test_who_reports_the_same_is_not_told_more_of_the_place_than_others(world: World) -> None:
    town = tolberg(world)
    town.fatima.says("gaslucht ///appel.boom.vis")
    world.advance(seconds=5)
    town.riet.says("ik ruik gas ///appel.boom.vis")
    assert about(town.riet, "TB-0001")
    assert not about(town.riet, "appel.boom.vis")
