"""An official has an alert."""

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
def official_acknowledged(ctx: Context, short: str, kind: str) -> None:
    """Say who."""
    tell(ctx, f"{short} {kind}")


def test_the_co_ordinator_reads_who_has_it():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood(
            "TB", "Tolberg", municipality="Roosendaal", streets=["Meidoornstraat"], quiet_hours=None
        )
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        anja = world.official("Anja", "police", municipality="Roosendaal", channel="telegram")
        fatima = tolberg.member("Fatima", channel="telegram")
        fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
        fatima.taps("Ja, door mij")
        world.advance(seconds=5)
        kees.says("schaal op TB-0001")
        anja.taps("Ontvangen")
        assert "Schuur: TB-0001 police" in [one.text for one in kees.received]
