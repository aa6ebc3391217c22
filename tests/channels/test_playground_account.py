"""An account of the playground in a town: over the page's requests people live through what they do elsewhere."""

from __future__ import annotations

import pytest

from buurtwacht.testing import World


@pytest.mark.parametrize("style", ["browser", "telegram"])
def test_a_neighbour_in_the_browser_reports_is_alarmed_and_hears_the_end(style: str) -> None:
    with World(
        "2026-01-16 01:42", wire=True, settings={"channels": {"playground": {"adapter": "playground", "style": style}}}
    ) as world:
        town = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = town.member("Fatima", channel="playground", street="Meidoornstraat")
        henk = town.member("Henk", channel="playground")
        kees = town.member("Kees", channel="telegram", roles=["member", "coordinator", "admin"])
        fatima.says("verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit", photo=True)
        fatima.taps("Ja, door mij")
        world.advance(seconds=5)
        assert "VERDACHT VOERTUIG" in henk.last.text
        henk.taps("Ik let op")
        assert "Ik let op" in henk.last.text
        kees.says("einde TB-0001 loos alarm")
        world.advance(seconds=30)
        assert "EINDE MELDING TB-0001" in henk.last.text
        assert "EINDE MELDING TB-0001" in fatima.last.text


def test_what_was_said_while_we_were_down_comes_once() -> None:
    with World("2026-01-16 14:00", wire=True) as world:
        town = world.neighbourhood("TB", "Tolberg")
        henk = town.member("Henk", channel="playground")
        with world.down():
            henk.says("help")
        answers = len(henk.received)
        assert answers > 0
        world.redeliver()
        assert len(henk.received) == answers
