"""What a co-ordinator heard of a walker: "Henk is terug via Riet". It is written down as told by another (R32)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from buurtwacht import CARETAKERS, Context, Guess, Hearing, PersonId, Rank, Refusal, Text, fold
from buurtwacht_patrols import cancelling, company, naming, rosters, rounds
from buurtwacht_patrols.records import Assignment, AssignmentState, CheckIn, Shift, ShiftState
from buurtwacht_patrols.wording import local


class Told(StrEnum):
    """What is told of a walker."""

    BACK = "back"
    OUT = "out"
    CANNOT = "cannot"
    COMES = "comes"


_WORDS = {
    Told.BACK: r"(?:is )?(?:weer )?(?:terug|klaar|binnen|thuis)|(?:is )?(?:back|home|done|finished)",
    Told.OUT: r"loopt|is (?:er|begonnen|gestart|vertrokken)|is (?:there|walking)|has started",
    Told.CANNOT: r"kan (?:toch )?niet|cannot|can't|cannot come|kan niet komen",
    Told.COMES: r"komt (?:toch|wel|gewoon)|is coming|will come",
}
_PROXY = re.compile(
    r"(?P<name>[^\d,;:!?]{2,60}?)\s+(?:"
    + "|".join(f"(?P<{told.value}>{words})" for told, words in _WORDS.items())
    + r")\s+(?:via|volgens|according to)\s+(?P<via>.{1,60}?)[\s.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Saying:
    """Who is meant, what is said of him, and by whom it was told."""

    name: str
    told: Told
    via: str


def parse(text: str) -> Saying | None:
    """Return what a sentence tells of a walker, or None for any other."""
    found = _PROXY.fullmatch(text.strip())
    if found is None:
        return None
    told = next(one for one in Told if found[one.value])
    return Saying(found["name"].strip(), told, found["via"].strip())


def recognise(hearing: Hearing) -> Guess | None:
    """Recognise it from those who look after the neighbourhood."""
    if parse(hearing.text) is None or not hearing.ctx.has(*CARETAKERS):
        return None
    return Guess(record, 0.95, Rank.REPORT)


def record(ctx: Context, text: str) -> None:
    """Write down what the co-ordinator heard."""
    saying = parse(text)
    assert saying is not None
    found = _shifts(ctx, saying)
    people = ctx.people({one.person for _, group in found for one in group if one.told})
    who = naming.one_of(list(people.values()), saying.name)
    mine = [(shift, group) for shift, group in found if (own := company.own(group, who.id)) and own.told]
    if not mine:
        raise Refusal(Text("proxy.no_shift", who=ctx.name_of(who)))
    shift, group = mine[0]
    source = _source(ctx, saying.via)
    match saying.told:
        case Told.BACK:
            arrived = rounds.check_ins(ctx, shift)
            back = arrived.get(who.id) or ctx.records.add(
                CheckIn(shift=shift.id, person=who.id, by=ctx.person.id, in_at=shift.starts)
            )
            shift.state = ShiftState.UNDERWAY
            rounds.come_back(ctx, shift, [back], by=ctx.person.id, source=source)
            rounds.close_if_all_back(ctx, shift, group, {**arrived, who.id: back})
        case Told.OUT:
            arrived = rounds.check_ins(ctx, shift)
            rounds.set_out(ctx, shift, group, [who.id], arrived, by=ctx.person.id, source=source)
        case Told.CANNOT:
            cancelling.release(ctx, shift, group, who.id)
        case Told.COMES:
            _confirm(ctx, group, who.id)
    noted = Text(
        f"proxy.{saying.told.value}",
        who=ctx.name_of(who),
        via=ctx.name_of(source) if isinstance(source, int) else source,
        at=local(ctx, shift.starts),
    )
    ctx.reply(noted, thread=shift)


def _source(ctx: Context, name: str) -> str | PersonId:
    """Return who told it: a member of that name, if there is one, else the name as it was given."""
    fitting = naming.called(ctx.members(), name)
    return fitting[0].id if len(fitting) == 1 else name


def _confirm(ctx: Context, group: list[Assignment], who: int) -> None:
    for one in group:
        if one.person == who and one.walks:
            one.state, one.answered_at = AssignmentState.CONFIRMED, ctx.now


def _shifts(ctx: Context, saying: Saying) -> list[tuple[Shift, list[Assignment]]]:
    """Return the shifts that can be meant: rounds that are on or begin, or the next ones for who comes or cannot."""
    columns = Shift.__table__.c
    now = ctx.now
    coming = saying.told in (Told.CANNOT, Told.COMES)
    conditions = (
        [columns.starts > now, columns.state == ShiftState.PLANNED]
        if coming
        else [
            columns.starts <= company.in_(ctx, hours=1),
            columns.ends > company.in_(ctx, hours=-12),
            columns.state.in_((ShiftState.PLANNED, ShiftState.UNDERWAY)),
        ]
    )
    shifts = ctx.records.find(Shift, *conditions, neighbourhood=ctx.here.id, order=[columns.starts], limit=60)
    groups = rosters.assignments_of(ctx, shifts)
    if not shifts:
        raise Refusal(Text("proxy.nothing", name=fold(saying.name)[:40]))
    return [(one, groups[one.id]) for one in shifts]
