"""Plugins that somebody is making, as the demo takes them: imported, with settings and tables, or what is wrong."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import httpx

from buurtwacht.assembly import histories
from buurtwacht.host import discovery
from buurtwacht.host.declarations import Manifest
from buurtwacht.host.plugins import Plugins
from buurtwacht.kit import placing
from buurtwacht.kit.package import OURS, Package
from buurtwacht.kit.placing import short
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.record import metadata_of
from buurtwacht.vocabulary import settings as files
from buurtwacht.vocabulary.errors import ConfigurationError, Fault
from buurtwacht.vocabulary.settings import Settings
from buurtwacht.vocabulary.sources import read

#: The file with settings, in the folder above the module.
FILE = "plugins.toml"


class Remark(StrEnum):
    """What is so of a plugin here and is not of itself so elsewhere, as a sentence for the terminal."""

    IN_PLACE = "takes the place of the built-in one"
    SETTINGS = f"has its settings from {FILE}"
    OPTED_IN = "everybody in the sample town has opted in to it"
    UNMIGRATED = "has no migrations yet: here its tables are made from its records"
    DIFFERS = "its migrations do not lead to its records: here its tables are made from its records"
    OUTSIDE = "what it listens to outside is asked on this computer only"


@dataclass(frozen=True, slots=True)
class Tried:
    """A plugin that somebody is making, imported. `table` is its own of the plugins.toml beside it."""

    package: Package
    module: ModuleType
    table: Mapping[str, object]
    remarks: list[Remark] = field(default_factory=list)

    @property
    def manifest(self) -> Manifest:
        """Its manifest."""
        found: Manifest = self.module.manifest
        return found

    @property
    def id(self) -> str:
        """Its id."""
        return self.manifest.id

    def notice(self, plugins: Plugins) -> None:
        """Remark what is so of it among these loaded plugins."""
        if self.manifest.opt_in:
            self.remarks.append(Remark.OPTED_IN)
        if any(ident == self.id for ident, _ in plugins.sources):
            self.remarks.append(Remark.OUTSIDE)


class Broken(ConfigurationError):
    """A plugin that cannot be tried; `stack` says where its code stood, from its own first line on."""

    def __init__(self, faults: Sequence[Fault], stack: str = "") -> None:
        self.stack = stack
        super().__init__(faults)


# --- taking --------------------------------------------------------------------------------------------------------


def take(what: str) -> Tried:
    """Return the plugin in a folder that need not be installed, or the installed one of this id, imported.

    Raises `Broken` with file and line for one that does not import or has no manifest, else `ConfigurationError`.
    """
    package = Package.find(what)
    if package.kind != "plugin":
        mend = "its own tests say how it does; the playground has telephones of its own"
        raise Broken([Fault(what, f"is a {package.kind}, and no plugin", mend)])
    try:
        module = package.load()
    except (Exception, SystemExit) as error:
        raise explained(error, [package]) or _stopped(package, error) from error
    if not isinstance(getattr(module, "manifest", None), Manifest):
        mend = f'give it one: manifest = Manifest(id="{package.id}", name="…", version="1.0")'
        raise Broken([Fault(f"{short(package, package.file)}:1", "has no manifest", mend)])
    table = _table(package, module.manifest.id)
    remarks = [Remark.SETTINGS] if table else []
    if not package.is_built_in and module.manifest.id in _built_in():
        remarks.insert(0, Remark.IN_PLACE)
    return Tried(package, module, table, remarks)


def places(what: str) -> list[Path]:
    """Return the files and folders that a plugin is made of. Raises `ConfigurationError` where there is none."""
    try:
        package = Package.find(what)
    except ConfigurationError:
        if not Path(what).is_dir():
            raise
        return [Path(what).resolve()]  # it does not say yet which of its modules is the plugin
    own = package.folder if package.file.name == "__init__.py" else package.file
    above = _above(package)
    return [own, above / "pyproject.toml", above / FILE]


def modules(tried: Sequence[Tried], built_in: Iterable[str]) -> list[ModuleType]:
    """Return these built-in plugins but for those whose place is taken, what is being tried, and what it needs.

    Raises `ConfigurationError` when something is not installed.
    """
    own = {one.id: one.module for one in tried}
    names = [*built_in]
    names += [other for one in tried for other in one.manifest.needs if other not in names and other not in own]
    found = {one.manifest.id: one for one in discovery.find(one for one in names if one not in own)}
    return [*((found | own)[one] for one in names), *(own[one] for one in own if one not in names)]


def unfit(settings: Settings, tried: Sequence[Tried]) -> list[Fault]:
    """Return what is wrong with the tables of these plugins."""
    faults: list[Fault] = []
    for one in tried:
        alone = settings.model_copy(update={"plugins": {one.id: settings.plugins[one.id]}, "neighbourhoods": ()})
        faults += files.plugin_faults(alone, {one.id: one.manifest.settings})
    return faults


def _built_in() -> set[str]:
    return {one.name for one in entry_points(group=discovery.GROUP) if one.dist is not None and one.dist.name == OURS}


def _above(package: Package) -> Path:
    return package.root or (package.folder.parent if package.file.name == "__init__.py" else package.folder)


def _table(package: Package, ident: str) -> Mapping[str, object]:
    file = _above(package) / FILE
    if not file.is_file():
        return {}
    plugins = read(file, {}).tables.get("plugins")
    table = plugins.get(ident) if isinstance(plugins, dict) else None
    return table if isinstance(table, dict) else {}


# --- tables --------------------------------------------------------------------------------------------------------


def make_tables(database: Database, installed: Sequence[ModuleType], tried: Sequence[Tried]) -> None:
    """Bring a new database to the schema; what is being made gets the tables that it declares, migrated or not."""
    mine = histories(installed)
    migration.upgrade(database, mine)
    for history in mine:
        one = next((one for one in tried if one.id == history.owner), None)
        if one is None:
            continue
        if history.script() is None:
            one.remarks.append(Remark.UNMIGRATED)
        elif migration.differences(database, history):
            one.remarks.append(Remark.DIFFERS)
        else:
            continue
        tables = metadata_of(one.id)
        with database.writing() as connection:
            tables.drop_all(connection)
            tables.create_all(connection)


# --- what is wrong -------------------------------------------------------------------------------------------------


def explained(error: BaseException, packages: Sequence[Package]) -> Broken | None:
    """Return what is wrong, with file and line in one of these packages, or None when it is not their code."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        for package in packages:
            if _is_in(package, error.filename):
                where = f"{short(package, Path(error.filename))}:{error.lineno or 1}"
                return Broken([Fault(where, f"is no Python: {error.msg}", "mend the line")])
    frames = traceback.extract_tb(error.__traceback__)
    for package in packages:
        own = [place for place, frame in enumerate(frames) if _is_in(package, frame.filename)]
        if own:
            last = frames[own[-1]]
            where = f"{short(package, Path(last.filename))}:{last.lineno}"
            what = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
            return Broken(
                [Fault(where, what, "mend the line; the stack says how it was reached")], stack_of(error, package)
            )
    return None


def placed(error: ConfigurationError, tried: Sequence[Tried]) -> ConfigurationError:
    """Return the same error, with file and line for what is refused of one of these plugins."""
    return error if isinstance(error, Broken) else Broken([_placed(fault, tried) for fault in error.faults])


def _placed(fault: Fault, tried: Sequence[Tried]) -> Fault:
    for one in tried:
        if fault.where in [f"plugins.{other}" for other in one.manifest.needs]:
            return placing.at(placing.manifest_line(one.package), fault)
    return placing.placed(fault, {one.id: one.package for one in tried})


def stack_of(error: BaseException, package: Package | None) -> str:
    """Return the stack of an error, from the first line in this package on; the whole stack when it has none."""
    told = traceback.TracebackException.from_exception(error)
    own = next((place for place, frame in enumerate(told.stack) if package and _is_in(package, frame.filename)), 0)
    told.stack = traceback.StackSummary.from_list(told.stack[own:])
    return "".join(told.format())


def _stopped(package: Package, error: BaseException) -> Broken:
    what = f"does not import: {type(error).__name__}: {error}"
    return Broken([Fault(short(package, package.file), what, "mend the package")])


def _is_in(package: Package, filename: str) -> bool:
    if package.file.name != "__init__.py":
        return Path(filename) == package.file
    return Path(filename).is_relative_to(package.folder)


# --- outside -------------------------------------------------------------------------------------------------------


class ThisComputer(httpx.AsyncBaseTransport):
    """Reaches what is on this computer, and nothing else: the playground says that nothing leaves it."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask. Raises `httpx.ConnectError` for every address that is not loopback."""
        if urlsplit(str(request.url)).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise httpx.ConnectError("the demo asks nobody outside this computer", request=request)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._inner.aclose()
