"""What a text without a command word means while a roll call runs: who asks, a second thought, words for a human."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

from buurtwacht import AnswerClass, Context, Guess, Hearing, PersonId, Rank, classify, fold, is_call_for_help
from buurtwacht_rollcalls import answering, caretakers, ladder, proxy, tally
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.reading import adds_to, is_who, says_safe
from buurtwacht_rollcalls.records import TROUBLE, Entry, Kind, RollCall, Value, entry_of, get, home, running

#: An answer in two messages comes within this (domain §5.3).
_IN_TWO = timedelta(seconds=60)
#: Who needs a human may go on for so long.
_GOES_ON = timedelta(minutes=30)
_TO_HUMANS = re.compile(r"^(?:(?:vraag )?(?:voor|aan) (?:de )?)?co-?ordinator(?:en|s)?\b")


def recognise(hearing: Hearing) -> Guess | None:
    """Say what a text means to a roll call, if anything."""
    ctx, text = hearing.ctx, hearing.text
    if not text or is_call_for_help(text):
        return None
    if proxy.parse(text) is not None and caretakers.are_meant(ctx):
        # Before an answer of his own: "jan veilig via zoon" says nothing of who types it.
        return Guess(proxy.record, 1.0, Rank.REPORT)
    pairs = running(ctx, hearing.person.id)
    if not pairs:
        return None
    about = hearing.about.record if hearing.about is not None and hearing.about.plugin == "rollcalls" else None
    call, entry = next((pair for pair in pairs if pair[0].id == about), None) or _named(pairs, text) or pairs[0]
    if call.kind is Kind.VULNERABLE:
        # He was not asked himself; but when he is heard of, nobody need go.
        return Guess(partial(said, call=call.id), 0.6) if says_safe(text) else None
    if is_who(text):
        return Guess(partial(asked_who, call=call.id), 0.9)
    return _meant(hearing, call, entry) if PATTERNS[call.kind].reads_words else None


def _named(pairs: list[tuple[RollCall, Entry]], text: str) -> tuple[RollCall, Entry] | None:
    return next((pair for pair in pairs if pair[0].short in text.upper()), None)


def _meant(hearing: Hearing, call: RollCall, entry: Entry) -> Guess | None:
    text, now = hearing.text, hearing.ctx.now
    kind = classify(text)
    if call.short in text.upper():
        return Guess(partial(said, call=call.id), 0.95)
    if _TO_HUMANS.search(fold(text)):
        return Guess(partial(to_humans, call=call.id), 0.9)
    since = now - entry.at if entry.at is not None else None
    if entry.value is not None and since is not None:
        if since <= _IN_TWO and (adds_to(text) or kind in (AnswerClass.HELP, AnswerClass.UNCLEAR)):
            return Guess(partial(went_on, call=call.id), 0.9)
        if entry.value in TROUBLE and since <= _GOES_ON and not says_safe(text):
            return Guess(partial(more, call=call.id), 0.7)
        if kind in (AnswerClass.HELP, AnswerClass.UNCLEAR) or (kind is AnswerClass.OK and says_safe(text)):
            return Guess(partial(said, call=call.id), 0.6)
        return None
    # Silent so far, and nothing that says yes, no or help: that would have been taken as his answer.
    return Guess(partial(puzzled, call=call.id), 0.6, Rank.REMARK) if call.is_open else None


def danger_reported(ctx: Context, person: PersonId, words: str) -> None:
    """Count who reports a danger as one whom a human must hear, where he was asked whether he is safe.

    His report goes its own way, to those who look after the neighbourhood first: nobody is told twice.
    """
    for call, entry in running(ctx, person):
        if call.is_open and call.kind in (Kind.SAFETY, Kind.DAILY) and entry.value not in TROUBLE:
            own = home(ctx, call)
            entry.change(call, ctx.now, Value.QUESTION, words)
            tally.touch(own, call)
            own.close_questions(thread=call, who=person, for_good=False)
            ladder.answered(own, call, person)


def _mine(ctx: Context, ident: int) -> tuple[Context, RollCall, Entry | None]:
    call = get(ctx, ident)
    return home(ctx, call), call, entry_of(ctx, call, ctx.person.id)


def asked_who(ctx: Context, text: str, call: int) -> None:
    """Say who asks and why (R33)."""
    own, known, _ = _mine(ctx, call)
    ctx.reply(answering.who(own, known))


def said(ctx: Context, text: str, call: int) -> None:
    """Take a text as an answer, though nothing was quoted."""
    own, known, entry = _mine(ctx, call)
    if entry is None:
        return
    words = re.sub(re.escape(known.short), " ", text, flags=re.IGNORECASE).strip()
    if answering.take(own, known, entry, words):
        own.close_questions(thread=known, who=own.person, for_good=False)


def went_on(ctx: Context, text: str, call: int) -> None:
    """Take two messages as one answer: "ok" and then "maar oma niet"."""
    own, known, entry = _mine(ctx, call)
    if entry is not None:
        before = entry.text or ("ok" if entry.value in (Value.SAFE, Value.AWAY) else "hulp")
        answering.take(own, known, entry, f"{before} {text}")


def more(ctx: Context, text: str, call: int) -> None:
    """Somebody who needs a human goes on talking: they read it."""
    own, known, entry = _mine(ctx, call)
    if entry is not None:
        answering.for_humans(own, known, entry, text)


def to_humans(ctx: Context, text: str, call: int) -> None:
    """Somebody has a question for the co-ordinators; it counts as one (R30)."""
    own, known, entry = _mine(ctx, call)
    if entry is None:
        return
    if entry.is_silent:
        answering.keep(own, known, entry, Value.QUESTION, text)
        own.close_questions(thread=known, who=own.person, for_good=False)
    else:
        answering.for_humans(own, known, entry, text)


def puzzled(ctx: Context, text: str, call: int) -> None:
    """Say that it was not understood, with the choices once more."""
    own, known, _ = _mine(ctx, call)
    answering.puzzled(own, known)
