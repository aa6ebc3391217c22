"""What people say while a drill goes on: its answers, other words about it, and what is real all the same (R26)."""

from __future__ import annotations

from functools import partial

from buurtwacht import Answer, Context, Guess, Hearing, Person, Rank, RecordId, Severity, Text, answer
from buurtwacht_alerts import drill_planning, drill_words, reporting
from buurtwacht_alerts.alert import Value
from buurtwacht_alerts.drill import Drill, DrillAnswer, DrillState, drill_of, running
from buurtwacht_alerts.reading import read


@answer("drill_answer")
def answered(ctx: Context, given: Answer) -> None:
    """Somebody answered below a drill: it is counted, and the reply is marked as a drill too."""
    drill = drill_of(ctx, given.thread)
    if is_real(ctx, given.text):
        reporting.alarm(ctx, given.text)
        return
    if not drill.is_running:
        _too_late(ctx, drill)
        return
    value = Value(given.value)
    again = _keep(ctx, drill, value)
    if again and value in (Value.SEEN, Value.ON_WATCH):
        return
    ctx.reply(Text(f"drill.answer.{value}", short=drill.short), thread=drill)


def _keep(ctx: Context, drill: Drill, value: Value) -> bool:
    """Write the answer down; return whether he had said the same before."""
    mine = ctx.records.first(DrillAnswer, drill=drill.id, person=ctx.person.id)
    if mine is not None:
        again, mine.value = mine.value is value, value
        return again
    mine_left = [one.sent_at for one in ctx.deliveries(drill, ctx.person) if one.message == drill.message]
    since = next((at for at in mine_left if at is not None), drill.started_at or ctx.now)
    seconds = max(0, round((ctx.now - since).total_seconds()))
    ctx.records.add(
        DrillAnswer(drill=drill.id, person=ctx.person.id, value=value, account=ctx.account, seconds=seconds)
    )
    return False


def _too_late(ctx: Context, drill: Drill) -> None:
    key = "drill.over.stopped" if drill.state is DrillState.STOPPED else "drill.over"
    ctx.reply(Text(key, short=drill.short), thread=drill)


# --- other words -----------------------------------------------------------------------------------------------------


def is_real(ctx: Context, text: str) -> bool:
    """Say whether words that came to a drill tell of something real: they say so, or nobody could mean them otherwise.

    What is in doubt is no report: its writer is told how to make it one.
    """
    if not text.strip() or drill_words.announces(text):
        return False
    if drill_words.is_denied(text):
        return True
    reading = read(text, [street.name for street in ctx.here.streets], ctx.now)
    return drill_words.is_stressed(text) and reading.certainty > 0 and reading.cues != ()


def shown(ctx: Context, person: Person) -> Drill | None:
    """Return the drill that goes on here, if this person was shown it."""
    drill = running(ctx)
    if drill is None or drill.started_at is None:
        return None
    return drill if RecordId(drill.id) in ctx.shown(person, drill.started_at) else None


def recognise(hearing: Hearing) -> Guess | None:
    """Say what a text has to do with drills: it is one, it says that it is none, or it answers one that was quoted."""
    ctx, text = hearing.ctx, hearing.text
    if drill_words.announces(text):
        return Guess(announced, 1.0, Rank.REPORT)
    about = hearing.about
    quoted = ctx.records.get(Drill, about.record) if about is not None and about.plugin == ctx.plugin else None
    insists = drill_words.is_denied(text) and not text.rstrip().endswith("?")
    if insists and (quoted is not None or shown(ctx, hearing.person) is not None):
        return Guess(reporting.alarm, 0.9, Rank.REPORT)
    if quoted is None:
        return None
    reading = read(text, [street.name for street in hearing.neighbourhood.streets], ctx.now)
    if reading.likely and reading.severity is Severity.CRITICAL:
        return Guess(reporting.recognised, reading.certainty, Rank.REPORT)
    return Guess(partial(remarked, drill=quoted.id), 0.9, Rank.OTHER)


def announced(ctx: Context, text: str) -> None:
    """A text that says of itself that it is a drill, without the command."""
    drill_planning.propose(ctx, drill_words.without_mark(text))


def remark(hearing: Hearing) -> Guess | None:
    """Take a text that nobody else knows from somebody who was shown the drill that goes on."""
    drill = shown(hearing.ctx, hearing.person)
    return Guess(partial(remarked, drill=drill.id), 0.5, Rank.REMARK) if drill is not None else None


def remarked(ctx: Context, text: str, drill: int) -> None:
    """Answer other words about a drill: they go to nobody, and how to tell something real is said."""
    known = drill_of(ctx, drill)
    if is_real(ctx, text):
        reporting.alarm(ctx, text)
        return
    if known.is_running:
        ctx.reply(Text("drill.remark", short=known.short), thread=known)
    else:
        _too_late(ctx, known)
