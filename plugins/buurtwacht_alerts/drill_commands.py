"""The commands of drills, and what the commands of alerts say when the id is a drill's (R26)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

from buurtwacht import CARETAKERS, Context, Text
from buurtwacht_alerts import drill_answering, drill_planning, drill_reach, drill_words, drills, reporting
from buurtwacht_alerts.alert import open_alerts
from buurtwacht_alerts.appointments import find_appointment
from buurtwacht_alerts.drill import Drill, DrillState, drill_named, running
from buurtwacht_alerts.reading import read

#: What a command does for a drill, with the rest of what was typed.
OfDrill: TypeAlias = Callable[[Context, Drill, str], None]


def drill(ctx: Context, text: str = "") -> None:
    """`oefening <when> <what>`: plan a drill. Who says that it is none reports something real."""
    if drill_words.names_a_thing(text):
        reporting.report(ctx, text)
        return
    if _insists(ctx, text):
        reporting.alarm(ctx, text)
        return
    drill_planning.propose(ctx, text)


def _insists(ctx: Context, text: str) -> bool:
    """Say whether what follows the word tells of something real. A co-ordinator who says when is planning."""
    if drill_words.is_denied(text):
        spans = find_appointment(text, ctx.now).spans
        return not (ctx.has(*CARETAKERS) and spans and not text[: spans[0][0]].strip())
    if ctx.has(*CARETAKERS) or not drill_words.is_stressed(text):
        return False
    return read(text, [street.name for street in ctx.here.streets], ctx.now).likely


def drills_listed(ctx: Context) -> None:
    """`oefeningen`: what is planned."""
    drill_planning.listed(ctx)


def cancel(ctx: Context, text: str = "") -> None:
    """`oefening annuleren`: what is planned will not be."""
    if drill_answering.is_real(ctx, text):
        reporting.alarm(ctx, text)
        return
    drill_planning.cancel(ctx)


def end(ctx: Context, text: str = "") -> None:
    """`einde oefening`: end the drill that goes on."""
    if drill_answering.is_real(ctx, text):
        reporting.alarm(ctx, text)
        return
    current = running(ctx)
    if current is None:
        drill_planning.must_look_after(ctx)
        ctx.reply(Text("drill.none"))
        return
    close(ctx, current)


# --- the commands of alerts ------------------------------------------------------------------------------------------


def or_drill(command: Callable[..., None], of_drill: OfDrill, *, bare: bool = True) -> Callable[..., None]:
    """Return the handler of an alert's command, which knows a drill by its id as well.

    With `bare`, and nothing behind the command, it is the drill that goes on, if no alert is open.
    """

    @wraps(command)
    def either(ctx: Context, text: str = "") -> None:
        found = drill_named(ctx, text)
        if found is not None:
            of_drill(ctx, *found)
            return
        current = running(ctx) if bare and not text.strip() and not open_alerts(ctx) else None
        if current is not None:
            of_drill(ctx, current, "")
            return
        command(ctx, *([text] if text else []))

    return either


def close(ctx: Context, drill: Drill, rest: str = "") -> None:
    """End a drill; whoever looks after the neighbourhood may, and a report behind it is a report."""
    if drill_answering.is_real(ctx, rest):
        reporting.alarm(ctx, rest)
        return
    drill_planning.must_look_after(ctx)
    if not drill.is_running:
        status(ctx, drill)
        return
    drill.tell(ctx.reply(drills.end(ctx, drill, ctx.person.id)))


def status(ctx: Context, drill: Drill, rest: str = "") -> None:
    """Say how a drill stands: that it is one, and whether it goes on."""
    if drill.state is DrillState.STOPPED:
        key = "drill.over.stopped"
    else:
        key = "drill.status" if drill.is_running else "drill.over"
    drill.tell(ctx.reply(Text(key, short=drill.short, at=drill.started_at)))


def standing(ctx: Context, drill: Drill, rest: str = "") -> None:
    """Say whom a drill has reached and what they answered, without a name."""
    drill_planning.must_look_after(ctx)
    if drill.is_running:
        reach = drill_reach.reach_of(ctx, drill)
        text = Text("drill.standing", domain="", short=drill.short, **drill_reach.counts(reach))
    else:
        text = drills.report_of(ctx, drill)
    drill.tell(ctx.reply(text))


def not_of_drills(ctx: Context, drill: Drill, rest: str = "") -> None:
    """What only alerts have: say that this is a drill."""
    if drill_answering.is_real(ctx, rest):
        reporting.alarm(ctx, rest)
        return
    status(ctx, drill)
