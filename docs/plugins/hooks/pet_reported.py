"""Somebody reported a lost pet, and no alert is made of it."""

import sys

from buurtwacht import Context, Manifest, PersonId, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


@hookimpl
def pet_reported(ctx: Context, person: PersonId, words: str) -> None:
    """Answer him: nobody else did."""
    ctx.send(person, Text("said", words=words))


def test_who_lost_a_pet_is_answered():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        fatima.says("mijn kat is weg")
        assert "Schuur: mijn kat is weg" in [one.text for one in fatima.received]
