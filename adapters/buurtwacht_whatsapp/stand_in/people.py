"""The people of a stand-in: their handles, and when each of them last wrote."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from buurtwacht import Handle

#: platforms.md section 3: one message every 6 seconds to one person, 45 of them at once and borrowed from later.
_INTERVAL = timedelta(seconds=6)
_BURST = 45
_WINDOW = timedelta(hours=24)


class Person:
    """A user of WhatsApp as Meta knows him."""

    def __init__(self, name: str, language: str, user: str, number: str) -> None:
        self.name = name
        self.language = language
        self.user = user
        self.number = number
        self.last_heard: datetime | None = None
        self.blocked = False
        self._free_at: datetime | None = None

    @property
    def handles(self) -> tuple[Handle, ...]:
        """All handles, the most durable first."""
        return Handle("user", self.user), Handle("phone", self.number)

    @property
    def wa_id(self) -> str:
        """The number as webhooks write it, without its plus."""
        return self.number.removeprefix("+")

    def window_open(self, now: datetime) -> bool:
        """Whether he wrote within the last 24 hours."""
        return self.last_heard is not None and now - self.last_heard < _WINDOW

    def take(self, now: datetime) -> bool:
        """Count one message to him; False, and nothing counted, when that is more than one person may get."""
        free_at = max(self._free_at or now, now)
        if free_at - now > _INTERVAL * (_BURST - 1):
            return False
        self._free_at = free_at + _INTERVAL
        return True


class People:
    """Everybody with WhatsApp. Handles come from a counter, so that a test reads the same every time."""

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self._now = now
        self._district = zlib.crc32(account.encode()) % 10_000
        self._by_handle: dict[str, Person] = {}
        self._by_name: dict[str, Person] = {}
        self._count = 0

    def make(self, name: str, language: str) -> Person:
        """Make a person; his user id has letters in it, as Meta allows and careless code does not."""
        self._count += 1
        serial = f"{self._district:04d}{self._count:04d}"
        person = Person(name, language, f"NL.bw{serial}", f"+316{serial}")
        for handle in person.handles:
            self._by_handle[handle.value] = person
        self._by_name.setdefault(name, person)
        return person

    def find(self, handle: str) -> Person | None:
        """Return who has this number or user id."""
        return self._by_handle.get(handle)

    def known(self, person: str) -> Person:
        """Return who has this number, user id or name. Raises `KeyError` for nobody."""
        return self._by_handle.get(person) or self._by_name[person]

    def heard(self, handle: str) -> Person:
        """Return the person, who wrote just now."""
        person = self.known(handle)
        person.last_heard = self._now()
        return person

    def move(self, handle: str) -> tuple[Person, str, str]:
        """Give a person a new number and user id; return him with the old ones."""
        person = self.known(handle)
        user, number = person.user, person.number
        self._count += 1
        serial = f"{self._district:04d}{self._count:04d}"
        del self._by_handle[user], self._by_handle[number]
        person.user, person.number = f"NL.bw{serial}", f"+316{serial}"
        for each in person.handles:
            self._by_handle[each.value] = person
        return person, user, number
