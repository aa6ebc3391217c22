"""A fair plan: what is never broken, that small ones are the best there are, and that equals walk equally often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht_patrols.board import Groups
from buurtwacht_patrols.solver import Duty, Problem, Walker, solve

START = datetime(2026, 5, 4, 19, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def duties(starts: list[int], needed: int = 2) -> tuple[Duty, ...]:
    """Shifts of an hour, each so many hours after the start."""
    moments = [START + at * HOUR for at in sorted(starts)]
    return tuple(Duty(at, at + HOUR, f"{at:%Y-%m}", needed) for at in moments)


@st.composite
def problems(draw: st.DrawFn, most_duties: int = 8, most_walkers: int = 5) -> Problem:
    hours = draw(st.lists(st.integers(0, 400), min_size=1, max_size=most_duties, unique=True))
    row = duties(hours, needed=draw(st.integers(1, 3)))
    count = draw(st.integers(1, most_walkers))
    walkers = []
    for ident in range(1, count + 1):
        able = draw(st.frozensets(st.sampled_from(range(len(row)))))
        others = st.frozensets(st.integers(1, count).filter(lambda other, own=ident: other != own), max_size=1)
        busy_at = draw(st.none() | st.integers(0, 400))
        walkers.append(
            Walker(
                ident,
                able,
                most_a_month=draw(st.none() | st.integers(0, 3)),
                busy=() if busy_at is None else ((START + busy_at * HOUR, START + (busy_at + 1) * HOUR),),
                apart_from=draw(others) if count > 1 else frozenset(),
            )
        )
    return Problem(row, tuple(walkers), rest=draw(st.sampled_from([timedelta(), DAY])), seed=draw(st.integers(0, 99)))


def faults(problem: Problem, groups: Groups) -> list[str]:
    """Return what a plan breaks, worked out anew and not as the solver does."""
    found: list[str] = []
    by_id = {one.id: one for one in problem.walkers}
    for place, (duty, group) in enumerate(zip(problem.duties, groups, strict=True)):
        if len(group) > duty.needed:
            found.append(f"{place}: too many")
        found += [f"{place}: {who} is not able" for who in group if place not in by_id[who].able]
        for one, other in combinations(sorted(group), 2):
            if other in by_id[one].apart_from or one in by_id[other].apart_from:
                found.append(f"{place}: {one} and {other} are kept apart")
    for walker in problem.walkers:
        own = [problem.duties[place] for place, group in enumerate(groups) if walker.id in group]
        times = sorted([*((one.starts, one.ends) for one in own)])
        for first, second in combinations([*times, *walker.busy], 2):
            if (first in times or second in times) and not (
                first[1] + problem.rest <= second[0] or second[1] + problem.rest <= first[0]
            ):
                found.append(f"{walker.id} has no rest")
        if walker.most_a_month is not None:
            months = Counter(one.month for one in own)
            found += [f"{walker.id} walks too often" for count in months.values() if count > walker.most_a_month]
    row = [*problem.before[-2:], *groups]
    found += [
        f"{place}: a third time"
        for place in range(len(row) - 2)
        if len(row[place] & row[place + 1] & row[place + 2]) > 1
    ]
    return found


def worth(problem: Problem, groups: Groups) -> tuple[int, int]:
    """Return how many places are open, and the sum of the squares of the counts."""
    missing = sum(duty.needed - len(group) for duty, group in zip(problem.duties, groups, strict=True))
    counts = Counter(who for group in groups for who in group)
    return missing, sum(count**2 for count in counts.values())


def every_plan(problem: Problem) -> Iterator[Groups]:
    choices = [
        [
            frozenset(group)
            for size in range(duty.needed + 1)
            for group in combinations([one.id for one in problem.walkers if place in one.able], size)
        ]
        for place, duty in enumerate(problem.duties)
    ]
    yield from product(*choices)


@settings(max_examples=150)
@given(problems())
def test_nothing_that_must_hold_is_ever_broken(problem: Problem) -> None:
    assert faults(problem, solve(problem)) == []


@settings(max_examples=60)
@given(problems(most_duties=4, most_walkers=4))
def test_a_small_plan_is_as_good_as_the_best_of_all(problem: Problem) -> None:
    best = min(worth(problem, plan) for plan in every_plan(problem) if not faults(problem, plan))
    assert worth(problem, solve(problem)) == best


@settings(max_examples=80)
@given(
    hours=st.lists(st.integers(0, 700), min_size=1, max_size=24, unique=True),
    sets=st.lists(st.frozensets(st.integers(0, 23)), min_size=1, max_size=3),
    people=st.integers(1, 9),
)
def test_who_can_walk_the_same_walks_as_often_within_one(
    hours: list[int], sets: list[frozenset[int]], people: int
) -> None:
    row = duties(hours, needed=1)
    able = [frozenset(place for place in one if place < len(row)) for one in sets]
    walkers = tuple(Walker(ident, able[ident % len(able)]) for ident in range(people))
    counts = Counter(who for group in solve(Problem(row, walkers, DAY)) for who in group)
    for walker in walkers:
        equals = [counts[one.id] for one in walkers if one.able == walker.able]
        assert max(equals) - min(equals) <= 1


@given(st.integers(0, 1000))
@settings(max_examples=20)
def test_the_same_seed_gives_the_same_plan(seed: int) -> None:
    row = duties([0, 84, 168, 252, 336])
    walkers = tuple(Walker(ident, frozenset(range(5))) for ident in range(5))
    problem = Problem(row, walkers, DAY, seed=seed)
    assert solve(problem) == solve(problem)


@pytest.mark.parametrize(("people", "missing", "counts"), [(4, 0, [4, 4, 4, 4]), (3, 0, [5, 5, 6]), (2, 2, [7, 7])])
def test_eight_shifts_for_a_few_walkers(people: int, missing: int, counts: list[int]) -> None:
    """With two, every third shift is short of one: the same pair never walks three times in a row."""
    problem = Problem(
        duties([84 * place for place in range(8)]),
        tuple(Walker(ident, frozenset(range(8))) for ident in range(people)),
        DAY,
    )
    groups = solve(problem)
    assert worth(problem, groups)[0] == missing
    assert sorted(Counter(who for group in groups for who in group).values()) == counts


def test_the_pair_of_the_last_two_shifts_before_does_not_walk_the_first() -> None:
    pair = frozenset({1, 2})
    walkers = tuple(Walker(ident, frozenset({0})) for ident in pair)
    groups = solve(Problem(duties([0]), walkers, DAY, before=(pair, pair)))
    assert len(groups[0]) == 1


def test_who_is_locked_stays_whatever_holds() -> None:
    row = (Duty(START, START + HOUR, "2026-05", 2, fixed=frozenset({3})), *duties([84]))
    walkers = (*(Walker(ident, frozenset({0, 1})) for ident in (1, 2)), Walker(3, frozenset()))
    groups = solve(Problem(row, walkers, DAY))
    assert 3 in groups[0]
    assert len(groups[0]) == 2


def test_somebody_moves_up_to_make_room() -> None:
    """Only Riet can walk the second; Henk takes her place on the first, a day too near."""
    row = duties([0, 20], needed=1)
    riet, henk = Walker(1, frozenset({0, 1})), Walker(2, frozenset({0}))
    assert solve(Problem(row, (riet, henk), DAY)) == (frozenset({2}), frozenset({1}))


def test_who_likes_to_walk_together_does_when_it_costs_nothing() -> None:
    row = duties([0, 84])
    walkers = [Walker(ident, frozenset({0, 1})) for ident in range(4)]
    walkers[0] = Walker(0, frozenset({0, 1}), rather_with=frozenset({3}))
    assert frozenset({0, 3}) in solve(Problem(row, tuple(walkers), DAY))


def test_a_hundred_shifts_and_thirty_walkers_are_spread_evenly() -> None:
    row = duties([24 * place for place in range(100)])
    walkers = tuple(Walker(ident, frozenset(range(100))) for ident in range(30))
    problem = Problem(row, walkers, DAY)
    groups = solve(problem)
    counts = Counter(who for group in groups for who in group)
    assert faults(problem, groups) == []
    assert set(counts.values()) == {6, 7}
