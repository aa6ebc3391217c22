"""Somebody left: he brings the key back."""

import sys

from buurtwacht import Context, Manifest, PersonId, Role, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


def tell(ctx: Context, words: str) -> None:
    """Say something to those who look after the neighbourhood."""
    ctx.send([one.id for one in ctx.members(Role.COORDINATOR)], Text("said", words=words))


@hookimpl
def member_left(ctx: Context, person: PersonId) -> None:
    """Say that a key may be missing."""
    tell(ctx, "sleutel")


def test_the_co_ordinator_reads_that_somebody_left():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        henk.says("afmelden")
        henk.taps("Ja")
        assert "Schuur: sleutel" in [one.text for one in kees.received]
