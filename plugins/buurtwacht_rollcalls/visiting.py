"""Looking in on one neighbour who consented: `kijk bij Riet` asks the key holders, one after the other."""

from __future__ import annotations

from buurtwacht import Answer, Choice, Context, Message, Person, Refusal, Text, answer
from buurtwacht_rollcalls import caretakers, ladder, opening
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.names import fitting
from buurtwacht_rollcalls.records import KeyHolder, Kind, running


def look_in(ctx: Context, name: str) -> None:
    """Ask who holds this neighbour's key to look; he is on the list, and his key holders find out how he is."""
    found = fitting(name, ctx.members())
    if not found:
        raise Refusal(Text("visit.unknown", name=name[:60]))
    if len(found) > 1:
        choices = [
            Choice(str(one.id), Text("proxy.choice", who=ctx.name_of(one), street=place.street or None))
            for one in found[:10]
            if (place := one.membership(ctx.here.id)) is not None
        ]
        ctx.ask(ctx.person, Message(Text("proxy.which"), choices=choices), "visit")
        return
    _begin(ctx, found[0])


@answer("visit")
def chosen(ctx: Context, given: Answer) -> None:
    """Of several of one name, this one is meant."""
    one = next((one for one in ctx.members() if str(one.id) == given.value), None)
    if one is None or not caretakers.are_meant(ctx):
        raise Refusal(Text("visit.gone"))
    _begin(ctx, one)


def _begin(ctx: Context, one: Person) -> None:
    if ctx.records.first(KeyHolder, neighbourhood=ctx.here.id, person=one.id, agreed=True) is None:
        raise Refusal(Text("visit.no_consent", who=ctx.name_of(one)))
    if any(call.kind is Kind.VULNERABLE and call.is_open for call, _ in running(ctx, one.id)):
        raise Refusal(Text("visit.running", who=ctx.name_of(one)))
    window = PATTERNS[Kind.VULNERABLE].window
    assert window is not None
    plan = opening.Plan(Kind.VULNERABLE, "", [one.id], ctx.after(window))
    call = opening.open_call(ctx, plan, asked_by=ctx.person.id, silently=True)
    ladder.begin(ctx, call, [one.id])
    ctx.reply(Text("visit.begun", who=ctx.name_of(one), short=call.short))
