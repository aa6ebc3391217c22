"""One e-mail account at work: mails out over SMTP, answers in through our own page."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from starlette.routing import Route

from buurtwacht import (
    Accept,
    AccountSettings,
    Clock,
    MediaRef,
    MenuCommand,
    Outgoing,
    Receipt,
    Rejected,
    SystemClock,
    Unreachable,
    mail_address,
)
from buurtwacht_email import CAPABILITIES
from buurtwacht_email.letters import Envelope, compose, subject_of
from buurtwacht_email.links import Links, Mail
from buurtwacht_email.page import AnswerPage
from buurtwacht_email.postbox import Connect, Postbox
from buurtwacht_email.settings import Settings


class EmailChannel:
    """A sender's address of ours."""

    def __init__(self, given: AccountSettings, settings: Settings) -> None:
        self.account = given.account
        self.capabilities = replace(CAPABILITIES, rate=settings.rate)
        self._settings = settings
        tls = given.options.get("tls")
        connect = given.options.get("connect")
        self._postbox = Postbox(
            settings.server,
            settings.domain,
            cast("Connect", connect) if callable(connect) else None,
            tls if isinstance(tls, ssl.SSLContext) else None,
        )
        clock = cast("Clock", given.options.get("clock") or SystemClock())
        self._now = clock.now
        self._links = Links(given.secret, settings.domain)
        #: where our page is reached; without a secret nobody could tell our links from made-up ones
        self._pages = f"{given.public_url}/webhooks/{given.account}" if given.public_url and given.secret else ""

    async def start(self) -> None:
        """Connect and log in. Raises `Misconfigured` when we are refused, `Throttled` or `Unavailable`."""
        await self._postbox.check()

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return the page on which mails are answered."""
        return AnswerPage(self.account, self._links, accept, self._now).routes()

    async def receive(self, accept: Accept) -> None:
        """Return at once: nobody reads what is sent back, and a mail says so."""

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one mail, with all its files. Raises a `DeliveryError`."""
        if outgoing.edit_of is not None:
            raise Rejected("mails_cannot_be_edited")
        handle = outgoing.handle("email")
        try:
            recipient = mail_address(handle.value if handle is not None else "")
        except ValueError:
            raise Unreachable("no_address") from None
        now = self._now()
        message_id = self._links.message_id(outgoing)
        envelope = Envelope(
            name=self._settings.name,
            sender=self._settings.address,
            recipient=recipient,
            at=now,
            message_id=message_id,
            thread_id=self._links.thread_id(outgoing.thread) if outgoing.thread else "",
        )
        page = ""
        if self._pages:
            mail = Mail(message_id, recipient, outgoing.options, subject_of(outgoing), outgoing.language or "nl")
            page = f"{self._pages}/{self._links.seal(mail, now)}"
        await self._postbox.post(self._settings.address, recipient, compose(outgoing, envelope, page))
        return Receipt(message_id)

    async def condition(self) -> str:
        """Return nothing: answers come through our own page, so nothing of the mail server keeps them from us."""
        return ""

    async def fetch(self, media: MediaRef) -> bytes:
        """Raise `Rejected`: no files come in by mail."""
        raise Rejected("no_files_here")

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Do nothing: mail has no menu."""

    def invite(self, payload: str, text: str) -> str:
        """Return nothing: nobody begins a conversation here."""
        return ""

    async def close(self) -> None:
        """Say goodbye to the mail server."""
        await self._postbox.close()
