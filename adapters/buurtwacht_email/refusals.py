"""What a mail server answers, in the words on which retries rest (RFC 5321 §4.2, RFC 3463 for the longer codes)."""

from __future__ import annotations

import re
import ssl
from enum import Enum

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
)

from buurtwacht import Ambiguous, DeliveryError, Misconfigured, Rejected, Throttled, Unavailable, Unreachable

#: Seconds that a server wants us to wait when it does not say how many: greylisting lets go after five minutes.
_GREYLISTED = 300.0
_LONGEST = 3600.0
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_SECONDS = re.compile(r"\b(\d{1,5}) ?s(?:ec(?:ond)?s?)?\b", re.IGNORECASE)


class Phase(Enum):
    """How far a mail had come: no word of it was said, its sender, its recipient, or the whole of it."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


def verdict(error: Exception, phase: Phase) -> DeliveryError:
    """Return what an error means for a mail that had come so far. A reason holds codes and nobody's words."""
    if isinstance(error, SMTPResponseException):
        return _answered(error, phase)
    if _is_untrusted(error):
        return Misconfigured("tls_failed")
    if phase is Phase.CONTENT:
        return Ambiguous("no_answer")
    if phase is Phase.CONNECT and (type(error) is SMTPException or isinstance(error, SMTPNotSupported)):
        return Misconfigured("login_not_offered")  # no way to log in that both of us know
    return Unavailable("no_connection")


def _is_untrusted(error: Exception) -> bool:
    """Whether TLS failed for what it is about: a certificate nobody vouches for, or a server that speaks no TLS."""
    cause = error.__cause__ if isinstance(error, SMTPConnectError) else error
    return isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError)


def _answered(error: SMTPResponseException, phase: Phase) -> DeliveryError:
    found = _ENHANCED.match(error.message)
    subject, detail = (int(found[2]), int(found[3])) if found else (0, 0)
    reason = f"{error.code}_{found[0].strip()}" if found else str(error.code)
    if error.code < 0:  # what came was no answer
        return Ambiguous("answer_unreadable") if phase is Phase.CONTENT else Unavailable("answer_unreadable")
    if 400 <= error.code < 500:
        return _later(error, phase, reason, subject)
    if isinstance(error, SMTPAuthenticationError) or error.code in (530, 534, 535, 538):
        return Misconfigured(f"login_refused_{reason}")
    if phase is Phase.CONNECT or (phase is Phase.SENDER and error.code != 552):
        return Misconfigured(f"{phase.value}_refused_{reason}")
    if phase is not Phase.SENDER and (subject == 1 or (subject, detail) == (2, 1)):
        return Unreachable(reason)  # no such mailbox or host, or one that is switched off
    if phase is Phase.RECIPIENT and error.code in (550, 551, 553) and subject != 7:
        return Unreachable(reason)
    return Rejected(reason)


def _later(error: SMTPResponseException, phase: Phase, reason: str, subject: int) -> DeliveryError:
    """A passing refusal: for speed or policy (4.7.x) with a wait, of a mailbox (4.2.x) with one, else try again."""
    speed = subject == 7 and not isinstance(error, SMTPAuthenticationError)
    if not speed and not (phase is Phase.RECIPIENT and subject == 2 and error.code != 421):
        return Unavailable(reason)
    said = _SECONDS.search(error.message)
    wait = min(max(float(said[1]), 1.0), _LONGEST) if said else _GREYLISTED
    scope = phase is Phase.RECIPIENT and error.code != 421
    return Throttled(wait, "recipient" if scope else "account", reason)
