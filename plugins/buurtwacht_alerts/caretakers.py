"""Those who look after a neighbourhood: who they are for an alert, and how they are told something about it."""

from __future__ import annotations

from dataclasses import replace

from buurtwacht import CARETAKERS, Context, Message, PersonId, Severity, Text
from buurtwacht_alerts.alert import Alert, home
from buurtwacht_alerts.covered import without_contacts_in


def of(ctx: Context, alert: Alert) -> list[PersonId]:
    """Return those who look after the alert's neighbourhood, without who reported it: he gets no copy of it."""
    return [one.id for one in home(ctx, alert).members(*CARETAKERS) if one.id not in alert.reporters]


def look_after(ctx: Context, alert: Alert) -> bool:
    """Say whether the person who set this off looks after the alert's neighbourhood."""
    return home(ctx, alert).has(*CARETAKERS)


def tell(ctx: Context, alert: Alert, content: Text | Message, severity: Severity = Severity.NOTICE) -> bool:
    """Tell them something about an alert, not who sets this off; False when there is nobody to tell."""
    own = home(ctx, alert)
    mine = ctx.person.id if ctx.has_person else None
    to = [one.id for one in own.members(*CARETAKERS) if one.id != mine]
    if to:
        own.send(to, _without_contacts(content), severity=severity, thread=alert)
    return bool(to)


def _without_contacts(content: Text | Message) -> Text | Message:
    """Leave out of what people wrote every number by which somebody is reached or known (R5: never a number)."""
    if isinstance(content, Message):
        return replace(content, text=without_contacts_in(content.text))
    return without_contacts_in(content)
