"""Whom an escalation is for, read from what people type, and the ladder that it then walks (R43)."""

from __future__ import annotations

from dataclasses import dataclass

from buurtwacht import CARETAKERS, Context, OfficialKind, PersonId, Refusal, Text, fold
from buurtwacht_escalation.callees import begins_with_callee, callee_of, is_emergency, nearly_begins_with_callee
from buurtwacht_escalation.holders import PERSON, Holder, Holders
from buurtwacht_escalation.naming import function_of, named
from buurtwacht_escalation.settings import EscalationSettings, Step
from buurtwacht_escalation.telling import listed

#: What stands before the name of a ladder in a target.
LADDER = "ladder:"
#: So many words behind an id are a reason, and nobody's name.
_REASON = 3
_ROLES = frozenset(str(one) for one in CARETAKERS)
_LEADING = ("naar de ", "naar het ", "naar ", "de ", "het ", "to the ", "to ", "the ", "ladder ", "via ")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an escalation is for: empty, a kind, a role, "ladder:<name>" or "person:<id>"; and the reason behind it."""

    value: str
    reason: str = ""


def read_target(ctx: Context, holders: Holders, text: str) -> Target:
    """Read "wijkagent want hij staat er weer". Nothing that is known and a few words: a reason for the whole ladder.

    Raises `Refusal` for an emergency number, somebody nobody knows here, and a name that fits two.
    """
    said = _without_leading(text)
    first = said.split()[0].strip(".,:;!") if said else ""
    if is_emergency(first):
        raise Refusal(Text("refused.emergency"))
    if ladder := _ladder_in(ctx, said):
        return Target(LADDER + ladder[0], _reason(ladder[1]))
    found, rest = holders.begins_with_name(said) if callee_of(first) is None else ([], said)
    if found:
        return Target(_one_of(ctx, found), _reason(rest))
    meant = begins_with_callee(said) or nearly_begins_with_callee(said)
    if meant is not None:
        return _of_kind(ctx, holders, meant[0].value, meant[1])
    if said and len(said.split()) < _REASON:
        raise Refusal(_nobody(ctx, holders, "refused.who", said[:40]))
    return Target("", _reason(text))


def ladder_of(ctx: Context, target: str) -> list[Step]:
    """Return the steps of a target: named to somebody it begins with him, and goes on from his step (R43).

    Raises `Refusal` for a ladder that is gone.
    """
    settings = ctx.settings(EscalationSettings)
    if not target:
        return list(settings.ladder)
    if target.startswith(LADDER):
        steps = settings.ladders.get(target.removeprefix(LADDER))
        if steps is None:
            raise Refusal(Text("refused.ladder", name=target.removeprefix(LADDER), names=_ladders(ctx)))
        return list(steps)
    place = _place_of(ctx, settings, target)
    if place is None:
        above = [one for one in settings.ladder if not _ROLES.issuperset(one.who)]
        return [Step(who=(target,)), *above]
    own = settings.ladder[place]
    return [Step(who=(target,), minutes=own.minutes, repeats=own.repeats), *settings.ladder[place:]]


def target_shown(ctx: Context, target: str) -> Text | str:
    """Return whom an escalation is for, as people read it."""
    if not target:
        return Text("target.ladder")
    if target.startswith(LADDER):
        return Text("target.named", name=target.removeprefix(LADDER))
    if target.startswith(PERSON):
        who = PersonId(int(target.removeprefix(PERSON)))
        offices = ctx.offices_of([who])
        return named(ctx, who, str(offices[who][0].kind) if who in offices else "", offices)
    return function_of((), target)


def all_shown(ctx: Context, holders: Holders) -> Text | None:
    """Return everybody here who can be asked by name, with what he is; None: nobody."""
    people = [Holder(one.person, str(one.kind)) for one in holders.officials]
    offices = ctx.offices_of([one.person for one in people])
    return listed(named(ctx, one.person, one.role, offices) for one in people)


# --- inside ----------------------------------------------------------------------------------------------------------


def _without_leading(text: str) -> str:
    said = " ".join(text.split())
    for word in _LEADING:
        if said.casefold().startswith(word):
            return said[len(word) :]
    return said


def _reason(rest: str) -> str:
    said = " ".join(rest.split()).lstrip(":;,.- ")
    return said[:600]


def _ladder_in(ctx: Context, said: str) -> tuple[str, str] | None:
    """Return the named ladder that a text begins with, the longest first, and the rest."""
    words = said.split()
    for name in sorted(ctx.settings(EscalationSettings).ladders, key=len, reverse=True):
        length = len(name.split())
        if fold(" ".join(words[:length])) == fold(name):
            return name, " ".join(words[length:])
    return None


def _ladders(ctx: Context) -> str | None:
    return ", ".join(sorted(ctx.settings(EscalationSettings).ladders)) or None


def _of_kind(ctx: Context, holders: Holders, kind: str, rest: str) -> Target:
    """Return the target of a kind or role; "wijkagent Piet" is Piet."""
    if kind == OfficialKind.MAYOR:
        raise Refusal(Text("refused.mayor"))
    found = holders.named(kind)
    if not found:
        if kind == OfficialKind.CONTROLROOM:
            raise Refusal(Text("refused.controlroom"))
        raise Refusal(_nobody(ctx, holders, "refused.nobody", function_of((), kind)))
    people, behind = holders.begins_with_name(rest)
    same = [one for one in people if one.person in {each.person for each in found}]
    if same:
        return Target(_one_of(ctx, same), _reason(behind))
    return Target(kind, _reason(rest))


def _one_of(ctx: Context, found: list[Holder]) -> str:
    """Return the target of the one person a name means. Raises `Refusal` when it fits two."""
    if len(found) > 1:
        offices = ctx.offices_of([one.person for one in found])
        raise Refusal(Text("refused.two", names=listed(named(ctx, one.person, one.role, offices) for one in found)))
    return f"{PERSON}{found[0].person}"


def _nobody(ctx: Context, holders: Holders, key: str, who: Text | str) -> Text:
    """Say that nobody here is called so, and who is here instead; where that is nobody, what to do without."""
    names = all_shown(ctx, holders)
    return Text(key if names is not None else "refused.without", who=who, names=names, neighbourhood=ctx.here.name)


def _place_of(ctx: Context, settings: EscalationSettings, target: str) -> int | None:
    """Return the step of the ladder on which a target stands, by its own name or as what it is."""
    if target.startswith(PERSON):
        who = PersonId(int(target.removeprefix(PERSON)))
        held = Holders(ctx)
        for place, step in enumerate(settings.ladder):
            if any(one.person == who for entry in step.who for one in held.named(entry)):
                return place
        return None
    return next((place for place, step in enumerate(settings.ladder) if target in step.who), None)
