"""Lanes: each sender's words in their order, but for what was let by; nothing twice, nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import Inbound, Said
from buurtwacht.host.lanes import Lanes
from buurtwacht.records.inbox import TELL, Work
from buurtwacht.vocabulary.events import Edited, Fetched

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)


def said(ident: int, lane: str = "henk", message: str = "") -> Work:
    event = Said(message=message or str(ident), text="x")
    return Work(ident, "telegram", lane, "", Inbound(str(ident), event, NOW), None, NOW)


def told(ident: int, lane: str = "alerts") -> Work:
    return Work(ident, TELL, lane, "alerts", None, {}, NOW)


def ids(works: list[Work]) -> list[int]:
    return [one.id for one in works]


def test_what_comes_behind_goes_by_and_its_own_photo_does_not() -> None:
    lanes = Lanes()
    photo = Work(2, "telegram", "henk", "", Inbound("p", Fetched("1", 7, "image/jpeg"), NOW), None, NOW)
    change = Work(5, "telegram", "henk", "", Inbound("e", Edited("1", "y"), NOW), None, NOW)
    assert [lanes.add(one) for one in (said(1), photo, said(3), said(4))] == [True, False, False, False]
    assert ids(lanes.let_by(said(1))) == [3]
    assert lanes.add(change) is False, "it came later, and is about the same words"
    assert (lanes.goes_by(said(3)), lanes.goes_by(said(1)), lanes.goes_by(photo)) == (True, False, False)
    assert ids(lanes.done(said(3))) == [4]
    assert ids(lanes.done(said(1))) == [2]
    assert lanes.is_first(photo)
    assert ids(lanes.done(photo)) == [5]
    assert ids(lanes.done(change)) == []
    assert not lanes.goes_by(said(4))
    assert lanes.ids() == {4}


def test_a_second_one_that_takes_long_is_gone_by_too() -> None:
    lanes = Lanes()
    for one in (1, 2, 3):
        lanes.add(said(one))
    assert ids(lanes.let_by(said(1))) == [2]
    assert lanes.let_by(said(1)) == [], "it was let by already"
    assert ids(lanes.let_by(said(2))) == [3]
    for one in (3, 1, 2):
        assert lanes.done(said(one)) == []
    assert len(lanes) == 0


def test_what_we_told_ourselves_keeps_its_order() -> None:
    lanes = Lanes()
    lanes.add(told(1))
    lanes.add(told(2))
    assert lanes.let_by(told(1)) == []
    assert ids(lanes.done(told(1))) == [2]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["add", "done", "let by"]), st.integers(0, 9))))
def test_nothing_is_lost_and_nothing_given_out_twice(steps: list[tuple[str, str, int]]) -> None:
    lanes = Lanes()
    all_of: dict[int, Work] = {}
    open_now: list[int] = []  # what may be handled
    gone_by: set[int] = set()
    for number, (lane, step, which) in enumerate(steps):
        if step == "add":
            work = all_of[number] = said(number, lane)
            if lanes.add(work):
                open_now.append(number)
        elif open_now:
            work = all_of[open_now[which % len(open_now)]]
            if step == "done":
                open_now.remove(work.id)
                gone_by.discard(work.id)
                open_now += ids(lanes.done(work))
                assert lanes.done(work) == [], "somebody was quicker"
                del all_of[work.id]
            else:
                open_now += ids(lanes.let_by(work))
                gone_by.add(work.id)
        assert lanes.ids() == set(all_of)
        assert len(lanes) == len(all_of)
        assert len(open_now) == len(set(open_now))
        for name in "ab":
            mine = [one for one in all_of if all_of[one].lane == name and one not in gone_by]
            assert [one for one in open_now if one in mine] == mine[:1], "of the others the first, and only that"
