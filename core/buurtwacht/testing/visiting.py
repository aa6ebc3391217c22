"""Visiting our web in a world: what a browser or a calendar is answered, and pressing a button, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from buurtwacht.edge.web import Web
from buurtwacht.testing.world import World


def visit(world: World, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
    """Return what our web answers to a link that somebody was sent, or to a path of it, such as "/join"."""
    return _ask(world, method, url, headers=headers)


def _ask(
    world: World,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
) -> httpx.Response:
    web = Web(world._core, _at_once, [])
    transport = httpx.ASGITransport(web.app)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url=world._core.url) as client:
            return await client.request(method, url, headers=headers, data=data)

    return asyncio.run(ask())


def press(world: World, page: httpx.Response, label: str = "") -> httpx.Response:
    """Press the one button of a page that `visit` returned, or the one with this label, as somebody in a browser does.

    Raises `LookupError` when the page has no such button.
    """
    forms = _Forms()
    forms.feed(page.text)
    fitting = [one for one in forms.found if one.buttons and (not label or label in one.buttons)]
    if len(fitting) != 1:
        raise LookupError(f"the page has the buttons {[button for one in forms.found for button in one.buttons]}")
    form = fitting[0]
    url = str(page.url.join(form.action)) if form.action else str(page.url)
    return _ask(world, form.method, url, data=form.fields)


@dataclass(slots=True)
class _Form:
    """A form of a page: where it goes, what it says by itself, and the labels of its buttons."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Form] = []
        self._labelled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form, what it holds, and the beginning of a button."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(_Form(said.get("method", "get").upper(), said.get("action", "")))
        elif tag == "input" and self.found and "name" in said:
            self.found[-1].fields[said["name"]] = said.get("value", "")
        elif tag == "button" and self.found:
            self.found[-1].buttons.append("")
            self._labelled = True

    def handle_endtag(self, tag: str) -> None:
        """Take the end of a button."""
        self._labelled = self._labelled and tag != "button"

    def handle_data(self, data: str) -> None:
        """Take the label of a button."""
        if self._labelled:
            self.found[-1].buttons[-1] += data.strip()


async def _at_once(function: Any, *arguments: Any, **named: Any) -> Any:
    return function(*arguments, **named)
