"""The stand-in itself: mailboxes, the people who read them, and what they do on our page."""

from __future__ import annotations

import asyncio
import math
import secrets
import socket
import ssl
import zlib
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.types import ASGIApp

from buurtwacht import Handle, Location
from buurtwacht.testing.provider import SECRET, Fault, Seen, Update, mailbox_name
from buurtwacht_email.links import Links, Mail
from buurtwacht_email.stand_in.reading import Letter, faults, read
from buurtwacht_email.stand_in.session import Broken, Login, Session

_DOMAIN = "buurtwacht.example"
_SENDER = f"alarm@{_DOMAIN}"
_FORM = {"content-type": "application/x-www-form-urlencoded"}


class MailServer:
    """A mail server for one account. `buurtwacht.testing.provider.StandIn` says what its verbs mean."""

    def __init__(self, account: str, now: Callable[[], datetime]) -> None:
        self.account = account
        self.now = now
        #: mail is not handed in over HTTP
        self.app: ASGIApp = Starlette()
        self.seen: list[Seen] = []
        self.faults: dict[str, Fault] = {}
        self.down = False
        self.complaints: list[str] = []
        #: whether an `ambiguous` mail arrives although no answer does
        self.ambiguous_delivers = False
        #: the only address that whoever logs in here may send from
        self.sender = _SENDER
        self.login = Login("buurtwacht", "stand-in")
        #: with it, nobody may log in before STARTTLS
        self.tls: ssl.SSLContext | None = None
        #: how many connected, how many tried to log in, and the mails by their names
        self.connections = 0
        self.logins = 0
        self.letters: dict[str, Letter] = {}
        self._links = Links(SECRET, _DOMAIN)
        self._people: dict[str, Handle] = {}
        self._sessions: set[asyncio.Task[None]] = set()

    def settings(self) -> dict[str, object]:
        """Return the table of an account that hands its mail in here, in this very process."""
        url = f"smtp://{self.login.user}:{self.login.password}@127.0.0.1"
        return {"smtp_url": url, "sender": f"Buurtwacht Roosendaal <{_SENDER}>", "connect": self.connect}

    async def connect(self) -> socket.socket:
        """Return one end of a connection whose other end is served."""
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        await loop.connect_accepted_socket(lambda: asyncio.StreamReaderProtocol(reader, self.serve, loop=loop), theirs)
        ours.setblocking(False)
        return ours

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, also one over a real port (`asyncio.start_server`)."""
        self.connections += 1
        session = asyncio.get_running_loop().create_task(Session(self, reader, writer).run())
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)

    def hang_up(self) -> None:
        """Close every connection, as a server does with those on which nothing is said for long."""
        for session in self._sessions:
            session.cancel()

    # --- who is there ------------------------------------------------------------------------------------------------

    def person(self, name: str, language: str = "nl") -> tuple[Handle, ...]:
        """Make a mailbox and return its address."""
        serial = f"{zlib.crc32(self.account.encode()) % 9_000 + 1_000}{len(self._people) + 1:04d}"
        self._people[name] = Handle("email", f"{mailbox_name(name)}.{serial}@example.org")
        return (self._people[name],)

    def opens(self, person: str) -> None:
        """Change nothing: a mailbox is there for everybody."""

    def closes(self, person: str) -> None:
        """Change nothing: mail has no window."""

    def group(self, title: str) -> Handle:
        """Raise `NotImplementedError`: mail has no groups for us."""
        raise NotImplementedError("e-mail has no groups")

    # --- what people do ----------------------------------------------------------------------------------------------

    def says(
        self,
        person: str,
        text: str = "",
        *,
        photo: bytes | None = None,
        location: Location | None = None,
        voice: bool = False,
        reply_to: str | None = None,
        forwarded: bool = False,
        group: str | None = None,
    ) -> tuple[str, Update]:
        """Return the name and the request of words typed on the page of a mail.

        Without `reply_to` it is the page of his newest mail, where he ticks that this is about something else; of a
        mail before this story when he has none. Raises `NotImplementedError` for what the page has no place for.
        """
        if photo is not None or location is not None or voice or forwarded or group is not None:
            raise NotImplementedError("words are all that can be said on the page")
        mailbox = self._people[person].value
        page = self._page_of(reply_to) if reply_to is not None else self._newest_page(mailbox)
        fields = {"words": text, "once": secrets.token_hex(8), **({} if reply_to else {"other": "1"})}
        mail = self._links.open(page.rpartition("/")[2], self.now())
        named = f"{mail.name if mail else ''} {mailbox} {fields['once']} {text}"
        return self._links.said_id(named), self._post(page, fields)

    def taps(self, person: str, option: str, on: str, *, group: str | None = None) -> Update:
        """Return the request of a tap on option id `option` on the page of our mail `on`: also of one passed on."""
        page = self._page_of(on)
        mail = self._links.open(page.rpartition("/")[2], self.now())
        ids = [one.id for one in mail.options] if mail is not None else []
        place = ids.index(option) if option in ids else len(ids)
        # The page is opened anew for each tap, as people do: what it holds once differs.
        fields = {"choice": str(place), "once": secrets.token_hex(8)}
        return self._post(f"{page}/{place}" if option in ids else page, fields)

    def reacts(self, person: str, emoji: str, on: str) -> Update:
        """Raise `NotImplementedError`: mails have no reactions."""
        raise NotImplementedError("e-mail has no reactions")

    def edits(self, person: str, message: str, text: str) -> Update | None:
        """Return nothing: what was sent from the page stands."""
        return None

    def deletes(self, person: str, message: str) -> Update | None:
        """Return nothing: what was sent from the page stands."""
        return None

    def blocks(self, person: str, blocked: bool) -> Update | None:
        """Return nothing: nobody tells us; our mail just comes back."""
        mailbox = self._people[person].value
        if blocked:
            self.faults[mailbox] = Fault("unreachable")
        else:
            self.faults.pop(mailbox, None)
        return None

    def status(self, provider_id: str, state: str, *, error: int | None = None) -> Update | None:
        """Return nothing: mail has no receipts."""
        return None

    def _page_of(self, message: str) -> str:
        letter = self.letters.get(message)
        if letter is None or not letter.page:
            raise LookupError(f"no mail {message} with a page to answer on")
        return urlsplit(letter.page).path

    def _newest_page(self, mailbox: str) -> str:
        for one in reversed(self.seen):
            if one.to == mailbox and self.letters[one.provider_id].page:
                return self._page_of(one.provider_id)
        return f"/webhooks/{self.account}/{self._links.seal(Mail('', mailbox), self.now())}"

    def _post(self, page: str, fields: dict[str, str]) -> Update:
        return Update(_FORM, urlencode(fields).encode(), page, visits=True)

    # --- what the server says ----------------------------------------------------------------------------------------

    def takes_sender(self, sender: str) -> str:
        """Return the answer to MAIL: only our own address may be in it."""
        return "250 2.1.0 ok" if sender == self.sender else "553 5.7.1 that is not your address"

    def takes_recipient(self, recipient: str) -> str:
        """Return the answer to RCPT."""
        fault = self.faults.get(recipient)
        known = any(one.value == recipient for one in self._people.values())
        if not known or (fault is not None and fault.kind == "unreachable"):
            return "550 5.1.1 no such mailbox"
        if fault is not None and fault.kind == "throttled":
            return f"450 4.7.1 greylisted, come back in {math.ceil(fault.retry_after)} seconds"
        if fault is not None and fault.kind == "unavailable":
            return "451 4.3.0 local trouble"
        return "250 2.1.5 ok"

    def takes_mail(self, sender: str, recipient: str, content: bytes) -> str:
        """Return the answer to a whole mail, which is kept when it is good. Raises `Broken` when there is none."""
        fault = self.faults.get(recipient)
        if fault is not None and fault.kind == "rejected":
            return "554 5.6.0 not with this content"
        letter = read(content)
        self.complaints += faults(letter)
        if fault is None or fault.kind != "ambiguous" or self.ambiguous_delivers:
            self._keep(letter, recipient)
        if fault is not None and fault.kind == "ambiguous":
            raise Broken
        return "250 2.0.0 taken"

    def complain(self, what: str) -> None:
        """Write down what a real server would have refused for its form."""
        self.complaints.append(what)

    def _keep(self, letter: Letter, recipient: str) -> None:
        name = letter.header("Message-ID")
        self.letters[name] = letter
        mail = self._links.open(letter.page.rpartition("/")[2], self.now()) if letter.page else None
        options = mail.options if mail is not None else ()
        if letter.page and [one.label for one in options] != [label for label, _ in letter.buttons]:
            self.complaints.append("the buttons are not the choices behind the link")
        answered = letter.header("In-Reply-To")
        self.seen.append(
            Seen(
                provider_id=name,
                to=recipient,
                text=letter.text,
                at=self.now(),
                options=tuple((one.id, one.label) for one in options),
                language=letter.header("Content-Language"),
                files=letter.files,
                reply_to=answered if answered.startswith("<said.") else None,
                kind="document" if letter.files else "text",
            )
        )
