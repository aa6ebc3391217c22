"""Changing a plan: who takes whose place, who is locked, who is added or taken off; told only when it is published."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import Context, Lines, Person, PersonId, Refusal, Text, fold
from buurtwacht_patrols import naming, rosters
from buurtwacht_patrols.naming import Named
from buurtwacht_patrols.records import (
    WALKING,
    Absence,
    Assignment,
    AssignmentState,
    Availability,
    Roster,
    RosterState,
    Shift,
    ShiftState,
)
from buurtwacht_patrols.settings import Settings
from buurtwacht_patrols.wording import planned_line

_NOBODY = frozenset(("open", "niemand", "nobody"))


def swap(ctx: Context, what: str) -> None:
    """Put the second walker in the place of the first: "12 mei Henk Riet" (R36)."""
    found = naming.named_shifts(ctx, what)
    people = naming.walkers(ctx, found)
    first, _, rest = found[0].rest.partition(" ")
    if fold(first) in _NOBODY and rest:
        _add(ctx, naming.only(ctx, found), naming.one_of(people, rest))
        return
    out, into = naming.two_of(people, found[0].rest)
    there = [one for one in found if walks(one.group, out.id)]
    if not there:
        raise Refusal(Text("change.not_there", who=ctx.name_of(out)))
    named = naming.only(ctx, there)
    _check(named.group, into)
    _replace(ctx, named, out.id, into.id)
    _say(ctx, "change.swapped", [named], _remarks(ctx, named, into))


def exchange(ctx: Context, what: str) -> None:
    """Let two walkers trade shifts: "12 mei Henk 15 mei Riet"."""
    found = naming.named_shifts(ctx, what)
    words = found[0].rest.split()
    cut = next((place for place in range(1, len(words)) if _begins_with_day(ctx, words[place:])), None)
    if cut is None:
        raise Refusal(Text("change.exchange"))
    others = naming.named_shifts(ctx, " ".join(words[cut:]))
    people = naming.walkers(ctx, [*found, *others])
    one, other = naming.one_of(people, _name(words[:cut])), naming.one_of(people, others[0].rest)
    first = naming.only(ctx, [own for own in found if walks(own.group, one.id)] or _absent(ctx, one))
    second = naming.only(ctx, [own for own in others if walks(own.group, other.id)] or _absent(ctx, other))
    _check(first.group, other)
    _check(second.group, one)
    _replace(ctx, first, one.id, other.id)
    _replace(ctx, second, other.id, one.id)
    remarks = [*_remarks(ctx, first, other), *_remarks(ctx, second, one)]
    _say(ctx, "change.swapped", [first, second], remarks)


def _name(words: Sequence[str]) -> str:
    return " ".join(word for word in words if fold(word) not in ("met", "en", "with", "and", "tegen", "for"))


def _begins_with_day(ctx: Context, words: Sequence[str]) -> bool:
    return words[0][:1].isdigit() and naming.read_moment(" ".join(words), ctx.now.date()) is not None


def _absent(ctx: Context, who: Person) -> list[Named]:
    raise Refusal(Text("change.not_there", who=ctx.name_of(who)))


def add(ctx: Context, what: str) -> None:
    """Put a walker on an open place: "12 mei Riet"."""
    found = naming.named_shifts(ctx, what)
    who = naming.one_of(naming.walkers(ctx, found), found[0].rest)
    _add(ctx, naming.only(ctx, found), who)


def _add(ctx: Context, named: Named, who: Person) -> None:
    _check(named.group, who)
    if len(rosters.walkers_of(named.group)) >= max(named.shift.most, named.shift.fewest):
        raise Refusal(Text("change.full", most=named.shift.most))
    put_on(ctx, named.shift, named.group, who.id)
    _say(ctx, "change.added", [named], _remarks(ctx, named, who))


def take_off(ctx: Context, what: str) -> None:
    """Take a walker off a shift; his place is open then."""
    named, who = _there(ctx, what)
    remove(ctx, named.group, who.id, AssignmentState.CANCELLED)
    _say(ctx, "change.taken_off", [named], [])


def lock(ctx: Context, what: str) -> None:
    """Lock a walker on a shift: a proposal that is made again leaves him there."""
    named, who = _there(ctx, what)
    _set_lock(named.group, who.id, locked=True)
    _say(ctx, "change.locked", [named], [])


def unlock(ctx: Context, what: str) -> None:
    """Unlock a walker."""
    named, who = _there(ctx, what)
    _set_lock(named.group, who.id, locked=False)
    _say(ctx, "change.unlocked", [named], [])


def _set_lock(group: Sequence[Assignment], who: PersonId, *, locked: bool) -> None:
    for one in group:
        if one.person == who:
            one.locked = locked


def _there(ctx: Context, what: str) -> tuple[Named, Person]:
    """Return the shift and the walker on it that a text names. Raises `Refusal` when he does not walk it."""
    found = naming.named_shifts(ctx, what)
    who = naming.one_of(naming.walkers(ctx, found), found[0].rest)
    there = [one for one in found if walks(one.group, who.id)]
    if not there:
        raise Refusal(Text("change.not_there", who=ctx.name_of(who)))
    return naming.only(ctx, there), who


def _check(group: Sequence[Assignment], who: Person) -> None:
    if walks(group, who.id):
        raise Refusal(Text("change.there_already", who=Context.name_of(who)))


# --- for whoever changes a plan --------------------------------------------------------------------------------------


def walks(group: Sequence[Assignment], who: PersonId) -> bool:
    """Whether somebody is planned on a shift."""
    return any(one.person == who and one.state in WALKING for one in group)


def put_on(ctx: Context, shift: Shift, group: list[Assignment], who: PersonId) -> Assignment:
    """Plan somebody on a shift; what he was told stays as it is. `group` is how everybody stands to it."""
    mine = next((one for one in group if one.person == who), None)
    if mine is None:
        mine = ctx.records.add(Assignment(neighbourhood=shift.neighbourhood, shift=shift.id, person=who))
        group.append(mine)
    mine.state = AssignmentState.PROPOSED
    return mine


def remove(ctx: Context, group: list[Assignment], who: PersonId, state: AssignmentState) -> None:
    """Plan somebody on a shift no more: `state` says why. Whom nobody ever told of it is forgotten."""
    for one in list(group):
        if one.person != who:
            continue
        one.locked = False
        one.state = state
        if not one.listed:
            ctx.records.remove(one)
            group.remove(one)


def _replace(ctx: Context, named: Named, out: PersonId, into: PersonId) -> None:
    remove(ctx, named.group, out, AssignmentState.SWAPPED_TO)
    put_on(ctx, named.shift, named.group, into)


# --- what is said ----------------------------------------------------------------------------------------------------


def _say(ctx: Context, key: str, changed: Sequence[Named], remarks: Sequence[Text]) -> None:
    lines = [planned_line(ctx, one.shift, rosters.walkers_of(one.group), _locked(one.group)) for one in changed]
    ctx.reply(Text(key, lines=Lines(*lines), remarks=Lines(*remarks) if remarks else None))


def _locked(group: Sequence[Assignment]) -> list[PersonId]:
    return [one.person for one in group if one.locked]


def _remarks(ctx: Context, named: Named, who: Person) -> list[Text]:
    """Return what a co-ordinator should know of somebody he puts on a shift; it is his to decide."""
    shift, found = named.shift, []
    absences = ctx.records.find(Absence, Absence.__table__.c.last >= shift.day, person=who.id)
    if any(one.covers(shift.local_day) for one in absences):
        found.append(Text("remark.away", who=ctx.name_of(who)))
    answered = ctx.records.first(Availability, roster=shift.roster, person=who.id)
    if answered is not None and answered.answered_at is None:
        found.append(Text("remark.silent", who=ctx.name_of(who)))
    elif answered is not None and shift.id not in answered.able:
        found.append(Text("remark.cannot", who=ctx.name_of(who)))
    rest = ctx.settings(Settings).rest
    own = [one.shift for one in ctx.records.find(Assignment, Assignment.__table__.c.state.in_(WALKING), person=who.id)]
    columns = Shift.__table__.c
    near = ctx.records.find(
        Shift,
        columns.id.in_(own),
        columns.id != shift.id,
        columns.state != ShiftState.CANCELLED,
        columns.ends > shift.starts - rest,
        columns.starts < shift.ends + rest,
    )
    if near:
        found.append(Text("remark.rest", who=ctx.name_of(who), hours=ctx.settings(Settings).rest_hours))
    if _third_time(ctx, named):
        found.append(Text("remark.third_time"))
    return found


def _third_time(ctx: Context, named: Named) -> bool:
    """Whether two on this shift now walk three in a row together."""
    roster = ctx.records.get(Roster, named.shift.roster)
    if roster is None or roster.state is RosterState.WITHDRAWN:
        return False
    shifts = rosters.shifts_of(ctx, [roster])
    groups = {shift: set(people) for shift, people in rosters.walking(ctx, shifts).items()}
    groups[named.shift.id] = set(rosters.walkers_of(named.group))
    row = [groups[one.id] for one in shifts]
    return any(len(row[place] & row[place + 1] & row[place + 2]) >= 2 for place in range(len(row) - 2))
