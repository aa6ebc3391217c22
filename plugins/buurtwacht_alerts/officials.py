"""A text that speaks for an official is held for one question: who says so (R14)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Choice, Context, Message, Text
from buurtwacht_alerts.alert import Alert

#: A preview, or a text that is held for its source, is decided about at once or written anew.
PATIENCE = timedelta(hours=1)
YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


def ask_source(ctx: Context, alert: Alert, text: str, then: str, **payload: int) -> None:
    """Hold a text for one question, "source: the police?"; `then` says what is done with it after yes."""
    question = Message(Text("source.question", short=alert.short, text=text), choices=YES_NO)
    given = {"alert": alert.id, "text": text, "then": then, **payload}
    # In no thread: it stays when another closes the alert, and whoever answers then hears who did, and when.
    ctx.ask(ctx.person, question, "source", payload=given, expires=PATIENCE)
