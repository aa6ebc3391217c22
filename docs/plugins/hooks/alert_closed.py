"""An alert ended."""

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
def alert_closed(ctx: Context, short: str, outcome: str) -> None:
    """Say how."""
    tell(ctx, f"{short} {outcome}")


def test_the_co_ordinator_reads_how_it_ended():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        fatima = tolberg.member("Fatima", channel="telegram")
        fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
        fatima.taps("Ja, door mij")
        world.advance(seconds=5)
        kees.says("einde TB-0001")
        assert "Schuur: TB-0001 all_clear" in [one.text for one in kees.received]
