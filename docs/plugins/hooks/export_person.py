"""What is kept about a person, for himself."""

import json
import sys
from collections.abc import Mapping

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
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return it as JSON values."""
    return {"loans": [one.what for one in ctx.records.find(Loan, owner=person)]}


def test_who_asks_for_his_data_finds_his_loans():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        kees.says("leen ladder")
        kees.says("mijn gegevens")
        (export,) = [file for one in kees.received for file in one.attachments]
        assert json.loads(export.data)["shed"] == {"loans": ["ladder"]}
