"""What may not be read in a log line, and what stands there instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping

HIDDEN = "[hidden]"

_SECRET_KEY = re.compile(
    r"(^|_)(text|body|payload|caption|token|secret|password|authorization|cookie|address|handle|phone|chat)s?$"
    r"|^(chat|phone)_(id|number)$"
)
#: Of these the last digits are shown, so that their owner can be found.
_MASKED_KEY = re.compile(r"(^|_)(phone|chat|handle|address)")
#: Written by ourselves, and nothing of anybody's in them.
_PLAIN_KEYS = frozenset({"timestamp", "trace", "level", "logger", "stack"})
#: Ids that we make ourselves are long numbers too.
_ID_KEYS = frozenset(
    {
        *("id", "ids", "broadcast", "broadcasts", "delivery", "deliveries", "inbox", "media", "membership", "message"),
        *("neighbourhood", "person", "persons", "question", "record", "subject", "thread", "timer", "timers"),
    }
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Bot API: digits, a colon, 35 characters; shorter ones are hidden too
    (re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}"), HIDDEN),
    # Graph API: access tokens begin like this
    (re.compile(r"\bEA[A-Za-z0-9]{30,}"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?)(?!bearer|basic)[^\s'\",]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b([\w.]*(?:token|secret|password)=)[^\s&'\"]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(://[^\s:/@]*):[^\s/@]+@"), rf"\1:{HIDDEN}@"),
    # WhatsApp's message ids hold the recipient's number in base64
    (re.compile(r"wamid\.[A-Za-z0-9+/=_-]+"), "wamid.…"),
)
#: Seven digits or more: in one piece, or the way people write telephone numbers. Dates and times are not.
_NUMBER = re.compile(r"\+\d[\d ()-]{5,}\d|(?<![\w-])0\d[\d -]{6,}\d|(?<![A-Za-z0-9])-?\d{7,}(?![A-Za-z0-9])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


def masked(value: str | int) -> str:
    """Return a telephone number, chat id or e-mail address so that its owner recognises it and nobody else.

    "+31612345678" (E.164) becomes "+31 6 ****5678", "123456789" "****6789", "riet@example.org" "r***@example.org".
    """
    text = str(value).strip()
    if _EMAIL.fullmatch(text):
        name, _, host = text.partition("@")
        return f"{name[0]}***@{host}"
    digits = re.sub(r"\D", "", text)
    if len(digits) < 7:
        return "****"
    if not text.startswith("+"):
        return f"****{digits[-4:]}"
    # only now: its tables take a while to load
    import phonenumbers

    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+****{digits[-4:]}"
    return f"+{number.country_code} {str(number.national_number)[0]} ****{digits[-4:]}"


def redact(_logger: object, _method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Hide what must not be read: a processor for structlog, the last before the line is written."""
    return {key: _redacted(key, value) for key, value in event.items()}


def _redacted(key: str, value: object) -> object:
    if key in _PLAIN_KEYS:
        return value
    if key in _ID_KEYS and (isinstance(value, int) or _are_ids(value)):
        return value
    if value and _SECRET_KEY.search(key.lower()):
        return masked(value) if isinstance(value, str | int) and _MASKED_KEY.search(key.lower()) else HIDDEN
    return _safe(value)


def _are_ids(value: object) -> bool:
    return isinstance(value, list | tuple | set | frozenset) and all(isinstance(part, int) for part in value)


def _safe(value: object) -> object:
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return masked(value) if abs(value) >= 1_000_000 else value
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes"
    if isinstance(value, Mapping):
        return {str(key): _redacted(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(part) for part in value]
    if isinstance(value, BaseException):
        return type(value).__qualname__
    text = str(value)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    text = _EMAIL.sub(lambda found: masked(found[0]), text)
    return _NUMBER.sub(lambda found: masked(found[0]), text)
