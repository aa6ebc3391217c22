"""Until when quiet hours hold somebody: the neighbourhood's, unless he has hours of his own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from buurtwacht.testing import World

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("own", "at", "until"),
    [
        (None, "2026-01-16 01:42", "2026-01-16 07:00"),
        (None, "2026-01-16 22:30", "2026-01-17 07:00"),
        (None, "2026-01-16 07:00", None),
        ("", "2026-01-16 01:42", None),
        ("20:00-06:00", "2026-01-16 01:42", "2026-01-16 06:00"),
        ("20:00-06:00", "2026-01-16 06:30", None),
        ("00:00-03:30", "2026-03-29 01:30", "2026-03-29 03:30"),
    ],
)
def test_the_hours_of_his_own_go_before_those_of_the_neighbourhood(own: str | None, at: str, until: str | None) -> None:
    with World() as world:
        place = world.neighbourhood("TB", "Tolberg", quiet_hours="22:30-07:00")
        with world.context("alerts", place) as ctx:
            found = ctx.here.quiet_until(own, datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM))
        assert found == (datetime.fromisoformat(until).replace(tzinfo=AMSTERDAM) if until else None)
