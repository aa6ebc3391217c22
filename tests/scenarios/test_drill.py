"""Drills are not held yet: a word too many must not alarm a neighbourhood (design §9.7)."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World


@pytest.mark.parametrize("words", ["oefening verdachte auto meidoornstraat", "melding oefening brand meidoornstraat"])
def test_a_drill_alarms_nobody(world: World, words: str) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
    fatima = tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    henk = tolberg.member("Henk", channel="whatsapp")
    fatima.says(words)
    world.advance(minutes=2)
    assert "oefening" in fatima.last.text.lower()
    assert henk.received == []
