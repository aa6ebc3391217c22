"""Asking Telegram for updates: one step at a time, confirmed only when they are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from buurtwacht import Accept, Misconfigured, StoreUnavailable, Unavailable
from buurtwacht_telegram.request import Wire
from buurtwacht_telegram.webhook import ALLOWED

if TYPE_CHECKING:
    from buurtwacht import Inbound

log = structlog.get_logger(__name__)

#: seconds that Telegram may keep a request open, and that an answer may take beyond them
HOLD, GRACE = 25, 10.0
#: seconds to wait after trouble: doubled each time, up to the last
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
#: the trouble that is not Telegram's
_OURS = "store_unavailable"
#: seconds before asking again a server that answers "nothing" without holding the request
_BREATH = 0.5

Read = Callable[[object], "tuple[Inbound | None, str]"]


class Polling:
    """One account's position in its updates, and the loop that moves it on."""

    def __init__(
        self,
        account: str,
        wire: Wire,
        read: Read,
        refused: Callable[[], Awaitable[bool]],
        answer: Callable[[str], None],
        pause: Callable[[float], Awaitable[None]],
        hold: int,
    ) -> None:
        self._account = account
        self._wire = wire
        self._read = read
        self._refused = refused
        self._answer = answer
        self._pause = pause
        self._hold = hold
        self._offset: int | None = None
        self._trouble = ""
        self._wait = _FIRST_WAIT

    @property
    def trouble(self) -> str:
        """What went wrong at the last request, as a short code; empty while all is well."""
        return self._trouble

    async def run(self, accept: Accept) -> None:
        """Poll until cancelled. Raises `Misconfigured` when Telegram refuses the account."""
        while True:
            moved = await self.step(accept)
            if self._trouble == _OURS:
                await self._pause(_FIRST_WAIT)  # Telegram is well; what waits there is asked for the moment we are
            elif self._trouble:
                await self._pause(self._wait)
                self._wait = min(self._wait * 2, _LONGEST_WAIT)
            elif not moved:
                await self._pause(_BREATH)

    async def step(self, accept: Accept) -> bool:
        """Ask once and keep what came; return whether anything came.

        The updates are confirmed by the next request, so what was not kept comes again. Raises `Misconfigured` when
        Telegram refuses the account; other trouble is logged when it changes.
        """
        try:
            updates = await self._fetch()
        except InvalidToken:
            return await self._suspected()
        except Conflict:
            return self._failed("another_program_polls_this_bot")
        except TelegramError as error:
            return self._failed(type(error).__name__)
        if not updates:
            # Nothing older is left to confirm. After a quiet week Telegram's numbers begin anew, perhaps lower.
            self._offset = None
            return self._well(False)
        return await self._keep(updates, accept)

    async def _suspected(self) -> bool:
        """Judge a 401 or 404 by getMe. Raises `Misconfigured` when that is refused as well."""
        try:
            refused = await self._refused()
        except Unavailable as error:
            return self._failed(error.reason)
        if refused:
            raise Misconfigured("token_refused")
        return self._failed("not_found")

    async def _fetch(self) -> Sequence[object]:
        parameters: dict[str, object] = {"timeout": self._hold, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            parameters["offset"] = self._offset
        found = await self._wire.call("getUpdates", parameters, wait=self._hold + GRACE)
        return found if isinstance(found, list) else ()

    async def _keep(self, updates: Sequence[object], accept: Accept) -> bool:
        read = [self._read(update) for update in updates]
        try:
            events = [event for event, _ in read if event is not None]
            if events:
                await accept(events)
        except StoreUnavailable:
            return self._failed(_OURS)
        for _, tap in read:
            if tap:
                self._answer(tap)
        numbers = [each["update_id"] for each in updates if isinstance(each, dict) and _is_number(each)]
        if numbers:
            self._offset = max(numbers) + 1
        return self._well(bool(numbers))

    def _failed(self, trouble: str) -> bool:
        if trouble != self._trouble:
            log.warning("telegram.polling_troubled", account=self._account, trouble=trouble)
            self._trouble = trouble
        return False

    def _well(self, moved: bool) -> bool:
        if self._trouble:
            log.info("telegram.polling_recovered", account=self._account)
            self._trouble = ""
            self._wait = _FIRST_WAIT
        return moved


def _is_number(update: dict[str, object]) -> bool:
    return isinstance(update.get("update_id"), int)
