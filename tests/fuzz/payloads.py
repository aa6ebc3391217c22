"""What Telegram and Meta send, in their shapes: one body for each kind of thing they tell (Bot API; Cloud API)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

NUMBER_ID = "106540352242922"
_SECONDS = 1768524120
_FROM: Json = {"id": 77001, "is_bot": False, "first_name": "Fatima", "language_code": "nl"}
_PRIVATE: Json = {"id": 77001, "first_name": "Fatima", "type": "private"}
_GROUP: Json = {"id": -1001234, "title": "Tolberg", "type": "supergroup"}
_BOT: Json = {"id": 42, "is_bot": True, "first_name": "Buurtwacht", "username": "buurtwacht_bot"}


def _message(number: int, chat: Json = None, **content: Json) -> Json:
    return {"message_id": number, "from": _FROM, "chat": chat or _PRIVATE, "date": _SECONDS, **content}


def _file(**more: Json) -> Json:
    return {"file_id": "AgACAgQAAxkBAAM", "file_unique_id": "AQADu", "file_size": 1200, **more}


def _member(status: str, chat: Json) -> Json:
    return {
        "chat": chat,
        "from": _FROM,
        "date": _SECONDS,
        "old_chat_member": {"user": _BOT, "status": "member"},
        "new_chat_member": {"user": _BOT, "status": status},
    }


#: Updates of the Bot API without their number.
UPDATES: dict[str, Json] = {
    "text": {"message": _message(1, text="verdachte auto meidoornstraat, lichten uit")},
    "command": {"message": _message(2, text="/start TB", entities=[{"type": "bot_command", "offset": 0, "length": 6}])},
    "reply": {"message": _message(3, text="ja", reply_to_message=_message(1, text="112 gebeld?"))},
    "forward": {
        "message": _message(
            4, text="stop", forward_origin={"type": "hidden_user", "sender_user_name": "Piet", "date": _SECONDS}
        )
    },
    "photo": {
        "message": _message(5, caption="deze auto", photo=[_file(width=90, height=67), _file(width=800, height=600)])
    },
    "voice": {"message": _message(6, voice=_file(duration=3, mime_type="audio/ogg"))},
    "document": {"message": _message(7, document=_file(file_name="lijst.pdf", mime_type="application/pdf"))},
    "location": {"message": _message(8, location={"latitude": 51.52, "longitude": 4.45, "horizontal_accuracy": 12.5})},
    "venue": {
        "message": _message(9, venue={"location": {"latitude": 51.5, "longitude": 4.4}, "title": "Hal", "address": "1"})
    },
    "contact": {"message": _message(10, contact={"phone_number": "+31612345678", "first_name": "Piet"})},
    "sticker": {"message": _message(11, sticker=_file(type="regular", width=512, height=512, emoji="👍"))},
    "group": {"message": _message(12, _GROUP, text="aanvulling hij rijdt weg")},
    "migrates": {"message": _message(13, {"id": -55, "type": "group", "title": "T"}, migrate_to_chat_id=-1001234)},
    "joined": {"message": _message(14, _GROUP, new_chat_members=[_FROM])},
    "edited": {"edited_message": _message(1, text="verdachte bus", edit_date=_SECONDS + 5)},
    "tap": {
        "callback_query": {
            "id": "4382bfdwdsb323b2d9",
            "from": _FROM,
            "message": _message(15, text="112 gebeld?"),
            "chat_instance": "-3",
            "data": "q1:1",
        }
    },
    "old tap": {
        "callback_query": {
            "id": "4382",
            "from": _FROM,
            "message": {"chat": _PRIVATE, "message_id": 15, "date": 0},
            "data": "a:1",
        }
    },
    "reaction": {
        "message_reaction": {
            "chat": _PRIVATE,
            "message_id": 15,
            "user": _FROM,
            "date": _SECONDS,
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        }
    },
    "blocked": {"my_chat_member": _member("kicked", _PRIVATE)},
    "promoted": {"my_chat_member": _member("administrator", _GROUP)},
    "other": {"chat_member": _member("member", _GROUP)},
}

_WHO: dict[str, Json] = {"from": "31612345678", "from_user_id": "NL.1234567890", "timestamp": str(_SECONDS)}


def _said(kind: str, **content: Json) -> Json:
    return {**_WHO, "type": kind, **content}


#: Items of `messages` of the Cloud API without their id.
MESSAGES: dict[str, Json] = {
    "text": _said("text", text={"body": "verdachte auto meidoornstraat"}),
    "reply": _said("text", text={"body": "ja"}, context={"from": "15550783881", "id": "wamid.OURS"}),
    "forward": _said("text", text={"body": "stop"}, context={"forwarded": True, "frequently_forwarded": True}),
    "referral": _said("text", text={"body": "hoi"}, referral={"source_url": "https://a.example", "source_type": "ad"}),
    "image": _said("image", image={"caption": "deze", "mime_type": "image/jpeg", "sha256": "aGk=", "id": "1003383421"}),
    "audio": _said("audio", audio={"mime_type": "audio/ogg; codecs=opus", "sha256": "aGk=", "id": "55", "voice": True}),
    "document": _said("document", document={"filename": "a.pdf", "mime_type": "application/pdf", "id": "56"}),
    "location": _said("location", location={"latitude": 51.52, "longitude": 4.45, "name": "Hal", "address": "Plein 1"}),
    "contacts": _said("contacts", contacts=[{"name": {"formatted_name": "Piet"}, "phones": [{"phone": "+31 6 1"}]}]),
    "button": _said("button", button={"payload": "q1:1", "text": "Ja"}, context={"id": "wamid.OURS"}),
    "button reply": _said(
        "interactive", interactive={"type": "button_reply", "button_reply": {"id": "q1:1", "title": "Ja"}}
    ),
    "list reply": _said(
        "interactive",
        interactive={"type": "list_reply", "list_reply": {"id": "q1:2", "title": "Nee", "description": ""}},
        context={"from": "15550783881", "id": "wamid.OURS"},
    ),
    "reaction": _said("reaction", reaction={"message_id": "wamid.OURS", "emoji": "👍"}),
    "order": _said("order", order={"catalog_id": "1", "product_items": [{"product_retailer_id": "2", "quantity": 1}]}),
    "unsupported": _said("unsupported", errors=[{"code": 131051, "title": "Message type unknown"}]),
    "edit": _said("edit", edit={"original_message_id": "wamid.THEIRS", "message": {"text": {"body": "bus"}}}),
    "revoke": _said("revoke", revoke={"original_message_id": "wamid.THEIRS"}),
    "moved": {
        "from": "31612345678",
        "timestamp": str(_SECONDS),
        "type": "system",
        "system": {"body": "moved", "wa_id": "31687654321", "type": "user_changed_number", "user_id": "NL.99"},
    },
}
_PAID: Json = {"billable": True, "pricing_model": "PMP", "category": "utility"}
#: Items of `statuses`.
STATUSES: dict[str, Json] = {
    "sent": {"id": "wamid.OURS", "status": "sent", "timestamp": str(_SECONDS), "pricing": _PAID},
    "delivered": {"id": "wamid.OURS", "status": "delivered", "timestamp": str(_SECONDS), "recipient_id": "31612345678"},
    "read": {"id": "wamid.OURS", "status": "read", "biz_opaque_callback_data": "17"},
    "failed": {
        "id": "wamid.OURS",
        "status": "failed",
        "timestamp": str(_SECONDS),
        "errors": [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "not here"}}],
    },
}
#: What concerns the account.
ACCOUNT: list[Json] = [
    {"field": "message_template_status_update", "value": {"event": "PAUSED", "message_template_name": "bw_alert"}},
    {"field": "account_update", "value": {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}},
    {"field": "calls", "value": {"calls": [{"id": "c1", "from": "31612345678", "event": "connect"}]}},
]


def change(messages: list[Json], statuses: list[Json] | None = None) -> Json:
    """Return a change of the field messages with these items."""
    value: dict[str, Json] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID},
        "contacts": [{"profile": {"name": "Henk"}, "wa_id": "31612345678", "user_id": "NL.1234567890"}],
    }
    if messages:
        value["messages"] = messages
    if statuses:
        value["statuses"] = statuses
    return {"field": "messages", "value": value}


def envelope(*entries: list[Json]) -> Json:
    """Return a body with an entry for each list of changes."""
    found: list[Json] = [{"id": "102290129340398", "time": _SECONDS, "changes": one} for one in entries]
    return {"object": "whatsapp_business_account", "entry": found}


def named(item: Json, **more: Json) -> dict[str, Json]:
    """Return a copy of an item with more in it, such as an id of its own."""
    assert isinstance(item, dict)
    return {**item, **more}


def dump(body: Json) -> bytes:
    """Return a body as providers write it: everything beyond ASCII escaped."""
    return json.dumps(body).encode()


def signed(account: str, body: bytes, settings: Mapping[str, object]) -> dict[str, str]:
    """Return the headers with which the provider proves that a body is its own."""
    if account == "telegram":
        return {"x-telegram-bot-api-secret-token": str(settings["webhook_secret"])}
    digest = hmac.new(str(settings["app_secret"]).encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}
