"""The database keeps nothing for a while: what providers tell is refused and comes again, handlers and timers wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

from buurtwacht.host.worker import Hooks
from buurtwacht.records.schema import delivery, inbox, plugin_error
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht.vocabulary.errors import StoreUnavailable

REPORT = "verdachte auto meidoornstraat, rijdt stapvoets, lichten uit"


@contextmanager
def keeps_nothing(world: World) -> Iterator[list[str]]:
    """Let the database be read and not written, as on a disk that is full or a server that became a standby.

    Gives the errors that are logged meanwhile.
    """
    database = world.database

    def order(connection: DBAPIConnection, *, full: bool) -> None:
        cursor = connection.cursor()
        if database.is_sqlite:
            cursor.execute(f"PRAGMA query_only={'ON' if full else 'OFF'}")
        else:
            cursor.execute(f"SET SESSION default_transaction_read_only = {'on' if full else 'off'}")
            connection.commit()
        cursor.close()

    def taken(connection: DBAPIConnection, record: object, proxy: object) -> None:
        order(connection, full=True)

    def returned(connection: DBAPIConnection | None, record: object) -> None:
        if connection is not None:
            order(connection, full=False)

    def executed(connection: Connection, cursor: DBAPICursor, *rest: object) -> None:
        # Who had a connection before, to read with, finds it so too.
        cursor.execute("PRAGMA query_only=ON" if database.is_sqlite else "SET TRANSACTION READ ONLY")

    event.listen(database.engine, "before_cursor_execute", executed)
    event.listen(database.engine, "checkout", taken)
    event.listen(database.engine, "checkin", returned)
    said: list[str] = []
    try:
        with structlog.testing.capture_logs() as lines:
            yield said
    finally:
        said += [one["event"] for one in lines if one["log_level"] == "error"]
        event.remove(database.engine, "before_cursor_execute", executed)
        event.remove(database.engine, "checkout", taken)
        event.remove(database.engine, "checkin", returned)


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        made.at("2026-01-16 14:00")
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)


@pytest.fixture
def fatima(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Fatima", channel="telegram", street="Meidoornstraat", roles=["coordinator"])


def count(world: World, what: object) -> int:
    with world.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(what)).scalar_one())  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_what_is_not_kept_is_not_acknowledged_and_comes_again(
    world: World, tolberg: Neighbourhood, channel: str
) -> None:
    henk = tolberg.member("Henk", channel=channel, street="Meidoornstraat")
    with keeps_nothing(world) as said, pytest.raises((StoreUnavailable, AssertionError)):
        henk.says(REPORT)
    assert henk.received == []
    assert said == ["the database is unavailable: nothing is acknowledged, and what is under way waits"]
    world.redeliver()
    assert len(henk.received) == 1
    assert "112" in henk.last.text


def test_in_the_middle_of_an_event_it_waits_and_is_no_fault_of_the_plugin(world: World, fatima: Member) -> None:
    worker = world._running.process.worker
    with ExitStack() as full:

        def once(moment: str, plugin: str) -> None:
            if moment == "handler":
                worker._hooks = Hooks()
                full.enter_context(keeps_nothing(world))

        worker._hooks = Hooks(once)
        with suppress(StoreUnavailable):  # whoever has something to write meanwhile meets it
            fatima.says(REPORT)
        assert fatima.received == []
    world.advance(seconds=1)
    assert len(fatima.received) == 1
    assert "112" in fatima.last.text
    assert count(world, plugin_error) == 0


def test_a_timer_that_falls_due_meanwhile_goes_off_once_afterwards(
    world: World, tolberg: Neighbourhood, fatima: Member
) -> None:
    henk = tolberg.member("Henk", channel="whatsapp", street="Meidoornstraat")
    fatima.says(REPORT)
    fatima.taps("Ja, door mij")
    world.advance(seconds=10)
    handled = count(world, inbox)
    with keeps_nothing(world), pytest.raises(StoreUnavailable):
        world.advance(minutes=10)
    assert count(world, inbox) == handled
    world.advance(minutes=10)
    reports = [one for one in fatima.received if "Bezorging van TB-0001" in one.text]
    assert len(reports) == 1
    assert len([one for one in henk.received if "TB-0001" in one.text]) == 1


@contextmanager
def breaks_as_it_commits(world: World, words: str) -> Iterator[None]:
    """Let the connection break in the moment in which the next statement with these words is committed: it is kept, and
    who wrote it hears that the database is gone.
    """
    engine, breaks = world.database.engine, list[Connection]()

    def written(connection: Connection, cursor: Any, statement: str, *rest: object) -> None:
        if words in statement and not breaks:
            breaks.append(connection)

    def committed(connection: Connection) -> None:
        if breaks == [connection]:
            breaks.append(connection)
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.commit()
            raise StoreUnavailable("the connection broke")

    event.listen(engine, "before_cursor_execute", written)
    event.listen(engine, "commit", committed)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", written)
        event.remove(engine, "commit", committed)
    assert len(breaks) == 2, "nothing broke"


@pytest.mark.parametrize("words", [REPORT, f"oefening {REPORT}"], ids=["alert", "drill"])
def test_what_was_taken_as_the_connection_broke_never_left_and_is_neither_unknown_nor_a_repeat(
    world: World, tolberg: Neighbourhood, fatima: Member, words: str
) -> None:
    neighbours = [tolberg.member(name, channel="telegram", street="Meidoornstraat") for name in ("Henk", "Riet")]
    fatima.says(words)
    answer = "Ja" if words != REPORT else "Ja, door mij"
    with breaks_as_it_commits(world, "sending_at="), pytest.raises(StoreUnavailable):
        fatima.taps(answer)
    world.advance(minutes=2)
    query = select(func.count()).select_from(delivery).where(delivery.c.repeat | (delivery.c.state == "unknown"))
    with world.database.reading() as connection:
        assert connection.execute(query).scalar_one() == 0
    for one in neighbours:
        assert len(one.received) == 1
        assert "erhaling" not in one.last.text
