"""The worker in trouble: whatever goes wrong, no lane is lost, no thread dies, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select, update

from buurtwacht import Command, Context, Handle, Inbound, Manifest, Refusal, Said, Text, hookimpl
from buurtwacht.host.building import build
from buurtwacht.host.core import Core
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.scene import Plan
from buurtwacht.host.worker import Hooks, Worker
from buurtwacht.records import migration, people
from buurtwacht.records.database import Database
from buurtwacht.records.inbox import Work
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.schema import address, delivery, inbox
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.settings import build as settings_of

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
WORDS = ("hallo", "weiger", "breek")
READS = frozenset({"read:names"})


def answer(ctx: Context) -> None:
    """Read something, and reply."""
    ctx.neighbourhoods()
    ctx.people([1])
    ctx.reply(Text("said"))


def refuse(ctx: Context) -> None:
    """Refuse."""
    raise Refusal(Text("said"))


def fail(ctx: Context) -> None:
    """Break."""
    raise ZeroDivisionError


def a_plugin(folder: Path) -> ModuleType:
    """Return a plugin that strangers may use too."""
    texts = {f"command.{word}.{part}": word for word in WORDS for part in ("words", "help", "example")}
    lines = [f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in {**texts, "said": "Ja"}.items()]
    (folder / "greeting").mkdir()
    for language in ("nl", "en"):
        (folder / "greeting" / f"{language}.po").write_text("\n".join(['msgid ""\nmsgstr ""\n', *lines]))
    module = ModuleType("greeting")
    module.__file__ = str(folder / "plugin.py")
    module.manifest = Manifest(id="greeting", name="Greeting", version="1", locale="greeting", permissions=READS)  # type: ignore[attr-defined]
    made = [Command(word, handler, public=True) for word, handler in zip(WORDS, (answer, refuse, fail), strict=True)]
    module.commands = hookimpl(lambda: made)  # type: ignore[attr-defined]
    return module


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    migration.upgrade(database, [migration.CORE])
    settings = settings_of({"neighbourhoods": [{"code": "TB", "name": "Tolberg"}]}, folder=tmp_path)
    keyring = Keyring([new_key()])
    core = build(settings, database, keyring, VirtualClock(NOW), [a_plugin(tmp_path)], Dispatcher(1))
    home = core.neighbourhoods.by_code("TB")
    assert home is not None
    unit = database.unit()
    for who in range(20):
        person = people.add_person(unit, f"Buur {who}", "nl")
        people.add_membership(unit, person, home.id, NOW)
        people.add_address(unit, keyring, "telegram", [Handle("chat", str(who))], NOW, person_id=person)
    unit.commit()
    yield core
    database.close()


def says(core: Core, who: int, text: str) -> Dispatcher:
    """Let somebody write; return a dispatcher that knows what waits."""
    said = Said(message=f"{who}:1", text=text)
    core.inbox.accept("telegram", [Inbound(f"{who} {text}", said, NOW, (Handle("chat", str(who)),))])
    dispatcher = Dispatcher(1)
    dispatcher.add(core.inbox.waiting())
    return dispatcher


def replies(core: Core) -> int:
    """Count what was queued for addresses that are there."""
    query = select(delivery.c.id).join(address, address.c.id == delivery.c.address_id)
    with core.database.reading() as connection:
        return len(connection.execute(query).all())


def states(core: Core) -> list[str]:
    """Return the states of all events."""
    with core.database.reading() as connection:
        return list(connection.scalars(select(inbox.c.state)))


def test_a_place_given_back_is_offered_to_who_found_none() -> None:
    dispatcher = Dispatcher(2)
    works = [Work(number, "telegram", f"lane {number}", "", None, None, NOW) for number in (1, 2)]
    dispatcher.add(works)
    plan = Plan("patrols", "command", lambda: None)
    first, second = dispatcher.take(), dispatcher.take()
    assert first is not None
    assert second is not None
    assert dispatcher.enter(first, plan)
    assert not dispatcher.enter(second, plan)
    dispatcher.leave(plan)
    dispatcher.done(first)
    assert dispatcher.take() is second


def test_what_was_handled_already_is_let_go_of_in_silence(core: Core) -> None:
    dispatcher = says(core, 1, "hallo")
    with core.database.writing() as connection:
        connection.execute(update(inbox).values(state="done", payload=None))
    assert Worker(core, dispatcher).step()
    assert dispatcher.idle
    assert replies(core) == 0
    assert states(core) == ["done"]
    assert core.health.errors == {}


def test_what_was_refused_already_is_let_go_of_too(core: Core) -> None:
    dispatcher = says(core, 1, "weiger")
    with core.database.writing() as connection:
        connection.execute(update(inbox).values(state="done", payload=None))
    assert Worker(core, dispatcher).step()
    assert dispatcher.idle
    assert replies(core) == 0


def test_an_error_that_nobody_foresaw_costs_no_thread_and_no_event(core: Core) -> None:
    moments = iter([True])

    def during(moment: str, plugin: str) -> None:
        if moment == "commit" and next(moments, False):
            raise ArithmeticError

    dispatcher = says(core, 1, "hallo")
    worker = Worker(core, dispatcher, Hooks(during))
    assert not worker.step()
    assert worker.step()
    assert dispatcher.idle
    assert replies(core) == 1


def test_many_who_wait_for_one_commit_hold_no_connections(core: Core) -> None:
    held: list[int] = []

    def during(moment: str, plugin: str) -> None:
        if moment == "commit":
            held.append(core.database.engine.pool.checkedout())  # type: ignore[attr-defined] # a queue pool

    for who in range(20):
        dispatcher = says(core, who, "hallo")
    worker = Worker(core, dispatcher, Hooks(during))
    while worker.step():
        pass
    assert set(held) == {0}
    assert replies(core) == 20


@pytest.mark.parametrize("word", ["weiger", "breek"])
def test_a_stranger_whose_first_word_fails_is_answered_too(core: Core, word: str) -> None:
    dispatcher = says(core, 77, word)
    assert Worker(core, dispatcher).step()
    assert replies(core) == 1
    says(core, 77, "hallo")
    with core.database.reading() as connection:
        assert len(connection.execute(select(address)).all()) == 21
