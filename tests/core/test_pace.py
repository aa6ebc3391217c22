"""A provider never counts too many, and nobody waits for ever."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht.edge.pace import AccountPace, RecipientPace
from buurtwacht.vocabulary.channels import Pace

START = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


class Provider:
    """Counts each message at some moment between its leaving and its answer."""

    def __init__(self, pace: AccountPace, trips: list[tuple[float, float]]) -> None:
        self.pace = pace
        self.trips = trips
        self.now = START
        self.counted: list[datetime] = []
        self.left: list[datetime] = []
        self._answers: list[datetime] = []

    def send_all(self) -> None:
        waiting = list(self.trips)
        while waiting or self._answers:
            while waiting and self.pace.free(self.now) > 0:
                there, back = waiting.pop()
                self.pace.take()
                self.left.append(self.now)
                self.counted.append(self.now + seconds(there))
                heapq.heappush(self._answers, self.now + seconds(there + back))
            self._move(bool(waiting))

    def _move(self, more: bool) -> None:
        soonest = self.pace.next_free(self.now) if more else None
        if self._answers and (soonest is None or self._answers[0] <= soonest):
            self.now = heapq.heappop(self._answers)
            self.pace.give_back(self.now)
        else:
            assert soonest is not None, "something waits and nothing will ever let it go"
            assert soonest > self.now
            self.now = soonest


def most_within(moments: list[datetime], span: timedelta) -> int:
    moments = sorted(moments)
    return max(sum(1 for other in moments if first <= other < first + span) for first in moments)


trips = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=120)


@settings(max_examples=60, deadline=None)
@given(trips, st.sampled_from([1.0, 2.5, 7.0, 30.0]))
def test_never_more_than_the_rate_in_any_second(trips: list[tuple[float, float]], rate: float) -> None:
    provider = Provider(AccountPace(rate), trips)
    provider.send_all()
    assert len(provider.counted) == len(trips)
    assert most_within(provider.counted, SECOND) <= rate


@settings(max_examples=40, deadline=None)
@given(trips)
def test_below_one_a_second_it_waits_longer(trips: list[tuple[float, float]]) -> None:
    provider = Provider(AccountPace(0.25), trips[:20])
    provider.send_all()
    assert most_within(provider.counted, seconds(4)) == 1


def test_a_slot_costs_one_second_and_its_round_trip() -> None:
    provider = Provider(AccountPace(30), [(0.06, 0.06)] * 900)
    provider.send_all()
    assert provider.now - START == 29 * seconds(1.12) + seconds(0.12)


def test_without_a_rate_everything_leaves_at_once() -> None:
    provider = Provider(AccountPace(None), [(0.1, 0.1)] * 500)
    provider.send_all()
    assert set(provider.left) == {START}


def test_a_held_account_sends_nothing_until_it_may() -> None:
    pace = AccountPace(30)
    pace.hold(START + seconds(5))
    pace.hold(START + seconds(3))
    assert pace.free(START + seconds(4.9)) == 0
    assert pace.next_free(START) == START + seconds(5)
    assert pace.free(START + seconds(5)) == 30


def test_two_recipients_refused_within_a_second_hold_the_account() -> None:
    pace = AccountPace(None)
    pace.refused(1, START, seconds(8))
    assert not pace.held(START)
    pace.refused(1, START + seconds(0.5), seconds(8))
    assert not pace.held(START + seconds(0.5)), "the same recipient twice is that recipient's affair"
    pace.refused(2, START + seconds(1.2), seconds(8))
    assert pace.next_free(START + seconds(1.2)) == START + seconds(9.2)


def test_recipients_refused_further_apart_do_not() -> None:
    pace = AccountPace(None)
    pace.refused(1, START, seconds(8))
    pace.refused(2, START + seconds(1.5), seconds(8))
    assert not pace.held(START + seconds(1.5))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([Pace(1.0, 3), Pace(4.0, 5), Pace(6.0, 45), Pace(1.0)]),
    st.lists(st.tuples(st.floats(0, 9), st.floats(0, 2)), min_size=1, max_size=120),
)
def test_a_burst_is_borrowed_from_later(pace: Pace, messages: list[tuple[float, float]]) -> None:
    recipients = RecipientPace(pace, pace)
    now, counted = START, []
    for idle, trip in messages:
        now += seconds(idle)
        while not recipients.may(7, now):
            now = recipients.next_free(now) or now
        counted.append(now)
        now += seconds(trip)
        recipients.sent(7, now)
    for first, start in enumerate(counted):
        for last in range(first, len(counted)):
            owed = (last - first + 1 - pace.burst) * seconds(pace.interval)
            assert counted[last] - start >= owed - timedelta(microseconds=len(counted))


def test_one_recipient_waits_alone() -> None:
    recipients = RecipientPace(Pace(1.0, 3), Pace(4.0, 5))
    for _ in range(3):
        assert recipients.may(1, START)
        recipients.sent(1, START)
    assert recipients.waiting(START) == {1}
    assert recipients.may(2, START)
    assert recipients.next_free(START) == START + SECOND
    assert recipients.waiting(START + SECOND) == set()


def test_a_group_has_a_pace_of_its_own() -> None:
    recipients = RecipientPace(Pace(1.0, 3), Pace(4.0, 5))
    for _ in range(5):
        assert recipients.may(1, START)
        recipients.sent(1, START, is_group=True)
    assert recipients.next_free(START) == START + seconds(4)


def test_a_recipient_who_was_refused_waits_as_long_as_was_said() -> None:
    recipients = RecipientPace(Pace(1.0, 3), Pace(4.0, 5))
    recipients.hold(1, START + seconds(30), START)
    recipients.sent(1, START)
    assert recipients.next_free(START) == START + seconds(30)
    assert recipients.next_free(START + seconds(30)) is None


def test_a_whole_country_leaves_nothing_behind() -> None:
    recipients = RecipientPace(Pace(1.0, 1), Pace(4.0, 5))
    for address in range(6_000):
        now = START + timedelta(milliseconds=address)
        recipients.sent(address, now)
        assert len(recipients.waiting(now)) <= 1000
        assert len(recipients) <= 5000
