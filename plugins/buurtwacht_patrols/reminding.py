"""Reminding walkers of a shift: three days and a day before with a question, an hour before, and at the start (R37)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from buurtwacht import Choice, Context, Lines, Message, Person, PersonId, Text
from buurtwacht_patrols import company, rosters, rounds
from buurtwacht_patrols.records import Assignment, AssignmentState, Shift, ShiftState
from buurtwacht_patrols.wording import local

COME = (Choice("come", Text("remind.come")), Choice("cannot", Text("remind.cannot")))
#: Two shifts of one day share one reminder; those of three days and of one day before lie further apart.
_TOGETHER = timedelta(hours=20)
#: Who confirmed so lately is not reminded again (domain §2.8).
_JUST_CONFIRMED = timedelta(hours=6)
_AROUND = timedelta(hours=24)

Day = Sequence[tuple[Shift, list[Assignment]]]


@dataclass(frozen=True, slots=True)
class Known:
    """What reminders go by: the day of each shift, by its id, and the people who walk it."""

    days: Mapping[int, Day]
    people: Mapping[int, Person]


def before(ctx: Context, shift: Shift, known: Known, *, until: datetime | None, late: bool) -> datetime | None:
    """Remind the walkers of a shift that is among the known, days before; who has not confirmed is asked.

    Returns when those wake who are asleep. Without `until` nobody is waited for; nobody is reminded after it.
    """
    day = known.days[shift.id]
    group = next(group for one, group in day if one.id == shift.id)
    wanted = [one for one in group if one.told and one.walks and not _left_in_peace(ctx, one)]
    asleep = company.asleep(ctx, [one.person for one in wanted], known.people) if until is not None else {}
    awake = [one for one in wanted if one.person not in asleep]
    again = [one.person for one in awake if one.asked_at is not None]
    asked: dict[PersonId, Message] = {}
    told: dict[PersonId, Text] = {}
    for one in awake:
        mine = [(other, own) for other, own in day if _walks(own, one.person)]
        sure = all(_state(own, one.person) is AssignmentState.CONFIRMED for _, own in mine)
        text = _letter(ctx, "remind.told" if sure else "remind.ask", mine, one.person, late=late)
        if sure:
            told[one.person] = text
        else:
            asked[one.person] = Message(text, choices=COME)
        _write_down(ctx, mine, one.person, asked=not sure)
    for who in again:
        ctx.close_questions(thread=shift, who=who, for_good=False)  # a word answers the newest reminder alone
    if asked:
        ctx.ask_each(asked, "reminder", repeatable=True, expires=company.until(ctx, shift.starts), thread=shift)
    if told:
        ctx.send_each(told, thread=shift)
    return min((one for one in asleep.values() if until is not None and one < until), default=None)


def at_its_time(ctx: Context, shift: Shift, group: list[Assignment], *, starts: bool, late: bool) -> None:
    """Remind the walkers an hour before, or at the start: whatever they answered, and without asking again.

    Who checked in early has begun already.
    """
    arrived = rounds.check_ins(ctx, shift)
    key = "remind.start" if starts else "remind.hour"
    letters = {
        # Who walks with nobody reads not to walk alone, and nothing about how to begin.
        one: _letter(ctx, key if company.partners(group, one) else f"{key}.alone", [(shift, group)], one, late=late)
        for one in company.walkers(group)
        if one not in arrived
    }
    ctx.send_each(letters, thread=shift)
    for one in group:
        if one.person in letters:
            one.reminded_at = ctx.now


def report_dropped(ctx: Context, shift: Shift) -> None:
    """Tell who plans that reminders were not sent: the shift had begun when we came back (R38)."""
    letter = Text("remind.dropped", short=shift.short, at=local(ctx, shift.starts))
    company.tell(ctx, company.planners(ctx), letter, shift)


def _left_in_peace(ctx: Context, one: Assignment) -> bool:
    """Whether somebody was reminded of another shift that day, or has only just said that he comes."""
    if one.reminded_at is not None and ctx.now - one.reminded_at < _TOGETHER:
        return True
    confirmed = one.state is AssignmentState.CONFIRMED and one.answered_at is not None
    return confirmed and one.answered_at is not None and ctx.now - one.answered_at < _JUST_CONFIRMED


def read_for(ctx: Context, shifts: Collection[Shift]) -> Known:
    """Read what the reminders of these shifts go by, for all of them at once."""
    days = days_of(ctx, shifts)
    walkers = {one.person for shift in shifts for _, group in days[shift.id] for one in group if one.told and one.walks}
    return Known(days, ctx.people(walkers))


def days_of(ctx: Context, shifts: Collection[Shift]) -> dict[int, Day]:
    """Return by shift the shifts of its day that are still to come, itself among them; whatever the neighbourhoods."""
    if not shifts:
        return {}
    columns = Shift.__table__.c
    near = ctx.records.find(
        Shift,
        columns.neighbourhood.in_({one.neighbourhood for one in shifts}),
        columns.starts > max(ctx.now, min(one.starts for one in shifts) - _AROUND),
        columns.starts < max(one.starts for one in shifts) + _AROUND,
        columns.day.in_({one.day for one in shifts}),
        state=ShiftState.PLANNED,
    )
    groups = rosters.assignments_of(ctx, {one.id: one for one in (*shifts, *near)}.values())
    days: dict[tuple[int, str], list[Shift]] = {}
    for one in near:
        days.setdefault((one.neighbourhood, one.day), []).append(one)
    found: dict[int, Day] = {}
    for shift in shifts:
        others = [one for one in days.get((shift.neighbourhood, shift.day), ()) if one.id != shift.id]
        day = sorted((shift, *others), key=lambda one: (one.starts, one.id))
        found[shift.id] = [(one, groups[one.id]) for one in day]
    return found


def _walks(group: Sequence[Assignment], who: PersonId) -> bool:
    return who in company.walkers(group)


def _state(group: Sequence[Assignment], who: PersonId) -> AssignmentState | None:
    mine = company.own(group, who)
    return mine.state if mine is not None else None


def _write_down(ctx: Context, mine: Day, who: PersonId, *, asked: bool) -> None:
    for _, group in mine:
        for one in group:
            if one.person == who:
                one.reminded_at = ctx.now
                one.asked_at = ctx.now if asked else one.asked_at


def _letter(ctx: Context, key: str, mine: Day, reader: PersonId, *, late: bool) -> Text:
    days = (mine[0][0].local_day - ctx.now.date()).days
    return Text(
        key,
        neighbourhood=ctx.here.name,
        when=Text("remind.today") if days <= 0 else Text("remind.days", count=days),
        lines=Lines(
            *(company.round_line(ctx, shift, group, reader) for shift, group in mine),
            Text("remind.late") if late else None,
        ),
    )
