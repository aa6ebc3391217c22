"""One WhatsApp account at work: sending, files, receiving by webhook, invitations and templates."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, cast
from urllib.parse import quote

import httpx
import structlog
from starlette.routing import Route

from buurtwacht import (
    Accept,
    Clock,
    DeliveryError,
    MediaRef,
    MenuCommand,
    Misconfigured,
    Outgoing,
    Parcel,
    Receipt,
    Rejected,
    SystemClock,
    TemplateState,
    TemplateText,
    Throttled,
    Unavailable,
)
from buurtwacht_whatsapp import outgoing as form
from buurtwacht_whatsapp.adapter import CAPABILITIES
from buurtwacht_whatsapp.graph import Graph
from buurtwacht_whatsapp.recipients import recipient
from buurtwacht_whatsapp.settings import Settings
from buurtwacht_whatsapp.templates import Templates
from buurtwacht_whatsapp.webhook import Webhook

#: Bytes: Meta's limit for audio and video, and more than a telephone's photo takes.
FETCH_LIMIT: Final = 16 * 1024 * 1024
#: Seconds an uploaded file is used again; Meta keeps it for 30 days.
_UPLOAD_LASTS: Final = 7 * 24 * 3600.0
_UPLOADS_KEPT: Final = 256
_BEGUN_KEPT: Final = 1000

_log = structlog.get_logger("buurtwacht.whatsapp")


class WhatsAppChannel:
    """A phone number of ours on WhatsApp."""

    def __init__(self, account: str, settings: Settings, options: Mapping[str, object]) -> None:
        self.account = account
        self.capabilities = replace(CAPABILITIES, rate=settings.rate)
        self._settings = settings
        transport = options.get("transport")
        self._graph = Graph(settings, transport if isinstance(transport, httpx.AsyncBaseTransport) else None)
        self._templates = Templates(self._graph, settings, account)
        clock = cast("Clock", options.get("clock") or SystemClock())
        self._now = clock.now
        self._number = settings.number.lstrip("+")
        self._uploads: OrderedDict[tuple[str, str, bytes], tuple[str, float]] = OrderedDict()
        self._uploading = asyncio.Lock()
        #: by delivery: the text, the id of its first part and how many parts went, of messages that stopped half-way
        self._begun: OrderedDict[int, tuple[str, str, int]] = OrderedDict()

    async def start(self) -> None:
        """Ask for our own number, which needs a valid token and a right id.

        Raises `Misconfigured` when that is refused, `Unavailable` when it cannot be asked.
        """
        try:
            number = await self._graph.number()
        except Rejected as error:
            raise Misconfigured(error.reason) from error
        except Throttled as error:
            raise Unavailable(error.reason) from error
        self._number = "".join(filter(str.isdigit, number)) or self._number

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return the webhook: Meta's challenge, and its updates."""
        return Webhook(self.account, self._settings, accept, self._now).routes()

    async def receive(self, accept: Accept) -> None:
        """Return at once: WhatsApp only comes by webhook."""

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one message, in as many requests as it has parts: its words, then each file more, then its location.

        The receipt is that of the words. A further part that must wait raises, and a repeat goes on with that part; a
        further part that is refused is logged, as the words have arrived. Raises a `DeliveryError`, nothing else.
        """
        if outgoing.edit_of is not None:
            raise Rejected("messages cannot be edited here")
        to = recipient(outgoing)
        parcels = () if outgoing.template else outgoing.parcels
        plan = form.parts(outgoing, [await self._upload(parcel) for parcel in parcels])
        text, first, done = self._begun.pop(outgoing.delivery, ("", "", 0))
        if text != outgoing.text or not done:
            tracker = str(outgoing.delivery)
            first = await self._graph.send(to, plan[0], tracker=tracker, reply_to=outgoing.reply_to)
            done = 1
        for number, part in enumerate(plan[done:], start=done + 1):
            try:
                await self._graph.send(to, part, tracker=f"{outgoing.delivery}.{number}")
            except (Throttled, Unavailable):
                self._remember(outgoing, first, number - 1)
                raise
            except DeliveryError as error:
                _log.warning("part not sent", account=self.account, kind=part.kind, reason=error.reason)
        return Receipt(first)

    def _remember(self, outgoing: Outgoing, first: str, done: int) -> None:
        self._begun[outgoing.delivery] = (outgoing.text, first, done)
        while len(self._begun) > _BEGUN_KEPT:
            self._begun.popitem(last=False)

    async def _upload(self, parcel: Parcel) -> str:
        """Return the id of a file at Meta: a picture for 200 neighbours is uploaded once."""
        if len(parcel.content) > form.DOCUMENT_BYTES:
            raise Rejected(f"a file of over {form.DOCUMENT_BYTES} bytes")
        key = (parcel.name, parcel.mime, hashlib.sha256(parcel.content).digest())
        async with self._uploading:
            ident, since = self._uploads.get(key, ("", 0.0))
            if ident and time.monotonic() - since < _UPLOAD_LASTS:
                return ident
            ident = await self._graph.upload(parcel)
            self._uploads[key] = (ident, time.monotonic())
            while len(self._uploads) > _UPLOADS_KEPT:
                self._uploads.popitem(last=False)
            return ident

    async def condition(self) -> str:
        """Return nothing: Meta calls us, and tells nobody how many calls it has waiting."""
        return ""

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a file, up to 16 MB. Raises `Unavailable`, or `Rejected` when it is gone or larger."""
        try:
            return await self._graph.download(media.ref, FETCH_LIMIT)
        except (Throttled, Misconfigured) as error:
            raise Unavailable(error.reason) from error

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Do nothing: WhatsApp has no menu of commands."""

    def invite(self, payload: str, text: str) -> str:
        """Return a wa.me link that opens a conversation with `text` typed already; WhatsApp knows no payloads.

        Raises `Unavailable` while our number is neither in the settings nor learnt by `start`.
        """
        if not self._number:
            raise Unavailable("our own number is not known yet")
        return f"https://wa.me/{self._number}?text={quote(text, safe='')}"

    async def templates(self) -> Sequence[TemplateState]:
        """Return how Meta judged each template with our prefix.

        Raises `ConfigurationError` without `waba_id`, else `DeliveryError`s.
        """
        return await self._templates.states()

    async def submit(self, templates: Sequence[TemplateText]) -> Sequence[TemplateState]:
        """Submit what Meta does not have yet, or has in other words, and return the state of each.

        Raises `ConfigurationError` without `waba_id`, else `DeliveryError`s.
        """
        return await self._templates.submit(templates)

    def webhook_form(self) -> Sequence[tuple[str, str]]:
        """Return what is entered by hand at Meta (WhatsApp > Configuration > Webhook), besides our address."""
        shown = f"{self._settings.verify_token[:2]}… (verify_token in the configuration)"
        return (("Verify token", shown), ("Webhook fields", "messages"))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._graph.close()
