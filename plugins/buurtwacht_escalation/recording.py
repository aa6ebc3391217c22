"""What was asked for and refused: said in one sentence, and on record."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from buurtwacht import Context, Refusal

P = ParamSpec("P")
Handler: TypeAlias = Callable[Concatenate[Context, P], None]


def recorded(handler: Handler[P]) -> Handler[P]:
    """Reply with what a command's handler refuses, and keep a line of it in the audit log: the reason, no words.

    A handler that refuses has written nothing before.
    """

    @wraps(handler)
    def guarded(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            handler(ctx, *args, **kwargs)
        except Refusal as refusal:
            ctx.note("escalation_refused", reason=refusal.text.key)
            ctx.reply(refusal.text)

    return guarded
