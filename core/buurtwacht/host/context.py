"""Context: all that a handler of a plugin has. It reads at once; what it sends and writes is kept when it returns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, insert, select, update

from buurtwacht.host.declarations import Parameters
from buurtwacht.host.store import Records
from buurtwacht.records import audit, outbox, timers
from buurtwacht.records.audience import ARRIVED, Audience
from buurtwacht.records.content import dump_text
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import Caller, Membership, Person, find_people, members_of
from buurtwacht.records.record import Record
from buurtwacht.records.schema import delivery, media, message, question
from buurtwacht.vocabulary.channels import Handle
from buurtwacht.vocabulary.clock import at_wall_time
from buurtwacht.vocabulary.errors import PluginError, Unavailable
from buurtwacht.vocabulary.ids import MessageId, PersonId, RecordId, new_id
from buurtwacht.vocabulary.messages import Attachment, Message, PersonName, Reader, Severity, Text, Thread
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.host.directory import Directory
    from buurtwacht.records.database import Unit

M = TypeVar("M", bound=BaseModel)

#: How long a question stays open unless the plugin says otherwise.
QUESTION_OPEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reached:
    """How one person fared with the messages about a thread: the best state of any of them, and the last reason."""

    person: PersonId
    state: str
    reason: str

    @property
    def arrived(self) -> bool:
        """Whether it counts as arrived (sent, delivered or read)."""
        return self.state in ("sent", "delivered", "read")


class Audiences:
    """Where `ctx.audience` begins: descriptions of for whom a broadcast is."""

    def __init__(self, plugin: str, neighbourhood: Neighbourhood | None) -> None:
        self._plugin = plugin
        self._here = (neighbourhood.id,) if neighbourhood else ()

    def members(self, *roles: Role) -> Audience:
        """All active members of this neighbourhood, or those with one of the roles."""
        return Audience(self._here, roles=tuple(roles))

    def members_of(self, *neighbourhoods: int) -> Audience:
        """All active members of these neighbourhoods; who is in several gets one copy."""
        return Audience(tuple(neighbourhoods))

    def opted_in(self) -> Audience:
        """The members of this neighbourhood who asked to hear from this plugin."""
        return Audience(self._here, opted_in=self._plugin)

    def reached_by(self, about: Thread | Record | int) -> Audience:
        """Everybody who was shown something about a record (or its id), wherever he is a member now."""
        if isinstance(about, Thread):
            return Audience(reached_by=(about.plugin, about.record))
        return Audience(reached_by=(self._plugin, about.id if isinstance(about, Record) else about))

    def people(self, people: Iterable[PersonId]) -> Audience:
        """Exactly these people."""
        return Audience(people=tuple(people))


class Context:
    """What a handler works with. `now` is aware, in the neighbourhood's own time; `person` is who set this off.

    `source` is the messenger's id of the message that set it off, `due` when a timer was to go off,
    `group` is set when it was said in a group.
    """

    def __init__(
        self,
        core: Core,
        plugin: str,
        unit: Unit,
        *,
        neighbourhood: Neighbourhood | None = None,
        caller: Caller | None = None,
        source: str = "",
        due: datetime | None = None,
        group: Handle | None = None,
    ) -> None:
        self._core = core
        self._unit = unit
        self._caller = caller
        self._number = 0
        self.plugin = plugin
        self.neighbourhood = neighbourhood
        self.source = source
        self.group = group
        zone = neighbourhood.zone if neighbourhood else UTC
        self.now = core.clock.now().astimezone(zone)
        self.due = due.astimezone(zone) if due else self.now

    # --- who and where ---------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        """Who set this off. Raises `LookupError` where nobody did (a timer, a tell)."""
        if self._caller is None or self._caller.person is None:
            raise LookupError("nobody set this off")
        return self._caller.person

    @property
    def has_person(self) -> bool:
        """Whether somebody we know set this off."""
        return self._caller is not None and self._caller.person is not None

    @property
    def here(self) -> Neighbourhood:
        """The neighbourhood this is about. Raises `LookupError` where there is none."""
        if self.neighbourhood is None:
            raise LookupError("this is about no neighbourhood")
        return self.neighbourhood

    @property
    def membership(self) -> Membership | None:
        """The person's place in this neighbourhood."""
        return self.person.membership(self.here.id) if self.neighbourhood else None

    def has(self, *roles: Role) -> bool:
        """Return whether the person has one of the roles here."""
        mine = self.membership
        return mine is not None and mine.state == "active" and mine.has(*roles)

    def people(self, ids: Collection[int]) -> dict[int, Person]:
        """Return people by id; who was erased is absent."""
        return find_people(self._unit, ids)

    def members(self, *roles: Role) -> list[Person]:
        """Return the active members here, or those with one of the roles, the longest member first."""
        return members_of(self._unit, self.here.id, *roles)

    def neighbourhood_by(self, code: str) -> Neighbourhood | None:
        """Return a neighbourhood by its code."""
        return self._core.neighbourhoods.by_code(code)

    def neighbourhood_of(self, ident: int) -> Neighbourhood:
        """Return a neighbourhood by its id. Raises `KeyError`."""
        return self._core.neighbourhoods.get(ident)

    def neighbourhoods(self) -> list[Neighbourhood]:
        """Return every neighbourhood, by code."""
        return self._core.neighbourhoods.all()

    def within(self, neighbourhood: Neighbourhood) -> Context:
        """Return this context as it is in another neighbourhood, in the same transaction."""
        return Context(
            self._core,
            self.plugin,
            self._unit,
            neighbourhood=neighbourhood,
            caller=self._caller,
            source=self.source,
            due=self.due,
            group=self.group,
        )

    def again(self, unit: Unit, plugin: str = "") -> Context:
        """Return this context over a fresh unit of work, for what is said after a handler failed."""
        return Context(
            self._core,
            plugin or self.plugin,
            unit,
            neighbourhood=self.neighbourhood,
            caller=self._caller,
            source=self.source,
            group=self.group,
        )

    @property
    def can_reply(self) -> bool:
        """Whether somebody is there to reply to."""
        return self._caller is not None

    @staticmethod
    def name_of(who: Person | PersonId) -> PersonName:
        """Return the fact that shows somebody's display name, and "oud-lid" once he was erased."""
        return PersonName(who.id if isinstance(who, Person) else who)

    def settings(self, model: type[M]) -> M:
        """Return the plugin's settings as they hold here."""
        found = self._core.settings.of(self.plugin, self.neighbourhood)
        if not isinstance(found, model):
            raise TypeError(f"plugin {self.plugin} declares {type(found).__name__} as its settings")
        return found

    @property
    def country(self) -> str:
        """The country whose numbers and plates hold (ISO 3166)."""
        return self._core.country

    def offered(self) -> list[tuple[str, str]]:
        """Return the commands this person can use here, as (plugin, command name)."""
        mine = self.membership
        off = self.here.plugins_off | self._core.health.paused().keys()
        return [
            (plugin, command.name)
            for plugin, command in self._core.plugins.commands()
            if plugin not in off
            and command.menu
            and (not command.roles or (mine is not None and mine.has(*command.roles)))
        ]

    def opt_in_plugins(self) -> list[tuple[str, str]]:
        """Return the plugins that members here hear from only after they asked to, as (id, name)."""
        off = self.neighbourhood.plugins_off if self.neighbourhood else frozenset()
        return [(one.id, one.manifest.name) for one in self._core.plugins if one.manifest.opt_in and one.id not in off]

    # --- links and pages -------------------------------------------------------------------------------------------

    def invite_links(self, payload: str, text: str) -> dict[str, str]:
        """Return links by account with which somebody starts a conversation.

        `payload` is for deep links (1 to 64 of A-Z a-z 0-9 _ -, Bot API), `text` is what is typed already where there
        are none. An account whose own name is not known yet is absent.
        """
        links: dict[str, str] = {}
        for account in self._core.accounts:
            with suppress(Unavailable):
                if link := self._core.invite(account, payload, text):
                    links[account] = link
        return links

    def in_words(self, text: Text, language: str) -> str:
        """Return a text of this plugin in words, for pages and files; messages are put into words when they leave."""
        reader = Reader(language=language, timezone=str(self.now.tzinfo), country=self._core.country)
        return self._core.catalogues.render(text.within(self.plugin), reader)

    # --- keeping ---------------------------------------------------------------------------------------------------

    @cached_property
    def records(self) -> Records:
        """The plugin's own records."""
        return Records(self._core, self.plugin, self._unit, self.now)

    @cached_property
    def directory(self) -> Directory:
        """People, memberships and addresses; for plugins with the permission `people`."""
        from buurtwacht.host.directory import Directory

        self._allow("people")
        return Directory(self._core, self._unit, self._caller, self.now, self.group, self._meet)

    def export_all(self, who: PersonId) -> dict[str, Any]:
        """Return all that the core and every plugin keep about a person, by plugin, as JSON values; for himself only.

        A plugin that fails spoils nothing of the others: what it keeps shows as null. Needs the permission `people`.
        """
        found: dict[str, Any] = {"core": self.directory.export(who)}
        for plugin, export in self._core.plugins.implementations("export_person"):
            ctx = Context(self._core, plugin, self._unit, neighbourhood=self.neighbourhood)
            call = partial(export, ctx=ctx, person=who)
            found[plugin] = self._core.health.guarded(plugin, "export_person", call)
        return found

    def number(self, series: str = "") -> int:
        """Return the next number of a series of this neighbourhood, from 1. Two handlers never get the same."""
        return self.records.next_number(self.here.id, series)

    def note(self, event: str, subject: str = "", **detail: object) -> None:
        """Write a line in the audit log: keys, counts and states, never words of people."""
        actor = f"person:{self.person.id}" if self.has_person else f"plugin:{self.plugin}"
        audit.note(self._unit, self.now, actor, event, subject, detail)

    def keep(
        self,
        content: bytes,
        name: str,
        mime: str,
        *,
        until: datetime,
        kind: str = "document",
        about: PersonId | None = None,
    ) -> Attachment:
        """Keep a file, encrypted, until a moment; the result goes into a `Message`. It goes when `about` is erased."""
        ident = new_id()
        row = {
            "id": ident,
            "plugin": self.plugin,
            "mime": mime,
            "name": name,
            "kind": kind,
            "content": self._core.keyring.seal(content),
            "person_id": about,
            "created_at": self.now,
            "expires_at": until,
        }
        self._unit.write(insert(media), row)
        return Attachment(ident, name, mime, kind)

    def extend_media(self, ident: int, until: datetime) -> None:
        """Keep a file that came in until another moment than 72 hours after it came."""
        self._unit.write(update(media).where(media.c.id == ident).values(expires_at=until, plugin=self.plugin))

    # --- sending ---------------------------------------------------------------------------------------------------

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
        return self._queue(_message(content), [(who, place)], severity, self.thread(thread))

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
        mine = self.person.id if self.has_person else None
        if any(one != mine for one in ids):
            self._allow("send:members")
        places = outbox.places_of(self._unit, ids)
        recipients = [(one, places.get(one)) for one in dict.fromkeys(ids)]
        return self._queue(
            _message(content), recipients, severity, self.thread(thread), first_word=first_word, expires=expires
        )

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
    ) -> MessageId:
        """Send to an audience, each once, in chunks and lanes. `first_word` goes before everything else.

        With `replaces`, an earlier message is changed for those who were shown it: edited where the messenger can,
        else its `brief` line is sent. Needs `send:members`, or an audience of those who opted in.
        """
        mine = audience.reached_by is not None and audience.reached_by[0] == self.plugin
        if audience.opted_in != self.plugin and not mine:
            self._allow("send:members")
        where = self.thread(thread)
        return outbox.post(
            self._unit,
            self._bound(_message(content)),
            plugin=self.plugin,
            severity=severity,
            now=self.now,
            neighbourhood_id=self.neighbourhood.id if self.neighbourhood else None,
            thread=where,
            first_word=first_word,
            expires_at=self.now + expires if expires else None,
            audience=audience,
            replaces=replaces,
        )

    def withdraw(self, ident: MessageId) -> None:
        """Take a message back from all who were not yet sent it."""
        outbox.withdraw(self._unit, ident)

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

        `free="any"` takes any text that is not a command or a likely report as the answer too. `payload` holds JSON
        values and comes back in the answer. A `repeatable` question can be tapped or quoted again after an answer.
        Printed numbers never repeat among one person's open questions.
        """
        ident = PersonId(who.id if isinstance(who, Person) else who)
        first = self._first_number(ident)
        asked = Message(
            text=content.text,
            choices=content.choices,
            answer=handler,
            attachments=content.attachments,
            location=content.location,
            first_number=first,
        )
        if self.has_person and self.person.id == ident:
            sent = self.reply(asked, severity=severity, thread=thread)
        else:
            sent = self.send(ident, asked, severity=severity, thread=thread)
        bound = self._bound(asked)
        self._number = first + len(asked.choices)
        row = {
            "id": new_id(),
            "person_id": ident,
            "message_id": sent,
            "neighbourhood_id": self.neighbourhood.id if self.neighbourhood else None,
            "plugin": self.plugin,
            "handler": handler,
            "payload": dict(payload or {}),
            "first_number": first,
            "choices": [[one.value, dump_text(one.label)] for one in bound.choices],
            "free": free,
            "repeatable": repeatable,
            "state": "open",
            "asked_at": self.now,
            "expires_at": self.now + expires,
        }
        self._unit.write(insert(question), row)
        return sent

    def close_questions(
        self, *, message_id: MessageId | None = None, thread: Thread | Record | int | None = None
    ) -> None:
        """Take back open questions: of one message, or of all this plugin asked about a thread."""
        condition = question.c.message_id == message_id
        where = self.thread(thread)
        if where is not None:
            asked = select(message.c.id).where(
                message.c.thread_plugin == where.plugin, message.c.thread_id == where.record
            )
            condition = question.c.message_id.in_(asked)
        self._unit.write(
            update(question)
            .where(condition, question.c.plugin == self.plugin, question.c.state == "open")
            .values(state="withdrawn")
        )

    def reached(self, about: Thread | Record | int) -> list[Reached]:
        """Return how everybody fared with the messages about a record, by the best state of each."""
        where = self.thread(about)
        assert where is not None
        query = (
            select(delivery.c.person_id, delivery.c.state, delivery.c.reason)
            .join(message, message.c.id == delivery.c.message_id)
            .where(
                message.c.thread_plugin == where.plugin,
                message.c.thread_id == where.record,
                delivery.c.person_id.is_not(None),
            )
            .order_by(delivery.c.id)
        )
        order = ("read", "delivered", "sent", "unknown", "sending", "queued", "failed", "withdrawn")
        best: dict[int, Reached] = {}
        for person_id, state, reason in map(tuple, self._unit.read(query)):
            known = best.get(person_id)
            if known is None or order.index(state) < order.index(known.state):
                best[person_id] = Reached(PersonId(person_id), state, reason)
        return list(best.values())

    def shown(self, who: Person | PersonId, since: datetime) -> list[RecordId]:
        """Return the records of this plugin about which somebody was shown something since a moment, the newest first.

        Only what arrived counts (sent, delivered, read), and what nobody knows of.
        """
        newest = func.max(message.c.created_at)
        query = (
            select(message.c.thread_id)
            .join(delivery, delivery.c.message_id == message.c.id)
            .where(
                delivery.c.person_id == (who.id if isinstance(who, Person) else who),
                delivery.c.state.in_((*ARRIVED, "unknown")),
                message.c.thread_plugin == self.plugin,
                message.c.created_at >= since,
            )
            .group_by(message.c.thread_id)
            .order_by(newest.desc(), message.c.thread_id.desc())
        )
        return [RecordId(row[0]) for row in self._unit.read(query)]

    # --- later, and to others --------------------------------------------------------------------------------------

    def later(
        self,
        when: timedelta | datetime,
        handler: str | Callable[..., None],
        *arguments: Any,
        key: str = "",
        **payload: Any,
    ) -> None:
        """Have a `@timer` handler, given by its name or itself, called at a moment or after a while.

        It gets the arguments as they stand here, which must be JSON values. A `key` is unique within the plugin: a new
        timer with the same key replaces the old one.
        """
        name, function = self._timer(handler)
        names = Parameters.of(function).names
        if len(arguments) > len(names):
            raise TypeError(f"{name} takes {len(names)} arguments after the context, not {len(arguments)}")
        timers.set_timer(
            self._unit,
            self.now + when if isinstance(when, timedelta) else when,
            self.plugin,
            name,
            {**dict(zip(names, arguments, strict=False)), **payload},
            key=f"{self.plugin}:{key}" if key else None,
            neighbourhood_id=self.neighbourhood.id if self.neighbourhood else None,
        )

    def _timer(self, handler: str | Callable[..., None]) -> tuple[str, Callable[..., None]]:
        mine = self._core.plugins.get(self.plugin).timers
        name = handler if isinstance(handler, str) else next((key for key, one in mine.items() if one is handler), "")
        if name not in mine:
            called = handler if isinstance(handler, str) else getattr(handler, "__name__", str(handler))
            raise PluginError(self.plugin, f"has no @timer {called!r}")
        return name, mine[name]

    def cancel(self, key: str) -> None:
        """Take away the timer with this key, if it has not gone off."""
        timers.cancel_timer(self._unit, f"{self.plugin}:{key}")

    def tell(self, hook: str, **facts: Any) -> None:
        """Tell every plugin that listens to a hook; each hears it in a transaction of its own, after this one.

        The first fact is the subject: what is told about one subject is heard in order.
        """
        subject = str(next(iter(facts.values()), hook))
        for listener in self._core.plugins.listeners(hook):
            note = {
                "hook": hook,
                "facts": facts,
                "neighbourhood": self.neighbourhood.id if self.neighbourhood else None,
            }
            self._core.inbox.tell(self._unit, listener, f"tell:{listener}:{subject}"[:80], note, self.now)

    def wall_time(self, day: datetime, text: str) -> datetime:
        """Return "HH:MM" of this neighbourhood's clocks on a local day, as an aware moment."""
        wall = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 # a wall time has no zone of its own
        return at_wall_time(day, wall, self.here.zone).astimezone(self.here.zone)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _meet(self, person: Person) -> None:
        """Know from here on who set this off: he was written down, or recognised by a link, in this very handler."""
        assert self._caller is not None
        self._caller = replace(self._caller, person=person)

    def _queue(
        self,
        content: Message,
        to: Sequence[tuple[int | None, outbox.Place | None]],
        severity: Severity,
        thread: Thread | None,
        *,
        first_word: bool = False,
        expires: timedelta | None = None,
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
            expires_at=self.now + expires if expires else None,
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
        )
        return ident

    def _bound(self, content: Message) -> Message:
        return content.within(self.plugin)

    def _first_number(self, who: PersonId) -> int:
        """Return the first number that is not printed under another open question of this person."""
        query = select(question.c.first_number, question.c.choices).where(
            question.c.person_id == who, question.c.state == "open", question.c.expires_at > self.now
        )
        taken = [first + len(choices) for first, choices in map(tuple, self._unit.read(query)) if choices]
        return int(max([*taken, self._number, 1]))

    def _allow(self, permission: str) -> None:
        if permission not in self._core.plugins.get(self.plugin).manifest.permissions:
            raise PluginError(self.plugin, f"needs the permission {permission!r} in its manifest")


def _message(content: Text | Message) -> Message:
    return Message(content) if isinstance(content, Text) else content
