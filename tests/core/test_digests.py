"""Digests: what was put off leaves as one message, and what becomes of that becomes of every part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from buurtwacht.records import outbox
from buurtwacht.records.claims import Claimed, claim
from buurtwacht.records.digests import Part
from buurtwacht.records.outcomes import apply_statuses
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.errors import Ambiguous, DeliveryError, Rejected, Unavailable, Unreachable
from buurtwacht.vocabulary.events import Status
from buurtwacht.vocabulary.ids import MessageId
from buurtwacht.vocabulary.messages import Choice, Location, Message, Severity, Text

from .quarter import START, Quarter, say

INFO, NOTICE = Severity.INFO, Severity.NOTICE


@pytest.fixture
def quarter(tmp_path: Path) -> Iterator[Quarter]:
    one = Quarter(tmp_path)
    yield one
    one.close()


def held(quarter: Quarter, who: int, *words: str | Message, thread: int = 0) -> list[MessageId]:
    """Queue messages that wait a minute for the end of somebody's quiet hours."""
    messages = [quarter.queue(one, who, severity=INFO, thread=thread) for one in words]
    quarter.put_off(60, *messages)
    return messages


def rows_of(quarter: Quarter) -> list[tuple[object, ...]]:
    query = select(delivery.c.state, delivery.c.provider_id, delivery.c.template, delivery.c.digested)
    with quarter.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(delivery.c.id))]


# --- what leaves ---------------------------------------------------------------------------------------------------


def test_what_was_put_off_leaves_as_one_message_with_the_oldest_first(quarter: Quarter) -> None:
    held(quarter, quarter.person("Henk"), "een", "twee", Message(say("words", "lang"), digest=say("brief", "drie")))
    quarter.advance(59)
    assert quarter.chat.texts == []
    quarter.advance(1)
    (text,) = quarter.chat.texts
    assert [line for line in text.splitlines() if line.startswith("•")] == ["• een", "• twee", "• kort: drie"]
    assert rows_of(quarter) == [("sent", "telegram-1", None, True)] * 3


def test_one_alone_goes_as_it_is(quarter: Quarter) -> None:
    held(quarter, quarter.person("Henk"), "een")
    quarter.advance(60)
    assert quarter.chat.texts == ["een"]
    assert rows_of(quarter) == [("sent", "telegram-1", None, False)]


def test_each_reader_has_his_own(quarter: Quarter) -> None:
    henk, riet = quarter.person("Henk"), quarter.person("Riet")
    both = [quarter.queue(word, henk, riet, severity=INFO) for word in ("een", "twee")]
    quarter.put_off(60, *both)
    held(quarter, riet, "drie")
    quarter.advance(60)
    found = {to: text.count("•") for _, to, text in quarter.chat.shown}
    assert found == {"Henk@telegram": 2, "Riet@telegram": 3}


def test_outside_the_window_it_has_a_template_of_its_own(quarter: Quarter) -> None:
    held(quarter, quarter.person("Henk", "whatsapp", heard=False), "een", "twee")
    quarter.advance(60)
    (sent,) = quarter.phone.outgoing
    assert sent.template is not None
    assert sent.template.name == "bw_message_digest"
    assert sent.template.parameters[1] == "• een · • twee"
    assert rows_of(quarter) == [("sent", "whatsapp-1", "bw_message_digest", True)] * 2


def test_what_does_not_fit_goes_in_the_next(quarter: Quarter) -> None:
    henk = quarter.person("Henk", "whatsapp")
    messages = held(quarter, henk, *(f"{number} " + "woord " * 60 for number in range(5)))
    quarter.advance(120)
    assert [text.count("•") for text in quarter.phone.texts] == [2, 2, 0]
    assert [quarter.state(one) for one in messages] == ["sent"] * 5


def test_what_has_choices_or_a_place_goes_by_itself_and_holds_up_its_thread(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    asking = Message(say("words", "vraag"), (Choice("ja", say("words", "Ja")),), answer="x")
    held(quarter, henk, "een", thread=1)
    held(quarter, henk, asking, "na de vraag", thread=2)
    held(quarter, henk, Message(say("words", "plek"), location=Location(51.5, 4.4)), "nog een")
    quarter.advance(120)
    digests = [text for text in quarter.chat.texts if "•" in text]
    assert len(digests) == 1
    assert "• een\n• nog een" in digests[0]
    order = [text.splitlines()[0] for text in quarter.chat.texts]
    assert order.index("vraag") < order.index("na de vraag")


def test_what_cannot_be_put_into_words_holds_nothing_up(quarter: Quarter) -> None:
    bad, _, _ = held(quarter, quarter.person("Henk"), Message(Text("nowhere", domain="watch")), "een", "twee")
    quarter.advance(120)
    assert [text.count("•") for text in quarter.chat.texts] == [2]
    assert quarter.states_of(bad) == [("failed", "cannot be put into words")]


def test_what_was_taken_back_or_is_over_is_not_in_it(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    gone, *_ = held(quarter, henk, "ingetrokken", "een", "twee")
    over = quarter.queue("verlopen", henk, severity=INFO, expires_at=START + timedelta(seconds=30))
    quarter.put_off(60, over)
    unit = quarter.database.unit()
    outbox.withdraw(unit, gone)
    unit.commit()
    quarter.advance(60)
    (text,) = quarter.chat.texts
    assert "ingetrokken" not in text
    assert "verlopen" not in text


def test_what_sleeps_holds_up_nothing_that_is_said_at_night(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    for thread in (0, 1):
        held(quarter, henk, "later", thread=thread)
        quarter.queue("antwoord", henk, severity=INFO, thread=thread)
    quarter.settle()
    assert quarter.chat.texts == ["antwoord", "antwoord"]


# --- changes -------------------------------------------------------------------------------------------------------


def test_a_part_shows_the_newest_and_an_update_of_it_later_is_said_apart(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    first, _ = held(quarter, henk, "oud", "een", thread=1)
    newer = quarter.queue("nieuw", henk, severity=INFO, thread=1, replaces=first)
    quarter.put_off(60, newer)
    quarter.advance(60)
    (digest,) = quarter.chat.texts
    assert "• nieuw\n• een" in digest
    assert quarter.states_of(newer) == [("withdrawn", "shown already")]
    brief = Message(say("words", "nieuwst"), brief=say("brief", "nieuwst"))
    quarter.queue(brief, henk, severity=INFO, thread=1, replaces=first)
    quarter.settle()
    assert [(one.text, one.edit_of) for one in quarter.chat.outgoing[1:]] == [("kort: nieuwst", None)]


# --- what becomes of it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told_by", ["provider", "delivery"])
@pytest.mark.parametrize("state", ["delivered", "read"])
def test_a_report_moves_every_part(quarter: Quarter, told_by: str, state: str) -> None:
    messages = held(quarter, quarter.person("Henk", "whatsapp"), "een", "twee", "drie")
    if told_by == "delivery":
        quarter.phone.answers[""] = [Ambiguous("no answer")]
    quarter.advance(60)
    with quarter.database.writing() as connection:
        first = connection.execute(select(delivery.c.id).order_by(delivery.c.id)).scalars().first()
        status = Status("whatsapp-1", state, first if told_by == "delivery" else None)
        apply_statuses(connection, "whatsapp", [status], quarter.clock.now())
    assert [quarter.state(one) for one in messages] == [state] * 3


def test_a_report_that_is_quicker_than_the_answer_moves_every_part(quarter: Quarter) -> None:
    messages = held(quarter, quarter.person("Henk", "whatsapp"), "een", "twee")

    def report() -> None:
        with quarter.database.writing() as connection:
            status = Status("whatsapp-1", "delivered", quarter.phone.outgoing[-1].delivery)
            apply_statuses(connection, "whatsapp", [status], quarter.clock.now())

    quarter.phone.on_show = report
    quarter.advance(60)
    assert [quarter.state(one) for one in messages] == ["delivered"] * 2


@pytest.mark.parametrize(
    ("answer", "state"),
    [(Ambiguous("no answer"), "unknown"), (Rejected("400"), "failed"), (Unreachable("403"), "failed")],
)
def test_every_part_shares_the_end_of_the_whole(quarter: Quarter, answer: DeliveryError, state: str) -> None:
    messages = held(quarter, quarter.person("Henk"), "een", "twee")
    quarter.chat.answers[""] = [answer]
    quarter.advance(120)
    assert quarter.chat.texts == []
    assert [quarter.state(one) for one in messages] == [state] * 2


def test_it_is_tried_again_as_a_whole_with_what_came_since(quarter: Quarter) -> None:
    henk = quarter.person("Henk")
    messages = held(quarter, henk, "een", "twee")
    quarter.chat.answers[""] = [Unavailable("502")]
    quarter.advance(60)
    messages += held(quarter, henk, "drie")
    quarter.advance(10)
    assert [text.count("•") for text in quarter.chat.texts] == [2]
    quarter.advance(60)
    assert quarter.chat.texts[1:] == ["drie"]
    assert [quarter.state(one) for one in messages] == ["sent"] * 3


def test_it_goes_to_the_next_address_as_a_whole(quarter: Quarter) -> None:
    held(quarter, quarter.person("Henk", "telegram", "whatsapp"), "een", "twee")
    quarter.chat.answers[""] = [Unreachable("blocked")]
    quarter.advance(60)
    assert [text.count("•") for text in quarter.phone.texts] == [2]


def test_what_a_dead_process_was_sending_is_not_said_again(quarter: Quarter) -> None:
    messages = held(quarter, quarter.person("Henk"), "een", "twee")
    quarter.virtual.set(START + timedelta(seconds=60))
    (job,) = quarter.desks["telegram"].exchange([], quarter.clock.now(), 2).jobs
    assert len(job.claimed.parts) == 2
    quarter.start()
    quarter.advance(60)
    assert quarter.chat.texts == []
    assert [quarter.states_of(one) for one in messages] == [[("unknown", "interrupted")]] * 2


def test_a_part_that_is_taken_back_at_the_last_moment_is_not_in_it(quarter: Quarter) -> None:
    gone, *others = held(quarter, quarter.person("Henk"), "een", "twee", "drie")
    now = START + timedelta(seconds=60)
    taken: list[int] = []

    def take_one(digest: Claimed) -> tuple[Part, ...]:
        if not taken:
            taken.append(digest.parts[0].delivery)
            with quarter.database.writing() as another:
                withdrawn = update(delivery).where(delivery.c.id == taken[0]).values(state="withdrawn")
                another.execute(withdrawn)
        return digest.parts

    with quarter.database.writing() as connection:
        (digest,), _ = claim(connection, quarter.keyring, "telegram", now, 10, fitting=take_one)
    assert [part.message_id for part in digest.parts] == others
    assert [quarter.state(one) for one in (gone, *others)] == ["withdrawn", "sending", "sending"]


# --- whatever there is ---------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """One thing that waits for the morning."""

    words: int
    thread: int
    kind: str
    severity: Severity


_waiting = st.builds(
    Waiting,
    words=st.sampled_from([1, 1, 1, 60, 150]),
    thread=st.sampled_from([0, 0, 1, 2]),
    kind=st.sampled_from(["plain", "plain", "plain", "asking", "gone", "over", "unsayable", "by day"]),
    severity=st.sampled_from([INFO, NOTICE]),
)


@settings(max_examples=60)
@given(
    waiting=st.lists(_waiting, max_size=9),
    account=st.sampled_from(["telegram", "whatsapp"]),
    heard=st.booleans(),
    failures=st.integers(0, 2),
)
def test_each_is_in_exactly_one_message_that_left(
    waiting: list[Waiting], account: str, heard: bool, failures: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        quarter = Quarter(Path(folder))
        try:
            _check(quarter, waiting, account, heard, failures)
        finally:
            quarter.close()


def _check(quarter: Quarter, waiting: list[Waiting], account: str, heard: bool, failures: int) -> None:
    henk = quarter.person("Henk", account, heard=heard)
    messenger = quarter.chat if account == "telegram" else quarter.phone
    messages = [_queue(quarter, henk, number, one) for number, one in enumerate(waiting)]
    messenger.answers[""] = [Unavailable("502") for _ in range(failures)]
    quarter.advance(300)
    last: dict[int, int] = {}
    for number, (one, message) in enumerate(zip(waiting, messages, strict=True)):
        places = [place for place, text in enumerate(messenger.texts) if f"<{number}>" in text]
        if one.kind in ("gone", "over"):
            assert (places, quarter.state(message)) == ([], "withdrawn")
        elif one.kind == "unsayable":
            assert (places, quarter.state(message)) == ([], "failed")
        else:
            assert len(places) == 1, messenger.texts
            assert quarter.state(message) == "sent"
            if one.thread and one.kind != "by day":
                assert places[0] >= last.get(one.thread, 0)
                last[one.thread] = places[0]
    plain = sum(one.kind == "plain" for one in waiting)
    assert sum("•" in text for text in messenger.texts) <= (plain + 1) // 2


def _queue(quarter: Quarter, who: int, number: int, one: Waiting) -> MessageId:
    text = (
        Text("nowhere", domain="watch")
        if one.kind == "unsayable"
        else say("alert", f"<{number}> " + "woord " * one.words)
    )
    choices = (Choice("ja", say("words", "Ja")),) if one.kind == "asking" else ()
    over = START + timedelta(seconds=30) if one.kind == "over" else None
    content = Message(text, choices, answer="x")
    message = quarter.queue(content, who, severity=one.severity, thread=one.thread, expires_at=over)
    if one.kind != "by day":
        quarter.put_off(60, message)
    if one.kind == "gone":
        unit = quarter.database.unit()
        outbox.withdraw(unit, message)
        unit.commit()
    return message
