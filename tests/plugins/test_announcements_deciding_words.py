"""What a representative types: pass it on, with a line, or not; and all that is none of these."""

from __future__ import annotations

import pytest

from buurtwacht_announcements.deciding_words import Wish, read_wish


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("doorzetten", Wish("forward")),
        ("Doorzetten!", Wish("forward")),
        ("ja doorzetten", Wish("forward")),
        ("zet maar door", Wish("forward")),
        ("Doorsturen graag", Wish("forward")),
        ("Forward please", Wish("forward")),
        ("niet voor ons", Wish("decline")),
        ("Niet voor ons, wij hebben geen hond", Wish("decline", "wij hebben geen hond")),
        ("niet doorzetten: dat is al geweest", Wish("decline", "dat is al geweest")),
        ("Not for us - we have no dog", Wish("decline", "we have no dog")),
        ("don't forward", Wish("decline")),
        ("met eigen regel", Wish("line")),
        ("Met eigen regel: Ook voor de Flats", Wish("line", "Ook voor de Flats")),
        ("with a line of ours: also the flats", Wish("line", "also the flats")),
        ("doorzetten TB-0001 LD", None),
        ("kun je het doorzetten naar mijn broer", None),
        ("niet", None),
        ("niet voor onszelf", None),
        ("wij hebben geen hond", None),
        ("", None),
    ],
)
def test_a_wish_is_read(typed: str, wish: Wish | None) -> None:
    assert read_wish(typed) == wish
