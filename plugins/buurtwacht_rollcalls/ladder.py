"""The ladder: who holds somebody's key is asked after him, then the next, then the co-ordinators with the advice (R31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Message, PersonId, PersonName, Severity, Text, Thread, answer, timer
from buurtwacht_rollcalls import caretakers, schedule
from buurtwacht_rollcalls.findings import Word, read_word
from buurtwacht_rollcalls.records import KeyHolder, Kind, Ladder, RollCall, Value, entry_of, get
from buurtwacht_rollcalls.settings import RollCallSettings

_CHOICES = tuple(Choice(word, Text(f"ladder.{word}")) for word in Word)


def begin(ctx: Context, call: RollCall, people: Sequence[PersonId]) -> None:
    """Put those of these people who consented on the ladder, and ask the first who holds the key of each."""
    if not people:
        return
    known = {one.person for one in ctx.records.find(Ladder, rollcall=call.id)}
    for person, holders in _holders(ctx, people).items():
        if person not in known:
            made = ctx.records.add(Ladder(rollcall=call.id, person=person, holders=holders))
            climb(ctx, call, made)


def _holders(ctx: Context, people: Sequence[PersonId]) -> dict[PersonId, list[int]]:
    """Return who holds whose key here and agreed, in order; who left is passed over."""
    table = KeyHolder.__table__.c
    found = ctx.records.find(
        KeyHolder, table.person.in_(people), neighbourhood=ctx.here.id, agreed=True, order=[table.place]
    )
    here = {one.id for one in ctx.members()} if found else set()
    held: dict[PersonId, list[int]] = {}
    for one in found:
        if one.holder in here:
            held.setdefault(one.person, []).append(one.holder)
    return held


def climb(ctx: Context, call: RollCall, ladder: Ladder) -> None:
    """Ask whoever is next; those asked before hear of it."""
    place, asked = ladder.step, ladder.holders[: ladder.step]
    if place > len(ladder.holders):
        return
    ladder.step = place + 1
    if place == len(ladder.holders):
        _to_humans(ctx, call, ladder)
        _tell(ctx, call, ladder, asked, _said(ctx, ladder, call, "ladder.humans.told"))
        return
    holder = PersonId(ladder.holders[place])
    content = Message(_said(ctx, ladder, call, "ladder.asked"), choices=_CHOICES)
    ctx.ask(
        holder,
        content,
        "ladder",
        payload={"ladder": ladder.id},
        free="safety",
        repeatable=True,
        severity=Severity.URGENT,
        thread=_thread(call, ladder),
    )
    _tell(ctx, call, ladder, asked, _said(ctx, ladder, call, "ladder.next.told", holder=ctx.name_of(holder)))
    _wait(ctx, ladder, 1)


def _wait(ctx: Context, ladder: Ladder, times: int) -> None:
    patience = timedelta(minutes=ctx.settings(RollCallSettings).ladder_minutes)
    ctx.later(patience * times, "ladder", key=f"ladder:{ladder.id}", ladder=ladder.id)


@timer("ladder")
def waited(ctx: Context, ladder: int) -> None:
    """Nothing was heard in time: the next one."""
    known = ctx.records.get(Ladder, ladder)
    if known is None or known.over:
        return
    call = get(ctx, known.rollcall)
    known.taken_by = None
    climb(ctx, call, known)


@answer("ladder")
def reported(ctx: Context, given: Answer) -> None:
    """A key holder says what he does, or what he found."""
    ladder = ctx.records.get(Ladder, int(given.payload.get("ladder", 0)))
    if ladder is None or ctx.person.id not in ladder.holders:
        ctx.reply(Text("ladder.gone"))
        return
    call = get(ctx, ladder.rollcall)
    word = Word(given.value) if given.value else read_word(given.text)
    if word is None:
        ctx.keep_asking(given)
        ctx.reply(_said(ctx, ladder, call, "ladder.unclear"), thread=_thread(call, ladder))
    elif ladder.over and word in (Word.GOING, Word.CANNOT):
        ctx.reply(_said(ctx, ladder, call, "ladder.over"), thread=_thread(call, ladder))
    else:
        _follow(ctx, call, ladder, word, given.text)


def _follow(ctx: Context, call: RollCall, ladder: Ladder, word: Word, text: str) -> None:
    others = [one for one in ladder.holders[: ladder.step] if one != ctx.person.id]
    match word:
        case Word.GOING:
            ladder.taken_by = ctx.person.id
            _tell(
                ctx, call, ladder, others, _said(ctx, ladder, call, "ladder.taken.told", holder=ctx.name_of(ctx.person))
            )
            if ladder.step <= len(ladder.holders):
                _wait(ctx, ladder, 2)
            else:
                caretakers.tell(
                    ctx, call, _said(ctx, ladder, call, "ladder.taken.told", holder=ctx.name_of(ctx.person))
                )
            ctx.reply(_said(ctx, ladder, call, "ladder.going.thanks"), thread=_thread(call, ladder))
        case Word.CANNOT:
            ctx.reply(_said(ctx, ladder, call, "ladder.cannot.thanks"), thread=_thread(call, ladder))
            if ladder.taken_by in (None, ctx.person.id) and ladder.holders[ladder.step - 1 : ladder.step] == [
                ctx.person.id
            ]:
                climb(ctx, call, ladder)
        case Word.WELL:
            _found(ctx, call, ladder, Value.SAFE, text)
            caretakers.tell(
                ctx, call, _said(ctx, ladder, call, "ladder.well.caretaker", holder=ctx.name_of(ctx.person))
            )
            _tell(ctx, call, ladder, others, _said(ctx, ladder, call, "ladder.well.told"))
            ctx.reply(_said(ctx, ladder, call, "ladder.well.thanks"), thread=_thread(call, ladder))
        case Word.NO_ANSWER | Word.HELP:
            if word is Word.HELP:
                _found(ctx, call, ladder, Value.HELP, text)
            _alarm(ctx, call, ladder, word, text)


def _alarm(ctx: Context, call: RollCall, ladder: Ladder, word: Word, text: str) -> None:
    """Nobody opens, or help is needed: the co-ordinators at once, whoever else could be asked."""
    ctx.cancel(f"ladder:{ladder.id}")
    ladder.step = len(ladder.holders) + 1
    more = caretakers.words(text) or None
    said = _said(ctx, ladder, call, f"ladder.{word}.caretaker", holder=ctx.name_of(ctx.person), text=more)
    told = caretakers.tell(ctx, call, said, Severity.CRITICAL)
    key = f"ladder.{word}.thanks" if told else "ladder.alarm.nobody"
    ctx.reply(_said(ctx, ladder, call, key), severity=Severity.CRITICAL, thread=_thread(call, ladder))


def _found(ctx: Context, call: RollCall, ladder: Ladder, value: Value, text: str) -> None:
    """Write down what the key holder found; it shows as told by him (R32)."""
    entry = entry_of(ctx, call, ladder.person)
    if entry is not None and (entry.is_silent or entry.recorded_by is not None):
        entry.change(call, ctx.now, value, text, by=ctx.person.id)
    ladder.over = value is Value.SAFE
    ctx.cancel(f"ladder:{ladder.id}")
    if call.kind is Kind.VULNERABLE and call.is_open and ladder.over:
        # It was about nobody else, and those who look after the neighbourhood have read it.
        call.closed_at = ctx.now
        schedule.cancel_timers(ctx, call)
    ctx.close_questions(thread=call, who=ladder.person, for_good=False)


def _to_humans(ctx: Context, call: RollCall, ladder: Ladder) -> None:
    said = _said(ctx, ladder, call, "ladder.caretaker")
    caretakers.tell(ctx, call, said, Severity.CRITICAL)


def _tell(ctx: Context, call: RollCall, ladder: Ladder, people: Sequence[int], text: Text) -> None:
    if people:
        to = [PersonId(one) for one in people]
        ctx.send(to, text, severity=Severity.URGENT, thread=_thread(call, ladder))


def _said(
    ctx: Context,
    ladder: Ladder,
    call: RollCall,
    key: str,
    *,
    holder: PersonName | None = None,
    text: str | None = None,
) -> Text:
    who = ctx.name_of(ladder.person)
    return Text(key, who=who, short=call.short, neighbourhood=ctx.here.name, holder=holder, text=text)


def _thread(call: RollCall, ladder: Ladder) -> Thread:
    """Its own thread: a key holder who was asked after somebody was not thereby asked whether he is safe himself."""
    return Thread("rollcalls", ladder.id, call.short)


def answered(ctx: Context, call: RollCall, person: PersonId) -> None:
    """He was heard of himself: nobody need go, and all who were asked read that."""
    ladder = ctx.records.first(Ladder, rollcall=call.id, person=person, over=False)
    if ladder is None:
        return
    ladder.over = True
    ctx.cancel(f"ladder:{ladder.id}")
    asked = ladder.holders[: ladder.step]
    text = Text("ladder.answered.told", who=ctx.name_of(person), short=call.short)
    _tell(ctx, call, ladder, asked, text)
    if ladder.step > len(ladder.holders):
        caretakers.tell(ctx, call, text)
