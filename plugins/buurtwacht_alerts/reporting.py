"""From a sentence to an alert: what is still to be asked, in which order, and when it goes out without an answer."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    Answer,
    AnswerClass,
    Context,
    Message,
    Refusal,
    Severity,
    Text,
    answer,
    classify,
    timer,
)
from buurtwacht_alerts import additions, drill_planning, drill_words, emergency, holding, points
from buurtwacht_alerts.alert import Alert, Status, Step, get, log, numbered
from buurtwacht_alerts.called import Called112, read_called
from buurtwacht_alerts.drafts import (
    add_more,
    draft,
    draft_of,
    fill,
    is_another,
    is_long,
    is_more_of,
    retold,
    street_of,
)
from buurtwacht_alerts.duplicates import joined_unasked, similar, spread_or_join, still_waiting
from buurtwacht_alerts.handing_over import hand_over, is_for_others
from buurtwacht_alerts.reading import Reading, read
from buurtwacht_alerts.resembling import ask_or_join
from buurtwacht_alerts.spreading import spread
from buurtwacht_alerts.steps import ask, begin, proceed
from buurtwacht_alerts.tone import asks_to_change, problems

# --- commands and what was recognised --------------------------------------------------------------------------------


def report(ctx: Context, text: str = "") -> None:
    """`melding <what and where>`: a report."""
    take(ctx, text)


def alarm(ctx: Context, text: str = "") -> None:
    """`alarm <what and where>`: a report that is urgent at least."""
    take(ctx, text, floor=Severity.URGENT)


def recognised(ctx: Context, text: str) -> None:
    """A likely report without a command word."""
    take(ctx, text)


def take(ctx: Context, text: str, *, floor: Severity | None = None, fresh: bool = False) -> None:
    """Take in a report. `fresh` says that it was judged to be about something new already."""
    if not any(map(str.isalpha, text)):
        ctx.ask(ctx.person, Message(Text("ask.report")), "report", free="any", expires=timedelta(minutes=15))
        return
    if drill_words.announces(text):
        drill_planning.propose(ctx, drill_words.without_mark(text))
        return
    # "Oefening is voorbij, er is nu echt brand" begins as a drill, and is none (R26).
    reading = read(drill_words.without_mark(text), [street.name for street in ctx.here.streets], ctx.now)
    if reading.severity is Severity.CRITICAL and not fresh:
        ctx.tell("danger_reported", person=ctx.person.id, words=text[:600])
    waiting = draft_of(ctx, ctx.person)
    asked = waiting is not None and waiting.step in (Step.BEHAVIOUR, Step.PLACE) and not fresh
    if waiting is not None and asked and not is_another(waiting, reading):
        _complete(ctx, waiting, reading, text)
        return
    if waiting is not None and not fresh and is_more_of(waiting, reading):
        again = _reword if waiting.step is Step.WORDING else _say_more
        again(ctx, waiting, reading, text)
        return
    if is_for_others(reading):
        hand_over(ctx, reading, text)
        return
    alert = (None if fresh else retold(ctx, reading, text)) or draft(ctx, reading, text, floor)
    other = None if fresh else similar(ctx, alert) or still_waiting(ctx, alert)
    if other is not None:
        ask_or_join(ctx, alert, other)
        return
    begin(ctx, alert)


@answer("report")
def reported(ctx: Context, given: Answer) -> None:
    """What goes on, after somebody typed only the command word."""
    take(ctx, given.text)


# --- answers of the reporter -----------------------------------------------------------------------------------------


@answer("called")
def called_answered(ctx: Context, given: Answer) -> None:
    """The reporter answered the question about the emergency number."""
    _called(ctx, get(ctx, int(given.payload["alert"])), Called112(given.value))


def called_stated(ctx: Context, text: str) -> None:
    """A reporter typed "ja gebeld", "I called": that answers the question as well as a tap (R7)."""
    alert = emergency.waiting_for(ctx, ctx.person)
    status = read_called(text)
    if alert is None:
        return
    if status is Called112.UNKNOWN:
        # A bare yes does not say who called.
        emergency.ask(ctx, alert, Text("called.who", short=alert.short))
        return
    _called(ctx, alert, status)


def _called(ctx: Context, alert: Alert, status: Called112) -> None:
    if alert.status is Status.CLOSED:
        raise Refusal(Text("refused.closed", short=alert.short, at=alert.closed_at))
    changed = emergency.note(ctx, alert, status, ctx.person.id)
    if alert.status is Status.DRAFT and alert.step is Step.CALLED:
        alert.drop(Step.CALLED)
        emergency.acknowledge(ctx, alert, changed=changed, sent=not alert.steps)
        proceed(ctx, alert)
        return
    if changed and alert.is_open:
        emergency.spread_status(ctx, alert)
    emergency.acknowledge(ctx, alert, changed=changed, sent=alert.is_open)


@answer("draft")
def draft_answered(ctx: Context, given: Answer) -> None:
    """The reporter said what was missing, or agreed to other words."""
    alert, step = get(ctx, int(given.payload["alert"])), Step(given.payload["step"])
    if alert.status is Status.CLOSED:
        raise Refusal(Text("refused.closed", short=alert.short, at=alert.closed_at))
    reading = read(given.text, [street.name for street in ctx.here.streets], ctx.now)
    if step is not Step.WORDING and is_another(alert, reading):
        take(ctx, given.text)
        return
    if alert.status is Status.ACTIVE:
        # It went out meanwhile with what there was: what he adds now is an addition.
        additions.add(ctx, alert, given.text)
        return
    if step is Step.WORDING:
        _worded(ctx, alert, given)
        return
    _complete(ctx, alert, reading, given.text)


def _complete(ctx: Context, alert: Alert, reading: Reading, text: str) -> None:
    """Put what the reporter said into the report, and go on."""
    if alert.step is Step.PLACE and ctx.location is not None and not reading.place:
        points.put(alert, ctx.here, ctx.location)
    elif alert.step is Step.PLACE:
        alert.place, alert.street = (reading.place or text.strip())[:120], reading.street
    else:
        alert.behaviour = (reading.behaviour or text.strip())[:300]
        if reading.place:
            alert.place, alert.street = reading.place, reading.street
        fill(alert, reading)
    _add_words(ctx, alert, text)
    _completed(ctx, alert)


def _say_more(ctx: Context, alert: Alert, reading: Reading, text: str) -> None:
    """He reports the same again while he is asked something: it is one report, and the question stands."""
    if text.strip() != alert.words:
        _add_words(ctx, alert, text)
        add_more(alert, reading)
    if reading.called_112 is not Called112.UNKNOWN and alert.step is Step.CALLED:
        _called(ctx, alert, reading.called_112)
        return
    ctx.reply(Text("completed", short=alert.short), thread=alert)


def _add_words(ctx: Context, alert: Alert, text: str) -> None:
    alert.words = f"{alert.words} / {text}"
    log(ctx, alert, "completed", new=text[:300])
    if problems(text) and Step.WORDING not in alert.steps:
        alert.steps = [*alert.steps, Step.WORDING]


def located(ctx: Context, alert: Alert) -> None:
    """The reporter shared a place without a word: it is the place of his report (R3)."""
    assert ctx.location is not None
    asked = not alert.has_place
    if asked or alert.place == street_of(ctx):
        points.put(alert, ctx.here, ctx.location)
    else:
        alert.point = [ctx.location.latitude, ctx.location.longitude]
    log(ctx, alert, "located")
    alert.drop(Step.PLACE)
    if not asked or Step.CALLED in alert.steps or Step.BEHAVIOUR in alert.steps or not alert.behaviour:
        ctx.reply(Text("location.thanks", short=alert.short))
        return
    ctx.close_questions(thread=alert)
    _completed(ctx, alert)


def _completed(ctx: Context, alert: Alert) -> None:
    alert.drop(Step.BEHAVIOUR, Step.PLACE)
    if alert.status is Status.HELD:
        _sharpen(ctx, alert)
        return
    proceed(ctx, alert)
    if alert.is_open:
        ctx.reply(Text("completed", short=alert.short), thread=alert)


def _sharpen(ctx: Context, alert: Alert) -> None:
    """What was missing came after the minute, while a co-ordinator was deciding: it goes out as it should have."""
    if problems(alert.words) or holding.belongs_to_caretakers(ctx, alert):
        holding.tell_more(ctx, alert)
        return
    spread(ctx, alert)


def _worded(ctx: Context, alert: Alert, given: Answer) -> None:
    """Other words were proposed: yes sends those, no leaves it to a co-ordinator, a new text is looked at again."""
    agrees = given.value == "yes" or (not given.value and classify(given.text) is AnswerClass.OK)
    refuses = given.value == "no" or (not given.value and classify(given.text) is AnswerClass.NO)
    if refuses:
        alert.steps = []
        if not holding.hold(ctx, alert, "held.why.wording"):
            raise Refusal(Text("nobody"))
    elif agrees:
        _fits(ctx, alert)
    elif given.value == "change" or asks_to_change(given.text):
        ask(ctx, alert, Message(Text("ask.own_words")))
    else:
        _reword(ctx, alert, read(given.text, [street.name for street in ctx.here.streets], ctx.now), given.text)


def _reword(ctx: Context, alert: Alert, reading: Reading, text: str) -> None:
    """The reporter says it in other words."""
    ctx.close_questions(thread=alert)
    alert.words, alert.description = text, reading.description
    alert.behaviour = reading.behaviour or text[:300]
    if problems(text):
        proceed(ctx, alert)
    else:
        _fits(ctx, alert)


def _fits(ctx: Context, alert: Alert) -> None:
    """Members may read it now: it goes on."""
    alert.drop(Step.WORDING)
    if alert.status is not Status.HELD:
        proceed(ctx, alert)
    elif holding.belongs_to_caretakers(ctx, alert):
        holding.tell_more(ctx, alert)
    else:
        spread(ctx, alert)


# --- after a minute --------------------------------------------------------------------------------------------------


@timer("draft_overdue")
def draft_overdue(ctx: Context, alert: int) -> None:
    """A minute after the report: it goes out with what there is, is added, or a co-ordinator decides (R1, R3, R16)."""
    known = get(ctx, alert)
    if known.status is not Status.DRAFT:
        return
    if known.step in (Step.DUPLICATE, Step.JOINS):
        if joined_unasked(ctx, known):
            return
        known.steps = []
        numbered(ctx, known)
    known.drop(Step.CALLED)
    incomplete = known.step in (Step.BEHAVIOUR, Step.PLACE) or not known.behaviour or not known.has_place
    unfit = Step.WORDING in known.steps
    waits = (incomplete and not known.was_called) or unfit or holding.belongs_to_caretakers(ctx, known)
    waits = waits or is_long(known)
    why = "held.why.wording" if unfit else "held.why.missing" if incomplete else "held.why.kind"
    if waits and holding.hold(ctx, known, why):
        return
    spread_or_join(ctx, known)
