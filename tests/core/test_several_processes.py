"""Two processes, as far as the inbox goes, on one PostgreSQL database: each event once, and a lane in its order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, select, text, update

from buurtwacht import Context, Handle, Inbound, Said, Text
from buurtwacht.host.building import build
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.overdue import Overdue
from buurtwacht.host.worker import Worker
from buurtwacht.records import migration, people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.leases import Leases
from buurtwacht.records.schema import delivery, message, neighbourhood
from buurtwacht.testing import postgres
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.errors import StoreUnavailable
from buurtwacht.vocabulary.settings import build as settings_of

from .test_worker import NOW, Town, a_plugin, until

PEOPLE = 6
EVENTS = 120


@pytest.fixture
def url() -> Iterator[str]:
    name = f"several_{time.monotonic_ns()}"
    control = create_engine(
        postgres.address().replace("NAME", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with control.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.address().replace("NAME", name)
    with control.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def towns(url: str, tmp_path: Path) -> Iterator[list[Town]]:
    """Two processes with a plugin that repeats what was said."""

    def repeat(ctx: Context, what: str) -> None:
        ctx.reply(Text("said", what=what))

    echo = a_plugin("echo", tmp_path, repeat, "zeg")
    report = a_plugin(
        "report", tmp_path, lambda ctx, what="": ctx.reply(Text("said", what="reported")), "roep", presses=True
    )
    keyring = Keyring([new_key()])
    settings = settings_of({"neighbourhoods": [{"code": "TB", "name": "Tolberg"}]}, folder=tmp_path)
    made: list[Town] = []
    for _ in range(2):
        database = Database(url)
        migration.upgrade(database, [migration.CORE])
        dispatcher = Dispatcher(4)
        core = build(settings, database, keyring, VirtualClock(NOW), [echo, report], dispatcher)
        made.append(Town(core, dispatcher, []))
    core = made[0].core
    home = core.neighbourhoods.by_code("TB")
    assert home is not None
    unit = core.database.unit()
    for who in range(PEOPLE):
        person = people.add_person(unit, f"Buur {who}", "nl")
        people.add_membership(unit, person, home.id, NOW, roles=["member"])
        people.add_address(unit, keyring, "telegram", [Handle("chat", str(who))], NOW, person_id=person)
    unit.commit()
    yield made
    for one in made:
        one.dispatcher.close()
        for thread in one.threads:
            thread.join(60)
        one.core.database.close()


def says(town: Town, number: int, text: str = "") -> None:
    """The event goes in at one process; which of the two is all the same to whoever speaks."""
    who = number % PEOPLE
    said = Said(message=str(number), text=text or f"zeg {who} {number:04}")
    town.core.inbox.accept("telegram", [Inbound(f"u{number}", said, NOW, (Handle("chat", str(who)),))])


def heard(town: Town) -> list[str]:
    query = select(message.c.content).join(delivery, delivery.c.message_id == message.c.id).order_by(delivery.c.id)
    with town.core.database.reading() as connection:
        return [row[0]["text"]["f"]["what"] for row in connection.execute(query)]


def test_events_of_one_person_keep_their_order_wherever_they_come_in(towns: list[Town]) -> None:
    """The even ones come in at one process, the odd ones at the other; each also knows what the other left waiting."""
    for number in range(EVENTS):
        says(towns[(number // PEOPLE) % 2], number)
    for town in towns:
        known = town.dispatcher.known()
        town.dispatcher.add(town.core.inbox.waiting(without=known))
    stop = threading.Event()

    def look_again() -> None:
        while not stop.wait(0.02):
            for town in towns:
                town.dispatcher.look_again()

    looking = threading.Thread(target=look_again)
    looking.start()
    try:
        for town in towns:
            town.start(3)
        until(lambda: len(heard(towns[0])) >= EVENTS)
        until(lambda: all(town.dispatcher.idle for town in towns))
    finally:
        stop.set()
        looking.join(60)
    said = heard(towns[0])
    assert len(said) == EVENTS, "each once"
    for who in range(PEOPLE):
        mine = [one for one in said if one.startswith(f"{who} ")]
        assert mine == sorted(mine)


def test_what_one_process_holds_the_other_leaves_alone(towns: list[Town]) -> None:
    first, second = towns
    says(first, 0)
    says(second, 6)  # the same person, later
    [work] = [one for one in first.core.inbox.waiting() if one.inbound is not None and one.inbound.key == "u0"]
    unit = first.core.database.unit()
    assert first.core.inbox.claim(unit, work).value == "mine"
    second.dispatcher.add([work])
    worker = Worker(second.core, second.dispatcher)
    while worker.step():
        pass
    assert heard(second) == [], "the first is being handled elsewhere, and the second waits for it"
    unit.close()
    second.dispatcher.look_again()
    while worker.step():
        pass
    second.dispatcher.look_again()
    while worker.step():
        pass
    assert heard(second) == ["0 0000", "0 0006"]


def test_a_report_goes_by_what_another_process_takes_long_for(towns: list[Town]) -> None:
    first, second = towns
    says(first, 0)
    says(second, 6)  # the same person, later
    says(second, 12, "roep")
    [work] = [one for one in first.core.inbox.waiting() if one.inbound is not None and one.inbound.key == "u0"]
    unit = first.core.database.unit()
    assert first.core.inbox.claim(unit, work).value == "mine"
    worker, looks = Worker(second.core, second.dispatcher), Overdue(second.core, second.dispatcher)

    def goes_on() -> None:
        second.dispatcher.look_again()
        while worker.step():
            pass

    goes_on()
    for _ in range(2):
        looks.look(0.5)
        goes_on()
        assert heard(second) == []
    looks.look(0.5)
    goes_on()
    assert heard(second) == ["reported"], "but not what he said before that"
    for _ in range(10):
        looks.look(0.5)
        goes_on()
    assert heard(second) == ["reported"]
    unit.close()
    second.dispatcher.add([work])
    for _ in range(3):
        goes_on()
    assert heard(second) == ["reported", "0 0000", "0 0006"]
    assert second.dispatcher.idle


def test_accounts_are_shared_out_and_fenced(towns: list[Town]) -> None:
    first, second = (Leases(town.core.database) for town in towns)
    assert first.renew(["north", "south"]) == {"north", "south"}
    assert second.renew(["north", "south"]) == set(), "what is held is not taken"
    assert len(first.renew(["north", "south"])) == 1, "a newcomer gets its part"
    given = {"north", "south"} - first.renew(["north", "south"])
    first.release(given)
    assert second.renew(["north", "south"]) == given
    [mine] = given
    assert second.held(mine)
    assert not first.held(mine)
    with towns[1].core.database.writing() as connection:
        second.prove(connection, mine)
    with pytest.raises(StoreUnavailable, match="another process"), towns[0].core.database.writing() as connection:
        first.prove(connection, mine)
    second.leave()
    assert first.renew(["north", "south"]) == {"north", "south"}


def test_what_a_process_locked_and_hangs_with_is_let_go(towns: list[Town], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "buurtwacht.records.database._BREAK_OFF", "SET LOCAL idle_in_transaction_session_timeout = '200ms'"
    )
    first, second = (town.core.database for town in towns)
    rename = update(neighbourhood).values(name="Langdonk")

    def hang() -> None:
        with first.writing(briefly=True) as hangs:
            hangs.execute(rename)
            with second.writing() as connection:  # it waits for the other's row
                assert connection.execute(rename).rowcount == 1

    with pytest.raises(StoreUnavailable):
        hang()
