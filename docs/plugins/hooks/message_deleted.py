"""Somebody took back what he wrote."""

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
def message_deleted(ctx: Context, person: PersonId, message: str) -> None:
    """Forget it, where it was kept."""
    tell(ctx, "een bericht minder")


def test_the_co_ordinator_reads_that_it_is_gone():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="whatsapp")
        henk.says("de ladder is stuk")
        henk.deletes()
        assert kees.last.text == "Schuur: een bericht minder"
