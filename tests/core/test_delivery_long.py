"""Long messages and what presses: what is urgent goes between the parts, and the parts keep their order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.messages import Severity

from .quarter import START, Quarter

LONG = "woord " * 6000


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Quarter]:
    one = Quarter(tmp_path)
    yield one
    one.close()


def seconds(quarter: Quarter, text: str) -> float:
    (at,) = (at for at, _, said in quarter.chat.shown if said == text)
    return (at - START).total_seconds()


def parts(quarter: Quarter) -> list[str]:
    return [said.rpartition("\n")[2].rpartition(" ")[2] for said in quarter.chat.texts if "woord" in said]


def whole(count: int) -> list[str]:
    return [f"({number}/{count})" for number in range(1, count + 1)]


def test_what_presses_more_goes_between_the_parts(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    long = quarter.queue(LONG, henk, severity=Severity.NOTICE)
    quarter.advance(1)
    alert = quarter.queue("Brand", henk, severity=Severity.CRITICAL)
    quarter.advance(30)
    assert seconds(quarter, "Brand") == 2
    assert parts(quarter) == whole(9)
    assert [quarter.state(one) for one in (long, alert)] == ["sent", "sent"]


@pytest.mark.parametrize("severity", [Severity.NOTICE, Severity.INFO])
def test_what_presses_no_more_waits_for_the_last_part(quarter: Quarter, severity: Severity) -> None:
    henk = quarter.person("Henk")
    quarter.queue(LONG, henk, severity=Severity.NOTICE)
    quarter.advance(1)
    quarter.queue("Krant", henk, severity=severity)
    quarter.advance(30)
    assert quarter.chat.texts[-1] == "Krant"
    assert parts(quarter) == whole(9)


def test_order_holds_within_a_thread(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    quarter.queue(LONG, henk, severity=Severity.NOTICE, thread=7)
    quarter.advance(1)
    quarter.queue("Einde", henk, severity=Severity.CRITICAL, thread=7)
    quarter.queue("Brand", henk, severity=Severity.CRITICAL, thread=8)
    quarter.advance(30)
    assert seconds(quarter, "Brand") == 2
    assert quarter.chat.texts[-1] == "Einde"


def test_a_slow_account_lets_it_through_to_anybody(quarter: Quarter) -> None:
    quarter.start(rate=1)
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    quarter.queue(LONG, henk, riet, severity=Severity.INFO)
    quarter.advance(3)
    quarter.queue("Brand", riet, severity=Severity.CRITICAL)
    quarter.advance(40)
    assert seconds(quarter, "Brand") <= 5
    assert len(quarter.chat.texts) == 19


def test_a_long_message_to_many_holds_up_nobody(quarter: Quarter) -> None:
    quarter.start(rate=10)
    crowd = [quarter.person(f"Buur{number}") for number in range(200)]
    quarter.queue("woord " * 3000, *crowd, severity=Severity.INFO)
    quarter.advance(3)
    quarter.queue("Brand", crowd[150], severity=Severity.CRITICAL)
    quarter.queue("Rook", crowd[1], severity=Severity.CRITICAL)
    quarter.advance(3)
    assert max(seconds(quarter, "Brand"), seconds(quarter, "Rook")) <= 5


@given(
    later=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(list(Severity)), st.booleans()), max_size=5),
)
@settings(max_examples=25, deadline=None)
def test_parts_keep_their_order_and_all_arrives_once(
    tmp_path_factory: pytest.TempPathFactory, later: list[tuple[int, Severity, bool]]
) -> None:
    quarter = Quarter(tmp_path_factory.mktemp("quarter"))
    henk = quarter.person("Henk")
    long = quarter.queue("woord " * 3000, henk, severity=Severity.NOTICE)
    for number, (wait, severity, is_long) in enumerate(later):
        quarter.advance(wait)
        quarter.queue(f"{number} " * (3000 if is_long else 1), henk, severity=severity)
    quarter.advance(60)
    assert parts(quarter) == whole(5)
    assert quarter.state(long) == "sent"
    for number, (_, _, is_long) in enumerate(later):
        mine = [said for said in quarter.chat.texts if said.startswith(f"{number} ") or said == str(number)]
        assert len(mine) == (2 if is_long else 1)
    quarter.close()


def test_after_a_crash_between_parts_the_alert_is_there_and_nothing_is_lost(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    long = quarter.queue(LONG, henk, severity=Severity.URGENT)
    quarter.advance(1)
    alert = quarter.queue("Brand", henk, severity=Severity.CRITICAL)
    before = len(quarter.chat.texts)
    quarter.start()
    quarter.advance(40)
    after = quarter.chat.texts[before:]
    assert after[0] == "Brand"
    assert [quarter.state(one) for one in (long, alert)] == ["sent", "sent"]
    assert parts(quarter)[-9:] == whole(9)


def test_the_loop_lets_it_through_while_parts_go_one_after_another(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path, SystemClock())
    quarter.start(rate=4)
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    quarter.queue(LONG, henk, riet, severity=Severity.NOTICE)

    async def night() -> None:
        stop = asyncio.Event()
        one = quarter.deliveries["telegram"]

        def on_show() -> None:
            if len(quarter.chat.shown) == 3:
                quarter.queue("Brand", henk, severity=Severity.CRITICAL)
                one.wake()
            if quarter.chat.texts[-1] == "Brand" or len(quarter.chat.shown) == 19:
                stop.set()

        quarter.chat.on_show = on_show
        await one.run(stop)

    quarter.play(night())
    assert "Brand" in quarter.chat.texts[:8]
    quarter.close()
