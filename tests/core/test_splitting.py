"""Long texts in parts: however many there are, each fits with its number, and nothing is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht.edge.splitting import length, split_marked


def marked(part: str, number: int, total: int) -> str:
    return f"{part}\n({number}/{total})"


@pytest.mark.parametrize(("words", "digits"), [(30, 1), (300, 2), (3_000, 3), (30_000, 4)])
def test_each_part_fits_with_as_many_digits_as_its_number_has(words: int, digits: int) -> None:
    parts = split_marked("woord " * words, 100, 60, marked)
    assert len(str(len(parts))) == digits
    assert max(map(length, parts)) <= 100
    assert length(parts[-1]) <= 60
    assert [one.rpartition("\n")[2] for one in parts] == [
        f"({number}/{len(parts)})" for number in range(1, len(parts) + 1)
    ]
    assert sum(one.count("woord") for one in parts) == words


@given(st.text(st.sampled_from("ab🚓. \n"), min_size=1, max_size=3_000), st.integers(30, 60))
def test_no_sign_is_lost(text: str, limit: int) -> None:
    parts = split_marked(text, limit, limit, marked)
    assert all(length(one) <= limit for one in parts)
    assert "".join("".join(one.rpartition("\n")[0] for one in parts).split()) == "".join(text.split())
