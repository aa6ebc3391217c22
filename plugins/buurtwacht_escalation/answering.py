"""What those who were asked answer: with a tap, in words, twice, too late, or though nobody asked them (R44, R45)."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Context, Message, Severity, Text, answer
from buurtwacht_escalation import contact, course, engine, sharing, telling
from buurtwacht_escalation.naming import named
from buurtwacht_escalation.package import moment
from buurtwacht_escalation.records import HELD, Asked, Escalation, Reply, State, get, incident_of
from buurtwacht_escalation.replies import read_reply

#: So long a next text tells to whom it belongs instead; nobody has to answer that.
_TO_WHOM = timedelta(minutes=10)
#: No label is longer, in words.
_LABEL = 4
#: After this nothing is asked of anybody any more.
OVER = frozenset({State.CANCELLED, State.CLOSED, State.LOGGED, State.DECLINED})


@answer("package")
def answered(ctx: Context, given: Answer) -> None:
    """Take an answer to the package: tapped, by its number or label, or a word that chooses one."""
    escalation = get(ctx, int(given.payload.get("escalation", 0)))
    asked = asked_by(ctx, escalation, given.message) if escalation is not None else None
    if escalation is None or asked is None:
        refuse(ctx, escalation)
    elif given.value:
        # A choice that was found by words may say more than its label: "niet voor mij, bel boa".
        more = given.words if len(given.words.split()) > _LABEL else ""
        take(ctx, escalation, asked, Reply(given.value), (given.text or more).strip())
    else:
        read = read_reply(given.text)
        take(ctx, escalation, asked, read.reply, read.words)


def asked_by(ctx: Context, escalation: Escalation, message: int = 0) -> Asked | None:
    """Return as what the person who speaks was asked, in the newest walk or in that of a message; None: he was not."""
    mine = ctx.records.find(Asked, escalation=escalation.id, person=ctx.person.id)
    return next((one for one in mine if message and one.message == message), mine[-1] if mine else None)


def refuse(ctx: Context, escalation: Escalation | None) -> None:
    """Only the person asked can answer; that somebody else tried is on record (R44)."""
    ctx.note("escalation_answer_refused", escalation.short if escalation is not None else "")
    ctx.reply(Text("answered.refused"))


def take(ctx: Context, escalation: Escalation, asked: Asked, reply: Reply | None, words: str = "") -> None:
    """Do what an answer means, and say so; words beyond it go to those who look after the place (R45)."""
    own = course.home(ctx, escalation)
    if not sharing.is_still(own, asked):
        own.note("escalation_answer_refused", escalation.short)
        own.reply(Text("answered.former", short=escalation.short), thread=telling.about(escalation))
        return
    if reply is Reply.DECLINED:
        _declines(own, escalation, asked, words)
        return
    if reply is not None:
        _confirms(own, escalation, asked, reply)
    if not words:
        return
    if contact.is_wanted(words) and contact.ask(own, escalation, incident_of(own, escalation), asked):
        own.reply(Text("contact.asked", short=escalation.short), thread=telling.about(escalation))
    sharing.heard(own, escalation, asked, words)
    if reply is None and asked.state is Reply.ASKED and escalation.state is State.ASKING:
        _not_yet(own, escalation)


def _not_yet(ctx: Context, escalation: Escalation) -> None:
    """What he said confirms nothing, so the ladder goes on unless he does."""
    ctx.reply(Text("answered.not_yet", short=escalation.short), thread=telling.about(escalation))


def _confirms(ctx: Context, escalation: Escalation, asked: Asked, reply: Reply) -> None:
    holder = telling.holder(ctx, escalation)
    since = escalation.confirmed_at
    was_held = escalation.state in HELD and holder is not None and holder.person != asked.person
    before, at = asked.state, asked.answered_at
    if not engine.confirmed(ctx, escalation, asked, reply):
        _say(ctx, escalation, Text(f"answered.again.{before}", short=escalation.short, at=moment(ctx, at or ctx.now)))
    elif escalation.state in OVER:
        outcome = telling.outcome_of(incident_of(ctx, escalation))
        _say(ctx, escalation, Text("answered.over", short=escalation.short, outcome=outcome))
    elif was_held and holder is not None:
        who = named(ctx, holder.person, holder.role)
        text = Text("answered.late", short=escalation.short, who=who, at=moment(ctx, since or ctx.now))
        _say(ctx, escalation, text)
    else:
        _say(ctx, escalation, Text(f"answered.{reply}", short=escalation.short, at=moment(ctx, ctx.now)))


def _declines(ctx: Context, escalation: Escalation, asked: Asked, words: str) -> None:
    """It is not for him; to whom it belongs he may say, and need not."""
    if not engine.declined(ctx, escalation, asked, words):
        at = moment(ctx, asked.answered_at or ctx.now)
        _say(ctx, escalation, Text("answered.again.declined", short=escalation.short, at=at))
        return
    if words or escalation.state in OVER:
        _say(ctx, escalation, Text("answered.declined", short=escalation.short))
        return
    ctx.ask(
        asked.person,
        Message(Text("answered.declined.whom", short=escalation.short)),
        "whom",
        payload={"escalation": escalation.id},
        free="any",
        expires=_TO_WHOM,
        thread=telling.about(escalation),
    )


@answer("whom")
def belongs_to(ctx: Context, given: Answer) -> None:
    """He says to whom it belongs: those upstream read it."""
    escalation = get(ctx, int(given.payload.get("escalation", 0)))
    asked = asked_by(ctx, escalation) if escalation is not None else None
    words = given.text.strip()
    if escalation is None or asked is None or not words:
        return
    own = course.home(ctx, escalation)
    read = read_reply(words)
    if read.reply in (Reply.CONFIRMED, Reply.TAKEN):
        take(own, escalation, asked, read.reply, read.words)  # he thought better of it
        return
    asked.words = words[:600]
    telling.declined(own, escalation, asked, words)
    _say(own, escalation, Text("answered.passed_on"))


def _say(ctx: Context, escalation: Escalation, text: Text) -> None:
    ctx.reply(text, severity=Severity.NOTICE, thread=telling.about(escalation))
