"""A co-ordinator records what he heard of somebody: `jan veilig via zoon` (R32). It shows as told by another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from buurtwacht import Answer, Choice, Context, Fact, Message, Person, PersonId, Refusal, Text, answer, fold
from buurtwacht_rollcalls import caretakers, ladder, tally, wording
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.names import fitting
from buurtwacht_rollcalls.reading import Other, read
from buurtwacht_rollcalls.records import Entry, Kind, RollCall, Value, entries, get

_PROXY = re.compile(
    r"(?:(?P<before>\w{1,6}-R\d+)\s+)?(?P<name>[^\d,;:!?]{2,60}?)\s+(?:is\s+|zijn\s+)?"
    r"(?P<said>veilig|ok|oke|oké|okay|safe|fine|goed|(?:het )?gaat goed|hulp(?: nodig)?|(?:needs? )?help"
    r"|niet (?:in de buurt|thuis|veilig|ok|oké|oke|goed)|not (?:home|nearby|safe|ok|around)|weg|away"
    r"|op vakantie|aanwezig|present|later|ziek|ill|komt|komt niet|coming|not coming|ja|nee|yes|no)"
    r"\s+(?:via|volgens|according to)\s+(?P<via>.{1,60}?)(?:\s+(?P<after>\w{1,6}-R\d+))?[\s.!]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """Who is meant, what is said of him, by whom it was told, and about which roll call if an id stood there."""

    name: str
    said: str
    via: str
    short: str


def parse(text: str) -> Told | None:
    """Return what a sentence tells of somebody else, or None for any other."""
    found = _PROXY.fullmatch(text.strip())
    if found is None:
        return None
    short = (found["before"] or found["after"] or "").upper()
    return Told(found["name"].strip(), found["said"], found["via"].strip(), short)


def record(ctx: Context, text: str) -> None:
    """Write down what the co-ordinator heard of somebody."""
    told = parse(text)
    assert told is not None
    call, value = _call(ctx, told)
    listed = [one for one in entries(ctx, call) if one.person is not None]
    people = ctx.people([one.person for one in listed if one.person is not None])
    found = fitting(told.name, list(people.values()))
    if not found:
        raise Refusal(Text("proxy.unknown", name=told.name, short=call.short))
    if len(found) > 1:
        _which(ctx, call, found, value, told.via)
        return
    entry = next(one for one in listed if one.person == found[0].id)
    _keep(ctx, call, entry, value, told.via)


def _which(ctx: Context, call: RollCall, found: Sequence[Person], value: Value, via: str) -> None:
    """Several have this name: ask which, with the street beside it; he looks after them and may see it."""
    choices = [
        Choice(str(one.id), Text("proxy.choice", who=ctx.name_of(one), street=place.street or None))
        for one in found[:10]
        if (place := one.membership(ctx.here.id)) is not None
    ]
    payload = {"call": call.id, "value": value, "via": via}
    ctx.ask(ctx.person, Message(Text("proxy.which"), choices=choices), "proxy", payload=payload)


@answer("proxy")
def chosen(ctx: Context, given: Answer) -> None:
    """Of several of one name, this one is meant."""
    call = get(ctx, int(given.payload["call"]))
    entry = next((one for one in entries(ctx, call) if str(one.person) == given.value), None)
    if entry is None or not caretakers.look_after(ctx, call):
        raise Refusal(Text("proxy.gone", short=call.short))
    _keep(ctx, call, entry, Value(given.payload["value"]), str(given.payload["via"]))


def _keep(ctx: Context, call: RollCall, entry: Entry, value: Value, via: str) -> None:
    assert entry.person is not None
    person = PersonId(entry.person)
    entry.change(call, ctx.now, value, "", via=via, by=ctx.person.id)
    tally.touch(ctx, call)
    ctx.close_questions(thread=call, who=person, for_good=False)
    if PATTERNS[call.kind].reads_words:
        ladder.answered(ctx, call, person)
    facts: dict[str, Fact] = {"who": ctx.name_of(person), "answer": wording.answer(call, value), "via": via}
    ctx.note("rollcall_recorded", call.short, value=value.value)
    if value is Value.HELP:
        caretakers.tell(ctx, call, wording.about(ctx, call, "proxy.help.caretaker", **facts))
    ctx.reply(wording.about(ctx, call, "proxy.done", **facts))


def _call(ctx: Context, told: Told) -> tuple[RollCall, Value]:
    """Return the roll call that is meant and what is said of him: the one named, else the newest that asks for that,
    of the open ones first (R32). Raises `Refusal` for what none of them asks.
    """
    if not caretakers.are_meant(ctx):
        raise Refusal(Text("refused.rollcall.role"))
    table = RollCall.__table__.c
    newest = [table.opens.desc(), table.id.desc()]
    if told.short:
        calls = ctx.records.find(RollCall, neighbourhood=ctx.here.id, short=told.short)
    else:
        calls = ctx.records.find(RollCall, neighbourhood=ctx.here.id, closed_at=None, order=newest)
        if not calls:
            last = ctx.records.first(RollCall, neighbourhood=ctx.here.id, order=newest)
            calls = [last] if last is not None else []
    if not calls:
        raise Refusal(Text("refused.rollcall.none"))
    for call in calls:
        value = _value(call, told.said)
        if value is not None:
            return call, value
    raise Refusal(Text("proxy.not_asked", short=calls[0].short))


def _value(call: RollCall, said: str) -> Value | None:
    """Return what is said of him, or None for what this roll call does not ask."""
    value: Value | None
    if PATTERNS[call.kind].reads_words:
        heard = read({"ja": "ok", "yes": "ok", "nee": "niet ok", "no": "niet ok"}.get(fold(said), said))
        value = heard if isinstance(heard, Value) else Value.HELP if heard is Other.BARE_HELP else None
    else:
        value = _PLAIN.get(fold(said))
        if call.kind is Kind.READINESS and value in (Value.YES, Value.NO):
            value = Value.COMING if value is Value.YES else Value.NOT_COMING
    return value if value in {one for one, _ in PATTERNS[call.kind].choices} else None


_PLAIN = {
    **dict.fromkeys(("aanwezig", "present"), Value.PRESENT),
    "later": Value.LATER,
    **dict.fromkeys(("ziek", "ill"), Value.ILL),
    **dict.fromkeys(("komt", "coming"), Value.COMING),
    **dict.fromkeys(("komt niet", "not coming"), Value.NOT_COMING),
    **dict.fromkeys(("ja", "yes"), Value.YES),
    **dict.fromkeys(("nee", "no"), Value.NO),
    **dict.fromkeys(("ok", "oke", "okay"), Value.OK),
}
