"""Planning: a roster in one sentence, its preview, and yes (R34). Nothing is asked of anybody before that."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Answer, Context, Lines, Message, Refusal, Role, Text, answer
from buurtwacht_patrols import asking, rosters, showing
from buurtwacht_patrols.drafting import Draft, draft
from buurtwacht_patrols.records import Roster, RosterState, Shift
from buurtwacht_patrols.sentence import Plan, read_plan
from buurtwacht_patrols.settings import Settings
from buurtwacht_patrols.wording import heading, shift_line


def roster(ctx: Context, sentence: str = "") -> None:
    """Show the roster, or make one of a sentence and show its preview."""
    if not sentence:
        showing.roster(ctx)
        return
    if not ctx.has(*CARETAKERS):
        raise Refusal(Text("refused.role"))
    busy = rosters.in_planning(ctx)
    if busy is not None:
        raise Refusal(Text("refused.busy", roster=heading(busy)))
    settings = ctx.settings(Settings)
    plan = read_plan(sentence, ctx.now.date(), walkers=settings.walkers, minutes=settings.minutes)
    if not ctx.members(Role.PATROLLER):
        raise Refusal(Text("refused.no_walkers"))
    _forget_drafts(ctx)
    made = Roster(
        neighbourhood=ctx.here.id,
        owner=ctx.person.id,
        first=plan.first.isoformat(),
        last=plan.last.isoformat(),
        seed=0,
    )
    made.seed = made.id % 1_000_003
    drafts = draft(ctx, made, plan, ctx.number("roster"))
    ctx.records.add(made)
    for one in drafts:
        ctx.records.add(one.shift)
    preview = Message(_preview(ctx, made, plan, drafts), choices=rosters.YES_NO)
    ctx.ask(ctx.person, preview, "planning.preview", payload={"roster": made.id}, thread=made)


def _forget_drafts(ctx: Context) -> None:
    """Take away what was previewed before and not wanted: only the newest preview counts."""
    old = ctx.records.find(Roster, neighbourhood=ctx.here.id, state=RosterState.DRAFT)
    for one in old:
        ctx.close_questions(thread=one)
    if old:
        ctx.records.remove_all(Shift, Shift.__table__.c.roster.in_([one.id for one in old]))
        ctx.records.remove_all(Roster, Roster.__table__.c.id.in_([one.id for one in old]))


def _preview(ctx: Context, made: Roster, plan: Plan, drafts: list[Draft]) -> Text:
    shifts = [one.shift for one in drafts]
    lines = [shift_line(ctx, one.shift, numbered=True, note=_notes(one)) for one in drafts]
    early = shifts[0].starts < asking.deadline_of(ctx)
    walkers = Text("walkers.range" if plan.most > plan.fewest else "walkers", count=plan.fewest, most=plan.most)
    return Text(
        "preview",
        roster=heading(made),
        shifts=Text("shifts", count=len(shifts), minutes=plan.minutes),
        lines=Lines(*lines),
        walkers=walkers,
        start=Text("preview.start", place=plan.start_point) if plan.start_point else None,
        random=Text("preview.random") if plan.random_start else None,
        early=Text("preview.early", deadline=asking.deadline_of(ctx)) if early else None,
        unread=Text("preview.unread", words=", ".join(plan.unread)) if plan.unread else None,
        days=ctx.settings(Settings).answer_days,
    )


def _notes(one: Draft) -> Text | None:
    """Return the remarks beside a shift, one behind the other."""
    row: Text | None = None
    for note in reversed(one.notes):
        row = note if row is None else Text("note.more", note=note, rest=row)
    return row


@answer("planning.preview")
def previewed(ctx: Context, said: Answer) -> None:
    """The co-ordinator says yes or no to what he saw."""
    made = ctx.records.get(Roster, int(said.payload["roster"]))
    if made is None or made.state is not RosterState.DRAFT:
        raise Refusal(Text("refused.draft_gone"))
    if said.value != "yes":
        _forget_drafts(ctx)
        ctx.reply(Text("preview.dropped"))
        return
    busy = rosters.in_planning(ctx)
    if busy is not None:
        raise Refusal(Text("refused.busy", roster=heading(busy)))
    asking.begin(ctx, made)
