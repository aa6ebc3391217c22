"""From a sentence to an alert: what is still to be asked, in which order, and when it goes out without an answer."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    Answer,
    AnswerClass,
    Context,
    Message,
    PersonId,
    Refusal,
    Severity,
    Text,
    answer,
    classify,
    timer,
)
from buurtwacht_alerts import additions, drill_planning, drill_words, emergency, holding, officials, points
from buurtwacht_alerts.alert import Alert, Outcome, Status, Step, get, log, numbered
from buurtwacht_alerts.called import Called112, read_called
from buurtwacht_alerts.categories import CATEGORIES, UNKNOWN, Ask112, Route
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.drafts import (
    PATIENCE,
    add_more,
    draft,
    draft_of,
    fill,
    is_another,
    is_more_of,
    missing,
    street_of,
)
from buurtwacht_alerts.duplicates import ask_or_join, join, similar, spread_or_join
from buurtwacht_alerts.reading import Reading, read
from buurtwacht_alerts.spreading import spread
from buurtwacht_alerts.tone import asks_to_change, neutral, problems
from buurtwacht_alerts.wording import masker

#: More is not a report any more; what is critical goes out nevertheless.
_LONGEST = 2000


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
    waiting = draft_of(ctx, ctx.person)
    asked = waiting is not None and waiting.step in (Step.BEHAVIOUR, Step.PLACE) and not fresh
    if waiting is not None and asked and not is_another(waiting, reading):
        _complete(ctx, waiting, reading, text)
        return
    if waiting is not None and not fresh and is_more_of(waiting, reading):
        again = _reword if waiting.step is Step.WORDING else _say_more
        again(ctx, waiting, reading, text)
        return
    if len(text) > _LONGEST and reading.severity is not Severity.CRITICAL:
        raise Refusal(Text("refused.too_long", count=len(text)))
    alert = draft(ctx, reading, text[:_LONGEST], floor)
    other = None if fresh else similar(ctx, alert)
    if other is not None:
        ask_or_join(ctx, alert, other)
        return
    _begin(ctx, alert)


@answer("report")
def reported(ctx: Context, given: Answer) -> None:
    """What goes on, after somebody typed only the command word."""
    take(ctx, given.text)


def _begin(ctx: Context, alert: Alert) -> None:
    """Number a new report, and ask the first thing, or send it."""
    numbered(ctx, alert)
    log(ctx, alert, "reported", new=alert.category)
    asks = CATEGORIES[alert.category].ask_112 is not Ask112.NEVER or alert.category == UNKNOWN
    asks = asks and alert.severity.presses and alert.called is Called112.UNKNOWN
    if alert.severity is Severity.CRITICAL:
        # A critical report waits for nothing: the question is asked beside it (R1).
        spread(ctx, alert)
        if asks:
            emergency.ask(ctx, alert, Text("ask.critical", short=alert.short))
        else:
            ctx.reply(Text("confirmed", short=alert.short), severity=alert.severity, thread=alert)
        _mention_not_yet(ctx, alert)
        return
    wording = [Step.WORDING] if problems(alert.words) else []
    alert.steps = [*([Step.CALLED] if asks else []), *missing(alert), *wording]
    if alert.steps:
        ctx.later(PATIENCE, "draft_overdue", key=f"draft:{alert.id}", alert=alert.id)
    else:
        _mention_not_yet(ctx, alert)
    proceed(ctx, alert, first=True)


def _mention_not_yet(ctx: Context, alert: Alert) -> None:
    """Who wrote in his report that he is going to call is reminded like who tapped it."""
    if alert.called is Called112.NOT_YET:
        alert.called = Called112.UNKNOWN
        emergency.note(ctx, alert, Called112.NOT_YET, ctx.person.id)
        emergency.acknowledge(ctx, alert, changed=True, sent=True)


def proceed(ctx: Context, alert: Alert, *, first: bool = False) -> None:
    """Ask the next thing, or let the report go out. `first`: the reporter has heard nothing yet."""
    step = alert.step
    if step is None:
        _release(ctx, alert, first=first)
        return
    if step is Step.CALLED:
        emergency.ask(ctx, alert, _asking(alert, Text("ask.called"), first=first))
    elif step is Step.WORDING:
        proposal = neutral(alert.words)
        key = "ask.wording" if proposal else "ask.rewrite"
        question = Message(
            _asking(alert, Text(key, proposal=said(masker(ctx)(alert.words))), first=first),
            choices=officials.YES_NO if proposal else (),
        )
        _ask(ctx, alert, question)
    else:
        key = "ask.both" if step is Step.BEHAVIOUR and not alert.has_place else f"ask.{step}"
        _ask(ctx, alert, Message(_asking(alert, Text(key), first=first)))


def _asking(alert: Alert, question: Text, *, first: bool) -> Text:
    """Return a question; the first one says under which id the report is known (R2)."""
    return Text("ask.first", short=alert.short, question=question) if first else question


def _ask(ctx: Context, alert: Alert, question: Message) -> None:
    assert alert.reporter is not None
    ctx.ask(
        alert.reporter,
        question,
        "draft",
        payload={"alert": alert.id, "step": alert.steps[0]},
        free="any",
        severity=alert.severity,
        thread=alert,
    )


def _release(ctx: Context, alert: Alert, *, first: bool = False) -> None:
    """Let a report go out, or to whoever decides about its kind. Call it where the reporter is who set this off."""
    ctx.cancel(f"draft:{alert.id}")
    if holding.belongs_to_caretakers(ctx, alert) and holding.hold(ctx, alert, "held.why.kind"):
        return
    spread_or_join(ctx, alert)
    if first:
        key = "confirmed.municipality" if alert.route is Route.MUNICIPALITY else "confirmed"
        ctx.reply(Text(key, short=alert.short), severity=alert.severity, thread=alert)


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
    alert.words = f"{alert.words} / {text}"[:_LONGEST]
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
    elif asks_to_change(given.text):
        _ask(ctx, alert, Message(Text("ask.rewrite")))
    else:
        _reword(ctx, alert, read(given.text, [street.name for street in ctx.here.streets], ctx.now), given.text)


def _reword(ctx: Context, alert: Alert, reading: Reading, text: str) -> None:
    """The reporter says it in other words."""
    ctx.close_questions(thread=alert)
    alert.words, alert.description = text[:_LONGEST], reading.description
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


# --- resembling reports ----------------------------------------------------------------------------------------------


@answer("duplicate")
def duplicate_answered(ctx: Context, given: Answer) -> None:
    """The reporter says whether his report is about the same, or something new."""
    alert = get(ctx, int(given.payload["alert"]))
    other = get(ctx, alert.similar_to or 0)
    added = alert.outcome is Outcome.DUPLICATE
    if not added and alert.status is not Status.DRAFT:
        # He took it back meanwhile.
        ctx.reply(Text("duplicate.gone"))
        return
    if given.value == "new":
        if added:
            alert.status, alert.outcome, alert.closed_at = Status.DRAFT, None, None
            other.reporters = [one for one in other.reporters if one != alert.reporter or one == other.reporter]
        log(ctx, alert, "still_new")
        _begin(ctx, alert)
        return
    if added:
        # After the minute, as he says now.
        ctx.reply(Text("duplicate.added", other=other.short), thread=other)
        return
    ctx.cancel(f"draft:{alert.id}")
    if not other.is_open:
        _begin(ctx, alert)  # a closed alert is never a duplicate
        return
    join(ctx, alert, other)
    ctx.reply(Text("duplicate.added", other=other.short), thread=other)


# --- after a minute --------------------------------------------------------------------------------------------------


@timer("draft_overdue")
def draft_overdue(ctx: Context, alert: int) -> None:
    """A minute after the report: it goes out with what there is, is added, or a co-ordinator decides (R1, R3, R16)."""
    known = get(ctx, alert)
    if known.status is not Status.DRAFT:
        return
    if known.step is Step.DUPLICATE:
        other = get(ctx, known.similar_to or 0)
        if other.is_open:
            join(ctx, known, other)
            if known.reporter is not None:
                ctx.send(PersonId(known.reporter), Text("duplicate.added", other=other.short), thread=other)
            return
        known.steps = []
        numbered(ctx, known)
    known.drop(Step.CALLED)
    incomplete = known.step in (Step.BEHAVIOUR, Step.PLACE) or not known.behaviour or not known.has_place
    unfit = Step.WORDING in known.steps
    waits = (incomplete and not known.was_called) or unfit or holding.belongs_to_caretakers(ctx, known)
    why = "held.why.wording" if unfit else "held.why.missing" if incomplete else "held.why.kind"
    if waits and holding.hold(ctx, known, why):
        return
    spread_or_join(ctx, known)
