"""What is set by command: it wins over the file, it is checked before it is kept, and it can be taken back (R54)."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import insert

from buurtwacht import Command, Context, Manifest, Refusal, Role, Text, hookimpl
from buurtwacht.host.settings import PluginSettings
from buurtwacht.records.schema import setting
from buurtwacht.testing import Member, Neighbourhood, World

PARTY = "party"


class Step(BaseModel):
    """One cake, and how long it lasts."""

    cake: str
    minutes: int = Field(default=10, ge=1)


class Settings(BaseModel):
    """The table [plugins.party]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minutes: int = Field(default=30, ge=5, le=60)
    colour: Literal["red", "blue"] = "red"
    steps: Annotated[list[Step], Field(max_length=2)] = []
    song: str = ""

    @field_validator("song")
    @classmethod
    def _known(cls, song: str) -> str:
        if song == "long":
            raise ValueError("voice")
        if song == "loud":
            raise ValueError("the neighbours sleep")
        return song


def plugin(model: type[BaseModel] = Settings) -> ModuleType:
    """Make a plugin whose caretakers set what they like by command."""

    def show(ctx: Context) -> None:
        mine = ctx.settings(Settings)
        ctx.reply(Text("message.map", domain="core", link=f"{mine.minutes} minutes, {mine.colour}"))

    def change(ctx: Context, name: str, value: str) -> None:
        ctx.change_setting(name, value)
        ctx.reply(Text("changed"))

    def back(ctx: Context, name: str) -> None:
        ctx.reset_setting(name)
        ctx.reply(Text("changed"))

    module = ModuleType(PARTY)
    module.manifest = Manifest(id=PARTY, name="Party", version="1", settings=model)  # type: ignore[attr-defined]
    roles = frozenset({Role.COORDINATOR})

    @hookimpl
    def commands() -> list[Command]:
        mine = (("toon", show), ("zet", change), ("terug", back))
        return [Command(name, handler, roles=roles) for name, handler in mine]

    module.commands = commands  # type: ignore[attr-defined]
    return module


def words(world: World) -> None:
    world._core.catalogues.supply(PARTY, "changed", "done")
    world._core.catalogues.supply(PARTY, "voice", "Too long a song.")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(plugins=[plugin()], settings={PARTY: {"minutes": 20}}, database=request.param) as made:
        words(made)
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None)


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["coordinator"])


def test_what_was_set_by_command_wins_until_it_is_taken_back(
    world: World, tolberg: Neighbourhood, kees: Member
) -> None:
    els = world.neighbourhood("LD", "Langdonk").member("Els", channel="whatsapp", roles=["coordinator"])
    kees.says("zet minutes 45")
    kees.says("toon")
    assert kees.last.text == "Kaart: 45 minutes, red"
    els.says("toon")
    assert els.last.text == "Kaart: 20 minutes, red", "only where it was set"
    world.crash()
    words(world)
    world.advance(seconds=5)  # the pace of his chat outlives us
    kees.says("toon")
    assert kees.last.text == "Kaart: 45 minutes, red"
    kees.says("terug minutes")
    kees.says("toon")
    assert kees.last.text == "Kaart: 20 minutes, red"
    who = f"person:{world.person_id(kees)}"
    lines = [(one.actor, one.event, one.subject) for one in world.audit() if one.event.startswith("setting_")]
    assert lines == [
        (who, "setting_changed", "setting:TB:party.minutes"),
        (who, "setting_reset", "setting:TB:party.minutes"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("minutes 4", "Dat past niet bij minutes: het moet minstens 5 zijn. Er is niets veranderd."),
        ("minutes 61", "Dat past niet bij minutes: het mag hoogstens 60 zijn. Er is niets veranderd."),
        ("minutes veel", "Dat past niet bij minutes: het moet een heel getal zijn. Er is niets veranderd."),
        ("colour pink", "Dat past niet bij colour. Kies een van deze: red, blue. Er is niets veranderd."),
        ("song long", "Dat past niet bij song. Er is niets veranderd.\nToo long a song."),
        ("song loud", "Dat past niet bij song. Er is niets veranderd.\nthe neighbours sleep"),
        ("steps cake", "Dat past niet bij steps. Er is niets veranderd."),
        ("size 3", "De instelling size is er niet. Dit kun je instellen: colour, minutes, song, steps."),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason_and_nothing_is_kept(
    world: World, kees: Member, typed: str, said: str
) -> None:
    kees.says(f"zet {typed}")
    assert kees.last.text == said
    kees.says("toon")
    assert kees.last.text == "Kaart: 20 minutes, red"
    assert not world._core.settings.overrides()
    assert not [one for one in world.audit() if one.event == "setting_changed"]


def test_what_pydantic_can_write_as_json_is_kept_as_it_stands_in_a_file(world: World, tolberg: Neighbourhood) -> None:
    with world.context(PARTY, tolberg) as ctx:
        ctx.change_setting("steps", [Step(cake="apple"), {"cake": "cheese", "minutes": 3}])
    with world.context(PARTY, tolberg) as ctx:
        assert ctx.settings(Settings).steps == [Step(cake="apple", minutes=10), Step(cake="cheese", minutes=3)]
        assert ctx.settings(Settings).minutes == 20
        with pytest.raises(Refusal, match="too_many"):
            ctx.change_setting("steps", [Step(cake="a"), Step(cake="b"), Step(cake="c")])
    assert world._core.settings.overrides() == {
        (PARTY, tolberg.id): {"steps": [{"cake": "apple", "minutes": 10}, {"cake": "cheese", "minutes": 3}]}
    }


def test_another_process_sees_it_at_its_next_look(world: World, tolberg: Neighbourhood) -> None:
    here = world._core.neighbourhoods.get(tolberg.id)
    other = PluginSettings(world.database, world._core.plugins, {PARTY: {"minutes": 20}})

    def minutes() -> int:
        found = other.of(PARTY, here)
        assert isinstance(found, Settings)
        return found.minutes

    assert minutes() == 20
    for value in (45, 50):
        with world.context(PARTY, tolberg) as ctx:
            ctx.change_setting("minutes", value)
        other.refresh()
        assert minutes() == value
    with world.context(PARTY, tolberg) as ctx:
        ctx.reset_setting("minutes")
    other.refresh()
    assert minutes() == 20
    kept = other.of(PARTY, here)
    other.refresh()
    assert other.of(PARTY, here) is kept, "what did not change is not made again"


def test_what_fits_no_longer_does_not_count_and_breaks_nothing(
    world: World, tolberg: Neighbourhood, kees: Member
) -> None:
    """The plugin is a newer one by now: a setting is gone, and another has other limits."""
    rows = [("size", 3), ("minutes", 90), ("colour", "blue")]
    with world.database.writing() as connection:
        for name, value in rows:
            row = {"plugin": PARTY, "neighbourhood_id": tolberg.id, "name": name, "value": value}
            connection.execute(insert(setting), row)
    kees.says("toon")
    assert kees.last.text == "Kaart: 20 minutes, blue"
    assert world._core.settings.unfit(PARTY, world._core.neighbourhoods.get(tolberg.id)) == ["minutes", "size"]
    kees.says("zet minutes 25")
    kees.says("toon")
    assert kees.last.text == "Kaart: 25 minutes, blue", "what does not fit keeps nobody from setting something else"
