"""Somebody wants to hear everything again."""

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
def mute_ended(ctx: Context, person: PersonId) -> None:
    """Say it to himself."""
    ctx.send(person, Text("said", words="open"))


def test_the_co_ordinator_reads_of_it():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        with world.context("members", tolberg) as ctx:
            ctx.tell("mute_ended", person=world.person_id(kees))
        assert "Schuur: open" in [one.text for one in kees.received]
