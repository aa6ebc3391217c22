"""The bodies of the stand-in's webhook requests, signed as Meta signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from buurtwacht.testing.provider import Update
from buurtwacht_whatsapp.stand_in.people import Person

Item: TypeAlias = dict[str, object]


def signed(body: bytes, secret: str) -> Update:
    """Return a request with `body` and the signature over its bytes."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Update({"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}, body)


def escaped(value: object) -> bytes:
    r"""Return JSON as Meta writes it: \uXXXX for what is not ASCII, and \/ for a slash."""
    return json.dumps(value).replace("/", "\\/").encode()


class Envelope:
    """Wraps items into a body for one number of ours."""

    def __init__(self, waba_id: str, number_id: str, display_number: str, secret: str) -> None:
        self._waba_id = waba_id
        self._metadata = {"display_phone_number": display_number, "phone_number_id": number_id}
        self._secret = secret

    def messages(self, person: Person, items: Sequence[Item]) -> Update:
        """Return the request for what a person did."""
        return self._change({"contacts": [_contact(person)], "messages": list(items)})

    def without_contacts(self, kind: str, items: Sequence[Item]) -> Update:
        """Return the request for statuses, or for system messages: Meta leaves `contacts` out there."""
        return self._change({kind: list(items)})

    def _change(self, told: Mapping[str, object]) -> Update:
        value = {"messaging_product": "whatsapp", "metadata": self._metadata, **told}
        entry = {"id": self._waba_id, "changes": [{"value": value, "field": "messages"}]}
        return signed(escaped({"object": "whatsapp_business_account", "entry": [entry]}), self._secret)


def _contact(person: Person) -> Item:
    return {"profile": {"name": person.name}, "wa_id": person.wa_id, "user_id": person.user}


def from_person(person: Person, ident: str, at: int, kind: str, content: object) -> Item:
    """Return one item of the `messages` list; `at` in seconds since 1970."""
    return {
        "from": person.wa_id,
        "from_user_id": person.user,
        "id": ident,
        "timestamp": str(at),
        "type": kind,
        kind: content,
    }


def context(reply_to: str | None, forwarded: bool, our_number: str) -> Item:
    """Return the context of a message, empty when there is none."""
    told: Item = {}
    if reply_to is not None:
        told = {"from": our_number, "id": reply_to}
    if forwarded:
        told["forwarded"] = True
    return {"context": told} if told else {}
