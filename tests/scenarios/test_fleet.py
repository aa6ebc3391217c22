"""Several processes on one PostgreSQL database: each thing once, and what one leaves behind another takes over."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from buurtwacht.records.keys import new_key
from buurtwacht.testing import postgres

from .test_process import IN_FLIGHT, TOKEN, alarms, people, report, telegram_table
from .town_process import Server, Telegram, Town, free_port, server, telegram, until

#: Seconds within which another process has taken over: a lease of four, a look, and what a busy machine takes.
TAKEN_OVER = 30.0
#: Messages a second, and so at most as many under way.
RATE = 20


class Fleet(Town):
    """A town on PostgreSQL, with as many processes as are asked for."""

    @contextmanager
    def working(self) -> Iterator[Server]:
        with server("-m", "buurtwacht", "work", "--config", str(self.config)) as process:
            process.wait_for("works, beside the others")
            yield process

    def states(self) -> Counter[str]:
        """Return how many deliveries are in which state; not by a command, which would take seconds at each look."""
        return Counter(dict(self._rows("SELECT state, count(*) FROM delivery GROUP BY state")))

    def holders(self) -> set[int]:
        """Return the ids of the processes that hold anything."""
        return {int(holder.split(":")[1]) for (holder,) in self._rows("SELECT holder FROM lease")}

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with create_engine(self.database, poolclass=NullPool).connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())
    name = f"fleet_{time.monotonic_ns()}"
    control = create_engine(
        postgres.address().replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with control.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    town = Fleet(tmp_path, free_port())
    town.database = postgres.address().replace("NAME", name)
    yield town
    with control.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def told(messenger: Telegram, chats: list[str]) -> bool:
    return set(chats) <= alarms(messenger).keys()


def assert_everybody_once(fleet: Fleet, messenger: Telegram, chats: list[str]) -> None:
    """Nobody is missed; who was told twice was told that it is a repeat, and no more than were under way."""
    until(lambda: told(messenger, chats), "everybody to be told")
    until(lambda: not fleet.states().keys() & {"queued", "sending"}, "nothing to be left")
    doubled = [count for count in alarms(messenger).values() if count > 1]
    assert all(count == 2 for count in doubled)
    assert len(doubled) <= IN_FLIGHT
    repeats = [one for one in messenger.seen() if "VERDACHT" in one["text"] and "erhaling" in one["text"]]
    assert len(repeats) >= len(doubled)


def test_three_processes_share_the_work_and_do_each_thing_once(fleet: Fleet) -> None:
    with telegram("--token", TOKEN, "--latency", "0.05") as messenger, ExitStack() as processes:
        fatima, chats, rows = people(messenger, 100)
        fleet.write(telegram_table(messenger, rate=100))
        fleet.members(rows)
        all_of_them = [processes.enter_context(fleet.running())]
        all_of_them += [processes.enter_context(fleet.working()) for _ in range(2)]
        report(messenger, fatima)
        until(lambda: told(messenger, chats), "100 neighbours to be told")
        assert [process.stop() for process in all_of_them] == [0, 0, 0]
        assert set(alarms(messenger).values()) == {1}
        assert messenger.complaints() == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_another_process_takes_over_in_the_middle_of_a_fan_out(fleet: Fleet, how: signal.Signals) -> None:
    with telegram("--token", TOKEN, "--latency", "0.12") as messenger, ExitStack() as processes:
        fatima, chats, rows = people(messenger, 200)
        fleet.write(telegram_table(messenger, rate=RATE))
        fleet.members(rows)
        first = processes.enter_context(fleet.running())
        second = processes.enter_context(fleet.working())
        report(messenger, fatima)
        until(lambda: len(alarms(messenger)) >= 5, "the first to be told")
        first.process.send_signal(how)
        stopped_at, before = time.monotonic(), len(alarms(messenger))
        assert before + RATE < len(chats), "it was stopped in the middle"
        until(lambda: len(alarms(messenger)) > before + RATE, "another process to go on")
        assert time.monotonic() - stopped_at < TAKEN_OVER
        if how is signal.SIGSTOP:
            first.process.send_signal(signal.SIGCONT)
        assert_everybody_once(fleet, messenger, chats)
        assert messenger.complaints() == []
        assert second.stop() == 0


def test_a_stopped_process_gives_its_accounts_away_at_once(fleet: Fleet) -> None:
    with telegram("--token", TOKEN) as messenger, ExitStack() as processes:
        fatima, chats, rows = people(messenger, 5)
        fleet.write(telegram_table(messenger))
        fleet.members(rows)
        first = processes.enter_context(fleet.running())
        second = processes.enter_context(fleet.working())
        assert first.stop() == 0
        assert first.process.pid not in fleet.holders(), "nobody waits for its leases to run out"
        report(messenger, fatima)
        until(lambda: told(messenger, chats), "the neighbours to be told")
        assert set(alarms(messenger).values()) == {1}
        assert second.stop() == 0


def test_what_one_process_queues_for_an_account_of_another_leaves(fleet: Fleet) -> None:
    """That he is called, and need not look by himself, is shown where nothing else wakes him: core/test_accounts.py."""
    with telegram("--token", TOKEN) as messenger, telegram("--token", TOKEN) as other, ExitStack() as processes:
        fatima = messenger.post("opens", person="Fatima")["handles"][0]
        henk = other.post("opens", person="Henk")["handles"][0]
        north = telegram_table(other).replace("[channels.telegram]", '[channels.north]\nadapter = "telegram"')
        fleet.write(telegram_table(messenger), north)
        rows = [f"TB,Fatima,nl,member,Meidoornstraat,telegram,{fatima}", f"TB,Henk,nl,member,Esdoornlaan,north,{henk}"]
        fleet.members(rows)
        both = [processes.enter_context(fleet.running()), processes.enter_context(fleet.working())]
        both[0].wait_for("account is run elsewhere from now on")  # each has one of the two
        report(messenger, fatima)
        until(lambda: henk in alarms(other), "Henk to be told by the other process")
        assert [process.stop() for process in both] == [0, 0]


def test_one_more_process_on_sqlite_is_refused_with_the_mend(tmp_path: Path) -> None:
    town = Town(tmp_path, free_port())
    town.write(f'[channels.telegram]\ntoken = "{TOKEN}"\n')
    refused = town.call("work")
    assert refused.returncode == 2
    assert "PostgreSQL" in refused.stderr
