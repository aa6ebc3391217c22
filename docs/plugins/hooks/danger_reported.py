"""Somebody reported something critical."""

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
def danger_reported(ctx: Context, words: str) -> None:
    """Say that help may be needed; the words are his, and not for others."""
    tell(ctx, f"{len(words.split())} woorden")


def test_the_co_ordinator_reads_of_danger():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        fatima = tolberg.member("Fatima", channel="telegram")
        fatima.says("brand, er slaan vlammen uit het dak")
        assert "Schuur: 7 woorden" in [one.text for one in kees.received]
