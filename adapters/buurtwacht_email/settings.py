"""The table [channels.<account>] of an e-mail account: its keys, their faults and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from buurtwacht import Fault, mail_address

#: Mails a second: what a provider of mail takes from one customer without a word beforehand.
RATE = 5.0
#: RFC 8314 §3.3: mail is handed in over TLS, at 465 from the first byte, at 587 after STARTTLS.
_PORTS = {"smtps": 465, "smtp": 587}
_KEYS = ("adapter", "smtp_url", "sender", "rate")
#: what a program, never a file, may put beside them
_INJECTED = ("connect", "tls", "transport", "clock", "pause", "bench")
_URL = "smtps://name:password@mail.example.org:465"


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `is_tls`: from the first byte; `is_local`: this machine, where plain text goes."""

    host: str
    port: int
    is_tls: bool
    is_local: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """A table without faults: the server, the sender's name and address, and mails a second."""

    server: Server
    name: str
    address: str
    rate: float = RATE

    @property
    def domain(self) -> str:
        """The sender's domain, in which our names of mails end."""
        return self.address.partition("@")[2]


def faults(options: Mapping[str, object]) -> list[Fault]:
    """Return all that is wrong with the table, each with its mend; nothing of a password is in them."""
    found = [
        Fault(key, "unknown key", f"remove it; known are {', '.join(_KEYS)}")
        for key in sorted(set(options) - {*_KEYS, *_INJECTED})
    ]
    return [*found, *_url_faults(options.get("smtp_url", "")), *_sender_faults(options), *_rate_faults(options)]


def _url_faults(value: object) -> Iterator[Fault]:
    if value in ("", None):
        yield Fault("smtp_url", "missing", f'write "{_URL}", preferably in the environment')
        return
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        port = parts.port
    except ValueError:
        yield Fault("smtp_url", "is not an address", f'write it like "{_URL}"; signs such as / and @ as %2F and %40')
        return
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        yield Fault("smtp_url", "is not the address of a mail server", f'write it like "{_URL}"')
        return
    if parts.path.strip("/") or parts.query or parts.fragment:
        yield Fault("smtp_url", "has something behind its port", f'write it like "{_URL}"')
    if parts.password and not parts.username:
        yield Fault("smtp_url", "has a password without a name", f'write it like "{_URL}"')


def _sender_faults(options: Mapping[str, object]) -> Iterator[Fault]:
    sender = options.get("sender", "")
    if sender in ("", None):
        yield Fault("sender", "missing", 'write "Buurtwacht Roosendaal <alarm@example.org>"')
    elif not isinstance(sender, str) or _sender(sender) is None:
        yield Fault("sender", "is not a sender", 'write it like "Buurtwacht Roosendaal <alarm@example.org>"')


def _rate_faults(options: Mapping[str, object]) -> Iterator[Fault]:
    if _rate(options.get("rate", RATE)) is None:
        yield Fault("rate", "not a positive number", "mails a second, such as 5")


def read(options: Mapping[str, object]) -> Settings:
    """Return the values of a table in which `faults` found nothing."""
    parts = urlsplit(str(options["smtp_url"]))
    host = parts.hostname or ""
    server = Server(
        host=host,
        port=parts.port or _PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        is_local=_is_loopback(host),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
    name, address = _sender(str(options["sender"])) or ("", "")
    return Settings(server, name, address, _rate(options.get("rate", RATE)) or RATE)


def _sender(written: str) -> tuple[str, str] | None:
    """Return name and address of a sender; None for what is none, such as one with a line break in it."""
    if not written.isprintable():
        return None
    name, address = parseaddr(written)
    try:
        return name, mail_address(address)
    except ValueError:
        return None


def _rate(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        return None
    return float(value)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
