"""The table [channels.<account>] of a WhatsApp account: its keys, their faults and their values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from buurtwacht import Fault

API_URL = "https://graph.facebook.com"
API_VERSION = "v26.0"
#: Messages a second of one number (Meta, throughput: 80, raised to 1,000 by Meta itself).
RATE = 80.0
TEMPLATES = "buurtwacht"
#: The oldest Graph API that pywa 4.5 speaks.
OLDEST_VERSION = 17.0

#: Needed keys, and where each is found.
_NEEDED = {
    "phone_number_id": "the id, not the number, from WhatsApp > API setup in Meta's app dashboard",
    "token": "a permanent token of a system user with whatsapp_business_messaging",
    "app_secret": "App settings > Basic > App secret in Meta's app dashboard",
    "verify_token": "a word you make up, and enter again beside the webhook's address",
}
_TEXTS = ("waba_id", "api_url", "api_version", "templates", "number")
#: Keys that are not written in the file: the adapter's name, and what tests and the demo put in the place of the world.
_GIVEN = ("adapter", "transport", "clock", "bench")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Settings:
    """A table without faults. `number` is the display number in E.164, or empty until it was asked for."""

    phone_number_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    waba_id: str = ""
    api_url: str = API_URL
    api_version: float = 26.0
    rate: float = RATE
    templates: str = TEMPLATES
    number: str = ""


def faults(options: Mapping[str, object]) -> list[Fault]:
    """Return all that is wrong with the table, each with its mend."""
    found = [Fault(key, "is missing", mend) for key, mend in _NEEDED.items() if options.get(key) in (None, "")]
    known = {*_NEEDED, *_TEXTS, *_GIVEN, "rate"}
    found += [
        Fault(key, "is not a key of a WhatsApp account", f"take it out, or use one of {', '.join(sorted(known))}")
        for key in options
        if key not in known
    ]
    for key in (*_NEEDED, *_TEXTS):
        if key in options and _text(options[key]) is None:
            found.append(Fault(key, "is not a text", 'write it between quotes: "…"'))
    return found + _shapes(options)


def _shapes(options: Mapping[str, object]) -> list[Fault]:
    found: list[Fault] = []
    for key in ("phone_number_id", "waba_id"):
        value = _text(options.get(key, "")) or ""
        if value and not re.fullmatch(r"[0-9]{1,32}", value):
            found.append(Fault(key, "is not an id of digits", "copy the id from Meta's app dashboard"))
    token = _text(options.get("token", "")) or ""
    if not (token.isascii() and token.isprintable()):
        found.append(Fault("token", "has signs that no request can carry", "copy it whole, and nothing beside it"))
    if _version(options) is None:
        found.append(Fault("api_version", "is not a version from v17.0 on", f'write it as "{API_VERSION}"'))
    if not _is_url(_text(options.get("api_url", API_URL)) or API_URL):
        found.append(Fault("api_url", "is neither https nor loopback", f'leave it out for "{API_URL}"'))
    if _rate(options) is None:
        found.append(Fault("rate", "is not a number above 0", "messages a second, such as 80"))
    prefix = _text(options.get("templates", TEMPLATES))
    if prefix is not None and not re.fullmatch(r"[a-z0-9_]{1,64}", prefix):
        found.append(Fault("templates", "is not a prefix of a-z, 0-9 and _", f'write such as "{TEMPLATES}"'))
    number = _text(options.get("number", "")) or ""
    if number and not re.fullmatch(r"\+[1-9]\d{6,14}", number):
        found.append(Fault("number", "is not a number in E.164", 'write it as "+31612345678", or leave it out'))
    return found


def read(options: Mapping[str, object]) -> Settings:
    """Return the values of a table in which `faults` found nothing."""

    def text(key: str, default: str = "") -> str:
        return _text(options.get(key, default)) or default

    return Settings(
        phone_number_id=text("phone_number_id"),
        token=text("token"),
        app_secret=text("app_secret"),
        verify_token=text("verify_token"),
        waba_id=text("waba_id"),
        api_url=text("api_url", API_URL).rstrip("/"),
        api_version=_version(options) or 26.0,
        rate=_rate(options) or RATE,
        templates=text("templates", TEMPLATES),
        number=text("number"),
    )


def _text(value: object) -> str | None:
    """Return a text; ids that the environment turned into whole numbers count as one."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _version(options: Mapping[str, object]) -> float | None:
    matched = re.fullmatch(r"v(\d{1,3}\.\d)", _text(options.get("api_version", API_VERSION)) or API_VERSION)
    version = float(matched[1]) if matched else 0.0
    return version if version >= OLDEST_VERSION else None


def _rate(options: Mapping[str, object]) -> float | None:
    value = options.get("rate", RATE)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        rate = float(value)
    except ValueError:
        return None
    return rate if 0 < rate < float("inf") else None


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.query or parts.fragment or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
