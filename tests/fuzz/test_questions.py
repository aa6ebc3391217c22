"""Whatever neighbours answer, tap, quote and pass on: each answer reaches who asked, once, and all are answered."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Row, func, select

from buurtwacht.records.schema import delivery, message, person, question
from buurtwacht.testing import Member, Received, World
from buurtwacht_rollcalls.records import Entry

from .series import LONGER, series

NAMES = ("Fatima", "Henk", "Riet", "Emma", "Kees", "Ans", "Peters")
REPORTS = (
    "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit",
    "brand in de beukenlaan, vlammen uit het dak",
    "babbeltruc in de esdoornlaan, een nepagent belt aan",
    "stroomstoring in de beukenlaan, alles is donker",
)
#: What a co-ordinator or an official sets going.
ORDERS = (
    "rondvraag is iedereen veilig?",
    "opschalen TB-0001 wijkagent",
    "doorzetten TB-0001 LD",
    "einde TB-0001 het was een bezorger",
    "vals alarm TB-0001",
    "mededeling: zondag is de Wal afgesloten",
    "rooster 1-31 maart vr za 22:00 2 lopers 60 min",
    "poll zaterdag of zondag?",
    "beschikbaar",
    "onderweg",
)
#: Words that answer something, or nothing.
WORDS = (
    *["1", "2", "3", "4", "5", "6", "7", "8", "9", "12", "0", "1.", "①"],
    *[
        "ja",
        "nee",
        "ok",
        "oke",
        "yes",
        "no",
        "gezien",
        "veilig",
        "unsafe",
        "onveilig",
        "stop",
        "menu",
        "status",
        "alarm",
    ],
    "oke dan",
    "niet ok",
    "ok maar oma niet",
    "ja gebeld",
    "nog niet",
    "ik ben thuis",
    "👍",
    "help",
    "is het al veilig?",
    "aanvulling TB-0001 hij rijdt nu op de A58",
    "3 hij rijdt nu weg",
    "wie is dit?",
    "taal engels",
    "language dutch",
    "waarom",
    "mijn gegevens",
    "verwijder mij",
    "blabla wortel",
    "   ",
    "?",
)
CALLS = ("hulp", "HULP", "help me", "hulp ik zit vast", "help mij nu")
#: After a tap these say the same once more, and may stay without an answer (R30).
YES = {"ja", "ok", "oke", "yes", "oke dan"}
#: Said under an alert these may stay without an answer (R12), as may the same word again (R30).
QUIET = {"1", "2", "4", "5", "1.", "①", "gezien", "👍", "   "}


class Questions(RuleBasedStateMachine):
    """Neighbours with several things asked of them at once."""

    wire = False

    @initialize()
    def move_in(self) -> None:
        self.world = world = World("2026-01-16 19:42", wire=self.wire)
        self.tolberg = tolberg = world.neighbourhood(
            "TB",
            "Tolberg",
            municipality="Roosendaal",
            adjacent=["LD"],
            streets=["Meidoornstraat", "Esdoornlaan", "Beukenlaan"],
            borders={"Esdoornlaan": "LD"},
            quiet_hours=None,
        )
        langdonk = world.neighbourhood("LD", "Langdonk", municipality="Roosendaal", quiet_hours=None)
        roles = {"Kees": ["member", "coordinator"], "Ans": ["member", "admin"], "Henk": ["member", "patroller"]}
        self.people: dict[str, Member] = {
            name: tolberg.member(
                name,
                channel="whatsapp" if name in ("Henk", "Kees") else "telegram",
                roles=roles.get(name, ["member"]),
                street="Meidoornstraat",
                language="en" if name == "Emma" else "nl",
            )
            for name in NAMES[:-1]
        }
        langdonk.member("Wim", channel="telegram", roles=["member", "representative"])
        self.people["Peters"] = world.official("Peters", "police", municipality="Roosendaal", channel="whatsapp")
        self.ids = {world.person_id(one): name for name, one in self.people.items()}
        self.recent: Counter[tuple[str, str]] = Counter()
        #: when somebody called for help last, and with which words
        self.called: dict[tuple[str, str], datetime] = {}
        self.began = world.now - timedelta(hours=1)
        #: by a word that only one person ever said: who
        self.marks: dict[str, str] = {}
        self.serial = 0
        #: who tapped or reacted: "yes" says the same once more (R30)
        self.tapped: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()

    # --- what people do ---

    @rule(name=st.sampled_from(NAMES[:-1]), words=st.sampled_from(REPORTS))
    def report(self, name: str, words: str) -> None:
        self._say(name, words)

    @rule(name=st.sampled_from(["Kees", "Kees", "Ans", "Riet", "Peters"]), words=st.sampled_from(ORDERS))
    def order(self, name: str, words: str) -> None:
        self._say(name, words)

    @rule(name=st.sampled_from(NAMES), words=st.sampled_from(WORDS))
    def type_words(self, name: str, words: str) -> None:
        self._say(name, words)

    @rule(
        name=st.sampled_from(NAMES[:4]),
        words=st.sampled_from(["ik ben veilig", "hulp nodig", "3 hij rijdt weg", "ok maar"]),
    )
    def say_what_nobody_else_says(self, name: str, words: str) -> None:
        self.serial += 1
        mark = f"merk{self.serial}"
        self.marks[mark] = name
        self._say(name, f"{words} {mark}")

    @rule(name=st.sampled_from(NAMES), words=st.sampled_from(WORDS), back=st.integers(0, 4))
    def quote(self, name: str, words: str, back: int) -> None:
        shown = self._arrived(name)
        if shown:
            self._say(name, words, reply_to=shown[-1 - back % len(shown)])

    @rule(name=st.sampled_from(NAMES), words=st.sampled_from((*WORDS, *ORDERS, *REPORTS)))
    def forward(self, name: str, words: str) -> None:
        before = self._open()
        self._say(name, words, forwarded=True)
        self._nothing_answered(before, self._open(), name)

    @rule(name=st.sampled_from(NAMES), words=st.sampled_from(WORDS))
    def edit(self, name: str, words: str) -> None:
        if self.people[name]._said:
            before = self._open()
            self.people[name].edits(words)
            self._nothing_answered(before, self._open())

    @rule(name=st.sampled_from(NAMES), back=st.integers(0, 5), place=st.integers(0, 5))
    def tap(self, name: str, back: int, place: int) -> None:
        if (on := self._with_buttons(name, back)) is not None:
            before = self._open()
            self.tapped.add(name)
            self.people[name].taps(on.buttons[place % len(on.buttons)], on=on)
            self._at_most_one_answered(before, name)

    @rule(name=st.sampled_from(NAMES), victim=st.sampled_from(NAMES), back=st.integers(0, 3), place=st.integers(0, 5))
    def forge_a_tap(self, name: str, victim: str, back: int, place: int) -> None:
        on = self._with_buttons(victim, back)
        channels = set(self.people[name].addresses)
        if on is None or name == victim or on.channel not in channels:
            return
        before, told = self._open(), self._told_others(name)
        self.tapped.add(name)
        self.people[name].taps(on.buttons[place % len(on.buttons)], on=on)
        # Both may have been asked the same: then it is his own answer, and nobody else's.
        if not self._at_most_one_answered(before, name) and not self._was_shown(name, on):
            assert self._told_others(name) == told, "a forged tap told somebody something"

    @rule(name=st.sampled_from(NAMES), emoji=st.sampled_from(["👍", "❤️", "😢"]), back=st.integers(0, 3))
    def react(self, name: str, emoji: str, back: int) -> None:
        shown = self._arrived(name)
        if shown:
            before = self._open()
            self.tapped.add(name)
            self.people[name].reacts(emoji, on=shown[-1 - back % len(shown)])
            self._at_most_one_answered(before, name)

    @rule()
    def repeat(self) -> None:
        if any(one._said for one in self.people.values()):
            before = self._open()
            self.world.redeliver()
            self._nothing_answered(before, self._open())

    @rule(name=st.sampled_from(NAMES[:-1]), words=st.sampled_from(CALLS))
    def call_for_help(self, name: str, words: str) -> None:
        before = len(self.people[name].received)
        heard = {one: len(self.people[one].received) for one in ("Kees", "Ans")}
        # In a roll call the co-ordinators hear once what is said twice at once.
        at_once = self.world.now - self.called.get((name, words.lower()), self.began) < timedelta(minutes=1)
        self.called[name, words.lower()] = self.world.now
        self._say(name, words)
        fresh = self.people[name].received[before:]
        assert any("112" in one.newest for one in fresh), f"{name} called for help and reads {fresh}"
        if name not in heard and not at_once:
            assert any(len(self.people[one].received) > count for one, count in heard.items()), "nobody heard"

    @rule(seconds=st.sampled_from([5, 61, 200, 1000, 7300]))
    def time_goes_by(self, seconds: int) -> None:
        self.world.advance(seconds=seconds)

    # --- what must hold ---

    def _say(self, name: str, words: str, reply_to: Received | None = None, forwarded: bool = False) -> None:
        member = self.people[name]
        self.world.advance(seconds=7)
        before, count = self._open(), self._queued(name)
        asked = self._asked_yes(name)
        member.says(words, reply_to=reply_to, forwarded=forwarded)
        self._at_most_one_answered(before, name)
        if words == "ja" and asked > 1 and reply_to is None and not forwarded:
            self._nothing_answered(before, self._open())
        self.recent[name, words] += 1
        is_repeat = self.recent[name, words] > 1 or (words in YES and name in self.tapped)
        puzzled = self._puzzled(name)
        self.world.advance(seconds=8)
        assert puzzled <= 5, f"{puzzled} times not understood within an hour"
        if words in QUIET or is_repeat or puzzled == 5 or not self._is_here(name):
            return
        assert self._queued(name) > count, f"{name} said {words!r} and hears nothing"

    def _open(self) -> dict[int, Row[Any]]:
        with self.world.database.reading() as connection:
            return {row.id: row for row in connection.execute(select(question))}

    def _was_shown(self, name: str, on: Received) -> bool:
        """Whether somebody has the same before him as another."""
        return any(one.buttons == on.buttons and one.text[:30] == on.text[:30] for one in self._arrived(name))

    def _at_most_one_answered(self, before: dict[int, Row[Any]], name: str) -> bool:
        """Return whether it was one."""
        answered = self._answered(before, self._open())
        assert len(answered) <= 1, "one message answered several questions"
        for row in answered:
            assert self.ids.get(row.person_id) == name, "somebody answered another's question"
        return bool(answered)

    def _nothing_answered(self, before: dict[int, Row[Any]], after: dict[int, Row[Any]], name: str = "") -> None:
        assert not self._answered(before, after), "it answered a question"

    @staticmethod
    def _answered(before: dict[int, Row[Any]], after: dict[int, Row[Any]]) -> list[Row[Any]]:
        was_open = {ident for ident, row in before.items() if row.state == "open"}
        return [row for ident, row in after.items() if ident in was_open and row.state == "answered"]

    def _asked_yes(self, name: str) -> int:
        """Return how many open questions of somebody take a yes."""
        now = self.world.now
        return sum(
            row.state == "open"
            and row.expires_at > now
            and self.ids.get(row.person_id) == name
            and any(json.dumps(label).startswith('{"t": "yes"') for _, label in row.choices)
            for row in self._open().values()
        )

    def _queued(self, name: str) -> int:
        who = next(ident for ident, one in self.ids.items() if one == name)
        with self.world.database.reading() as connection:
            query = select(func.count()).select_from(delivery).where(delivery.c.person_id == who)
            return int(connection.execute(query).scalar_one())

    def _told_others(self, name: str) -> int:
        who = next(ident for ident, one in self.ids.items() if one == name)
        with self.world.database.reading() as connection:
            query = select(func.count()).select_from(delivery).where(delivery.c.person_id != who)
            return int(connection.execute(query).scalar_one())

    def _puzzled(self, name: str) -> int:
        who = next(ident for ident, one in self.ids.items() if one == name)
        since = self.world.now - timedelta(hours=1)
        query = (
            select(message.c.content)
            .join(delivery, delivery.c.message_id == message.c.id)
            .where(delivery.c.person_id == who, message.c.plugin == "core", message.c.created_at > since)
        )
        with self.world.database.reading() as connection:
            found = connection.execute(query).scalars().all()
        return sum(content["text"]["t"] in ("not_understood", "official.not_understood") for content in found)

    def _is_here(self, name: str) -> bool:
        """Whether somebody was not erased: he hears nothing more."""
        who = next(ident for ident, one in self.ids.items() if one == name)
        with self.world.database.reading() as connection:
            return connection.execute(select(person.c.erased_at).where(person.c.id == who)).scalar() is None

    def _arrived(self, name: str) -> list[Received]:
        return [one for one in self.people[name].received if one.arrived]

    def _with_buttons(self, name: str, back: int) -> Received | None:
        shown = [one for one in self._arrived(name) if one.buttons]
        return shown[-1 - back % len(shown)] if shown else None

    @invariant()
    def numbers_never_repeat(self) -> None:
        if not hasattr(self, "world"):
            return
        now, printed = self.world.now, Counter[tuple[int, int]]()
        for row in self._open().values():
            if row.state == "open" and row.expires_at > now:
                printed.update((row.person_id, row.first_number + place) for place in range(len(row.choices)))
        twice = [one for one, count in printed.items() if count > 1]
        assert not twice, f"printed twice: {twice}"

    @invariant()
    def words_stay_with_who_said_them(self) -> None:
        """In a roll call nobody's answer is another's."""
        if not hasattr(self, "world") or not self.marks:
            return
        with self.world.context("rollcalls", self.tolberg) as ctx:
            said = [(self.ids.get(one.person), one.text) for one in ctx.records.find(Entry) if one.text and not one.via]
        for name, text in said:
            wrong = [mark for mark, who in self.marks.items() if who != name and mark in text.split()]
            assert not wrong, f"{name} is said to have said {text!r}"

    @invariant()
    def no_event_is_lost(self) -> None:
        if hasattr(self, "world"):
            assert not self.world.journal.errors, self.world.journal.errors


class QuestionsOverTheWire(Questions):
    """The same through the real adapters."""

    wire = True


TestQuestions = Questions.TestCase
TestQuestions.settings = series(10, 25)
if LONGER:
    TestQuestionsOverTheWire = QuestionsOverTheWire.TestCase
    TestQuestionsOverTheWire.settings = series(4, 25)
