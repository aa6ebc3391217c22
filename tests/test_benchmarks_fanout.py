"""The measures of fan-outs still run: with as little as shows it, and without anything that must be installed first."""

from __future__ import annotations

import sys

import pytest
from benchmarks import fanout
from benchmarks.telegram_server import Book, Limits
from benchmarks.updates import person


def test_every_second_is_counted_strictly_and_what_is_refused_takes_no_room() -> None:
    book = Book(Limits(rate=3, latency=0.0))
    answers = [book.post(person(place), True, 10.0 + 0.3 * place) for place in range(8)]
    assert answers == [0, 0, 0, 1, 0, 0, 0, 1]
    assert book.worst() == 3
    report = book.report(8)
    assert {key: report[key] for key in ("reached", "lost", "doubled", "complaints")} == {
        "reached": 6,
        "lost": 2,
        "doubled": 0,
        "complaints": 2,
    }
    assert report["t50"] is not None
    assert report["t100"] is None


def test_one_person_gets_one_a_second_with_a_short_burst() -> None:
    book = Book(Limits(rate=30, latency=0.0))
    assert [book.post(person(1), True, 10.0) for _ in range(4)] == [0, 0, 0, 1]
    assert book.post(person(1), True, 11.0) == 0
    assert book.doubled == 3


@pytest.mark.parametrize(
    ("members", "seconds"),
    [(30, 0.12), (31, 1.24), (60, 1.24), (200, 6.84)],
    ids=["one slot", "one more", "two", "200"],
)
def test_the_least_time_is_a_second_and_a_round_trip_for_each_turn_of_a_slot(members: int, seconds: float) -> None:
    assert fanout.least(members, 0.12) == pytest.approx(seconds)


def test_ours_and_a_peer_are_measured_side_by_side() -> None:
    figures = fanout.together([fanout.OURS, fanout.QUEUE], 12, sys.executable)
    assert {one["reached"] for one in figures.values()} == {12}
    assert {one["complaints"] for one in figures.values()} == {0}


def test_a_process_is_killed_and_what_it_left_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "_QUIET", 12.0)
    figures = fanout.killed([fanout.PRESSING], 35, sys.executable, share=0.5)[fanout.PRESSING.name]
    assert figures["lost"] == 0
    assert (figures["doubled"] or 0) <= (figures["marked"] or 0)


def test_a_warning_is_timed_while_others_wait() -> None:
    report = "brand in de {street}, vlammen uit het dak, 112 gebeld"
    (ours,) = fanout.behind(fanout.ALERTING, 70, sys.executable, after=40, words=report)
    (peer,) = fanout.behind(fanout.QUEUE, 70, sys.executable, after=40)
    assert (ours["first"] or 0) > 0
    assert (peer["first"] or 0) > 0
