"""What a text without a command word may mean here: an answer to "when can you walk?"."""

from __future__ import annotations

from functools import partial

from buurtwacht import Context, Guess, Hearing, Rank, Role
from buurtwacht_patrols import asking, rosters
from buurtwacht_patrols.availability import Able, Why, read_answer
from buurtwacht_patrols.records import Roster, RosterState

#: A text that says nothing about days is still asked back, unless somebody else knows what it means.
_UNSURE = 0.3


def recognise(hearing: Hearing) -> Guess | None:
    """Recognise an answer of a walker who is being asked; one that is not clear is asked back, never guessed (R35)."""
    about = hearing.about if hearing.about is not None and hearing.about.plugin == "patrols" else None
    if not hearing.text or not any(one.has(Role.PATROLLER) for one in hearing.person.active):
        return None
    roster = asking.waiting_for(hearing.ctx, hearing.person.id, RosterState.ASKING, RosterState.PROPOSED)
    if roster is None:
        return None
    handler = partial(answered, roster=roster.id)
    if about is not None and about.record == roster.id:
        return Guess(handler, 1.0)
    shifts = rosters.shifts_of(hearing.ctx, [roster])
    if not shifts:
        return None
    read = read_answer(hearing.text, asking.offers_of(shifts), hearing.ctx.now.date())
    if isinstance(read, Able):
        return Guess(handler, 0.9)
    if roster.state is not RosterState.ASKING:
        return None
    if read.why is Why.NOTHING:
        # "Ja" and "nee" alone say nothing about days, yet nothing else here asks for them.
        bare = len(hearing.text.split()) == 1
        return Guess(handler, 0.6) if bare else Guess(handler, _UNSURE, Rank.REMARK)
    return Guess(handler, 0.7)


def answered(ctx: Context, text: str, roster: int) -> None:
    """Take the answer in the neighbourhood whose roster it is about."""
    asked = ctx.records.get(Roster, roster)
    assert asked is not None
    asking.take(rosters.home(ctx, asked.neighbourhood), asked, text)
