"""Publishing: each walker is told once what concerns him, and only that; and a roster that is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from buurtwacht import Context, Lines, Message, Person, PersonId, Refusal, Text
from buurtwacht_patrols import agenda, rosters, stand_ins, steps
from buurtwacht_patrols.records import (
    WALKING,
    Assignment,
    AssignmentState,
    Availability,
    Roster,
    RosterState,
    Shift,
    ShiftState,
)
from buurtwacht_patrols.wording import heading, own_line, shift_line

#: Such a message reached nobody, and one that is queued still can be taken back.
_NOT_SENT = frozenset(("queued", "failed", "withdrawn"))


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be published: shifts that have not begun, with how everybody stands to them."""

    rosters: tuple[Roster, ...]
    shifts: tuple[Shift, ...]
    groups: Mapping[int, list[Assignment]]

    def changed(self) -> list[Shift]:
        """Return the shifts of which somebody was told something else than is planned now."""
        return [one for one in self.shifts if any(_differs(own) for own in self.groups[one.id])]

    def missing(self) -> int:
        """Return how many places are open."""
        return sum(max(0, one.fewest - len(rosters.walkers_of(self.groups[one.id]))) for one in self.shifts)


def _differs(one: Assignment) -> bool:
    return one.told != (one.state in WALKING)


def plan(ctx: Context) -> Plan:
    """Return what can be published here."""
    planned = rosters.in_planning(ctx)
    proposed = [planned] if planned is not None and planned.state is RosterState.PROPOSED else []
    found = (*rosters.published(ctx), *proposed)
    shifts = tuple(one for one in rosters.shifts_of(ctx, found) if one.starts > ctx.now)
    return Plan(found, shifts, rosters.assignments_of(ctx, shifts))


def publish(ctx: Context) -> None:
    """Tell every walker his own shifts, once; a second time tells only those for whom something changed."""
    made = plan(ctx)
    fresh = next((one for one in made.rosters if one.state is RosterState.PROPOSED), None)
    if not made.rosters:
        raise Refusal(Text("refused.no_proposal" if rosters.in_planning(ctx) else "refused.nothing_planned"))
    changed = made.changed()
    if not changed and fresh is None:
        ctx.reply(Text("publish.nothing"))
        return
    gone = _concerned(changed, made.groups)
    told_before = {one.person for group in made.groups.values() for one in group if one.told}
    _settle(ctx, changed, made.groups)
    if fresh is not None:
        fresh.state, fresh.published_at = RosterState.PUBLISHED, ctx.now
        steps.arm(ctx, [one for one in made.shifts if one.roster == fresh.id])
    people = ctx.people([*gone, *(one.person for group in made.groups.values() for one in group)])
    letters = {
        one: _letter(ctx, people[one], people, made, fallen, first=one not in told_before)
        for one, fallen in gone.items()
        if one in people
    }
    spare = _spare(ctx, fresh, letters) if fresh is not None else {}
    ctx.send_each({**letters, **spare}, thread=fresh or made.rosters[-1], held=True)
    ctx.note("roster_published", f"roster:{(fresh or made.rosters[-1]).id}", walkers=len(letters), shifts=len(changed))
    missing = made.missing()
    left = Text("publish.open", count=missing) if missing else None
    ctx.reply(Text("publish.done" if letters else "publish.empty", count=len(letters), open=left))


def _concerned(changed: Sequence[Shift], groups: Mapping[int, list[Assignment]]) -> dict[PersonId, list[Shift]]:
    """Return for whom something changed, each with the shifts he walks no more."""
    found: dict[PersonId, list[Shift]] = {}
    for shift in changed:
        for one in groups[shift.id]:
            walks = one.state in WALKING
            if walks or one.told:
                fallen = found.setdefault(one.person, [])
                if one.told and not walks:
                    fallen.append(shift)
    return found


def _settle(ctx: Context, changed: Sequence[Shift], groups: Mapping[int, list[Assignment]]) -> None:
    """Write down what everybody is told from now on; calendars see a new version of what they showed before."""
    for shift in changed:
        if any(one.listed for one in groups[shift.id]):
            shift.sequence += 1
        shift.changed_at = ctx.now
        for one in groups[shift.id]:
            one.told = one.state in WALKING
            one.listed = one.listed or one.told


def _letter(
    ctx: Context, reader: Person, people: Mapping[int, Person], made: Plan, fallen: Sequence[Shift], *, first: bool
) -> Message:
    """Return the one message to one walker: his own shifts, what fell away, and the file for his calendar."""
    all_mine = [(one, made.groups[one.id]) for one in made.shifts]
    mine = [(one, group) for one, group in all_mine if any(own.told and own.person == reader.id for own in group)]
    entries = agenda.own_entries(ctx, reader, all_mine, people)
    lines: list[Text] = [own_line(ctx, shift, group, reader.id) for shift, group in mine] or [Text("published.none")]
    if fallen:
        lines.append(Text("published.fallen", lines=Lines(*(shift_line(ctx, one) for one in fallen))))
    key = "published" if first else "published.changed"
    text = Text(key, neighbourhood=ctx.here.name, lines=Lines(*lines))
    return Message(text, attachments=(agenda.file_of(ctx, reader, entries),) if entries else ())


def _spare(ctx: Context, roster: Roster, told: Mapping[PersonId, Message]) -> dict[PersonId, Text]:
    """Tell those who could walk and were not needed that the roster is there."""
    answers = ctx.records.find(Availability, roster=roster.id)
    return {
        one.person: Text("published.spare", neighbourhood=ctx.here.name, roster=heading(roster))
        for one in answers
        if one.able and one.person not in told
    }


# --- withdrawn -------------------------------------------------------------------------------------------------------


def withdraw(ctx: Context, which: str = "") -> None:
    """Withdraw the roster that is being planned, else the published one; those who were asked or walk are told."""
    planned = rosters.in_planning(ctx)
    found = [planned] if planned is not None else rosters.published(ctx)
    if len(found) > 1 and which.strip():
        wanted = which.strip()
        found = [one for one in found if wanted in (str(place) for place, own in enumerate(found, 1) if own is one)]
    if not found:
        raise Refusal(Text("refused.nothing_to_withdraw"))
    if len(found) > 1:
        lines = Lines(*(Text("withdraw.line", number=place, roster=heading(one)) for place, one in enumerate(found, 1)))
        raise Refusal(Text("withdraw.which", lines=lines))
    _withdraw(ctx, found[0])


def _withdraw(ctx: Context, roster: Roster) -> None:
    shifts = [one for one in rosters.shifts_of(ctx, [roster]) if one.starts > ctx.now]
    groups = rosters.assignments_of(ctx, shifts)
    fallen: dict[PersonId, list[Shift]] = {}
    asked = [] if roster.state is RosterState.PUBLISHED else ctx.records.find(Availability, roster=roster.id)
    for shift in shifts:
        shift.state, shift.changed_at, shift.sequence = ShiftState.CANCELLED, ctx.now, shift.sequence + 1
        for one in groups[shift.id]:
            if one.told:
                fallen.setdefault(one.person, []).append(shift)
            one.state, one.told = AssignmentState.CANCELLED, False
    steps.disarm(ctx, shifts)
    stand_ins.stop(ctx, *shifts)
    only_asked = _take_back(ctx, roster, [one.person for one in asked])
    roster.state = RosterState.WITHDRAWN
    for key in ("close", "remind"):
        ctx.cancel(f"{key}:{roster.id}")
    ctx.close_questions(thread=roster)
    people = ctx.people([*fallen])
    off = Text("withdrawn.asked", roster=heading(roster), neighbourhood=ctx.here.name)
    letters: dict[PersonId, Text | Message] = {who: off for who, heard in only_asked.items() if heard}
    for who, gone in fallen.items():
        if who in people and who not in only_asked:
            letters[who] = _farewell(ctx, people[who], roster, gone, groups)
    ctx.send_each(letters, thread=roster, held=True)
    ctx.note("roster_withdrawn", f"roster:{roster.id}", walkers=len(letters))
    ctx.reply(Text("withdraw.done", roster=heading(roster), count=len(letters)))


def _take_back(ctx: Context, roster: Roster, asked: Sequence[PersonId]) -> dict[PersonId, bool]:
    """Take back what was not sent yet; return those who read no shifts of theirs, and whether they heard of it at all.

    Who was neither asked nor sent anything, since he sleeps, hears nothing of a roster that is no more.
    """
    heard = {one.person for one in ctx.reached(roster) if one.state not in _NOT_SENT}
    if roster.state is not RosterState.PUBLISHED:
        ctx.withdraw(thread=roster)
        return {one: one in heard for one in asked if one != ctx.person.id}
    if len(rosters.published(ctx)) > 1:
        # A letter may tell of shifts of the other roster too.
        return {}
    since = ctx.reached(roster, roster.published_at)
    ctx.withdraw(thread=roster)
    return {one.person: one.person in heard for one in since if one.state in _NOT_SENT}


def _farewell(
    ctx: Context, reader: Person, roster: Roster, gone: Sequence[Shift], groups: Mapping[int, list[Assignment]]
) -> Message:
    entries = agenda.own_entries(ctx, reader, [(one, groups[one.id]) for one in gone], {})
    lines = Lines(*(shift_line(ctx, one) for one in gone))
    text = Text("withdrawn", roster=heading(roster), neighbourhood=ctx.here.name, lines=lines)
    return Message(text, attachments=(agenda.file_of(ctx, reader, entries),))
