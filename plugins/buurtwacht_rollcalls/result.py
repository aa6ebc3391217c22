"""The end of a roll call: counts to the members who were asked, names to those who look after them (R29)."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import CARETAKERS, Context, PersonId, Severity, Text
from buurtwacht_rollcalls import caretakers, ladder, schedule, wording
from buurtwacht_rollcalls.counting import NO_WORD, NOT_REACHED, Counts, count
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Entry, Kind, RollCall, Value, entries, silent_ones


def end(ctx: Context, call: RollCall, listed: Sequence[Entry] | None = None) -> Counts:
    """End it and tell everybody; `listed` is its list when it was changed in this very transaction."""
    listed = entries(ctx, call) if listed is None else listed
    counted = counted_now(ctx, call, listed)
    for one in counted.groups[NOT_REACHED]:
        one.missed = True
    call.closed_at = ctx.now
    schedule.cancel_timers(ctx, call)
    ctx.note("rollcall_closed", call.short, **{name: len(group) for name, group in counted.groups.items()})
    readers = _caretakers_told(ctx, call, counted)
    _members_told(ctx, call, counted, listed, readers)
    if call.kind is Kind.DAILY:
        ladder.begin(ctx, call, silent_ones(listed))
    if call.reference:
        _plugin_told(ctx, call, counted, listed)
    return counted


def counted_now(ctx: Context, call: RollCall, listed: Sequence[Entry]) -> Counts:
    """Return the groups as they are; what nobody knows to have arrived counts as not reached. An end is an end: what
    arrives later changes it only by an answer.
    """
    if not call.is_open:
        return count(call, listed, {one.person for one in listed if one.person is not None and not one.missed})
    return count(call, listed, {one.person for one in ctx.reached(call) if one.arrived})


def text(ctx: Context, call: RollCall, counted: Counts, *, named: bool) -> Text:
    """Return how it stands or ended, with names for those who look after the neighbourhood."""
    unheard = [*counted.groups[NO_WORD], *counted.groups[NOT_REACHED]]
    if call.kind is Kind.VULNERABLE and unheard:
        # A visit asks nobody on its list: no group tells anything of him.
        person = unheard[0].person
        return wording.about(
            ctx, call, "visit.silent", who=ctx.name_of(person) if person is not None else Text("person.gone")
        )
    what = "names" if named else "counts"
    key = f"rollcall.standing.{what}" if call.is_open else f"rollcall.result.{what}"
    if named and not call.is_open and call.kind in (Kind.TEST, Kind.DAILY):
        key = f"rollcall.result.{call.kind}"
    if not named and not call.is_open and "trouble" in PATTERNS[call.kind].groups:
        # Where it was asked whether somebody is in danger, it is said once more what to do then.
        key = "rollcall.result.safety"
    reached = counted.total - len(counted.groups[NOT_REACHED])
    return wording.about(
        ctx,
        call,
        key,
        total=counted.total,
        lines=counted.names() if named else counted.line(),
        reach=_percent(reached, counted.total),
        heard=_percent(reached - len(counted.groups[NO_WORD]), counted.total),
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _caretakers_told(ctx: Context, call: RollCall, counted: Counts) -> set[PersonId]:
    """Give those who look after the neighbourhood the names, and return who they are."""
    readers = [one.id for one in ctx.members(*CARETAKERS)]
    if call.kind is Kind.DAILY and not _needs_somebody(counted):
        readers = []
    if readers:
        ctx.send(readers, text(ctx, call, counted, named=True), severity=_severity(call))
    return set(readers)


def _needs_somebody(counted: Counts) -> bool:
    return any(counted.groups[name] for name in counted.groups if name != "safe")


def _members_told(
    ctx: Context, call: RollCall, counted: Counts, listed: Sequence[Entry], without: set[PersonId]
) -> None:
    """Give the members who were asked the counts: never a name, never who was silent (design §9.3)."""
    asked = [one.person for one in listed if one.person is not None and one.person not in without]
    if asked and PATTERNS[call.kind].told:
        ctx.broadcast(ctx.audience.people(asked), text(ctx, call, counted, named=False), _severity(call), thread=call)


def _severity(call: RollCall) -> Severity:
    return PATTERNS[call.kind].severity


def _plugin_told(ctx: Context, call: RollCall, counted: Counts, listed: Sequence[Entry]) -> None:
    answers = {str(one.person): one.value.value for one in listed if one.person is not None and one.value is not None}
    counts = {name: len(group) for name, group in counted.groups.items()}
    ctx.tell(
        "rollcall_closed", reference=call.reference, rollcall=call.id, short=call.short, counts=counts, answers=answers
    )


def late(ctx: Context, call: RollCall, entry: Entry, value: Value) -> None:
    """Tell those who look after the neighbourhood of somebody who was silent at the end and is heard of now."""
    if entry.is_silent and PATTERNS[call.kind].reads_words and value is not Value.HELP:
        who = ctx.name_of(ctx.person)
        said = Text("late.caretaker", who=who, short=call.short, answer=wording.answer(call, value), at=ctx.now)
        caretakers.tell(ctx, call, said, Severity.NOTICE)
