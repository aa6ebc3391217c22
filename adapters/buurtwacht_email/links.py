"""The links below a mail: each leads to our page about that mail, and holds all that the page must know of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

from buurtwacht import Option, Outgoing

#: How long a link can be used; who answers later finds it in the messages after it.
LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a link is about: the mail by its name (Message-ID), whose mailbox it went to, and what it asked.

    `name` is empty for something that is about no mail of ours. `title` is its subject, `language` that of its text.
    """

    name: str
    recipient: str
    options: tuple[Option, ...] = ()
    title: str = ""
    language: str = "nl"


class Links:
    """Seals and opens links. They are encrypted (Fernet: AES and HMAC-SHA256), as an address is nobody's to read.

    `secret` are the bytes of the account, `domain` that of the sender.
    """

    def __init__(self, secret: bytes, domain: str) -> None:
        self._secret = secret
        self._domain = domain
        self._fernet = Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"page", hashlib.sha256)))

    def message_id(self, outgoing: Outgoing) -> str:
        """Return the name of a mail: the same when it is sent again, so that a mail program shows it once."""
        return self._named("mail", f"{outgoing.delivery:x}.{outgoing.part}")

    def thread_id(self, thread: str) -> str:
        """Return the name of the mail that all mails about one thing refer to; it was never sent."""
        return self._named("about", thread)

    def said_id(self, what: str) -> str:
        """Return the name of what somebody typed on our page."""
        return self._named("said", what)

    def _named(self, kind: str, what: str) -> str:
        digest = hmac.digest(self._secret, f"{kind}\0{what}".encode(), hashlib.sha256)
        return f"<{kind}.{base64.b32encode(digest[:10]).decode().lower()}@{self._domain}>"

    def seal(self, mail: Mail, now: datetime) -> str:
        """Return the token that stands for a mail, safe in a path; good for `LASTS` from now."""
        options = [[one.id, one.label] for one in mail.options]
        content = json.dumps([mail.name, mail.recipient, options, mail.title, mail.language], ensure_ascii=False)
        sealed = self._fernet.encrypt_at_time(zlib.compress(content.encode(), 9), int(now.timestamp()))
        return sealed.decode().rstrip("=")

    def open(self, token: str, now: datetime) -> Mail | None:
        """Return what a token stands for; None for one that we did not make, or made too long ago."""
        try:
            sealed = (token + "=" * (-len(token) % 4)).encode("ascii")
            content = self._fernet.decrypt_at_time(sealed, int(LASTS.total_seconds()), int(now.timestamp()))
        except (InvalidToken, UnicodeEncodeError):
            return None
        # Sealed by ourselves: it has the form that we gave it.
        name, recipient, options, title, language = json.loads(zlib.decompress(content))
        found = Mail(name, recipient, title=title, language=language)
        return replace(found, options=tuple(Option(ident, label) for ident, label in options))
