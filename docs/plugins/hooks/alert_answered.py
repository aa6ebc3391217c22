"""Somebody answered to an alert."""

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
def alert_answered(ctx: Context, short: str) -> None:
    """Say to which."""
    tell(ctx, short)


def test_the_co_ordinator_reads_that_somebody_answered():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        fatima = tolberg.member("Fatima", channel="telegram")
        fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
        fatima.taps("Ja, door mij")
        world.advance(seconds=5)
        henk.taps(henk.last.buttons[0])
        assert "Schuur: TB-0001" in [one.text for one in kees.received]
