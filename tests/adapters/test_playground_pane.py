"""What happened inside, as the board keeps it for pages that are opened later."""

from __future__ import annotations

from datetime import UTC, datetime

from buurtwacht import Glimpse
from buurtwacht_playground.board import board_of

from .playground_town import Town

THEN = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)


def test_calls_of_others_are_bounded_and_push_nothing_out() -> None:
    town = Town()
    town.making = [{"plugin": "bread", "name": "Brood", "remarks": ""}]
    board = board_of({"bench": town})
    (look,) = town.looks
    look(Glimpse(THEN, "inbox", "said", "Fatima", "telegram"))
    look(Glimpse(THEN, "hook", "command bread", plugin="bread", ms=1.234, failed="KeyError"))
    look(Glimpse(THEN, "error", "command bread", plugin="bread", failed="KeyError", stack="Traceback"))
    for _ in range(5000):
        look(Glimpse(THEN, "hook", "recognise", plugin="alerts", ms=0.1))
    look(Glimpse(THEN, "queued", "bread ordered", "Fatima", "telegram"))
    shown = board.picture()["glimpses"]
    assert isinstance(shown, list)
    assert len(shown) <= 1000
    assert [one["stage"] for one in shown if one["plugin"] != "alerts"] == ["inbox", "hook", "error", "queued"]
    assert [one["plugin"] for one in shown if one["stage"] == "queued"] == ["bread"]
    assert shown == sorted(shown, key=lambda one: one["serial"])
    assert [one["ms"] for one in shown if one["failed"] and one["stage"] == "hook"] == [1.23]


def test_each_start_has_a_name_of_its_own() -> None:
    first, second = (board_of({"bench": town}).picture()["start"] for town in (Town(), Town()))
    assert first != second
