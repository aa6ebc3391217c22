"""Something was decided about an announcement."""

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
def announcement_settled(ctx: Context, announcement: int) -> None:
    """Say it."""
    tell(ctx, "besloten")


def test_the_co_ordinator_reads_of_it():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        with world.context("announcements", tolberg) as ctx:
            ctx.tell("announcement_settled", announcement=1)
        assert "Schuur: besloten" in [one.text for one in kees.received]
