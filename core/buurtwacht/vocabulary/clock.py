"""Time, injected: nobody else asks the machine what time it is. Times are aware; they are kept in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is set; for tests and for the playground."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment it was last set to, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move forward to `now`. Raises `ValueError` when that is in the past: nothing here runs backwards."""
        if now < self._now:
            raise ValueError(f"the clock stands at {self._now:%Y-%m-%d %H:%M:%S} UTC and cannot go back")
        self._now = now.astimezone(UTC)


def after(moment: datetime, span: timedelta) -> datetime:
    """Return the aware moment so long after another in real time, in the same zone; a negative span: before it."""
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)


def at_wall_time(day: datetime, wall: time, zone: ZoneInfo) -> datetime:
    """Return `wall` on the local date of `day`, in UTC.

    An hour that the spring change skips moves to the first moment after it; of an hour that comes twice, the first.
    """
    local = datetime.combine(day.astimezone(zone).date(), wall, tzinfo=zone)
    moment = local.replace(fold=0).astimezone(UTC)
    if moment.astimezone(zone).time() == wall:
        return moment
    # A skipped time is read with the clock as it was before the change, or (fold=1) after it: the change lies between.
    change = local.replace(fold=1).astimezone(UTC)
    before = change.astimezone(zone).utcoffset()
    while moment - change > timedelta(seconds=1):
        middle = change + (moment - change) // 2
        if middle.astimezone(zone).utcoffset() == before:
            change = middle
        else:
            moment = middle
    return moment.replace(microsecond=0)


class QuietHours:
    """A span of local wall time in which people sleep, such as 22:30-07:00; it may run past midnight."""

    def __init__(self, start: time, end: time) -> None:
        self.start = start
        self.end = end

    @classmethod
    def parse(cls, text: str) -> QuietHours | None:
        """Read "22:30-07:00"; empty means none. Raises `ValueError` for anything else."""
        if not text.strip():
            return None
        start, dash, end = text.partition("-")
        if not dash:
            raise ValueError(f"{text!r} is not a span such as 22:30-07:00")
        return cls(time.fromisoformat(start.strip().zfill(5)), time.fromisoformat(end.strip().zfill(5)))

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def holds_until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet hours that `now` falls in end (UTC), or None when it is day."""
        local = now.astimezone(zone).time()
        if self.start <= self.end:
            inside = self.start <= local < self.end
            tomorrow = False
        else:
            inside = local >= self.start or local < self.end
            tomorrow = local >= self.start
        if not inside:
            return None
        return at_wall_time(now + timedelta(days=1) if tomorrow else now, self.end, zone)
