"""How a walk up the ladder goes, for the co-ordinator who asked for it: who is asked now, who was passed over."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import CARETAKERS, Context, Lines, PersonId, Text
from buurtwacht_escalation.callees import callee_of
from buurtwacht_escalation.course import home, severity_of
from buurtwacht_escalation.holders import Holder, Passed, Why
from buurtwacht_escalation.naming import function_of, named
from buurtwacht_escalation.records import Escalation
from buurtwacht_escalation.telling import about, listed, requester


def tell(ctx: Context, escalation: Escalation, people: Sequence[Holder], passed: Sequence[Passed]) -> None:
    """Tell the co-ordinator who is asked now and who was passed over and why; nothing where there is nothing to say.

    Nobody but those who look after the neighbourhood reads it (R45); a neighbour who asked for it hears of a leave, by
    the function and not by name (R44).
    """
    own = home(ctx, escalation)
    reasons = [one for one in passed if one.why is not Why.ASKED]
    if not people and not reasons:
        return
    ids = [one.person for one in people] + [one.person for one in reasons if one.person is not None]
    offices = own.offices_of(ids)
    asked = listed(named(own, one.person, one.role, offices) for one in people)
    said: list[Text] = []
    for one in reasons:
        who = named(own, one.person, one.role, offices) if one.person is not None else function_of((), one.role)
        if one.person is None and not _is_word(one.role):
            who = one.role
        said.append(Text(f"passed.{one.why}", who=who, until=one.until))
    for one in reasons:
        if one.why is Why.LEAVE and one.person is not None:
            function = function_of(offices.get(one.person, ()), one.role)
            requester(own, escalation, Text("passed.leave", who=function, until=one.until))
    news = Text(
        "progress",
        short=escalation.short,
        asked=Text("progress.asked", names=asked) if asked is not None else None,
        passed=Lines(*said),
    )
    _say(own, escalation, news)


def _say(ctx: Context, escalation: Escalation, news: Text) -> None:
    decider = escalation.approved_by
    if ctx.has_person and ctx.person.id == decider:
        ctx.reply(news, severity=severity_of(escalation), thread=about(escalation))
        return
    caretakers = [one.id for one in ctx.members(*CARETAKERS)]
    to: list[PersonId] = [one for one in caretakers if one == decider] or caretakers
    mine = ctx.person.id if ctx.has_person else None
    if to := [one for one in to if one != mine]:
        ctx.send(to, news, severity=severity_of(escalation), thread=about(escalation))


def _is_word(role: str) -> bool:
    """Whether an entry is a role or a kind, and not somebody's name."""
    return callee_of(role) is not None
