"""What a plugin listens to outside: sources that the edge asks, and what is done with what they say.

`fetch` is the only code of a plugin that meets a network; it runs on the edge, knows no rules and writes nothing. What
it returns is kept in the inbox, and handled like all else: in a transaction of its own, replayed after a crash.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from buurtwacht.host.context import Context

#: The least time between two questions to a source.
SHORTEST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a source says. `key` is unique within the source and stays the same; `facts` are JSON values.

    An item whose facts changed is told again.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Outside(Protocol):
    """What `fetch` may ask: https, or http on loopback; at most ten seconds and a million bytes; no redirects."""

    async def json(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what stands at an address, read as JSON. Raises `Unavailable` for all that is not that."""
        ...

    async def text(self, url: str, params: Mapping[str, str] | None = None) -> str:
        """Return what stands at an address, as text. Raises `Unavailable` for any answer but one with status 200."""
        ...


#: Gets what may be asked, and the plugin's settings as they hold for the whole installation (None without a model).
Fetch: TypeAlias = "Callable[[Outside, Any], Awaitable[Sequence[Item]]]"


@dataclass(frozen=True, slots=True)
class Source:
    """Something outside that a plugin listens to.

    `fetch` returns all that the source says now. `heard(ctx, key, **facts)` is called once for each item that is new or
    changed, in no neighbourhood: `ctx.within` goes into one. What was heard more than eight days ago may be told again,
    so a handler looks whether it knows the key. `state(ctx, known, since)` is called when nothing is known any more
    (nothing but failures for three times `every`) and when something is again: until then "unknown", never "no danger".
    """

    name: str
    fetch: Fetch
    heard: Callable[..., None]
    state: Callable[[Context, bool, datetime], None]
    every: timedelta = timedelta(minutes=1)

    def __post_init__(self) -> None:
        """Raise `ValueError` for a source that would be asked all the time."""
        if self.every < SHORTEST:
            raise ValueError(f"the source {self.name!r} is asked at most every {SHORTEST.seconds} seconds")

    @property
    def unknown_after(self) -> timedelta:
        """How long nothing but failures may come before nothing is known."""
        return 3 * self.every
