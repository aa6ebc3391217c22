"""What a message is called: Telegram numbers messages in each chat alone, and no chat's id may stand in the open."""

from __future__ import annotations

import hashlib
import hmac


class Names:
    """Names made with a key that only we and Telegram have, the bot's token."""

    def __init__(self, token: str) -> None:
        #: copied for each name: to begin anew costs five times as much
        self._keyed = hmac.new(token.encode(), digestmod=hashlib.sha256)

    def chat(self, chat: int | str) -> str:
        """Return what stands for a chat: the same one is always called the same."""
        digest = self._keyed.copy()
        digest.update(f"chat {chat}".encode())
        return digest.hexdigest()[:16]

    def message(self, chat: int, number: int) -> str:
        """Return the name of message `number` in a chat."""
        return f"{self.chat(chat)}:{number}"

    def number(self, name: str, chat: int) -> int | None:
        """Return the number of a message in this chat, None when it has no such name."""
        place, number = split(name)
        return number if hmac.compare_digest(place, self.chat(chat)) else None


def split(name: str) -> tuple[str, int | None]:
    """Return what stands for the chat, and the number; None when it is no name of a message."""
    place, _, number = name.partition(":")
    is_number = number.isascii() and number.isdecimal()
    return (place, int(number)) if is_number and place.isascii() else ("", None)
