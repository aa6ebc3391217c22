"""Planning drills: one sentence, a preview of what everybody will read and when, and a yes (R26)."""

from __future__ import annotations

import re

from buurtwacht import CARETAKERS, Answer, Choice, Context, Fact, Lines, Message, MessageId, Refusal, Text, answer
from buurtwacht_alerts import drill_reach, drills
from buurtwacht_alerts.appointments import Appointment, Hitch, find_appointment
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.drill import Drill, DrillState, drill_of, planned, running
from buurtwacht_alerts.officials import YES_NO
from buurtwacht_alerts.wording import masker

#: A template holds 1024 signs in all (Cloud API); nothing of a drill is cut.
_LONGEST = 300
#: So many choices fit in a list (Cloud API: 10 rows).
_CHOICES = 10
_EMERGENCY = re.compile(r"\b11[02]\b|\balarmnummer\b|\bemergency number\b", re.IGNORECASE)


def must_look_after(ctx: Context) -> None:
    """Raise `Refusal` for who may not hold drills; what he typed goes nowhere."""
    if not ctx.has(*CARETAKERS):
        raise Refusal(Text("refused.drill"))


def propose(ctx: Context, text: str) -> None:
    """Show a co-ordinator what a drill will be: when, for how many, and the very text."""
    must_look_after(ctx)
    appointment = find_appointment(text, ctx.now)
    if appointment.hitch in (Hitch.NO_TIME, Hitch.NO_SUCH_DAY, Hitch.PAST):
        raise Refusal(Text(f"drill.when.{appointment.hitch}", at=appointment.at))
    words = appointment.rest(text)
    if not any(map(str.isalpha, words)):
        # No question: what he would answer to it may read like a report, and reports go before answers.
        ctx.reply(Text("drill.usage"))
        return
    _preview(ctx, _prepare(ctx, appointment, _fit(ctx, words)), appointment)


def _fit(ctx: Context, words: str) -> str:
    """Return the words as members may read them, with marks where something is hidden. Raises `Refusal`."""
    if len(words) > _LONGEST:
        raise Refusal(Text("drill.too_long", count=len(words), limit=_LONGEST))
    if _EMERGENCY.search(words):
        # Nobody is to read a number in a drill and call it (§2.9).
        raise Refusal(Text("drill.emergency"))
    fit = masker(ctx)(" ".join(words.split()))
    if not fit.strip():
        raise Refusal(Text("drill.unfit"))
    return fit


def _prepare(ctx: Context, appointment: Appointment, words: str) -> Drill:
    """Write the drill down; an earlier preview of the same person is worth nothing any more."""
    for former in _previews(ctx):
        _drop(ctx, former)
    drill = Drill(neighbourhood=ctx.here.id, words=words, planned_by=ctx.person.id, starts_at=appointment.at, told=[])
    ctx.later(drills.KEPT, "drill_forget", key=f"drill_forget:{drill.id}", drill=drill.id)
    return ctx.records.add(drill)


def _previews(ctx: Context) -> list[Drill]:
    return ctx.records.find(Drill, neighbourhood=ctx.here.id, state=DrillState.PREVIEW, planned_by=ctx.person.id)


def _preview(ctx: Context, drill: Drill, appointment: Appointment) -> None:
    at = drill.starts_at or ctx.now
    members = [one for one in ctx.members() if not one.is_muted(at)]
    sleeping = len(drill_reach.asleep(ctx, members, at))
    moved = appointment.hitch
    text = Text(
        "drill.preview",
        when=_when(drill),
        count=len(members),
        notes=Lines(
            Text(f"drill.when.{moved}", at=at) if moved is not None else None,
            Text("drill.sleeping", count=sleeping) if sleeping else None,
        ),
        text=drills.text_of(ctx, drill),
    )
    drill.tell(ctx.ask(ctx.person, Message(text, choices=YES_NO), "drill_preview", payload={"drill": drill.id}))


def _when(drill: Drill) -> Fact:
    return drill.starts_at or Text("drill.when.now")


@answer("drill_preview")
def decided(ctx: Context, given: Answer) -> None:
    """He has read the preview."""
    must_look_after(ctx)
    drill = drill_of(ctx, int(given.payload["drill"]))
    if given.value != "yes":
        _drop(ctx, drill)
        ctx.reply(Text("drill.left"))
        return
    if drill.starts_at is not None and drill.starts_at <= ctx.now:
        raise Refusal(Text("drill.when.past", at=drill.starts_at))
    _must_stand_apart(ctx, drill)
    drills.plan(ctx, drill)
    key = "drill.begun" if drill.is_running else "drill.planned"
    drill.tell(ctx.reply(Text(key, short=drill.short, at=_when(drill))))


def _must_stand_apart(ctx: Context, drill: Drill) -> None:
    """Raise `Refusal` when another drill is planned for a time at which this one may still go on, or the reverse."""
    for other in planned(ctx):
        if drill.starts_at and other.starts_at and abs(other.starts_at - drill.starts_at) < drills.LASTS:
            raise Refusal(Text("drill.not_then", at=other.starts_at))


def _drop(ctx: Context, drill: Drill) -> None:
    """Let a drill that has not begun be: it never will."""
    drill.state, drill.ended_at = DrillState.CANCELLED, ctx.now
    ctx.cancel(f"drill:{drill.id}")
    for message in drill.told:
        ctx.close_questions(message_id=MessageId(message))
    ctx.later(drills.KEPT, "drill_forget", key=f"drill_forget:{drill.id}", drill=drill.id)


# --- what is planned -------------------------------------------------------------------------------------------------


def listed(ctx: Context) -> None:
    """Show what is planned, and what goes on."""
    must_look_after(ctx)
    current, waiting = running(ctx), planned(ctx)
    lines = [Text("drill.list.running", short=current.short, what=said(current.words))] if current else []
    lines += [Text("drill.list.planned", at=one.starts_at, what=said(one.words)) for one in waiting]
    sent = ctx.reply(Text("drill.list" if lines else "drill.list.none", lines=Lines(*lines)))
    for one in (*waiting, *([current] if current else [])):
        one.tell(sent)


def cancel(ctx: Context) -> None:
    """Cancel what is planned; with more than one, ask which."""
    must_look_after(ctx)
    waiting = planned(ctx)
    if not waiting:
        _cancel_nothing(ctx)
        return
    if len(waiting) == 1:
        _cancel(ctx, waiting[0])
        return
    choices = [Choice(str(one.id), Text("drill.when", at=one.starts_at)) for one in waiting[:_CHOICES]]
    ctx.ask(ctx.person, Message(Text("drill.cancel.which"), choices=choices), "drill_cancel")


def _cancel_nothing(ctx: Context) -> None:
    """Nothing is planned: let his previews be, or say how a drill that goes on is ended."""
    previews = _previews(ctx)
    for one in previews:
        _drop(ctx, one)
    key = "drill.left" if previews else "drill.cancel.running" if running(ctx) else "drill.list.none"
    ctx.reply(Text(key))


@answer("drill_cancel")
def chosen(ctx: Context, given: Answer) -> None:
    """He says which one is not to be."""
    must_look_after(ctx)
    drill = drill_of(ctx, int(given.value))
    if drill.state is not DrillState.PLANNED:
        raise Refusal(Text("drill.cancel.late"))
    _cancel(ctx, drill)


def _cancel(ctx: Context, drill: Drill) -> None:
    _drop(ctx, drill)
    ctx.note("drill_cancelled", f"drill:{drill.id}")
    drill.tell(ctx.reply(Text("drill.cancelled", at=drill.starts_at)))
