"""The world: a town on every messenger, our process in the middle, and a clock that you move. Public and stable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from buurtwacht.host.building import bring_in
from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.records import audit
from buurtwacht.records.audit import Entry
from buurtwacht.records.database import Database, Unit
from buurtwacht.records.schema import address, handle
from buurtwacht.testing import stores
from buurtwacht.testing.checks import problems
from buurtwacht.testing.configuration import Given, read
from buurtwacht.testing.journal import Journal
from buurtwacht.testing.messengers import Messenger, News
from buurtwacht.testing.people import Group, Member
from buurtwacht.testing.recorder import Attempt, Recorder
from buurtwacht.testing.running import Running
from buurtwacht.testing.sightings import Received, received, unsent
from buurtwacht.testing.town import Neighbourhood, accounts_of, begin_anew, known, neighbourhood_table, write_down
from buurtwacht.testing.traces import traces
from buurtwacht.testing.troubles import Troubles
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.channels import Adapter
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.roles import OfficialKind

T = TypeVar("T")


class World(Troubles):
    """A town, its messengers, and our process between them. A context manager: leaving it runs the checks.

    `now` is when it begins (local "2026-01-16 01:42", or an aware moment); `plugins` are modules or ids beside the
    built-in ones; `settings` are tables of plugins.toml, or of plugins by their id; `wire=True` goes through the real
    adapters; `rate` is in messages a second for each account, None for no pace of accounts; `channels` are adapters
    beside the built-in ones, each with an account of its name.
    """

    def __init__(
        self,
        now: datetime | str | None = None,
        plugins: Iterable[ModuleType | str] = (),
        settings: Mapping[str, Any] | None = None,
        database: str = "sqlite",
        wire: bool = False,
        rate: float | None = None,
        channels: Iterable[Adapter] = (),
    ) -> None:
        given: Given = read(settings or {}, plugins, channels)
        self.modules = given.modules
        self.zone = ZoneInfo(given.settings.instance.timezone)
        self.keyring = stores.keyring()
        self.members: list[Member] = []
        self.groups: list[Group] = []
        self.journal = Journal()
        self._clock = VirtualClock(self._moment(now) if now is not None else stores.at_start())
        self._set = now is not None
        self._spoken = False
        self._recorder = Recorder(self._clock.now)
        self.messengers = {
            name: Messenger(name, given.adapters[one.adapter], self._clock, self._recorder, one.options, wire=wire)
            for name, one in given.settings.channels.items()
        }
        self._aliases: dict[str, int] = {}
        self._closed = False
        self._store = stores.store(stores.kind_of(database), self.modules)
        self.journal.open()
        try:
            self._running = Running(given.settings, given.modules, self._store, self._clock, self.messengers, rate)
        except BaseException:
            self.journal.shut()
            raise
        self._recorder.accepted = self._running.sent

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(check=error is None)

    def close(self, *, check: bool = True) -> None:
        """Run the checks at the end, and let go of everything. Raises `AssertionError` with all that is wrong."""
        if self._closed:
            return
        found: list[str] = []
        try:
            if check:
                self._running.settle()
                found = problems(self)
        finally:
            self._closed = True
            self.journal.shut()
            self._running.end()
        if found:
            raise AssertionError("the world did not end well:\n- " + "\n- ".join(found))

    # --- the clock ---------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The present moment, aware, local."""
        return self._clock.now().astimezone(self.zone)

    def at(self, moment: datetime | str) -> None:
        """Set the clock, once, before anybody speaks; local time of the instance."""
        if self._set or self._spoken:
            raise RuntimeError("the clock is set once, before anybody speaks; use world.advance_to from then on")
        self._set = True
        self._clock._now = self._moment(moment).astimezone(UTC)
        begin_anew(self)

    def advance(self, **span: float) -> None:
        """Let time pass; everything that falls due happens in order. Arguments of `timedelta`."""
        self._spoken = True
        self._running.advance_to(self._clock.now() + timedelta(**span))

    def advance_to(self, moment: datetime | str) -> None:
        """Let time pass until a local moment, such as "2026-01-16 02:20". Raises `ValueError` for one in the past."""
        self._spoken = True
        self._running.advance_to(self._moment(moment))

    def _moment(self, moment: datetime | str) -> datetime:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)

    # --- the town ----------------------------------------------------------------------------------------------------

    def neighbourhood(
        self,
        code: str,
        name: str,
        *,
        municipality: str = "",
        adjacent: Sequence[str] = (),
        streets: Sequence[str] | Mapping[str, tuple[float, float]] = (),
        borders: Mapping[str, str] | None = None,
        quiet_hours: str | None = "22:30-07:00",
        plugins_off: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
    ) -> Neighbourhood:
        """Make a neighbourhood. `streets` by name, or with (latitude, longitude); `quiet_hours=None` for none."""
        table = neighbourhood_table(
            code, name, municipality, adjacent, streets, borders or {}, quiet_hours, plugins_off, settings or {}
        )
        made = files.Neighbourhood.model_validate(table)
        before = self._running.settings
        after = before.model_copy(update={"neighbourhoods": (*before.neighbourhoods, made)})
        self._running.settings = after
        bring_in(self._core.neighbourhoods, after)
        found = self._core.neighbourhoods.by_code(code)
        assert found is not None
        return Neighbourhood(self, found.id, code, name)

    def official(
        self,
        name: str,
        kind: str,
        *,
        municipality: str,
        channel: str,
        neighbourhoods: Sequence[Neighbourhood] = (),
        verified: bool = True,
        duty: str | None = None,
        off_duty: str | None = None,
        leave_until: datetime | str | None = None,
    ) -> Member:
        """Make an official: `police`, `controlroom`, `municipality`, `boa` or `mayor`.

        `duty="mo-fr 08:00-17:00"`, None: always; `off_duty`: the least severity that may wake him, None: nothing.
        """
        made: Member = self._offered("official")(
            self,
            name,
            OfficialKind(kind),
            municipality=municipality,
            channel=channel,
            neighbourhoods=tuple(neighbourhoods),
            verified=verified,
            duty=duty,
            off_duty=off_duty,
            leave_until=None if leave_until is None else self._moment(leave_until),
        )
        return made

    def somebody(
        self,
        name: str,
        *,
        channel: str | None = None,
        channels: Sequence[str] = (),
        prefers: str | None = None,
        language: str = "nl",
        formal: bool = False,
        window_open: bool = True,
    ) -> Member:
        """Return a person we know who is a member nowhere: the beginning of an official."""
        accounts = accounts_of(channel, channels, prefers)
        member = known(self, name, accounts, language=language, window_open=window_open)
        unit = self.unit()
        write_down(unit, member, formal=formal)
        unit.commit()
        return member

    # --- looking in --------------------------------------------------------------------------------------------------

    def audit(self) -> list[Entry]:
        """Return the audit log, oldest first."""
        found = audit.entries(self.database)
        return [Entry(one.at.astimezone(self.zone), one.actor, one.event, one.subject) for one in found]

    def cap(self, ident: str) -> list[str]:
        """Return the CAP documents of an alert, oldest first. Raises `LookupError` when no plugin makes them."""
        found: list[str] = self._offered("cap")(self, ident)
        return found

    def costs(self, channel: str) -> dict[str, int]:
        """Return how many messages an account sent as a template and how many free."""
        self.messenger(channel)
        sent = [
            one.outgoing
            for one in self._recorder.attempts
            if one.account == channel and one.provider_id is not None and one.outgoing.edit_of is None
        ]
        templates = sum(one.template is not None for one in sent)
        return {"template": templates, "free": len(sent) - templates}

    def traces(self) -> list[tuple[str, bytes]]:
        """Return all that is kept, as (where, bytes): database and write-ahead log, logs, media, queues."""
        return traces(self.database, self._store.files(), self.journal.text, self._running.process)

    def received_by(self, account: str, handles: set[str]) -> list[Received]:
        """Return what left us for these handles of an account."""
        mine = [
            one
            for one in self._recorder.attempts
            if one.account == account and handles & {to.value for to in one.outgoing.to}
        ]
        return received(self.database, mine, self.zone)

    def received(self, member: Member) -> list[Received]:
        """Return what left us for a person, in order, and what could not leave."""
        wanted = {(account, one.value) for account, handles in member.handles.items() for one in handles}
        mine = [
            one
            for one in self._recorder.attempts
            if not wanted.isdisjoint((one.account, to.value) for to in one.outgoing.to)
        ]
        found = received(self.database, mine, self.zone)
        who = self.find(member)
        if who is not None:
            found += unsent(self._core, who, {one.outgoing.delivery for one in mine}, self.zone)
        return sorted(found, key=lambda one: one.at)

    # --- for those who live here -------------------------------------------------------------------------------------

    @property
    def database(self) -> Database:
        """The database, as our process has it open now."""
        return self._running.database

    @property
    def attempts(self) -> Sequence[Attempt]:
        """Everything that was handed to a channel, in order."""
        return self._recorder.attempts

    def alias(self, name: str) -> str:
        """Return a name under which a messenger can know somebody, and nobody else."""
        self._aliases[name] = self._aliases.get(name, 0) + 1
        return name if self._aliases[name] == 1 else f"{name} {self._aliases[name]}"

    def unit(self) -> Unit:
        """Begin to write something down, as an operator would."""
        return self.database.unit()

    def person_id(self, member: Member) -> PersonId:
        """Return our id of a person. Raises `LookupError` for somebody we do not know."""
        found = self.find(member)
        if found is None:
            raise LookupError(f"{member.name} is nobody we know")
        return found

    def find(self, member: Member) -> PersonId | None:
        """Return our id of a person, or None for somebody we do not know."""
        lookups = [self.keyring.lookup(account, one) for account, own in member.handles.items() for one in own]
        query = (
            select(address.c.person_id)
            .join(handle, handle.c.address_id == address.c.id)
            .where(handle.c.lookup.in_(lookups), address.c.person_id.is_not(None))
        )
        with self.database.reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else PersonId(found)

    def tell(self, account: str, news: News | None) -> None:
        """Let a provider tell us something, when it can and does."""
        self._spoken = True
        if news is not None:
            self._running.tell(account, news)

    def outside(self, address: str, answer: object) -> None:
        """Let addresses outside that begin so answer from now on: with JSON, raw bytes, a status or an error.

        Until the first of these nobody asks; an address of which nothing was said cannot be reached.
        """
        self._running.outside.set(address, answer)
        self._running.settle()

    def opts_in(self, member: Member, plugin_id: str) -> None:
        """Write down that somebody wants to hear from a plugin."""
        self.known_plugin(plugin_id)
        who = self.person_id(member)
        with self.context("core") as ctx:
            wishes = ctx.people([who])[who].opted_in
            ctx.directory.change(who, opted_in=list(dict.fromkeys([*wishes, plugin_id])))

    @contextmanager
    def context(self, plugin_id: str, neighbourhood: Neighbourhood | None = None) -> Iterator[Context]:
        """Give the context of a plugin to write with; what it leaves is kept, and happens, at the end."""
        self.known_plugin(plugin_id)
        unit = self.unit()
        where = self._core.neighbourhoods.get(neighbourhood.id) if neighbourhood is not None else None
        yield Context(self._core, plugin_id, unit, neighbourhood=where)
        unit.commit()
        self._running.settle()

    def join(self, member: Member) -> None:
        """Let a newcomer join as people do."""
        self._offered("join")(self, member)

    def key_holders(self, member: Member, holders: Sequence[Member]) -> None:
        """Write down who holds somebody's key."""
        self._offered("key_holders")(self, member, tuple(holders))

    # --- inside ------------------------------------------------------------------------------------------------------

    @property
    def _core(self) -> Core:
        return self._running.process.core

    def _offered(self, name: str) -> Callable[..., Any]:
        """Return what a plugin adds to the test kit: a function of this name in the module `testing` of its package."""
        for module in self.modules:
            if hasattr(module, "__path__") and find_spec(f"{module.__name__}.testing") is not None:
                found: Callable[..., Any] | None = getattr(import_module(f"{module.__name__}.testing"), name, None)
                if found is not None:
                    return found
        here = ", ".join(one.manifest.id for one in self.modules) or "none"
        raise LookupError(f"no plugin of this world offers {name!r} in its module testing; the plugins here: {here}")
