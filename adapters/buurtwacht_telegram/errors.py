"""What the Bot API answers, in the words on which retries rest."""

from __future__ import annotations

import re

from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, TelegramError

from buurtwacht import Ambiguous, DeliveryError, Rejected, Throttled, Unavailable, Unreachable
from buurtwacht_telegram.request import Down, Flood, Garbled, Lost, Unsent

#: descriptions of a 400 that speak of the address, not of the message; lower case, with the code we keep
_GONE = {
    "chat not found": "chat_not_found",
    "user not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "bot was blocked": "blocked",
    "bot is not a member": "kicked",
    "bot can't initiate": "not_started",
    "group chat was deactivated": "deactivated",
    "not enough rights to send": "no_rights",
    "have no rights to send": "no_rights",
    "chat_write_forbidden": "no_rights",
}


def delivery_error(error: TelegramError) -> DeliveryError:
    """Return what `error` means for a message. A refused token and a moved group are judged by the channel."""
    match error:
        case Flood():
            return Throttled(error.seconds, "recipient")
        case Unsent():
            return Unavailable("no_connection")
        case Down() | Conflict():
            return Unavailable("server_trouble")
        case Lost():
            return Ambiguous("no_answer")
        case Garbled():
            return Ambiguous("answer_unreadable")
        case Forbidden():
            return Unreachable(_gone(error.message) or "forbidden")
        case BadRequest():
            gone = _gone(error.message)
            return Unreachable(gone) if gone else Rejected(_code(error.message))
        case NetworkError() if error.__cause__ is None or isinstance(error.__cause__, TelegramError):
            return Rejected("refused")  # one of the rarer 4xx, such as 413
    return Ambiguous("unknown")


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit failed because the message reads so already, which is all that was wanted."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def is_caption(error: TelegramError) -> bool:
    """Whether an edit of a text failed because the message is a file with a caption."""
    return isinstance(error, BadRequest) and "no text in the message" in error.message.lower()


def _gone(message: str) -> str:
    lowered = message.lower()
    return next((code for sign, code in _GONE.items() if sign in lowered), "")


def _code(message: str) -> str:
    """Return a description as a code for the record: letters only, nothing quoted, so that no person is in it."""
    plain = re.sub(r"\"[^\"]*\"|'[^']*'|\S*\d\S*", " ", message.lower())
    return "_".join(re.findall(r"[a-z]+", plain)[:8])[:60] or "rejected"
