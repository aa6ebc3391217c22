"""What somebody who looks on sees of what came in: once it is kept, and before what is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from buurtwacht import Inbound, Said, StoreUnavailable
from buurtwacht.edge.receiving import Receiving
from buurtwacht.records.inbox import Inbox
from buurtwacht.testing import World


async def inline(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


async def full(function: Callable[..., Any], *arguments: Any) -> Any:
    raise StoreUnavailable("database or disk is full")


def test_what_came_in_is_shown_before_it_is_handled() -> None:
    with World("2026-01-16 14:00") as world:
        henk = world.neighbourhood("TB", "Tolberg").member("Henk", channel="telegram")
        core = world._core
        shown: list[str] = []
        core.look = lambda glimpse: shown.append(glimpse.stage)
        core.inbox = Inbox(world.database, core.keyring, core.clock, lambda works: shown.append("handed on"))
        said = Inbound("1", Said("1:1", "hallo"), world.now, tuple(henk.handles["telegram"]))
        with pytest.raises(StoreUnavailable):
            asyncio.run(hand_in(Receiving(core, full), said))
        assert shown == []
        asyncio.run(hand_in(Receiving(core, inline), said))
        assert shown == ["inbox", "handed on"]


async def hand_in(receiving: Receiving, one: Inbound) -> None:
    await receiving.accept_for("telegram")([one])
