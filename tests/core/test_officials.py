"""Officials in the records: what an office covers, how it is found, and that it begins and ends once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from buurtwacht import OFFICIALS, Context, Official, OfficialKind, PersonId, Text
from buurtwacht.testing import Neighbourhood, World

AGENT = Official(PersonId(1), OfficialKind.POLICE, "", "Roosendaal", (), verified=True)


@pytest.mark.parametrize(
    ("municipality", "named", "covered"),
    [
        ("Roosendaal", False, True),
        ("ROOSENDAAL ", False, True),
        ("Breda", False, False),
        ("", False, False),
        ("Breda", True, True),
        ("", True, True),
    ],
)
def test_an_office_covers_its_municipality_or_what_is_named(
    world: World, municipality: str, named: bool, covered: bool
) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal")
    other = world.neighbourhood("LD", "Langdonk", municipality="Roosendaal")
    with world.context("core", tolberg) as ctx:
        places = (tolberg.id,) if named else ()
        one = replace(AGENT, municipality=municipality, neighbourhoods=places)
        assert one.covers(ctx.here) is covered
        assert one.covers(ctx.neighbourhood_of(other.id)) is (covered and not named)


def test_a_title_is_shown_and_without_one_the_kind() -> None:
    assert replace(AGENT, title="wijkagent Tolberg").function == "wijkagent Tolberg"
    assert AGENT.function == Text("official.police", domain="core")


def test_who_was_verified_is_found_where_he_works(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", municipality="Roosendaal")
    wouw = world.neighbourhood("WO", "Wouw", municipality="Roosendaal")
    anja = world.official("Anja", "police", municipality="roosendaal", channel="telegram", neighbourhoods=[tolberg])
    world.official("Bart", "municipality", municipality="Roosendaal", channel="telegram")
    world.official("Cor", "boa", municipality="Roosendaal", channel="telegram", verified=False)
    with world.context("core", tolberg) as ctx:
        assert [one.kind for one in ctx.officials()] == ["police", "municipality"]
        assert [one.person for one in ctx.officials(OfficialKind.POLICE)] == [world.person_id(anja)]
        assert [one.kind for one in ctx.awaiting_officials()] == ["boa"]
        assert ctx.officials(OfficialKind.MAYOR) == []
        assert ctx.offices == ()
    with world.context("core", wouw) as ctx:
        assert [one.kind for one in ctx.officials(*OFFICIALS)] == ["municipality"]
        assert len(ctx.officials(municipality="ROOSENDAAL")) == 2
        assert ctx.officials(municipality="Breda") == []


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", municipality="Roosendaal")


def test_an_office_begins_is_verified_and_ends_once(world: World, tolberg: Neighbourhood) -> None:
    anja = world.somebody("Anja", channel="telegram")
    who = world.person_id(anja)

    def offices() -> list[tuple[str, bool]]:
        with world.context("core", tolberg) as ctx:
            return [(one.municipality, one.verified) for one in ctx.offices_of([who]).get(who, ())]

    def does(step: str, municipality: str) -> bool:
        with world.context("core", tolberg) as ctx:
            directory = ctx.directory
            if step == "verify":
                return directory.verify(who, OfficialKind.POLICE, municipality, who)
            return directory.dismiss(who, OfficialKind.POLICE, municipality)

    with world.context("core", tolberg) as ctx:
        ctx.directory.appoint(who, OfficialKind.POLICE, "Roosendaal")
        ctx.directory.appoint(who, OfficialKind.POLICE, "Breda")
    assert offices() == [("Roosendaal", False), ("Breda", False)]
    assert does("verify", "roosendaal")
    assert not does("verify", "roosendaal")
    assert not does("verify", "Zundert")
    assert offices() == [("Roosendaal", True), ("Breda", False)]
    with world.context("core", tolberg) as ctx:  # named once more: what was verified stays so
        ctx.directory.appoint(who, OfficialKind.POLICE, "Roosendaal", title="wijkagent")
    assert offices() == [("Roosendaal", True), ("Breda", False)]
    assert does("dismiss", "ROOSENDAAL")
    assert not does("dismiss", "Roosendaal")
    assert offices() == [("Breda", False)]
    events = [one.event for one in world.audit() if one.event.startswith("official")]
    assert events.count("official_verified") == events.count("official_dismissed") == 1


def test_an_office_named_by_its_word_ends_as_well(world: World, tolberg: Neighbourhood) -> None:
    """A plugin may have the kind from its records, as a string."""
    anja = world.official("Anja", "police", municipality="Roosendaal", channel="telegram")
    who = world.person_id(anja)
    with world.context("core", tolberg) as ctx:
        assert ctx.directory.dismiss(who, "police", "Roosendaal")  # type: ignore[arg-type]
    with world.context("core", tolberg) as ctx:
        assert ctx.offices_of([who]) == {}


def test_an_office_of_nowhere_is_refused(world: World, tolberg: Neighbourhood) -> None:
    with world.context("core", tolberg) as ctx, pytest.raises(ValueError, match="a municipality or neighbourhoods"):
        ctx.directory.appoint(PersonId(1), OfficialKind.MAYOR, "")


def test_his_data_names_his_office_and_erasure_takes_it_away(world: World, tolberg: Neighbourhood) -> None:
    anja = world.official("Anja", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[tolberg])
    who = world.person_id(anja)

    def exported(ctx: Context) -> list[dict[str, object]]:
        found: list[dict[str, object]] = ctx.directory.export(who)["offices"]
        return found

    with world.context("core", tolberg) as ctx:
        (office,) = exported(ctx)
        assert office["kind"] == "police"
        assert office["neighbourhoods"] == ["TB"]
        ctx.directory.erase(who)
    with world.context("core", tolberg) as ctx:
        assert ctx.officials() == []
        assert ctx.offices_of([who]) == {}
