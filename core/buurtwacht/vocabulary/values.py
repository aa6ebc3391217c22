"""Single values in plugins.toml: what each may be, and the sentence for who wrote something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from buurtwacht.vocabulary.clock import QuietHours
from buurtwacht.vocabulary.countries import COUNTRIES
from buurtwacht.vocabulary.faults import Unfit, suggestion
from buurtwacht.vocabulary.streets import Street, named, read_streets
from buurtwacht.vocabulary.texts import LANGUAGES


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise Unfit(f"{value!r} is not a language we speak", f"choose {' or '.join(LANGUAGES)}")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = suggestion(value, available_timezones(), "write a name such as Europe/Amsterdam")
        raise Unfit(f"{value!r} is not a time zone", near) from None
    return value


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise Unfit(
            f"{value!r} is not a country in our table",
            suggestion(value, COUNTRIES, f"choose one of {', '.join(COUNTRIES)}"),
        )
    return value


def _database(value: str, info: ValidationInfo) -> str:
    scheme, _, rest = value.partition("://")
    if scheme == "sqlite":
        name = rest.removeprefix("/").partition("?")[0]
        if not rest.startswith("/") or not name or name == ":memory:":
            raise Unfit("names no file to keep the data in", 'write "sqlite:///buurtwacht.db"')
        return f"sqlite:///{_folder(info) / name}" + value[value.index(name) + len(name) :]
    if scheme == "postgresql+psycopg":
        if not urlsplit(value).path.strip("/"):
            raise Unfit("names no database", 'write "postgresql+psycopg://user@host/buurtwacht"')
        return value
    if scheme in ("postgres", "postgresql") or scheme.startswith("postgresql+"):
        raise Unfit(f'"{scheme}://" does not name the driver we use', 'write "postgresql+psycopg://…"')
    raise Unfit("is not a database we can use", 'write "sqlite:///buurtwacht.db" or "postgresql+psycopg://…"')


def _public_url(value: str) -> str:
    if not value:
        return value
    try:
        url = urlsplit(value)
        host, _ = url.hostname or "", url.port
    except ValueError:
        host = ""
    if not host or url.query or url.fragment or url.username:
        raise Unfit("is not an address", 'write "https://" and the name of the host')
    if url.scheme != "https" and not (url.scheme == "http" and _loopback(host)):
        raise Unfit("is not an https address", f'write "https://{host}": no messenger calls any other')
    return value.rstrip("/")


def _heartbeat_url(value: str) -> str:
    """Check an address that is a secret: what is wrong with it is said without it."""
    if not value:
        return value
    try:
        url = urlsplit(value)
        host, _ = url.hostname or "", url.port
    except ValueError:
        host = ""
    if not host or not value.isascii() or not value.isprintable() or " " in value:
        raise Unfit("is not an address", "copy it from whoever watches, with https:// in front")
    if url.scheme != "https" and not (url.scheme == "http" and _loopback(host)):
        raise Unfit("is not an https address", "whoever reads it on its way could keep the alarm silent: take https")
    return value


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _quiet_hours(value: object) -> QuietHours | None:
    if value is None or isinstance(value, QuietHours):
        return value
    try:
        hours = QuietHours.parse(value) if isinstance(value, str) else QuietHours.parse("-")
    except ValueError:
        raise Unfit(f"{value!r} is not a span of time", 'write "22:30-07:00", or "" for none') from None
    if hours and hours.start == hours.end:
        raise Unfit("begins and ends at the same time", 'write "22:30-07:00", or "" for none')
    return hours


def _streets(value: object, info: ValidationInfo) -> tuple[Street, ...]:
    mend = "write a list of names, or the name of a file with the columns street,lat,lon"
    if isinstance(value, str):
        path = _folder(info) / value
        try:
            return read_streets(path)
        except OSError as error:
            raise Unfit(f"{value} cannot be read: {error.strerror}", "put the file beside the settings") from None
        except UnicodeDecodeError:
            raise Unfit(f"{value} is not text in UTF-8", "save it again as UTF-8") from None
        except ValueError as error:
            raise Unfit(str(error), "each line reads Esdoornlaan,51.5301,4.4402") from None
    if not isinstance(value, list | tuple | dict):
        raise Unfit("is neither a list nor a file", mend)
    try:
        return named(value)
    except ValueError as error:
        raise Unfit(str(error), mend) from None


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{1,6}", value):
        raise Unfit(f"{value!r} is not a code", "write one to six capitals or digits, such as TB")
    return value


def _account(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", value):
        raise Unfit(f"{value!r} cannot be the name of an account", "write small letters, digits, - or _")
    return value


def _frozen(value: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(value))


def _folder(info: ValidationInfo) -> Path:
    context = info.context if isinstance(info.context, dict) else {}
    folder = context.get("folder")
    return folder if isinstance(folder, Path) else Path()


Language: TypeAlias = Annotated[str, AfterValidator(_language)]
Timezone: TypeAlias = Annotated[str, AfterValidator(_timezone)]
Code: TypeAlias = Annotated[str, AfterValidator(_code)]
Options: TypeAlias = Annotated[Mapping[str, object], AfterValidator(_frozen)]
Country: TypeAlias = Annotated[str, AfterValidator(_country)]
Database: TypeAlias = Annotated[str, AfterValidator(_database)]
PublicUrl: TypeAlias = Annotated[str, AfterValidator(_public_url)]
HeartbeatUrl: TypeAlias = Annotated[str, AfterValidator(_heartbeat_url)]
AccountName: TypeAlias = Annotated[str, AfterValidator(_account)]
Hours: TypeAlias = Annotated[QuietHours | None, BeforeValidator(_quiet_hours)]
Streets: TypeAlias = Annotated[tuple[Street, ...], BeforeValidator(_streets)]
