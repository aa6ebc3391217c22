"""Walkers who trade, take over and cancel as they like: a place changes hands only with the yes of who is concerned."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.scenarios.duty import duty

from buurtwacht.testing import World
from buurtwacht_patrols.records import WALKING, Assignment, Shift

from .series import series

WALKERS = ("Henk", "Riet", "Fatima", "Piet")
DAYS = ("12 mei", "15 mei")
#: Tuesday and Friday, two walkers each; so early that nothing falls due before the first day but what is traded.
ROSTER = "rooster 12 mei t/m 15 mei, di 21:30 en vr 22:00, 60 min, 2 lopers, startpunt parkeerplaats De Wal"
WANTS = st.sampled_from(["with", "in return", "somebody", "take", "cannot"])
SAYS = st.sampled_from(
    ["ja", "nee", "ja hoor", "nee sorry", "1", "2", "3", "4", "mijn diensten", "ruilen", "invallen", "stop", "ok"]
)


class Trading(RuleBasedStateMachine):
    """Four walkers, two rounds, and a co-ordinator who puts somebody in another's place now and then."""

    @initialize()
    def publish(self) -> None:
        self.world = World()
        self.town = duty(self.world, ROSTER)
        self.people = dict(
            zip(WALKERS, (self.town.henk, self.town.riet, self.town.fatima, self.town.piet), strict=True)
        )
        self.ids = {self.world.person_id(one): name for name, one in self.people.items()}

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()

    @rule(
        name=st.sampled_from(WALKERS),
        other=st.sampled_from(WALKERS),
        wants=WANTS,
        day=st.sampled_from(DAYS),
        back=st.sampled_from(DAYS),
    )
    def wants(self, name: str, other: str, wants: str, day: str, back: str) -> None:
        before = self._walk()
        match wants:
            case "with":
                self._says(name, f"ruilen {day} met {other}")
            case "in return":
                self._says(name, f"ruilen {day} met {other} voor {back}")
            case "somebody":
                self._says(name, f"ruilen {day}")
            case "take":
                self._says(name, f"invallen voor {other} {day}")
            case "cannot":
                self._says(name, f"ik kan niet {day}")
                assert self._others(before, name) == self._others(self._walk(), name), "he cancelled for another"
                return
        assert self._walk() == before, f"{wants}: it changed before anybody said yes"

    @rule(name=st.sampled_from(WALKERS), words=SAYS)
    def answers(self, name: str, words: str) -> None:
        before = self._walk()
        self._says(name, words)
        self._only_his(before, name)

    @rule(name=st.sampled_from(WALKERS), back=st.integers(0, 3), place=st.integers(0, 2))
    def taps(self, name: str, back: int, place: int) -> None:
        shown = [one for one in self.people[name].received if one.arrived and one.buttons]
        if shown:
            on, before = shown[-1 - back % len(shown)], self._walk()
            self.people[name].taps(on.buttons[place % len(on.buttons)], on=on)
            self.world.advance(seconds=8)
            self._only_his(before, name)

    @rule(out=st.sampled_from(WALKERS), into=st.sampled_from(WALKERS), day=st.sampled_from(DAYS))
    def is_put_in(self, out: str, into: str, day: str) -> None:
        self.world.advance(seconds=7)
        self.town.kees.says(f"ruil {day} {out} {into}")
        self.town.kees.says("publiceer")
        self.world.advance(seconds=8)

    @rule(minutes=st.sampled_from([1, 16, 200]))
    def time_goes_by(self, minutes: int) -> None:
        self.world.advance(minutes=minutes)

    # --- what must hold ---

    def _says(self, name: str, words: str) -> None:
        self.world.advance(seconds=7)
        count = len(self.people[name].received)
        self.people[name].says(words)
        self.world.advance(seconds=8)
        assert len(self.people[name].received) > count or words in ("ok", "1", "2", "3", "4", "ja", "nee", "ja hoor")

    def _walk(self) -> dict[int, list[str]]:
        """Return who is to walk, by shift."""
        with self.world.context("patrols", self.town.place) as ctx:
            found: dict[int, list[str]] = {one.id: [] for one in ctx.records.find(Shift)}
            for one in ctx.records.find(Assignment, Assignment.state.in_(WALKING)):
                found[one.shift].append(self.ids[one.person])
        return {shift: sorted(names) for shift, names in found.items()}

    @staticmethod
    def _others(walk: dict[int, list[str]], name: str) -> dict[int, list[str]]:
        return {shift: [one for one in names if one != name] for shift, names in walk.items()}

    def _only_his(self, before: dict[int, list[str]], name: str) -> None:
        """What somebody says moves nobody but himself and whoever asked him."""
        after = self._walk()
        moved = {one for shift in after for one in set(after[shift]) ^ set(before[shift]) if one != name}
        assert len(moved) <= 1, f"{name} moved {moved}"

    @invariant()
    def nobody_walks_twice(self) -> None:
        if hasattr(self, "world"):
            for names in self._walk().values():
                assert len(names) <= 2, f"{names} for two places"
                assert len(set(names)) == len(names), f"{names} on one round"
            assert not self.world.journal.errors, self.world.journal.errors


TestTrading = Trading.TestCase
TestTrading.settings = series(4, 15)
