"""A message made into a mail: its headers (RFC 5322), its words as plain text and as a simple page, its files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from buurtwacht import Outgoing
from buurtwacht_email.words import Words

#: Between what we were asked to say and what we say ourselves.
LINE = "———"
#: Characters of a subject: what a telephone shows of it, with room to spare.
_SUBJECT = 100
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[a-z0-9.-]+>")
_ADDRESS = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
#: What XML and mail programs stumble over: control characters but line ends and tabs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on a mail: from whom, to whom, when, its name, and the name of what it belongs to, if anything."""

    name: str
    sender: str
    recipient: str
    at: datetime
    message_id: str
    thread_id: str = ""


def subject_of(outgoing: Outgoing) -> str:
    """Return the first line of a message, with the short id of what it is about where it does not say that itself."""
    first = next((line.strip() for line in clean(outgoing.text).splitlines() if line.strip()), "")
    if not first:
        first = ", ".join(one.name for one in outgoing.parcels) or "Buurtwacht"
    _, _, short = outgoing.thread.partition(" ")
    if short and short not in first:
        first = f"{short}: {first}"
    first = " ".join(first.split())
    return first if len(first) <= _SUBJECT else first[: _SUBJECT - 1].rstrip() + "…"


def clean(text: str) -> str:
    """Return a text with the line ends of ours, and without control characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def compose(outgoing: Outgoing, envelope: Envelope, page: str) -> bytes:
    """Return the mail as it is handed in; `page` is the address of the page where it is answered, or nothing."""
    mail = EmailMessage(policy=SMTP)
    name, _, domain = envelope.sender.partition("@")
    mail["From"] = Address(envelope.name, name, domain)
    name, _, domain = envelope.recipient.partition("@")
    mail["To"] = Address("", name, domain)
    mail["Subject"] = subject_of(outgoing)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = envelope.message_id
    answered = outgoing.reply_to if outgoing.reply_to and _MESSAGE_ID.fullmatch(outgoing.reply_to) else ""
    references = [one for one in (envelope.thread_id, answered) if one]
    if references:
        mail["In-Reply-To"] = references[-1]
        mail["References"] = " ".join(references)
    # RFC 3834 §5, and what Exchange reads in its place: no answering machine is to write back.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    words = Words(outgoing.language)
    text = clean(outgoing.text)
    # Quoted-printable passes every server; what is longer than a line of mail may be (RFC 5322 §2.1.1) is folded by it.
    said = "\n\n".join([text, LINE, *_below(outgoing, words, page)])
    mail.set_content(f"{said}\n", cte="quoted-printable")
    html = templates.get_template("letter.html").render(
        words=words,
        title=mail["Subject"],
        paragraphs=[_linked(one) for one in text.split("\n\n") if one.strip()],
        options=outgoing.options,
        choices=_choices(outgoing),
        page=page,
    )
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    for parcel in outgoing.parcels:
        kind, _, form = parcel.mime.partition(";")[0].partition("/")
        name = " ".join(clean(parcel.name).split())
        mail.add_attachment(parcel.content, maintype=kind, subtype=form or "octet-stream", filename=name)
    mail["Content-Language"] = words.language  # last, as what is added takes such a header along into itself
    return mail.as_bytes()


def _linked(text: str) -> Markup:
    """Return a text with its web addresses as links: not every mail program makes them so."""
    pieces = _ADDRESS.split(text)
    link = Markup('<a href="{0}" style="color:#154273">{0}</a>')
    return Markup("").join(link.format(one) if place % 2 else escape(one) for place, one in enumerate(pieces))


def _below(outgoing: Outgoing, words: Words, page: str) -> list[str]:
    """Return what stands under the line: how to answer, and what a mail like this is."""
    if page:
        key = "mail.answer.choices" if outgoing.options else "mail.answer.words"
        answer = [f"{words(key, choices=_choices(outgoing))}\n{page}", words("mail.personal")]
    else:
        answer = [words("mail.elsewhere", choices=_choices(outgoing))] if outgoing.options else []
    return [*answer, words("mail.automatic")]


def _choices(outgoing: Outgoing) -> str:
    return " · ".join(one.label for one in outgoing.options)
