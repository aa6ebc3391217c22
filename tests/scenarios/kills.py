"""Killing the real process: at which moment `buurtwacht run` dies by kill -9, and what came of it."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from sqlalchemy import func, select, text, update

from buurtwacht.records.schema import delivery, inbox, person, timer

from .doomed import FAN_OUT, LATENCY, SECRET, Doomed, Ground
from .town_process import Server, until

REPORT = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"
DRILL = "oefening verdachte auto Meidoornstraat"
#: Seconds within which a town has done all it has to do, also what is said once more after ten.
REST = 120.0
#: As many sends as one account has taken and not yet settled (edge/delivery).
IN_FLIGHT = 128
#: Rounds played side by side: most of each is waiting, and more of them would keep two cores from being in time.
BESIDE = 2
#: People who write while the process is killed.
WRITERS = 60
#: Seconds in which a start is killed; the slowest has answered by then.
STARTING = 3.0


@dataclass(slots=True)
class Toll:
    """What one kill came to, in numbers of neighbours; `wrong` is what may not be."""

    kind: str
    moment: str = ""
    sent: int = 0
    in_flight: int = 0
    doubled: int = 0
    repeats: int = 0
    unknown: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        """Note what may not be."""
        if not holds:
            self.wrong.append(what)


#: Plays one round on a ground, as chance decides.
Round = Callable[[Ground, random.Random], Toll]


def play(ground: Ground, rounds: Sequence[Round], seed: int, tell: Callable[[Toll], None]) -> list[Toll]:
    """Play rounds side by side; each has a seed of its own, made of this one and its place in the row.

    `tell` hears of each as soon as it is over. A round that breaks off is wrong, and the others go on.
    """

    def one(number: int) -> Toll:
        try:
            toll = rounds[number](ground, random.Random(f"{seed}.{number}"))
        except Exception as error:
            why = " / ".join(str(error).splitlines())
            toll = Toll(rounds[number].__name__, wrong=[f"{type(error).__name__}: {why}"])
        tell(toll)
        return toll

    with ThreadPoolExecutor(BESIDE) as beside:
        return list(beside.map(one, range(len(rounds))))


# --- in a fan-out ----------------------------------------------------------------------------------------------------


def in_an_alert(ground: Ground, chance: random.Random) -> Toll:
    """Kill while an urgent alert goes out: nobody is missed; who is told twice was in flight, and is told so."""
    toll, states, told, flying = _fan_out(ground, chance, REPORT, "Ja, door mij", Toll("alert"))
    doubled = {name for name, count in told.items() if count > 1}
    toll.lost = len(states.keys() - told.keys())
    toll.expect(toll.lost == 0, "somebody was missed")
    toll.expect(max(told.values(), default=0) <= 2, "somebody has it three times")
    toll.expect(doubled <= flying, "somebody has it twice and was not in flight")
    counted = {name for name, (_, repeat) in states.items() if repeat}
    toll.expect(doubled <= counted, "a double is not counted as a repeat in the record")
    toll.expect(toll.repeats >= len(doubled), "who has it twice does not read that it is a repeat")
    toll.expect({state for state, _ in states.values()} == {"sent"}, "a delivery ended otherwise than sent")
    return toll


def in_a_drill(ground: Ground, chance: random.Random) -> Toll:
    """Kill while a notice goes out: nothing is doubled; what was in flight is `unknown`, whether it came or not."""
    toll, states, told, flying = _fan_out(ground, chance, DRILL, "Ja", Toll("drill"))
    unknown = {name for name, (state, _) in states.items() if state == "unknown"}
    missed = states.keys() - told.keys()
    toll.lost = len(missed - unknown)
    toll.expect(toll.doubled == 0, "a notice was doubled")
    toll.expect(not missed - unknown, "who missed it is not said to be unknown")
    toll.expect(unknown <= flying, "what was not in flight is unknown")
    toll.expect({state for state, _ in states.values()} <= {"sent", "unknown"}, "a delivery ended otherwise")
    return toll


def _fan_out(
    ground: Ground, chance: random.Random, words: str, tap: str, toll: Toll
) -> tuple[Toll, dict[str, tuple[str, bool]], Counter[str], set[str]]:
    """Kill between the tap and the last answer; return the toll, what is recorded, was seen, and was in flight.

    One round in ten dies before anything is sent, while the tap is received, handled and expanded.
    """
    position, late = chance.uniform(-0.1, 1.04), chance.uniform(0.0, 0.15)
    with ground.town() as town:
        with town.running() as process:
            town.messenger.post("says", person="Fatima", text=words)
            town.messenger.taps("Fatima", town.fatima, tap)
            if position < 0:
                time.sleep(-position * 4)
            else:
                wanted = min(FAN_OUT, int(position * FAN_OUT))
                until(lambda: town.told().total() >= wanted, f"{wanted} neighbours to be told", REST)
                time.sleep(late)
            process.stop(signal.SIGKILL)
        time.sleep(2 * LATENCY)  # what had left arrives
        toll.sent = town.told().total()
        toll.moment = f"after {toll.sent}" if position >= 0 else f"{-position * 4:.2f} s after the tap"
        flying = _in_flight(town)
        with town.running() as process:
            _rest(town, lambda: len(town.deliveries()) == FAN_OUT)
            _stop(process, toll)
        states, told = town.deliveries(), town.told()
        mine = [one for one in town.shown() if one["to"] in town.neighbours]
        complaints = town.messenger.complaints()
    toll.in_flight = len(flying)
    toll.doubled = sum(1 for count in told.values() if count > 1)
    toll.repeats = sum("erhaling" in one["text"] for one in mine)
    toll.unknown = sum(1 for state, _ in states.values() if state == "unknown")
    toll.expect(len(flying) <= IN_FLIGHT, "more was in flight than may be")
    toll.expect(not complaints, f"Telegram complained: {complaints[:1]}")
    return toll, states, told, flying


def _in_flight(town: Doomed) -> set[str]:
    query = (
        select(person.c.name)
        .join(delivery, delivery.c.person_id == person.c.id)
        .where(delivery.c.state == "sending", person.c.name.startswith("Buur "))
    )
    return {row.name for row in town.rows(query)}


def _rest(town: Doomed, also: Callable[[], bool] = lambda: True) -> None:
    until(lambda: also() and town.at_rest(), "nothing to be left", REST, every=0.5)


def _stop(process: Server, toll: Toll) -> None:
    toll.expect(process.stop() == 0, "it did not stop with status 0")


# --- at other moments ------------------------------------------------------------------------------------------------


def in_receiving(ground: Ground, chance: random.Random) -> Toll:
    """Kill while a webhook is called: what was answered with 200 is kept; what was not is repeated, and kept once."""
    wanted, late = chance.randrange(WRITERS), chance.uniform(0.0, 0.1)
    toll = Toll("receiving", f"{late:.2f} s after answer {wanted}")
    with ground.town(webhook=True) as town:
        writers = list(town.neighbours.items())[:WRITERS]
        acknowledged: set[str] = set()
        stop = threading.Event()

        def write(number: int) -> None:
            """Be Telegram: call until it is answered with 200."""
            chat, name = writers[number]
            body = _update(number, int(chat))
            while not stop.is_set():
                try:
                    answer = caller.post("/webhooks/telegram", json=body)
                    if answer.status_code == 200:
                        acknowledged.add(name)
                        return
                except httpx.HTTPError:
                    pass
                stop.wait(0.2)

        # Two at a time, so that there is a middle to be killed in; a connection for each call.
        once = httpx.Limits(max_keepalive_connections=0)
        client = httpx.Client(base_url=town.url, headers=_HEADERS, timeout=60, limits=once)
        with client as caller, ThreadPoolExecutor(2) as callers:
            try:
                with town.running() as process:
                    calls = [callers.submit(write, number) for number in range(len(writers))]
                    until(lambda: len(acknowledged) >= wanted, f"{wanted} to be answered", REST, every=0.005)
                    time.sleep(late)
                    process.stop(signal.SIGKILL)
                before = set(acknowledged)
                kept = town.rows(select(func.count()).select_from(inbox).where(inbox.c.account == "telegram"))[0][0]
                with town.running() as process:
                    for one in calls:
                        one.result()
                    _rest(town)
                    _stop(process, toll)
            finally:
                stop.set()
        rows = town.rows(select(func.count()).select_from(inbox).where(inbox.c.account == "telegram"))[0][0]
        answers = Counter(row.name for row in town.rows(_ANSWERS))
    toll.sent = len(before)
    toll.in_flight = kept - len(before)
    toll.lost = max(0, len(before) - kept)
    toll.doubled = rows - len(writers)
    toll.expect(kept >= len(before), "something was answered with 200 and not kept")
    toll.expect(rows == len(writers), "something was kept twice, or not at all")
    toll.expect(set(answers.values()) == {1} and len(answers) == len(writers), "somebody was not answered once")
    return toll


_HEADERS = {"x-telegram-bot-api-secret-token": SECRET}
_ANSWERS = (
    select(person.c.name).join(delivery, delivery.c.person_id == person.c.id).where(person.c.name.startswith("Buur "))
)


def _update(number: int, chat: int) -> dict[str, object]:
    sender = {"id": chat, "is_bot": False, "first_name": "Buur", "language_code": "nl"}
    place = {"id": chat, "type": "private", "first_name": "Buur"}
    told = {"message_id": 1, "date": int(time.time()), "chat": place, "from": sender, "text": "goedemiddag allemaal"}
    return {"update_id": 9_000 + number, "message": told}


def in_a_start(ground: Ground, chance: random.Random) -> Toll:
    """Kill while the tables are made: the next start makes them, and can keep what comes."""
    moment = chance.uniform(0.2, STARTING)
    toll = Toll("start", f"{moment:.2f} s after the start")
    with ground.town(empty=True) as town:
        with town.started() as process:
            time.sleep(moment)
            process.stop(signal.SIGKILL)
        with town.running() as process:
            toll.expect(httpx.get(f"{town.url}/readyz").status_code == 200, "it is not ready")
            _stop(process, toll)
        if ground.kind == "sqlite":
            toll.expect(town.rows(text("PRAGMA integrity_check"))[0][0] == "ok", "the file is damaged")
    return toll


def in_timers(ground: Ground, chance: random.Random) -> Toll:
    """Kill while timers that fell due meanwhile run: each is handled once, and its message is never doubled unsaid."""
    moment = chance.uniform(0.0, 1.0)
    toll = Toll("timers", f"{moment:.2f} s after it was ready")
    with ground.town() as town:
        with town.running() as process:
            town.messenger.post("says", person="Fatima", text=REPORT)
            town.messenger.taps("Fatima", town.fatima, "Ja, door mij")
            until(lambda: town.told().total() >= FAN_OUT, "everybody to be told", REST)
            _rest(town)
            _stop(process, toll)
        before = town.rows(_HANDLED)[0][0]
        due = town.change(update(timer).values(due=datetime(2020, 1, 1, tzinfo=UTC)))
        with town.running() as process:
            time.sleep(moment)
            process.stop(signal.SIGKILL)
        toll.in_flight = town.rows(select(func.count()).select_from(timer).where(timer.c.due < _LONG_AGO))[0][0]
        with town.running() as process:
            overdue = select(func.count()).select_from(timer).where(timer.c.due < _LONG_AGO)
            _rest(town, lambda: town.rows(overdue)[0][0] == 0)
            _stop(process, toll)
        handled = town.rows(_HANDLED)[0][0] - before
        reports = [one["text"] for one in town.shown() if one["to"] == town.fatima and "Bezorging van" in one["text"]]
    again = sum("erhaling" in one for one in reports)
    toll.sent = handled
    toll.lost, toll.doubled, toll.repeats = max(0, due - handled), max(0, handled - due), again
    toll.expect(due > 0, "there were no timers")
    toll.expect(handled == due, "a timer was not handled once")
    toll.expect(len(reports) - again <= 1, "the report on the delivery was doubled in silence")
    return toll


_LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)
#: What overdue timers became.
_HANDLED = select(func.count()).select_from(inbox).where(inbox.c.account == "timer", inbox.c.state == "done")

#: What a series of so many moments in fan-outs is made of: three alerts for each drill.
_FAN_OUTS: tuple[Round, ...] = (in_an_alert, in_a_drill, in_an_alert, in_an_alert)
_OTHERS: tuple[Round, ...] = (in_receiving, in_a_start, in_timers)
#: What is played each time the tests run, by kind of database.
SHORT: Mapping[str, Sequence[Round]] = {
    "sqlite": (in_an_alert, in_a_drill, in_receiving),
    "postgresql": (in_an_alert, in_timers),
}


def series(moments: int, others: int) -> list[Round]:
    """Return so many rounds in fan-outs, and so many at each of the other moments."""
    return [_FAN_OUTS[number % len(_FAN_OUTS)] for number in range(moments)] + [*_OTHERS] * others


#: The head of the table that `line` gives the lines of.
HEAD = """\
| database | killed in | moment | sent | in flight | doubled | marked | unknown | lost | wrong |
|---|---|---|---:|---:|---:|---:|---:|---:|---|"""


def line(name: str, toll: Toll) -> str:
    """Return what one kill came to as a line of a table in Markdown."""
    counts = (toll.sent, toll.in_flight, toll.doubled, toll.repeats, toll.unknown, toll.lost)
    return f"| {name} | {toll.kind} | {toll.moment} | {' | '.join(map(str, counts))} | {'; '.join(toll.wrong) or '-'} |"
