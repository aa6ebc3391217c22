"""The five answers under an alert, and doubts about it (R12, R22)."""

from __future__ import annotations

from collections import Counter

from buurtwacht import Answer, Context, Severity, Text, answer
from buurtwacht_alerts import additions, caretakers, first_answers
from buurtwacht_alerts.alert import Acknowledgement, Alert, Doubt, Status, Value, get, home, log

#: R22: from so many doubts on the co-ordinators are told.
_DOUBTS = 2


@answer("acknowledge")
def acknowledge(ctx: Context, given: Answer) -> None:
    """Somebody answered under an alert, by a tap, a number or a word."""
    answered(ctx, get(ctx, given.thread), Value(given.value), given.text)


def answered(ctx: Context, alert: Alert, value: Value, text: str = "") -> None:
    """Keep an answer, and do what follows from it; it is accepted after the end as well (R12)."""
    again = _keep(ctx, alert, value)
    if value is Value.INFO:
        if text.strip():
            additions.add(ctx, alert, text.strip())
        elif alert.status is Status.CLOSED and not additions.takes_afterwards(ctx, alert):
            ctx.reply(Text("refused.closed_add", short=alert.short, at=alert.closed_at))
        else:
            additions.ask(ctx, alert)
    elif value is Value.UNSAFE:
        _unsafe(ctx, alert, text)
    elif value is Value.DOUBT:
        doubt(ctx, alert, text)
    else:
        if text.strip() and alert.is_open:
            additions.add(ctx, alert, text.strip())
        elif not again:
            _count(ctx, alert, value)


def _keep(ctx: Context, alert: Alert, value: Value) -> bool:
    """Write the answer down; return whether he had said the same before."""
    mine = ctx.records.first(Acknowledgement, alert=alert.id, person=ctx.person.id)
    if mine is None:
        fresh = Acknowledgement(alert=alert.id, person=ctx.person.id, value=value, at=ctx.now, history=[])
        ctx.records.add(fresh)
        first_answers.note(ctx, alert)
        return False
    again = mine.value is value
    mine.history = [*mine.history, [mine.at.isoformat(), mine.value.value]]
    mine.value, mine.at = value, ctx.now
    return again


def _count(ctx: Context, alert: Alert, value: Value) -> None:
    """Say in private that it was noted, with the counts, never with names."""
    others = [one.value for one in ctx.records.find(Acknowledgement, alert=alert.id) if one.person != ctx.person.id]
    counts = Counter([*others, value])
    seen = sum(counts.values())
    ctx.reply(
        Text(
            "acknowledged",
            short=alert.short,
            answer=Text(f"answer.{value}"),
            seen=seen,
            watching=counts[Value.ON_WATCH],
        ),
        thread=alert,
    )


def _unsafe(ctx: Context, alert: Alert, text: str) -> None:
    """Somebody is not safe: the co-ordinators hear it before everything, and he is shown the emergency number."""
    said = Text("unsafe.caretaker", who=ctx.name_of(ctx.person), short=alert.short, text=text or None)
    told = caretakers.tell(ctx, alert, said, Severity.CRITICAL)
    log(ctx, alert, "unsafe", new=text)
    ctx.reply(Text("unsafe" if told else "unsafe.nobody", short=alert.short), severity=Severity.CRITICAL, thread=alert)


def doubt(ctx: Context, alert: Alert, text: str = "") -> None:
    """Somebody says that it is not right: counted, told to the co-ordinators from two on; nothing else changes."""
    own = home(ctx, alert)
    known = own.records.find(Doubt, alert=alert.id)
    if ctx.person.id not in {one.person for one in known}:
        own.records.add(Doubt(alert=alert.id, person=ctx.person.id, at=ctx.now))
        log(ctx, alert, "doubt")
        count = len(known) + 1
        if count >= _DOUBTS and alert.is_open:
            caretakers.tell(ctx, alert, Text("doubt.caretaker", short=alert.short, count=count), Severity.URGENT)
    if text.strip():
        said = Text("remark.caretaker", who=ctx.name_of(ctx.person), short=alert.short, text=text)
        caretakers.tell(ctx, alert, said)
    ctx.reply(Text("doubt", short=alert.short), thread=alert)
