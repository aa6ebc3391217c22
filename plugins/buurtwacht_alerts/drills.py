"""The life of a drill: it begins, a real report stops it, it ends, and after seven days nothing of it is kept (R26).

Every text about it begins with its mark and says not to call the emergency number.
"""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import CARETAKERS, Context, Message, MessageId, PersonId, Refusal, Severity, Text, timer
from buurtwacht_alerts import bulletins, drill_reach
from buurtwacht_alerts.alert import Alert, Relay, Status, open_alerts
from buurtwacht_alerts.bulletin import forget_bulletins
from buurtwacht_alerts.covered import in_words, said
from buurtwacht_alerts.drill import Drill, DrillAnswer, DrillState, drill_of, running
from buurtwacht_alerts.ending import groups_of
from buurtwacht_alerts.wording import ANSWERS

#: A drill that nobody ends is over after so long.
LASTS = timedelta(hours=2)
#: Domain §4.4.19: the data of a drill are gone after so long.
KEPT = timedelta(days=7)
#: What was to begin longer ago than this (we were down) does not begin any more.
_TOO_LATE = timedelta(minutes=10)
#: After a real report people have something else to read first.
_REPORT_AFTER_REAL = timedelta(minutes=30)


def text_of(ctx: Context, drill: Drill) -> Text:
    """Return what everybody reads of a drill; its number is not known before it begins."""
    short = drill.short or f"{ctx.here.code}-…"
    return Text("drill", what=said(drill.words), name=ctx.here.name, short=short)


def obstacle(ctx: Context) -> Text | None:
    """Return why no drill can begin here now: an alert is open, or another drill goes on."""
    alert = _open_here(ctx)
    if alert is not None:
        return Text("drill.why.alert", short=alert.short)
    other = running(ctx)
    return Text("drill.why.another", short=other.short) if other is not None else None


def _open_here(ctx: Context) -> Alert | None:
    """Return an alert that this neighbourhood has before it now, its own or one from next door."""
    own = next((one for one in open_alerts(ctx) if one.is_for_everybody), None)
    if own is not None:
        return own
    relayed = [one.alert for one in ctx.records.find(Relay, neighbourhood=ctx.here.id) if one.message is not None]
    if not relayed:
        return None
    return ctx.records.first(Alert, Alert.__table__.c.id.in_(relayed), status=Status.ACTIVE)


# --- the beginning ---------------------------------------------------------------------------------------------------


def plan(ctx: Context, drill: Drill) -> None:
    """Have a drill begin at its time, or now when it has none. Raises `Refusal` when it cannot begin now."""
    if drill.starts_at is None:
        reason = obstacle(ctx)
        if reason is not None:
            raise Refusal(Text("drill.not_now", reason=reason))
        begin(ctx, drill)
        return
    drill.state = DrillState.PLANNED
    ctx.later(drill.starts_at, "drill_begin", key=f"drill:{drill.id}", drill=drill.id)
    ctx.later(drill.starts_at + KEPT, "drill_forget", key=f"drill_forget:{drill.id}", drill=drill.id)
    ctx.note("drill_planned", f"drill:{drill.id}")


def begin(ctx: Context, drill: Drill) -> None:
    """Tell everybody. It disturbs as a notice does: who sleeps is not woken, and nothing real waits behind it."""
    drill.number = ctx.number("alert")
    drill.short = f"{ctx.here.code}-{drill.number:04d}"
    drill.state, drill.started_at = DrillState.RUNNING, ctx.now
    drill.in_groups = ctx.here.quiet_until(None, ctx.now) is None
    audience = ctx.audience.members()
    content = Message(text_of(ctx, drill), choices=ANSWERS, answer="drill_answer", standing=True)
    drill.message = ctx.broadcast(
        audience.and_groups() if drill.in_groups else audience, content, Severity.NOTICE, thread=drill, expires=LASTS
    )
    # An alert that went out in this very moment may not have seen it yet.
    ctx.later(timedelta(seconds=1), "drill_look_round", key=f"drill:{drill.id}", drill=drill.id)
    ctx.later(LASTS, "drill_over", key=f"drill_over:{drill.id}", drill=drill.id)
    ctx.later(LASTS + KEPT, "drill_forget", key=f"drill_forget:{drill.id}", drill=drill.id)
    bulletins.drill_opened(ctx, drill.id, drill.short, in_words(ctx, drill.words), ctx.now + LASTS)
    ctx.note("drill_begun", drill.short)


@timer("drill_begin")
def begin_planned(ctx: Context, drill: int) -> None:
    """The time of a drill has come. It does not begin beside a real alert, nor when its time went by while we slept."""
    known = drill_of(ctx, drill)
    if known.state is not DrillState.PLANNED:
        return
    reason = obstacle(ctx)
    if ctx.now - ctx.due > _TOO_LATE:
        reason = Text("drill.why.missed")
    if reason is None:
        begin(ctx, known)
        return
    known.state, known.ended_at = DrillState.CANCELLED, ctx.now
    ctx.note("drill_not_begun", f"drill:{drill}", reason=reason.key)
    _tell_caretakers(ctx, known, Text("drill.not_begun", at=known.starts_at, reason=reason))


@timer("drill_look_round")
def look_round(ctx: Context, drill: int) -> None:
    """Stop a drill that began in the same moment as an alert."""
    alert = _open_here(ctx)
    if drill_of(ctx, drill).is_running and alert is not None:
        stop(ctx, alert)


# --- the end ---------------------------------------------------------------------------------------------------------


def stop(ctx: Context, alert: Alert) -> None:
    """A real alert goes out in this neighbourhood: before it, who got the drill reads that that is over (R26).

    Call it before anything of the alert is queued: the first word of the drill's end then leaves before the alert's.
    """
    drill = running(ctx) if alert.is_for_everybody else None
    if drill is None:
        return
    _over(ctx, drill, DrillState.STOPPED)
    line = Message(
        Text("drill.stopped", short=drill.short),
        # Every text of a drill begins with its mark, also one that is said again because nobody knows of the first.
        repeat=Text("drill.stopped.repeat", short=drill.short),
    )
    # Not in its thread: there it would wait behind answers to answers, and the alert would not.
    for readers in (ctx.audience.reached_by(drill), *([groups_of(ctx)] if drill.in_groups else [])):
        drill.tell(ctx.broadcast(readers, line, Severity.CRITICAL, first_word=True))
    ctx.later(_REPORT_AFTER_REAL, "drill_report", key=f"drill_over:{drill.id}", drill=drill.id)
    ctx.note("drill_stopped", drill.short, alert=alert.short)


def end(ctx: Context, drill: Drill, closer: PersonId | None = None) -> Text:
    """End a drill and tell everybody who got it, and the co-ordinators what came of it; return that report.

    Whoever ends it reads the report in his own reply, and is told nothing twice.
    """
    drill_reach.keep(ctx, drill)
    _over(ctx, drill, DrillState.ENDED)
    ctx.cancel(f"drill_over:{drill.id}")
    text = Text("drill.ended", short=drill.short)
    mine = [closer] if closer is not None else []
    ctx.broadcast(ctx.audience.reached_by(drill).without(*mine), text, Severity.NOTICE, thread=drill)
    if drill.in_groups:
        ctx.broadcast(groups_of(ctx), text, Severity.NOTICE, thread=drill)
    ctx.note("drill_ended", drill.short)
    report = report_of(ctx, drill)
    _tell_caretakers(ctx, drill, report, *mine)
    return report


def _over(ctx: Context, drill: Drill, state: DrillState) -> None:
    """Take back what has not left. A real alert may wait behind this, so the rest is done afterwards."""
    drill.state, drill.ended_at = state, ctx.now
    ctx.cancel(f"drill:{drill.id}")
    if drill.message is not None:
        ctx.withdraw(drill.message)
    ctx.later(timedelta(), "drill_issued", key=f"drill_issued:{drill.id}", drill=drill.id)
    ctx.later(KEPT, "drill_forget", key=f"drill_forget:{drill.id}", drill=drill.id)


def report_of(ctx: Context, drill: Drill) -> Text:
    """Return what co-ordinators read of a drill that is over."""
    key = "drill.report.stopped" if drill.state is DrillState.STOPPED else "drill.report"
    return Text(key, domain="", short=drill.short, **drill_reach.counts(drill_reach.reach_of(ctx, drill)))


@timer("drill_issued")
def issued(ctx: Context, drill: int) -> None:
    """Issue for other systems that it is over."""
    bulletins.drill_ended(ctx, drill, drill_of(ctx, drill).short)


@timer("drill_over")
def over(ctx: Context, drill: int) -> None:
    """Nobody ended it: its time is up."""
    known = drill_of(ctx, drill)
    if known.is_running:
        end(ctx, known)


@timer("drill_report")
def report(ctx: Context, drill: int) -> None:
    """A while after a real report stopped it, the co-ordinators read how far the drill came."""
    known = drill_of(ctx, drill)
    drill_reach.keep(ctx, known)
    _tell_caretakers(ctx, known, report_of(ctx, known))


@timer("drill_forget")
def forget(ctx: Context, drill: int) -> None:
    """Keep nothing of it: what was said and asked, who was told, who answered what."""
    known = ctx.records.get(Drill, drill)
    if known is None:
        return
    ctx.forget(known, messages=[MessageId(one) for one in known.told])
    ctx.records.remove_all(DrillAnswer, DrillAnswer.__table__.c.drill == drill)
    forget_bulletins(ctx, drill)
    ctx.records.remove(known)


def _tell_caretakers(ctx: Context, drill: Drill, text: Text, *without: PersonId) -> None:
    to = [one.id for one in ctx.members(*CARETAKERS) if one.id not in without]
    if to:
        drill.tell(ctx.send(to, text))
