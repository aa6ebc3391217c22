"""What a text without a command word means to an escalation: the words of somebody who was asked (R45)."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

from buurtwacht import Context, Guess, Hearing, Person, PersonId, Rank, Text, Thread
from buurtwacht_escalation import answering
from buurtwacht_escalation.records import Asked, Escalation, Reply
from buurtwacht_escalation.replies import read_reply

#: Words are about an escalation until so long after its end, as about an alert (R11).
_AFTERMATH = timedelta(hours=24)
#: Nobody has more of them before him than this.
_LATELY = 20
_SHORT = re.compile(r"\b([A-Za-z]{1,6})\s?-\s?0*(\d{1,6})\b[\s:.,-]*")


def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """Say what an official's text means: it is for those who look after the place, whatever it says."""
    found = _candidates(ctx, ctx.person.id, text, about)
    if found:
        return Guess(partial(said, escalations=[one.id for one in found]), 0.8)
    if (about is not None and about.plugin == "escalation") or _answers_for_another(ctx, text):
        return Guess(partial(said, escalations=[]), 0.8)
    return None


def recognise(hearing: Hearing) -> Guess | None:
    """Say what it means when a member types it: he quotes an escalation, or plainly answers one he has not answered."""
    quotes = hearing.about is not None and hearing.about.plugin == "escalation"
    if not hearing.text or not (quotes or read_reply(hearing.text).reply is not None):
        return None
    if quotes:
        found = _candidates(hearing.ctx, hearing.person.id, hearing.text, hearing.about)
        return Guess(partial(said, escalations=[one.id for one in found]), 0.95)
    waiting = _unanswered(hearing.ctx, hearing.person)
    return Guess(partial(said, escalations=[one.id for one in waiting]), 0.7, Rank.OTHER) if waiting else None


def said(ctx: Context, text: str, escalations: list[int]) -> None:
    """Take a text for the one escalation it is about; ask which when it may be several."""
    found = ctx.records.find(Escalation, Escalation.__table__.c.id.in_(escalations))
    if not found:
        answering.refuse(ctx, None)
        return
    if len(found) > 1:
        shorts = ", ".join(dict.fromkeys(one.short for one in found))
        ctx.reply(Text("answered.which", shorts=shorts, short=found[0].short))
        return
    asked = answering.asked_by(ctx, found[0])
    if asked is None:
        answering.refuse(ctx, found[0])
        return
    short = found[0].short
    named = _SHORT.match(text)
    bare = text[named.end() :].strip() if named is not None and _is(named, short) else text
    read = read_reply(bare or text)
    answering.take(ctx, found[0], asked, read.reply, read.words)


def _candidates(ctx: Context, person: PersonId, text: str, about: Thread | None) -> list[Escalation]:
    """Return what a text may be about: what is quoted or named, else what he was asked lately."""
    lately = _lately(ctx, person)
    if about is not None and about.plugin == "escalation":
        return [one for one in lately if about.record in (one.id, one.incident)][:1]
    named = [one for one in lately if any(_is(found, one.short) for found in _SHORT.finditer(text))]
    if named:
        return named[:1]
    asked = {one.escalation for one in ctx.records.find(Asked, person=person, state=Reply.ASKED)}
    waiting = [one for one in lately if one.id in asked and one.is_running]
    if waiting and read_reply(text).reply is not None:
        return waiting
    running = [one for one in lately if one.is_running]
    return running or lately[:1]


def _answers_for_another(ctx: Context, text: str) -> bool:
    """Whether a text answers an escalation, by the id of its alert, in which he was not asked."""
    named = _SHORT.match(text)
    if named is None or read_reply(text[named.end() :]).reply is None:
        return False
    short = f"{named[1].upper()}-{int(named[2]):04d}"
    return ctx.records.first(Escalation, short=short) is not None


def _unanswered(ctx: Context, person: Person) -> list[Escalation]:
    asked = ctx.records.find(Asked, person=person.id, state=Reply.ASKED)
    ids = {one.escalation for one in asked}
    found = ctx.records.find(Escalation, Escalation.__table__.c.id.in_(ids)) if ids else []
    return [one for one in found if one.is_running]


def _lately(ctx: Context, person: PersonId) -> list[Escalation]:
    """Return the escalations somebody was asked in that run, or ended less than a day ago, the newest first."""
    newest = ctx.records.find(Asked, person=person, order=[Asked.__table__.c.at.desc()])[:_LATELY]
    ids = {one.escalation for one in newest}
    found = ctx.records.find(Escalation, Escalation.__table__.c.id.in_(ids)) if ids else []
    return sorted(
        (one for one in found if one.is_running or one.ended_at is None or ctx.now - one.ended_at < _AFTERMATH),
        key=lambda one: one.opened_at,
        reverse=True,
    )


def _is(found: re.Match[str], short: str) -> bool:
    code, _, number = short.rpartition("-")
    return found[1].upper() == code.upper() and int(found[2]) == int(number)
