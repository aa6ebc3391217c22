"""Commands: an official, or a co-ordinator for him, says when he works, is on leave, and may be woken (R43)."""

from __future__ import annotations

import re
from datetime import datetime

from buurtwacht import CARETAKERS, Context, Official, PersonId, Refusal, Severity, Text, fold
from buurtwacht_escalation.callees import begins_with_callee
from buurtwacht_escalation.duty import duty_of
from buurtwacht_escalation.holders import Holder, Holders
from buurtwacht_escalation.hours import Hours
from buurtwacht_escalation.leave import read_leave
from buurtwacht_escalation.naming import named
from buurtwacht_escalation.recording import recorded
from buurtwacht_escalation.records import Duty
from buurtwacht_escalation.telling import listed

_WAKES = {
    Severity.CRITICAL: ("kritiek", "critical", "alleen kritiek", "only critical"),
    Severity.URGENT: ("urgent", "dringend", "spoed"),
    Severity.NOTICE: ("let op", "notice", "alles", "altijd", "always", "everything", "all"),
    None: ("nooit", "never", "niet", "nee", "no", "uit", "off"),
}
_WAKE = {word: severity for severity, words in _WAKES.items() for word in words}
_BACK = re.compile(
    r"^(?:voorbij|klaar|einde|weg|nee|geen|af(?:gelopen)?|over|none|end(?:ed)?|back|terug|stop|reset|uit|off)$"
)


@recorded
def duty(ctx: Context, text: str = "") -> None:
    """`dienst [name] ma-vr 8-17`: say or show when somebody works; "altijd" is always."""
    who, said, own = _whose(ctx, text)
    if not said:
        _show(ctx, who, own)
        return
    try:
        hours = Hours.parse(said)
    except ValueError:
        raise Refusal(Text("refused.hours", text=said[:60])) from None
    known = duty_of(ctx, who)
    known.hours = str(hours)
    ctx.note("duty_changed", f"person:{who}")
    _show(ctx, who, own, known)


@recorded
def leave(ctx: Context, text: str = "") -> None:
    """`verlof tot vrijdag`: say until when somebody is on leave; `verlof voorbij` ends it."""
    who, said, own = _whose(ctx, text)
    said = re.sub(r"^(?:tot en met|t/m|tot|until|till)$", "", said)
    if not said:
        _show(ctx, who, own, of_leave=True)
        return
    known = duty_of(ctx, who)
    if _BACK.match(fold(said)):
        known.leave_until = None
    else:
        try:
            known.leave_until = read_leave(said, own.now, own.wall_time)
        except ValueError:
            raise Refusal(Text("refused.leave", text=said[:60])) from None
    ctx.note("leave_changed", f"person:{who}")
    _show(ctx, who, own, known, of_leave=True)


@recorded
def wake(ctx: Context, text: str = "") -> None:
    """`wekken kritiek|urgent|nooit`: say for what somebody may be asked outside his hours."""
    who, said, own = _whose(ctx, text)
    if not said:
        _show(ctx, who, own)
        return
    if fold(said) not in _WAKE:
        raise Refusal(Text("refused.wake", text=said[:60]))
    known = duty_of(ctx, who)
    known.off_duty = _WAKE[fold(said)]
    ctx.note("wake_changed", f"person:{who}")
    _show(ctx, who, own, known)


def _show(ctx: Context, who: PersonId, own: Context, known: Duty | None = None, *, of_leave: bool = False) -> None:
    """Reply with what is on record of somebody's hours; `of_leave`: that there is no leave is said too."""
    found = known or own.records.first(Duty, person=who)
    hours = found.hours if found is not None else ""
    woken = found.off_duty if found is not None else None
    back = found.leave_until if found is not None and found.leave_until and found.leave_until > own.now else None
    mine = own.has_person and own.person.id == who
    text = Text(
        "duty.mine" if mine else "duty.of",
        who=own.name_of(who),
        hours=Hours.parse(hours).shown(own.person.language) if hours else Text("duty.always"),
        wake=Text(f"duty.wake.{woken or 'never'}") if hours else None,
        leave=_leave(own, back) if back is not None or of_leave else None,
    )
    ctx.reply(text)


def _leave(own: Context, back: datetime | None) -> Text:
    """Return until when somebody is on leave: the day, where it is the beginning of one."""
    if back is None:
        return Text("duty.leave.none")
    midnight = not any(back.astimezone(own.here.zone).timetuple()[3:5])
    return Text("duty.leave.day" if midnight else "duty.leave", until=back)


def _whose(ctx: Context, text: str) -> tuple[PersonId, str, Context]:
    """Return whose hours are meant, the rest of the text, and the context of a neighbourhood of his.

    An official speaks of his own; who looks after a neighbourhood may name one of its officials. Raises `Refusal`.
    """
    mine = [one for one in ctx.offices if one.verified]
    if ctx.neighbourhood is not None and ctx.has(*CARETAKERS):
        holders = Holders(ctx)
        found, rest = _named(ctx, holders, text)
        if found is not None:
            return found, rest, ctx
        if not mine:
            people = [Holder(one.person, str(one.kind)) for one in holders.officials]
            offices = ctx.offices_of([one.person for one in people])
            names = listed(named(ctx, one.person, one.role, offices) for one in people)
            raise Refusal(Text("refused.whose" if people else "refused.no_officials", names=names))
    if not mine:
        raise Refusal(Text("refused.not_official"))
    return ctx.person.id, text.strip(), _at_home(ctx, mine)


def _named(ctx: Context, holders: Holders, text: str) -> tuple[PersonId | None, str]:
    """Return the official whom a text begins to name, by name, function or kind. Raises `Refusal` when it fits two."""
    officials = {one.person: one for one in holders.officials}
    people, rest = holders.begins_with_name(text)
    if not people and (meant := begins_with_callee(text)) is not None:
        people, rest = holders.named(meant[0].value), meant[1]
        closer, behind = holders.begins_with_name(rest)
        if closer:
            people, rest = closer, behind
    people = [one for one in people if one.person in officials]
    if len(people) > 1:
        offices = ctx.offices_of([one.person for one in people])
        raise Refusal(Text("refused.two", names=listed(named(ctx, one.person, one.role, offices) for one in people)))
    return (people[0].person, rest.strip(" :")) if people else (None, text)


def _at_home(ctx: Context, offices: list[Official]) -> Context:
    """Return the context of a neighbourhood that an official covers, for its clocks. Raises `Refusal` without one."""
    if ctx.neighbourhood is not None and any(one.covers(ctx.neighbourhood) for one in offices):
        return ctx
    covered = (where for where in ctx.neighbourhoods() if any(one.covers(where) for one in offices))
    where = next(covered, None)
    if where is None:
        raise Refusal(Text("refused.no_neighbourhood"))
    return ctx.within(where)
