"""The server's side of one SMTP connection (RFC 5321), with STARTTLS and AUTH PLAIN where they are asked for."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
from dataclasses import dataclass
from typing import Protocol

#: RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1: a line of text, its end included.
LINE = 1000


class Broken(Exception):
    """The connection ends here, without a word."""


@dataclass(frozen=True, slots=True)
class Login:
    """With what one logs in."""

    user: str
    password: str


class Server(Protocol):
    """What a session asks its server."""

    login: Login
    tls: ssl.SSLContext | None
    down: bool
    logins: int

    def takes_sender(self, sender: str) -> str:
        """Return the answer to MAIL."""
        ...

    def takes_recipient(self, recipient: str) -> str:
        """Return the answer to RCPT."""
        ...

    def takes_mail(self, sender: str, recipient: str, content: bytes) -> str:
        """Return the answer to a whole mail. Raises `Broken` when there is none."""
        ...

    def complain(self, what: str) -> None:
        """Write down what a real server would have refused for its form."""
        ...


class Session:
    """One connection, from the greeting to the goodbye."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._is_known = False
        self._sender: str | None = None
        self._recipient: str | None = None

    async def run(self) -> None:
        """Serve until the client leaves, or the connection is to break."""
        try:
            self._say("421 4.3.2 we are closed" if self._server.down else "220 mail.example.org ESMTP")
            while not self._server.down:
                line = await self._reader.readline()
                if not line:
                    return
                answer = await self._answer(line.decode("ascii").rstrip("\r\n"))
                if answer:
                    self._say(answer)
                if answer.startswith("221"):
                    return
            await self._close_shop()
        except (Broken, ConnectionError, ssl.SSLError):
            return  # the other side sees that for itself
        finally:
            self._writer.close()

    async def _close_shop(self) -> None:
        """Answer one more command with the news that there will be no others."""
        if await self._reader.readline():
            self._say("421 4.3.2 we are closed")

    def _say(self, answer: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in answer.split("\n")).encode())

    async def _answer(self, line: str) -> str:
        verb, _, rest = line.partition(" ")
        if self._server.down and verb.upper() != "QUIT":
            return "421 4.3.2 we are closed"
        match verb.upper():
            case "EHLO" | "HELO":
                return self._hello()
            case "STARTTLS" if self._server.tls is not None:
                return await self._start_tls(self._server.tls)
            case "AUTH":
                return self._auth(rest)
            case "RSET":
                self._sender = self._recipient = None
                return "250 2.0.0 ok"
            case "NOOP":
                return "250 2.0.0 ok"
            case "QUIT":
                return "221 2.0.0 bye"
            case "MAIL" | "RCPT" | "DATA" if not self._is_known:
                return "530 5.7.0 log in first"
            case "MAIL":
                return self._mail(rest)
            case "RCPT":
                return self._rcpt(rest)
            case "DATA":
                return await self._data()
        self._server.complain(f"unknown command {verb}")
        return "502 5.5.1 unknown command"

    def _hello(self) -> str:
        offers = ["mail.example.org", "SIZE 26214400", "8BITMIME", "ENHANCEDSTATUSCODES"]
        is_open = self._writer.get_extra_info("sslcontext") is None
        if self._server.tls is not None and is_open:
            offers.append("STARTTLS")
        else:
            offers.append("AUTH PLAIN")
        return "\n".join([*(f"250-{one}" for one in offers[:-1]), f"250 {offers[-1]}"])

    async def _start_tls(self, tls: ssl.SSLContext) -> str:
        self._say("220 2.0.0 go ahead")
        await self._writer.start_tls(tls)
        return ""

    def _auth(self, rest: str) -> str:
        self._server.logins += 1
        method, _, proof = rest.partition(" ")
        try:
            _, user, password = base64.b64decode(proof, validate=True).decode().split("\0")
        except (binascii.Error, ValueError):
            self._server.complain("AUTH that cannot be read")
            return "501 5.5.2 cannot read that"
        if method.upper() != "PLAIN" or Login(user, password) != self._server.login:
            return "535 5.7.8 wrong name or password"
        self._is_known = True
        return "235 2.7.0 welcome"

    def _mail(self, rest: str) -> str:
        self._sender, self._recipient = _path(rest, "FROM:"), None
        answer = self._server.takes_sender(self._sender)
        if not answer.startswith("2"):
            self._sender = None
        return answer

    def _rcpt(self, rest: str) -> str:
        if self._sender is None:
            return "503 5.5.1 from whom?"
        if self._recipient is not None:
            self._server.complain("more than one recipient: they would read one another's address")
        answer = self._server.takes_recipient(_path(rest, "TO:"))
        if answer.startswith("2"):
            self._recipient = _path(rest, "TO:")
        return answer

    async def _data(self) -> str:
        if self._sender is None or self._recipient is None:
            return "503 5.5.1 from whom, to whom?"
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                raise Broken
            if len(line) > LINE or not line.endswith(b"\r\n"):
                self._server.complain("a line that is too long, or has no proper end")
            lines.append(line.removeprefix(b"."))
        sender, recipient = self._sender, self._recipient
        self._sender = self._recipient = None
        return self._server.takes_mail(sender, recipient, b"".join(lines))


def _path(written: str, key: str) -> str:
    """Return the address of a MAIL or RCPT; nothing when it cannot be read."""
    path = written.strip()
    if not path.upper().startswith(key):
        return ""
    return path[len(key) :].strip().partition(" ")[0].removeprefix("<").removesuffix(">")
