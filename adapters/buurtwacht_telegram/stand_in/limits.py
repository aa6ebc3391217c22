"""What the Bot API refuses for its form or length, and how it says so."""

from __future__ import annotations

import re
from collections.abc import Mapping

from buurtwacht_telegram.shapes import Malformed, Table, items, table

TEXT, CAPTION, CALLBACK_BYTES, ROW, BUTTONS = 4096, 1024, 64, 8, 100
PHOTO_BYTES, DOCUMENT_BYTES = 10 * 1024 * 1024, 50 * 1024 * 1024

_COMMON = {"chat_id", "disable_notification", "protect_content", "reply_parameters", "reply_markup"}
_TEXT = {"text", "parse_mode", "entities", "link_preview_options"}
_CAPTION = {"caption", "parse_mode", "caption_entities"}
_EDIT = {"chat_id", "message_id", "inline_message_id", "reply_markup"}

#: the methods spoken here and the parameters each knows; the real server ignores others, so they are complaints
METHODS: Mapping[str, frozenset[str]] = {
    name.lower(): frozenset(parameters)
    for name, parameters in {
        "getMe": set[str](),
        "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
        "setWebhook": {"url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"},
        "deleteWebhook": {"drop_pending_updates"},
        "getWebhookInfo": set[str](),
        "sendMessage": _COMMON | _TEXT,
        "sendPhoto": _COMMON | _CAPTION | {"photo", "has_spoiler", "show_caption_above_media"},
        "sendDocument": _COMMON | _CAPTION | {"document", "disable_content_type_detection"},
        "sendLocation": _COMMON | {"latitude", "longitude", "horizontal_accuracy", "live_period"},
        "editMessageText": _EDIT | _TEXT,
        "editMessageCaption": _EDIT | _CAPTION | {"show_caption_above_media"},
        "editMessageReplyMarkup": _EDIT,
        "deleteMessage": {"chat_id", "message_id"},
        "answerCallbackQuery": {"callback_query_id", "text", "show_alert", "url", "cache_time"},
        "getFile": {"file_id"},
        "setMyCommands": {"commands", "scope", "language_code"},
        "getMyCommands": {"scope", "language_code"},
    }.items()
}


class Refused(Exception):
    """An answer that is no success; `complaint` says that a well-behaved program would not have asked."""

    def __init__(self, code: int, description: str, *, complaint: bool = False, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.complaint = complaint
        self.parameters = parameters


class Broken(Exception):
    """The connection breaks before an answer: nobody can know whether the message arrived."""


def bad(description: str) -> Refused:
    """Return the 400 for a request that breaks a rule of form or length."""
    return Refused(400, f"Bad Request: {description}", complaint=True)


def options_of(fields: Table) -> tuple[tuple[str, str], ...]:
    """Return the buttons of a request as (id, label). Raises `Refused` beyond the limits."""
    markup = fields.get("reply_markup")
    if markup is None:
        return ()
    try:
        rows = [_row(row) for row in items(table(markup, "reply_markup"), "inline_keyboard")]
    except Malformed as error:
        raise bad(f"can't parse inline keyboard: {error}") from error
    if any(len(row) > ROW for row in rows) or sum(map(len, rows)) > BUTTONS:
        raise bad("too many buttons")
    return tuple(button for row in rows for button in row)


def _row(row: object) -> list[tuple[str, str]]:
    if not isinstance(row, list):
        raise bad("can't parse inline keyboard: a row is not a list")
    return [_button(table(button, "button")) for button in row]


def _button(button: Table) -> tuple[str, str]:
    label, choice = button.get("text"), button.get("callback_data")
    if not isinstance(label, str) or not label.strip():
        raise bad("BUTTON_TEXT_INVALID")
    if not isinstance(choice, str) or not 1 <= len(choice.encode()) <= CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return choice, label


def text_of(fields: Table, name: str, longest: int) -> str:
    """Return the text under `name`, at most `longest` characters; empty when absent. Raises `Refused`."""
    text = fields.get(name, "")
    if not isinstance(text, str):
        raise bad(f"{name} must be a string")
    if len(text) > longest:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text


def number_of(fields: Table, name: str) -> int:
    """Return the whole number under `name`, which a form gives as text. Raises `Refused`."""
    value = fields.get(name)
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise bad(f"{name} is empty" if value is None else f"{name} is not a number")
    return value


def degrees_of(fields: Table, name: str, largest: float) -> float:
    """Return the degrees under `name`. Raises `Refused` outside their range."""
    try:
        value = float(str(fields.get(name)))
    except ValueError:
        raise bad(f"{name} is not a number") from None
    if not -largest <= value <= largest:
        raise bad(f"{name} is out of range")
    return value


def check_commands(commands: object) -> list[dict[str, str]]:
    """Return a menu: at most 100 words of a-z, 0-9 and _, descriptions of 1 to 256. Raises `Refused`."""
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("can't parse commands")
    for each in commands:
        word = each.get("command") if isinstance(each, dict) else None
        if not isinstance(word, str) or not re.fullmatch(r"[a-z0-9_]{1,32}", word):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(each.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def check_webhook(url: str, secret: object) -> None:
    """Check the address and secret of a webhook. Raises `Refused`; http is for loopback, as on a local server."""
    if url and not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(secret)):
        raise bad("secret token contains unallowed characters")
