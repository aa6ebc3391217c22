"""What people read of a roll call: the question, its reminder, and its answers by name."""

from __future__ import annotations

from buurtwacht import Choice, Context, Fact, Message, Text
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Kind, RollCall, Value

YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))
#: Kinds whose question has words of its own when nobody typed one.
_OWN_WORDS = frozenset({Kind.READINESS, Kind.TEST, Kind.DAILY, Kind.ATTENDANCE})


def question(ctx: Context, call: RollCall, *, again: bool = False) -> Message:
    """Return what the audience is asked, or its reminder."""
    key = f"rollcall.{call.kind}.again" if again else f"rollcall.{call.kind}"
    return Message(about(ctx, call, key), choices=PATTERNS[call.kind].buttons)


def about(ctx: Context, call: RollCall, key: str, **more: Fact) -> Text:
    """Return a text about a roll call, with what such texts show: its question, place, times and id."""
    facts: dict[str, Fact] = {
        "short": call.short,
        "question": call.question or (Text(f"question.{call.kind}") if call.kind in _OWN_WORDS else None),
        "neighbourhood": ctx.here.name,
        "place": call.place or ctx.here.name,
        "at": call.opens,
        "until": call.closes,
        "ended": call.closed_at,
        "needed": Text("rollcall.needed", number=call.needed) if call.needed else None,
        **more,
    }
    return Text(key, **facts)  # type: ignore[arg-type] # none of them is called domain


def answer(call: RollCall, value: Value) -> Text:
    """Return an answer as it is named in a sentence."""
    return Text("answer.well" if value is Value.SAFE and call.kind is Kind.DAILY else f"answer.{value}")


def puzzled(call: RollCall) -> Message:
    """Return the question once more, for somebody who was not understood."""
    return Message(Text("rollcall.puzzled", short=call.short), choices=PATTERNS[call.kind].buttons)
