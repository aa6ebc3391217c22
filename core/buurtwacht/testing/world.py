"""The world: a town on every messenger, our process in the middle, and a clock that you move. Public and stable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
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
from buurtwacht.testing.interference import MOMENTS
from buurtwacht.testing.journal import Journal
from buurtwacht.testing.messengers import Messenger, News
from buurtwacht.testing.people import Group, Member
from buurtwacht.testing.provider import Fault, FaultKind
from buurtwacht.testing.recorder import Attempt, Recorder
from buurtwacht.testing.running import Running
from buurtwacht.testing.sightings import Received, received
from buurtwacht.testing.town import Neighbourhood, begin_anew, neighbourhood_table
from buurtwacht.testing.traces import traces
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.ids import PersonId

T = TypeVar("T")

_KINDS = ("unreachable", "window_closed", "throttled", "rejected", "unavailable", "ambiguous")


class World:
    """A town, its messengers, and our process between them. A context manager: leaving it runs the checks.

    `now` is when it begins (local "2026-01-16 01:42", or an aware moment); `plugins` are modules or ids beside the
    built-in ones; `settings` are tables of plugins.toml, or of plugins by their id; `wire=True` goes through the real
    adapters; `rate` is in messages a second for each account, None for no pace of accounts.
    """

    def __init__(
        self,
        now: datetime | str | None = None,
        plugins: Iterable[ModuleType | str] = (),
        settings: Mapping[str, Any] | None = None,
        database: str = "sqlite",
        wire: bool = False,
        rate: float | None = None,
    ) -> None:
        given: Given = read(settings or {}, plugins)
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
            self._store.drop()
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
        self._clock._now = self._moment(moment)
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

    def official(self, name: str, kind: str, **facts: object) -> Member:
        """Make an official. Raises `LookupError` while no plugin knows officials."""
        raise LookupError(
            f"no plugin here knows officials, so {name} cannot be a {kind}: it takes buurtwacht_escalation"
        )

    # --- what goes wrong ---------------------------------------------------------------------------------------------

    def refuse(self, member: Member, kind: FaultKind) -> None:
        """Have the provider answer everything for this person in this way, on every address."""
        if kind not in _KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(_KINDS)}")
        for account, handles in member.handles.items():
            for one in handles:
                self.messengers[account].provider.faults[one.value] = Fault(kind)

    def accept(self, member: Member) -> None:
        """Have everything for this person accepted again."""
        for account, handles in member.handles.items():
            for one in handles:
                self.messengers[account].provider.faults.pop(one.value, None)

    @contextmanager
    def outage(self, channel: str) -> Iterator[None]:
        """Have the provider refuse what we send and deliver nothing; what people say comes at the end, in order."""
        messenger = self.messenger(channel)
        messenger.provider.down = True
        try:
            yield
        finally:
            messenger.provider.down = False
            self._running.deliver()
            self._running.settle()

    @contextmanager
    def down(self) -> Iterator[None]:
        """Let our process not run while the clock goes on; providers keep what people say until it is back."""
        self._running.stop()
        try:
            yield
        finally:
            self._running.begin_again()

    def crash(self, during: str | None = None) -> None:
        """Die without a goodbye, now or at the next such moment, and start again on the same database.

        `during` is handler (before its commit), send (accepted, and we have not written it down) or receipt.
        """
        if during is None:
            self._running.stop()
            self._running.begin_again()
            return
        if during not in MOMENTS:
            raise ValueError(f"{during!r} is none of {', '.join(MOMENTS)}")
        self._running.interference.crash_at = MOMENTS[during]

    @contextmanager
    def hang(self, plugin_id: str, seconds: float = 60) -> Iterator[None]:
        """Let a plugin's handlers take that long, on a worker of their own; everybody else goes on."""
        self._known(plugin_id)
        slow = self._running.interference.slow
        slow[plugin_id] = timedelta(seconds=seconds)
        try:
            yield
        finally:
            del slow[plugin_id]

    @contextmanager
    def expects_error(self, plugin_id: str) -> Iterator[None]:
        """Let an error that this plugin logs not fail the test."""
        before = len(self.journal.errors)
        try:
            yield
        finally:
            self._running.settle()
            later = self.journal.errors[before:]
            self.journal.errors[before:] = [one for one in later if one[0] != plugin_id]

    def redeliver(self) -> None:
        """Have the provider repeat its last update, a tap too."""
        self._running.tell_again()

    def receipt(self, received: Received, state: str) -> None:
        """Have the provider report sent, delivered, read or failed; nothing happens where it has no receipts."""
        news = self.messenger(received.channel).provider.status(received.provider_id, state)
        if news is not None:
            self._running.tell(received.channel, news)

    # --- looking in --------------------------------------------------------------------------------------------------

    def audit(self) -> list[Entry]:
        """Return the audit log, oldest first."""
        found = audit.entries(self.database)
        return [Entry(one.at.astimezone(self.zone), one.actor, one.event, one.subject) for one in found]

    def cap(self, ident: str) -> list[str]:
        """Return the CAP documents of an alert, oldest first. Raises `LookupError` when no plugin makes them."""
        raise LookupError(f"no plugin here makes CAP documents, so there are none of {ident}")

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
        """Return what left us for a person, in order."""
        wanted = {(account, one.value) for account, handles in member.handles.items() for one in handles}
        mine = [
            one
            for one in self._recorder.attempts
            if not wanted.isdisjoint((one.account, to.value) for to in one.outgoing.to)
        ]
        return received(self.database, mine, self.zone)

    # --- for those who live here -------------------------------------------------------------------------------------

    @property
    def database(self) -> Database:
        """The database, as our process has it open now."""
        return self._running.database

    @property
    def attempts(self) -> Sequence[Attempt]:
        """Everything that was handed to a channel, in order."""
        return self._recorder.attempts

    def messenger(self, account: str) -> Messenger:
        """Return an account's messenger. Raises `LookupError`."""
        if account not in self.messengers:
            raise LookupError(f"this world has no channel {account!r}, only {', '.join(self.messengers)}")
        return self.messengers[account]

    def alias(self, name: str) -> str:
        """Return a name under which a messenger can know somebody, and nobody else."""
        self._aliases[name] = self._aliases.get(name, 0) + 1
        return name if self._aliases[name] == 1 else f"{name} {self._aliases[name]}"

    def unit(self) -> Unit:
        """Begin to write something down, as an operator would."""
        return self.database.unit()

    def person_id(self, member: Member) -> PersonId:
        """Return our id of a person. Raises `LookupError` for somebody we do not know."""
        lookups = [self.keyring.lookup(account, one) for account, own in member.handles.items() for one in own]
        query = (
            select(address.c.person_id)
            .join(handle, handle.c.address_id == address.c.id)
            .where(handle.c.lookup.in_(lookups), address.c.person_id.is_not(None))
        )
        with self.database.reading() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            raise LookupError(f"{member.name} is nobody we know")
        return PersonId(found)

    def tell(self, account: str, news: News | None) -> None:
        """Let a provider tell us something, when it can and does."""
        self._spoken = True
        if news is not None:
            self._running.tell(account, news)

    def opts_in(self, member: Member, plugin_id: str) -> None:
        """Write down that somebody wants to hear from a plugin."""
        self._known(plugin_id)
        unit = self.unit()
        ctx = Context(self._core, "core", unit)
        who = self.person_id(member)
        known = ctx.people([who])[who].opted_in
        ctx.directory.change(who, opted_in=list(dict.fromkeys([*known, plugin_id])))
        unit.commit()

    def join(self, member: Member) -> None:
        """Let a newcomer join as people do."""
        raise LookupError(f"no plugin here lets people join, so {member.name} cannot: it takes buurtwacht_members")

    def key_holders(self, member: Member, holders: Sequence[Member]) -> None:
        """Write down who holds somebody's key."""
        raise LookupError("no plugin here knows key holders: it takes buurtwacht_rollcalls")

    # --- inside ------------------------------------------------------------------------------------------------------

    @property
    def _core(self) -> Core:
        return self._running.process.core

    def _known(self, plugin_id: str) -> None:
        if plugin_id not in self._core.plugins:
            here = ", ".join(one.id for one in self._core.plugins)
            raise LookupError(f"there is no plugin {plugin_id!r}; here are {here}")
