"""The demo: a sample town on a temporary SQLite database, with a clock that begins on a night in January."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.responses import RedirectResponse
from starlette.routing import Route

from buurtwacht import assembly
from buurtwacht.app import App
from buurtwacht.assembly import House
from buurtwacht.host.tracing import Trace
from buurtwacht.kit import trying
from buurtwacht.kit.package import Package
from buurtwacht.kit.trying import Tried
from buurtwacht.records import officials, people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.channels import Glimpse
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.roles import OfficialKind
from buurtwacht.vocabulary.settings import Settings

#: Friday 16 January 2026, 01:41 in the Netherlands: a minute before the first story.
BEGIN = datetime(2026, 1, 16, 0, 41, tzinfo=UTC)
#: Plugins of the demo, as far as they are installed.
PLUGINS = ("members", "alerts", "rollcalls", "patrols", "escalation", "announcements", "lost_pets")
THREADS = 4


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody of the sample town, and his telephone. `handle` is of nobody: numbers that no provider gives out.

    Who holds an `office` does so for the whole municipality, and is no member.
    """

    name: str
    account: str
    handle: str
    code: str
    street: str
    roles: tuple[str, ...] = ()
    formal: bool = False
    office: OfficialKind | None = None
    title: str = ""


PEOPLE = (
    Inhabitant("Fatima", "telegram", "7000000001", "TB", "Meidoornstraat", ("patroller",)),
    Inhabitant("Henk", "whatsapp", "+31697000001", "TB", "Lijsterbeslaan", ("representative",)),
    Inhabitant("Riet", "whatsapp", "+31697000002", "TB", "Meidoornstraat", formal=True),
    Inhabitant("Kees", "telegram", "7000000002", "TB", "Lindenburg", ("coordinator", "admin")),
    Inhabitant("Noor", "telegram", "7000000003", "LD", "Langdonkweg", ("representative", "coordinator", "admin")),
    Inhabitant("Joost", "whatsapp", "+31697000003", "LD", "Esdoornlaan"),
    Inhabitant("Anja", "whatsapp", "+31697000004", "TB", "", office=OfficialKind.POLICE, title="wijkagent"),
    Inhabitant("Gerda", "telegram", "7000000004", "TB", "", office=OfficialKind.MUNICIPALITY),
)

#: Streets with a position in degrees, near enough to what is there.
_STREETS: Mapping[str, Sequence[tuple[str, float, float]]] = {
    "TB": (
        ("Meidoornstraat", 51.5216, 4.4302),
        ("Lijsterbeslaan", 51.5224, 4.4318),
        ("Lindenburg", 51.5203, 4.4334),
        ("Vlierstraat", 51.5211, 4.4285),
        ("Esdoornlaan", 51.5231, 4.4361),
        ("Tolbergvijver", 51.5190, 4.4310),
    ),
    "LD": (
        ("Esdoornlaan", 51.5231, 4.4361),
        ("Langdonkweg", 51.5243, 4.4402),
        ("Kastanjelaan", 51.5252, 4.4389),
    ),
}


class DemoClock:
    """A clock that runs on from a night in January, and can be moved forward."""

    def __init__(self, begin: datetime = BEGIN) -> None:
        self._begin = begin
        self._started = time.monotonic()
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the present moment of the demo, in UTC."""
        return self._begin + timedelta(seconds=time.monotonic() - self._started) + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment; one that is past is passed already."""
        self._ahead += max(moment - self.now(), timedelta(0))


@dataclass(slots=True)
class DemoBench:
    """What the playground sees and moves of the demo."""

    clock: DemoClock
    tried: Sequence[Tried] = ()
    #: begins anew when something of what is tried changes
    reloads: bool = False
    known: Sequence[Mapping[str, str]] = ()
    app: App | None = None
    loop: asyncio.AbstractEventLoop | None = None
    _looks: list[Callable[[Glimpse], None]] = field(default_factory=list)
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        """Return the present moment of the demo, aware, in UTC."""
        return self.clock.now()

    async def advance(self, seconds: float) -> None:
        """Move the clock forward and let everything that falls due happen, each at its own moment."""
        assert self.app is not None
        async with self._moving:
            target = self.clock.now() + timedelta(seconds=seconds)
            last = None
            while True:
                await self.app.settle()
                due = await self.app.next_due()
                # What is due still, at the moment that was just lived through, is stuck and not waited for.
                if due is None or due >= target or due == last:
                    break
                self.clock.move_to(due)
                last = due
            self.clock.move_to(target)
            await self.app.settle()

    def watch(self, look: Callable[[Glimpse], None]) -> None:
        """Call `look` on the event loop with each thing that happens."""
        self._looks.append(look)

    def people(self) -> Sequence[Mapping[str, str]]:
        """Return the sample people: person, name, account, handle, neighbourhood, roles, street."""
        return self.known

    def own(self) -> Sequence[Mapping[str, str]]:
        """Return the plugins that whoever looks on is making: plugin, name, remarks."""
        also = ["reloads"] if self.reloads else []
        return [
            {
                "plugin": one.id,
                "name": one.manifest.name,
                "remarks": " ".join([*(remark.name.lower() for remark in one.remarks), *also]),
            }
            for one in self.tried
        ]

    def look(self, glimpse: Glimpse) -> None:
        """Show something that happened, in whatever thread, to those who watch."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._show, glimpse)

    def failed(self, plugin: str, where: str, error: BaseException) -> None:
        """Show an error of a plugin with its stack: this is the computer of whoever makes it."""
        package = next((one.package for one in self.tried if one.id == plugin), None)
        stack = trying.stack_of(error, package)
        kind = type(error).__name__
        self.look(Glimpse(self.now(), "error", where, plugin=plugin, failed=kind, stack=stack))

    def leave(self) -> None:
        """Let those who watch know, on the event loop, that there is nothing more to see."""
        self._show(Glimpse(self.now(), "end", ""))

    def _show(self, glimpse: Glimpse) -> None:
        for look in self._looks:
            look(glimpse)


def sample_settings(folder: Path, port: int, plugins: Mapping[str, Mapping[str, object]] | None = None) -> Settings:
    """Return the configuration of the sample town, with these plugins' tables beside those of its own."""
    neighbour = {"TB": "LD", "LD": "TB"}
    return files.build(
        {
            "buurtwacht": {"database": "sqlite:///demo.db"},
            "web": {"port": port},
            "channels": {name: {"adapter": "playground", "style": name} for name in ("telegram", "whatsapp")},
            "plugins": {**{name: {} for name in PLUGINS}, **(plugins or {})},
            "neighbourhoods": [
                {
                    "code": code,
                    "name": name,
                    "municipality": "Roosendaal",
                    "postcodes": [postcode],
                    "adjacent": [neighbour[code]],
                    "streets": {street: [latitude, longitude] for street, latitude, longitude in _STREETS[code]},
                    "borders": {"Esdoornlaan": neighbour[code]},
                    "quiet_hours": "",
                }
                for code, name, postcode in (("TB", "Tolberg", "4707"), ("LD", "Langdonk", "4708"))
            ],
        },
        folder=folder,
    )


@contextmanager
def town(port: int, tried: Sequence[Tried] = (), *, folder: Path | None = None) -> Iterator[tuple[App, DemoBench]]:
    """Build the sample town, ready to run, with what somebody is making in it, or in place of what is built in.

    It is kept in `folder`, else in a temporary one that is removed at the end. Raises `ConfigurationError` for a plugin
    that is refused, `trying.Broken` with file and line where that is known.
    """
    with ExitStack() as ending:
        if folder is None:
            folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="buurtwacht-demo-")))
        try:
            app, bench = _build(folder, port, tried, ending)
        except ConfigurationError as error:
            raise trying.placed(error, tried) from error
        except Exception as error:
            if (broken := trying.explained(error, [one.package for one in tried])) is not None:
                raise broken from error
            raise
        yield app, bench


def prepare(plugins: Sequence[str]) -> None:
    """Build a town once without these plugins: processes that begin where this one stands do so in half the time.

    Nothing of these plugins is imported: it could not be undone.
    """
    with suppress(ConfigurationError), tempfile.TemporaryDirectory(prefix="buurtwacht-demo-") as name:
        theirs = {Package.find(one).id for one in plugins}
        with ExitStack() as ending:
            _build(Path(name), 0, (), ending, [one for one in PLUGINS if one not in theirs])


def _build(
    folder: Path, port: int, tried: Sequence[Tried], ending: ExitStack, built_in: Sequence[str] = PLUGINS
) -> tuple[App, DemoBench]:
    modules = trying.modules(tried, built_in)
    settings = sample_settings(
        folder, port, {one.manifest.id: {} for one in modules} | {one.id: one.table for one in tried}
    )
    if faults := trying.unfit(settings, tried):
        raise ConfigurationError(faults)
    database = Database(settings.instance.database)
    ending.callback(database.close)
    trying.make_tables(database, modules, tried)
    bench = DemoBench(DemoClock(), tried)
    # The core shows calls to whoever looks on; of what somebody is making nothing needs to be in the log too.
    trace = Trace(lambda call: None) if tried else None
    house = assembly.assemble(
        settings, modules, database, Keyring([new_key()]), clock=bench.clock, threads=THREADS, trace=trace
    )
    house.core.look = bench.look
    if house.core.trace.on:
        house.core.health.look = bench.failed
    for one in tried:
        one.notice(house.core.plugins)
    house.open_channels(extra={"bench": bench})
    # The playground's accounts go by what their style goes by.
    house.core.handle_kinds = {name: channel.capabilities.handle_kind for name, channel in house.channels.items()}
    bench.known = _settle_in(house, [one.id for one in tried if one.manifest.opt_in])
    bench.app = app = App(house, threads=THREADS, outside=trying.ThisComputer)
    app.web.app.router.routes.insert(0, Route("/", lambda request: RedirectResponse("/playground")))
    return app, bench


def _settle_in(house: House, opted_in: Sequence[str]) -> list[Mapping[str, str]]:
    """Write the inhabitants down, who opted in to these plugins; return what the playground is told of them."""
    core = house.core
    unit = core.database.unit()
    now = core.clock.now()
    known: list[Mapping[str, str]] = []
    for one in PEOPLE:
        where = core.neighbourhoods.by_code(one.code)
        assert where is not None
        wishes = opted_in if one.office is None else ()
        ident = people.add_person(unit, one.name, "nl", formal=one.formal, opted_in=wishes)
        if one.office is not None:
            office = officials.Official(ident, one.office, one.title, where.municipality, (), verified=True)
            officials.appoint(unit, now, office)
        else:
            people.add_membership(unit, ident, where.id, now, roles=one.roles, street=one.street, consent="1")
        handle = Handle(core.handle_kinds[one.account], one.handle)
        people.add_address(unit, core.keyring, one.account, [handle], now, person_id=ident)
        known.append(
            {
                "person": str(ident),
                "name": one.name,
                "account": one.account,
                "handle": one.handle,
                "neighbourhood": where.name if one.office is None else where.municipality,
                "roles": " ".join(("member", *one.roles)) if one.office is None else f"official_{one.office}",
                "street": one.street,
            }
        )
    unit.commit()
    return known
