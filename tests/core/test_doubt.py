"""A messenger whose answers are lost: what presses keeps its repeat for when it can be heard again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from buurtwacht import Ambiguous, Severity

from .quarter import Quarter

CROWD = 60


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Quarter]:
    made = Quarter(tmp_path)
    yield made
    made.close()


def states(quarter: Quarter, messages: list[int]) -> list[str]:
    return [quarter.state(one) for one in messages]  # type: ignore[arg-type]


def test_a_minute_without_answers_costs_few_their_repeat(quarter: Quarter) -> None:
    quarter.start(rate=10)
    quarter.chat.out_of_order = Ambiguous("no answer")
    alerts = [quarter.queue("Brand", quarter.person(f"Buur {n}"), severity=Severity.CRITICAL) for n in range(CROWD)]
    quarter.advance(60)
    assert quarter.chat.shown == []
    assert ("telegram", "down", "no answer") in quarter.states
    quarter.chat.out_of_order = None
    quarter.advance(120)
    found = states(quarter, alerts)
    assert found.count("unknown") <= 5
    assert found.count("sent") + found.count("unknown") == CROWD
    # Who was tried reads that it is a repeat; most were never tried.
    assert 0 < sum(text.startswith("Herhaling") for text in quarter.chat.texts) <= 15
    assert quarter.states[-1] == ("telegram", "ok", "")


def test_one_recipient_in_doubt_keeps_nobody_else_waiting(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    quarter.chat.answers["Henk@telegram"] = [Ambiguous("no answer")] * 20
    for _ in range(10):
        quarter.queue("Brand", henk, severity=Severity.CRITICAL)
    quarter.advance(30)
    news = quarter.queue("Krant", riet)
    quarter.settle()
    assert quarter.state(news) == "sent"
    assert not any(state == "down" for _, state, _ in quarter.states)
