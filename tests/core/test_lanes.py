"""Lanes: each sender's words in their order, but for what was let by; nothing twice, nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import Inbound, Said
from buurtwacht.host.dispatcher import Dispatcher
from buurtwacht.host.lanes import Lanes
from buurtwacht.host.scene import Plan
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


def test_what_comes_behind_is_tried_one_by_one_and_its_own_photo_is_not() -> None:
    lanes = Lanes()
    photo = Work(2, "telegram", "henk", "", Inbound("p", Fetched("1", 7, "image/jpeg"), NOW), None, NOW)
    change = Work(5, "telegram", "henk", "", Inbound("e", Edited("1", "y"), NOW), None, NOW)
    assert [ids(lanes.add(one)) for one in (said(1), photo, said(3), said(4))] == [[1], [], [], []]
    assert ids(lanes.let_by(said(1))) == [3]
    assert lanes.add(change) == [], "it came later, and is about the same words"
    assert (lanes.goes_by(said(3)), lanes.goes_by(said(1)), lanes.goes_by(photo)) == (True, False, False)
    assert ids(lanes.wait(said(3))) == [4]
    assert lanes.wait(said(4)) == []
    assert ids(lanes.add(said(6))) == [6], "what comes now is tried as well"
    assert lanes.done(said(6)) == [], "it went by"
    for one, then in ((said(1), [2]), (photo, [3]), (said(3), [4]), (said(4), [5]), (change, [])):
        assert ids(lanes.done(one)) == then
    assert len(lanes) == 0


def test_one_that_goes_by_and_takes_long_is_gone_by_too() -> None:
    lanes = Lanes()
    for one in (1, 2, 3, 4):
        lanes.add(said(one))
    assert ids(lanes.let_by(said(1))) == [2]
    assert lanes.let_by(said(1)) == [], "one at a time"
    assert ids(lanes.let_by(said(2))) == [3]
    assert lanes.done(said(1)) == [], "the next is under way"
    assert ids(lanes.done(said(2))) == []
    assert ids(lanes.wait(said(3))) == [3], "it is its turn now"
    assert not lanes.goes_by(said(3))
    assert ids(lanes.done(said(3))) == [4]


def test_what_waits_for_another_process_is_tried_itself_once() -> None:
    lanes = Lanes()
    lanes.add(said(1))
    assert lanes.let_by(said(1), itself=True) == []
    assert lanes.sorted_again(said(1)).id == 1
    assert lanes.goes_by(said(1))
    assert ids(lanes.wait(said(1))) == [1]
    lanes.let_by(said(1), itself=True)
    assert not lanes.goes_by(said(1))
    assert lanes.done(said(1)) == []
    assert len(lanes) == 0


def test_what_we_told_ourselves_keeps_its_order() -> None:
    lanes = Lanes()
    for one in (1, 2):
        lanes.add(told(one))
    assert lanes.let_by(told(1)) == []
    assert ids(lanes.done(told(1))) == [2]


STEPS = st.tuples(st.sampled_from("ab"), st.sampled_from(["add", "done", "let by", "wait"]), st.integers(0, 9))


@given(st.lists(STEPS, max_size=60))
def test_nothing_is_lost_and_nothing_given_out_twice(steps: list[tuple[str, str, int]]) -> None:
    lanes = Lanes()
    left: dict[int, Work] = {}
    out: list[int] = []  # what may be handled, and is not back
    for number, (lane, step, which) in enumerate(steps):
        if step == "add":
            left[number] = said(number, lane)
            out += ids(lanes.add(left[number]))
        elif out:
            work = left[out[which % len(out)]]
            if step == "done":
                out.remove(work.id)
                out += ids(lanes.done(work))
                assert lanes.done(work) == [], "somebody was quicker"
                del left[work.id]
            elif step == "let by":
                out += ids(lanes.let_by(work))
            elif lanes.goes_by(work):
                out.remove(work.id)
                out += ids(lanes.wait(work))
        assert lanes.ids() == set(left)
        assert len(lanes) == len(left)
        assert len(out) == len(set(out))
        for name in "ab":
            mine = [one for one in left if left[one].lane == name]
            assert mine[:1] == [one for one in mine[:1] if one in out], "the first may always be handled"
            assert all(lanes.goes_by(left[one]) for one in mine[1:] if one in out)
    while left:  # and all of it comes to an end
        work = left.pop(out.pop(0))
        out += ids(lanes.done(work))
    assert out == []


def test_who_may_go_by_whom() -> None:
    dispatcher = Dispatcher(4)
    first, second = said(1), said(2)
    dispatcher.add([first, second])
    assert dispatcher.take() is first
    assert dispatcher.enter(first, Plan("fair", "command ping", lambda: None))
    assert not dispatcher.is_to_wait(second, Plan("fair", "command ping", lambda: None), vital=False), "nobody asked"
    dispatcher.let_by(first)
    assert dispatcher.take() is second
    for plugin, presses, vital, waits in (
        ("alerts", True, True, False),
        ("alerts", False, True, False),
        ("rollcalls", True, False, False),
        ("rollcalls", False, False, True),
        ("core", False, False, True),
        ("fair", True, False, True),
    ):
        plan = Plan(plugin, "handler", lambda: None, presses)
        assert dispatcher.is_to_wait(second, plan, vital=vital) == waits, (plugin, presses)
    dispatcher.wait(second)
    assert dispatcher.take() is None
    dispatcher.done(first)
    assert dispatcher.take() is second
    assert not dispatcher.is_to_wait(second, Plan("core", "handler", lambda: None), vital=False)
