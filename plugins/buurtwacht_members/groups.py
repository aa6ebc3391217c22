"""Groups on a messenger, bound to a neighbourhood: they get what members get, once, beside the private copies (R57)."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Audience, Context, Severity, Text


def bind(ctx: Context, code: str = "") -> None:
    """Bind the group in which this is said; what that means is stated there, for everybody to read."""
    place = ctx.neighbourhood_by(code) if code else ctx.neighbourhood
    if place is None:
        ctx.reply(Text("join.where.unknown"))
        return
    here = ctx.within(place)
    # Who looks after one neighbourhood may not have the alerts of another posted before his own people.
    if not here.has(*CARETAKERS):
        ctx.reply(Text("group.not_yours", neighbourhood=place.name))
        return
    if not here.directory.bind_group(place.id):
        ctx.reply(Text("group.only_in_group"))
        return
    # The group itself is told, and nobody else.
    nobody_else = Audience((place.id,), people=()).and_groups()
    here.broadcast(nobody_else, Text("group.bound", neighbourhood=place.name), Severity.NOTICE)


def unbind(ctx: Context) -> None:
    """Let the group in which this is said go."""
    ctx.reply(Text("group.unbound" if ctx.directory.unbind_group() else "group.only_in_group"))
