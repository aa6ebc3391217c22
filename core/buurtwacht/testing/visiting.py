"""Visiting our web in a world: what a browser or a calendar is answered, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from buurtwacht.edge.web import Web
from buurtwacht.testing.world import World


def visit(world: World, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
    """Return what our web answers to a link that somebody was sent, or to a path of it, such as "/join"."""
    web = Web(world._core, _at_once, [])
    transport = httpx.ASGITransport(web.app)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url=world._core.url) as client:
            return await client.request(method, url, headers=headers)

    return asyncio.run(ask())


async def _at_once(function: Any, *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)
