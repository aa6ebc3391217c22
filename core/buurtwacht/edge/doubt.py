"""Doubt: a messenger that takes what it is sent and tells nobody what became of it.

A line that is cut behind every request would use up the one repeat of all that presses within seconds. So once several
recipients in a row are in doubt, one message at a time is tried, ever more seldom, until one is answered.
"""

from __future__ import annotations

from datetime import timedelta

#: So many recipients in a row of whom nobody knows whether they were reached.
_AFTER = 5
#: The first and the longest pause between two tries.
_FIRST, _LONGEST = timedelta(seconds=2), timedelta(seconds=30)


class Doubt:
    """How many recipients in a row are in doubt, and how long to wait before another is tried."""

    def __init__(self) -> None:
        self._recipients: set[int] = set()
        self._pause = _FIRST

    @property
    def present(self) -> bool:
        """Whether nothing but one message at a time should be tried."""
        return len(self._recipients) >= _AFTER

    def met(self, address: int) -> None:
        """Note that nobody knows whether this recipient was reached."""
        self._recipients.add(address)

    def pause(self) -> timedelta:
        """Return how long to wait now; the next pause is longer."""
        pause, self._pause = self._pause, min(_LONGEST, 2 * self._pause)
        return pause

    def over(self) -> None:
        """Note that a recipient was reached, or refused: the messenger answers."""
        self._recipients.clear()
        self._pause = _FIRST
