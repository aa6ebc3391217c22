"""The gate of one account: what may pass now, by the pace of account and recipient, and whether the messenger works."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence, Set
from datetime import datetime, timedelta

import structlog

from buurtwacht.edge.doubt import Doubt
from buurtwacht.edge.pace import AccountPace, RecipientPace
from buurtwacht.records.holds import ACCOUNT, KEPT_FROM, LONG, Hold, waits_until
from buurtwacht.records.lately import Departure
from buurtwacht.vocabulary.channels import Capabilities, Receipt
from buurtwacht.vocabulary.errors import Ambiguous, DeliveryError, Misconfigured, Throttled, Unavailable

#: So many failures in a row, and nothing that went between them: the account is down.
_DOWN_AFTER = 3

_log = structlog.get_logger("buurtwacht.delivery")


class Gate:
    """Learns from every answer. `on_state` hears ok, down or stopped, and the reason, when that changes.

    `held` says whether this process runs the account at this moment; nothing passes while it does not.
    """

    def __init__(
        self,
        account: str,
        capabilities: Capabilities,
        rate: float | None,
        on_state: Callable[[str, str], None],
        held: Callable[[], bool] = lambda: True,
    ) -> None:
        #: refused by the provider: nothing passes until a restart
        self.stopped = False
        self.down = False
        #: changes of state that are still to be written down, with their reasons
        self.changes: list[tuple[str, str]] = []
        #: what we were told to wait for and is still to be written down
        self.holds: list[Hold] = []
        #: the end of the first of those that are written down
        self.lifts_at: datetime | None = None
        self._account = account
        self._on_state = on_state
        self._held = held
        self._pace = AccountPace(rate)
        self._recipients = RecipientPace(capabilities.recipient_pace, capabilities.group_pace)
        self._failures = 0
        self._doubt = Doubt()
        #: until when the account counts as down because it was told to wait for long
        self._down_until: datetime | None = None
        #: recipients who may get nothing for long
        self._idle: dict[int, datetime] = {}

    def free(self, at: datetime) -> int:
        """Return how many messages may leave at a moment, now or soon."""
        if self.stopped or not self._held():
            return 0
        free = self._pace.free(at)
        return min(free, 1 - self._pace.in_flight) if self._doubt.present else free

    def take_over(self, now: datetime) -> None:
        """Begin where another process may have been sending a moment ago: every slot counts as just used."""
        self._pace.rest(now)

    @property
    def memory(self) -> timedelta:
        """How long what was sent counts for the pace."""
        return max(self._pace.span, self._recipients.memory)

    def resume(self, left: Sequence[Departure], now: datetime) -> None:
        """Keep the pace in which messages left before, in an earlier life of this process or from another one."""
        for one in left:
            self._recipients.sent(one.address, one.at, is_group=one.is_group)
        if left and left[-1].at > now - self._pace.span:
            self._pace.rest(now)

    def held_until(self, now: datetime) -> datetime | None:
        """Return until when the provider told the whole account to wait, or None."""
        return self._pace.next_free(now) if self._pace.held(now) else None

    def restore(self, holds: Collection[Hold], now: datetime) -> None:
        """Wait for what another process, or an earlier life of this one, was told to wait for."""
        for one in holds:
            if one.until > now:
                self._hold(one, now)
        self.kept(holds)

    def kept(self, holds: Collection[Hold]) -> None:
        """Take note that these are written down."""
        ends = [one.until for one in holds]
        self.lifts_at = min(ends if self.lifts_at is None else [*ends, self.lifts_at], default=None)

    @property
    def waits(self) -> str:
        """What the whole account was told to wait for, in words, when that is for long; else nothing."""
        return waits_until(self._down_until) if self._down_until is not None else ""

    def look(self, now: datetime) -> None:
        """Let an account that was told to wait count as ok again once that is over."""
        if self._down_until is not None and self._down_until <= now:
            self._down_until = None
            if self.down and self._failures < _DOWN_AFTER:
                self.down = False
                self._change("ok", "")

    def idle(self, now: datetime) -> set[int]:
        """Return the addresses that may get nothing for long: what presses should go another way (R19)."""
        self._idle = {address: until for address, until in self._idle.items() if until > now}
        return set(self._idle)

    def next_free(self, now: datetime) -> datetime | None:
        """Return when a message may leave, `now` or later; None: not before something in flight is answered."""
        if self.stopped or not self._held() or (self._doubt.present and self._pace.in_flight):
            return None
        return self._pace.next_free(now)

    def may(self, address: int, now: datetime) -> bool:
        """Return whether this recipient may get a message now."""
        return self._recipients.may(address, now)

    def waiting(self, now: datetime) -> Set[int]:
        """Return the addresses that may get nothing now."""
        return self._recipients.waiting(now)

    def next_recipient(self, now: datetime) -> datetime | None:
        """Return when the first of those who wait may get a message, or None when nobody waits."""
        return self._recipients.next_free(now)

    def fails(self, now: datetime) -> bool:
        """Return whether this account is of no use at present: who can be reached otherwise should be (R19)."""
        return self.stopped or self.down or self._pace.held(now)

    def take(self) -> None:
        """Let a message leave."""
        self._pace.take()

    def answered(self, address: int, is_group: bool, answer: Receipt | DeliveryError, now: datetime) -> None:
        """Let an answer have its effect on the pace, and on what we think of the account."""
        self._pace.give_back(now)
        match answer:
            case Throttled():
                self._slow_down(address, answer, now)
                return
            case Misconfigured():
                self.stop(answer.reason)
                return
            case Unavailable():
                self._failures += 1
                if self._failures >= _DOWN_AFTER and not self.down:
                    self.down = True
                    self._change("down", answer.reason)
                return
        self._recipients.sent(address, now, is_group=is_group)
        if isinstance(answer, Ambiguous):
            self._in_doubt(address, answer.reason, now)
            return
        self._doubt.over()
        self._failures = 0
        if self.down and not self._pace.held(now):
            self.down = False
            self._change("ok", "")

    def _in_doubt(self, address: int, reason: str, now: datetime) -> None:
        self._doubt.met(address)
        if not self._doubt.present:
            return
        if not self._pace.held(now):
            self._pace.hold(now + self._doubt.pause())
        if not self.down:
            self.down = True
            self._change("down", reason)

    def _slow_down(self, address: int, answer: Throttled, now: datetime) -> None:
        wait = timedelta(seconds=answer.retry_after)
        if answer.scope == "account":
            found = [Hold(ACCOUNT, now + wait, answer.reason)]
        else:
            found = [Hold(address, now + wait, answer.reason)]
            before = self._pace.held_until
            self._pace.refused(address, now, wait)
            if self._pace.held_until is not None and self._pace.held_until != before:
                found.append(Hold(ACCOUNT, self._pace.held_until, answer.reason))
        for one in found:
            self._hold(one, now)
            if one.address == ACCOUNT or wait >= KEPT_FROM:
                self.holds.append(one)

    def _hold(self, one: Hold, now: datetime) -> None:
        long = one.until - now >= LONG
        if one.address != ACCOUNT:
            self._recipients.hold(one.address, one.until, now)
            if long:
                self._idle[one.address] = max(one.until, self._idle.get(one.address, one.until))
            return
        self._pace.hold(one.until)
        if long and (self._down_until is None or one.until > self._down_until):
            self._down_until = one.until
            self.down = True
            self._change("down", waits_until(one.until))

    def stop(self, reason: str) -> None:
        """Let nothing pass any more: the provider refuses the account."""
        if not self.stopped:
            self.stopped = True
            _log.error("account refused: mend its settings and start again", account=self._account, why=reason)
            self._change("stopped", reason)

    def _change(self, state: str, reason: str) -> None:
        self.changes.append((state, reason))
        self._on_state(state, reason)
