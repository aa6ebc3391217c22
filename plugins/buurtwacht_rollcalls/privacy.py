"""What roll calls know about a person: given to him when he asks, and without a way back to him when he is erased."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import Context, NeighbourhoodId, PersonId
from buurtwacht_rollcalls import holders
from buurtwacht_rollcalls.records import Entry, KeyHolder, Ladder, Participant, RollCall, running


def export(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return his answers with those before them, his key holders by number, and where he takes part."""
    mine = ctx.records.find(Entry, person=person)
    calls = {one.id: one for one in ctx.records.find(RollCall, RollCall.__table__.c.id.in_([e.rollcall for e in mine]))}
    return {
        "answers": [
            {
                "rollcall": calls[one.rollcall].short if one.rollcall in calls else None,
                "question": calls[one.rollcall].question if one.rollcall in calls else None,
                "answer": one.value.value if one.value is not None else None,
                "text": one.text,
                "at": one.at.isoformat() if one.at is not None else None,
                "channel": one.channel,
                "late": one.late,
                "via": one.via,
                "before": one.history,
            }
            for one in mine
        ],
        "asked": [one.short for one in ctx.records.find(RollCall, asked_by=person)],
        "key_holders": len(ctx.records.find(KeyHolder, person=person)),
        "holds_keys_of": len(ctx.records.find(KeyHolder, holder=person)),
        "daily_circle": bool(ctx.records.find(Participant, person=person)),
    }


def left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """He is a member there no more: he is not reminded, holds no keys and is not visited. The list keeps its sum."""
    for call, _ in running(ctx, person):
        if call.neighbourhood == neighbourhood:
            ctx.close_questions(thread=call, who=person)
    table = Participant.__table__.c
    ctx.records.remove_all(Participant, table.person == person, table.neighbourhood == neighbourhood)
    holders.left(ctx, person, neighbourhood)
    _off_ladders(ctx, person)


def erase(ctx: Context, person: PersonId) -> None:
    """Take him out of what is kept: that somebody answered stays, who it was does not."""
    records = ctx.records
    table = Entry.__table__.c
    records.change_all(Entry, table.person == person, person=None, text="", channel="", via="", history=[])
    records.change_all(Entry, table.recorded_by == person, recorded_by=None)
    records.change_all(RollCall, RollCall.__table__.c.asked_by == person, asked_by=None)
    records.remove_all(Participant, Participant.__table__.c.person == person)
    holders.left(ctx, person)
    _off_ladders(ctx, person)
    records.remove_all(Ladder, Ladder.__table__.c.person == person)


def _off_ladders(ctx: Context, person: PersonId) -> None:
    """Nobody is asked after him any more, and he is not asked after others."""
    for one in ctx.records.find(Ladder, over=False):
        if one.person == person:
            one.over = True
            ctx.cancel(f"ladder:{one.id}")
        elif person in one.holders[one.step :]:
            one.holders = [*one.holders[: one.step], *(each for each in one.holders[one.step :] if each != person)]
