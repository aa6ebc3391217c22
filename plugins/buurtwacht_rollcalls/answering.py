"""An answer is kept: by tap, number, word, reaction or quote; the last one wins, and what went before is kept."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Context, Severity, Text, answer, fold, is_bare_help
from buurtwacht_rollcalls import caretakers, concern, ladder, opening, result, tally, volunteers, wording
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.reading import Other, needs_help, read
from buurtwacht_rollcalls.records import TROUBLE, Entry, Kind, RollCall, Value, entry_of, get

#: R30: the same answer again within this gets no second thanks.
_SAME = timedelta(minutes=10)
#: Who calls for help twice at once is answered twice, and the co-ordinators hear it once.
_AT_ONCE = timedelta(minutes=1)


@answer("rollcall")
def answered(ctx: Context, given: Answer) -> None:
    """Somebody answered what he was asked, or asks something back."""
    call = get(ctx, given.thread)
    entry = entry_of(ctx, call, ctx.person.id)
    if entry is None or entry.until <= ctx.now:
        ctx.reply(Text("rollcall.over", short=call.short))
        return
    chosen = Value(given.value) if given.value else None
    if not take(ctx, call, entry, given.text, chosen):
        ctx.keep_asking(given)


def take(ctx: Context, call: RollCall, entry: Entry, text: str, chosen: Value | None = None) -> bool:
    """Take what the person who speaks said about a roll call; False when it was no answer to it."""
    if not PATTERNS[call.kind].reads_words:
        if chosen is not None:
            keep(ctx, call, entry, chosen, text)
        return chosen is not None
    said = read(text, name=ctx.person.name, chosen=chosen, asks_trouble=call.asks_trouble)
    match said:
        case Value():
            keep(ctx, call, entry, said, text)
            return True
        case Other.BARE_HELP:
            keep(ctx, call, entry, Value.QUESTION, text)
            return True
        case Other.WHO:
            ctx.reply(who(ctx, call))
        case _:
            puzzled(ctx, call)
    return False


@answer("sure")
def sure(ctx: Context, given: Answer) -> None:
    """He says whether he needs help, in so many words or with a button."""
    call = get(ctx, given.thread)
    entry = entry_of(ctx, call, ctx.person.id)
    if entry is None:
        return
    match given.value or needs_help(given.text):
        case "yes":
            keep(ctx, call, entry, Value.HELP, given.text or entry.text)
        case "no":
            _no_help(ctx, call, entry)
        case "safe":
            keep(ctx, call, entry, Value.SAFE, given.text)
        case _:
            ctx.keep_asking(given)
            for_humans(ctx, call, entry, given.text)


def _no_help(ctx: Context, call: RollCall, entry: Entry) -> None:
    """He needs none. A bare "help" is explained by that: it was no answer, and he has not said that he is safe."""
    said = Text("no_help.caretaker", who=ctx.name_of(ctx.person), short=call.short)
    caretakers.tell(ctx, call, said)
    if entry.value is Value.QUESTION and is_bare_help(entry.text):
        entry.change(call, ctx.now, None, "")
        tally.touch(ctx, call)
        if call.is_open:
            opening.ask(ctx, call, [ctx.person.id])
            return
    ctx.reply(Text("no_help.rollcall", short=call.short), thread=call)


def keep(ctx: Context, call: RollCall, entry: Entry, value: Value, text: str) -> None:
    """Write an answer down, and do what follows from it."""
    again = entry.value is value and entry.at is not None and ctx.now - entry.at < _SAME and not entry.via
    was_trouble = entry.value in TROUBLE
    repeated = again and ctx.now - (entry.at or ctx.now) < _AT_ONCE and fold(text) in ("", fold(entry.text))
    if not call.is_open:
        result.late(ctx, call, entry, value)
    entry.change(call, ctx.now, value, text, channel=ctx.account)
    tally.touch(ctx, call)
    if was_trouble:
        # Whether he needs help was asked, and is answered by whatever he says now.
        ctx.close_questions(thread=call, who=ctx.person, for_good=False)
    if PATTERNS[call.kind].reads_words:
        ladder.answered(ctx, call, ctx.person.id)
    if value in TROUBLE:
        concern.raised(ctx, call, entry, text, repeated=repeated)
        return
    if volunteers.said(ctx, call, entry, value):
        return
    if was_trouble:
        relief = Text(
            "relief.caretaker", who=ctx.name_of(ctx.person), short=call.short, answer=wording.answer(call, value)
        )
        caretakers.tell(ctx, call, relief)
    if not again:
        ctx.reply(thanks(ctx, call, value), thread=call)


def thanks(ctx: Context, call: RollCall, value: Value) -> Text:
    """Return the one line that says what was understood, so that it can be put right."""
    key = "thanks" if call.is_open else "thanks.late"
    return Text(key, answer=wording.answer(call, value), short=call.short, ended=call.closed_at)


def who(ctx: Context, call: RollCall) -> Text:
    """Return who asks, and why (R33)."""
    key = "who.rollcall.clock" if call.kind is Kind.DAILY else "who.rollcall"
    return Text(key, neighbourhood=ctx.here.name, short=call.short)


def puzzled(ctx: Context, call: RollCall) -> None:
    """Say that it was not understood, and show the choices once more: the question stays the same."""
    content = wording.puzzled(call)
    severity = Severity.URGENT
    if not ctx.ask_again([ctx.person.id], content, "rollcall", thread=call, severity=severity):
        ctx.reply(content.text)


def for_humans(ctx: Context, call: RollCall, entry: Entry, text: str) -> None:
    """Give those who look after the neighbourhood more words of somebody who needs them."""
    entry.text = f"{entry.text} / {text}".strip(" /")[:600]
    said = Text("more.caretaker", who=ctx.name_of(ctx.person), short=call.short, text=caretakers.words(text))
    severity = Severity.CRITICAL if entry.value is Value.HELP else Severity.URGENT
    told = caretakers.tell(ctx, call, said, severity)
    ctx.reply(Text("more" if told else "help.nobody.rollcall"), severity=Severity.URGENT, thread=call)
