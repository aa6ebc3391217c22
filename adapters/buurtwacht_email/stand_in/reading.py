"""A mail as its reader sees it, and what a strict mail program would hold against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html.parser import HTMLParser

from buurtwacht.testing.provider import SeenFile
from buurtwacht_email.letters import LINE

_LINK = re.compile(r"https?://\S+/webhooks/\S+")


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a mail. `page` is the address of the page to answer on; `buttons` are (label, address)."""

    mail: EmailMessage
    text: str
    below: str
    html: str
    page: str
    buttons: tuple[tuple[str, str], ...]
    files: tuple[SeenFile, ...]

    def header(self, name: str) -> str:
        """Return a header in words, or nothing."""
        return str(self.mail.get(name, ""))


def read(content: bytes) -> Letter:
    """Return a mail as it is read."""
    mail = message_from_bytes(content, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    plain, html = (_part(mail, kind) for kind in ("plain", "html"))
    text, _, below = plain.rpartition(f"\n\n{LINE}\n")
    anchors = _Anchors()
    anchors.feed(html)
    anchors.close()
    link = _LINK.search(below)
    files = tuple(_file(part) for part in mail.iter_attachments())
    page = link[0] if link else ""
    buttons = tuple((label, at) for at, label in anchors.found if page and at.startswith(f"{page}/"))
    return Letter(mail, text, below, html, page, buttons, files)


def faults(letter: Letter) -> Iterator[str]:
    """Yield what is wrong with its form."""
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Language"):
        if len(letter.mail.get_all(name, [])) != 1:
            yield f"not one {name}"
    if letter.header("Auto-Submitted") != "auto-generated" or letter.header("X-Auto-Response-Suppress") != "All":
        yield "answering machines will write back"
    if not letter.text.strip() and not letter.files:
        yield "nothing to read"
    if not letter.below or not letter.html:
        yield "not both as text and as a page"
    if letter.mail.defects:
        yield "defects: " + ", ".join(type(one).__name__ for one in letter.mail.defects)
    if re.search(r"<(script|img|link|iframe)\b|\burl\(", letter.html):
        yield "a mail holds nothing that is fetched or run"
    if letter.page and [at for _, at in letter.buttons] != [f"{letter.page}/{n}" for n in range(len(letter.buttons))]:
        yield "buttons that lead elsewhere"


def _file(part: Message) -> SeenFile:
    content = part.get_payload(decode=True)
    return SeenFile(part.get_filename() or "", part.get_content_type(), content if isinstance(content, bytes) else b"")


def _part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    content = found.get_content() if found is not None else ""
    return str(content).replace("\r\n", "\n")


class _Anchors(HTMLParser):
    """Collects (address, words) of each link."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._at: str | None = None
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._at, self._words = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._at is not None:
            self.found.append((self._at, self._words))
            self._at = None
