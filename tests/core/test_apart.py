"""One plugin whose query fails keeps no other from being asked: PostgreSQL gives up a whole transaction for it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from buurtwacht import Context, Guess, Hearing, Manifest, PersonId, Rank, Record, Text, hookimpl
from buurtwacht.testing import World


def plugin(ident: str, *, fails: bool) -> ModuleType:
    """Make a plugin that reads a record of its own before it answers anything, or tries to."""

    class Page(Record, plugin=ident):
        words: str

    def take(ctx: Context, said: str) -> None:
        ctx.records.add(Page(words="known"))
        ctx.reply(Text("message.map", domain="core", link=ident))

    def look(ctx: Context) -> int:
        return len(ctx.records.find(Page, *([text("no_such_column = 1")] if fails else [])))

    @hookimpl
    def recognise(hearing: Hearing) -> Guess | None:
        return Guess(take, 1.0 + look(hearing.ctx), Rank.OTHER) if hearing.text == "bladzijde" else None

    @hookimpl
    def export_person(ctx: Context, person: PersonId) -> dict[str, Any]:
        return {"pages": look(ctx)}

    module = ModuleType(ident)
    module.manifest = Manifest(id=ident, name=ident, version="1")  # type: ignore[attr-defined]
    module.recognise, module.export_person = recognise, export_person  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_query_that_fails_spoils_nothing_of_the_others(database: str) -> None:
    # They are asked from the last to the first, so that one stands on either side.
    plugins = [plugin("diary", fails=False), plugin("torn", fails=True), plugin("notes", fails=False)]
    with World(plugins=plugins, database=database) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        with world.expects_error("torn"):
            fatima.says("bladzijde")
            assert fatima.last.text in ("Kaart: diary", "Kaart: notes")
            with world.context("members", tolberg) as ctx:
                found = ctx.export_all(world.person_id(fatima))
        assert found["torn"] is None
        assert sorted((found["diary"]["pages"], found["notes"]["pages"])) == [0, 1]
        assert found["members"] is not None
