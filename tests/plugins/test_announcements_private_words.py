"""What does not go below an announcement: what leads to one person."""

from __future__ import annotations

import pytest

from buurtwacht_announcements.private_words import holds_private


@pytest.mark.parametrize(
    "text",
    [
        "bel Jan op 06 12345678",
        "0612345678",
        "+31 6 1234 5678",
        "0031612345678",
        "0165-553123",
        "mail jan@example.org",
        "een witte bus, 12-ABC-3",
        "kenteken ab-12-cd",
    ],
)
def test_what_leads_to_a_person_is_seen(text: str) -> None:
    assert holds_private(text)


@pytest.mark.parametrize(
    "text",
    [
        "bel 112",
        "bel 0900-8844",
        "bel gratis 0800 9009",
        "gemeente: 14 0165",
        "op 12-05-2026 om 10:30-12:00",
        "van 12-05-2026 tot 14-05-2026",
        "2026-05-12 10:00 tot 2026-05-13 11:00",
        "op de Kring 12 staat een tank",
        "kom-in-de-kring",
        "TB-M1 geldt nog",
    ],
)
def test_what_is_everybodys_is_not(text: str) -> None:
    assert not holds_private(text)
