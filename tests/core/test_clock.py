"""Wall time: what a time on a local day means as a moment, also on the two days a year when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from buurtwacht.vocabulary.clock import at_wall_time

AMSTERDAM = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("zone", "day", "wall", "moment"),
    [
        (AMSTERDAM, (2026, 5, 5), "21:30", "2026-05-05T19:30"),
        (AMSTERDAM, (2026, 3, 29), "01:59", "2026-03-29T00:59"),
        # an hour that does not exist moves to the first moment after it
        (AMSTERDAM, (2026, 3, 29), "02:00", "2026-03-29T01:00"),
        (AMSTERDAM, (2026, 3, 29), "02:30", "2026-03-29T01:00"),
        (AMSTERDAM, (2026, 3, 29), "02:59", "2026-03-29T01:00"),
        (AMSTERDAM, (2027, 3, 28), "02:30", "2027-03-28T01:00"),
        (AMSTERDAM, (2026, 3, 29), "03:00", "2026-03-29T01:00"),
        # of an hour that comes twice, the first
        (AMSTERDAM, (2026, 10, 25), "02:30", "2026-10-25T00:30"),
        (AMSTERDAM, (2027, 10, 31), "02:30", "2027-10-31T00:30"),
        (AMSTERDAM, (2026, 10, 25), "03:00", "2026-10-25T02:00"),
        # where clocks change by half an hour
        ("Australia/Lord_Howe", (2026, 10, 4), "02:10", "2026-10-03T15:30"),
    ],
)
def test_a_time_on_the_clock_is_one_moment(zone: str, day: tuple[int, int, int], wall: str, moment: str) -> None:
    there = ZoneInfo(zone)
    found = at_wall_time(datetime(*day, 12, tzinfo=there), time.fromisoformat(wall), there)
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)
