"""Reports of a messenger: in any order, before our own record, twice, years late, the state only goes forward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from buurtwacht.records import overview, sweeping
from buurtwacht.records.outcomes import Outcome, apply_statuses
from buurtwacht.records.schema import delivery, early_receipt
from buurtwacht.vocabulary.channels import Receipt
from buurtwacht.vocabulary.errors import Ambiguous, DeliveryError, Unavailable
from buurtwacht.vocabulary.events import Status
from buurtwacht.vocabulary.messages import Severity

from .quarter import START, Quarter

_ORDER = ("queued", "sending", "unknown", "sent", "delivered", "read")
_OURS = "our own record"


def report(quarter: Quarter, ident: int, name: str, *, by_id: bool) -> None:
    status = Status(name_of(ident), name, delivery=ident if by_id else None)  # type: ignore[arg-type]
    with quarter.database.writing() as connection:
        apply_statuses(connection, "whatsapp", [status], quarter.clock.now())


def name_of(ident: int) -> str:
    return f"wamid.{ident}"


def rank_of(quarter: Quarter, message: int) -> int:
    return _ORDER.index(quarter.state(message))


@settings(max_examples=20, deadline=None)
@given(
    st.permutations([_OURS, "sent", "delivered", "read"]),
    st.lists(st.sampled_from(["sent", "delivered", "read"]), max_size=4),
    st.booleans(),
)
def test_whatever_the_order_the_last_word_is_the_furthest(
    events: Sequence[str], again: Sequence[str], by_id: bool
) -> None:
    with TemporaryDirectory() as folder:
        quarter = Quarter(Path(folder))
        try:
            message = quarter.queue("Kijk uit", quarter.person("Riet", "whatsapp"))
            desk = quarter.desks["whatsapp"]
            (job,) = desk.exchange([], START, 32).jobs
            before = rank_of(quarter, message)
            for event in [*events, *again]:
                if event == _OURS:
                    desk.exchange([Outcome(job.id, Receipt(name_of(job.id)))], START, 0)
                else:
                    report(quarter, job.id, event, by_id=by_id)
                assert rank_of(quarter, message) >= before, "never backwards"
                before = rank_of(quarter, message)
            assert quarter.state(message) == "read"
            with quarter.database.reading() as connection:
                row = connection.execute(select(delivery).where(delivery.c.id == job.id)).one()
                assert row.provider_id == name_of(job.id)
                assert row.sent_at is not None
                assert row.read_at is not None
        finally:
            quarter.close()


@pytest.mark.parametrize("reported", ["sent", "delivered", "read"])
def test_a_failure_told_after_it_arrived_changes_nothing(tmp_path: Path, reported: str) -> None:
    quarter = Quarter(tmp_path)
    message = quarter.queue("Kijk uit", quarter.person("Riet", "whatsapp"))
    quarter.settle()
    (ident,) = (one.delivery for one in quarter.phone.outgoing)
    with quarter.database.writing() as connection:
        connection.execute(update(delivery).values(provider_id=name_of(ident)))
    report(quarter, ident, reported, by_id=True)
    failed = Status(name_of(ident), "failed", delivery=ident, error="Rejected", reason="too late")
    with quarter.database.writing() as connection:
        apply_statuses(connection, "whatsapp", [failed], quarter.clock.now())
    # What was only sent may still fail: that is how Meta tells it.
    assert quarter.state(message) == ("failed" if reported == "sent" else reported)
    quarter.close()


def test_a_report_that_comes_while_we_wait_to_say_it_again_spares_the_repeat(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    quarter.phone.answers["Riet@whatsapp"] = [Ambiguous("no_answer")]
    message = quarter.queue("Brand", quarter.person("Riet", "whatsapp"))
    quarter.settle()
    with quarter.database.reading() as connection:
        ident = connection.execute(select(delivery.c.id)).scalar_one()
    report(quarter, ident, "delivered", by_id=True)
    quarter.advance(60)
    assert quarter.phone.shown == []
    assert quarter.state(message) == "delivered"
    quarter.close()


@pytest.mark.parametrize("by_id", [True, False])
def test_years_late_when_nothing_is_kept_of_it_any_more_nothing_stays_of_the_report(
    tmp_path: Path, by_id: bool
) -> None:
    quarter = Quarter(tmp_path)
    quarter.queue("Kijk uit", quarter.person("Riet", "whatsapp"))
    quarter.settle()
    with quarter.database.reading() as connection:
        ident = connection.execute(select(delivery.c.id)).scalar_one()
    for _ in range(2):
        quarter.virtual.set(quarter.clock.now() + timedelta(days=700))
        sweeping.sweep(quarter.database, quarter.clock.now())
    for state in ("read", "delivered", "read"):
        report(quarter, ident, state, by_id=by_id)
    with quarter.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(delivery)).scalar_one() == 0
    quarter.virtual.set(quarter.clock.now() + timedelta(days=60))
    sweeping.sweep(quarter.database, quarter.clock.now())
    with quarter.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(early_receipt)).scalar_one() == 0
    quarter.close()


@pytest.mark.parametrize("answer", [Receipt("wamid.1"), Ambiguous("timeout"), Unavailable("502")])
def test_a_failure_told_before_the_answer_came_still_goes_the_other_way(
    tmp_path: Path, answer: Receipt | DeliveryError
) -> None:
    quarter = Quarter(tmp_path)
    message = quarter.queue("Kijk uit", quarter.person("Riet", "whatsapp", "telegram"), severity=Severity.NOTICE)
    desk = quarter.desks["whatsapp"]
    (job,) = desk.exchange([], START, 32).jobs
    failed = Status("wamid.1", "failed", delivery=job.id, error="Unreachable", reason="not on whatsapp")
    with quarter.database.writing() as connection:
        apply_statuses(connection, "whatsapp", [failed], START)
    desk.exchange([Outcome(job.id, answer)], START, 0)
    quarter.settle()
    assert quarter.chat.texts == ["Kijk uit"]
    assert quarter.state(message) == "sent"
    quarter.close()


def test_what_the_other_messenger_is_sending_by_now_is_not_ended_by_the_first_ones_answer(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    message = quarter.queue("Kijk uit", quarter.person("Riet", "whatsapp", "telegram"))
    (job,) = quarter.desks["whatsapp"].exchange([], START, 32).jobs
    failed = Status("wamid.1", "failed", delivery=job.id, error="Unreachable", reason="not on whatsapp")
    with quarter.database.writing() as connection:
        apply_statuses(connection, "whatsapp", [failed], START)
    (again,) = quarter.desks["telegram"].exchange([], START, 32).jobs
    quarter.desks["whatsapp"].exchange([Outcome(job.id, Receipt("wamid.1"))], START, 0)
    assert quarter.state(message) == "sending"
    quarter.desks["telegram"].exchange([Outcome(again.id, Unavailable("502"))], START, 0)
    quarter.advance(10)
    assert quarter.chat.texts == ["Kijk uit"]
    quarter.close()


def test_an_answer_that_is_written_down_twice_is_still_said_again(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    message = quarter.queue("Brand", quarter.person("Riet", "whatsapp"))
    desk = quarter.desks["whatsapp"]
    (job,) = desk.exchange([], START, 32).jobs
    for _ in range(2):  # the first commit was kept, and we did not hear of it
        desk.exchange([Outcome(job.id, Ambiguous("timeout"))], START, 0)
    quarter.advance(30)
    assert quarter.phone.texts == ["Herhaling: Brand"]
    assert quarter.state(message) == "sent"
    quarter.close()


def test_what_was_being_sent_by_a_clock_that_was_ahead_is_taken_up_at_the_start(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    message = quarter.queue("Brand", quarter.person("Riet", "whatsapp"))
    quarter.desks["whatsapp"].exchange([], START + timedelta(hours=1), 32)
    quarter.start()
    quarter.advance(30)
    assert quarter.phone.texts == ["Herhaling: Brand"]
    assert quarter.state(message) == "sent"
    quarter.close()


def test_what_leaves_while_it_is_to_be_dropped_is_refused_and_the_others_are_dropped(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    left = quarter.queue("Krant", quarter.person("Henk"))
    kept = quarter.queue("Krant", quarter.person("Riet", "whatsapp"))
    with quarter.database.reading() as connection:
        ids = list(connection.execute(select(delivery.c.id).order_by(delivery.c.id)).scalars())
    leaves = [lambda: quarter.desks["telegram"].exchange([], START, 32)]

    @event.listens_for(quarter.database.engine, "after_cursor_execute")
    def running(*_: Any) -> None:
        if leaves:  # just after the command looked
            leaves.pop()()

    moved = overview.drop(quarter.database, ids, START)
    assert [(one.id, bool(one.refused)) for one in moved] == [(ids[0], True), (ids[1], False)]
    assert (quarter.state(left), quarter.state(kept)) == ("sending", "withdrawn")
    quarter.close()
