"""A plugin that has something asked by roll calls, and hears how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from buurtwacht import CARETAKERS, Command, Context, Manifest, Record, hookimpl

manifest = Manifest(
    id="asker", name="Vrager", version="1", permissions=frozenset({"store", "read:names", "send:members"})
)


class Heard(Record):
    reference: str
    short: str
    counts: dict[str, int]
    answers: dict[str, str]


def want(ctx: Context, minutes: str) -> None:
    """Have everybody but the co-ordinators asked whether he is there."""
    people = [
        one.id for one in ctx.members() if not (place := one.membership(ctx.here.id)) or not place.has(*CARETAKERS)
    ]
    closes = ctx.now + timedelta(minutes=int(minutes))
    for _ in range(2):
        ctx.tell(
            "rollcall_wanted",
            reference="shift:7",
            kind="patrol_attendance",
            question="Ronde van 21:30",
            people=people,
            closes=closes.isoformat(),
        )


@hookimpl
def commands() -> list[Command]:
    """One word."""
    return [Command("want", want)]


@hookimpl
def rollcall_closed(
    ctx: Context, reference: str, short: str, counts: Mapping[str, int], answers: Mapping[str, str]
) -> None:
    """Keep what was told."""
    ctx.records.add(Heard(reference=reference, short=short, counts=dict(counts), answers=dict(answers)))
