"""Telegram for Buurtwacht: what it can do and what its settings must be; the channel itself is loaded when opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from buurtwacht import AccountSettings, Capabilities, Channel, Fault, Pace

#: Bot API: text 4096, caption 1024, 100 buttons; about 30 messages a second, 1 a second to one chat. Twenty a minute to
#: a group holds in every sliding minute: five at once and fifteen more.
CAPABILITIES = Capabilities(
    text=4096,
    interactive_text=4096,
    caption=1024,
    buttons=100,
    button_title=64,
    edit=True,
    reactions=True,
    photos=True,
    documents=True,
    location=True,
    needs_start=True,
    groups=True,
    rate=30.0,
    recipient_pace=Pace(1.0, 3),
    group_pace=Pace(4.0, 5),
    handle_kind="chat",
)

API_URL = "https://api.telegram.org"

_KEYS = {"adapter", "token", "webhook_secret", "api_url", "rate"}
#: what a program, never a file, may put beside them: an httpx transport, a Clock, a coroutine that waits, a Bench
_INJECTED = {"transport", "clock", "pause", "bench"}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
#: Bot API, setWebhook
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Telegram:
    """The adapter: judges an account's settings and opens its channel."""

    name = "telegram"
    capabilities = CAPABILITIES
    stand_in = "buurtwacht_telegram.stand_in:BotApi"

    def faults(self, settings: AccountSettings) -> Sequence[Fault]:
        """Return everything wrong with [channels.<account>], all at once."""
        return [
            *_unknown(settings),
            *_token(settings),
            *_secret(settings),
            *_addresses(settings),
            *_rate(settings),
        ]

    def open(self, settings: AccountSettings) -> Channel:
        """Make the channel; python-telegram-bot is loaded here, and nothing is asked of the network yet."""
        from buurtwacht_telegram.channel import TelegramChannel

        return TelegramChannel(settings)


adapter = Telegram()


def _unknown(settings: AccountSettings) -> Iterator[Fault]:
    for key in sorted(set(settings.options) - _KEYS - _INJECTED):
        yield Fault(key, "unknown key", f"remove it; known are {', '.join(sorted(_KEYS))}")


def _token(settings: AccountSettings) -> Iterator[Fault]:
    token = settings.options.get("token", "")
    if token in ("", None):
        yield Fault("token", "missing", "enter the token that @BotFather gave, preferably through the environment")
    elif not isinstance(token, str) or not _TOKEN.fullmatch(token):
        yield Fault("token", "not a bot token", "copy it whole from @BotFather: digits, a colon, letters and digits")


def _secret(settings: AccountSettings) -> Iterator[Fault]:
    secret = settings.options.get("webhook_secret", "")
    if secret in ("", None):
        if settings.public_url:
            yield Fault(
                "webhook_secret",
                "missing while web.public_url is set",
                "make up a long one of letters and digits",
            )
    elif not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        yield Fault("webhook_secret", "not what Telegram accepts", "1 to 256 letters, digits, _ and -")


def _addresses(settings: AccountSettings) -> Iterator[Fault]:
    api_url = settings.options.get("api_url", API_URL)
    if not isinstance(api_url, str) or not _is_web(api_url):
        yield Fault("api_url", "not a web address", f"leave it out, or write it like {API_URL}")
    if settings.public_url and not _is_public(settings.public_url):
        yield Fault("public_url", "web.public_url is not https", "Telegram calls https only; loopback is for tests")


def _rate(settings: AccountSettings) -> Iterator[Fault]:
    rate = settings.options.get("rate", CAPABILITIES.rate)
    if isinstance(rate, str) and re.fullmatch(r"\d+(\.\d+)?", rate):
        rate = float(rate)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < float("inf"):
        yield Fault("rate", "not a positive number", "messages a second; Telegram allows about 30")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_public(address: str) -> bool:
    if not _is_web(address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
