"""Watching over walkers: who did not check in is asked, then missed (domain §2.8); who did not check out too (R41)."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import (
    Answer,
    AnswerClass,
    Choice,
    Context,
    Message,
    PersonId,
    Refusal,
    Role,
    Severity,
    Text,
    answer,
    classify,
)
from buurtwacht_patrols import company, distress, logbook, naming, rosters, rounds, stand_ins, steps
from buurtwacht_patrols.records import Assignment, AssignmentState, CheckIn, Shift, ShiftState
from buurtwacht_patrols.wording import local, names

_HERE = (Choice("here", Text("absent.here")), Choice("cannot", Text("absent.cannot")))
_BACK = (Choice("back", Text("overdue.back")), Choice("busy", Text("overdue.busy")))
_KNOWN = (Choice("well", Text("partner.well")), Choice("unknown", Text("partner.unknown")))
_WELL = (Choice("well", Text("planner.well")),)
#: So many minutes somebody who is still walking is left in peace.
_BUSY = 30
#: So many reserves are offered.
_OFFERED = 8
#: So many shifts to come are looked through for one that lacks a walker.
_LOOKED_AT = 50


# --- nobody came -----------------------------------------------------------------------------------------------------


def absent(ctx: Context, shift: Shift) -> bool:
    """Ten minutes after the start: ask who has not checked in."""
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    wanted = _absent(ctx, shift, group)
    place = shift.start_point or Text("round.no_place")
    letter = Message(Text("absent.ask", at=local(ctx, shift.starts), place=place), choices=_HERE)
    ctx.ask_each(
        dict.fromkeys(wanted, letter),
        "absent",
        repeatable=True,
        expires=company.until(ctx, shift.ends),
        thread=shift,
    )
    return True


def alone(ctx: Context, shift: Shift) -> bool:
    """Fifteen minutes after the start: tell who waits for them, and who plans, with reserves to ask."""
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    missed = _absent(ctx, shift, group)
    if not missed:
        return True
    for one in group:
        if one.person in missed:
            one.state = AssignmentState.NO_SHOW
    for who in missed:
        logbook.note(ctx, shift, "missed", person=who)
    _tell(ctx, shift, group, missed)
    return True


def _tell(ctx: Context, shift: Shift, group: Sequence[Assignment], missed: Sequence[PersonId]) -> None:
    """Tell who waits for those who do not come, and who plans, with reserves to ask."""
    arrived = rounds.check_ins(ctx, shift)
    there = [one for one in company.walkers(group) if one in arrived]
    planners = company.planners(ctx, *missed)
    if company.missing(shift, group):
        waiting = [one for one in there if one not in planners]
        letter = Text("alone.partner", who=names(missed, first=True), at=local(ctx, shift.starts))
        company.tell(ctx, waiting, letter, shift)
    found = stand_ins.reserves(ctx, shift, group)[:_OFFERED]
    told = Text(
        "alone.planner" if found else "alone.planner.nobody",
        at=local(ctx, shift.starts),
        missed=names(missed),
        there=Text("alone.there", who=names(there)) if there else Text("alone.nobody_there"),
        reserves=names(found),
    )
    choices = [Choice(str(one), Text("names.whole.one", who=ctx.name_of(one))) for one in found]
    if choices:
        expires = company.until(ctx, shift.ends)
        content = Message(told, choices=choices)
        ctx.ask_each(dict.fromkeys(planners, content), "reserve", repeatable=True, expires=expires, thread=shift)
    else:
        company.tell(ctx, planners, told, shift)


def _absent(ctx: Context, shift: Shift, group: Sequence[Assignment]) -> list[PersonId]:
    arrived = rounds.check_ins(ctx, shift)
    return [one for one in company.walkers(group) if one not in arrived]


@answer("absent")
def said_where(ctx: Context, said: Answer) -> None:
    """He answers that he is there, which counts as checking in (R40), or that he cannot come."""
    shift, here, group = _of(ctx, said)
    own = company.own(group, ctx.person.id)
    if own is None or not own.told or shift.ends <= ctx.now:
        raise Refusal(Text("cannot.not_there"))
    if said.value == "cannot":
        own.state, own.told, own.answered_at = AssignmentState.DECLINED, False, ctx.now
        shift.sequence, shift.changed_at = shift.sequence + 1, ctx.now
        here.reply(Text("absent.noted"), thread=shift)
        _tell(here, shift, group, [ctx.person.id])
    else:
        arrives(here, shift, group)


def arrives(ctx: Context, shift: Shift, group: list[Assignment]) -> None:
    """Check in by an answer."""
    arrived = rounds.check_ins(ctx, shift)
    if ctx.person.id in arrived:
        ctx.reply(Text("start.already", since=local(ctx, arrived[ctx.person.id].in_at)), thread=shift)
        return
    rounds.set_out(ctx, shift, group, [ctx.person.id], arrived, by=ctx.person.id)
    others = company.partners(group, ctx.person.id)
    waiting = [one for one in others if one not in arrived]
    wait = Text("start.wait", who=names(waiting, first=True)) if waiting else None
    if not others:
        wait = Text("start.nobody")
    there = [one for one in others if one in arrived]
    ctx.reply(Text("start.done", now=ctx.now, who=rounds.with_whom(there), wait=wait), thread=shift)


@answer("reserve")
def reserve(ctx: Context, said: Answer) -> None:
    """Who plans has a reserve asked at once."""
    shift, here, group = _of(ctx, said)
    who = PersonId(int(said.value))
    if shift.ends <= ctx.now or shift.state is ShiftState.CANCELLED:
        raise Refusal(Text("decide.over"))
    if not company.missing(shift, group):
        raise Refusal(Text("stand_in.filled", at=local(here, shift.starts)))
    _invite(here, shift, group, who)


def _invite(ctx: Context, shift: Shift, group: list[Assignment], who: PersonId) -> None:
    if company.own(group, who) is None:
        stand_ins.invite(ctx, shift, group, who)
    ctx.reply(Text("reserve.asked", who=ctx.name_of(who)), thread=shift)


def ask_reserve(ctx: Context, name: str) -> None:
    """Have a walker asked at once to stand in, for the shift that is on or comes first and lacks one: "Piet"."""
    columns = Shift.__table__.c
    shifts = ctx.records.find(
        Shift,
        columns.ends > ctx.now,
        columns.state.in_((ShiftState.PLANNED, ShiftState.UNDERWAY)),
        neighbourhood=ctx.here.id,
        order=[columns.starts],
        limit=_LOOKED_AT,
    )
    groups = rosters.assignments_of(ctx, shifts)
    lacking = [
        one for one in shifts if any(own.told for own in groups[one.id]) and company.missing(one, groups[one.id])
    ]
    who = naming.one_of(ctx.members(Role.PATROLLER), name)
    if not lacking:
        raise Refusal(Text("reserve.no_shift"))
    if who.id in company.walkers(groups[lacking[0].id]):
        raise Refusal(Text("change.there_already", who=ctx.name_of(who)))
    _invite(ctx, lacking[0], groups[lacking[0].id], who.id)


# --- nobody is back --------------------------------------------------------------------------------------------------


def overdue(ctx: Context, shift: Shift) -> bool:
    """Fifteen minutes after the end: ask who is still out. Without anybody who set out, the round was missed."""
    group = rosters.assignments_of(ctx, [shift])[shift.id]
    arrived = rounds.check_ins(ctx, shift)
    if not arrived:
        shift.state = ShiftState.MISSED
        for one in group:
            if one.walks:
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
    shift, here, group = _of(ctx, said)
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
    shift, here, group = _of(ctx, said)
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
    shift, here, group = _of(ctx, said)
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


def _of(ctx: Context, said: Answer) -> tuple[Shift, Context, list[Assignment]]:
    """Return the shift that an answer is about, its neighbourhood's context, and how everybody stands to it."""
    shift = ctx.records.get(Shift, said.thread.record) if said.thread is not None else None
    if shift is None:
        raise Refusal(Text("round.none"))
    here = rosters.home(ctx, shift.neighbourhood)
    return shift, here, rosters.assignments_of(here, [shift])[shift.id]
