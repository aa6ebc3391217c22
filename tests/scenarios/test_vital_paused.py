"""Alerts are paused: whatever is typed for them reaches those who look after the neighbourhood (design §4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, World


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        yield made


class Street:
    """Neighbours whose alerts are paused."""

    def __init__(self, world: World) -> None:
        self.world = world
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Lindelaan"], quiet_hours=None)
        self.kees = tolberg.member("Kees", channel="whatsapp", roles=["coordinator"])
        self.henk = tolberg.member("Henk", channel="telegram", street="Lindelaan")
        self.fatima = tolberg.member("Fatima", channel="whatsapp")
        with world.expects_error("alerts"):
            for _ in range(5):
                world._core.health.failed("alerts", "report", ArithmeticError())
            world.advance(seconds=30)

    def says(self, text: str) -> tuple[str, str]:
        """Return what Henk was answered, and what Kees was told."""
        before = len(self.henk.received), len(self.kees.received)
        self.henk.says(text)
        self.world.advance(seconds=5)
        assert self.fatima.received == []
        return _said(self.henk, before[0]), _said(self.kees, before[1])


def _said(member: Member, since: int) -> str:
    return "\n".join(one.text for one in member.received[since:])


@pytest.mark.parametrize("words", ["melding verdacht busje in de Lindelaan", "report verdacht busje", "verdacht busje"])
def test_a_report_goes_to_the_coordinators_as_it_was_typed(world: World, words: str) -> None:
    street = Street(world)
    answered, told = street.says(words)
    assert "112" in answered
    assert "naar de coördinator" in answered
    assert "verdacht busje" in told


def test_what_is_no_report_is_not_available(world: World) -> None:
    street = Street(world)
    answered, told = street.says("sluit TB-0001")
    assert "112" in answered
    assert told == ""
