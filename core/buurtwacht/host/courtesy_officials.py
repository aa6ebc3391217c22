"""What an official who is no member hears from the core itself."""

from __future__ import annotations

from buurtwacht.host import courtesy
from buurtwacht.host.context import Context
from buurtwacht.host.scene import Plan, Scene
from buurtwacht.vocabulary.messages import Severity, Text


def emergency(ctx: Context) -> Plan:
    """He calls for help: nothing of ours is as fast as the emergency number, and it is his own call (design §9)."""

    def run() -> None:
        ctx.reply(Text("official.emergency"), severity=Severity.CRITICAL)

    return Plan("core", "emergency", run, presses=True, context=ctx)


def not_understood(ctx: Context, scene: Scene) -> Plan:
    """Say that it was not understood, with what he can do here, at most five times an hour."""
    if not courtesy.may_answer(ctx, scene, *courtesy.PUZZLED):
        return courtesy.silence()
    return courtesy.say_text(ctx, Text("official.not_understood", lines=courtesy.offer(ctx)))
