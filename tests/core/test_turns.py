"""Neighbourhoods that share an account take turns within a lane, whatever each of them has to say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from buurtwacht.records import claims, outbox
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.outbox import Place
from buurtwacht.records.schema import delivery, metadata
from buurtwacht.records.turns import FEW
from buurtwacht.vocabulary.ids import new_id
from buurtwacht.vocabulary.messages import Message, Severity, Text

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
KEYRING = Keyring([new_key()])


class Post:
    """An outbox whose readers have no telephone: what is claimed counts as sent."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.waiting: dict[int, int] = {}
        #: who was served, one by one, with how many of each neighbourhood still waited before
        self.served: list[tuple[int, dict[int, int]]] = []

    def say(
        self,
        neighbourhood: int,
        count: int,
        severity: Severity = Severity.NOTICE,
        *,
        first_word: bool = False,
        account: str = "telegram",
    ) -> int:
        unit = self.database.unit()
        message = outbox.post(
            unit, Message(Text("words")), plugin="x", severity=severity, now=NOW, neighbourhood_id=neighbourhood
        )
        readers = [(new_id(), Place(new_id(), account)) for _ in range(count)]
        outbox.queue(
            unit,
            message,
            readers,
            severity=severity,
            now=NOW,
            neighbourhood_id=neighbourhood,
            first_word=first_word,
        )
        unit.commit()
        self.waiting[neighbourhood] = self.waiting.get(neighbourhood, 0) + count
        return message

    def claim(self, limit: int, account: str = "telegram") -> list[int]:
        """Let so many leave; return their neighbourhoods in order."""
        with self.database.writing() as connection:
            claimed, _ = claims.claim(connection, KEYRING, account, NOW, limit)
            ids = [one.id for one in claimed]
            connection.execute(update(delivery).where(delivery.c.id.in_(ids)).values(state="sent"))
        left = [one.neighbourhood_id or 0 for one in claimed]
        for one in left:
            self.served.append((one, dict(self.waiting)))
            self.waiting[one] -= 1
        return left


@contextmanager
def post() -> Iterator[Post]:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'post.db'}")
        metadata.create_all(database.engine)
        try:
            yield Post(database)
        finally:
            database.close()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 4), st.integers(FEW + 1, 70)),
        st.tuples(st.just("claim"), st.just(0), st.integers(1, 40)),
    ),
    min_size=2,
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(steps)
def test_two_that_both_have_something_waiting_are_served_alike(story: Sequence[tuple[str, int, int]]) -> None:
    with post() as here:
        for what, neighbourhood, count in story:
            if what == "say":
                here.say(neighbourhood, count)
            else:
                here.claim(count)
        while here.claim(64):
            pass
        assert not any(here.waiting.values()), "nobody is forgotten"
        for one, other in itertools.combinations(here.waiting, 2):
            assert _widest_gap(here.served, one, other) <= 2


def _widest_gap(served: Sequence[tuple[int, dict[int, int]]], one: int, other: int) -> int:
    """Return by how many two differ at most in what they got, within any time in which both had something waiting."""
    lead = least = most = widest = 0
    for who, waiting in served:
        if not (waiting.get(one) and waiting.get(other)):
            lead = least = most = 0
            continue
        lead += (who == one) - (who == other)
        least, most = min(least, lead), max(most, lead)
        widest = max(widest, most - least)
    return widest


def test_fifty_do_not_wait_behind_twenty_thousand() -> None:
    with post() as here:
        for _ in range(20):
            here.say(1, 1000)
        assert set(here.claim(64)) == {1}
        here.say(2, 50)
        left = [one for _ in range(2) for one in here.claim(64)]
        assert left.count(2) == 50


def test_nobody_is_made_to_wait_for_what_he_got_before_when_others_were_silent() -> None:
    with post() as here:
        here.say(1, 200)
        while here.claim(64):
            pass
        here.say(2, 100)
        here.claim(10)
        here.say(1, 50)
        assert here.claim(40).count(1) == 20


def test_several_messages_of_one_neighbourhood_share_its_part() -> None:
    with post() as here:
        for _ in range(5):
            here.say(1, 60)
        here.say(2, 60)
        assert here.claim(60).count(2) == 30


def test_lanes_stay_strict_and_what_is_said_to_few_goes_before_a_crowd() -> None:
    with post() as here:
        here.say(1, 100)
        here.say(2, 100, Severity.URGENT)
        here.say(3, 30, Severity.INFO, first_word=True)
        here.say(4, 2)
        assert here.claim(30) == [3] * 30
        assert here.claim(64) + here.claim(36) == [2] * 100
        assert here.claim(3) == [4, 4, 1]


def test_each_account_has_turns_of_its_own() -> None:
    with post() as here:
        here.say(1, 100)
        here.claim(64)
        here.say(1, 30, account="whatsapp")
        here.say(2, 30, account="whatsapp")
        assert here.claim(10, "whatsapp").count(2) == 5


def test_who_has_nothing_waiting_begins_where_the_lane_is() -> None:
    with post() as here:
        first, second = here.say(1, 30), here.say(2, 30)
        with here.database.reading() as connection:
            turns = [
                connection.execute(select(delivery.c.turn).where(delivery.c.message_id == one)).scalars().all()
                for one in (first, second)
            ]
        assert turns == [list(range(1, 31))] * 2


def test_the_claim_walks_the_index_in_order_and_sorts_nothing() -> None:
    with post() as here:
        statements: list[tuple[str, object]] = []

        def heard(connection: object, cursor: object, statement: str, values: object, *rest: object) -> None:
            statements.append((statement, values))

        here.say(1, 30)
        event.listen(here.database.engine, "before_cursor_execute", heard)
        here.claim(10)
        event.remove(here.database.engine, "before_cursor_execute", heard)
        asked, values = next(one for one in statements if "earlier" in one[0])
        with here.database.reading() as connection:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values)]  # type: ignore[arg-type]
        assert any("ix_delivery_queued (account=?)" in line for line in plan)
        assert not any("TEMP B-TREE" in line for line in plan)
