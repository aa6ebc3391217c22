"""What an answer belongs to: the open questions of a person, and the answers that stand below an alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from buurtwacht.host.core import Core
from buurtwacht.host.declarations import Answer
from buurtwacht.records.content import load_message, load_text
from buurtwacht.records.database import AnyRow, Unit
from buurtwacht.records.people import Person
from buurtwacht.records.schema import delivery, message, question
from buurtwacht.vocabulary.answers import AnswerClass, classify, fold, leading_number, match_choice, only_heard
from buurtwacht.vocabulary.choices import count_in_text
from buurtwacht.vocabulary.messages import Reader, Text, Thread
from buurtwacht.vocabulary.texts import CORE

#: How long the answers below an alert may be typed without quoting it.
_STANDING = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing an answer could be to: a message's choice, of an open question or standing below an alert."""

    plugin: str
    handler: str
    answer: Answer
    #: the question's row, None for standing answers
    question_id: int | None
    neighbourhood_id: int | None
    #: still open: answering closes it
    is_open: bool = True
    #: it may be answered again, by a tap or a quote
    is_repeatable: bool = False
    #: the choice as its reader sees it
    label: str = ""
    #: the words above the choices
    asks: Text | None = None

    @property
    def cries(self) -> bool:
        """Whether somebody says with it that he is in danger (R22)."""
        said = (self.answer.text or self.label, self.label, self.answer.value)
        return any(one and classify(one) is AnswerClass.HELP for one in said)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message with choices as one person has it before him."""

    message: AnyRow
    question: AnyRow | None
    labels: tuple[str, ...]
    values: tuple[str, ...]
    numbers: tuple[int, ...]
    #: whoever asked is not here any more, or not with these words: nobody can say the choices, nor take one
    is_gone: bool = False

    @property
    def thread(self) -> Thread | None:
        """What the message is about."""
        row = self.message
        return Thread(row.thread_plugin, row.thread_id, row.thread_short) if row.thread_id else None

    def choose(self, index: int | None, text: str = "", words: str = "") -> Candidate:
        """Return the candidate for a choice, or for free text; `words` are those by which a choice was found."""
        asked = self.question
        return Candidate(
            plugin=asked.plugin if asked is not None else self.message.plugin,
            handler=asked.handler if asked is not None else self.message.content.get("answer", ""),
            answer=Answer(
                value="" if index is None else self.values[index],
                text=text,
                message=self.message.id,
                thread=self.thread,
                payload=asked.payload if asked is not None else {},
                question=asked.id if asked is not None else None,
                words=words,
            ),
            question_id=asked.id if asked is not None else None,
            neighbourhood_id=asked.neighbourhood_id if asked is not None else self.message.neighbourhood_id,
            is_open=asked is None or asked.state == "open",
            is_repeatable=asked is not None and asked.repeatable,
            label=text if index is None or self.is_gone else self.labels[index],
            asks=load_message(self.message.content).text,
        )

    def is_over(self, now: datetime) -> bool:
        """Return whether this can be answered no more: it was answered, withdrawn, its time or its plugin has gone."""
        asked = self.question
        if self.is_gone:
            return True
        if asked is None or (asked.state == "open" and asked.expires_at > now):
            return False
        return not asked.repeatable or asked.state in ("expired", "withdrawn") or bool(asked.expires_at <= now)

    def read(self, text: str, *, words: bool = True) -> Candidate | None:
        """Return what a typed text chooses here, if it clearly chooses one: a number, a label, a word of a label.

        Without `words` an "ok" or a "ja" is not taken as the first answer below an alert: an open question may mean it.
        A question of which `free` is safety leaves words to its handler: "nee" must not choose "away" (§5.3).
        """
        if self.is_gone:
            return None
        free = self.question.free if self.question is not None else "none"
        if count_in_text(free):
            numbered = leading_number(text)
            return self.choose(None, text) if numbered is not None and numbered[0] in self.numbers else None
        if (named := self.named(text)) is not None:
            return named
        if free == "safety":
            return None if classify(text) in (AnswerClass.NONE, AnswerClass.STOP) else self.choose(None, text)
        index = match_choice(text, self.labels, (), free=free == "any")
        if index is not None and (
            words or fold(text) == fold(self.labels[index]) or classify(text) is AnswerClass.NONE
        ):
            return self.choose(index, words=text)
        if words and self.message.standing and classify(text) is AnswerClass.OK:
            return self.choose(0)
        return None

    def lost(self, text: str) -> Candidate | None:
        """Return what a quoted text would have answered, of what is gone; None where it says something of its own."""
        numbered = leading_number(text)
        if numbered is None and classify(text) is AnswerClass.NONE:
            return None
        place = self.numbers.index(numbered[0]) if numbered is not None and numbered[0] in self.numbers else None
        return self.choose(place if place is not None and place < len(self.values) else None, text)

    def named(self, text: str) -> Candidate | None:
        """Return the choice that is named by its number, what follows being its text, or by its whole label."""
        if self.is_gone:
            return None
        numbered = leading_number(text)
        if numbered is not None and numbered[0] in self.numbers:
            return self.choose(self.numbers.index(numbered[0]), numbered[1])
        labels = [fold(label) for label in self.labels]
        return self.choose(labels.index(fold(text))) if fold(text) in labels else None


@dataclass(slots=True)
class Answering:
    """Finds what an answer belongs to, for one person and one moment."""

    core: Core
    unit: Unit
    person: Person
    now: datetime
    _open: list[Asked] | None = field(default=None)
    #: open questions of plugins that are paused
    _silent: list[Asked] = field(default_factory=list)

    def open_questions(self) -> list[Asked]:
        """Return the person's open questions, the newest first; not of plugins that are paused."""
        if self._open is None:
            asked = self._questions(question.c.state == "open")
            self._open = [one for one in asked if self._is_on(one)]
            self._silent = [one for one in asked if not self._is_on(one)]
        return self._open

    def answered_questions(self, short: str = "") -> list[Asked]:
        """Return the questions this person has answered and may answer again, the newest first; with `short`, those
        about that.
        """
        asked = self._questions(question.c.state == "answered", question.c.repeatable.is_(True))
        asked = [one for one in asked if self._is_on(one)]
        return [one for one in asked if not short or (one.thread is not None and one.thread.short == short)]

    def safety_check(self, *, answered: bool = False) -> Asked | None:
        """Return the newest question that takes a call for help; with `answered`, also one he has answered already."""
        asked = self.open_questions() + (self.answered_questions() if answered else [])
        return next((one for one in asked if one.question is not None and one.question.free == "safety"), None)

    def _questions(self, *conditions: ColumnElement[bool]) -> list[Asked]:
        query = (
            select(question)
            .where(question.c.person_id == self.person.id, question.c.expires_at > self.now, *conditions)
            .order_by(question.c.asked_at.desc(), question.c.id.desc())
        )
        asked: Sequence[Any] = self.unit.read(query).all()
        messages = self._messages([row.message_id for row in asked])
        found = (self._asked(messages[row.message_id], row) for row in asked if row.message_id in messages)
        return [one for one in found if not one.is_gone]

    def standing(self, short: str = "") -> Asked | None:
        """Return the newest alert he was shown whose answers may be typed; with `short`, that one."""
        query = (
            select(message)
            .join(delivery, delivery.c.message_id == message.c.id)
            .where(
                delivery.c.person_id == self.person.id,
                delivery.c.state.in_(("sending", "sent", "delivered", "read", "unknown")),
                message.c.standing.is_(True),
                message.c.plugin.in_([one.id for one in self.core.plugins]),
                message.c.created_at > self.now - _STANDING,
            )
            .order_by(message.c.created_at.desc(), message.c.id.desc())
            .limit(1)
        )
        if short:
            query = query.where(message.c.thread_short == short)
        row: Any = self.unit.read(query).first()
        return None if row is None else self._asked(row, None)

    def typed(self, text: str, short: str, without_short: str, *, below_alerts: bool) -> list[Candidate]:
        """Return what a text could answer that quotes nothing; `short` is the id in it, which says what is meant.

        `below_alerts`: the answers below an alert count too.
        """
        asked = self.open_questions()
        named = [one for one in asked if short and one.thread is not None and one.thread.short == short]
        if short and not named:
            # What carries the id of something answered before is about that, and about nothing that is open.
            named = self.answered_questions(short)
        said = without_short if named else text
        found = [one for each in named or asked if (one := each.read(said))]
        if below_alerts and (not found or short or leading_number(text) is not None):
            # A word answers the question first; a number that stands in both is asked about.
            standing = self.standing(short)
            asks = any(one.question is not None and one.question.plugin != "core" for one in asked)
            if standing is not None and (one := standing.read(without_short, words=not asks)):
                found.append(one)
        elif below_alerts and (one := self._read_since(text, found)):
            found.append(one)
        if len(found) > 1:
            # What a paused plugin asked is no choice.
            found = [one for one in found if self.core.is_on(one.plugin, None)] or found[:1]
            # The core's own offers (the menu, "not understood") never stand in the way of what was asked or told; what
            # it asks does ("switch it off?"). Of two menus the newest is meant: they offer the same.
            found = [one for one in found if not self._is_offer(one)] or found[:1]
        if not found:
            free = (each for each in asked if each.question is not None and each.question.free == "any")
            found = [each.choose(None, text) for each in free][:1]
        if not found:
            again = (each.named(without_short) for each in self.answered_questions(short))
            found = [one for one in again if one is not None][:1]
        if not found:
            # Nobody takes it now, and he hears that.
            found = [one for each in self._silent if (one := each.read(text))][:1]
        return found

    def _is_on(self, asked: Asked) -> bool:
        """Return whether whoever asked can take an answer: it is not paused. Where it is off it still can."""
        row = asked.question if asked.question is not None else asked.message
        return self.core.is_on(row.plugin, None)

    def _is_offer(self, one: Candidate) -> bool:
        return one.plugin == CORE and one.handler not in self.core.plugins.get(CORE).answers

    def _read_since(self, text: str, found: list[Candidate]) -> Candidate | None:
        """Return the answer below an alert that was shown after a safety check was asked, when "ok" or "gezien" may
        mean that the alert was read: nobody is safe who did not say so.
        """
        ids = {one.question_id for one in found}
        checks = [one.question for one in self.open_questions() if one.question is not None and one.question.id in ids]
        if not only_heard(text) or not any(one.free == "safety" for one in checks):
            return None
        standing = self.standing()
        if standing is None or any(one.asked_at >= standing.message.created_at for one in checks):
            return None
        return standing.read(text)

    def of_message(self, message_id: int) -> Asked | None:
        """Return a message with the person's own question to it, whatever its state."""
        row = self._messages([message_id]).get(message_id)
        if row is None:
            return None
        query = select(question).where(question.c.message_id == message_id, question.c.person_id == self.person.id)
        found: Any = self.unit.read(query.order_by(question.c.id.desc())).first()
        return self._asked(row, found or self._asked_again(row))

    def _asked_again(self, row: Any) -> Any:
        """Return the question that a message asked first, and that stands below a later reminder now (`ask_again`)."""
        handler = row.content.get("answer")
        if not handler or row.standing or not row.thread_id:
            return None
        query = (
            select(question)
            .join(message, message.c.id == question.c.message_id)
            .where(
                question.c.person_id == self.person.id,
                question.c.plugin == row.plugin,
                question.c.handler == handler,
                message.c.thread_plugin == row.thread_plugin,
                message.c.thread_id == row.thread_id,
            )
            .order_by(question.c.id.desc())
        )
        found: Any = self.unit.read(query).first()
        # What was asked about the same afterwards, with other choices or none, is another question.
        offered = [one.value for one in load_message(row.content).choices]
        return found if found is not None and [value for value, _ in found.choices] == offered else None

    def message_shown(self, account: str, provider_id: str) -> int | None:
        """Return which message of ours the messenger calls `provider_id`: the newest content shown there."""
        query = (
            select(delivery.c.message_id, delivery.c.shows)
            .where(delivery.c.account == account, delivery.c.provider_id == provider_id)
            .order_by(delivery.c.id.desc())
        )
        row: Any = self.unit.read(query).first()
        return None if row is None else row[0]

    def was_shown(self, message_id: int, group_address: int | None) -> bool:
        """Return whether the message went to this person, or to the group he taps in."""
        mine = delivery.c.person_id == self.person.id
        if group_address is not None:
            mine = delivery.c.address_id == group_address
        query = select(delivery.c.id).where(delivery.c.message_id == message_id, mine)
        if self.unit.read(query).first() is not None:
            return True
        # What superseded an unsent message went out under that message's delivery.
        query = select(delivery.c.id).where(delivery.c.shows == message_id, mine)
        return self.unit.read(query).first() is not None

    def close(self, candidate: Candidate) -> None:
        """Mark the question as answered with the unit's commit; who answers at the same moment runs again."""
        if candidate.question_id is not None and candidate.is_open:
            mine = (question.c.id == candidate.question_id, question.c.state == "open")
            values: dict[str, Any] = {"state": "answered"}
            if not candidate.is_repeatable:
                values["payload"] = {}
            self.unit.write(update(question).where(*mine).values(values), expect=1)

    def _messages(self, ids: Sequence[int]) -> dict[int, Any]:
        if not ids:
            return {}
        return {row.id: row for row in self.unit.read(select(message).where(message.c.id.in_(ids)))}

    def _asked(self, row: Any, asked: Any) -> Asked:
        reader = Reader(language=self.person.language, formal=self.person.formal, country=self.core.country)
        if asked is not None:
            choices = [(value, load_text(label)) for value, label in asked.choices]
            first = asked.first_number
        else:
            content = load_message(row.content)
            choices = [(one.value, one.label) for one in content.choices]
            first = content.first_number
        printed = count_in_text(asked.free) if asked is not None else 0
        plugin = row.plugin if asked is None else asked.plugin
        said = plugin in self.core.plugins and all(self.core.catalogues.knows(label) for _, label in choices)
        return Asked(
            row,
            asked,
            labels=tuple(self.core.catalogues.render(label, reader) for _, label in choices) if said else (),
            values=tuple(value for value, _ in choices),
            numbers=tuple(range(first, first + (printed or len(choices)))),
            is_gone=not said,
        )
