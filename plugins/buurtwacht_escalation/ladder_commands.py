"""`ladder`: co-ordinators see who is asked in which order, change it, and take that back (R54)."""

from __future__ import annotations

import re

from pydantic import ValidationError

from buurtwacht import CARETAKERS, Context, Lines, Refusal, Text, fold
from buurtwacht_escalation.callees import callee_of, is_emergency
from buurtwacht_escalation.holders import Holders
from buurtwacht_escalation.naming import function_of, named
from buurtwacht_escalation.recording import recorded
from buurtwacht_escalation.settings import EscalationSettings, Step
from buurtwacht_escalation.targets import all_shown
from buurtwacht_escalation.telling import listed

_STEPS = re.compile(r"\s*(?:>|→|;|\n|\bdan\b|\bdaarna\b|\bthen\b)\s*", re.IGNORECASE)
_SET = re.compile(r"^(?:zet|wordt|is|set|=|:)\s*:?\s*", re.IGNORECASE)
_RESET = frozenset({"standaard", "reset", "herstel", "terugzetten", "default", "wissen"})
_DROP = re.compile(r"^(?:weg|verwijder|wis|drop|remove)\s+(?P<first>.+)$|^(?P<last>.+?)\s+(?:weg|remove|drop)$", re.I)
_NAMED = re.compile(r"^(?P<name>[^:>;\n]{1,30}):\s*(?P<steps>.+)$", re.DOTALL)


@recorded
def ladder(ctx: Context, text: str = "") -> None:
    """`ladder [name:] wijkagent 10 min > gemeente, boa`: show, set or reset who is asked in which order."""
    if ctx.neighbourhood is None or not ctx.has(*CARETAKERS):
        raise Refusal(Text("refused.caretakers.ladder"))
    said = text.strip()
    settings = ctx.settings(EscalationSettings)
    ladders = {name: list(steps) for name, steps in settings.ladders.items()}
    if not said:
        _show(ctx, settings)
        return
    if fold(said) in _RESET:
        ctx.reset_setting("ladder")
        ctx.reset_setting("ladders")
        ctx.reply(Text("ladder.reset"))
        return
    if (drop := _DROP.match(said)) is not None:
        _drop(ctx, ladders, (drop["first"] or drop["last"]).strip())
        return
    found = _NAMED.match(said)
    name = found["name"].strip().lower() if found is not None and not _SET.match(found["name"]) else ""
    holders = Holders(ctx)
    steps = [
        _step(ctx, holders, part)
        for part in _STEPS.split(_SET.sub("", found["steps"] if found and name else said))
        if part
    ]
    if not steps:
        raise Refusal(Text("refused.ladder.empty"))
    if name:
        ctx.change_setting("ladders", {**ladders, name: steps})
    else:
        ctx.change_setting("ladder", steps)
    ctx.reply(Text("ladder.set", name=name or None, steps=_lines(ctx, holders, steps)))


def _drop(ctx: Context, ladders: dict[str, list[Step]], name: str) -> None:
    known = next((one for one in ladders if fold(one) == fold(name)), None)
    if known is None:
        key = "refused.ladder" if ladders else "refused.ladder.none"
        raise Refusal(Text(key, name=name[:30], names=", ".join(sorted(ladders)) or None))
    if any(rule.goes_to(known) for rule in ctx.settings(EscalationSettings).rules):
        raise Refusal(Text("refused.ladder.rule", name=known))
    ctx.change_setting("ladders", {one: steps for one, steps in ladders.items() if one != known})
    ctx.reply(Text("ladder.dropped", name=known))


def _step(ctx: Context, holders: Holders, text: str) -> Step:
    """Read one step. Raises `Refusal` for an emergency number, somebody nobody knows here, and a name that fits two."""
    try:
        step = Step.model_validate(text)
    except ValidationError:
        said = [word for word in re.split(r"[\s,+]+", text) if is_emergency(word)]
        raise Refusal(Text("refused.emergency" if said else "refused.step", text=text[:60])) from None
    for entry in step.who:
        if callee_of(entry) is not None:
            continue
        found = holders.named(entry)
        if not found:
            names = all_shown(ctx, holders)
            raise Refusal(Text("refused.who", who=entry[:40], names=names, ladders=None, neighbourhood=ctx.here.name))
        if len(found) > 1:
            offices = ctx.offices_of([one.person for one in found])
            names = listed(named(ctx, one.person, one.role, offices) for one in found)
            raise Refusal(Text("refused.two", names=names))
    return step


def _show(ctx: Context, settings: EscalationSettings) -> None:
    holders = Holders(ctx)
    others = [
        Text("ladder.other", name=name, steps=_lines(ctx, holders, list(steps)))
        for name, steps in sorted(settings.ladders.items())
    ]
    text = Text(
        "ladder.shown",
        neighbourhood=ctx.here.name,
        steps=_lines(ctx, holders, list(settings.ladder)),
        others=Lines(*others),
    )
    ctx.reply(text)


def _lines(ctx: Context, holders: Holders, steps: list[Step]) -> Lines:
    """Return the steps as people read them: who, who that is now, how many must confirm, and in how many minutes."""
    lines: list[Text] = []
    for number, step in enumerate(steps, 1):
        entries = listed(_entry(ctx, holders, entry) for entry in step.who)
        several = Text("ladder.several", count=step.confirmations) if step.confirmations > 1 else None
        lines.append(Text("ladder.step", number=number, who=entries, several=several, minutes=step.minutes))
    return Lines(*lines)


def _entry(ctx: Context, holders: Holders, entry: str) -> Text:
    who = function_of((), entry) if callee_of(entry) is not None else entry
    people = holders.named(entry)
    names = listed(Text("ladder.name", who=ctx.name_of(one.person)) for one in people)
    return Text("ladder.entry", who=who, names=names if names is not None else Text("ladder.nobody"))
