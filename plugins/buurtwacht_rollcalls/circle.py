"""The daily circle: neighbours who want it are asked every day whether all is well; who is silent gets a visit."""

from __future__ import annotations

import re
from datetime import timedelta

from buurtwacht import CARETAKERS, Context, PersonId, Refusal, Severity, Text, fold, timer
from buurtwacht_rollcalls import opening
from buurtwacht_rollcalls.records import Circle, Kind, Participant
from buurtwacht_rollcalls.settings import RollCallSettings

_TIME = re.compile(r"\b([01]?\d|2[0-3])(?:[:.u]([0-5]\d))?(?: ?(?:uur|h))?\b", re.IGNORECASE)
_ON = frozenset({"aan", "ja", "mee", "meedoen", "on", "yes", "join"})
_OFF = frozenset({"uit", "nee", "af", "off", "no", "leave"})
_START = frozenset({"start", "begin", "om", "at"})
_STOP = frozenset({"stop", "einde", "end"})
#: After a longer standstill than this the round of that day is left out, and that is said.
_TOO_LATE = timedelta(hours=3)


def circle(ctx: Context, text: str = "") -> None:
    """`dagelijkse kring aan` or `uit` for a member; `start 09:00` or `stop` for who looks after the neighbourhood."""
    first, _, rest = fold(text).partition(" ")
    if not first:
        _show(ctx)
    elif first in _ON:
        _join(ctx)
    elif first in _OFF:
        _leave(ctx)
    elif first in _STOP:
        _stop(ctx)
    elif first in _START or _TIME.match(first):
        _start(ctx, rest if first in _START else fold(text))
    else:
        raise Refusal(Text("circle.usage"))


def _circle(ctx: Context) -> Circle | None:
    return ctx.records.first(Circle, neighbourhood=ctx.here.id)


def _people(ctx: Context) -> list[PersonId]:
    """Return those who take part and are members still."""
    here = {one.id for one in ctx.members()}
    return [one.person for one in ctx.records.find(Participant, neighbourhood=ctx.here.id) if one.person in here]


def _show(ctx: Context) -> None:
    running = _circle(ctx)
    mine = ctx.records.first(Participant, neighbourhood=ctx.here.id, person=ctx.person.id)
    if running is None:
        ctx.reply(Text("circle.none"))
    elif ctx.has(*CARETAKERS):
        ctx.reply(Text("circle.caretaker", at=running.at, number=len(_people(ctx))))
    else:
        ctx.reply(Text("circle.in" if mine is not None else "circle.out", at=running.at))


def _join(ctx: Context) -> None:
    running = _circle(ctx)
    if ctx.records.first(Participant, neighbourhood=ctx.here.id, person=ctx.person.id) is None:
        ctx.records.add(Participant(neighbourhood=ctx.here.id, person=ctx.person.id))
        ctx.note("circle_joined")
    ctx.reply(Text("circle.joined", at=running.at) if running is not None else Text("circle.joined.waiting"))


def _leave(ctx: Context) -> None:
    mine = ctx.records.first(Participant, neighbourhood=ctx.here.id, person=ctx.person.id)
    if mine is not None:
        ctx.records.remove(mine)
        ctx.note("circle_left")
    ctx.reply(Text("circle.left"))


def _start(ctx: Context, text: str) -> None:
    _refuse_others(ctx)
    found = _TIME.search(text)
    if found is None:
        raise Refusal(Text("circle.usage"))
    at = f"{int(found[1]):02d}:{found[2] or '00'}"
    running = _circle(ctx)
    if running is None:
        ctx.records.add(Circle(neighbourhood=ctx.here.id, at=at))
    else:
        running.at = at
    _set_timer(ctx, at)
    ctx.note("circle_started")
    ctx.reply(Text("circle.started", at=at, number=len(_people(ctx))))


def _stop(ctx: Context) -> None:
    _refuse_others(ctx)
    running = _circle(ctx)
    if running is None:
        raise Refusal(Text("circle.none"))
    ctx.records.remove(running)
    ctx.cancel(f"circle:{ctx.here.id}")
    ctx.note("circle_stopped")
    people = [one for one in _people(ctx) if one != ctx.person.id]
    if people:
        ctx.send(people, Text("circle.stopped.told", neighbourhood=ctx.here.name))
    ctx.reply(Text("circle.stopped"))


def _refuse_others(ctx: Context) -> None:
    if not ctx.has(*CARETAKERS):
        raise Refusal(Text("refused.rollcall.role"))


def _set_timer(ctx: Context, at: str) -> None:
    """Set the next round: at this wall time today, or else tomorrow, whatever the clocks do that night."""
    today = ctx.wall_time(ctx.now, at)
    due = today if today > ctx.now else ctx.wall_time(ctx.now + timedelta(days=1), at)
    ctx.later(due, "circle", key=f"circle:{ctx.here.id}")


@timer("circle")
def go_round(ctx: Context) -> None:
    """Ask everybody who takes part."""
    running = _circle(ctx)
    if running is None:
        return
    _set_timer(ctx, running.at)
    people = _people(ctx)
    if not people:
        return
    if ctx.now - ctx.due > _TOO_LATE:
        caretakers = [one.id for one in ctx.members(*CARETAKERS)]
        if caretakers:
            ctx.send(caretakers, Text("circle.missed", at=ctx.due), severity=Severity.URGENT)
        return
    window = timedelta(minutes=ctx.settings(RollCallSettings).circle_minutes)
    opening.open_call(ctx, opening.Plan(Kind.DAILY, "", people, ctx.after(window)))
