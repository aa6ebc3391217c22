"""The roll call that was asked for, answered."""

import sys
from collections.abc import Mapping
from datetime import timedelta

from buurtwacht import Command, Context, Manifest, Role, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


def lend(ctx: Context, what: str) -> None:
    """Have everybody asked who comes along."""
    ctx.tell(
        "rollcall_wanted",
        reference=what,
        kind="meeting",
        question=what,
        people=[one.id for one in ctx.members()],
        closes=(ctx.now + timedelta(hours=1)).isoformat(),
    )


@hookimpl
def commands() -> list[Command]:
    """Return what people can type."""
    return [Command("lend", lend)]


@hookimpl
def rollcall_closed(ctx: Context, reference: str, answers: Mapping[str, str]) -> None:
    """Say how many answered."""
    words = f"{reference} {len(answers)}"
    ctx.send([one.id for one in ctx.members(Role.COORDINATOR)], Text("said", words=words))


def test_the_co_ordinator_reads_how_many_answered():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        kees.says("leen ladder")
        henk.taps("Ja")
        world.advance(hours=1)
        assert "Schuur: ladder 1" in [one.text for one in kees.received]
