"""Speech: what a handler says, by replies, messages to people and broadcasts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, or_

from buurtwacht.host.audiences import Audiences
from buurtwacht.host.deliveries import Delivery, Reached, deliveries_of, reached_of, shown_to
from buurtwacht.host.permissions import Permitted, others
from buurtwacht.records import outbox
from buurtwacht.records.audience import Audience
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import Caller, Person, find_people
from buurtwacht.records.record import Record
from buurtwacht.records.schema import message
from buurtwacht.vocabulary.clock import after
from buurtwacht.vocabulary.errors import PluginError
from buurtwacht.vocabulary.ids import MessageId, PersonId, RecordId
from buurtwacht.vocabulary.messages import Message, Severity, Text, Thread

if TYPE_CHECKING:
    from buurtwacht.records.database import Unit


#: Signs that one message says at most, some twenty messages on a telephone: nobody reads more, and all wait for it.
LONGEST = 80_000
#: Of more neighbourhoods than these, all are looked at together.
_SOME = 10


class Speech(Permitted):
    """The half of a context that speaks; `Context` says who speaks, where and when."""

    plugin: str
    neighbourhood: Neighbourhood | None
    now: datetime
    _unit: Unit
    _caller: Caller | None
    _visitor: PersonId | None

    @cached_property
    def audience(self) -> Audiences:
        """For whom a broadcast is: begin here."""
        return Audiences(self.plugin, self.neighbourhood)

    def thread(self, about: Thread | Record | int | None) -> Thread | None:
        """Return the thread of a record or of its id; a record's `short` attribute is the id that people type."""
        if about is None or isinstance(about, Thread):
            return about
        if isinstance(about, int):
            return Thread(self.plugin, about)
        return Thread(self.plugin, about.id, getattr(about, "short", ""))

    @property
    def account(self) -> str:
        """The account of the messenger over which this came; empty where nobody set it off."""
        return self._caller.account if self._caller is not None else ""

    def reply(
        self,
        content: Text | Message,
        *,
        severity: Severity = Severity.INFO,
        thread: Thread | Record | int | None = None,
    ) -> MessageId:
        """Answer whoever set this off, on the address he used. Raises `LookupError` where nobody did."""
        if self._caller is None:
            raise LookupError("there is nobody to reply to")
        place = outbox.Place(self._caller.address_id, self._caller.account)
        who = self._caller.person.id if self._caller.person else None
        return self._queue(_message(content), [(who, place)], severity, self._spoken(thread))

    def send(
        self,
        to: Person | PersonId | Sequence[PersonId],
        content: Text | Message,
        *,
        severity: Severity = Severity.NOTICE,
        thread: Thread | Record | int | None = None,
        first_word: bool = False,
        expires: timedelta | None = None,
    ) -> MessageId:
        """Send a personal message to one or a few people, each on the address he prefers; quiet hours do not hold it.

        Needs the permission `send:members` for anybody but the person who set this off.
        """
        ids = [to.id] if isinstance(to, Person) else [to] if isinstance(to, int) else list(to)
        if any(one != self._mine for one in ids):
            self._allow("send:members")
        places = outbox.places_of(self._unit, ids)
        recipients = [(one, places.get(one)) for one in dict.fromkeys(ids)]
        return self._queue(
            _message(content), recipients, severity, self._spoken(thread), first_word=first_word, expires=expires
        )

    def send_each(
        self,
        letters: Mapping[PersonId, Text | Message],
        *,
        severity: Severity = Severity.NOTICE,
        thread: Thread | Record | int | None = None,
        held: bool = False,
    ) -> dict[PersonId, MessageId]:
        """Send many people what is for each of them alone, as `send` does; in bulk. Returns the messages by reader.

        `held` puts it off to the end of each one's quiet hours. Needs `send:members`.
        """
        self._allow("send:members")
        until = self._quiet_until(letters) if held else {}
        each = {one: _message(letter) for one, letter in letters.items()}
        return self._queue_each(each, severity, self._spoken(thread), until)

    def broadcast(
        self,
        audience: Audience,
        content: Text | Message,
        severity: Severity,
        *,
        thread: Thread | Record | int | None = None,
        first_word: bool = False,
        expires: timedelta | None = None,
        replaces: MessageId | None = None,
        included_in: Collection[MessageId] = (),
    ) -> MessageId:
        """Send to an audience, each once, in chunks and lanes. `first_word` goes before everything else.

        With `replaces`, an earlier message is changed for those who were shown it: edited where the messenger can,
        else its `brief` line is sent. Who is first shown one of `included_in` (what `renew` returned), or something
        newer in its place, does not get this as well. Needs `send:members`, or an audience of those who opted in.
        """
        mine = audience.reached_by is not None and audience.reached_by[0] == self.plugin
        if not self._may("send:members"):
            asked = not audience.groups and (mine or audience.opted_in == self.plugin)
            self._allow("send:opted_in" if asked else "send:members")
        if replaces is not None:
            self._own_message(replaces)
        where = self._spoken(thread)
        return outbox.post(
            self._unit,
            self._bound(_message(content)),
            plugin=self.plugin,
            severity=severity,
            now=self.now,
            neighbourhood_id=self.neighbourhood.id if self.neighbourhood else None,
            thread=where,
            first_word=first_word,
            expires_at=after(self.now, expires) if expires else None,
            audience=self._where_on(audience),
            replaces=replaces,
            included_in=included_in,
        )

    def renew(self, ident: MessageId, content: Text | Message) -> MessageId:
        """Have whoever was not yet sent a message be shown this instead: one message with the newest state (R19).

        Who was sent it is shown nothing. Raises `LookupError` for what is not a message of this plugin, or not yet.
        """
        row = outbox.sent_by(self._unit, self.plugin, ident)
        if row is None:
            raise LookupError(f"{ident} is no message of {self.plugin} that was sent before")
        return outbox.post(
            self._unit,
            self._bound(_message(content)),
            plugin=self.plugin,
            severity=Severity(row.severity),
            now=self.now,
            neighbourhood_id=row.neighbourhood_id,
            thread=Thread(row.thread_plugin, row.thread_id, row.thread_short) if row.thread_id else None,
            replaces=ident,
        )

    def forget(self, about: Thread | Record | int | None = None, *, messages: Iterable[MessageId] = ()) -> None:
        """Keep nothing more of what was said about a record of this plugin, nor of these messages of it.

        Words, deliveries and questions go with this commit; what has not left never will. Raises `PluginError` for what
        another plugin's record is about.
        """
        where = self.thread(about)
        told: ColumnElement[bool] = message.c.id.in_(list(messages))
        if where is not None:
            if where.plugin != self.plugin:
                raise PluginError(self.plugin, f"may not forget what {where.plugin} said")
            told = or_(told, and_(message.c.thread_plugin == where.plugin, message.c.thread_id == where.record))
        # Deliveries and questions hang on their message, and go with it.
        self._unit.write(delete(message).where(message.c.plugin == self.plugin, told))

    def reached(self, about: Thread | Record | int, since: datetime | None = None) -> list[Reached]:
        """Return how everybody fared with the messages about a record, by the best state of each.

        With a moment, only the messages `since` then count.
        """
        where = self.thread(about)
        assert where is not None
        return reached_of(self._unit, where, since)

    def deliveries(self, about: Thread | Record | int, *people: Person | PersonId) -> list[Delivery]:
        """Return how each message about a record fared on its way to these people, the oldest first."""
        where = self.thread(about)
        assert where is not None
        ids = {PersonId(one.id if isinstance(one, Person) else one) for one in people}
        return deliveries_of(self._unit, where, ids)

    def shown(self, who: Person | PersonId, since: datetime) -> list[RecordId]:
        """Return the records of this plugin about which somebody was shown something since a moment, the newest first.

        Only what arrived counts (sent, delivered, read), and what nobody knows of.
        """
        ident = who.id if isinstance(who, Person) else who
        return shown_to(self._unit, ident, self.plugin, since)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _spoken(self, about: Thread | Record | int | None) -> Thread | None:
        """Return the thread of what is said. In that of another plugin whoever is shown it would be told what comes of
        that plugin's record as well: it needs `send:threads`.
        """
        where = self.thread(about)
        if where is not None and where.plugin != self.plugin:
            self._allow("send:threads")
        return where

    def _quiet_until(self, people: Collection[PersonId]) -> dict[PersonId, datetime]:
        """Return until when the quiet hours of those who are asleep now last."""
        if self.neighbourhood is None:
            return {}
        found: dict[PersonId, datetime] = {}
        for ident, one in find_people(self._unit, people).items():
            until = self.neighbourhood.quiet_until(one.quiet_hours, self.now)
            if until is not None:
                found[PersonId(ident)] = until
        return found

    def _queue(
        self,
        content: Message,
        to: Sequence[tuple[int | None, outbox.Place | None]],
        severity: Severity,
        thread: Thread | None,
        *,
        first_word: bool = False,
        expires: timedelta | None = None,
        not_before: datetime | None = None,
    ) -> MessageId:
        where = self.neighbourhood.id if self.neighbourhood else None
        ident = outbox.post(
            self._unit,
            self._bound(content),
            plugin=self.plugin,
            severity=severity,
            now=self.now,
            neighbourhood_id=where,
            thread=thread,
            first_word=first_word,
            expires_at=after(self.now, expires) if expires else None,
        )
        outbox.queue(
            self._unit,
            ident,
            to,
            severity=severity,
            now=self.now,
            neighbourhood_id=where,
            thread_id=thread.record if thread else 0,
            first_word=first_word,
            not_before=not_before,
        )
        return ident

    def _queue_each(
        self,
        letters: Mapping[PersonId, Message],
        severity: Severity,
        thread: Thread | None,
        not_before: Mapping[PersonId, datetime] = MappingProxyType({}),
    ) -> dict[PersonId, MessageId]:
        return outbox.post_each(
            self._unit,
            {one: self._bound(letter) for one, letter in letters.items()},
            outbox.places_of(self._unit, letters),
            plugin=self.plugin,
            severity=severity,
            now=self.now,
            neighbourhood_id=self.neighbourhood.id if self.neighbourhood else None,
            thread=thread,
            not_before=not_before,
        )

    def _where_on(self, audience: Audience) -> Audience:
        """Leave out the neighbourhoods where this plugin is off; who was shown something hears how it ends."""
        known = self._core.neighbourhoods
        if not audience.neighbourhoods or audience.reached_by is not None:
            return audience
        if len(audience.neighbourhoods) > _SOME:
            off: set[int] = {one.id for one in known.all() if self.plugin in one.plugins_off}
        else:
            off = {one for one in audience.neighbourhoods if self.plugin in known.get(one).plugins_off}
        left = tuple(one for one in audience.neighbourhoods if one not in off)
        # Nowhere is not everywhere: without a neighbourhood left it is for nobody.
        return replace(audience, neighbourhoods=left) if left else replace(audience, people=(), groups=False)

    def _bound(self, content: Message) -> Message:
        """Return what this plugin says as it is kept. Raises `PluginError` for what it may not say, or so long."""
        if (signs := content.signs) > LONGEST:
            raise PluginError(
                self.plugin, f"says {signs} signs in one message, at most {LONGEST} go: send a file (ctx.keep), or less"
            )
        if content.shows_number:
            self._allow("share:numbers")
        if not self._may("read:names") and others(content.shows_people, self._mine):
            self._allow("read:names")
        return content.within(self.plugin)

    def _own_message(self, ident: MessageId) -> None:
        """Raise `PluginError` for a message of another plugin, kept already or waiting in this unit."""
        if outbox.sender_of(self._unit, ident) not in (None, self.plugin):
            raise PluginError(self.plugin, f"may not change the message {ident}: it is another plugin's")

    @property
    def _mine(self) -> PersonId | None:
        """Who set this off, if we know him: who spoke, or whose private link is followed."""
        who = self._caller.person if self._caller is not None else None
        return who.id if who is not None else self._visitor


def _message(content: Text | Message) -> Message:
    return Message(content) if isinstance(content, Text) else content
