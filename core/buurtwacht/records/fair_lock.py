"""The lock of all who write to SQLite from one process: fair, and given up together when there is nothing to be had."""

from __future__ import annotations

import threading
from collections import deque


class FairLock:
    """A lock that serves in order of arrival, so that no thread is starved by a busier one."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._queue: deque[_Turn] = deque()

    def acquire(self) -> bool:
        """Wait for the lock, behind all who came before. Return False when meanwhile it proved to be of no use."""
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            turn = _Turn()
            self._queue.append(turn)
        return turn.wait()

    def release(self) -> None:
        """Hand the lock to the one who has waited longest."""
        with self._mutex:
            if self._queue:
                self._queue.popleft().give(True)
            else:
                self._held = False

    def break_off(self) -> None:
        """Give the lock back and tell all who wait that it is of no use: each would only find that out in turn."""
        with self._mutex:
            while self._queue:
                self._queue.popleft().give(False)
            self._held = False


class _Turn:
    """One who waits for the lock."""

    def __init__(self) -> None:
        self._come = threading.Lock()
        self._come.acquire()
        self._granted = False

    def wait(self) -> bool:
        self._come.acquire()
        return self._granted

    def give(self, granted: bool) -> None:
        self._granted = granted
        self._come.release()
