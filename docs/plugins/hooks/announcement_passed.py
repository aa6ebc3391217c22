"""A representative decided."""

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
def announcement_passed(ctx: Context, announcement: int, neighbourhood: int) -> None:
    """Say where."""
    tell(ctx, ctx.neighbourhood_of(neighbourhood).code)


def test_the_co_ordinator_reads_of_it():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        with world.context("announcements", tolberg) as ctx:
            ctx.tell("announcement_passed", announcement=1, neighbourhood=ctx.here.id)
        assert "Schuur: TB" in [one.text for one in kees.received]
