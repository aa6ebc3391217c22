"""A town in miniature behind the playground: enough of a watch to play the first story, without the core.

Run it to look at the page: `python tests/adapters/playground_town.py 8080`; it prints the port it listens on.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from buurtwacht import (
    Accept,
    AccountSettings,
    Bench,
    Channel,
    DeliveryError,
    Glimpse,
    Handle,
    Inbound,
    Layout,
    Option,
    Outgoing,
    Receipt,
    Said,
    StoreUnavailable,
    Tapped,
    TemplateUse,
    WindowClosed,
)
from buurtwacht_playground import adapter
from buurtwacht_playground.player import Patience
from buurtwacht_playground.web import routes

PEOPLE: tuple[Mapping[str, str], ...] = (
    {
        "name": "Fatima",
        "account": "telegram",
        "handle": "1001",
        "roles": "member patroller",
        "street": "Meidoornstraat",
    },
    {"name": "Henk", "account": "whatsapp", "handle": "+31612345671", "roles": "member", "street": "Meidoornstraat"},
    {"name": "Riet", "account": "whatsapp", "handle": "+31612345672", "roles": "member", "street": "Lindestraat"},
    {"name": "Kees", "account": "telegram", "handle": "1002", "roles": "member coordinator", "street": "Beukenlaan"},
    {
        "name": "Noor",
        "account": "telegram",
        "handle": "1003",
        "roles": "member representative",
        "street": "Esdoornlaan",
    },
    {"name": "Joost", "account": "whatsapp", "handle": "+31612345673", "roles": "member", "street": "Esdoornlaan"},
)
ALERT = (
    "🔴 VERDACHT VOERTUIG · Meidoornstraat · 01:42\n112: gebeld door melder (01:42)\nWat: rijdt stapvoets langs auto's,"
    " lichten uit, 4 inzittenden\nDoe: blijf binnen, buitenlicht aan. Zie je het? Bel 112 en meld het hier.\nTB-0001"
)
ANSWERS = ("Gezien", "Ik let op", "Ik heb info", "Onveilig", "Klopt niet")


class Town:
    """The bench and a watch in one: it keeps what it accepted, and answers as the story expects."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
        self.looks: list[Callable[[Glimpse], None]] = []
        self.accepted: list[tuple[str, Inbound]] = []
        self.down = False
        #: plugins that whoever looks on is making
        self.making: list[Mapping[str, str]] = []
        self.channels: dict[str, Channel] = {}
        self.routes: list[Route] = []
        bench: Bench = self
        for account, style in (("telegram", "telegram"), ("whatsapp", "whatsapp")):
            options = {"adapter": "playground", "style": style, "bench": bench}
            self.channels[account] = adapter.open(AccountSettings(account, options))
            self.routes += self.channels[account].routes(self._accepting(account))

    # --- the bench ---

    def now(self) -> datetime:
        return self.time

    async def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def watch(self, look: Callable[[Glimpse], None]) -> None:
        self.looks.append(look)

    def people(self) -> Sequence[Mapping[str, str]]:
        return [{"person": str(number), "neighbourhood": "Tolberg", **one} for number, one in enumerate(PEOPLE)]

    def own(self) -> Sequence[Mapping[str, str]]:
        return self.making

    # --- the watch ---

    def events(self) -> list[object]:
        """Return what the people did, without receipts."""
        return [inbound.event for _, inbound in self.accepted if inbound.event.kind != "status"]

    async def tell(self, name: str, text: str, *labels: str, standing: bool = False) -> Receipt:
        """Send somebody a message, with answers as his messenger shows them."""
        who = next(one for one in PEOPLE if one["name"] == name)
        channel = self.channels[who["account"]]
        kind = channel.capabilities.handle_kind
        layout = Layout.NONE
        if labels:
            layout = Layout.BUTTONS if len(labels) <= channel.capabilities.buttons else Layout.LIST
        outgoing = Outgoing(
            delivery=len(self.accepted) + 1,
            to=(Handle(kind, who["handle"]),),
            text=text,
            layout=layout,
            options=tuple(Option(f"{label}:{number}", label) for number, label in enumerate(labels)),
            list_title="Geef antwoord" if layout is Layout.LIST else "",
        )
        self._glimpse("queued", f"bericht voor {name}", name)
        try:
            receipt = await channel.send(outgoing)
        except WindowClosed:
            template = TemplateUse("buurtwacht_alert", "nl", (text.replace("\n", " · "),))
            shown = Layout.BUTTONS if labels else Layout.NONE
            receipt = await channel.send(replace(outgoing, layout=shown, list_title="", template=template))
        self._glimpse("sent", f"bericht naar {name}", name)
        return receipt

    def _accepting(self, account: str) -> Accept:
        async def accept(batch: Sequence[Inbound]) -> int:
            if self.down:
                raise StoreUnavailable("the database is gone")
            for inbound in batch:
                self.accepted.append((account, inbound))
                who = next(one["name"] for one in PEOPLE if one["handle"] == inbound.sender[0].value)
                if inbound.event.kind != "status":
                    self._glimpse("inbox", inbound.event.kind, who)
                    with suppress(DeliveryError):
                        await self._answer(who, inbound)
            return len(batch)

        return accept

    async def _answer(self, who: str, inbound: Inbound) -> None:
        self._glimpse("handler", "alerts", who)
        match inbound.event:
            case Said(text=text) if text.startswith("verdachte"):
                answers = ("Ja, door mij", "Ja, door iemand anders", "Nee, ik ga nu bellen", "Niet nodig")
                await self.tell(who, "Is 112 al gebeld?", *answers)
            case Tapped(choice=choice) if choice.startswith("Ja, door mij"):
                await self.tell(who, "Dank je. Je melding is TB-0001 en gaat nu naar de buurt.")
                for name in ("Henk", "Riet", "Kees"):
                    await self.tell(name, ALERT, *ANSWERS, standing=True)
            case Said(text=text) if text.startswith("3 "):
                await self.tell(who, "Dank u wel. De coördinator leest het nu.")
                await self.tell(
                    "Kees", f"Aanvulling bij TB-0001: {text[2:]}", "Doorzetten naar buurt", "Niet doorzetten"
                )
            case Tapped(choice=choice) if choice.startswith("Doorzetten naar buurt"):
                for name in ("Henk", "Fatima"):
                    await self.tell(name, "🔵 TB-0001 · nu richting Esdoornlaan")
                await self.tell("Noor", "Tolberg meldt een auto richting Esdoornlaan.", "Doorzetten", "Niet nodig")
            case Tapped(choice=choice) if choice.startswith("Doorzetten"):
                await self.tell(who, "Doorgezet naar 34 buren in Langdonk.")
                for name in ("Noor", "Joost"):
                    await self.tell(name, ALERT, *ANSWERS)
            case Said(text=text) if text.startswith("einde"):
                await self.tell("Kees", "Je spreekt namens een ander. Is de bron de politie?", "Ja", "Nee")
            case Tapped(choice=choice) if choice.startswith("Ja"):
                for name in ("Henk", "Riet", "Fatima", "Kees", "Noor", "Joost"):
                    await self.tell(name, "✅ EINDE MELDING TB-0001 · vier aanhoudingen door de politie.")
            case Tapped(choice=choice) if choice.startswith("Ik let op"):
                await self.tell(who, "Genoteerd bij TB-0001: Ik let op.")
            case Tapped():
                return
            case _:
                await self.tell(who, "Ik heb dit niet begrepen. Typ ‘help’ voor wat ik kan.")

    def _glimpse(self, stage: str, what: str, person: str) -> None:
        for look in self.looks:
            look(Glimpse(self.time, stage, what, person, "telegram"))


def town_app(town: Town) -> Starlette:
    """Return the town as a web application."""
    return Starlette(routes=town.routes)


def hasty(town: Town) -> Starlette:
    """Return the town with a story that gives up at once, for tests of what goes wrong."""
    return Starlette(routes=list(routes(town.channels["telegram"].board, Patience(0.001, 2, 1, 0.5))))  # type: ignore[attr-defined]


async def serve(port: int) -> None:
    """Serve the town on loopback until interrupted."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        print(listening.getsockname()[1], flush=True)  # noqa: T201  # the test reads the port here
        config = uvicorn.Config(town_app(Town()), log_level="warning", timeout_graceful_shutdown=1)
        await uvicorn.Server(config).serve([listening])


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
