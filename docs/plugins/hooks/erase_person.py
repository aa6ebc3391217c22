"""Somebody is erased: nothing of his is kept."""

import sys

from buurtwacht import Command, Context, Manifest, PersonId, Record, hookimpl
from buurtwacht.testing import World

manifest = Manifest(id="shed", name="Shed", version="1.0")


class Loan(Record):
    """Something that somebody has; the table is shed_loan."""

    owner: PersonId
    what: str


def lend(ctx: Context, what: str) -> None:
    """Write down who has it."""
    ctx.records.add(Loan(owner=ctx.person.id, what=what))


@hookimpl
def commands() -> list[Command]:
    """Return what people can type."""
    return [Command("lend", lend)]


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Take away what leads to him."""
    for loan in ctx.records.find(Loan, owner=person):
        ctx.records.remove(loan)


def test_who_is_erased_has_no_loans():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        henk.says("leen ladder")
        henk.says("verwijder mij")
        henk.taps("Alles wissen")
        with world.context("shed", tolberg) as ctx:
            assert ctx.records.find(Loan) == []
