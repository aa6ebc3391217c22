"""What has not ended has a next step, and the core proves that once a minute."""

import sys
from datetime import timedelta

from buurtwacht import Command, Context, Manifest, PersonId, Proof, Record, RecordId, Text, UnderWay, hookimpl, timer
from buurtwacht.testing import World, self_audit

manifest = Manifest(id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "timers", "send:members"}))


class Loan(Record):
    """Something that somebody has; the table is shed_loan."""

    owner: PersonId
    what: str


def lend(ctx: Context, what: str) -> None:
    """Write down who has it, and set a timer for its end."""
    loan = ctx.records.add(Loan(owner=ctx.person.id, what=what))
    ctx.later(timedelta(days=7), remind, loan.id, key=f"remind:{loan.id}")


@hookimpl
def commands() -> list[Command]:
    """Return what people can type."""
    return [Command("lend", lend)]


@timer("remind")
def remind(ctx: Context, loan: RecordId) -> None:
    """Ask for it; then it is no more of our business."""
    known = ctx.records.get(Loan, loan)
    if known is not None:
        ctx.send(known.owner, Text("said", words=known.what))
        ctx.records.remove(known)


@hookimpl
def under_way(ctx: Context) -> list[Proof]:
    """Every loan waits for its timer; its name in a message to co-ordinators is the text "loan"."""
    return [UnderWay(Loan, [], ["remind:{id}"], "loan")]


def test_a_loan_that_nobody_would_ask_for_is_found():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        kees.says("leen ladder")
        with world.context("shed", tolberg) as ctx:
            (loan,) = ctx.records.find(Loan)
            ctx.cancel(f"remind:{loan.id}")
        self_audit(world, minutes=2)
        assert "uitgeleend gereedschap" in kees.last.text
        with world.context("shed", tolberg) as ctx:
            ctx.later(timedelta(hours=1), remind, loan.id, key=f"remind:{loan.id}")
        world.advance(hours=1)
        assert kees.last.text == "Schuur: ladder"
