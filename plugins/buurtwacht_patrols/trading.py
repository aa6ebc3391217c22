"""Trading: a walker asks another one to walk a shift for him, in return or not; or offers to take one over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from buurtwacht import CARETAKERS, Answer, Context, Lines, Message, Person, PersonId, Refusal, Role, Text, answer, fold
from buurtwacht_patrols import cancelling, changing, company, naming, rosters, signup
from buurtwacht_patrols.naming import Moment
from buurtwacht_patrols.records import Assignment, AssignmentState, Shift, ShiftState, SwapRequest, SwapState
from buurtwacht_patrols.wording import local, planned_line, shift_line

_SMALL = frozenset(("met", "with", "voor", "for", "van", "of", "tegen", "dienst", "shift", "mijn", "my", "op", "on"))
_WITH = frozenset(("met", "with"))
#: So long a request can be answered, if the shift does not begin before.
_OPEN = timedelta(days=3)


def trade(ctx: Context, what: str = "") -> None:
    """Ask another walker to walk a shift: "12 mei met Riet", or "12 mei met Riet voor 15 mei" in return for his."""
    moment = naming.read_moment(what, ctx.now.date()) if what else None
    mine = cancelling.coming(ctx, ctx.person.id)
    if not mine:
        raise Refusal(Text("cannot.none"))
    if moment is None:
        raise Refusal(Text("trade.which", lines=Lines(*(shift_line(ctx, shift) for shift, _ in mine))))
    shift, group = _on(mine, moment)
    name, back = _name_and_day(ctx, moment.rest)
    if not name:
        raise Refusal(Text("trade.with_whom", at=local(ctx, shift.starts)))
    other = _walker(rosters.home(ctx, shift.neighbourhood), name)
    if other.id == ctx.person.id or other.id in company.walkers(group):
        raise Refusal(Text("trade.there_already"))
    in_return = _on(cancelling.coming(ctx, other.id), back)[0] if back is not None else None
    _request(ctx, shift, ctx.person.id, other.id, in_return, offered=False)


def stand_in(ctx: Context, what: str = "") -> None:
    """Take an open place; with a name, offer to take that walker's place: "voor Henk 12 mei"."""
    words = what.split()
    names = [word for word in words[:1] if fold(word) in ("voor", "for")]
    if not names or len(words) < 2:
        signup.sign_up(ctx, what)
        return
    name, moment = _name_and_day(ctx, " ".join(words[1:]))
    if moment is None:
        raise Refusal(Text("trade.offer"))
    other = _walker(ctx, name)
    shift, group = _on(cancelling.coming(ctx, other.id), moment)
    if ctx.person.id in company.walkers(group):
        raise Refusal(Text("signup.already", at=local(ctx, shift.starts)))
    _request(ctx, shift, other.id, ctx.person.id, None, offered=True)


def _request(
    ctx: Context, shift: Shift, person: PersonId, other: PersonId, in_return: Shift | None, *, offered: bool
) -> None:
    made = ctx.records.add(
        SwapRequest(
            shift=shift.id,
            person=person,
            other=other,
            in_return=in_return.id if in_return is not None else None,
            offered=offered,
        )
    )
    asked = person if offered else other
    back = Text("trade.back", at=local(ctx, in_return.starts)) if in_return is not None else None
    key = "trade.offered" if offered else "trade.asked"
    text = Text(
        key,
        who=ctx.name_of(ctx.person),
        neighbourhood=ctx.neighbourhood_of(shift.neighbourhood).name,
        round=Lines(Text("trade.round", at=local(ctx, shift.starts), where=company.where(shift)), back),
    )
    expires = min(_OPEN, company.until(ctx, shift.starts))
    letter = {asked: Message(text, choices=rosters.YES_NO)}
    ctx.ask_each(letter, "trade", payload={"request": made.id}, expires=expires, thread=shift)
    ctx.reply(Text("trade.sent", at=local(ctx, shift.starts)), thread=shift)


def _on(shifts: Sequence[tuple[Shift, list[Assignment]]], moment: Moment) -> tuple[Shift, list[Assignment]]:
    found = [one for one in shifts if one[0].local_day == moment.day and moment.wall in (None, one[0].local_time)]
    if not found:
        raise Refusal(Text("trade.no_shift", day=moment.day))
    return found[0]


def _name_and_day(ctx: Context, text: str) -> tuple[str, Moment | None]:
    """Return the name and the day in "met Riet voor 15 mei"; either may be missing."""
    words = [word.strip(",.") for word in text.split()]
    words = [word for word in words if word and fold(word) not in _SMALL]
    for cut in range(len(words)):
        if words[cut][:1].isdigit() and (moment := naming.read_moment(" ".join(words[cut:]), ctx.now.date())):
            return " ".join(words[:cut]), moment
    return " ".join(words), None


def _walker(ctx: Context, name: str) -> Person:
    """Return the one walker of this name. Raises `Refusal`, which names nobody: members are not shown names."""
    fitting = naming.called(ctx.members(Role.PATROLLER), name)
    if not fitting:
        raise Refusal(Text("trade.unknown", name=name[:40]))
    if len(fitting) > 1:
        raise Refusal(Text("trade.two", name=name[:40]))
    return fitting[0]


# --- answers ---------------------------------------------------------------------------------------------------------


@answer("trade")
def answered(ctx: Context, said: Answer) -> None:
    """The one who was asked agrees or not; whoever asked hears it."""
    request = ctx.records.get(SwapRequest, int(said.payload["request"]))
    if request is None or request.state is not SwapState.OPEN:
        raise Refusal(Text("trade.over"))
    ids = [one for one in (request.shift, request.in_return) if one is not None]
    shifts = {one.id: one for one in ctx.records.find(Shift, Shift.__table__.c.id.in_(ids))}
    shift = shifts[request.shift]
    here = rosters.home(ctx, shift.neighbourhood)
    asker = request.other if request.offered else request.person
    if said.value != "yes":
        request.state = SwapState.REFUSED
        here.reply(Text("trade.kept"), thread=shift)
        company.tell(here, [asker], Text("trade.refused", at=local(here, shift.starts)), shift)
        return
    groups = rosters.assignments_of(here, list(shifts.values()))
    moves = [(shift, request.person, request.other)]
    if request.in_return is not None:
        moves.append((shifts[request.in_return], request.other, request.person))
    for one, out, into in moves:
        _check(here, one, groups[one.id], out, into)
    for one, out, into in moves:
        hand_over(here, one, groups[one.id], out, into)
    request.state = SwapState.ACCEPTED
    here.reply(Text("trade.done", lines=Lines(*(shift_line(here, one) for one, _, _ in moves))), thread=shift)
    lines = Lines(*(planned_line(here, one, company.walkers(groups[one.id])) for one, _, _ in moves))
    company.tell(
        here, [asker], Text("trade.agreed", lines=Lines(*(shift_line(here, one) for one, _, _ in moves))), shift
    )
    others = company.planners(here, request.person, request.other)
    company.tell(here, others, Text("trade.planner", lines=lines), shift)


def _check(ctx: Context, shift: Shift, group: Sequence[Assignment], out: PersonId, into: PersonId) -> None:
    walking = company.walkers(group)
    is_over = shift.state is not ShiftState.PLANNED or shift.starts <= ctx.now
    if is_over or out not in walking or into in walking:
        raise Refusal(Text("trade.over"))
    if company.is_away(ctx, shift, into):
        raise Refusal(Text("stand_in.away" if into == ctx.person.id else "trade.over"))


def hand_over(ctx: Context, shift: Shift, group: list[Assignment], out: PersonId, into: PersonId) -> None:
    """Let one walk for the other, as both agreed; those who walk with him are told."""
    others = [one for one in company.partners(group, out) if not ctx.has_person or one != ctx.person.id]
    changing.remove(ctx, group, out, AssignmentState.SWAPPED_TO)
    for one in group:
        if one.person == out:
            one.told, one.answered_at = False, ctx.now
    mine = changing.put_on(ctx, shift, group, into)
    mine.state, mine.answered_at, mine.told, mine.listed = AssignmentState.CONFIRMED, ctx.now, True, True
    mine.instead_of = out
    shift.sequence, shift.changed_at = shift.sequence + 1, ctx.now
    planners = company.planners(ctx)
    letter = Text("trade.partner", who=ctx.name_of(into), gone=ctx.name_of(out), at=local(ctx, shift.starts))
    company.tell(ctx, [one for one in others if one not in planners], letter, shift)
    ctx.close_questions(thread=shift, who=out)


def swap(ctx: Context, what: str) -> None:
    """Swap as one's role has it: who plans puts one walker in another's place; "12 mei met Riet" asks Riet."""
    if ctx.has(*CARETAKERS):
        changing.swap(ctx, what)
    elif not _WITH.isdisjoint(fold(what).split()):
        trade(ctx, what)
    else:
        raise Refusal(Text("refused.role"))
