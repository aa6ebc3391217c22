"""The stand-in as a real server on loopback: `python -m buurtwacht_whatsapp.stand_in --port 0` prints its port, and
what to write into plugins.toml.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlsplit

import click
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from buurtwacht import SystemClock
from buurtwacht.testing.provider import Seen, Update, as_table
from buurtwacht_whatsapp.stand_in import CloudApi


class Desk:
    """What a script asks of a running stand-in, under /_stand_in/; it plays the people."""

    def __init__(self, api: CloudApi) -> None:
        self._api = api

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/settings", self._settings, methods=["GET"]),
            Route("/seen", self._seen, methods=["GET"]),
            Route("/complaints", self._complaints, methods=["GET"]),
            Route("/people", self._people, methods=["POST"]),
            Route("/opens", self._opens, methods=["POST"]),
            Route("/says", self._says, methods=["POST"]),
            Route("/taps", self._taps, methods=["POST"]),
            Route("/status", self._status, methods=["POST"]),
        ]

    async def _settings(self, _request: Request) -> Response:
        return JSONResponse(self._api.settings())

    async def _seen(self, _request: Request) -> Response:
        return JSONResponse([_told(seen) for seen in self._api.seen])

    async def _complaints(self, _request: Request) -> Response:
        return JSONResponse(self._api.complaints)

    async def _people(self, request: Request) -> Response:
        """Make a person: {"name": …}; answers his handles."""
        asked = await request.json()
        return JSONResponse([asdict(each) for each in self._api.person(asked["name"], asked.get("language", "nl"))])

    async def _opens(self, request: Request) -> Response:
        """Let a person have written just now: {"person": handle}."""
        self._api.opens((await request.json())["person"])
        return Response(status_code=204)

    async def _says(self, request: Request) -> Response:
        """Let a person write: {"person": handle, "text": …, "webhook": address}."""
        asked = await request.json()
        message, update = self._api.says(asked["person"], asked["text"])
        return await _pushed(asked, update, {"message": message})

    async def _taps(self, request: Request) -> Response:
        """Let a person tap: {"person": handle, "option": id, "on": message id, "webhook": address}."""
        asked = await request.json()
        return await _pushed(asked, self._api.taps(asked["person"], asked["option"], asked["on"]), {})

    async def _status(self, request: Request) -> Response:
        """Report how a message fared: {"message": id, "state": …, "webhook": address}."""
        asked = await request.json()
        update = self._api.status(asked["message"], asked["state"], error=asked.get("error"))
        return await _pushed(asked, update, {}) if update else Response(status_code=204)


def _told(seen: Seen) -> dict[str, object]:
    return asdict(seen) | {
        "at": seen.at.isoformat(),
        "files": [{"name": file.name, "mime": file.mime, "bytes": len(file.data)} for file in seen.files],
    }


async def _pushed(asked: Mapping[str, str], update: Update, told: Mapping[str, str]) -> Response:
    """Post an update to the webhook and tell how it was answered; loopback only."""
    address = asked["webhook"]
    if urlsplit(address).hostname not in ("127.0.0.1", "::1", "localhost"):
        return JSONResponse({"error": "loopback only"}, 400)
    async with httpx.AsyncClient() as client:
        answer = await client.post(address, content=update.body, headers=dict(update.headers))
    return JSONResponse({**told, "status": answer.status_code})


def serve(api: CloudApi, listener: socket.socket) -> uvicorn.Server:
    """Return a server for `api` and its desk; `api_url` becomes the address of the listener."""
    api.api_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = Starlette(routes=[Mount("/_stand_in", routes=Desk(api).routes()), Mount("/", app=api.app)])
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))


@click.command()
@click.option("--port", default=0, help="0: any free port, which is printed.")
@click.option("--account", default="whatsapp", show_default=True)
@click.option("--latency", default=0.0, help="Seconds before every answer.")
@click.option("--rate", type=int, help="Messages a second before 130429.")
def main(port: int, account: str, latency: float, rate: int | None) -> None:
    """Run a stand-in for the Cloud API on loopback until it is stopped."""
    api = CloudApi(account, SystemClock().now)
    api.latency, api.rate = latency, rate
    listener = socket.create_server(("127.0.0.1", port))
    server = serve(api, listener)
    click.echo(listener.getsockname()[1])
    click.echo(f"\nFor plugins.toml:\n\n{as_table(account, api.settings())}")
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
