"""Somebody changed what he wrote."""

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
def message_edited(ctx: Context, person: PersonId, message: str, text: str) -> None:
    """Say what it says now."""
    tell(ctx, text)


def test_the_co_ordinator_reads_what_it_says_now():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        henk.says("de ladder is stuk")
        henk.edits("de trap is stuk")
        assert kees.last.text == "Schuur: de trap is stuk"
