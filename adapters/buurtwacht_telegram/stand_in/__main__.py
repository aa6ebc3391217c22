"""The stand-in as a server of its own: `python -m buurtwacht_telegram.stand_in --port 0` prints its port, and what to
write into plugins.toml.

Under /_stand_in/ people act and what arrived is read; everything stays on loopback.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import asdict
from ipaddress import ip_address

import click
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from buurtwacht import Location, SystemClock
from buurtwacht.testing.provider import Fault, Seen, Update, as_table
from buurtwacht_telegram.shapes import Malformed, Table, number, read_json, table, whole, words
from buurtwacht_telegram.stand_in.api import BotApi

Act = Callable[[BotApi, Table], Update | None]


def served(api: BotApi) -> Starlette:
    """Return the Bot API together with the levers under /_stand_in/."""
    api.over_socket = True

    async def act(request: Request) -> Response:
        return await _act(api, request)

    async def people(request: Request) -> Response:
        count = whole(await _fields(request), "count")
        names = [f"neighbour{number}" for number in range(len(api.town.people), len(api.town.people) + count)]
        handles = [api.person(name)[0].value for name in names]
        for name in names:
            api.opens(name)
        return JSONResponse(handles)

    async def faults(request: Request) -> Response:
        return await _fault(api, request)

    async def seen(request: Request) -> Response:
        first = int(request.query_params.get("from", "0"))
        entries = [_plain(each) for each in api.seen[first:]]
        return JSONResponse({"seen": entries, "complaints": api.complaints, "calls": api.calls})

    levers = [
        Route("/seen", seen),
        Route("/people", people, methods=["POST"]),
        Route("/faults", faults, methods=["POST"]),
        Route("/{verb}", act, methods=["POST"]),
    ]
    return Starlette(routes=[Mount("/_stand_in", routes=levers), Mount("/", app=api.app)])


async def _act(api: BotApi, request: Request) -> Response:
    """Let a person do something: the update goes to the webhook, or waits to be polled."""
    act = _ACTS.get(request.path_params["verb"])
    if act is None:
        return JSONResponse({"verbs": sorted(_ACTS)}, status_code=404)
    try:
        fields = await _fields(request)
        name = words(fields, "person")
        handles = [handle.value for handle in api.person(name, words(fields, "language") or "nl")] if name else []
        update = act(api, fields)
    except (Malformed, KeyError) as error:
        return JSONResponse({"wrong": str(error)}, status_code=400)
    status = await api.updates.push(update) if update is not None else 0
    return JSONResponse({"handles": handles, "webhook": status})


async def _fault(api: BotApi, request: Request) -> Response:
    """Set how the provider behaves to a recipient ("" for all: it is down); an empty kind mends it."""
    fields = await _fields(request)
    to, kind = words(fields, "to"), words(fields, "kind")
    if not to:
        api.down = bool(kind)
    elif kind in ("unreachable", "window_closed", "throttled", "rejected", "unavailable", "ambiguous"):
        api.faults[to] = Fault(kind)  # type: ignore[arg-type]  # narrowed by the line above
    else:
        api.faults.pop(to, None)
    return JSONResponse({"down": api.down, "faults": sorted(api.faults)})


async def _fields(request: Request) -> Table:
    return table(read_json(await request.body() or b"{}"), "body")


def _says(api: BotApi, fields: Table) -> Update:
    point = table(fields["location"], "location") if "location" in fields else None
    place = Location(number(point, "latitude", 90), number(point, "longitude", 180)) if point else None
    return api.says(
        words(fields, "person"),
        words(fields, "text"),
        location=place,
        photo=b"\xff\xd8\xff\xd9" if fields.get("photo") else None,
        reply_to=words(fields, "reply_to") or None,
        forwarded=fields.get("forwarded") is True,
        group=words(fields, "group") or None,
    )[1]


def _opens(api: BotApi, fields: Table) -> None:
    api.opens(words(fields, "person"))


_ACTS: dict[str, Act] = {
    "person": lambda api, fields: None,
    "opens": _opens,
    "says": _says,
    "taps": lambda api, fields: api.taps(words(fields, "person"), words(fields, "option"), words(fields, "on")),
    "reacts": lambda api, fields: api.reacts(words(fields, "person"), words(fields, "emoji"), words(fields, "on")),
    "blocks": lambda api, fields: api.blocks(words(fields, "person"), fields.get("blocked") is not False),
}


def _plain(seen: Seen) -> dict[str, object]:
    """Return what was seen without the bytes of its files, its moment in seconds since 1970."""
    plain = asdict(seen)
    plain["at"] = seen.at.timestamp()
    plain["files"] = [[file.name, file.mime, len(file.data)] for file in seen.files]
    return plain


@click.command()
@click.option("--port", default=0, help="TCP port; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", help="Loopback address to listen on.")
@click.option("--account", default="telegram", help="Name of the account it stands in for.")
@click.option("--token", default="", help="Token to accept; left out, the one that settings() gives.")
@click.option("--latency", default=0.0, help="Seconds that every answer takes.")
@click.option("--rate", default=0, help="Messages allowed in any sliding second; 0: no limit.")
def main(port: int, host: str, account: str, token: str, latency: float, rate: int) -> None:
    """Stand in for Telegram on loopback, for example: python -m buurtwacht_telegram.stand_in --port 0 --rate 30."""
    if not ip_address(host).is_loopback:
        raise click.BadParameter("only loopback is served", param_hint="--host")
    api = BotApi(account, SystemClock().now)
    api.token = token or api.token
    api.latency, api.rate = latency, rate or None
    listener = socket.create_server((host, port))
    # asyncio sets this only on sockets that name their protocol; without it every answer waits 40 ms for an ACK
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    click.echo(listener.getsockname()[1])
    at = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    table = as_table(account, {"adapter": "telegram", **api.settings(), "api_url": at})
    click.echo(f"\nFor plugins.toml:\n\n{table}")
    config = uvicorn.Config(served(api), log_level="critical", access_log=False, lifespan="off")
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
