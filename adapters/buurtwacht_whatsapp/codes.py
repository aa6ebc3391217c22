"""What Meta's error codes mean to us, as data: one table for answers to our requests and for failed statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from buurtwacht import (
    DeliveryError,
    Misconfigured,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one code comes to. `retry_after` in seconds and `scope` count for `Throttled` only."""

    error: type[DeliveryError]
    words: str
    retry_after: float = 0.0
    scope: Literal["recipient", "account"] = "account"

    def reason(self, code: int) -> str:
        """Return the words for the record, with the code and without anything about a person."""
        return f"{self.words} ({code})" if code else self.words

    def to_raise(self, code: int, retry_after: float | None = None) -> DeliveryError:
        """Return the error; `retry_after` is the provider's own wish in seconds, when it uttered one."""
        if self.error is Throttled:
            wait = self.retry_after if retry_after is None else retry_after
            return Throttled(wait, self.scope, self.reason(code))
        return self.error(self.reason(code))


#: Source: Meta, WhatsApp Business Platform > Support > Error codes (updated 2026-05-15) and the classes of pywa 4.5.
#: Waits are ours, where Meta names none: 131057 is an upgrade of at most a minute, 131048 and 131064 last for hours.
MEANINGS: Final[Mapping[int, Meaning]] = {
    # speed
    4: Meaning(Throttled, "too many calls of the app", 60.0),
    80007: Meaning(Throttled, "too many calls of the business account", 60.0),
    130429: Meaning(Throttled, "throughput", 1.0),
    131057: Meaning(Throttled, "maintenance of the number", 60.0),
    131056: Meaning(Throttled, "too many to one person", 6.0, "recipient"),
    131048: Meaning(Throttled, "flagged as spam", 3600.0),
    # counts people outside their window only: whoever wrote to us today is still reached
    131064: Meaning(Throttled, "messaging limit", 3600.0, "recipient"),
    133016: Meaning(Throttled, "too many registrations", 3600.0),
    # the person
    131026: Meaning(Unreachable, "undeliverable"),
    131030: Meaning(Unreachable, "not among the test recipients"),
    131021: Meaning(Unreachable, "our own number"),
    # the window, and what should have opened it
    131047: Meaning(WindowClosed, "24 hours passed"),
    132000: Meaning(WindowClosed, "template has other parameters"),
    132001: Meaning(WindowClosed, "template is not there or not approved"),
    132005: Meaning(WindowClosed, "template became too long"),
    132007: Meaning(WindowClosed, "template breaks the policy"),
    132008: Meaning(WindowClosed, "template parameter is missing"),
    132012: Meaning(WindowClosed, "template parameter has another form"),
    132015: Meaning(WindowClosed, "template paused"),
    132016: Meaning(WindowClosed, "template disabled"),
    132018: Meaning(WindowClosed, "template parameter is refused"),
    # the account
    0: Meaning(Misconfigured, "token refused"),
    3: Meaning(Misconfigured, "no right to this call"),
    10: Meaning(Misconfigured, "permission refused"),
    190: Meaning(Misconfigured, "token expired"),
    368: Meaning(Misconfigured, "account blocked for a policy"),
    131005: Meaning(Misconfigured, "access refused"),
    131031: Meaning(Misconfigured, "account locked"),
    131037: Meaning(Misconfigured, "display name not approved"),
    131042: Meaning(Misconfigured, "payment"),
    131045: Meaning(Misconfigured, "number not registered"),
    133010: Meaning(Misconfigured, "number not registered"),
    # trouble at Meta
    1: Meaning(Unavailable, "unknown trouble at the provider"),
    2: Meaning(Unavailable, "service down"),
    131000: Meaning(Unavailable, "something went wrong"),
    131016: Meaning(Unavailable, "service overloaded"),
    133004: Meaning(Unavailable, "server away"),
    # the message
    100: Meaning(Rejected, "parameter refused"),
    130472: Meaning(Rejected, "recipient is in an experiment"),
    130497: Meaning(Rejected, "country not allowed"),
    131008: Meaning(Rejected, "parameter missing"),
    131009: Meaning(Rejected, "parameter value refused"),
    131049: Meaning(Rejected, "held back for the recipient's sake"),
    131050: Meaning(Rejected, "recipient stopped marketing"),
    131051: Meaning(Rejected, "kind of message not known"),
    131052: Meaning(Rejected, "file not fetched"),
    131053: Meaning(Rejected, "file not accepted"),
    131062: Meaning(Rejected, "needs a phone number"),
    131063: Meaning(Rejected, "marketing templates are off"),
    135000: Meaning(Rejected, "refused"),
    137000: Meaning(Rejected, "identity changed"),
}

_PERMISSIONS = Meaning(Misconfigured, "permission refused")
_TEMPLATE = Meaning(WindowClosed, "template trouble")
_TOO_FAST = Meaning(Throttled, "too many requests", 30.0)
_PASSING = Meaning(Unavailable, "passing trouble at the provider")
_REFUSED = Meaning(Rejected, "refused for an unknown reason")


def meaning(code: int | None, status: int | None = None, *, transient: bool = False) -> Meaning:
    """Return what `code` comes to; for an unknown one the HTTP status decides, or Meta's `is_transient`.

    `status` is None for a failed status: Meta has then tried already, so an unknown code is final.
    """
    if code is not None:
        if code in MEANINGS:
            return MEANINGS[code]
        if 200 <= code < 300:
            return _PERMISSIONS
        if 132000 <= code < 132050:
            return _TEMPLATE
    if status == 429:
        return _TOO_FAST
    if transient or status == 408:
        return _PASSING
    if status is None or 400 <= status < 500:
        return _REFUSED
    return _PASSING
