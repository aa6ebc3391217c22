"""Somebody who was imported is welcomed."""

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
def welcome_person(ctx: Context, person: PersonId) -> None:
    """Say it to himself."""
    ctx.send(person, Text("said", words="welkom"))


def test_who_was_imported_is_welcomed():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        with world.context("members", tolberg) as ctx:
            ctx.tell("welcome_person", person=world.person_id(kees), neighbourhood=ctx.here.id)
        assert "Schuur: welkom" in [one.text for one in kees.received]
