"""The door of a house that is fuzzed: everything that answers over HTTP, before a whole process in a world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

import httpx
from sqlalchemy import Connection, event, select
from starlette.applications import Starlette
from starlette.types import Message

from buurtwacht.edge.web import Web
from buurtwacht.records.schema import inbox
from buurtwacht.testing import World
from buurtwacht.testing.checks import problems

from .payloads import NUMBER_ID, signed

#: What may stand in no log.
PRIVATE = ("meidoornstraat", "31612345678", "77001", "AgACAgQAAxkBAAM")
#: Statements that one item may cost, from being taken in to being answered.
BOUND = 400


class Door:
    """Knocked at over HTTP. What was taken in is handled at once, as it would be a moment later."""

    def __init__(self) -> None:
        self.world = World(wire=True, settings={"channels": {"whatsapp": {"phone_number_id": NUMBER_ID}}})
        self.settings: dict[str, Mapping[str, object]] = {}
        for name in ("telegram", "whatsapp"):
            messenger = self.world.messenger(name)
            self.settings[name] = {**messenger.provider.settings(), **messenger._options}  # type: ignore[union-attr]
        self.tolberg = self.world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = self.tolberg.member("Fatima", channel="telegram")
        henk = self.tolberg.member("Henk", channel="whatsapp", roles=["member", "coordinator"])
        user = next(one.value for one in henk.handles["whatsapp"] if one.kind == "user")
        number = next(one.value for one in henk.handles["whatsapp"] if one.kind == "phone").removeprefix("+")
        #: whom the bodies of `payloads` are from, and who lives here
        self._residents = {"77001": fatima.addresses["telegram"], "31612345678": number, "NL.1234567890": user}
        self._known_errors = 0
        self._known_unfit = 0
        self._serial = 0
        self._statements = 0
        event.listen(self.world.database.engine, "before_cursor_execute", self._count)

    def _count(self, connection: Connection, *rest: Any) -> None:
        self._statements += 1

    def serial(self) -> int:
        """Return a number that was not used before in this house."""
        self._serial += 1
        return self._serial

    def by_resident(self, body: bytes) -> bytes:
        """Return a body as if those who live here had sent it."""
        for stranger, resident in self._residents.items():
            body = body.replace(stranger.encode(), resident.encode())
        return body

    def is_well(self) -> None:
        """Fail when something was parked or logged as an error since this was asked last."""
        unfit, errors = self._unfit(), self.world.journal.errors
        fresh = [*unfit[self._known_unfit :], *errors[self._known_errors :]]
        self._known_unfit, self._known_errors = len(unfit), len(errors)
        assert not fresh, fresh

    def close(self) -> None:
        """Let the house end well: nothing without a state, nothing private in the log."""
        log = self.world.journal.text
        secrets = [
            str(own[key])
            for own in self.settings.values()
            for key in ("token", "webhook_secret", "app_secret", "verify_token")
            if own.get(key)
        ]
        self.world._running.settle()
        # The files that are announced here are nowhere to be fetched.
        wrong = [one for one in problems(self.world) if "getfile" not in one and "media" not in one]
        self.world.close(check=False)
        assert not wrong, wrong
        for word in (*PRIVATE, *self._residents.values(), *secrets):
            assert word not in log, f"the log holds {word[:4]}…"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        chunked: bool = False,
        handle: bool = True,
    ) -> httpx.Response:
        """Ask something, and let the house do what follows from it."""
        app = self._app()

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 1 + len(body) // 7):
                yield body[start : start + 1 + len(body) // 7]

        async def knock() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://town.test") as client:
                return await client.request(
                    method, path, content=pieces() if chunked else body or None, headers=headers
                )

        answer = self.world._running._runner.run(knock())
        if handle:
            self.world._running.settle()
        return answer

    def ask_raw(
        self, method: str, path: str, query: str = "", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, bytes]:
        """Ask for a path as it travels, which no client of good manners would send; return status and body."""
        raw = path.encode("ascii")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method.upper(),
            "scheme": "http",
            "path": unquote(raw.decode("ascii")),
            "raw_path": raw,
            "query_string": query.encode("ascii"),
            "root_path": "",
            "headers": [(key.encode(), value.encode("latin-1")) for key, value in (headers or {}).items()],
            "client": ("127.0.0.1", 5000),
            "server": ("town.test", 80),
        }
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        async def knock() -> None:
            with suppress(Exception):  # what breaks was answered with 500, and is raised for the server's log
                await self._app()(scope, receive, send)

        self.world._running._runner.run(knock())
        self.world._running.settle()
        return int(said[0]["status"]), b"".join(one.get("body", b"") for one in said[1:])

    def _app(self) -> Starlette:
        process = self.world._running.process
        accepts = ((one, process.receiving.accept_for(name)) for name, one in process.channels.items())
        routes = [route for channel, accept in accepts for route in channel.routes(accept)]
        return Web(process.core, process.inline, routes).app

    def post(self, account: str, body: bytes, *, chunked: bool = False, handle: bool = True) -> int:
        """Post a body to an account's webhook, proven to be the provider's; return the status."""
        headers = signed(account, body, self.settings[account])
        path = f"/webhooks/{account}"
        return self.ask("POST", path, body, headers, chunked=chunked, handle=handle).status_code

    def keeps(self, account: str, key: str) -> bool:
        """Whether an event was kept."""
        wanted = self.world.keyring.event_key(account, key)
        query = select(inbox.c.id).where(inbox.c.account == account, inbox.c.key == wanted)
        with self.world.database.reading() as connection:
            return connection.execute(query).first() is not None

    def _unfit(self) -> list[str]:
        """Return why events were parked: a handler did not know what to do with them."""
        query = select(inbox.c.reason).where(inbox.c.state == "parked").order_by(inbox.c.done_at, inbox.c.id)
        with self.world.database.reading() as connection:
            return list(connection.execute(query).scalars())

    def statements(self) -> int:
        """Return how many statements the database was given since this was asked last."""
        found, self._statements = self._statements, 0
        return found
