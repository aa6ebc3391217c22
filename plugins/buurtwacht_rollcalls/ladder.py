"""The ladder: who holds somebody's key is asked after him, then the next, then the co-ordinators are (R31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Message, PersonId, Severity, Text, Thread, answer, timer
from buurtwacht_rollcalls import caretakers, schedule
from buurtwacht_rollcalls.findings import Word, read_word
from buurtwacht_rollcalls.records import KeyHolder, Kind, Ladder, RollCall, Value, entry_of, get
from buurtwacht_rollcalls.settings import RollCallSettings

_CHOICES = tuple(Choice(word, Text(f"ladder.{word}")) for word in Word)


@dataclass(frozen=True, slots=True)
class _Case:
    """One person on a ladder, and how everybody round it is told something."""

    ctx: Context
    call: RollCall
    ladder: Ladder

    @property
    def thread(self) -> Thread:
        """Its own thread: who was asked after somebody was not thereby asked whether he is safe himself."""
        return Thread("rollcalls", self.ladder.id, self.call.short)

    @property
    def asked(self) -> list[int]:
        """The key holders who were asked so far."""
        return self.ladder.holders[: self.ladder.step]

    @property
    def others(self) -> list[int]:
        """The same without who speaks now."""
        return [one for one in self.asked if one != self.ctx.person.id]

    def key(self, name: str) -> str:
        """Return the key of a text of which a visit has its own: nobody asked him, so he left nothing unanswered."""
        return f"visit.{name}" if self.call.kind is Kind.VULNERABLE else f"ladder.{name}"

    def text(self, key: str, holder: PersonId | None = None, words: str = "") -> Text:
        """Return a sentence about whoever is on the ladder; `holder` is the key holder it names."""
        return Text(
            key,
            who=self.ctx.name_of(self.ladder.person),
            short=self.call.short,
            neighbourhood=self.ctx.here.name,
            holder=self.ctx.name_of(holder) if holder is not None else None,
            text=caretakers.words(words) or None,
        )

    def reply(self, key: str, severity: Severity = Severity.URGENT) -> None:
        """Answer the key holder who speaks."""
        self.ctx.reply(self.text(key), severity=severity, thread=self.thread)

    def tell(self, people: Sequence[int], text: Text) -> None:
        """Tell other key holders."""
        if people:
            to = [PersonId(one) for one in people]
            self.ctx.send(to, text, severity=Severity.URGENT, thread=self.thread)

    def tell_humans(self, text: Text, severity: Severity = Severity.URGENT) -> bool:
        """Tell those who look after the neighbourhood; False when there is nobody."""
        return caretakers.tell(self.ctx, self.call, text, severity)

    def wait(self, times: int) -> None:
        """Wait for a key holder, so many times as long as a step takes."""
        patience = timedelta(minutes=self.ctx.settings(RollCallSettings).ladder_minutes)
        self.ctx.later(patience * times, "ladder", key=f"ladder:{self.ladder.id}", ladder=self.ladder.id)

    def wait_no_more(self) -> None:
        """Somebody was heard of, or a human has it."""
        self.ctx.cancel(f"ladder:{self.ladder.id}")


def begin(ctx: Context, call: RollCall, people: Sequence[PersonId]) -> None:
    """Put those of these people who consented on the ladder, and ask the first who holds the key of each."""
    if not people:
        return
    known = {one.person for one in ctx.records.find(Ladder, rollcall=call.id)}
    for person, holders in _holders(ctx, people).items():
        if person not in known:
            made = ctx.records.add(Ladder(rollcall=call.id, person=person, holders=holders))
            _climb(_Case(ctx, call, made))


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


def _climb(case: _Case) -> None:
    """Ask whoever is next; those asked before hear of it."""
    ladder, before = case.ladder, case.asked
    if ladder.step > len(ladder.holders):
        return
    ladder.step += 1
    if ladder.step > len(ladder.holders):
        case.tell_humans(case.text(case.key("caretaker")), Severity.CRITICAL)
        case.tell(before, case.text("ladder.humans.told"))
        return
    holder = PersonId(ladder.holders[ladder.step - 1])
    case.ctx.ask(
        holder,
        Message(case.text(case.key("asked")), choices=_CHOICES),
        "ladder",
        payload={"ladder": ladder.id},
        free="safety",
        repeatable=True,
        severity=Severity.URGENT,
        thread=case.thread,
    )
    case.tell(before, case.text("ladder.next.told", holder))
    case.wait(1)


@timer("ladder")
def waited(ctx: Context, ladder: int) -> None:
    """Nothing was heard in time: the next one."""
    known = ctx.records.get(Ladder, ladder)
    if known is not None and not known.over:
        known.taken_by = None
        _climb(_Case(ctx, get(ctx, known.rollcall), known))


@answer("ladder")
def reported(ctx: Context, given: Answer) -> None:
    """A key holder says what he does, or what he found."""
    ladder = ctx.records.get(Ladder, int(given.payload.get("ladder", 0)))
    if ladder is None or ctx.person.id not in ladder.holders:
        ctx.reply(Text("ladder.gone"))
        return
    case = _Case(ctx, get(ctx, ladder.rollcall), ladder)
    word = Word(given.value) if given.value else read_word(given.text)
    if word is None:
        ctx.keep_asking(given)
        case.reply("ladder.unclear")
    elif ladder.over and word in (Word.GOING, Word.CANNOT):
        case.reply("ladder.over")
    elif word is Word.GOING:
        # What he says next tells how it is there.
        ctx.keep_asking(given)
        _goes(case)
    elif word is Word.CANNOT:
        _cannot(case)
    elif word is Word.WELL:
        _found(case, Value.SAFE, given.text)
        case.tell_humans(case.text("ladder.well.caretaker", ctx.person.id))
        case.tell(case.others, case.text("ladder.well.told"))
        case.reply("ladder.well.thanks")
    else:
        _alarm(case, word, given.text)


def _goes(case: _Case) -> None:
    """He takes over: the others hear it, and he gets twice the time before somebody else is asked."""
    me = case.ctx.person.id
    if case.ladder.taken_by == me:
        case.reply("ladder.going.thanks")
        return
    case.ladder.taken_by = me
    taken = case.text("ladder.taken.told", me)
    case.tell(case.others, taken)
    if case.ladder.step <= len(case.ladder.holders):
        case.wait(2)
    else:
        case.tell_humans(taken)
    case.reply("ladder.going.thanks")


def _cannot(case: _Case) -> None:
    """He cannot; if he was the last one asked and nobody goes, the next is asked now."""
    me = case.ctx.person.id
    case.reply("ladder.cannot.thanks")
    if case.ladder.taken_by in (None, me) and case.asked[-1:] == [me] and case.ladder.step <= len(case.ladder.holders):
        case.ladder.taken_by = None
        _climb(case)


def _alarm(case: _Case, word: Word, text: str) -> None:
    """Nobody opens, or help is needed: the co-ordinators at once, whoever else could be asked."""
    if word is Word.HELP:
        _found(case, Value.HELP, text)
    case.wait_no_more()
    case.ladder.step = len(case.ladder.holders) + 1
    told = case.tell_humans(case.text(f"ladder.{word}.caretaker", case.ctx.person.id, text), Severity.CRITICAL)
    case.reply(f"ladder.{word}.thanks" if told else "ladder.alarm.nobody", Severity.CRITICAL)


def _found(case: _Case, value: Value, text: str) -> None:
    """Write down what the key holder found; it shows as told by him (R32)."""
    ctx, call, ladder = case.ctx, case.call, case.ladder
    entry = entry_of(ctx, call, ladder.person)
    if entry is not None and (entry.is_silent or entry.recorded_by is not None):
        entry.change(call, ctx.now, value, text, by=ctx.person.id)
    ladder.over = value is Value.SAFE
    case.wait_no_more()
    if call.kind is Kind.VULNERABLE and call.is_open and ladder.over:
        # It was about nobody else, and those who look after the neighbourhood have read it.
        call.closed_at = ctx.now
        schedule.cancel_timers(ctx, call)
    ctx.close_questions(thread=call, who=ladder.person, for_good=False)


def answered(ctx: Context, call: RollCall, person: PersonId) -> None:
    """He was heard of himself: nobody need go, and all who were asked read that."""
    ladder = ctx.records.first(Ladder, rollcall=call.id, person=person, over=False)
    if ladder is None:
        return
    case = _Case(ctx, call, ladder)
    ladder.over = True
    case.wait_no_more()
    text = case.text("ladder.answered.told")
    case.tell(case.asked, text)
    if ladder.step > len(ladder.holders):
        case.tell_humans(text)
