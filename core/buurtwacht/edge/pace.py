"""How fast messages may leave: for an account, and for each of its recipients. Nothing here waits or looks at a clock.

Everything counts from the moment a provider answered, which is never before the moment it counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Set
from datetime import datetime, timedelta

from buurtwacht.vocabulary.channels import Pace

#: What is free when nothing limits an account.
UNLIMITED = 1 << 30
#: Two recipients refused within this: it is the account that is too fast.
_TOGETHER = timedelta(seconds=1)
_FORGET_AT = 1024


class AccountPace:
    """The pace of one account: `rate` slots, each of them free again one second after its answer.

    However long answers take, a provider never counts more than `rate` messages in any sliding second. Below one a
    second there is one slot, which rests longer. Without a rate only `hold` limits it.
    """

    def __init__(self, rate: float | None) -> None:
        self._slots = UNLIMITED if rate is None else max(1, int(rate))
        self._rest = timedelta(0) if rate is None else timedelta(seconds=max(1.0, 1.0 / rate))
        self._in_flight = 0
        self._resting: deque[datetime] = deque()
        self._held_until: datetime | None = None
        self._refused: tuple[int, datetime] | None = None

    def free(self, at: datetime) -> int:
        """Return how many messages may leave at a moment, now or soon, if nothing else happens before."""
        if self.held(at):
            return 0
        return self._slots - self._in_flight - sum(1 for rested in self._resting if rested > at)

    def next_free(self, now: datetime) -> datetime | None:
        """Return when a message may leave, `now` or later; None: not before something in flight is answered."""
        soonest = self._held_until if self._held_until and self._held_until > now else now
        if self._in_flight + len(self._resting) < self._slots:
            return soonest
        return max(soonest, self._resting[0]) if self._resting else None

    @property
    def in_flight(self) -> int:
        """How many messages have left and are not answered."""
        return self._in_flight

    def held(self, now: datetime) -> bool:
        """Return whether the provider told the whole account to wait."""
        return self._held_until is not None and self._held_until > now

    @property
    def held_until(self) -> datetime | None:
        """Until when the provider told the whole account to wait, also when that is over; None: it never did."""
        return self._held_until

    @property
    def span(self) -> timedelta:
        """How long a slot rests after its answer."""
        return self._rest

    def take(self) -> None:
        """Use a slot, the one that has rested longest: a message leaves."""
        if self._in_flight + len(self._resting) >= self._slots:
            self._resting.popleft()
        self._in_flight += 1

    def give_back(self, now: datetime) -> None:
        """Let a slot rest: its message was answered, or given up."""
        self._in_flight -= 1
        if self._rest:
            self._resting.append(now + self._rest)

    def rest(self, now: datetime) -> None:
        """Let every slot rest as if its message were answered now."""
        if self._rest:
            self._resting.extend([now + self._rest] * (self._slots - self._in_flight - len(self._resting)))

    def hold(self, until: datetime) -> None:
        """Let nothing leave before `until`."""
        self._held_until = max(until, self._held_until or until)

    def refused(self, address: int, now: datetime, retry_after: timedelta) -> None:
        """Take note that a recipient was refused for speed; when it is the second within a second, hold everything."""
        last, self._refused = self._refused, (address, now)
        if last is not None and last[0] != address and now - last[1] <= _TOGETHER:
            self.hold(now + retry_after)


class RecipientPace:
    """The pace of each recipient: one message every interval, and a burst that is borrowed from later."""

    def __init__(self, private: Pace, group: Pace) -> None:
        self._private = private
        self._group = group
        #: when what was sent so far will have been worth its time, one interval a message
        self._paid: dict[int, datetime] = {}
        self._waiting: dict[int, datetime] = {}
        self._prune_at = _FORGET_AT

    def __len__(self) -> int:
        """Return how many recipients are remembered."""
        return len(self._paid.keys() | self._waiting.keys())

    def waiting(self, now: datetime) -> Set[int]:
        """Return the addresses that nothing may be sent to now."""
        for address in [one for one, until in self._waiting.items() if until <= now]:
            del self._waiting[address]
        return self._waiting.keys()

    def may(self, address: int, now: datetime) -> bool:
        """Return whether something may be sent to this address now."""
        return address not in self._waiting or self._waiting[address] <= now

    def next_free(self, now: datetime) -> datetime | None:
        """Return when the first of those who wait may be sent to, or None when nobody waits."""
        self.waiting(now)
        return min(self._waiting.values(), default=None)

    @property
    def memory(self) -> timedelta:
        """How long what was sent counts: until the longest burst is worth its time again."""
        return timedelta(seconds=max(one.interval * one.burst for one in (self._private, self._group)))

    def sent(self, address: int, now: datetime, *, is_group: bool = False) -> None:
        """Count a message that was answered now."""
        pace = self._group if is_group else self._private
        interval = timedelta(seconds=pace.interval)
        paid = self._paid[address] = max(now, self._paid.get(address, now)) + interval
        self.hold(address, paid - interval * (pace.burst - 1), now)
        self._forget(now)

    def hold(self, address: int, until: datetime, now: datetime) -> None:
        """Send nothing to this address before `until`."""
        if until > now:
            self._waiting[address] = max(until, self._waiting.get(address, until))

    def _forget(self, now: datetime) -> None:
        if len(self._paid) >= self._prune_at:
            self._paid = {address: paid for address, paid in self._paid.items() if paid > now}
            self._prune_at = 2 * len(self._paid) + _FORGET_AT
