"""An admin decided that a membership ends."""

import sys

from buurtwacht import Context, Manifest, Role, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


def tell(ctx: Context, words: str) -> None:
    """Say something to those who look after the neighbourhood."""
    ctx.send([one.id for one in ctx.members(Role.COORDINATOR)], Text("said", words=words))


@hookimpl
def removal_decided(ctx: Context, alarms: int, days: int) -> None:
    """Say why."""
    tell(ctx, f"{alarms} in {days}")


def test_the_co_ordinator_reads_of_it():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        who = world.person_id(tolberg.member("Henk", channel="telegram"))
        with world.context("alerts", tolberg) as ctx:
            ctx.tell(
                "removal_decided", person=who, neighbourhood=ctx.here.id, by=world.person_id(kees), alarms=3, days=90
            )
        assert "Schuur: 3 in 90" in [one.text for one in kees.received]
