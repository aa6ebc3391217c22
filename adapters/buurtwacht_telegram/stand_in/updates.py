"""How the stand-in hands over updates: kept until they are confirmed, or pushed to the webhook."""

from __future__ import annotations

import asyncio
import json
from collections import deque

import httpx

from buurtwacht.testing.provider import Update
from buurtwacht_telegram.shapes import Table
from buurtwacht_telegram.stand_in.limits import Refused, check_webhook, number_of
from buurtwacht_telegram.stand_in.town import Town


class Updates:
    """The queue of one bot, and the webhook that empties it where one is set."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.url = ""
        self.allowed: list[str] = []
        #: what went wrong at the last call of the webhook
        self.trouble = ""
        self.waiting: deque[dict[str, object]] = deque()
        self._arrived = asyncio.Event()

    def put(self, update: Update | None) -> None:
        """Keep an update for the next getUpdates."""
        if update is not None:
            self.waiting.append(json.loads(update.body))
            self._arrived.set()

    async def push(self, update: Update) -> int:
        """Call the webhook with an update and return the status; without a webhook keep it and return 0."""
        if not self.url:
            self.put(update)
            return 0
        async with httpx.AsyncClient() as client:
            answer = await client.post(self.url, content=update.body, headers=dict(update.headers))
        if answer.status_code != 200:
            self.trouble = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        return answer.status_code

    async def get(self, fields: Table, *, wait: bool) -> list[dict[str, object]]:
        """Return what waits, after dropping what `offset` confirms. Raises `Refused` while a webhook is set."""
        if self.url:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = number_of(fields, "offset") if fields.get("offset") is not None else 0
        while self.waiting and int(str(self.waiting[0]["update_id"])) < offset:
            self.waiting.popleft()
        seconds = number_of(fields, "timeout") if fields.get("timeout") is not None else 0
        if wait and seconds and not self.waiting:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), seconds)
            except TimeoutError:
                return []
        limit = number_of(fields, "limit") if fields.get("limit") is not None else 100
        return list(self.waiting)[:limit]

    def set_webhook(self, fields: Table) -> bool:
        """Set or remove the webhook. Raises `Refused` for an address that Telegram does not call."""
        url = str(fields.get("url", ""))
        secret = fields.get("secret_token")
        check_webhook(url, secret)
        self.url = url
        self.trouble = ""
        allowed = fields.get("allowed_updates")
        if isinstance(allowed, list):  # left out, the previous choice stays (Bot API)
            self.allowed = [str(each) for each in allowed]
        self._town.secret = str(secret or "")
        return True

    def drop_webhook(self) -> bool:
        """Remove the webhook; what waits stays."""
        self.url = ""
        return True

    def webhook_info(self) -> dict[str, object]:
        """Return what getWebhookInfo tells."""
        info: dict[str, object] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting),
            "allowed_updates": self.allowed,
        }
        if self.trouble:
            info["last_error_message"] = self.trouble
        return info
