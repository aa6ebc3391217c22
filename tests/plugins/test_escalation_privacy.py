"""Whose report officials were told of: he finds it in his data, and is no longer in it once he was erased."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World
from buurtwacht_escalation.privacy import erase, export
from buurtwacht_escalation.records import Incident


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_the_reporter_is_found_and_taken_out(database: str) -> None:
    with World(database=database) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima, henk = (tolberg.member(name, channel="telegram") for name in ("Fatima", "Henk"))
        with world.context("escalation", tolberg) as ctx:
            for number, reporter in enumerate([world.person_id(fatima), world.person_id(henk), None], 1):
                facts: dict[str, object] = {"reporter": reporter, "point": [51.5, 4.4]}
                short = f"TB-000{number}"
                kept = Incident(alert=number, short=short, neighbourhood=ctx.here.id, facts=facts, opened_at=ctx.now)
                ctx.records.add(kept)
        with world.context("escalation", tolberg) as ctx:
            assert export(ctx, world.person_id(fatima))["reports_kept"] == ["TB-0001"]
            erase(ctx, world.person_id(fatima))
        with world.context("escalation", tolberg) as ctx:
            found = ctx.records.find(Incident, order=Incident.__table__.c.short)
            assert [one.reporter for one in found] == [None, world.person_id(henk), None]
            assert found[0].facts["point"] is None
