"""An office ended: what he was asked as that is nobody's any more."""

import sys

from buurtwacht import Context, Manifest, OfficialKind, Role, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


def tell(ctx: Context, words: str) -> None:
    """Say something to those who look after the neighbourhood."""
    ctx.send([one.id for one in ctx.members(Role.COORDINATOR)], Text("said", words=words))


@hookimpl
def official_dismissed(ctx: Context, kind: str, municipality: str) -> None:
    """Say which."""
    for one in ctx.neighbourhoods():
        tell(ctx.within(one), f"{kind} {municipality}")


def test_the_co_ordinator_reads_whose_office_ended():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        anja = world.official("Anja", "boa", municipality="Roosendaal", channel="telegram")
        with world.context("members", tolberg) as ctx:
            ctx.directory.dismiss(world.person_id(anja), OfficialKind.BOA, "Roosendaal")
        assert kees.last.text == "Schuur: boa Roosendaal"
