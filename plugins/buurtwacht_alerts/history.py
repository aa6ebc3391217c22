"""History: what somebody reported lately and what became of it, for admins only; every look-up is on record (R25)."""

from __future__ import annotations

from buurtwacht import Answer, Choice, Context, Lines, Message, Person, Role, Text, answer, fold
from buurtwacht_alerts.alert import Alert
from buurtwacht_alerts.reviews import WITHIN, Review, false_alarms, reviews_of

#: So many reports are listed; beyond that only counted.
_LISTED = 10


def history(ctx: Context, name: str) -> None:
    """`historie <name>`: how often a member reported, what of it was a false alarm, and when."""
    fitting = _named(ctx.members(), name)
    if not fitting:
        ctx.reply(Text("history.unknown"))
    elif len(fitting) == 1:
        _show(ctx, fitting[0])
    else:
        choices = [
            Choice(str(one.id), Text("history.choice", who=ctx.name_of(one), street=place.street))
            for one in fitting[:10]
            if (place := one.membership(ctx.here.id)) is not None
        ]
        ctx.ask(ctx.person, Message(Text("history.which"), choices=choices), "history")


@answer("history")
def chosen(ctx: Context, given: Answer) -> None:
    """Of several with that name, this one was meant."""
    who = ctx.people([int(given.value)]).get(int(given.value))
    place = who.membership(ctx.here.id) if who is not None else None
    if who is None or place is None or not ctx.has(Role.ADMIN):
        ctx.reply(Text("history.unknown"))
        return
    _show(ctx, who)


def _named(people: list[Person], name: str) -> list[Person]:
    """Return who is meant: those whose name it is, else those whose name begins with it."""
    wanted = fold(name)
    whole = [one for one in people if fold(one.name) == wanted]
    return whole or [one for one in people if f"{fold(one.name)} ".startswith(f"{wanted} ")]


def _show(ctx: Context, who: Person) -> None:
    table = Alert.__table__.c
    reports = ctx.records.find(
        Alert,
        table.reported_at > ctx.now - WITHIN,
        table.number.is_not(None),
        neighbourhood=ctx.here.id,
        reporter=who.id,
        order=table.reported_at.desc(),
    )
    decisions = [_decision(one) for one in reviews_of(ctx, who.id) if one.decision is not None]
    ctx.note("history_looked_up", f"person:{who.id}", count=len(reports))
    ctx.reply(
        Text(
            "history",
            who=ctx.name_of(who),
            days=WITHIN.days,
            count=len(reports),
            alarms=len(false_alarms(ctx, who.id)),
            lines=Lines(*map(_line, reports[:_LISTED]), *decisions),
        )
    )


def _line(one: Alert) -> Text:
    how = Text(f"history.outcome.{one.outcome}" if one.outcome is not None else "history.outcome.none")
    return Text("history.line", short=one.short, at=one.reported_at, outcome=how)


def _decision(one: Review) -> Text:
    key = "history.decision" if one.undone_at is None else "history.decision.undone"
    return Text(key, at=one.decided_at, decision=Text(f"review.choice.{one.decision}"))
