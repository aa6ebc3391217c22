"""What the owner of a telephone does with it; each act becomes an `Inbound`, as the messenger would send it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from buurtwacht import Blocked, Inbound, Location, MediaRef, Parcel, Reacted, Said, StoreUnavailable, Tapped
from buurtwacht_playground.board import Board
from buurtwacht_playground.receipts import State, reported
from buurtwacht_playground.styles import CAPABILITIES, Style
from buurtwacht_playground.telephones import Bubble, Telephone
from buurtwacht_playground.words import Mistake

#: How every Ogg file begins; nobody listens to the rest.
_VOICE = b"OggS"

Act: TypeAlias = Said | Tapped | Reacted | Blocked


class Hands:
    """The hands that hold the telephones: the page's buttons and the story use them alike."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def telephone(self, ident: str) -> Telephone:
        """Return the telephone with this id. Raises `Mistake` (404) when there is none."""
        self.board.gather()
        if ident not in self.board.telephones:
            raise Mistake(404, "no_telephone")
        return self.board.telephones[ident]

    async def say(
        self,
        telephone: Telephone,
        text: str,
        *,
        key: str | None = None,
        reply_to: str | None = None,
        forwarded: bool = False,
    ) -> None:
        """Send what was typed; "/start word" carries its word apart, as a deep link does."""
        command, _, word = text.partition(" ")
        start = word.strip() if command == "/start" and telephone.style is not Style.WHATSAPP else None
        quoted = self._bubble(telephone, reply_to) if reply_to else None
        bubble = self._own(text, key=key, quotes=quoted.text if quoted else "")
        said = Said(bubble.id, text=text, reply_to=reply_to, forwarded=forwarded, start=start)
        await self._sends(telephone, bubble, said)

    async def photo(
        self, telephone: Telephone, content: bytes, mime: str, caption: str = "", *, key: str | None = None
    ) -> None:
        """Send a photo, with its caption if there is one."""
        bubble = self._own(caption, key=key, files=(Parcel("photo.jpg", mime, content, kind="photo"),))
        media = MediaRef(bubble.id, mime, "photo", "photo.jpg")
        await self._sends(telephone, bubble, Said(bubble.id, text=caption, media=media))

    async def voice(self, telephone: Telephone, *, key: str | None = None) -> None:
        """Send a few spoken words: a file that nobody listens to."""
        bubble = self._own("", key=key, files=(Parcel("voice.ogg", "audio/ogg", _VOICE, kind="document"),))
        await self._sends(telephone, bubble, Said(bubble.id, media=MediaRef(bubble.id, "audio/ogg", "voice")))

    async def location(
        self, telephone: Telephone, latitude: float, longitude: float, *, key: str | None = None
    ) -> None:
        """Send a position in degrees."""
        place = Location(latitude, longitude)
        bubble = self._own("", key=key, location=place)
        await self._sends(telephone, bubble, Said(bubble.id, location=place))

    async def tap(self, telephone: Telephone, message: str, option: str, *, key: str | None = None) -> None:
        """Choose an answer under one of our messages."""
        self._must_work(telephone)
        asked = self._bubble(telephone, message)
        label = next((known.label for known in asked.options if known.id == option), None)
        if label is None or asked.layout not in ("buttons", "list"):
            raise Mistake(404, "no_option")
        if telephone.style is Style.WHATSAPP:
            # On WhatsApp an answer is a message of its own, which quotes the question.
            bubble = self._own(label, key=key, quotes=asked.text)
            await self._sends(telephone, bubble, Tapped(option, on=message, message=bubble.id))
        else:
            await self._happens(telephone, Tapped(option, on=message), key)
        asked.chosen = option
        self.board.show(telephone, asked)

    async def react(self, telephone: Telephone, message: str, emoji: str, *, key: str | None = None) -> None:
        """Put an emoji on one of our messages; an empty one takes it away."""
        self._must_work(telephone)
        bubble = self._bubble(telephone, message)
        if bubble.mine:
            raise Mistake(409, "own_message")
        if telephone.style is Style.WHATSAPP:
            self._heard(telephone)
        await self._happens(telephone, Reacted(emoji, on=message), key)
        bubble.reaction = emoji
        self.board.show(telephone, bubble)

    def window(self, telephone: Telephone, *, opened: bool) -> None:
        """Open or close the 24 hours in which free text may come, as if its owner had just written, or long ago."""
        window = CAPABILITIES[telephone.style].window
        if window is None:
            raise Mistake(409, "no_window")
        telephone.heard = self.board.bench.now() - (timedelta(0) if opened else window)
        self.board.change(telephone)

    async def block(self, telephone: Telephone, *, blocked: bool, key: str | None = None) -> None:
        """Block the bot, or allow it again; Telegram tells us (my_chat_member), WhatsApp does not."""
        if telephone.style is Style.TELEGRAM and blocked != telephone.blocked:
            await self._happens(telephone, Blocked(blocked), key)
        telephone.blocked = blocked
        self.board.change(telephone)

    def switch(self, telephone: Telephone, *, on: bool) -> None:
        """Switch the telephone on or off."""
        telephone.on = on
        self.board.change(telephone)

    async def report(self, telephone: Telephone, message: str, state: State, *, key: str | None = None) -> None:
        """Report what became of one of our messages."""
        try:
            await reported(self.board, telephone, self._bubble(telephone, message), state, key)
        except StoreUnavailable as error:
            raise Mistake(503, "not_kept") from error

    def _must_work(self, telephone: Telephone) -> None:
        if not telephone.on:
            raise Mistake(409, "is_off", name=telephone.name)
        if telephone.blocked:
            raise Mistake(409, "is_blocked", name=telephone.name)

    def _bubble(self, telephone: Telephone, ident: str) -> Bubble:
        if ident not in telephone.bubbles:
            raise Mistake(404, "no_message")
        return telephone.bubbles[ident]

    def _own(
        self,
        text: str,
        *,
        key: str | None,
        quotes: str = "",
        files: tuple[Parcel, ...] = (),
        location: Location | None = None,
    ) -> Bubble:
        now: datetime = self.board.bench.now()
        return Bubble(
            id=key or self.board.new_key(),
            text=text,
            at=now,
            mine=True,
            quotes=quotes,
            files=files,
            location=location,
            tick="pending",
        )

    async def _sends(self, telephone: Telephone, bubble: Bubble, event: Act) -> None:
        self._must_work(telephone)
        self.board.show(telephone, bubble)
        self._heard(telephone)
        try:
            await self._happens(telephone, event, bubble.id)
        except Mistake:
            bubble.tick = "failed"
            self.board.show(telephone, bubble)
            raise
        # The answer may have come while the event was being kept.
        if bubble.tick == "pending":
            bubble.tick = "delivered"
            self.board.show(telephone, bubble)

    def _heard(self, telephone: Telephone) -> None:
        telephone.heard = self.board.bench.now()
        self.board.change(telephone)

    async def _happens(self, telephone: Telephone, event: Act, key: str | None) -> None:
        inbound = Inbound(
            key=key or self.board.new_key(),
            event=event,
            at=self.board.bench.now(),
            sender=(telephone.handle,),
            name=telephone.name,
            language=telephone.language,
        )
        telephone.started = True
        try:
            await self.board.give(telephone.account, inbound)
        except StoreUnavailable as error:
            raise Mistake(503, "not_kept") from error
