"""Another plugin's roll call, asked for."""

import sys
from collections.abc import Sequence
from datetime import timedelta

from buurtwacht import Command, Context, Manifest, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


#: This one tells it; who listens to `rollcall_wanted` asks people in its own way.
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
def rollcall_wanted(ctx: Context, question: str, people: Sequence[int]) -> None:
    """Write down that it was asked."""
    ctx.note("asked", question, number=len(people))


def test_everybody_is_asked():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        kees.says("leen ladder")
        assert "ladder" in henk.last.text
        assert "Ja" in henk.last.buttons
        assert [one.subject for one in world.audit() if one.event == "asked"] == ["ladder"]
