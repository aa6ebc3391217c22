"""The tally: one message in which those who look after a neighbourhood see a roll call fill, and which is edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from buurtwacht import CARETAKERS, Context, Message, MessageId, Severity, Text, Thread, timer
from buurtwacht_rollcalls import wording
from buurtwacht_rollcalls.counting import Counts, count
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Entry, Kind, RollCall, Tally, entries, get, home

#: Answers of so many seconds become one edit.
_TOGETHER = 30
_UNDER_WAY = frozenset({"queued", "sending", "unknown"})


def begin(ctx: Context, call: RollCall, listed: Sequence[Entry]) -> None:
    """Show it to whoever asked, and to the others who look after the neighbourhood when it presses."""
    if call.kind is Kind.DAILY:
        return
    readers = [one.id for one in ctx.members(*CARETAKERS)] if PATTERNS[call.kind].severity.presses else []
    if call.asked_by is not None:
        readers = list(dict.fromkeys([call.asked_by, *readers]))
    if not readers:
        return
    kept = Tally(rollcall=call.id, message=0, shown=[])
    text = _text(ctx, call, count(call, listed, {one.person for one in listed if one.person is not None}))
    kept.message = ctx.send(readers, text, severity=Severity.URGENT, thread=_thread(call, kept))
    ctx.records.add(kept)


def touch(ctx: Context, call: RollCall) -> None:
    """Have it brought up to date, with everything that comes in the same half minute."""
    passed = int((ctx.now - call.opens).total_seconds()) // _TOGETHER + 1
    due = call.opens + timedelta(seconds=passed * _TOGETHER)
    ctx.later(due, "tally", key=f"tally:{call.id}", call=call.id)


@timer("tally")
def show(ctx: Context, call: int) -> None:
    """Edit it, if anything changed."""
    known = get(ctx, call)
    kept = ctx.records.first(Tally, rollcall=call)
    if kept is None or not known.is_open:
        return
    listed = entries(ctx, known)
    # What is still under way has not failed: it is counted as silent until the end.
    on_its_way = {one.person for one in ctx.reached(known) if one.arrived or one.state in _UNDER_WAY}
    counted = count(known, listed, on_its_way)
    if counted.numbers == kept.shown:
        return
    kept.shown = counted.numbers
    _update(ctx, known, kept, _text(home(ctx, known), known, counted))


def _update(ctx: Context, call: RollCall, kept: Tally, text: Text) -> None:
    """Change the message where it stands; where a messenger cannot edit it stays, and `stand` tells the newest."""
    thread = _thread(call, kept)
    readers = ctx.audience.reached_by(thread)
    content, first = Message(text, edit_only=True), MessageId(kept.message)
    ctx.broadcast(readers, content, Severity.URGENT, thread=thread, replaces=first)


def _text(ctx: Context, call: RollCall, counted: Counts) -> Text:
    return wording.about(ctx, call, "tally", counts=counted.line(), total=counted.total)


def _thread(call: RollCall, kept: Tally) -> Thread:
    """Its own thread: who was shown the tally was not thereby asked the question."""
    return Thread("rollcalls", kept.id, call.short)
