"""The neighbourhood's paper: a small plugin that tells everybody something of no hurry, and corrects it."""

from __future__ import annotations

from buurtwacht import Command, Context, Manifest, Message, Record, Severity, Text, hookimpl

manifest = Manifest(
    id="paper",
    name="Buurtkrant",
    version="1.0",
    permissions=frozenset({"store", "send:members", "read:names"}),
)


class Piece(Record):
    """One piece of news, and the message that told it."""

    message: int


def publish(ctx: Context, news: str) -> None:
    """Tell every member but who writes it."""
    readers = ctx.audience.members().without(ctx.person.id)
    ctx.records.add(Piece(message=ctx.broadcast(readers, Text("news", news=news), Severity.INFO)))


def correct(ctx: Context, news: str) -> None:
    """Change what was told last."""
    piece = ctx.records.find(Piece)[-1]
    content = Message(Text("news", news=news), brief=Text("correction", news=news))
    ctx.broadcast(
        ctx.audience.members().without(ctx.person.id),
        content,
        Severity.INFO,
        replaces=piece.message,  # type: ignore[arg-type] # a record keeps plain numbers
    )


@hookimpl
def commands() -> list[Command]:
    """The words of the paper."""
    return [Command("publish", publish), Command("correct", correct)]
