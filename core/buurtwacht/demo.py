"""The demo: a sample town on a temporary SQLite database, with a clock that begins on a night in January."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.responses import RedirectResponse
from starlette.routing import Route

from buurtwacht import assembly
from buurtwacht.app import App
from buurtwacht.assembly import House
from buurtwacht.host import discovery
from buurtwacht.records import migration, officials, people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.channels import Glimpse
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
    known: Sequence[Mapping[str, str]] = ()
    making: Sequence[Mapping[str, str]] = ()
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
        return self.making

    def look(self, glimpse: Glimpse) -> None:
        """Show something that happened, in whatever thread, to those who watch."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._show, glimpse)

    def _show(self, glimpse: Glimpse) -> None:
        for look in self._looks:
            look(glimpse)


def sample_settings(folder: Path, port: int) -> Settings:
    """Return the configuration of the sample town."""
    neighbour = {"TB": "LD", "LD": "TB"}
    return files.build(
        {
            "buurtwacht": {"database": "sqlite:///demo.db"},
            "web": {"port": port},
            "channels": {name: {"adapter": "playground", "style": name} for name in ("telegram", "whatsapp")},
            "plugins": {name: {} for name in PLUGINS},
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
def town(port: int) -> Iterator[tuple[App, DemoBench]]:
    """Build the sample town in a temporary folder, ready to run; the folder is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="buurtwacht-demo-") as name:
        folder = Path(name)
        settings = sample_settings(folder, port)
        modules = discovery.find(settings.plugins)
        database = Database(settings.instance.database)
        try:
            migration.upgrade(database, assembly.histories(modules))
            bench = DemoBench(DemoClock())
            house = assembly.assemble(
                settings, modules, database, Keyring([new_key()]), clock=bench.clock, threads=THREADS
            )
            house.core.look = bench.look
            house.open_channels(extra={"bench": bench})
            # The playground's accounts go by what their style goes by.
            house.core.handle_kinds = {
                name: channel.capabilities.handle_kind for name, channel in house.channels.items()
            }
            bench.known = _settle_in(house)
            app = App(house, threads=THREADS)
            bench.app = app
            app.web.app.router.routes.insert(0, Route("/", lambda request: RedirectResponse("/playground")))
            yield app, bench
        finally:
            database.close()


def _settle_in(house: House) -> list[Mapping[str, str]]:
    """Write the inhabitants down, and return what the playground is told of them."""
    core = house.core
    unit = core.database.unit()
    now = core.clock.now()
    known: list[Mapping[str, str]] = []
    for one in PEOPLE:
        where = core.neighbourhoods.by_code(one.code)
        assert where is not None
        ident = people.add_person(unit, one.name, "nl", formal=one.formal)
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
