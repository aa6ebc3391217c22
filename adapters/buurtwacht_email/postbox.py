"""Connections to the server that takes our mail: opened when needed, used again for a while, a few at once."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPServerDisconnected

from buurtwacht import Misconfigured
from buurtwacht_email.refusals import Phase, verdict
from buurtwacht_email.settings import Server

#: Gives a connected socket in the place of the network.
Connect = Callable[[], Awaitable[socket.socket]]
#: Seconds for one answer of the server. RFC 5321 §4.5.3.2 would wait minutes; nobody who is called out can.
TIMEOUT = 30.0
#: How many connections at once, and how many seconds one that is idle is used again.
_AT_ONCE = 3
_KEPT = 30.0
#: Seconds for a goodbye.
_GOODBYE = 2.0


@dataclass(frozen=True, slots=True)
class _Idle:
    line: SMTP
    since: float


class Postbox:
    """Hands mail in. `name` is by what we greet the server, `connect` and `tls` take the place of the usual ones."""

    def __init__(
        self, server: Server, name: str, connect: Connect | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._name = name
        self._connect = connect
        self._tls = tls
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._idle: list[_Idle] = []

    async def check(self) -> None:
        """Connect and log in. Raises `Misconfigured`, `Throttled` or `Unavailable`."""
        async with self._free:
            line, _ = await self._line()
            self._keep(line)

    async def post(self, sender: str, recipient: str, letter: bytes) -> None:
        """Hand in one mail for one recipient. Raises a `DeliveryError` when that failed, or may have."""
        async with self._free:
            line, was_idle = await self._line()
            try:
                await self._hand_in(line, sender, recipient, letter, may_be_gone=was_idle)
            except BaseException:
                line.close()
                raise

    async def close(self) -> None:
        """Say goodbye on every connection that waits."""
        while self._idle:
            line = self._idle.pop().line
            with suppress(SMTPException, OSError):
                await line.quit(timeout=_GOODBYE)
            line.close()

    async def _hand_in(self, line: SMTP, sender: str, recipient: str, letter: bytes, *, may_be_gone: bool) -> None:
        phase = Phase.SENDER
        try:
            try:
                await line.mail(sender)
            except SMTPServerDisconnected:
                if not may_be_gone:
                    raise
                line = await self._open()  # it was closed while it waited, and nothing had been said on it
                await line.mail(sender)
            phase = Phase.RECIPIENT
            await line.rcpt(recipient)
            phase = Phase.CONTENT
            await line.data(letter)
        except (SMTPException, OSError) as error:
            line.close()
            raise verdict(error, phase) from None
        self._keep(line)

    def _keep(self, line: SMTP) -> None:
        self._idle.append(_Idle(line, time.monotonic()))

    async def _line(self) -> tuple[SMTP, bool]:
        """Return a connection that is logged in, and whether it was open already."""
        while self._idle:
            idle = self._idle.pop()
            if idle.line.is_connected and time.monotonic() - idle.since < _KEPT:
                return idle.line, True
            idle.line.close()
        return await self._open(), False

    async def _open(self) -> SMTP:
        server = self._server
        try:
            sock = await self._connect() if self._connect is not None else None
        except OSError as error:
            raise verdict(error, Phase.CONNECT) from None
        line = SMTP(
            hostname=server.host,
            port=None if sock is not None else server.port,
            local_hostname=self._name,
            timeout=TIMEOUT,
            use_tls=server.is_tls,
            start_tls=False,
            tls_context=self._tls,
            sock=sock,
        )
        try:
            await line.connect()
            await self._log_in(line)
        except (SMTPException, OSError) as error:
            line.close()
            raise verdict(error, Phase.CONNECT) from None
        except ValueError:
            # What it was given cannot be said in a command: a name or password with signs that no server takes.
            line.close()
            raise Misconfigured("login_not_sayable") from None
        except BaseException:
            line.close()
            raise
        return line

    async def _log_in(self, line: SMTP) -> None:
        """Say who we are; off this machine never without TLS. On this machine nobody listens in, and the certificate
        of its mail server vouches for another name.
        """
        server = self._server
        await line.ehlo()
        if not server.is_tls and not server.is_local:
            if not line.supports_extension("starttls"):
                raise Misconfigured("starttls_not_offered")
            await line.starttls()
            await line.ehlo()
        if server.user:
            await line.login(server.user, server.password)
