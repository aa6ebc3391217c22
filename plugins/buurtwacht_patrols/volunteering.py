"""What a walker says by himself about days: that he cannot walk (`verhinderd 12 mei`), or that he can after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from buurtwacht import Context, Lines, Refusal, Text
from buurtwacht_patrols import asking, cancelling, rosters, signup, wishes
from buurtwacht_patrols.days import Span
from buurtwacht_patrols.excuses import Excuse, read_excuse
from buurtwacht_patrols.records import Absence, Assignment, AssignmentState, Availability, Roster, Shift
from buurtwacht_patrols.wording import shift_line

_DAY = timedelta(days=1)


# --- unable ----------------------------------------------------------------------------------------------------------


def unable(ctx: Context, when: str = "") -> None:
    """Take him off the shift he means; else it is his answer to what he is being asked, else an absence."""
    said = f"verhinderd {when}".strip()
    excuse = read_excuse(said, ctx.now.date())
    mine = cancelling.coming(ctx, ctx.person.id)
    meant = cancelling.meant_by(ctx, mine, excuse) if excuse is not None else []
    asked = asking.waiting_for(ctx, ctx.person.id)
    if meant and excuse is not None and not _is_long(excuse):
        if excuse.is_dated or asked is None:
            cancelling.cannot(ctx, said)
        else:
            cancelling.one_of(ctx, mine, sure=False)
    elif not meant and asked is not None and _is_about(ctx, asked, excuse):
        asking.take(rosters.home(ctx, asked.neighbourhood), asked, said)
    else:
        wishes.away(ctx, when)


def _is_long(excuse: Excuse) -> bool:
    """Whether it names days in a row: then he is away on those without a shift as well."""
    return any(one.first < one.last for one in excuse.days)


def _is_about(ctx: Context, asked: Roster, excuse: Excuse | None) -> bool:
    """Whether an excuse can be about a roster that he is being asked about: it names no days, or days of that."""
    if excuse is None or not excuse.days:
        return True
    days = {one.local_day for one in rosters.shifts_of(ctx, [asked])}
    return any(one.first <= day <= one.last for one in excuse.days for day in days)


# --- available -------------------------------------------------------------------------------------------------------


def available(ctx: Context, when: str = "") -> None:
    """Write down that he can walk on some days: his answer to what he is being asked, else for stand-ins.

    Places that are open then are named; without a day they are offered.
    """
    asked = asking.waiting_for(ctx, ctx.person.id)
    if asked is not None:
        asking.take(rosters.home(ctx, asked.neighbourhood), asked, f"beschikbaar {when}".strip())
        return
    if not when:
        signup.sign_up(ctx)
        return
    spans = wishes.read_spans(ctx, when)
    if not spans:
        raise Refusal(Text("available.when"))
    _come_back(ctx, spans)
    shifts = [
        one
        for one in rosters.shifts_of(ctx, rosters.published(ctx))
        if one.starts > ctx.now and any(span.first <= one.local_day <= span.last for span in spans)
    ]
    _can_walk(ctx, shifts)
    ctx.reply(Text("available.noted", days=wishes.days_of(spans), more=_what_there_is(ctx, shifts)))


def _come_back(ctx: Context, spans: Sequence[Span]) -> None:
    """Take these days out of his absences; what lies before and after stays."""
    first = min(one.first for one in spans).isoformat()
    later = Absence.__table__.c.last >= first
    for absence in ctx.records.find(Absence, later, person=ctx.person.id, neighbourhood=ctx.here.id):
        days = Span(date.fromisoformat(absence.first), date.fromisoformat(absence.last))
        left = [days]
        for span in spans:
            left = [part for one in left for part in _without(one, span)]
        if left == [days]:
            continue
        ctx.records.remove(absence)
        for one in left:
            kept = Absence(
                neighbourhood=ctx.here.id,
                person=ctx.person.id,
                first=one.first.isoformat(),
                last=one.last.isoformat(),
            )
            ctx.records.add(kept)


def _without(days: Span, gone: Span) -> list[Span]:
    before = Span(days.first, min(days.last, gone.first - _DAY))
    after = Span(max(days.first, gone.last + _DAY), days.last)
    return list(dict.fromkeys(one for one in (before, after) if one.first <= one.last))


def _can_walk(ctx: Context, shifts: Sequence[Shift]) -> None:
    """Change what he answered before; who never answered can be asked as a stand-in anyway."""
    places = Availability.__table__.c
    asked = {one.roster for one in shifts}
    for answer in ctx.records.find(Availability, places.roster.in_(asked), person=ctx.person.id):
        if answer.answered_at is not None:
            more = [one.id for one in shifts if one.roster == answer.roster and one.id not in answer.able]
            answer.able = [*answer.able, *more]


def _what_there_is(ctx: Context, shifts: Sequence[Shift]) -> Text:
    """Return what the days he named bring: his own shifts, open places, or a question when a stand-in is needed."""
    if not shifts:
        return Text("available.no_shift")
    groups = rosters.assignments_of(ctx, shifts)
    others = [one for one in shifts if ctx.person.id not in rosters.walkers_of(groups[one.id])]
    if not others:
        return Text("available.own", lines=_lines(ctx, shifts))
    if room := [one for one in others if signup.has_room(one, groups[one.id])]:
        return Text("available.open", lines=_lines(ctx, room))
    return Text("available.full" if all(_declined(ctx, groups[one.id]) for one in others) else "available.reserve")


def _declined(ctx: Context, group: Sequence[Assignment]) -> bool:
    """Whether he said no to this very shift: then he is not asked again."""
    return any(one.person == ctx.person.id and one.state is AssignmentState.DECLINED for one in group)


def _lines(ctx: Context, shifts: Sequence[Shift]) -> Lines:
    return Lines(*(shift_line(ctx, one) for one in shifts))
