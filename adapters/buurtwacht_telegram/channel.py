"""One Telegram account at work: what the core calls, put together from composing, requests, parsing and polling."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import httpx
import structlog
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError

from buurtwacht import (
    Accept,
    AccountSettings,
    Clock,
    DeliveryError,
    Inbound,
    MediaRef,
    MenuCommand,
    Misconfigured,
    Outgoing,
    Receipt,
    Rejected,
    StoreUnavailable,
    SystemClock,
    Unavailable,
)
from buurtwacht_telegram import API_URL, CAPABILITIES
from buurtwacht_telegram.compose import Letter, chat_of, compose, compose_edit
from buurtwacht_telegram.errors import delivery_error, is_caption, is_unchanged
from buurtwacht_telegram.names import Names
from buurtwacht_telegram.parse import Identity, moved, read_item, read_update
from buurtwacht_telegram.polling import HOLD, Polling
from buurtwacht_telegram.request import Garbled, Wire
from buurtwacht_telegram.shapes import hint
from buurtwacht_telegram.webhook import Registration, register, registration, settle, webhook_route

if TYPE_CHECKING:
    from starlette.routing import Route

log = structlog.get_logger(__name__)

#: connections for messages, and for polling and the answers to taps, which must not wait behind messages
_LANES, _SIDE_LANES = 32, 4
#: taps waiting to be answered; Telegram stops the spinning wheel by itself, so the rest is let go
_ANSWERS = 100
#: Bot API: a bot downloads at most 20 MB
_LARGEST_FILE = 20 * 1024 * 1024
#: messages known to be files with a caption, so that editing them needs no second try
_CAPTIONED = 20_000
#: seconds between the requests of one delivery: the pace counts it as one, and one chat takes one a second
_BETWEEN = 1.0

_MENU_WORD = re.compile(r"[a-z0-9_]{1,32}")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class TelegramChannel:
    """A bot. Made by `Telegram.open`; the core's contract is `buurtwacht.Channel`."""

    def __init__(self, settings: AccountSettings) -> None:
        options = settings.options
        self.account = settings.account
        self.capabilities = replace(CAPABILITIES, rate=float(str(options.get("rate", CAPABILITIES.rate))))
        transport = cast("httpx.AsyncBaseTransport | None", options.get("transport"))
        address, token = str(options.get("api_url") or API_URL), str(options.get("token", ""))
        self._wire = Wire(address, token, _LANES, transport)
        self._side = Wire(address, token, _SIDE_LANES, transport)
        self._clock = cast("Clock", options.get("clock") or SystemClock())
        self._pause = cast("Callable[[float], Awaitable[None]]", options.get("pause") or asyncio.sleep)
        self._secret = str(options.get("webhook_secret", ""))
        self._wanted = f"{settings.public_url}/webhooks/{settings.account}" if settings.public_url else ""
        self._names = Names(token)
        self._identity = Identity(names=self._names)
        self._accept: Accept | None = None
        self._judging = asyncio.Lock()
        self._answers: set[asyncio.Task[None]] = set()
        self._captioned: deque[str] = deque(maxlen=_CAPTIONED)
        self._is_captioned: set[str] = set()
        self.polling = Polling(
            self.account,
            self._side,
            self._read_item,
            self._is_refused,
            self._answer,
            self._pause,
            hold=HOLD if transport is None else 0,
        )

    # --- starting and stopping -----------------------------------------------------------------------------------

    async def identify(self) -> Identity:
        """Ask Telegram who we are. Raises `Misconfigured` when it refuses the token, `Unavailable` if it is silent."""
        try:
            found = await self._wire.call("getMe")
        except InvalidToken:
            raise Misconfigured("token_refused") from None
        except TelegramError as error:
            raise Unavailable(f"getMe_{type(error).__name__.lower()}") from None
        me = found if isinstance(found, dict) else {}
        number = me.get("id")
        self._identity = Identity(
            id=number if isinstance(number, int) else 0,
            username=hint(me, "username"),
            reads_groups=me.get("can_read_all_group_messages") is True,
            names=self._names,
        )
        return self._identity

    async def start(self) -> None:
        """Check the token, and have Telegram call us or hold our updates, whichever the settings say.

        Raises `Misconfigured` when the token is refused, `Unavailable` when Telegram cannot be asked or refuses the
        webhook's address.
        """
        await self.identify()
        try:
            await settle(self._side, self._wanted, self._secret)
        except BadRequest:
            raise Unavailable("webhook_refused") from None
        except TelegramError as error:
            raise Unavailable(f"webhook_{type(error).__name__.lower()}") from None

    async def webhook(self) -> Registration:
        """Return what Telegram calls and what it should. Raises a `DeliveryError`."""
        try:
            return await registration(self._side, self._wanted)
        except TelegramError as error:
            raise await self._judged(error) from None

    async def set_webhook(self) -> Registration:
        """Have Telegram call us (or nobody, without a public address) and return what it says. As `webhook`."""
        try:
            await register(self._side, self._wanted, self._secret)
        except TelegramError as error:
            raise await self._judged(error) from None
        return await self.webhook()

    async def close(self) -> None:
        """Let go of connections; answers to taps that are still under way are dropped."""
        for task in self._answers:
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._wire.shutdown()
        await self._side.shutdown()

    # --- receiving -----------------------------------------------------------------------------------------------

    def routes(self, accept: Accept) -> Sequence[Route]:
        """Return the webhook's route; none while the account is polled, so that its path answers 404."""
        self._accept = accept
        if not self._wanted:
            return []
        return [webhook_route(self.account, self._secret, accept, self._read_body, self._answer)]

    async def receive(self, accept: Accept) -> None:
        """Poll until cancelled; return at once when Telegram calls us. Raises `Misconfigured`."""
        self._accept = accept
        if not self._wanted:
            await self.polling.run(accept)

    async def condition(self) -> str:
        """Return what keeps us from hearing anything now, in Telegram's words or a short code; empty: nothing known.

        Raises a `DeliveryError` when Telegram cannot be asked.
        """
        if not self._wanted:
            return self.polling.trouble
        try:
            return (await registration(self._side, self._wanted)).condition
        except InvalidToken:
            return ""  # this server does not know the question; whether the token is good shows in what we send
        except TelegramError as error:
            raise delivery_error(error) from None

    def _read_body(self, body: bytes) -> tuple[Inbound | None, str]:
        return read_update(body, self._identity, self._clock.now())

    def _read_item(self, update: object) -> tuple[Inbound | None, str]:
        return read_item(update, self._identity, self._clock.now())

    def _answer(self, tap: str) -> None:
        """Stop the wheel on a tapped button, without waiting and without minding whether it worked."""
        if len(self._answers) < _ANSWERS:
            task = asyncio.create_task(self._answer_tap(tap))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer_tap(self, tap: str) -> None:
        with suppress(TelegramError):  # too old, or answered before: nobody misses it
            await self._side.call("answerCallbackQuery", {"callback_query_id": tap})

    # --- sending -------------------------------------------------------------------------------------------------

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send or edit one message. Raises a `DeliveryError`."""
        try:
            if outgoing.edit_of is not None:
                return await self._edit(outgoing, outgoing.edit_of)
            letter, following = compose(outgoing, self._names)
            try:
                result = await self._post(letter)
            except BadRequest as error:
                if letter.file is None or not outgoing.text or not isinstance(delivery_error(error), Rejected):
                    raise
                letter, result = await self._without_files(outgoing, error)
        except ChatMigrated as error:
            raise await self._migrated(outgoing, error.new_chat_id) from None
        except TelegramError as error:
            raise await self._judged(error) from None
        receipt = Receipt(self._names.message(chat_of(outgoing), _number_of(result)))
        if letter.file is not None:
            self._remember(receipt.provider_id)
        for each in following:
            await self._follow(each)
        return receipt

    async def _post(self, letter: Letter) -> object:
        return await self._wire.call(letter.method, letter.parameters, file=letter.file)

    async def _without_files(self, outgoing: Outgoing, error: BadRequest) -> tuple[Letter, object]:
        """Send the words alone when their file was refused: no picture may hold a warning back."""
        log.warning("telegram.attachment_lost", account=self.account, reason=delivery_error(error).reason)
        letter, _ = compose(replace(outgoing, parcels=()), self._names)
        await self._pause(_BETWEEN)
        return letter, await self._post(letter)

    async def _follow(self, letter: Letter) -> None:
        """Send what comes after a delivery. It is sent already, so nothing that happens here may fail it."""
        await self._pause(_BETWEEN)
        try:
            await self._post(letter)
        except TelegramError as error:
            log.warning("telegram.attachment_lost", account=self.account, reason=delivery_error(error).reason)

    async def _edit(self, outgoing: Outgoing, message: str) -> Receipt:
        caption = message in self._is_captioned
        try:
            try:
                await self._post(compose_edit(outgoing, message, self._names, caption=caption))
            except BadRequest as error:
                if caption or not is_caption(error):
                    raise
                self._remember(message)
                await self._pause(_BETWEEN)
                await self._post(compose_edit(outgoing, message, self._names, caption=True))
        except BadRequest as error:
            if not is_unchanged(error):
                raise
        return Receipt(message)

    def _remember(self, message: str) -> None:
        if len(self._captioned) == _CAPTIONED:
            self._is_captioned.discard(self._captioned[0])
        self._captioned.append(message)
        self._is_captioned.add(message)

    async def _migrated(self, outgoing: Outgoing, new: int) -> DeliveryError:
        """Tell the core the group's new address and return what that means for this message."""
        old, key = str(chat_of(outgoing)), f"m{self._names.chat(chat_of(outgoing))}:{self._names.chat(new)}"
        if self._accept is not None:
            with suppress(StoreUnavailable):  # the next try tells it again
                await self._accept([moved(key, old, str(new), self._clock.now())])
        # a message of the old group has no counterpart in the new one that could be edited
        return Rejected("migrated") if outgoing.edit_of is not None else Unavailable("migrated")

    async def _judged(self, error: TelegramError) -> DeliveryError:
        """Return what an error means. A 401 or 404 is no proof against the token: only getMe is."""
        if not isinstance(error, InvalidToken):
            return delivery_error(error)
        try:
            refused = await self._is_refused()
        except Unavailable as unasked:
            return unasked
        return Misconfigured("token_refused") if refused else Rejected("not_found")

    async def _is_refused(self) -> bool:
        """Ask getMe, one at a time, whether the token is refused. Raises `Unavailable` when it cannot be asked."""
        async with self._judging:
            try:
                await self.identify()
            except Misconfigured:
                return True
            return False

    # --- the rest ------------------------------------------------------------------------------------------------

    async def fetch(self, media: MediaRef) -> bytes:
        """Return the bytes of a file. Raises `Unavailable`, or `Rejected` when it is gone or over 20 MB."""
        try:
            found = await self._wire.call("getFile", {"file_id": media.ref})
            path = hint(found, "file_path") if isinstance(found, dict) else ""
            if not path:
                raise Rejected("file_gone")
            content = await self._wire.download(path, _LARGEST_FILE)
        except InvalidToken:
            raise Rejected("file_gone") from None
        except TelegramError as error:
            verdict = delivery_error(error)
            raise (verdict if isinstance(verdict, Rejected) else Unavailable("file")) from None
        if content is None:
            raise Rejected("file_too_large")
        return content

    async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
        """Show the commands by language, the first language to everybody else; a failure is logged and that is all.

        Bot API: a hundred words of a-z, 0-9 and _, up to 32 long; descriptions up to 256.
        """
        languages = [("", next(iter(menus.values()))), *menus.items()] if menus else []
        for language, menu in languages:
            commands = [
                {"command": each.word, "description": each.description[:256]}
                for each in menu
                if _MENU_WORD.fullmatch(each.word) and each.description
            ]
            parameters: dict[str, object] = {"commands": commands[:100]}
            if language:
                parameters["language_code"] = language[:2]
            try:
                await self._side.call("setMyCommands", parameters)
            except TelegramError as error:
                log.warning(
                    "telegram.menu_not_set", account=self.account, language=language, error=type(error).__name__
                )

    def invite(self, payload: str, text: str) -> str:
        """Return a link that starts a conversation with `payload` (64 of A-Za-z0-9_-); `text` is not needed.

        Raises `ValueError` for another payload, `Unavailable` before Telegram has told our name.
        """
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError("a start parameter has 1 to 64 letters, digits, _ and - (Bot API)")
        if not self._identity.username:
            raise Unavailable("name_unknown")
        return f"https://t.me/{self._identity.username}?start={payload}"


def _number_of(result: object) -> int:
    """Return the number of a message that was sent. Raises `Ambiguous` by way of `Garbled` when it has none."""
    number = result.get("message_id") if isinstance(result, dict) else None
    if not isinstance(number, int):
        raise delivery_error(Garbled("no message_id"))
    return number
