"""A call for help outside a roll call: the emergency number at once, the co-ordinators within seconds (R55)."""

from __future__ import annotations

import re

from buurtwacht import CARETAKERS, Context, Severity, Text
from buurtwacht_alerts import reporting
from buurtwacht_alerts.covered import without_contacts
from buurtwacht_alerts.reading import read

#: What a cry for help begins with. In a hurry nobody types a comma, but "emergency exit" is none.
_CRIES, _CRIES_BY_THEMSELVES = ("hulp", "help", "sos", "mayday"), ("noodgeval", "emergency")
_CRY = re.compile(
    rf"\W*(?:(?:{'|'.join(_CRIES)})\b|(?:{'|'.join(_CRIES_BY_THEMSELVES)})\b\s*(?:[!,.:]|$))", re.IGNORECASE
)
#: Words of a cry for help, each of which may begin one.
CRIES = frozenset((*_CRIES, *_CRIES_BY_THEMSELVES))


def begins(text: str) -> bool:
    """Say whether a report begins with a cry for help ("hulp er staat iemand in mijn tuin")."""
    return _CRY.match(text) is not None


def called_for(ctx: Context, text: str) -> None:
    """Show the emergency number and tell the co-ordinators; a report that is in it goes its own way as well."""
    humans = [one.id for one in ctx.members(*CARETAKERS) if one.id != ctx.person.id]
    street = ctx.membership.street if ctx.membership is not None else ""
    if humans:
        said = Text(
            "help.caretaker",
            who=ctx.name_of(ctx.person),
            text=without_contacts(text[:600]),
            street=street or Text("place.unknown"),
        )
        ctx.send(humans, said, severity=Severity.CRITICAL, first_word=True)
    ctx.note("called_for_help", told=len(humans))
    ctx.reply(Text("help" if humans else "help.nobody"), severity=Severity.CRITICAL)
    reading = read(text, [one.name for one in ctx.here.streets], ctx.now)
    if reading.likely:
        reporting.take(ctx, text)
