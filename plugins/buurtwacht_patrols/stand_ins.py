"""Stand-ins: who is asked to walk for somebody who cannot, in which order and when; the first yes gets it (R39)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from buurtwacht import Answer, Context, Message, PersonId, Refusal, Role, Text, answer, timer
from buurtwacht_patrols import agenda, changing, company, rosters
from buurtwacht_patrols.records import (
    WALKING,
    Absence,
    Assignment,
    AssignmentState,
    Availability,
    Preference,
    Shift,
    ShiftState,
)
from buurtwacht_patrols.settings import Settings
from buurtwacht_patrols.wording import local, names, own_line, planned_line

#: One is asked so many minutes after the other.
_EVERY = 15
#: Who may be planned on this, or was, and is not walking it.
_SAID_NO = (AssignmentState.DECLINED, AssignmentState.NO_SHOW)


def key(shift: Shift) -> str:
    """Return the key of the timer that asks the next."""
    return f"seek:{shift.id}"


def begin(ctx: Context, shift: Shift, group: list[Assignment]) -> list[PersonId]:
    """Begin to look for a stand-in, or let a search go on that has begun; return who was asked and who will be."""
    asked = [one for one in group if one.state is AssignmentState.INVITED]
    found = reserves(ctx, shift, group)
    lately = company.in_(ctx, minutes=-_EVERY)
    if found and not any(one.asked_at is not None and one.asked_at > lately for one in asked):
        _ask_next(ctx, shift, group, found)
    return [*(one.person for one in asked), *found]


def go_on(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    """Go on looking as it goes, and say whether there is anybody left to ask."""
    left = reserves(ctx, shift, group)
    ctx.reply(Text("seek.on", who=names(left)) if left else Text("seek.nobody_left"), thread=shift)


def stop(ctx: Context, *shifts: Shift) -> None:
    """Look no further."""
    ctx.cancel_all(key(one) for one in shifts)


@timer("seek")
def seeks(ctx: Context, shift: int) -> None:
    """Ask the next one, as long as walkers are missing."""
    found = ctx.records.get(Shift, shift)
    if found is None or found.state is not ShiftState.PLANNED or found.starts <= ctx.now:
        return
    group = rosters.assignments_of(ctx, [found])[shift]
    if company.missing(found, group):
        _ask_next(ctx, found, group, reserves(ctx, found, group))


def _ask_next(ctx: Context, shift: Shift, group: list[Assignment], found: Sequence[PersonId]) -> None:
    """Ask the first who is awake, and set the timer for the next; nobody left: who plans is told once."""
    if not found:
        letter = Text("seek.exhausted", short=shift.short, at=local(ctx, shift.starts))
        company.tell(ctx, company.planners(ctx), letter, shift, held=True)
        return
    asleep = company.asleep(ctx, found)
    one = next((who for who in found if who not in asleep), None)
    if one is None:
        ctx.later(min(asleep.values()), seeks, shift.id, key=key(shift))
        return
    invite(ctx, shift, group, one)
    ctx.later(company.in_(ctx, minutes=_EVERY), seeks, shift.id, key=key(shift))


def invite(ctx: Context, shift: Shift, group: list[Assignment], who: PersonId) -> None:
    """Ask somebody whether he stands in."""
    mine = company.own(group, who)
    if mine is None:
        mine = ctx.records.add(Assignment(neighbourhood=shift.neighbourhood, shift=shift.id, person=who))
        group.append(mine)
    mine.state, mine.asked_at, mine.answered_at = AssignmentState.INVITED, ctx.now, None
    text = Text(
        "stand_in.ask",
        neighbourhood=ctx.here.name,
        line=company.round_line(ctx, shift, group, who),
    )
    content = Message(text, choices=rosters.YES_NO)
    ctx.ask(who, content, "stand_in", repeatable=True, expires=company.until(ctx, shift.ends), thread=shift)


# --- in which order --------------------------------------------------------------------------------------------------


def reserves(ctx: Context, shift: Shift, group: Sequence[Assignment]) -> list[PersonId]:
    """Return who can be asked and was not yet: those with fewest shifts first, who would miss his rest last.

    Left out are those who walk it or said that they cannot: of this shift, in their answer, by an absence or a wish
    not to walk with one who does.
    """
    there = {one.person for one in group if one.walks or one.state in _SAID_NO or one.state is AssignmentState.INVITED}
    people = [one.id for one in ctx.members(Role.PATROLLER) if one.id not in there]
    people = _able(ctx, shift, group, people)
    others = _others(ctx, shift)
    counts = Counter(one.person for own in others.values() for one in own if one.told and one.walks)
    tired, busy = _tired(ctx, shift, people)
    free = [one for one in people if one not in busy]
    return sorted(free, key=lambda one: (one in tired, counts[one], one))


def _able(ctx: Context, shift: Shift, group: Sequence[Assignment], people: Sequence[PersonId]) -> list[PersonId]:
    absences = ctx.records.find(Absence, Absence.__table__.c.person.in_(people), Absence.__table__.c.last >= shift.day)
    away = {one.person for one in absences if one.covers(shift.local_day)}
    answers = ctx.records.find(Availability, roster=shift.roster)
    cannot = {one.person for one in answers if one.answered_at is not None and shift.id not in one.able}
    walking = set(company.walkers(group))
    wishes = ctx.records.find(Preference, neighbourhood=shift.neighbourhood)
    apart = {one.person for one in wishes if walking & set(one.not_with)}
    apart |= {PersonId(other) for one in wishes if one.person in walking for other in one.not_with}
    return [one for one in people if one not in away | cannot | apart]


def _others(ctx: Context, shift: Shift) -> dict[int, list[Assignment]]:
    """Return how everybody stands to the shifts of the same roster."""
    columns = Shift.__table__.c
    shifts = ctx.records.find(Shift, columns.state != ShiftState.CANCELLED, roster=shift.roster)
    return rosters.assignments_of(ctx, shifts)


def _tired(ctx: Context, shift: Shift, people: Sequence[PersonId]) -> tuple[set[PersonId], set[PersonId]]:
    """Return who has another shift within his rest, and who has one at the same time."""
    rest = ctx.settings(Settings).rest
    columns = Shift.__table__.c
    near = ctx.records.find(
        Shift,
        columns.id != shift.id,
        columns.state != ShiftState.CANCELLED,
        columns.ends > shift.starts - rest,
        columns.starts < shift.ends + rest,
    )
    table = Assignment.__table__.c
    own = ctx.records.find(
        Assignment,
        table.shift.in_([one.id for one in near]),
        table.person.in_(people),
        table.state.in_(WALKING),
    )
    at_once = {one.id for one in near if one.starts < shift.ends and one.ends > shift.starts}
    return {one.person for one in own}, {one.person for one in own if one.shift in at_once}


# --- answers ---------------------------------------------------------------------------------------------------------


@answer("stand_in")
def answered(ctx: Context, said: Answer) -> None:
    """One who was asked says yes or no."""
    shift = ctx.records.get(Shift, said.thread)
    if shift is None:
        raise Refusal(Text("stand_in.over"))
    here = rosters.home(ctx, shift.neighbourhood)
    group = rosters.assignments_of(here, [shift])[shift.id]
    mine = company.own(group, ctx.person.id)
    if said.value != "yes":
        if mine is not None and mine.state is AssignmentState.INVITED:
            mine.state, mine.answered_at = AssignmentState.DECLINED, ctx.now
        here.reply(Text("stand_in.thanks"), thread=shift)
        return
    if ctx.person.id in company.walkers(group):
        here.reply(Text("signup.already", at=local(here, shift.starts)), thread=shift)
        return
    is_over = shift.state is ShiftState.CANCELLED or shift.ends <= ctx.now
    if is_over or not here.has(Role.PATROLLER):
        raise Refusal(Text("stand_in.over"))
    if not company.missing(shift, group):
        here.reply(Text("stand_in.filled", at=local(here, shift.starts)), thread=shift)
        return
    take_place(here, shift, group)


def take_place(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    """Let the one who said yes walk: he, his partners, whom he stands in for and who plans are told by whom.

    Raises `Refusal` when he is away then.
    """
    who = ctx.person.id
    if company.is_away(ctx, shift, who):
        raise Refusal(Text("stand_in.away"))
    mine = changing.put_on(ctx, shift, group, who)
    mine.state, mine.answered_at, mine.told, mine.listed = AssignmentState.CONFIRMED, ctx.now, True, True
    shift.sequence, shift.changed_at = shift.sequence + 1, ctx.now
    entries = agenda.own_entries(ctx, ctx.person, [(shift, group)], ctx.people([one.person for one in group]))
    done = Text("signup.done", line=own_line(ctx, shift, group, who))
    ctx.reply(Message(done, attachments=(agenda.file_of(ctx, ctx.person, entries),)), thread=shift)
    met = Text("signup.partner", who=ctx.name_of(who), at=local(ctx, shift.starts))
    planners = company.planners(ctx, who)
    told = [one for one in company.partners(group, who) if one not in planners]
    company.tell(ctx, told, met, shift)
    line = planned_line(ctx, shift, company.walkers(group))
    mine.instead_of = _gone(group)
    letter = Text("stand_in.planner", who=ctx.name_of(who), line=line)
    if mine.instead_of is not None:
        letter = Text("stand_in.planner.for", who=ctx.name_of(who), gone=ctx.name_of(mine.instead_of), line=line)
    company.tell(ctx, planners, letter, shift)
    joined(ctx, shift, group, mine)


def joined(ctx: Context, shift: Shift, group: Sequence[Assignment], mine: Assignment) -> None:
    """Tell whom a new walker stands in for, and, once there are enough, those who were asked and did not answer."""
    if mine.instead_of is None:
        mine.instead_of = _gone(group)
    at = local(ctx, shift.starts)
    if mine.instead_of is not None:
        gone = Text("stand_in.gone", who=ctx.name_of(mine.person), at=at)
        company.tell(ctx, [mine.instead_of], gone, shift, held=True)
    if company.missing(shift, group):
        return
    stop(ctx, shift)
    waiting = [one for one in group if one.state is AssignmentState.INVITED]
    company.tell(ctx, [one.person for one in waiting], Text("stand_in.filled", at=at), shift, held=True)
    for one in waiting:
        one.state = AssignmentState.CANCELLED  # a later search may ask him again


def _gone(group: Sequence[Assignment]) -> PersonId | None:
    """Return who cannot come, was told that he walks, and has nobody in his place yet."""
    replaced = {one.instead_of for one in group if one.walks}
    gone = [one for one in group if one.listed and one.state in _SAID_NO and one.person not in replaced]
    return gone[-1].person if gone else None
