"""A plugin cannot erase somebody who asked for it: the admins hear it once, and it is tried again until it is done."""

from __future__ import annotations

from types import ModuleType

import pytest

from buurtwacht import Context, Manifest, PersonId, hookimpl
from buurtwacht.testing import World


class Notes(ModuleType):
    """A plugin that cannot erase anybody while it is `broken`."""

    def __init__(self) -> None:
        super().__init__("notes")
        self.broken = True
        self.tries = 0
        self.erased: list[PersonId] = []
        self.manifest = Manifest(id="notes", name="Notes", version="1")

        @hookimpl
        def erase_person(ctx: Context, person: PersonId) -> None:
            self.tries += 1
            if self.broken:
                raise ArithmeticError
            self.erased.append(person)

        self.erase_person = erase_person


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_it_is_said_once_and_tried_again_until_it_is_done(database: str, wire: bool) -> None:
    notes = Notes()
    with World("2026-01-16 14:00", plugins=[notes], database=database, wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["coordinator", "admin"])
        fatima = tolberg.member("Fatima", channel="telegram")
        who = world.person_id(fatima)
        with world.expects_error("notes"):
            fatima.says("verwijder mij")
            world.advance(minutes=1)
            fatima.taps("Alles wissen")
            for _ in range(4):
                world.advance(hours=1)
            assert notes.tries > 2
        told = [one.text for one in kees.received if "niet wissen" in one.text]
        assert len(told) == 1
        assert "notes" in told[0]
        assert "Fatima" not in told[0]
        notes.broken = False
        for _ in range(5):
            world.advance(hours=1)
        assert notes.erased == [who]
        assert len([one for one in kees.received if "niet wissen" in one.text]) == 1
