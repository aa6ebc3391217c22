"""The house rules of a neighbourhood, and what is said about privacy; also to strangers."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import Context, Lines, Text
from buurtwacht_members.settings import Settings


def lines(ctx: Context) -> Lines:
    """Return the rules that hold here: the usual ones, and the neighbourhood's own."""
    usual = [Text(f"rules.{number}") for number in range(1, 6)]
    return Lines(*usual, *(Text("rules.own", rule=rule) for rule in ctx.settings(Settings).own_rules))


def rules(ctx: Context) -> None:
    """Show the house rules."""
    ctx.reply(Text("rules", rules=lines(ctx), age=ctx.settings(Settings).age))


def privacy(ctx: Context) -> None:
    """Say what is kept, why, how long, what everybody may ask, and to which rules he agreed when."""
    consents: list[Text] = []
    if ctx.has_person:
        for one in ctx.directory.export(ctx.person.id).get("consents", ()):
            if one["at"]:
                at = datetime.fromisoformat(one["at"])
                consents.append(Text("privacy.consent", version=one["house_rules"], at=at))
    ctx.reply(Text("privacy", consents=Lines(*consents)))
