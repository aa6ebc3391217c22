"""The worker with real threads: one plugin's trouble is its own, and a lane keeps its order."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from buurtwacht import Command, Context, Handle, Hearing, Inbound, Manifest, Said, Severity, Text, hookimpl
from buurtwacht.host.building import build
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.overdue import Overdue
from buurtwacht.host.worker import Worker
from buurtwacht.records import migration, people
from buurtwacht.records.database import Database
from buurtwacht.records.inbox import Work
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.schema import delivery, inbox, message
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.settings import build as settings_of
from buurtwacht.workers import Workers

#: Seconds in which threads must have done what is waited for.
PATIENCE = 60.0
NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

"""


def a_plugin(ident: str, folder: Path, handler: Callable[..., Any], word: str, *, presses: bool = False) -> ModuleType:
    """Return a plugin of one command, as a module with a catalogue."""
    locale = folder / ident
    locale.mkdir()
    for language in ("nl", "en"):
        texts = {f"command.{word}.words": word, f"command.{word}.help": word, f"command.{word}.example": word}
        texts["said"] = "{what}"
        body = "".join(f'msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in texts.items())
        (locale / f"{language}.po").write_text(PO + body)
    module = ModuleType(ident)
    module.__file__ = str(folder / "plugin.py")
    module.manifest = Manifest(id=ident, name=ident, version="1", locale=ident)  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command(word, handler, presses=presses)])  # type: ignore[attr-defined]
    sys.modules[ident] = module
    return module


@dataclass
class Town:
    """A core with a few people who write on one messenger, and threads that handle what they write."""

    core: Core
    dispatcher: Dispatcher
    threads: list[threading.Thread]
    sent: int = 0

    def says(self, who: int, text: str) -> None:
        self.sent += 1
        said = Said(message=f"{who}:{self.sent}", text=text)
        event = Inbound(f"u{self.sent}", said, NOW, (Handle("chat", str(who)),))
        self.core.inbox.accept("telegram", [event])

    def start(self, count: int) -> None:
        def work() -> None:
            worker = Worker(self.core, self.dispatcher)
            while not self.dispatcher.closed:
                worker.step(wait=True)

        self.threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def replies(self) -> list[str]:
        query = select(message.c.content).join(delivery, delivery.c.message_id == message.c.id).order_by(delivery.c.id)
        with self.core.database.reading() as connection:
            texts = [row[0]["text"] for row in connection.execute(query)]
        return [str(text.get("f", {}).get("what", text["t"])) for text in texts]

    def states(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        with self.core.database.reading() as connection:
            for (state,) in connection.execute(select(inbox.c.state)):
                counts[state] = counts.get(state, 0) + 1
        return counts


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    towns: list[Town] = []

    def make(*modules: ModuleType, threads: int = 4) -> Town:
        database = Database(f"sqlite:///{tmp_path}/town.db")
        migration.upgrade(database, [migration.CORE])
        dispatcher = Dispatcher(threads)
        settings = settings_of({"neighbourhoods": [{"code": "TB", "name": "Tolberg"}]}, folder=tmp_path)
        keyring = Keyring([new_key()])
        core = build(settings, database, keyring, VirtualClock(NOW), modules, dispatcher)
        home = core.neighbourhoods.by_code("TB")
        assert home is not None
        unit = database.unit()
        for who in range(10):
            person = people.add_person(unit, f"Buur {who}", "nl")
            people.add_membership(unit, person, home.id, NOW, roles=["admin"] if who == 9 else ["member"])
            people.add_address(unit, keyring, "telegram", [Handle("chat", str(who))], NOW, person_id=person)
        unit.commit()
        towns.append(Town(core, dispatcher, []))
        return towns[-1]

    yield make
    for one in towns:
        one.dispatcher.close()
        for thread in one.threads:
            thread.join(PATIENCE)
        one.core.database.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for something that threads do; give up after a minute, on a machine that may have much else to do."""
    changed = threading.Event()
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come true"
        changed.wait(0.01)


def test_a_sleeping_plugin_holds_up_nobody_else(town: Callable[..., Town], tmp_path: Path) -> None:
    let_go = threading.Event()

    def sleep(ctx: Context) -> None:
        let_go.wait(2 * PATIENCE)
        ctx.reply(Text("said", what="awake"))

    sleeper = a_plugin("sleeper", tmp_path, sleep, "slaap")
    quick = a_plugin("quick", tmp_path, lambda ctx: ctx.reply(Text("said", what="quick")), "snel")
    here = town(sleeper, quick)
    here.start(4)
    for who in range(6):
        here.says(who, "slaap")
    here.says(7, "snel")
    here.says(8, "snel")
    until(lambda: here.replies() == ["quick", "quick"])
    let_go.set()
    until(lambda: here.replies().count("awake") == 6)


def test_nobodys_report_waits_for_his_handler_that_takes_long(town: Callable[..., Town], tmp_path: Path) -> None:
    let_go = threading.Event()

    def sleep(ctx: Context) -> None:
        let_go.wait(2 * PATIENCE)
        ctx.reply(Text("said", what="awake"))

    sleeper = a_plugin("sleeper", tmp_path, sleep, "slaap")
    report = a_plugin("report", tmp_path, lambda ctx: ctx.reply(Text("said", what="reported")), "roep", presses=True)
    quick = a_plugin("quick", tmp_path, lambda ctx: ctx.reply(Text("said", what="quick")), "snel")
    here = town(sleeper, report, quick)
    here.start(4)
    for who in (1, 2, 3):  # the third one's waits for a place: a plugin gets two
        here.says(who, "slaap")
    until(lambda: len(here.dispatcher.running()) == 2 and len(here.dispatcher.put_aside()[0]) == 1)
    for who in (1, 2, 3):
        here.says(who, "snel")
        here.says(who, "roep")
    looks = Overdue(here.core, here.dispatcher)
    for _ in range(2):
        looks.look(0.5)
        assert here.replies() == [], "in their order, as long as it may be quick"
    looks.look(0.5)
    until(lambda: here.replies() == ["reported"] * 3)
    here.says(1, "roep")
    until(lambda: here.replies() == ["reported"] * 4)
    let_go.set()
    until(lambda: here.states() == {"done": 10})
    assert here.replies()[4:].count("quick") == here.replies()[4:].count("awake") == 3, "the others kept their turn"
    assert here.core.health.errors == {}


def test_who_is_handled_just_before_one_that_takes_long_has_his_reply(
    town: Callable[..., Town], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("buurtwacht.host.worker._PATIENCE", 100.0)  # all is done together, on however slow a machine
    let_go = threading.Event()

    def reply(ctx: Context, what: str = "") -> None:
        if what == "traag":
            let_go.wait(2 * PATIENCE)
        ctx.reply(Text("said", what=what or "quick"))

    here = town(a_plugin("mixed", tmp_path, reply, "doe"))
    for who, text in ((1, "doe"), (2, "doe"), (3, "doe traag")):
        here.says(who, text)
    here.says(1, "doe later")
    here.start(2)
    until(lambda: [one.work.inbound.sender[0].value for one in here.dispatcher.running() if one.work.inbound] == ["3"])
    assert here.replies() == []
    looks = Overdue(here.core, here.dispatcher)
    for _ in range(3):
        looks.look(0.5)
    until(lambda: here.replies() == ["quick", "quick", "later"])
    let_go.set()
    until(lambda: here.states() == {"done": 4})
    assert here.replies() == ["quick", "quick", "later", "traag"]


def test_a_handler_that_goes_on_and_on_is_named_at_its_line_and_in_the_end_paused(
    town: Callable[..., Town], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    let_go = threading.Event()

    def sleep(ctx: Context) -> None:
        let_go.wait(2 * PATIENCE)

    here = town(a_plugin("sleeper", tmp_path, sleep, "slaap"))
    here.start(4)
    here.says(1, "slaap")
    until(lambda: len(here.dispatcher.running()) == 1)
    looks = Overdue(here.core, here.dispatcher)
    for _ in range(10 + 4 * 60):  # the first one only finds it
        looks.look(1.0)
    assert here.core.health.errors == {"sleeper": 4}
    assert here.core.health.paused() == {}
    looks.look(1.0)
    assert "5 errors in ten minutes" in here.core.health.paused()["sleeper"]
    with here.core.database.reading() as connection:
        assert "plugin_paused" in str(connection.execute(select(message.c.content)).scalar()), "for the admins"
    assert "at=test_worker.py:" in re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)
    let_go.set()
    until(lambda: here.states() == {"done": 1})
    looks.look(100.0)
    assert here.core.health.errors == {"sleeper": 5}


def test_while_the_store_is_gone_no_plugin_is_slow(town: Callable[..., Town], tmp_path: Path) -> None:
    let_go = threading.Event()
    here = town(a_plugin("waits", tmp_path, lambda ctx: let_go.wait(2 * PATIENCE) and None, "wacht"))
    here.start(4)
    here.says(1, "wacht")
    until(lambda: len(here.dispatcher.running()) == 1)
    here.core.database.trouble.met("gone")
    looks = Overdue(here.core, here.dispatcher)
    for _ in range(2):
        looks.look(60.0)
    assert here.core.health.errors == {}
    let_go.set()


def test_one_persons_words_keep_their_order(town: Callable[..., Town], tmp_path: Path) -> None:
    seen: list[str] = []
    plugin = a_plugin("order", tmp_path, lambda ctx, what="": seen.append(f"{ctx.person.name} {what}"), "zeg")
    here = town(plugin)
    here.start(4)
    for number in range(20):
        for who in (1, 2, 3):
            here.says(who, f"zeg {number}")
    until(lambda: here.states() == {"done": 60})
    for who in (1, 2, 3):
        mine = [line for line in seen if line.startswith(f"Buur {who} ")]
        assert mine == [f"Buur {who} {number}" for number in range(20)]


def test_a_failing_handler_is_parked_named_and_paused(town: Callable[..., Town], tmp_path: Path) -> None:
    def fail(ctx: Context) -> None:
        ctx.send(ctx.person, Text("said", what="half"), severity=Severity.INFO)
        raise ZeroDivisionError

    here = town(a_plugin("broken", tmp_path, fail, "breek"), threads=1)
    worker = Worker(here.core, here.dispatcher)
    for _ in range(5):
        here.says(1, "breek")
        worker.step()
    assert "half" not in here.replies()
    assert here.replies().count("failed") == 5
    assert here.states() == {"parked": 5}
    assert "broken" in here.core.health.paused()
    here.says(2, "breek")
    worker.step()
    assert here.replies()[-1] == "unavailable"
    assert here.core.health.resume("broken")
    here.says(3, "breek")
    worker.step()
    assert here.replies()[-1] == "failed"


def test_the_same_event_twice_has_one_effect(town: Callable[..., Town], tmp_path: Path) -> None:
    here = town(a_plugin("once", tmp_path, lambda ctx: ctx.reply(Text("said", what="once")), "een"), threads=1)
    worker = Worker(here.core, here.dispatcher)
    event = Inbound("u1", Said(message="1:1", text="een"), NOW, (Handle("chat", "1"),))
    assert here.core.inbox.accept("telegram", [event]) == 1
    assert here.core.inbox.accept("telegram", [event, event]) == 0
    while worker.step():
        pass
    assert here.replies() == ["once"]


def test_what_was_not_handled_is_there_at_the_next_start(town: Callable[..., Town], tmp_path: Path) -> None:
    here = town(a_plugin("later", tmp_path, lambda ctx: ctx.reply(Text("said", what="late")), "later"), threads=1)
    here.says(1, "later")
    fresh = Dispatcher(1)
    waiting: list[Work] = here.core.inbox.waiting()
    fresh.add(waiting)
    worker = Worker(here.core, fresh)
    assert worker.step()
    assert here.replies() == ["late"]
    assert here.core.inbox.waiting() == []


def test_what_nobody_can_read_keeps_nobody_waiting(town: Callable[..., Town], tmp_path: Path) -> None:
    here = town(a_plugin("later", tmp_path, lambda ctx: ctx.reply(Text("said", what="late")), "later"), threads=1)
    here.says(1, "later")
    here.says(2, "later")
    with here.core.database.writing() as connection:
        first = connection.execute(select(inbox.c.id).order_by(inbox.c.id)).scalar()
        connection.execute(inbox.update().where(inbox.c.id == first).values(payload=b"not ours"))
    assert len(here.core.inbox.waiting()) == 1
    assert here.states() == {"parked": 1, "new": 1}


def test_the_admins_hear_of_a_pause_wherever_it_went_wrong(town: Callable[..., Town], tmp_path: Path) -> None:
    module = a_plugin("guesser", tmp_path, lambda ctx: None, "raad")

    def recognise(hearing: Hearing) -> None:
        raise ZeroDivisionError

    module.recognise = hookimpl(recognise)  # type: ignore[attr-defined]
    here = town(module, threads=1)
    worker = Worker(here.core, here.dispatcher)
    for _ in range(5):
        here.says(1, "zomaar iets")
        worker.step()
    with here.core.database.reading() as connection:
        told = [row[0]["text"]["t"] for row in connection.execute(select(message.c.content))]
    assert told.count("plugin_paused") == 1


def test_a_plugin_that_quits_takes_no_thread_along(town: Callable[..., Town], tmp_path: Path) -> None:
    def quit_it(ctx: Context) -> None:
        sys.exit(2)

    def answer(ctx: Context) -> None:
        ctx.reply(Text("said", what="here"))

    here = town(a_plugin("quitter", tmp_path, quit_it, "stop"), a_plugin("honest", tmp_path, answer, "hoor"))
    handled: list[int] = []

    def tell() -> None:
        handled.append(1)
        if len(handled) < 5:
            raise KeyboardInterrupt  # nobody presses Ctrl-C on such a thread

    workers = Workers(here.core, here.dispatcher, 2, tell)
    workers.begin()
    for who in range(5):
        here.says(who, "stop")
    until(lambda: here.core.health.is_paused("quitter"))
    here.says(7, "hoor")
    until(lambda: "here" in here.replies())
    assert here.core.health.errors == {"quitter": 5}
    assert here.states()["parked"] == 5
    here.dispatcher.close()
    workers.join(PATIENCE)
