"""A town that lives for minutes while everything fails at random: the real process, two messengers on rough lines."""

from __future__ import annotations

import json
import random
import re
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import NullPool, create_engine, func, select, text

from buurtwacht.records.schema import delivery, inbox, message
from buurtwacht.testing import postgres

from .doomed import Doomed
from .rough_line import Line
from .town_process import Server, Telegram, WhatsApp, free_port, server, telegram, until, whatsapp

TOKEN = "123456789:stand-in-for-telegram"
NEIGHBOURS = 30
STREETS = ("Meidoornstraat", "Esdoornlaan", "Beukenlaan", "Lindestraat", "Eikenstraat", "Wilgenlaan")
#: Seconds in which a process starts on a machine that has more to do, and in which all is at rest after the faults.
STARTED, REST = 90.0, 400.0
#: The longest pauses between two acts, in seconds. A co-ordinator hears nearly everything, and one chat gets no more
#: than one message a second: in minutes, what nobody could deliver would pile up.
HURRIED, STEADY = 0.15, 1.4
FINAL = {"sent", "delivered", "read", "failed", "unknown", "withdrawn"}
TALK = ("1", "2", "gezien", "ik ben thuis", "is het al veilig?", "ok", "wie is dit?", "menu", "status", "blabla")


@dataclass(slots=True)
class Sample:
    """What one process used at a moment: resident bytes, open files and threads."""

    at: float
    pid: int
    memory: int
    files: int
    threads: int


@dataclass(slots=True)
class Found:
    """What a soak came to."""

    did: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    log: int = 0

    def expect(self, holds: bool, what: str) -> None:
        """Note what may not be."""
        if not holds:
            self.wrong.append(what)

    def told(self) -> str:
        """Return it for whoever started it."""
        peak = max((one.memory for one in self.samples), default=0) // 2**20
        files = max((one.files for one in self.samples), default=0)
        threads = max((one.threads for one in self.samples), default=0)
        used = f"memory {peak} MB at most, grew {growth(self.samples) / 2**20:.1f} MB in the second half"
        lines = [
            f"did {dict(self.did)}",
            f"deliveries {dict(self.states)}",
            f"{used}; files {files}; threads {threads}",
        ]
        return "\n".join([*lines, f"log {self.log // 1024} kB", *self.wrong])


def growth(samples: list[Sample]) -> float:
    """Return by how many bytes the last process grew in its second half: the end against the beginning of it."""
    mine = [one for one in samples if one.pid == samples[-1].pid] if samples else []
    half = mine[len(mine) // 2 :]
    if len(half) < 6:
        return 0.0
    third = len(half) // 3
    return min(one.memory for one in half[-third:]) - min(one.memory for one in half[:third])


class Soak:
    """Traffic and faults, as chance decides, for so many seconds."""

    def __init__(self, kind: str, folder: Path, seconds: float, seed: int) -> None:
        self.kind, self.seconds = kind, seconds
        self.chance = random.Random(seed)
        self.found = Found()
        self.folder = folder
        self._alerts = 0
        self._acknowledged = 0
        self._updates = 0
        self._stack = ExitStack()

    def run(self) -> Found:
        """Live through it, let faults end, and look at what is left."""
        with self._stack:
            self._build()
            self._start()
            try:
                self._live()
                self._calm()
                self._look()
            finally:
                self._stop(signal.SIGTERM)
        return self.found

    # --- the town --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        enter = self._stack.enter_context
        self.telegram: Telegram = enter(telegram("--token", TOKEN, "--latency", "0.02"))
        self.whatsapp: WhatsApp = enter(whatsapp("--latency", "0.02"))
        self.lines = [enter(Line(one.url, self.chance)) for one in (self.telegram, self.whatsapp)]
        database = f"sqlite:///{self.folder}/buurtwacht.db"
        if self.kind == "postgresql":
            name = f"soak_{abs(hash(self.folder)) % 10**8}"
            postgres._order(f"CREATE DATABASE {name}")
            self._stack.callback(postgres._order, f"DROP DATABASE {name} WITH (FORCE)")
            database = postgres.address().replace("NAME", name)
        self.town = Doomed(self.folder, free_port(), database, messenger=self.telegram)
        chats = [str(one) for one in self.telegram.post("people", count=NEIGHBOURS)]
        self.chats = {f"neighbour{number}": chat for number, chat in enumerate(chats)}
        self.chats["Fatima"] = str(self.telegram.post("opens", person="Fatima")["handles"][0])
        self.chats["Peters"] = str(self.telegram.post("opens", person="Peters")["handles"][0])
        names = [f"Henk{number}" for number in range(6)]
        self.numbers = []
        for name in names:
            handles = self.whatsapp.post("people", name=name)
            self.numbers.append(next(one["value"] for one in handles if one["kind"] == "phone"))
            self.whatsapp.post("opens", person=self.numbers[-1])
        self._write(database)
        rows = [f"TB,{name},nl,member,Esdoornlaan,telegram,{chat}" for name, chat in self.chats.items()]
        rows = [one.replace(",member,", ",member coordinator,") if ",Fatima," in one else one for one in rows]
        rows = [one.replace(",member,", ",official:police,") if ",Peters," in one else one for one in rows]
        rows += [f"TB,{n},nl,member,Meidoornstraat,whatsapp,{one}" for n, one in zip(names, self.numbers, strict=True)]
        self.town.members(rows)

    def _write(self, database: str) -> None:
        settings = {**self.whatsapp.settings(), "api_url": self.lines[1].url}
        plugins = "".join(f"[plugins.{one}]\n" for one in ("members", "alerts", "rollcalls", "escalation"))
        tables = [
            f'[buurtwacht]\ndatabase = "{database}"',
            f"[web]\nport = {self.town.port}",
            f'[channels.telegram]\ntoken = "{TOKEN}"\napi_url = "{self.lines[0].url}"\nrate = 200',
            "[channels.whatsapp]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items()),
            plugins,
            '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nmunicipality = "Roosendaal"\npostcodes = ["4707"]\n'
            f'streets = {json.dumps(STREETS)}\nquiet_hours = ""',
        ]
        self.town.config.write_text("\n".join(tables) + "\n")

    # --- the process -----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._life = ExitStack()
        command = ("-m", "buurtwacht", "run", "--config", str(self.town.config))
        self.process: Server = self._life.enter_context(server(*command))
        self.process.wait_for("listens at", STARTED)

    def _stop(self, how: signal.Signals) -> None:
        if how == signal.SIGTERM:
            self.found.expect(self.process.stop(how) == 0, "it did not end well")
        else:
            self.process.stop(how)
        self.found.log += sum(len(one) for one in self.process.lines)
        private = [TOKEN.partition(":")[2], *self.chats.values(), *self.numbers]
        spoken = [one for one in self.process.lines if any(word in one for word in private)]
        self.found.expect(not spoken, f"said in the log: {spoken[:1]}")
        self._life.close()

    def _sample(self) -> None:
        pid = self.process.process.pid
        with suppress(FileNotFoundError, ProcessLookupError):
            status = Path(f"/proc/{pid}/status").read_text()
            memory = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024  # type: ignore[index] # Linux has it
            threads = int(re.search(r"Threads:\s+(\d+)", status)[1])  # type: ignore[index]
            files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
            self.found.samples.append(Sample(time.monotonic(), pid, memory, files, threads))

    # --- what happens ----------------------------------------------------------------------------------------------

    def _live(self) -> None:
        """Let people do what people do, and everything fail; kills and outages in the first half only."""
        began = time.monotonic()
        acts = (self._report, self._talk, self._talk, self._tap, self._tap, self._write_whatsapp, self._receipts)
        rare = (self._roll_call, self._escalate, self._close)
        faults = self._faults()
        tick = threading.Event()
        sampled = 0.0
        while (passed := time.monotonic() - began) < self.seconds:
            for line in self.lines:
                line.share = 0.15 if passed < 0.9 * self.seconds else 0.0
            while faults and faults[0][0] <= passed:
                before = time.monotonic()
                faults.pop(0)[1]()
                began += time.monotonic() - before  # a start takes long where much else is done
            self.chance.choice(acts if self.chance.random() < 0.92 else rare)()
            if passed - sampled >= 1.0:
                sampled = passed
                self._sample()
            tick.wait(self.chance.random() * (HURRIED if self.seconds < 120 else STEADY))

    def _faults(self) -> list[tuple[float, Any]]:
        half = self.seconds / 2
        every = [self._kill, self._outage, self._lock] * max(1, int(self.seconds / 120))
        at = sorted(half * (0.15 + 0.85 * self.chance.random()) for _ in every)
        return [(moment, one) for moment, one in zip(at, every, strict=True)]

    def _kill(self) -> None:
        self.found.did["killed"] += 1
        self._stop(signal.SIGKILL)
        self._start()

    def _outage(self) -> None:
        """Cut one messenger off, for a minute or as much as there is time for."""
        self.found.did["outage"] += 1
        line = self.chance.choice(self.lines)
        line.cut = True
        timer = threading.Timer(min(60.0, self.seconds / 8), lambda: setattr(line, "cut", False))
        timer.daemon = True
        timer.start()

    def _lock(self) -> None:
        """Let somebody else hold the database."""
        self.found.did["locked"] += 1
        with self._held():
            threading.Event().wait(min(20.0, self.seconds / 8))

    @contextmanager
    def _held(self) -> Iterator[None]:
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.town.database.removeprefix("sqlite:///"), timeout=30)) as held:
                held.execute("BEGIN IMMEDIATE")
                yield
                held.rollback()
            return
        engine = create_engine(self.town.database, poolclass=NullPool)
        with engine.connect() as connection, connection.begin():
            connection.execute(text("LOCK TABLE delivery, inbox IN EXCLUSIVE MODE"))
            yield

    def _says(self, person: str, words: str) -> None:
        self.telegram.post("says", person=person, text=words)
        self._updates += 1

    def _anybody(self) -> str:
        return self.chance.choice([one for one in self.chats if one != "Peters"])

    def _report(self) -> None:
        self.found.did["reports"] += 1
        street = self.chance.choice(STREETS).lower()
        self._says(self._anybody(), f"verdachte auto {street}, rijdt stapvoets langs de auto's, lichten uit")
        self._alerts += 1

    def _talk(self) -> None:
        self.found.did["words"] += 1
        self._says(self._anybody(), self.chance.choice(TALK))

    def _tap(self) -> None:
        person = self.chance.choice(list(self.chats))
        shown = self.town.shown()[-400:]
        mine = [one for one in shown if one["to"] == self.chats[person] and one["options"]]
        if mine:
            self.found.did["taps"] += 1
            on = self.chance.choice(mine[-3:])
            option = self.chance.choice(on["options"])[0]
            self.telegram.post("taps", person=person, option=option, on=on["provider_id"])
            self._updates += 1

    def _order_fatima(self, words: str) -> None:
        self._says("Fatima", words)

    def _roll_call(self) -> None:
        self.found.did["roll calls"] += 1
        self._order_fatima("rondvraag is iedereen veilig?")

    def _escalate(self) -> None:
        self.found.did["escalations"] += 1
        self._order_fatima(f"opschalen TB-{self.chance.randint(1, max(1, self._alerts)):04d} wijkagent")

    def _close(self) -> None:
        self.found.did["closings"] += 1
        self._order_fatima(f"einde TB-{self.chance.randint(1, max(1, self._alerts)):04d} het was een bezorger")

    def _write_whatsapp(self) -> None:
        self._post("says", person=self.chance.choice(self.numbers), text=self.chance.choice(TALK))

    def _receipts(self) -> None:
        """Report on what was sent a while ago, in any order, twice at times."""
        for one in self.chance.choices(self.whatsapp.seen()[-50:] or [{}], k=2):
            if one:
                state = self.chance.choice(["sent", "delivered", "read", "delivered"])
                self._post("status", message=one["provider_id"], state=state)

    def _post(self, verb: str, **fields: str) -> None:
        webhook = f"{self.town.url}/webhooks/whatsapp"
        with suppress(AssertionError):  # the stand-in cannot reach a process that is dead
            answer = self.whatsapp.post(verb, webhook=webhook, **fields)
            status = answer["status"] if answer else 0
            self.found.did[f"webhook {status}"] += 1
            self.found.expect(status in (0, 200, 503), f"a webhook answered {status}")
            self._acknowledged += verb == "says" and status == 200

    # --- what is left ----------------------------------------------------------------------------------------------

    def _calm(self) -> None:
        for line in self.lines:
            line.share, line.cut = 0.0, False
        heard = select(func.count()).select_from(inbox).where(inbox.c.account == "telegram")
        until(lambda: self.town.rows(heard)[0][0] >= self._updates, "all that was said to be heard", REST, 1.0)
        until(self.town.at_rest, "everything to come to rest", REST, 1.0)

    def _look(self) -> None:
        found, rows = self.found, self.town.rows
        found.states = Counter(
            dict(map(tuple, rows(select(delivery.c.state, func.count()).group_by(delivery.c.state))))
        )
        found.expect(found.states.keys() <= FINAL, "a delivery without an end")
        heard = dict(map(tuple, rows(select(inbox.c.account, func.count()).group_by(inbox.c.account))))
        found.expect(heard.get("telegram", 0) == self._updates, f"{heard.get('telegram')} of {self._updates} heard")
        found.expect(heard.get("whatsapp", 0) >= self._acknowledged, "acknowledged, and not kept")
        parked = rows(select(inbox.c.reason).where(inbox.c.state == "parked"))
        found.expect(not parked, f"parked: {parked[:3]}")
        self._look_at_screens()
        body: dict[str, Any] = httpx.get(f"{self.town.url}/readyz", timeout=30).json()
        found.expect(body.get("audit") == [], f"the self-audit says {body.get('audit')}")
        found.expect(all(one["state"] == "ok" for one in body["accounts"].values()), f"accounts: {body['accounts']}")
        found.expect(growth(found.samples) < 24 * 2**20, "memory grows")
        found.expect(max(one.files for one in found.samples) < 250, "files stay open")
        found.expect(max(one.threads for one in found.samples) < 80, "threads stay")
        said = sum(heard.values()) + sum(found.states.values()) + sum(sum(one.happened.values()) for one in self.lines)
        found.expect(found.log < 600 * said + 200_000, f"{found.log} bytes of log for {said} things")
        for line in self.lines:
            found.did.update({f"line {what}": count for what, count in line.happened.items()})

    def _look_at_screens(self) -> None:
        """Nothing counts as sent that no screen showed; no first word of an alert twice but as a repeat."""
        shown = self.town.shown()
        screens = {one["provider_id"] for one in shown} | {one["provider_id"] for one in self.whatsapp.seen()}
        sent = self.town.rows(select(delivery.c.provider_id).where(delivery.c.state.in_(("sent", "delivered", "read"))))
        missing = [one for (one,) in sent if one not in screens]
        self.found.expect(not missing, f"{len(missing)} count as sent and were shown to nobody")
        first = [one for one in shown if "· VERDACHT VOERTUIG ·" in one["text"] and not one["edit_of"]]
        unmarked: dict[tuple[str, str], list[str]] = {}
        for one in first:
            if "erhaling" not in one["text"] and (match := re.search(r"TB-\d{4}", one["text"])):
                unmarked.setdefault((one["to"], match[0]), []).append(one["text"])
        self.found.did["repeats"] = sum("erhaling" in one["text"] for one in first)
        doubled = [texts for texts in unmarked.values() if len(texts) > 1]
        self.found.expect(not doubled, f"{len(doubled)} times twice without a word about it: {doubled[:1]}")
        again = self.town.rows(select(func.count()).select_from(delivery).where(delivery.c.repeat.is_(True)))[0][0]
        self.found.expect(self.found.did["repeats"] <= again, f"{self.found.did['repeats']} repeats, {again} counted")
        left = self.town.rows(select(func.count()).select_from(message).where(message.c.expanded.is_(False)))
        self.found.expect(left[0][0] == 0, "a broadcast that was never expanded")


def play(kind: str, folder: Path, seconds: float, seed: int) -> Found:
    """Live through one soak on a kind of database."""
    if kind == "postgresql":
        postgres.address()
    return Soak(kind, folder, seconds, seed).run()
