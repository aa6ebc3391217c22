"""Texts that speak for the police or another official: what is never said on a neighbour's word alone (R14)."""

from __future__ import annotations

import re
from datetime import timedelta

from buurtwacht import Choice, Context, Message, Text
from buurtwacht_alerts.alert import Alert

_OFFICIAL = re.compile(
    r"\b(?:politie\w*|police\w*|agent(?:en|s)?|officers?|wijkagent\w*|meldkamer|control room|aangehouden|aanhouding\w*"
    r"|gearresteerd|arrestatie\w*|arrest(?:s|ed)?|opgepakt|in hechtenis|in custody|detained|recherche|brandweer\w*"
    r"|fire brigade|firefighters?|ambulances?|gemeente|municipality|burgemeester|mayor|boa'?s?|handhav(?:ing|ers?)"
    r"|marechaussee|dienders?)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:politie|police|agenten|officers|hulpdiensten|emergency services|brandweer|ambulance|112)\b"
    r".{0,40}\b(?:onderweg|komt|komen|rijdt|rijden|aanwezig|ter plaatse|ter plekke|gearriveerd|is er|zijn er|eraan"
    r"|coming|on (?:the|its|their) way|arrived|arriving|on scene|is here|are here|en route)\b",
    re.IGNORECASE,
)
#: A false policeman is what a doorstep scam is about.
_PRETENDED = re.compile(
    r"\b(?:zegt|zeggen|zogenaamd\w*|nep\w*|beweer\w*|doet zich|says?|claim\w*|pretend\w*|fake)\b", re.I
)
_CLAUSES = re.compile(r"\s*[,.;!\n]+\s*")

#: A preview, or a text that is held for its source, is decided about at once or written anew.
PATIENCE = timedelta(hours=1)

YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


def speaks_for_them(text: str) -> bool:
    """Say whether a text speaks for the police or another official, or says that help is coming (R14, design §9.1)."""
    return _OFFICIAL.search(text) is not None or _PROMISE.search(text) is not None


def without_promises(text: str) -> str:
    """Return a text without the clauses that say that help is coming or there: nobody confirmed it (design §9.1)."""
    if not _PROMISE.search(text):
        return text
    return ", ".join(clause for clause in _CLAUSES.split(text) if clause and not _promises(clause))


def _promises(clause: str) -> bool:
    return _PROMISE.search(clause) is not None and not _PRETENDED.search(clause)


def ask_source(ctx: Context, alert: Alert, text: str, then: str, **payload: int) -> None:
    """Hold a text for one question, "source: the police?"; `then` says what is done with it after yes."""
    question = Message(Text("source.question", short=alert.short, text=text), choices=YES_NO)
    given = {"alert": alert.id, "text": text, "then": then, **payload}
    # In no thread: it stays when another closes the alert, and whoever answers then hears who did, and when.
    ctx.ask(ctx.person, question, "source", payload=given, expires=PATIENCE)
