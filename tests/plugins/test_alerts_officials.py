"""Texts that speak for officials, and what they promise."""

from __future__ import annotations

import pytest

from buurtwacht_alerts.officials import speaks_for_them, without_promises


@pytest.mark.parametrize(
    "text",
    [
        "vier aanhoudingen door de politie",
        "four arrests",
        "de wijkagent zegt dat het veilig is",
        "brandweer heeft geblust",
    ],
)
def test_it_is_noticed_who_speaks(text: str) -> None:
    assert speaks_for_them(text)


@pytest.mark.parametrize("text", ["het was een monteur", "he is gone", "vals alarm, een krantenbezorger"])
def test_neighbours_speak_for_themselves(text: str) -> None:
    assert not speaks_for_them(text)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("man voelt aan deuren, politie is onderweg", "man voelt aan deuren"),
        ("police are coming", ""),
        ("man zegt dat hij van de politie komt", "man zegt dat hij van de politie komt"),
        ("ze rijden richting Esdoornlaan", "ze rijden richting Esdoornlaan"),
    ],
)
def test_nobody_promises_help_on_a_neighbours_word(said: str, shown: str) -> None:
    assert without_promises(said) == shown
