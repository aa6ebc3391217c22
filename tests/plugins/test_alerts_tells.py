"""What other plugins hear of an alert: all that is known of it, what changed, and once that somebody answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType

import pytest

from buurtwacht import Context, Manifest, hookimpl
from buurtwacht.testing import World

CAR = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"


@dataclass
class Ear:
    """What was told, in order: the hook, what changed, the facts."""

    told: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)

    def plugin(self) -> ModuleType:
        """Make the plugin that listens."""

        @hookimpl
        def alert_opened(ctx: Context, facts: Mapping[str, object]) -> None:
            self.told.append(("opened", "", facts))

        @hookimpl
        def alert_updated(ctx: Context, what: str, text: str, facts: Mapping[str, object]) -> None:
            self.told.append((what, text, facts))

        @hookimpl
        def alert_answered(ctx: Context, short: str, at: str) -> None:
            self.told.append(("answered", short, {"at": at}))

        module = ModuleType("ear")
        module.__dict__.update(
            manifest=Manifest(id="ear", name="Ear", version="1"),
            alert_opened=alert_opened,
            alert_updated=alert_updated,
            alert_answered=alert_answered,
        )
        return module

    def __getitem__(self, what: str) -> list[Mapping[str, object]]:
        return [facts for hook, _, facts in self.told if hook == what]


class Town:
    """Fatima reports and calls; Henk and Riet are neighbours."""

    def __init__(self, **settings: object) -> None:
        self.ear = Ear()
        self.world = World("2026-01-16 01:42", plugins=[self.ear.plugin()])
        place = self.world.neighbourhood(
            "TB",
            "Tolberg",
            streets=["Meidoornstraat", "Esdoornlaan"],
            quiet_hours=None,
            settings={"alerts": settings},
        )
        self.fatima = place.member("Fatima", channel="telegram", street="Meidoornstraat")
        self.henk = place.member("Henk", channel="whatsapp")
        self.riet = place.member("Riet", channel="telegram")
        self.kees = place.member("Kees", channel="whatsapp", roles=["coordinator"])

    def reports(self, *, photo: bool = False) -> None:
        self.fatima.says(CAR, photo=photo)
        self.fatima.taps("Ja, door mij")
        self.world.advance(seconds=30)


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    with made.world:
        yield made


def test_what_is_told_first_holds_what_somebody_who_comes_needs(town: Town) -> None:
    town.reports(photo=True)
    (facts,) = town.ear["opened"]
    assert facts["witnesses"] == 1
    assert facts["neighbours"] == 0
    assert facts["last_seen_at"] == facts["happened_at"]
    assert str(facts["expires"]) > str(facts["reported_at"])
    media = facts["media"]
    assert isinstance(media, list)
    assert len(media) + len(town.ear["photo"]) == 1


def test_who_adds_something_is_a_witness_and_the_newest_moment_counts(town: Town) -> None:
    town.reports()
    town.world.advance(minutes=4)
    town.henk.says("aanvulling TB-0001 hij staat nu bij de speeltuin")
    town.henk.says("aanvulling TB-0001 en nu draait hij om")
    town.world.advance(minutes=2)
    facts = town.ear["addition"][-1]
    assert facts["witnesses"] == 2
    assert facts["neighbours"] == 3
    assert str(facts["last_seen_at"]) > str(facts["happened_at"])


def test_where_it_is_heading_is_told_at_once_and_once(town: Town) -> None:
    town.reports()
    town.henk.says("aanvulling TB-0001 hij rijdt richting Esdoornlaan")
    (facts,) = town.ear["direction"]
    assert "Esdoornlaan" in str(facts["direction"])
    town.riet.says("aanvulling TB-0001 hij rijdt richting Esdoornlaan")
    town.world.advance(minutes=2)
    assert len(town.ear["direction"]) == 1
    assert "Esdoornlaan" in str(town.ear["addition"][-1]["direction"])
    assert len(town.world.cap("TB-0001")) == 1 + len(town.ear["addition"])


def test_a_photo_that_is_kept_is_told_and_issued_to_nobody(town: Town) -> None:
    town.reports()
    town.henk.says("aanvulling TB-0001 dit is hem", photo=True)
    town.world.advance(seconds=5)
    (facts,) = town.ear["photo"]
    assert isinstance(facts["media"], list)
    assert len(facts["media"]) == 1
    town.world.advance(minutes=2)
    assert len(town.world.cap("TB-0001")) == 1 + len(town.ear["addition"])


def test_where_photos_are_not_kept_none_is_told() -> None:
    town = Town(photos="off")
    with town.world:
        town.reports()
        town.henk.says("aanvulling TB-0001 dit is hem", photo=True)
        town.world.advance(minutes=2)
        assert not town.ear["photo"]
        assert town.ear["addition"][-1]["media"] == []


@pytest.mark.parametrize("answer", ["1", "aanvulling TB-0001 hij is weg", "ik zie hem ook"])
def test_the_first_answer_of_anybody_is_told_once(town: Town, answer: str) -> None:
    town.reports()
    town.fatima.says("1")
    assert not town.ear["answered"]
    town.henk.says(answer)
    town.riet.taps("Ik let op")
    town.kees.taps("Gezien")
    assert len(town.ear["answered"]) == 1
