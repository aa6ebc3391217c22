"""The channel: puts what the core sends on a telephone's screen, with the messenger's limits and receipts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.routing import Route

from buurtwacht import (
    Accept,
    AccountSettings,
    MediaRef,
    MenuCommand,
    Outgoing,
    Receipt,
    Rejected,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht_playground.board import board_of
from buurtwacht_playground.limits import check
from buurtwacht_playground.receipts import delivered
from buurtwacht_playground.styles import CAPABILITIES, Style
from buurtwacht_playground.telephones import Bubble, Telephone


class PlaygroundChannel:
    """One account whose telephones lie on the board."""

    def __init__(self, settings: AccountSettings) -> None:
        self.account = settings.account
        self.style = Style(str(settings.options.get("style", Style.BROWSER)))
        rate = settings.options.get("rate")
        known = CAPABILITIES[self.style]
        self.capabilities = replace(known, rate=float(rate)) if isinstance(rate, int | float) else known
        self.board = board_of(settings.options)
        self.board.join(self.account, self.style)
        self._receipts: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Put down the telephones of this account."""
        self.board.gather()

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return the page and what it calls; only the first account of the demo has them."""
        from buurtwacht_playground.web import routes

        self.board.answer_to(self.account, accept)
        if not self.board.host:
            self.board.host = self.account
        return routes(self.board) if self.board.host == self.account else ()

    async def receive(self, accept: Accept) -> None:
        """Return at once: everything comes through the page."""
        self.board.answer_to(self.account, accept)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Show a message on the recipient's telephone. Raises a `DeliveryError` where the messenger would refuse it."""
        telephone = self._recipient(outgoing)
        self.board.before(telephone, outgoing)
        check(outgoing, self.capabilities)
        if outgoing.template is None and not telephone.window_open(self.board.bench.now()):
            raise WindowClosed("window_closed")
        bubble = self._changed(telephone, outgoing) if outgoing.edit_of is not None else self._new(telephone, outgoing)
        self._mark_read(telephone)
        self.board.show(telephone, bubble)
        self.board.after(telephone, outgoing, bubble)
        if self.capabilities.receipts and telephone.reports:
            task = asyncio.get_running_loop().create_task(delivered(self.board, telephone, bubble))
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)
        return Receipt(bubble.id)

    async def condition(self) -> str:
        """Return nothing: the board is in this process."""
        return ""

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a photo that a person sent. Raises `Rejected` when no telephone has it."""
        for telephone in self.board.telephones.values():
            bubble = telephone.bubbles.get(media.ref)
            if telephone.account == self.account and bubble is not None and bubble.mine and bubble.files:
                return bubble.files[0].content
        raise Rejected("media_gone")

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Do nothing: these telephones show no command menu."""

    def invite(self, payload: str, text: str) -> str:
        """Return the page's address: who is invited finds his telephone there."""
        return "/playground"

    async def close(self) -> None:
        """Report what is still to be reported, and leave the board."""
        if self._receipts:
            await asyncio.gather(*self._receipts)
        self.board.leave(self.account)

    def _recipient(self, outgoing: Outgoing) -> Telephone:
        values = [handle.value for handle in outgoing.to]
        telephone = self.board.find(self.account, values)
        if telephone is None:
            self.board.gather()
            telephone = self.board.find(self.account, values)
        if telephone is None or outgoing.is_group:
            raise Unreachable("not_on_the_board")
        if telephone.blocked:
            raise Unreachable("blocked")
        if self.capabilities.needs_start and not telephone.started:
            raise Unreachable("not_started")
        if not telephone.on:
            raise Unavailable("switched_off")
        return telephone

    def _new(self, telephone: Telephone, outgoing: Outgoing) -> Bubble:
        quoted = telephone.bubbles.get(outgoing.reply_to or "")
        return Bubble(
            id=self.board.new_key(),
            text=outgoing.text,
            at=self.board.bench.now(),
            silent=outgoing.silent,
            options=outgoing.options,
            layout=str(outgoing.layout),
            list_title=outgoing.list_title,
            template=outgoing.template.name if outgoing.template else "",
            files=outgoing.parcels,
            location=outgoing.location,
            quotes=quoted.text if quoted else "",
            delivery=outgoing.delivery,
        )

    def _changed(self, telephone: Telephone, outgoing: Outgoing) -> Bubble:
        bubble = telephone.bubbles.get(outgoing.edit_of or "")
        if bubble is None or bubble.mine:
            raise Rejected("message_to_edit_not_found")
        if bubble.text != outgoing.text:
            bubble.edited = True
        bubble.text = outgoing.text
        bubble.options = outgoing.options
        bubble.layout = str(outgoing.layout)
        bubble.chosen = ""
        return bubble

    def _mark_read(self, telephone: Telephone) -> None:
        for own in telephone.bubbles.values():
            if own.mine and own.tick == "delivered":
                own.tick = "read"
                self.board.show(telephone, own)
