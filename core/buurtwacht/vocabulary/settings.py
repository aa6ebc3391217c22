"""What plugins.toml may say: its tables as models, and `load`, which reads, checks and tells every fault at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError

from buurtwacht.vocabulary.channels import AccountSettings, Adapter
from buurtwacht.vocabulary.clock import QuietHours
from buurtwacht.vocabulary.containment import contained, kind_of
from buurtwacht.vocabulary.countries import COUNTRIES
from buurtwacht.vocabulary.countries import Country as CountryFacts
from buurtwacht.vocabulary.errors import ConfigurationError, Fault
from buurtwacht.vocabulary.faults import Place, Whereabouts, faults_of, is_everywhere, keys, suggestion, unknown_key
from buurtwacht.vocabulary.messages import Severity
from buurtwacht.vocabulary.sources import read
from buurtwacht.vocabulary.tables import codes, dotted, left_out, sound
from buurtwacht.vocabulary.values import (
    AccountName,
    Code,
    Country,
    Database,
    HeartbeatUrl,
    Hours,
    Language,
    Options,
    PublicUrl,
    Streets,
    Timezone,
)

#: Looks at settings for more faults than a file alone can show: accounts, plugins.
Check: TypeAlias = "Callable[[Settings], Sequence[Fault]]"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)


class Ambiguous(_Table):
    """[buurtwacht.ambiguous]: what becomes of a message of which nobody knows whether it arrived, by its severity.

    `repeat`: said once more, marked as a repeat; `unknown`: on record as that, and not said again.
    """

    critical: Literal["repeat", "unknown"] = "repeat"
    urgent: Literal["repeat", "unknown"] = "repeat"
    notice: Literal["repeat", "unknown"] = "unknown"
    info: Literal["repeat", "unknown"] = "unknown"

    @property
    def repeats(self) -> frozenset[Severity]:
        """The severities that are said again."""
        return frozenset(one for one in Severity if getattr(self, one.value) == "repeat")


class Instance(_Table):
    """[buurtwacht]: the whole installation. `database` is an address for SQLAlchemy, with an absolute path."""

    database: Database = Field(default="sqlite:///buurtwacht.db", validate_default=True, repr=False)
    language: Language = "nl"
    timezone: Timezone = "Europe/Amsterdam"
    country: Country = "NL"
    ambiguous: Ambiguous = Field(default_factory=Ambiguous)

    @property
    def facts(self) -> CountryFacts:
        """The row of the table of countries."""
        return COUNTRIES[self.country]

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database, None on PostgreSQL. Backups and the key stand beside it."""
        path = self.database.removeprefix("sqlite:///").partition("?")[0]
        return Path(path) if self.database.startswith("sqlite:") else None


class Web(_Table):
    """[web]: where we listen, and where the providers reach us.

    `public_url` is https or loopback, without a trailing slash; empty: they cannot reach us.
    """

    host: str = Field(default="127.0.0.1", min_length=1)
    #: 0 takes a free one
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: PublicUrl = ""
    metrics_token: str = Field(default="", repr=False)
    #: what is called after each audit in which all was well; empty: nobody watches from outside
    heartbeat_url: HeartbeatUrl = Field(default="", repr=False)

    def address(self, port: int | None = None) -> str:
        """Return where links to us begin: the public address, else this machine's, with the port that was taken."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port if port is None else port}"


class Account(_Table):
    """[channels.<name>]: an account at a messenger. `options` are the keys that its adapter checks.

    `rate` in messages a second; None: what the adapter's capabilities say.
    """

    name: str
    adapter: str
    rate: float | None = Field(default=None, gt=0, le=1000, allow_inf_nan=False)
    options: Options = Field(default_factory=dict, repr=False)


class Neighbourhood(_Table):
    """[[neighbourhoods]]: one neighbourhood. Language and time zone are the installation's unless it has its own."""

    code: Code
    name: str = Field(min_length=1)
    municipality: str = ""
    postcodes: tuple[str, ...] = ()
    adjacent: tuple[str, ...] = ()
    streets: Streets = ()
    #: border street to the code of the neighbourhood on the other side
    borders: Annotated[Mapping[str, str], AfterValidator(MappingProxyType)] = Field(default_factory=dict)
    language: Language = ""
    timezone: Timezone = ""
    quiet_hours: Hours = QuietHours(time(22, 30), time(7))
    plugins_off: tuple[str, ...] = ()
    #: a plugin's settings that are different here, by its id
    settings: Mapping[str, Options] = Field(default_factory=dict)


def _accounts(value: object) -> object:
    """Part the keys that every account has from those of its adapter."""
    if not isinstance(value, dict):
        return value
    return {
        name: {
            "name": name,
            "adapter": table.get("adapter", name),
            "rate": table.get("rate"),
            "options": {key: option for key, option in table.items() if key not in ("adapter", "rate")},
        }
        if isinstance(table, dict)
        else table
        for name, table in value.items()
    }


class Settings(_Table):
    """The whole of plugins.toml, unchangeable. Made by `load`, or by `build` in tests and the demo."""

    instance: Instance = Field(default_factory=Instance, alias="buurtwacht")
    web: Web = Field(default_factory=Web)
    channels: Annotated[Mapping[AccountName, Account], BeforeValidator(_accounts)] = Field(default_factory=dict)
    #: the table of each plugin that stands in the file, raw; its own model fills it
    plugins: Mapping[str, Options] = Field(default_factory=dict, repr=False)
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    _source: Path | None = PrivateAttr(None)
    _where: Whereabouts = PrivateAttr(default_factory=Whereabouts)

    @property
    def source(self) -> Path | None:
        """The file they were read from, if any."""
        return self._source

    def fault(self, key: str, what: str, mend: str) -> Fault:
        """Return a fault of the dotted `key`, with the file's name before it, and the variable if one set it."""
        return self._where.fault(key, what, mend)

    def neighbourhood(self, code: str) -> Neighbourhood:
        """Return the neighbourhood with this code. Raises `KeyError` when there is none."""
        for neighbourhood in self.neighbourhoods:
            if neighbourhood.code == code:
                return neighbourhood
        raise KeyError(code)


# --- reading -------------------------------------------------------------------------------------------------------


def load(path: Path | None, environ: Mapping[str, str], *checks: Check) -> Settings:
    """Read the file, put the environment's values on top, and return settings without a fault.

    Without a path only the environment and the defaults count. `checks` look further; they also see what is sound of
    settings with faults, so that everything wrong is told at once. Raises `ConfigurationError` with all faults.
    """
    sources = read(path, environ)
    folder = path.absolute().parent if path else Path.cwd()
    settings, faults = _examine(sources.tables, folder, sources.where)
    settings._source = path.absolute() if path else None
    faults = [*sources.faults, *faults, *(fault for check in checks for fault in check(settings))]
    if faults:
        raise ConfigurationError(list(dict.fromkeys(faults)))
    return settings


def build(tables: Mapping[str, object], *, folder: Path | None = None) -> Settings:
    """Return settings from tables as the file would hold them; relative paths start at `folder`, else where we are.

    For tests and the demo. Raises `ConfigurationError` with all faults.
    """
    settings, faults = _examine(tables, folder or Path.cwd(), Whereabouts())
    if faults:
        raise ConfigurationError(faults)
    return settings


def _examine(tables: Mapping[str, object], folder: Path, where: Whereabouts) -> tuple[Settings, list[Fault]]:
    """Return the settings, or what is sound of them, and the faults."""
    faults: list[Fault] = []
    context = {"folder": folder}
    # written out, so that the default database too stands in this folder
    tables = {"buurtwacht": {}, **tables}
    try:
        settings = Settings.model_validate(tables, context=context)
    except ValidationError as error:
        faults = faults_of(error, Settings, lambda place: dotted(place, tables), where)
        broken = {left_out(detail["loc"]) for detail in error.errors(include_url=False)}
        settings = Settings.model_validate(sound(tables, broken), context=context)
    instance = settings.instance
    settings = settings.model_copy(
        update={
            "neighbourhoods": tuple(
                each.model_copy(
                    update={
                        "language": each.language or instance.language,
                        "timezone": each.timezone or instance.timezone,
                    }
                )
                for each in settings.neighbourhoods
            )
        }
    )
    settings._where = where
    return settings, [*faults, *_neighbourhood_faults(settings, codes(tables))]


def _neighbourhood_faults(settings: Settings, codes: Sequence[str]) -> list[Fault]:
    """Return what is wrong between neighbourhoods, and between them and their country."""
    faults = [
        settings.fault(f"neighbourhoods.{code}.code", "two neighbourhoods have this code", "give one another code")
        for code, times in Counter(codes).items()
        if times > 1
    ]
    there = frozenset(codes)  # a country has thousands
    facts = settings.instance.facts
    for each in settings.neighbourhoods:
        at = f"neighbourhoods.{each.code}"
        for postcode in each.postcodes:
            if not re.fullmatch(facts.postcode, postcode):
                mend = f"write it as {facts.postcode_example}"
                faults.append(
                    settings.fault(f"{at}.postcodes", f"{postcode!r} is not a postcode in {facts.code}", mend)
                )
        named = [(f"{at}.adjacent", code) for code in each.adjacent]
        named += [(f"{at}.borders.{street}", code) for street, code in each.borders.items()]
        for key, code in named:
            if code not in there or code == each.code:
                others = [one for one in codes if one != each.code]
                what = (
                    "a neighbourhood is not its own neighbour"
                    if code == each.code
                    else f"there is no neighbourhood {code}"
                )
                faults.append(
                    settings.fault(key, what, suggestion(code, others, "name the code of another one in this file"))
                )
    return faults


# --- accounts and plugins ------------------------------------------------------------------------------------------


def account_settings(settings: Settings, account: str) -> AccountSettings:
    """Return what the adapter of this account is told. Raises `KeyError` when there is no such account."""
    table = settings.channels[account]
    return AccountSettings(account, table.options, settings.web.public_url, settings.instance.country)


def account_faults(settings: Settings, adapters: Mapping[str, Adapter], installed: Collection[str] = ()) -> list[Fault]:
    """Return what is wrong with the accounts: adapters that are not there, and what each adapter says of its own.

    `installed` are the names of all adapters, those too that no account uses or that do not import.
    """
    names = sorted({*adapters, *installed})
    faults: list[Fault] = []
    for name, account in settings.channels.items():
        at = f"channels.{name}"
        adapter = adapters.get(account.adapter)
        if adapter is None:
            if account.adapter in names:
                continue  # that it does not import is told already
            mend = suggestion(account.adapter, names, f"set adapter to one of {', '.join(names)}")
            faults.append(settings.fault(at, f"no adapter is called {account.adapter}", mend))
            continue
        for fault in adapter.faults(account_settings(settings, name)):
            faults.append(settings.fault(f"{at}.{fault.where}" if fault.where else at, fault.what, fault.mend))
    return faults


def plugin_faults(settings: Settings, plugins: Mapping[str, type[BaseModel] | None]) -> list[Fault]:
    """Return what is wrong with the plugins' tables; `plugins` are those installed, with their models of settings."""
    faults: list[Fault] = []
    for each in settings.neighbourhoods:
        at = f"neighbourhoods.{each.code}"
        for key, names in ((f"{at}.plugins_off", each.plugins_off), (f"{at}.settings", tuple(each.settings))):
            faults += [_no_plugin(settings, key, name, plugins) for name in names if name not in plugins]
    for name in settings.plugins:
        if name not in plugins:
            faults.append(_no_plugin(settings, f"plugins.{name}", name, plugins))
    for name, model in plugins.items():
        faults += _everywhere_only(settings, name, model or NoSettings)
        places = [each.code for each in settings.neighbourhoods if name in each.settings]
        for code in (None, *places):
            faults += _table_faults(settings, code, name, model or NoSettings)
    return list(dict.fromkeys(faults))


def _everywhere_only(settings: Settings, plugin: str, model: type[BaseModel]) -> list[Fault]:
    """Return a fault for each setting of the whole installation that stands with a neighbourhood."""
    names = {field.alias or name for name, field in model.model_fields.items() if is_everywhere(field)}
    return [
        settings.fault(
            f"neighbourhoods.{each.code}.settings.{plugin}.{name}",
            "is one for the whole installation, and does nothing for one neighbourhood",
            f"write it in [plugins.{plugin}]",
        )
        for each in settings.neighbourhoods
        for name in each.settings.get(plugin, {})
        if name in names
    ]


class NoSettings(BaseModel):
    """The settings of a plugin that has none."""


def _table_faults(settings: Settings, code: str | None, plugin: str, model: type[BaseModel]) -> list[Fault]:
    """Return what is wrong with [plugins.<plugin>], or with what a neighbourhood has in its place."""
    common = settings.plugins.get(plugin, {})
    own = settings.neighbourhood(code).settings.get(plugin, {}) if code else {}

    def key(place: Place) -> str:
        table = f"neighbourhoods.{code}.settings.{plugin}" if place and place[0] in own else f"plugins.{plugin}"
        return ".".join([table, *(str(part) for part in place if isinstance(part, str))])

    table = {**common, **own}
    extra = model.model_config.get("extra")
    unknown = [name for name in table if name not in keys(model)] if extra not in ("allow", "forbid") else []
    faults = [settings.fault(key((name,)), *unknown_key(name, keys(model))) for name in unknown]
    try:
        known = {name: value for name, value in table.items() if name not in unknown}
        contained(lambda: model.model_validate(known))
    except ValidationError as error:
        faults += faults_of(error, model, key, settings._where)
    except Exception as error:
        what = f"its own check of these settings failed: {kind_of(error)}: {error}"
        faults.append(settings.fault(f"plugins.{plugin}", what, "mend the plugin, or remove the table"))
    return faults


def _no_plugin(settings: Settings, key: str, name: str, plugins: Mapping[str, object]) -> Fault:
    mend = suggestion(name, list(plugins), f"the plugins here are {', '.join(sorted(plugins))}")
    return settings.fault(key, f"no plugin is called {name}", mend)
