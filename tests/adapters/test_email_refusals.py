"""What a mail server answers, and what that means for a mail."""

from __future__ import annotations

import ssl

import pytest
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPReadTimeoutError,
    SMTPRecipientRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from buurtwacht import Ambiguous, DeliveryError, Misconfigured, Rejected, Throttled, Unavailable, Unreachable
from buurtwacht_email.refusals import Phase, verdict


def of_recipient(code: int, message: str) -> DeliveryError:
    return verdict(SMTPRecipientRefused(code, message, "els@example.org"), Phase.RECIPIENT)


def of_sender(code: int, message: str) -> DeliveryError:
    return verdict(SMTPSenderRefused(code, message, "alarm@example.org"), Phase.SENDER)


def of_content(code: int, message: str) -> DeliveryError:
    return verdict(SMTPDataError(code, message), Phase.CONTENT)


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (550, "5.1.1 <els@example.org>: no such user", Unreachable),
        (550, "no such user", Unreachable),
        (551, "user not local", Unreachable),
        (553, "mailbox name not allowed", Unreachable),
        (554, "5.1.1 no such user", Unreachable),
        (550, "5.2.1 mailbox disabled", Unreachable),
        (550, "5.7.1 relaying denied", Rejected),
        (552, "5.2.2 mailbox full", Rejected),
        (554, "5.7.1 blocked", Rejected),
        (530, "5.7.0 log in first", Misconfigured),
        (421, "4.3.2 shutting down", Unavailable),
        (451, "4.3.0 local trouble", Unavailable),
        (452, "4.3.1 out of space", Unavailable),
        (450, "4.2.1 busy", Throttled),
        (452, "4.2.2 full for now", Throttled),
        (450, "4.7.1 greylisted", Throttled),
    ],
)
def test_of_a_recipient(code: int, message: str, expected: type[DeliveryError]) -> None:
    found = of_recipient(code, message)
    assert type(found) is expected
    assert "els" not in found.reason
    assert not isinstance(found, Throttled) or found.scope == "recipient"


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (553, "5.7.1 not your address", Misconfigured),
        (550, "5.1.8 no such sender", Misconfigured),
        (530, "5.7.0 log in first", Misconfigured),
        (552, "5.3.4 too big", Rejected),
        (451, "4.3.0 local trouble", Unavailable),
        (421, "4.7.0 too many messages", Throttled),
        (450, "4.7.1 slow down", Throttled),
    ],
)
def test_of_our_own_address(code: int, message: str, expected: type[DeliveryError]) -> None:
    found = of_sender(code, message)
    assert type(found) is expected
    assert not isinstance(found, Throttled) or found.scope == "account"


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (552, "5.3.4 too big", Rejected),
        (554, "5.6.0 not this", Rejected),
        (550, "5.7.1 looks like spam", Rejected),
        (550, "5.1.1 no such user after all", Unreachable),
        (451, "4.3.0 local trouble", Unavailable),
        (452, "4.7.0 too fast", Throttled),
        (-1, "gibberish", Ambiguous),
    ],
)
def test_of_the_mail_itself(code: int, message: str, expected: type[DeliveryError]) -> None:
    assert type(of_content(code, message)) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SMTPAuthenticationError(535, "5.7.8 wrong password"), Misconfigured),
        (SMTPAuthenticationError(454, "4.7.0 try later"), Unavailable),
        (SMTPConnectResponseError(554, "no service for you"), Misconfigured),
        (SMTPConnectResponseError(421, "4.3.2 busy"), Unavailable),
        (SMTPConnectResponseError(421, "4.7.0 too many connections"), Throttled),
        (SMTPHeloError(550, "who?"), Misconfigured),
        (SMTPNotSupported("no AUTH"), Misconfigured),
        (SMTPException("no way to log in"), Misconfigured),
        (SMTPConnectError("refused"), Unavailable),
        (SMTPServerDisconnected("gone"), Unavailable),
        (SMTPReadTimeoutError("silence"), Unavailable),
        (ssl.SSLCertVerificationError("self-signed"), Misconfigured),
        (ssl.SSLEOFError("gone"), Unavailable),
        (ConnectionResetError("gone"), Unavailable),
    ],
)
def test_of_the_connection(error: Exception, expected: type[DeliveryError]) -> None:
    assert type(verdict(error, Phase.CONNECT)) is expected


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), SMTPReadTimeoutError("silence")])
def test_what_is_lost_before_the_mail_was_said_can_be_said_again_and_after_it_nobody_knows(error: Exception) -> None:
    assert type(verdict(error, Phase.SENDER)) is Unavailable
    assert type(verdict(error, Phase.RECIPIENT)) is Unavailable
    assert type(verdict(error, Phase.CONTENT)) is Ambiguous


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("4.7.1 Greylisted for 240 seconds", 240.0),
        ("4.7.1 come back in 7 secs", 7.0),
        ("4.7.1 try again in 99999s", 3600.0),
        ("4.7.1 try again in 0 seconds", 1.0),
        ("4.7.1 greylisted", 300.0),
    ],
)
def test_a_server_that_says_how_long_is_believed_within_reason(message: str, seconds: float) -> None:
    found = of_recipient(450, message)
    assert isinstance(found, Throttled)
    assert found.retry_after == seconds
