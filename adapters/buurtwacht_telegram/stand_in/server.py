"""The stand-in's HTTP: reads requests as the Bot API does (JSON, forms, uploads) and answers in its form."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from buurtwacht.testing.provider import SeenFile
from buurtwacht_telegram.shapes import Malformed, Table, read_json, table
from buurtwacht_telegram.stand_in.limits import METHODS, Broken, Refused, bad, check_commands

if TYPE_CHECKING:
    from buurtwacht_telegram.stand_in.api import BotApi

#: parameters that are JSON inside a form
_NESTED = {"reply_markup", "reply_parameters", "link_preview_options", "commands", "allowed_updates", "scope"}


def application(api: BotApi) -> Starlette:
    """Return the Bot API for one bot: its methods, and its files."""

    async def method(request: Request) -> Response:
        return await _answer(api, request)

    async def file(request: Request) -> Response:
        content = api.town.files.get(request.path_params["name"])
        if request.path_params["token"] != api.token or content is None:
            return _refusal(Refused(404, "Not Found"))
        return Response(content)

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
            Route("/file/bot{token}/files/{name}", file),
        ]
    )


async def _answer(api: BotApi, request: Request) -> Response:
    name = request.path_params["method"].lower()
    api.calls[name] += 1
    if api.latency:
        await asyncio.sleep(api.latency)
    try:
        if api.down:
            raise Refused(503, "Service Unavailable")
        if request.path_params["token"] != api.token:
            raise Refused(401, "Unauthorized")
        if name not in METHODS:
            raise Refused(404, "Not Found", complaint=True)
        fields, files = await _read(request)
        _note_strangers(api, name, fields)
        return JSONResponse({"ok": True, "result": await _call(api, name, fields, files)})
    except Refused as refused:
        if refused.complaint:
            api.complaints.append(f"{name}: {refused.description}")
        return _refusal(refused)
    except Broken as error:
        if api.over_socket:
            return _Torn()
        raise httpx.ReadTimeout("the stand-in does not answer") from error


class _Torn(Response):
    """Half an answer, after which the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"999")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def _call(api: BotApi, name: str, fields: Table, files: dict[str, SeenFile]) -> object:
    if name.startswith("send"):
        return api.deliver(name, fields, files)
    if name.startswith("edit"):
        return api.change(name, fields)
    match name:
        case "getme":
            return api.bot
        case "getupdates":
            return await api.updates.get(fields, wait=api.over_socket)
        case "setwebhook":
            return api.updates.set_webhook(fields)
        case "deletewebhook":
            return api.updates.drop_webhook()
        case "getwebhookinfo":
            return api.updates.webhook_info()
        case "deletemessage":
            return api.delete(fields)
        case "answercallbackquery":
            api.answered.append(str(fields.get("callback_query_id", "")))
            return True
        case "setmycommands":
            api.menus[str(fields.get("language_code", ""))] = check_commands(fields.get("commands"))
            return True
        case "getmycommands":
            return api.menus.get(str(fields.get("language_code", "")), [])
    return _file(api, str(fields.get("file_id", "")))


def _file(api: BotApi, name: str) -> dict[str, object]:
    content = api.town.files.get(name)
    if content is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(content) > 20 * 1024 * 1024:
        raise Refused(400, "Bad Request: file is too big")
    return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": f"files/{name}"}


async def _read(request: Request) -> tuple[Table, dict[str, SeenFile]]:
    """Return parameters and files. Raises `Refused` for a body that cannot be read."""
    fields: dict[str, object] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        try:
            return {**fields, **table(read_json(await request.body()), "body")}, {}
        except Malformed as error:
            raise bad("can't parse JSON object") from error
    files: dict[str, SeenFile] = {}
    async with request.form(max_part_size=1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = SeenFile(value.filename or "", value.content_type or "", await value.read())
            else:
                fields[name] = _nested(name, value)
    return fields, files


def _nested(name: str, value: str) -> object:
    if name not in _NESTED:
        return value
    try:
        parsed: object = json.loads(value)
    except ValueError as error:
        raise bad(f"can't parse {name}") from error
    return parsed


def _note_strangers(api: BotApi, name: str, fields: Mapping[str, object]) -> None:
    strangers = sorted(set(fields) - METHODS[name])
    if strangers:
        api.complaints.append(f"{name}: unknown parameters {', '.join(strangers)}")


def _refusal(refused: Refused) -> Response:
    if refused.code == 502:  # it comes from a gateway, which speaks no JSON
        return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", status_code=502)
    answer: dict[str, object] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        answer["parameters"] = refused.parameters
    return JSONResponse(answer, status_code=refused.code)
