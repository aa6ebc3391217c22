"""A place that was shared, or a photo, without a word: it belongs to the alert its sender has to do with."""

from __future__ import annotations

from buurtwacht import Context, Message, Text
from buurtwacht_alerts import caretakers, drafts, reporting
from buurtwacht_alerts.alert import Alert, log, shown_lately


def located(ctx: Context, text: str) -> None:
    """Give a shared place to the co-ordinators; members never see where exactly somebody stands."""
    waiting = drafts.draft_of(ctx, ctx.person) or drafts.held_of(ctx, ctx.person)
    if waiting is not None and ctx.location is not None:
        reporting.located(ctx, waiting)
        return
    alert = _alert(ctx)
    if alert is None or ctx.location is None:
        ctx.reply(Text("location.alone"))
        return
    said = Text("location.caretaker", who=ctx.name_of(ctx.person), short=alert.short)
    told = caretakers.tell(ctx, alert, Message(said, location=ctx.location))
    log(ctx, alert, "location")
    ctx.reply(Text("location.thanks" if told else "nobody", short=alert.short), thread=alert)


def pictured(ctx: Context, text: str) -> None:
    """A photo alone says nothing yet; with an alert, what is done with it is told once it has arrived."""
    if _alert(ctx) is None:
        ctx.reply(Text("photo.alone"))


def _alert(ctx: Context) -> Alert | None:
    return next((one for one in shown_lately(ctx, ctx.person) if one.is_open), None)
