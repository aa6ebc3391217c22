"""What goes on for longer than thirty days keeps who was shown it."""

import sys

from buurtwacht import Command, Context, Manifest, PersonId, Record, Severity, Text, Thread, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


class Loan(Record):
    """Something that somebody has; the table is shed_loan."""

    owner: PersonId
    what: str


def lend(ctx: Context, what: str) -> None:
    """Write down who has it, and tell everybody."""
    loan = ctx.records.add(Loan(owner=ctx.person.id, what=what))
    ctx.broadcast(ctx.audience.members(), Text("said", words=what), Severity.INFO, thread=loan)


@hookimpl
def commands() -> list[Command]:
    """Return what people can type."""
    return [Command("lend", lend)]


@hookimpl
def still_open(ctx: Context) -> list[Thread]:
    """Return the threads of all that is lent."""
    return [Thread("shed", one.id) for one in ctx.records.find(Loan)]


def test_after_two_months_it_is_known_who_was_told():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        kees.says("leen ladder")
        world.advance(days=60)
        with world.context("shed", tolberg) as ctx:
            (loan,) = ctx.records.find(Loan)
            assert [one.person for one in ctx.reached(loan)] == [loan.owner]
