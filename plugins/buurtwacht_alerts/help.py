"""A call for help outside a roll call: the emergency number at once, the co-ordinators within seconds (R55)."""

from __future__ import annotations

import re

from buurtwacht import Context
from buurtwacht_alerts import cries, reporting
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
    cries.pass_on(ctx, text)
    reading = read(text, [one.name for one in ctx.here.streets], ctx.now)
    if reading.likely:
        reporting.take(ctx, text)
