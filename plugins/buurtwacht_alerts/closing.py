"""Commands with which co-ordinators close and correct: end, false alarm, retract, reopen (R14, R24)."""

from __future__ import annotations

from buurtwacht import Answer, Context, Message, Refusal, Role, Text, answer, speaks_for_officials
from buurtwacht_alerts import additions, answering, caretakers, drafts, drills, expiry, forgetting, officials, raising
from buurtwacht_alerts.alert import Alert, Outcome, Status, get, home, log, named
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.ending import end, groups_of, line
from buurtwacht_alerts.facts import tell_updated
from buurtwacht_alerts.wording import masker

_ENDED = (Status.DRAFT, Status.HELD, Status.ACTIVE, Status.CLOSED)


def close(ctx: Context, text: str = "") -> None:
    """`einde <id> <outcome>`: close an alert; without an id the only open one."""
    alert, words = named(ctx, text, _ENDED)
    if _takes_back(ctx, alert):
        return
    if not caretakers.look_after(ctx, alert):
        _wish(ctx, alert, words)
        return
    _not_ended(ctx, alert)
    if speaks_for_officials(words):
        officials.ask_source(ctx, alert, words, "close")
        return
    _close(ctx, alert, Outcome.ALL_CLEAR, words)


def propose(ctx: Context, alert: Alert, words: str) -> None:
    """Ask a co-ordinator who told the outcome of an open alert whether it is to be closed with that."""
    if speaks_for_officials(words):
        officials.ask_source(ctx, alert, words, "outcome")
        return
    _ask_to_close(ctx, alert, words)


def false_alarm(ctx: Context, text: str = "") -> None:
    """`loos alarm <id> <reason>`: a co-ordinator corrects, after a preview; from a member it is a doubt (R22, R24)."""
    alert, words = named(ctx, text, _ENDED)
    if _takes_back(ctx, alert):
        return
    if not caretakers.look_after(ctx, alert):
        _not_ended(ctx, alert)
        if ctx.person.id in alert.reporters:
            _pass_on_wish(ctx, alert, words or Text("close.false"))
        answering.doubt(ctx, alert)
        return
    _not_ended(ctx, alert)
    if speaks_for_officials(words):
        officials.ask_source(ctx, alert, words, "false_alarm")
        return
    _preview(ctx, alert, words)


def retract(ctx: Context, text: str = "") -> None:
    """`intrekken <id>`: take back what was sent by mistake; a reporter takes back what has not gone out."""
    waiting = drafts.draft_of(ctx, ctx.person)
    if waiting is not None and not text.strip():
        end(ctx, waiting, Outcome.RETRACTED, "")
        ctx.reply(Text("retract.draft"))
        return
    alert, words = named(ctx, text, _ENDED)
    if _takes_back(ctx, alert):
        return
    if not caretakers.look_after(ctx, alert):
        _wish(ctx, alert, words)
        return
    _not_ended(ctx, alert)
    if speaks_for_officials(words):
        officials.ask_source(ctx, alert, words, "retract")
        return
    _close(ctx, alert, Outcome.RETRACTED, words)


def reopen(ctx: Context, text: str) -> None:
    """`heropen <id> <reason>`: an admin opens a closed alert again; those who were shown it read that and why."""
    alert, words = named(ctx, text, (Status.CLOSED, Status.ACTIVE))
    _may_reopen(ctx, alert)
    if not words:
        raise Refusal(Text("refused.reason", short=alert.short))
    if speaks_for_officials(words):
        officials.ask_source(ctx, alert, words, "reopen")
        return
    _reopen(ctx, alert, words)


def _may_reopen(ctx: Context, alert: Alert) -> None:
    """Raise `Refusal` unless an admin of its neighbourhood opens an alert that went out and has ended."""
    if not home(ctx, alert).has(Role.ADMIN):
        raise Refusal(Text("refused.admin"))
    if alert.is_open:
        raise Refusal(Text("refused.open", short=alert.short))
    if alert.sent_at is None:
        raise Refusal(Text("refused.not_sent", short=alert.short))
    if alert.closed_at is not None and ctx.now - alert.closed_at >= forgetting.TEXT:
        # Who was shown it is not on record any more: it would be open again, and nobody would read that.
        raise Refusal(Text("refused.forgotten", short=alert.short))


def _reopen(ctx: Context, alert: Alert, words: str) -> None:
    """Open it again for all who were shown it: with a new expiry, and its owner is reminded anew."""
    own = home(ctx, alert)
    log(ctx, alert, "reopened", old=str(alert.outcome), new=words)
    alert.status, alert.outcome, alert.outcome_text, alert.closed_at = Status.ACTIVE, None, "", None
    alert.last_update = ctx.now
    why = said(masker(own, confirmed=True)(words)) or Text("what.unknown")
    drills.stop(own, alert)
    text = Text("reopened", short=alert.short, why=why)
    audience = own.audience.reached_by(alert).without(ctx.person.id)
    alert.messages = [own.broadcast(audience, text, alert.severity, thread=alert)]
    if alert.route is Route.NEIGHBOURHOOD and alert.member_message is not None:
        alert.sent(own.broadcast(groups_of(own), text, alert.severity, thread=alert))
    expiry.set_expiry(own, alert, anew=True)
    forgetting.set_time(own, alert)  # what is written from now on is forgotten in time, too, should nobody close it
    tell_updated(own, alert, "reopened", words)
    ctx.reply(Text("reopened.done", short=alert.short))


# --- answers ---------------------------------------------------------------------------------------------------------


@answer("source")
def source(ctx: Context, given: Answer) -> None:
    """The co-ordinator says whether the police themselves are the source; only then the text goes out."""
    alert = get(ctx, int(given.payload["alert"]))
    words, then = str(given.payload["text"]), str(given.payload["then"])
    if not caretakers.look_after(ctx, alert):
        raise Refusal(Text("refused.role", short=alert.short))
    if given.value != "yes":
        ctx.reply(Text("source.no"))
        return
    log(ctx, alert, "source_confirmed", new=words)
    if then == "addition":
        additions.share(ctx, alert, int(given.payload["addition"]))
        return
    if then == "reopen":
        _may_reopen(ctx, alert)
        _reopen(ctx, alert, words)
        return
    _not_ended(ctx, alert)
    if then == "raise":
        raising.propose(ctx, alert, int(given.payload["level"]), words)
    elif then == "false_alarm":
        _preview(ctx, alert, words)
    elif then == "outcome":
        _ask_to_close(ctx, alert, words)
    else:
        _close(ctx, alert, Outcome.RETRACTED if then == "retract" else Outcome.ALL_CLEAR, words)


@answer("false_alarm")
def false_alarm_decided(ctx: Context, given: Answer) -> None:
    """The co-ordinator has read the preview of a correction."""
    alert = get(ctx, int(given.payload["alert"]))
    if given.value != "yes":
        ctx.reply(Text("false_alarm.left", short=alert.short))
        return
    _not_ended(ctx, alert)
    _close(ctx, alert, Outcome.FALSE_ALARM, str(given.payload["text"]))


@answer("close")
def close_decided(ctx: Context, given: Answer) -> None:
    """The co-ordinator says whether the outcome he told ends the alert."""
    alert = get(ctx, int(given.payload["alert"]))
    if given.value != "yes":
        ctx.reply(Text("still_open.left", short=alert.short))
        return
    if not caretakers.look_after(ctx, alert):
        raise Refusal(Text("refused.role", short=alert.short))
    _not_ended(ctx, alert)
    _close(ctx, alert, Outcome.ALL_CLEAR, str(given.payload["text"]))


@answer("still_open")
def still_open(ctx: Context, given: Answer) -> None:
    """A co-ordinator was reminded that an alert is open."""
    decision, _, ident = given.value.partition(":")
    alert = get(ctx, int(ident))
    if decision == "close" or not alert.is_open:
        _not_ended(ctx, alert)
        _close(ctx, alert, Outcome.ALL_CLEAR, "")
    else:
        expiry.leave_open(ctx, alert)
        ctx.reply(Text("still_open.left", short=alert.short))


# --- what follows ----------------------------------------------------------------------------------------------------


def _ask_to_close(ctx: Context, alert: Alert, words: str) -> None:
    outcome = said(masker(home(ctx, alert), confirmed=True)(words)) or Text("outcome.all_clear")
    question = Message(Text("close.question", short=alert.short, outcome=outcome), choices=officials.YES_NO)
    # In no thread, like the preview of a correction.
    ctx.ask(ctx.person, question, "close", payload={"alert": alert.id, "text": words}, expires=officials.PATIENCE)


def _preview(ctx: Context, alert: Alert, words: str) -> None:
    outcome = said(masker(home(ctx, alert), confirmed=True)(words)) or Text("outcome.false_alarm")
    preview = Text("end.false_alarm", short=alert.short, at=ctx.now, outcome=outcome)
    question = Message(Text("false_alarm.preview", preview=preview), choices=officials.YES_NO)
    # In no thread: it stays when another closes the alert, and whoever answers then hears who did, and when.
    ctx.ask(ctx.person, question, "false_alarm", payload={"alert": alert.id, "text": words}, expires=officials.PATIENCE)


def _close(ctx: Context, alert: Alert, outcome: Outcome, words: str) -> None:
    was_shown = alert.is_open
    count = end(ctx, alert, outcome, words)
    if not was_shown and alert.reporter is not None and alert.reporter != ctx.person.id:
        ctx.send(alert.reporter, Text("held.not_sent", short=alert.short))
    ctx.reply(Text("end.closer", line=line(ctx, alert), count=count), thread=alert)


def _takes_back(ctx: Context, alert: Alert) -> bool:
    """A reporter who ends what has not gone out takes it back; nobody else has anything to do with it yet."""
    if alert.status is not Status.DRAFT or alert.reporter != ctx.person.id:
        return False
    end(ctx, alert, Outcome.RETRACTED, "")
    ctx.reply(Text("retract.draft"))
    return True


def _not_ended(ctx: Context, alert: Alert) -> None:
    """Raise `Refusal`, with when and how, if an alert has ended already; co-ordinators read who was first, too."""
    if alert.status is not Status.CLOSED:
        return
    key = "refused.closed_false" if alert.outcome is Outcome.FALSE_ALARM else "refused.closed"
    if alert.closed_by is not None and caretakers.look_after(ctx, alert):
        raise Refusal(Text(f"{key}.by", short=alert.short, at=alert.closed_at, by=ctx.name_of(alert.closed_by)))
    raise Refusal(Text(key, short=alert.short, at=alert.closed_at))


def _wish(ctx: Context, alert: Alert, words: str) -> None:
    """Its reporter cannot close an alert, but those who can are told what he says (R14)."""
    _not_ended(ctx, alert)
    if ctx.person.id not in alert.reporters:
        raise Refusal(Text("refused.role", short=alert.short))
    told = _pass_on_wish(ctx, alert, words or Text("close.over"))
    ctx.reply(Text("close.passed_on" if told else "nobody", short=alert.short))


def _pass_on_wish(ctx: Context, alert: Alert, words: str | Text) -> bool:
    """Tell those who can close it what its reporter says; False when there is nobody."""
    log(ctx, alert, "close_wished", new=words if isinstance(words, str) else "")
    wish = Text("close.wish", who=ctx.name_of(ctx.person), short=alert.short, text=words)
    return caretakers.tell(ctx, alert, wish)
