"""Availability: walkers are asked when they can, reminded once, understood or asked back (R35)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from buurtwacht import Answer, Choice, Context, Lines, Message, PersonId, Refusal, Role, Text, answer, timer
from buurtwacht_patrols import proposing, rosters
from buurtwacht_patrols.availability import Able, Offer, Unclear, Why, read_answer
from buurtwacht_patrols.records import Absence, Availability, Preference, Roster, RosterState, Shift
from buurtwacht_patrols.settings import Settings
from buurtwacht_patrols.wording import heading, shift_line

_DAY = timedelta(days=1)


def deadline_of(ctx: Context) -> datetime:
    """Return until when walkers answer who are asked now: the same wall time, some days on."""
    return ctx.now + timedelta(days=ctx.settings(Settings).answer_days)


def begin(ctx: Context, roster: Roster) -> None:
    """Ask all patrollers at once when they can; tell the co-ordinator."""
    shifts = rosters.shifts_of(ctx, [roster])
    if not shifts or shifts[0].starts <= ctx.now:
        raise Refusal(Text("refused.draft_gone"))
    people = [one.id for one in ctx.members(Role.PATROLLER)]
    deadline = deadline_of(ctx)
    roster.state, roster.deadline = RosterState.ASKING, deadline
    for one in people:
        ctx.records.add(Availability(roster=roster.id, person=one, able=[]))
    ctx.ask_all(
        people,
        Message(_question(ctx, "availability.ask", roster, shifts)),
        "availability",
        payload={"roster": roster.id},
        repeatable=True,
        expires=_until(ctx, deadline),
        thread=roster,
        held=True,
        numbered=len(shifts),
    )
    ctx.later(deadline, closes, roster.id, key=f"close:{roster.id}")
    ctx.later(deadline - _DAY, reminds, roster.id, key=f"remind:{roster.id}")
    ctx.note("roster_asked", f"roster:{roster.id}", shifts=len(shifts), walkers=len(people))
    ctx.reply(Text("asked", count=len(people), deadline=deadline), thread=roster)


def _until(ctx: Context, moment: datetime) -> timedelta:
    """Return the time that really passes until a local moment, whatever the clocks do."""
    return moment.astimezone(UTC) - ctx.now.astimezone(UTC)


def _question(ctx: Context, key: str, roster: Roster, shifts: list[Shift]) -> Text:
    lines = Lines(*(shift_line(ctx, one, numbered=True) for one in shifts))
    minutes = round((shifts[0].ends - shifts[0].starts).total_seconds() / 60)
    return Text(
        key, roster=heading(roster), neighbourhood=ctx.here.name, lines=lines, minutes=minutes, deadline=roster.deadline
    )


@timer("remind")
def reminds(ctx: Context, roster: int) -> None:
    """Remind the silent once, a day before the end; not in the neighbourhood's quiet hours."""
    asked = ctx.records.get(Roster, roster)
    if asked is None or asked.state is not RosterState.ASKING or asked.deadline is None:
        return
    until = ctx.here.quiet_until(None, ctx.now)
    if until is not None and until < asked.deadline:
        ctx.later(until, reminds, roster, key=f"remind:{roster}")
        return
    silent = [one.person for one in ctx.records.find(Availability, roster=roster, answered_at=None)]
    shifts = rosters.shifts_of(ctx, [asked])
    ctx.ask_again(silent, Message(_question(ctx, "availability.remind", asked, shifts)), "availability", thread=asked)


@timer("close")
def closes(ctx: Context, roster: int) -> None:
    """The time to answer is over: who planned it gets a proposal (R36)."""
    asked = ctx.records.get(Roster, roster)
    if asked is not None and asked.state is RosterState.ASKING:
        proposing.propose(ctx, asked)


# --- answers ---------------------------------------------------------------------------------------------------------


@answer("availability")
def said(ctx: Context, given: Answer) -> None:
    """A walker answered when he can."""
    roster = ctx.records.get(Roster, given.thread or int(given.payload.get("roster", 0)))
    if roster is None:
        raise Refusal(Text("availability.closed"))
    take(rosters.home(ctx, roster.neighbourhood), roster, given.text)


def take(ctx: Context, roster: Roster, text: str) -> None:
    """Write down an answer and repeat what was understood, or ask back. Raises `Refusal` once it is too late."""
    mine = ctx.records.first(Availability, roster=roster.id, person=ctx.person.id)
    if mine is None or roster.state is not RosterState.ASKING:
        raise Refusal(Text("availability.closed"))
    shifts = rosters.shifts_of(ctx, [roster])
    read = read_answer(text, offers_of(shifts), ctx.now.date())
    if isinstance(read, Unclear):
        ctx.reply(Text("availability.unclear", why=_why(read)), thread=roster)
        return
    able, away = _wished(ctx, shifts, read)
    others = ctx.records.find(Availability, roster=roster.id, answered_at=None)
    last = mine.answered_at is None and [one.person for one in others] == [ctx.person.id]
    mine.able, mine.answered_at = [one.id for one in able], ctx.now
    key = "availability.all" if len(able) == len(shifts) else "availability.some" if able else "availability.none"
    lines = Lines(*(shift_line(ctx, one, numbered=True) for one in able))
    without = Text("availability.away", count=len(away)) if away else None
    ctx.reply(Text(key, count=len(able), lines=lines, away=without, deadline=roster.deadline), thread=roster)
    if last:
        _all_answered(ctx, roster)


def offers_of(shifts: list[Shift]) -> list[Offer]:
    """Return the shifts as walkers answer to them."""
    return [Offer(one.place, one.local_day, one.local_time) for one in shifts]


def _wished(ctx: Context, shifts: list[Shift], read: Able) -> tuple[list[Shift], list[Shift]]:
    """Return the shifts that somebody can walk, and those left out since he is away then.

    The weekdays he prefers narrow what he did not name: who says that he can on the twelfth can then.
    """
    absences = ctx.records.find(Absence, Absence.__table__.c.last >= shifts[0].day, person=ctx.person.id)
    wish = ctx.records.first(Preference, neighbourhood=ctx.here.id, person=ctx.person.id)
    weekdays = wish.weekdays if wish is not None and wish.weekdays else range(7)
    able = [
        one
        for one in shifts
        if one.place in read.named or (one.place in read.places and one.local_day.weekday() in weekdays)
    ]
    away = [one for one in able if any(absence.covers(one.local_day) for absence in absences)]
    return [one for one in able if one not in away], away


def _why(unclear: Unclear) -> Text:
    if unclear.why in (Why.WRONG_WEEKDAY, Why.NO_SHIFT_THEN) and unclear.said[:1].isdigit() and "-" in unclear.said:
        return Text(f"unclear.{unclear.why.value}", day=date.fromisoformat(unclear.said))
    if unclear.why is Why.NO_SHIFT_THEN:
        return Text("unclear.no_shift_named")
    return Text(f"unclear.{unclear.why.value}", said=unclear.said)


def _all_answered(ctx: Context, roster: Roster) -> None:
    """Everybody answered: who planned it need not wait."""
    text = Text("all_answered", roster=heading(roster))
    question = Message(text, choices=(Choice("now", Text("propose.now")),))
    ctx.ask_all(
        rosters.planners(ctx, roster.owner), question, "propose.now", payload={"roster": roster.id}, thread=roster
    )


@answer("propose.now")
def at_once(ctx: Context, given: Answer) -> None:
    """The co-ordinator does not wait for the deadline."""
    roster = ctx.records.get(Roster, int(given.payload.get("roster", 0)))
    if roster is None or roster.state not in (RosterState.ASKING, RosterState.PROPOSED):
        raise Refusal(Text("refused.nothing_planned"))
    if given.value == "wait":
        ctx.reply(Text("propose.waits", deadline=roster.deadline))
        return
    here = rosters.home(ctx, roster.neighbourhood)
    if roster.state is RosterState.ASKING:
        proposing.propose(here, roster)
    else:
        proposing.show(here, roster)


def waiting_for(ctx: Context, person: PersonId, *states: RosterState) -> Roster | None:
    """Return the roster, of any neighbourhood of his, about which somebody is being asked, or was (`states`)."""
    mine = ctx.records.find(Availability, person=person, order=[Availability.__table__.c.id.desc()], limit=8)
    if not mine:
        return None
    ids = [one.roster for one in mine]
    columns = Roster.__table__.c
    wanted = columns.state.in_(states or (RosterState.ASKING,))
    return ctx.records.first(Roster, columns.id.in_(ids), wanted, order=[columns.deadline.desc()])
