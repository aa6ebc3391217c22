"""A roll call that another plugin has asked: by one that may ask members itself, and by no other."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from buurtwacht import hookimpl, tells
from buurtwacht.testing import World

from ..plugins import asker


def asking(*permissions: str) -> ModuleType:
    """Return the asker, with these permissions."""
    module = ModuleType("asker")
    module.__dict__.update(manifest=replace(asker.manifest, permissions=frozenset(permissions)))
    module.__dict__.update(commands=hookimpl(asker.commands))
    return module


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def wire(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_who_may_write_to_those_who_asked_for_it_alone_has_nobody_else_asked(wire: bool) -> None:
    with World("2026-03-03 21:00", plugins=[asking("store", "read:names", "send:opted_in")], wire=wire) as world:
        place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        riet, kees = place.member("Riet", channel="whatsapp"), place.member("Kees", channel="telegram")
        with world.expects_error("asker"):
            kees.says("want 60")
        world.advance(minutes=1)
        assert not riet.received
        assert "Er ging iets mis" in kees.last.text


def test_who_may_write_to_members_has_them_asked_once(wire: bool) -> None:
    with World("2026-03-03 21:00", plugins=[asking("store", "read:names", "send:members")], wire=wire) as world:
        place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        riet, kees = place.member("Riet", channel="whatsapp"), place.member("Kees", channel="telegram")
        kees.says("want 60")
        world.advance(minutes=1)
        assert [one.text for one in riet.received if "Ronde van 21:30" in one.text] == [riet.last.text]


def test_a_permission_that_does_not_exist_protects_nothing_and_is_refused() -> None:
    with pytest.raises(ValueError, match="send:everybody"):
        tells(by=("*",), needs="send:everybody")
