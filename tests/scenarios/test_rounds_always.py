"""Whatever walkers answer, cancel and trade: nobody is on a shift inside his absence, and too few is never "enough"."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht_patrols.records import Absence, Assignment, Shift, ShiftState

from .duty import duty
from .patrols import Walkers

_SAID = (
    "ik kan niet op 12 mei",
    "ik ben ziek",
    "afwezig 11-13 mei",
    "niet meer afwezig 12 mei",
    "invallen 12 mei",
    "aanmelden dienst 12 mei",
    "ruilen 12 mei met Piet",
    "ruilen 12 mei met Henk",
    "invallen voor Riet 12 mei",
    "start ronde",
    "start ronde samen",
    "einde ronde",
    "ja",
    "nee",
)
_TAPPED = ("Ja", "Nee", "Ik kom", "Ik kan niet", "Ja ik loop", "Nee ik kan niet", "Ja ik ben terug")
_DECIDED = ("Dienst vervalt", "Ik loop zelf mee", "Zoek verder", "Fatima", "Alles goed")
_ACTIONS = st.one_of(
    st.tuples(st.just("says"), st.integers(0, 3), st.sampled_from(_SAID)),
    st.tuples(st.just("taps"), st.integers(0, 3), st.sampled_from(_TAPPED)),
    st.tuples(st.just("decides"), st.just(0), st.sampled_from(_DECIDED)),
    st.tuples(st.just("waits"), st.integers(0, 3), st.sampled_from(("15", "120", "1440"))),
)


def _act(town: Walkers, kind: str, who: int, what: str) -> None:
    """Do one thing; a choice that nobody has before him is passed over."""
    member = town.kees if kind == "decides" else town.all[who]
    if kind == "waits":
        town.world.advance(minutes=int(what))
    elif kind == "says":
        member.says(what)
    else:
        offered = [one for one in member.received if what in one.buttons]
        if offered:
            member.taps(what, on=offered[-1])
    town.world.advance(seconds=5)


def _enough_said(members: list[Member]) -> int:
    return sum("Genoeg lopers: ja" in one.text for member in members for one in member.received)


def _check(town: Walkers, before: int) -> int:
    """Look at what is kept and at what people read; return how often anybody read that there are enough."""
    said = _enough_said(town.all)
    with town.world.context("patrols", town.place) as ctx:
        for shift in ctx.records.find(Shift):
            walks = [one for one in ctx.records.find(Assignment, shift=shift.id) if one.walks]
            assert all(one.told for one in walks), "who walks knows it"
            if said > before and shift.state is ShiftState.PLANNED:
                assert len(walks) >= shift.fewest, "too few walkers, and somebody read that there are enough"
            if shift.starts <= ctx.now:
                continue
            for one in walks:
                away = [each for each in ctx.records.find(Absence, person=one.person) if each.covers(shift.local_day)]
                assert not away, "he walks inside his absence"
    return said


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    begins=st.sampled_from(("2026-05-09 21:31", "2026-05-12 15:20", "2026-05-12 21:20")),
    actions=st.lists(_ACTIONS, max_size=12),
)
def test_nobody_walks_inside_his_absence_and_too_few_is_never_enough(
    begins: str, actions: list[tuple[str, int, str]]
) -> None:
    with World() as world:
        town = duty(world)
        world.advance_to(begins)
        said = _check(town, _enough_said(town.all))
        for action in actions:
            _act(town, *action)
            said = _check(town, said)
        world.advance(hours=8)
        _check(town, said)
