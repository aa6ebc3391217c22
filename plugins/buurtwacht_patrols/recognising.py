"""What a text without a command word may mean here: an answer to "when can you walk?"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from buurtwacht import AnswerClass, Context, Guess, Hearing, Rank, Role, Text, classify, fold
from buurtwacht_patrols import asking, rosters
from buurtwacht_patrols.availability import Able, Why, read_answer
from buurtwacht_patrols.days import Span, Weekdays, read
from buurtwacht_patrols.records import Availability, Roster, RosterState

#: A text that says nothing about days is still asked back, unless somebody else knows what it means.
_UNSURE = 0.3
_THANKS = re.compile(r"(?:be)?dank|thank|thx|cheers")


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
        return _about_nothing(hearing, roster, handler)
    return Guess(handler, 0.7)


def _about_nothing(hearing: Hearing, roster: Roster, handler: Callable[..., None]) -> Guess | None:
    """Recognise a text without days: who has answered may be thanking, who has not is asked back."""
    mine = hearing.ctx.records.first(Availability, roster=roster.id, person=hearing.person.id)
    if _names_days(hearing.text, hearing.ctx.now.date()):
        return Guess(handler, 0.6)
    if mine is not None and mine.answered_at is not None:
        return Guess(thanked, 0.5) if _is_thanks(hearing.text) else None
    if "?" in hearing.text:
        return None
    # "Ja" and "nee" alone say nothing about days, yet nothing else here asks for them.
    bare = len(hearing.text.split()) == 1
    return Guess(handler, 0.6) if bare else Guess(handler, _UNSURE, Rank.REMARK)


def _names_days(text: str, today: date) -> bool:
    return any(isinstance(one, Span | Weekdays) for one in read(text, today))


def _is_thanks(text: str) -> bool:
    words = fold(text).split()
    return len(words) <= 5 and (classify(text) is AnswerClass.OK or any(_THANKS.match(word) for word in words))


def thanked(ctx: Context, text: str) -> None:
    """Say that his answer stands."""
    ctx.reply(Text("availability.thanked"))


def answered(ctx: Context, text: str, roster: int) -> None:
    """Take the answer in the neighbourhood whose roster it is about."""
    asked = ctx.records.get(Roster, roster)
    assert asked is not None
    asking.take(rosters.home(ctx, asked.neighbourhood), asked, text)
