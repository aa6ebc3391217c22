"""What a walker means without a command word: he cannot come, he comes, a call for help, a place, "niks"."""

from __future__ import annotations

import re

from buurtwacht import CARETAKERS, AnswerClass, Context, Guess, Hearing, Rank, Role, classify, fold, is_call_for_help
from buurtwacht_patrols import (
    asking,
    cancelling,
    company,
    confirming,
    distress,
    no_shows,
    noting,
    proxies,
    rosters,
    rounds,
    wishes,
)
from buurtwacht_patrols.excuses import is_for_no_day, read_excuse
from buurtwacht_patrols.records import LogEntry, Shift, ShiftState
from buurtwacht_patrols.steps import Step

_NOTHING = frozenset(
    (
        *("niks", "niets", "niks bijzonders", "niets bijzonders", "geen opmerkingen", "rustig", "alles rustig"),
        *("nothing", "nothing to report", "all quiet", "quiet"),
    )
)
_ON_THE_WAY = re.compile(
    r"\b(?:onderweg|ben (?:er|ik er)|ben bijna|bijna er|kom er ?aan|kom eraan|iets later|paar minuten|minuutjes"
    r"|\d{1,2} min(?:uten)?|on my way|coming|almost there|i'm here|i am here|running late|few minutes)\b"
)
#: A day on which he has no shift: anything else that asks about days goes first.
_DATED = 0.5


def recognise(hearing: Hearing) -> Guess | None:
    """Say what a text means to a shift or a round of whoever typed it, if anything."""
    ctx, text = hearing.ctx, hearing.text
    if text and (told := proxies.recognise(hearing)):
        return told
    if not any(one.has(Role.PATROLLER, *CARETAKERS) for one in hearing.person.active):
        return None
    if not text:
        return _wordless(hearing)
    if is_call_for_help(text):
        return Guess(distress.cried, 1.0, Rank.HELP) if _is_cry(text) and _is_out(ctx, hearing) else None
    folded = fold(text)
    if folded in _NOTHING:
        return Guess(_nothing, 0.95) if _walks_or_walked(ctx, hearing) else None
    if _ON_THE_WAY.search(folded) and _is_missed(ctx, hearing):
        return Guess(_on_the_way, 0.9)
    return _coming(hearing)


def _coming(hearing: Hearing) -> Guess | None:
    ctx, who = hearing.ctx, hearing.person.id
    agrees = classify(hearing.text) is AnswerClass.OK
    excuse = None if agrees else read_excuse(hearing.text, ctx.now.date())
    if not agrees and excuse is None:
        return Guess(_away, _DATED) if is_for_no_day(hearing.text, ctx.now.date()) else None
    mine = cancelling.coming(ctx, who)
    if excuse is None:
        asked = any(company.is_asked(group, who) for _, group in mine)
        return Guess(confirming.agreed, 0.7) if asked else None
    if not cancelling.meant_by(ctx, mine, excuse):
        walks = any(one.has(Role.PATROLLER) for one in hearing.person.active)
        return Guess(_away, _DATED) if excuse.days and walks else None
    if not excuse.is_dated and asking.waiting_for(ctx, who) is not None:
        return Guess(_which_of_both, 0.95)
    return Guess(cancelling.cannot, 0.95)


def _away(ctx: Context, text: str) -> None:
    """He cannot on a day without a shift of his: an absence, or a day that does not exist."""
    wishes.away(ctx, text)


def _which_of_both(ctx: Context, text: str) -> None:
    """He cannot, and is being asked about a whole roster too: which is meant is not guessed."""
    cancelling.one_of(ctx, cancelling.coming(ctx, ctx.person.id), sure=False)


# --- on a round ------------------------------------------------------------------------------------------------------


def _is_cry(text: str) -> bool:
    """Whether it is a cry and nothing more; what tells of a break-in as well is a report too."""
    return len(text.split()) <= 4


def _is_out(ctx: Context, hearing: Hearing) -> bool:
    found = rounds.current(ctx, hearing.person.id)
    if found is None:
        return False
    mine = rounds.check_ins(ctx, found[0]).get(hearing.person.id)
    return mine is not None and mine.out_at is None


def _walks_or_walked(ctx: Context, hearing: Hearing) -> bool:
    found = rounds.current(ctx, hearing.person.id)
    return found is not None and found[0].starts <= ctx.now and _set_out(ctx, hearing, found[0])


def _set_out(ctx: Context, hearing: Hearing, shift: Shift) -> bool:
    return hearing.person.id in rounds.check_ins(ctx, shift)


def _nothing(ctx: Context, text: str) -> None:
    noting.nothing(ctx)


def _is_missed(ctx: Context, hearing: Hearing) -> bool:
    """Whether he was just asked where he is."""
    found = rounds.current(ctx, hearing.person.id)
    if found is None or found[0].step not in (Step.ABSENT.value, Step.ALONE.value) or found[0].ends <= ctx.now:
        return False
    return not _set_out(ctx, hearing, found[0])


def _on_the_way(ctx: Context, text: str) -> None:
    found = rounds.current(ctx, ctx.person.id)
    assert found is not None
    no_shows.arrives(rosters.home(ctx, found[0].neighbourhood), *found)


def _wordless(hearing: Hearing) -> Guess | None:
    """A place or a photo alone: of a call for help just now, else of what he noted just now."""
    ctx, who = hearing.ctx, hearing.person.id
    if hearing.location is not None and _cried_lately(ctx, hearing):
        return Guess(distress.located, 1.0)
    entry = noting.newest(ctx, who)
    if entry is None:
        return None
    if hearing.location is not None and not entry.point:
        return Guess(noting.located, 0.95)
    return Guess(noting.pictured, 0.95) if hearing.media and entry.media is None else None


def _cried_lately(ctx: Context, hearing: Hearing) -> bool:
    columns = LogEntry.__table__.c
    recent = columns.at > company.in_(ctx, minutes=-30)
    cried = ctx.records.first(LogEntry, recent, person=hearing.person.id, event="distress")
    if cried is None or cried.shift is None:
        return False
    shift = ctx.records.get(Shift, cried.shift)
    return shift is not None and shift.state in (ShiftState.PLANNED, ShiftState.UNDERWAY)
