"""Overdue: who did not check out is asked, then his partner, then who plans is told (R41)."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import Answer, AnswerClass, Choice, Context, Message, PersonId, Severity, Text, answer, classify
from buurtwacht_patrols import company, distress, logbook, rosters, rounds, steps
from buurtwacht_patrols.records import Assignment, AssignmentState, CheckIn, Shift, ShiftState
from buurtwacht_patrols.wording import local, names

_BACK = (Choice("back", Text("overdue.back")), Choice("busy", Text("overdue.busy")))
_KNOWN = (Choice("well", Text("partner.well")), Choice("unknown", Text("partner.unknown")))
_WELL = (Choice("well", Text("planner.well")),)
#: So many minutes somebody who is still walking is left in peace.
_BUSY = 30


def walkers(ctx: Context, shift: Shift) -> bool:
    """Fifteen minutes after the end: ask who is still out. Without anybody who set out, the round was missed."""
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    arrived = rounds.check_ins(ctx, shift)
    if not arrived:
        shift.state = ShiftState.MISSED
        came = rounds.came_alone(ctx, shift, group)
        for one in group:
            if one.walks and one.person not in came:
                one.state = AssignmentState.NO_SHOW
        logbook.note(ctx, shift, "not_walked")
        logbook.forget_later(ctx, shift)
        return False
    if rounds.close_if_all_back(ctx, shift, group, arrived):
        return False
    silent = _silent(ctx, arrived)
    letter = Message(Text("overdue.ask", end=local(ctx, shift.ends)), choices=_BACK)
    ctx.ask_each(
        dict.fromkeys(silent, letter),
        "overdue",
        free="safety",
        repeatable=True,
        expires=company.until(ctx, company.in_(ctx, hours=12)),
        severity=Severity.URGENT,
        thread=shift,
    )
    return _goes_on(ctx, shift, arrived, silent)


def partner(ctx: Context, shift: Shift) -> bool:
    """Five minutes later: ask those who walked with them."""
    arrived = rounds.check_ins(ctx, shift)
    silent = _silent(ctx, arrived)
    letters: dict[PersonId, Message] = {}
    for reader in arrived:
        others = names([one for one in silent if one != reader], first=True)
        if others is not None:
            letters[reader] = Message(Text("partner.ask", who=others, end=local(ctx, shift.ends)), choices=_KNOWN)
    ctx.ask_each(
        letters,
        "partner",
        payload={"who": silent},
        repeatable=True,
        expires=company.until(ctx, company.in_(ctx, hours=12)),
        severity=Severity.URGENT,
        thread=shift,
    )
    return _goes_on(ctx, shift, arrived, silent)


def planner(ctx: Context, shift: Shift) -> bool:
    """Five minutes later: tell who plans, with the advice to call."""
    arrived = rounds.check_ins(ctx, shift)
    silent = _silent(ctx, arrived)
    if silent:
        logbook.note(ctx, shift, "overdue")
        logbook.forget_later(ctx, shift)
        back = [one.person for one in arrived.values() if one.out_at is not None]
        letter = Text(
            "planner.overdue",
            who=names(silent),
            end=local(ctx, shift.ends),
            where=company.where(shift),
            back=names(back) or Text("round.nobody"),
        )
        expires = company.until(ctx, company.in_(ctx, hours=24))
        content = Message(letter, choices=_WELL)
        ctx.ask_each(
            dict.fromkeys(company.planners(ctx), content),
            "planner",
            repeatable=True,
            expires=expires,
            severity=Severity.URGENT,
            thread=shift,
        )
    return _goes_on(ctx, shift, arrived, [])


def _silent(ctx: Context, arrived: dict[PersonId, CheckIn]) -> list[PersonId]:
    """Return who is out and did not say lately that he still walks."""
    return [
        one.person
        for one in arrived.values()
        if one.out_at is None and (one.busy_until is None or one.busy_until <= ctx.now)
    ]


def _goes_on(ctx: Context, shift: Shift, arrived: dict[PersonId, CheckIn], silent: Sequence[PersonId]) -> bool:
    """Whether the ladder goes on; if nobody is silent, who still walks is asked again when he was left in peace."""
    if silent:
        return True
    again = [one.busy_until for one in arrived.values() if one.out_at is None and one.busy_until is not None]
    again = [one for one in again if one > ctx.now]
    if again:
        payload = {"shift": shift.id, "step": steps.Step.OVERDUE.value}
        ctx.later(min(again), steps.COURSE, key=steps.key(shift), **payload)
    return False


@answer("overdue")
def said_back(ctx: Context, said: Answer) -> None:
    """He is back, or still walking; anything less than well goes to a human at once."""
    shift, here, group = rounds.answered_about(ctx, said)
    arrived = rounds.check_ins(here, shift)
    mine = arrived.get(ctx.person.id)
    meant = AnswerClass.OK if said.value == "back" else classify(said.text) if not said.value else AnswerClass.NO
    if meant in (AnswerClass.HELP, AnswerClass.UNCLEAR):
        distress.called(here, shift, group, said.text)
        return
    if mine is None or mine.out_at is not None:
        here.reply(Text("end.already", since=local(here, (mine.out_at if mine else None) or here.now)), thread=shift)
    elif meant is AnswerClass.OK:
        rounds.end(here)
    else:
        mine.busy_until = company.in_(here, minutes=_BUSY)
        here.reply(Text("overdue.noted", minutes=_BUSY), thread=shift)


@answer("partner")
def said_of_partner(ctx: Context, said: Answer) -> None:
    """He says that his partner is well, which is written down as told by him; or that he does not know."""
    shift, here, group = rounds.answered_about(ctx, said)
    arrived = rounds.check_ins(here, shift)
    if said.value != "well":
        here.reply(Text("partner.noted"), thread=shift)
        return
    silent = [PersonId(int(one)) for one in said.payload["who"]]
    back = [arrived[one] for one in dict.fromkeys((*silent, ctx.person.id)) if one in arrived]
    _all_well(here, shift, group, arrived, [one for one in back if one.out_at is None])


@answer("planner")
def said_of_all(ctx: Context, said: Answer) -> None:
    """Who plans knows that they are well."""
    shift, here, group = rounds.answered_about(ctx, said)
    arrived = rounds.check_ins(here, shift)
    _all_well(here, shift, group, arrived, [one for one in arrived.values() if one.out_at is None])


def _all_well(
    ctx: Context,
    shift: Shift,
    group: Sequence[Assignment],
    arrived: dict[PersonId, CheckIn],
    back: Sequence[CheckIn],
) -> None:
    who = names([one.person for one in back], first=True)
    rounds.come_back(ctx, shift, back, by=ctx.person.id)
    ctx.reply(Text("well.noted", who=who) if who is not None else Text("well.already"), thread=shift)
    rounds.close_if_all_back(ctx, shift, group, arrived)
