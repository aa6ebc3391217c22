"""A cry for help on its way: the emergency number to who cries, and at once his words to the co-ordinators (R55)."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Context, Severity, Text, is_call_for_help
from buurtwacht_alerts.alert import begins_with_short
from buurtwacht_alerts.covered import without_contacts


def heard(ctx: Context, text: str) -> bool:
    """Pass on what somebody says of an alert, with its id before it or without, if it cries for help; say whether."""
    found = begins_with_short(text)
    cries = is_call_for_help(found.rest if found is not None else text)
    if cries:
        pass_on(ctx, text)
    return cries


def pass_on(ctx: Context, text: str) -> None:
    """Show who cries the emergency number, and tell the co-ordinators."""
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
