"""Asking: questions to one person or to many, each answered by himself, and taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from buurtwacht.host.declarations import Answer
from buurtwacht.host.speech import Speech
from buurtwacht.records import outbox
from buurtwacht.records.content import dump_text
from buurtwacht.records.people import Person
from buurtwacht.records.record import Record
from buurtwacht.records.schema import message, question
from buurtwacht.vocabulary.choices import count_in_text, numbers_in_text
from buurtwacht.vocabulary.clock import after
from buurtwacht.vocabulary.errors import PluginError
from buurtwacht.vocabulary.ids import MessageId, PersonId, new_ids
from buurtwacht.vocabulary.messages import Message, Severity, Thread

#: How long a question stays open unless the plugin says otherwise.
QUESTION_OPEN = timedelta(days=1)


_insert = insert(question)
_move = update(question).where(question.c.id == bindparam("b_id")).values(message_id=bindparam("b_message"))


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a question is kept beside its words: who gets the answer, with what, and what is one until when."""

    handler: str
    payload: Mapping[str, Any]
    free: str
    repeatable: bool
    expires: timedelta


class Asking(Speech):
    """The part of a context that asks."""

    def ask(
        self,
        who: Person | PersonId,
        content: Message,
        handler: str,
        *,
        payload: Mapping[str, Any] | None = None,
        free: str = "none",
        repeatable: bool = False,
        expires: timedelta = QUESTION_OPEN,
        severity: Severity = Severity.NOTICE,
        thread: Thread | Record | int | None = None,
    ) -> MessageId:
        """Ask a person one question; what he taps or types is given to the plugin's `@answer(handler)`.

        `free="any"` takes any text that is not a command or a likely report as the answer too. `free="safety"` leaves
        words to the handler: it gets every yes, no, doubt and call for help as text, and only numbers and whole labels
        as choices. `payload` holds JSON values and comes back in the answer. A `repeatable` question can be tapped,
        quoted, or answered by number or label again after an answer.
        Printed numbers never repeat among one person's open questions.
        """
        ident = PersonId(who.id if isinstance(who, Person) else who)
        first = self._first_numbers([ident])[ident]
        asked = _asking(content, handler, first)
        mine = self._mine == ident
        sent = (self.reply if mine else partial(self.send, ident))(asked, severity=severity, thread=thread)
        terms = Terms(handler, payload or {}, free, repeatable, expires)
        self._await_answers([(sent, [ident], asked)], terms)
        return sent

    def ask_all(
        self,
        people: Collection[PersonId],
        content: Message,
        handler: str,
        *,
        payload: Mapping[str, Any] | None = None,
        free: str = "none",
        repeatable: bool = False,
        expires: timedelta = QUESTION_OPEN,
        severity: Severity = Severity.NOTICE,
        thread: Thread | Record | int | None = None,
        held: bool = False,
        numbered: int = 0,
    ) -> list[MessageId]:
        """Ask many people the same question, each for himself, as `ask` does; in bulk, for whole neighbourhoods.

        `held` puts it off to the end of each one's quiet hours. It is one message, unless numbers printed under other
        open questions make some read other numbers. Needs `send:members`.

        With `numbered` the text itself prints the numbers 1 to `numbered`, instead of choices: what is typed is the
        answer when it begins with one of them or quotes the question, and comes as it was typed ("2 4").
        """
        self._allow("send:members")
        wanted = list(dict.fromkeys(people))
        places = outbox.places_of(self._unit, wanted)
        until = self._quiet_until(wanted) if held else {}
        groups: dict[tuple[int, datetime | None], list[PersonId]] = {}
        free = numbers_in_text(numbered) if numbered else free
        firsts = dict.fromkeys(wanted, 1) if numbered else self._first_numbers(wanted)
        for one, first in firsts.items():
            groups.setdefault((first, until.get(one)), []).append(one)
        terms = Terms(handler, payload or {}, free, repeatable, expires)
        sent: list[MessageId] = []
        for (first, moment), members in groups.items():
            asked = _asking(content, handler, first)
            to = [(one, places.get(one)) for one in members]
            sent.append(self._queue(asked, to, severity, self._spoken(thread), not_before=moment))
            self._await_answers([(sent[-1], members, asked)], terms)
        return sent

    def ask_each(
        self,
        letters: Mapping[PersonId, Message],
        handler: str,
        *,
        payload: Mapping[str, Any] | None = None,
        free: str = "none",
        repeatable: bool = False,
        expires: timedelta = QUESTION_OPEN,
        severity: Severity = Severity.NOTICE,
        thread: Thread | Record | int | None = None,
    ) -> dict[PersonId, MessageId]:
        """Ask several people one question, each in the words that are for him alone; otherwise as `ask` does.

        Returns the messages by reader. Needs `send:members`.
        """
        self._allow("send:members")
        terms = Terms(handler, payload or {}, free, repeatable, expires)
        firsts = self._first_numbers(letters)
        asked = {one: _asking(letters[one], handler, first) for one, first in firsts.items()}
        sent = self._queue_each(asked, severity, self._spoken(thread))
        self._await_answers([(sent[one], [one], content) for one, content in asked.items()], terms)
        return sent

    def ask_again(
        self,
        people: Collection[PersonId],
        content: Message,
        handler: str,
        *,
        thread: Thread | Record | int,
        severity: Severity = Severity.NOTICE,
        elsewhere: bool = False,
    ) -> list[PersonId]:
        """Remind people of an open question about a thread, and return whom: who answered is left in peace.

        It is still the same question: its numbers and its payload stay, and what was asked before can be answered as
        well. `elsewhere` reminds on each one's second address, if he has one. Needs `send:members`.
        """
        self._allow("send:members")
        where = self._spoken(thread)
        assert where is not None
        query = (
            select(question.c.id, question.c.person_id, question.c.first_number)
            .join(message, message.c.id == question.c.message_id)
            .where(
                question.c.person_id.in_(people),
                question.c.plugin == self.plugin,
                question.c.handler == handler,
                question.c.state == "open",
                message.c.thread_plugin == where.plugin,
                message.c.thread_id == where.record,
            )
        )
        open_ones: dict[int, dict[PersonId, int]] = {}
        for ident, who, first in map(tuple, self._unit.read(query)):
            open_ones.setdefault(first, {})[PersonId(who)] = ident
        reminded = [one for group in open_ones.values() for one in group]
        places = outbox.places_of(self._unit, reminded, second=elsewhere)
        for first, group in open_ones.items():
            asked = _asking(content, handler, first)
            sent = self._queue(asked, [(one, places.get(one)) for one in group], severity, where)
            self._unit.write_all(_move, [{"b_id": ident, "b_message": sent} for ident in group.values()])
        return reminded

    def _await_answers(self, asked: Sequence[tuple[MessageId, Sequence[PersonId], Message]], terms: Terms) -> None:
        """Write down who was asked what by which message, in one statement."""
        rows: list[dict[str, Any]] = []
        for sent, people, content in asked:
            shared = {
                "message_id": sent,
                "neighbourhood_id": self.neighbourhood.id if self.neighbourhood else None,
                "plugin": self.plugin,
                "handler": terms.handler,
                "payload": dict(terms.payload),
                "first_number": content.first_number,
                "choices": [[one.value, dump_text(one.label)] for one in self._bound(content).choices],
                "free": terms.free,
                "repeatable": terms.repeatable,
                "state": "open",
                "asked_at": self.now,
                "expires_at": after(self.now, terms.expires),
            }
            rows += [
                {"id": ident, "person_id": one, **shared}
                for ident, one in zip(new_ids(len(people)), people, strict=True)
            ]
            printed = count_in_text(terms.free) or len(content.choices)
            self._unit.numbers.update((one, content.first_number + printed) for one in people)
        self._unit.write_all(_insert, rows)

    def close_questions(
        self,
        *,
        message_id: MessageId | None = None,
        thread: Thread | Record | int | None = None,
        who: Person | PersonId | None = None,
        for_good: bool = True,
    ) -> None:
        """Take back open questions: of one message, or all this plugin asked about a thread; of one person only.

        Unless `for_good`, they count as answered: nobody is reminded, and a repeatable one can still be answered.
        """
        condition = question.c.message_id == message_id
        where = self.thread(thread)
        if where is not None:
            asked = select(message.c.id).where(
                message.c.thread_plugin == where.plugin, message.c.thread_id == where.record
            )
            condition = question.c.message_id.in_(asked)
        if who is not None:
            condition = and_(condition, question.c.person_id == (who.id if isinstance(who, Person) else who))
        self._unit.write(
            update(question)
            .where(condition, question.c.plugin == self.plugin, question.c.state == "open")
            .values(state="withdrawn" if for_good else "answered")
        )

    def withdraw(self, ident: MessageId | None = None, *, thread: Thread | Record | int | None = None) -> None:
        """Take back what was not yet sent, and its open questions: one message, or all that was said about a record.

        Nobody is sent any of it from this commit on; who was sent it is told by whoever calls this. Raises
        `PluginError` for a thread or a message of another plugin.
        """
        where = self.thread(thread)
        if ident is not None:
            self._own_message(ident)
            outbox.withdraw(self._unit, ident)
            self.close_questions(message_id=ident)
        if where is not None:
            if where.plugin != self.plugin:
                raise PluginError(self.plugin, f"may not withdraw what is about a record of {where.plugin}")
            outbox.withdraw_thread(self._unit, where)
            self.close_questions(thread=where)

    def keep_asking(self, given: Answer) -> None:
        """Leave a `repeatable` question open: what was said was no answer to it ("who is asking?")."""
        if given.question is not None:
            mine = (question.c.id == given.question, question.c.plugin == self.plugin)
            self._unit.write(update(question).where(*mine, question.c.state == "answered").values(state="open"))

    # --- inside ----------------------------------------------------------------------------------------------------

    def _first_numbers(self, people: Collection[PersonId]) -> dict[PersonId, int]:
        """Return for each the first number that is not printed under another open question of his."""
        columns = (question.c.person_id, question.c.first_number, question.c.choices, question.c.free)
        query = select(*columns).where(
            question.c.person_id.in_(people), question.c.state == "open", question.c.expires_at > self.now
        )
        free = {one: self._unit.numbers.get(one, 1) for one in people}
        for who, first, choices, kind in map(tuple, self._unit.read(query)):
            if printed := count_in_text(kind) or len(choices):
                free[who] = max(free[who], first + printed)
        return free


def _asking(content: Message, handler: str, first: int) -> Message:
    """Return a question as it is printed: its answers go to `handler`, and its numbers begin at `first`."""
    return replace(content, answer=handler, first_number=first, standing=False, brief=None)
