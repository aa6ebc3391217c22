"""Where an NL-Alert holds: polygons, their edges, and names in its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht_nl_alert.areas import Polygon

SQUARE = Polygon.parse("51.52,4.44 51.52,4.49 51.545,4.49 51.545,4.44 51.52,4.44")


@pytest.mark.parametrize(
    ("latitude", "longitude", "metres", "inside"),
    [
        (51.53, 4.46, 0, True),
        (51.5199, 4.46, 0, False),
        (51.5199, 4.46, 50, True),  # eleven metres south of it
        (51.53, 4.4929, 150, False),  # two hundred metres east
        (51.53, 4.4929, 250, True),
        (51.519, 4.439, 100, False),  # beyond the corner: 111 and 69 metres
        (51.519, 4.439, 140, True),
    ],
)
def test_a_point_is_within_or_near(latitude: float, longitude: float, metres: float, inside: bool) -> None:
    assert SQUARE.within(latitude, longitude, metres) is inside


@pytest.mark.parametrize(
    "text", ["", "51.5,4.4", "51.5,4.4 51.6,4.4", "a,b c,d e,f", "51.5 4.4 51.6", "95,4 51,4 51,5"]
)
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Polygon.parse(text)


@given(st.floats(51.521, 51.544), st.floats(4.441, 4.489), st.floats(0, 10_000))
def test_what_lies_inside_is_inside_whatever_the_margin(latitude: float, longitude: float, metres: float) -> None:
    assert SQUARE.within(latitude, longitude, metres)


@given(st.floats(51.4, 51.7), st.floats(4.3, 4.7), st.floats(0, 5_000), st.floats(0, 5_000))
def test_a_wider_margin_never_leaves_out_what_a_narrower_takes_in(
    lat: float, lon: float, one: float, more: float
) -> None:
    assert SQUARE.within(lat, lon, one + more) or not SQUARE.within(lat, lon, one)
