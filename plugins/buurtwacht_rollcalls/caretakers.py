"""Those who look after a neighbourhood: how they hear of somebody who needs a human (R5, R30)."""

from __future__ import annotations

import re

from buurtwacht import CARETAKERS, Context, Message, PersonId, Severity, Text
from buurtwacht_rollcalls.records import RollCall, home

#: A telephone number of a person; service numbers (0800, 0900, 14 0165) are everybody's.
_NUMBER = re.compile(r"(?<!\w)(?!0[89]00)\+?\d[\d\s().-]{7,}\d(?!\w)")


def of(ctx: Context, call: RollCall) -> list[PersonId]:
    """Return those who look after the roll call's neighbourhood."""
    return [one.id for one in home(ctx, call).members(*CARETAKERS)]


def look_after(ctx: Context, call: RollCall) -> bool:
    """Say whether the person who set this off looks after the roll call's neighbourhood."""
    return home(ctx, call).has(*CARETAKERS)


def tell(ctx: Context, call: RollCall, content: Text | Message, severity: Severity = Severity.URGENT) -> bool:
    """Tell them something, not who sets this off; False when there is nobody to tell."""
    mine = ctx.person.id if ctx.has_person else None
    to = [one for one in of(ctx, call) if one != mine]
    if to:
        home(ctx, call).send(to, content, severity=severity)
    return bool(to)


def holds_number(text: str) -> bool:
    """Say whether a telephone number of a person stands in a text."""
    return _NUMBER.search(text) is not None


def words(text: str) -> str:
    """Return what somebody typed as they read it: without numbers by which people are reached, and not endless."""
    return _NUMBER.sub("…", " ".join(text.split()))[:500]


def are_meant(ctx: Context) -> bool:
    """Say whether the person who speaks is one of them, here."""
    return ctx.has(*CARETAKERS)
