"""An announcement as it was typed: its words, and what its last lines and its dates say about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from buurtwacht import Refusal, Text, fold
from buurtwacht_announcements.records import Class, Replies
from buurtwacht_announcements.validity import read_validity

#: Domain §2.10.
LONGEST_TITLE = 60
LONGEST_BODY = 900
#: The Cloud API shows at most ten rows of twenty-four signs; Telegram's buttons cut longer words.
_MOST_OPTIONS = 10
_LONGEST_OPTION = 20

_LINE = re.compile(r"\s*(?P<word>[A-Za-z]+)\s*:\s*(?P<rest>\S.*?)\s*\.?\s*\Z")
_REPLIES = {
    "aan mij": Replies.SENDER,
    "naar mij": Replies.SENDER,
    "to me": Replies.SENDER,
    "geen": Replies.NONE,
    "niet": Replies.NONE,
    "none": Replies.NONE,
    "no": Replies.NONE,
}
_CLASSES = {"koud": Class.COLD, "cold": Class.COLD, "warm": Class.WARM}


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote. `body` is his own text letter by letter, without the lines that only say what to do with it.

    `valid_until` is None where the text does not say; `urgency` and `replies` too.
    """

    body: str
    title: str
    valid_until: datetime | None = None
    urgency: Class | None = None
    replies: Replies | None = None
    options: tuple[str, ...] = ()


def read(text: str, now: datetime) -> Words:
    """Read an announcement; `now` is aware, in local time. Raises `Refusal` for what cannot be sent as it is.

    The last lines may say what to do with it: "antwoorden: aan mij", "peiling: Ja / Nee", "klasse: warm".
    """
    lines = text.strip().split("\n")
    urgency: Class | None = None
    replies: Replies | None = None
    options: tuple[str, ...] = ()
    while lines and (found := _instruction(lines[-1])) is not None:
        match found:
            case Class():
                urgency = urgency or found
            case Replies():
                replies = replies or found
            case tuple():
                options, replies = options or found, replies or Replies.POLL
        lines = "\n".join(lines[:-1]).rstrip().split("\n")
    body = "\n".join(lines).strip()
    _check(body)
    until = read_validity(body, now)
    return Words(body, _title(body), until, urgency, replies, options if replies is Replies.POLL else ())


def _check(body: str) -> None:
    """Raise `Refusal` for a text without words, or beyond the limit (R49)."""
    if sum(sign.isalpha() for sign in body) < 2:
        raise Refusal(Text("refused.empty"))
    if len(body) > LONGEST_BODY:
        raise Refusal(Text("refused.long", limit=LONGEST_BODY, length=len(body)))


def _title(body: str) -> str:
    """Return the first line where others follow it and it is short enough."""
    first, _, rest = body.partition("\n")
    return first.strip() if rest.strip() and len(first.strip()) <= LONGEST_TITLE else ""


def _instruction(line: str) -> Class | Replies | tuple[str, ...] | None:
    """Return what a line says to do with the text; None when it is a part of it."""
    found = _LINE.match(line)
    if found is None:
        return None
    reader = _READERS.get(fold(found["word"]))
    return reader(found["rest"]) if reader is not None else None


def _poll(said: str) -> tuple[str, ...] | None:
    """Return the options of a poll. Raises `Refusal` for too few or too many, twice the same, or too long ones."""
    options = tuple(one.strip() for one in said.split("/"))
    if len(options) < 2:
        return None
    if not all(options) or len(options) > _MOST_OPTIONS or len({fold(one) for one in options}) < len(options):
        raise Refusal(Text("refused.poll", most=_MOST_OPTIONS))
    if any(len(one) > _LONGEST_OPTION for one in options):
        raise Refusal(Text("refused.poll.long", limit=_LONGEST_OPTION))
    return options


_READERS: dict[str, Callable[[str], Class | Replies | tuple[str, ...] | None]] = {
    **dict.fromkeys(
        ("antwoorden", "antwoord", "reacties", "replies", "answers"), lambda said: _REPLIES.get(fold(said))
    ),
    **dict.fromkeys(("klasse", "class"), lambda said: _CLASSES.get(fold(said))),
    **dict.fromkeys(("peiling", "poll"), _poll),
}
