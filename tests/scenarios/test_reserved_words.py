"""What people cry out is a report, whatever else is installed: no plugin takes such a word for a command."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from buurtwacht import Command, ConfigurationError, Context, Manifest, Text, hookimpl
from buurtwacht.testing import World

from .tolberg import about, alarmed, texts, tolberg

SAID = "Staat genoteerd:"


def plants(*words: str, takes: str = "") -> ModuleType:
    """Return a plugin whose commands take whatever follows them, and say so."""

    def water(ctx: Context, what: str = "") -> None:
        ctx.reply(Text("plugins.name.id", domain="core", id=f"{SAID} {what}"))

    module = ModuleType("plants")
    commands = [Command(word, water, takes=takes) for word in words]
    module.__dict__.update(manifest=Manifest(id="plants", name="Planten", version="1.0"))
    module.__dict__.update(commands=hookimpl(lambda: commands))
    return module


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A neighbourhood with a plugin that bicycles, dogs and chores are told to."""
    with World(plugins=[plants("fiets", "hond", "mijn_schuur", "klus")], wire=request.param) as made:
        yield made


@pytest.mark.parametrize("word", ["brand", "inbraak", "hulp_bij_het_water_geven", "help_mee", "gaslek", "sos"])
def test_a_plugin_that_would_take_a_cry_for_its_command_is_refused(word: str) -> None:
    said = word.replace("_", " ")
    with pytest.raises(ConfigurationError, match=rf'plugins alerts and plants: the command "{said}" of plants begins'):
        World(plugins=[plants(word)])


@pytest.mark.parametrize(
    ("word", "reserved"), [("gas", "gas geroken"), ("geen", "geen lucht meer"), ("ruikt_naar", "ruikt naar gas")]
)
def test_so_is_one_whose_command_is_how_a_cry_begins(word: str, reserved: str) -> None:
    said = word.replace("_", " ")
    with pytest.raises(ConfigurationError) as refused:
        World(plugins=[plants(word)])
    (fault,) = map(str, refused.value.faults)
    assert f'the command "{said}" of plants is the beginning of "{reserved}", which alerts reserves' in fault
    assert "(choose another word for the command, or say with `takes` what may follow it)" in fault


@pytest.mark.parametrize("word", ["112", "0900", "0900_8844"])
def test_so_is_one_that_would_take_the_number_of_the_police(word: str) -> None:
    with pytest.raises(ConfigurationError, match="a number for danger, which the core reserves"):
        World(plugins=[plants(word)])


@pytest.mark.parametrize("takes", [r"\d+", r".*\d.*"], ids=["figures", "a figure"])
def test_who_says_what_may_follow_has_such_a_word_and_gets_no_cry(takes: str) -> None:
    with World(plugins=[plants("gas", takes=takes)]) as world:
        town = tolberg(world)
        town.fatima.says("gas 1234")
        assert town.fatima.last.text == f"{SAID} 1234"
        for said in ("gas leak at Meidoornstraat 12", "gas lek bij Beukenlaan 3", "gas lek,kom snel"):
            town.henk.says(said)
        world.advance(seconds=10)
        assert about(town.riet, "GAS")
        assert not about(town.henk, SAID)


@pytest.mark.parametrize(
    "said",
    [
        "fiets brand achter het huis",
        "hond bewusteloos buurman ligt in de tuin",
        "mijn schuur - brand!",
        "klus inbraak bezig bij de buren",
        "fiets brand,achter het huis",
        "fiets BRAND!!snel",
        "hond brand...help",
        "mijn schuur brand/rook bij de buren",
        "klus - inbraak,bezig bij de buren",
    ],
)
def test_what_presses_behind_a_command_is_a_report(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert about(town.riet, "TB-0001")
    assert not about(town.fatima, SAID)


@pytest.mark.parametrize(
    "said", ["hond hulp", "fiets help me", "klus sos", "hond hulp ik ben gevallen", "hond hulp,ik ben gevallen"]
)
def test_a_cry_behind_a_command_reaches_a_human(world: World, said: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert said in "".join(about(town.kees, "Fatima"))
    assert "112" in town.fatima.last.text
    assert not about(town.fatima, SAID)


def test_a_cry_behind_a_command_answers_the_safety_check(world: World) -> None:
    town = tolberg(world)
    town.kees.says("rondvraag is iedereen oke?")
    world.advance(seconds=10)
    town.riet.says("hond hulp nodig")
    world.advance(seconds=10)
    assert "Riet" in "".join(texts(town.kees))
    assert "112" in town.riet.last.text


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("fiets gestolen", "gestolen"),
        ("hond bijt kind", "bijt kind"),
        ("fiets help", "help"),
        ("klus hulp nodig bij de verhuizing", "hulp nodig bij de verhuizing"),
        ("klus brandblusser ophangen", "brandblusser ophangen"),
        ("/fiets brand achter het huis", "brand achter het huis"),
    ],
)
def test_an_ordinary_command_stays_one(world: World, said: str, noted: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert town.fatima.last.text == f"{SAID} {noted}"
    assert not town.riet.received


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("wijzig naam Brand", "Brand"),
        ("sleutelhouder Mes", "Mes"),
        ("dier vermist gewond konijn", "gewond konijn"),
    ],
)
def test_what_takes_anything_says_so(world: World, said: str, answered: str) -> None:
    town = tolberg(world)
    town.fatima.says(said)
    world.advance(seconds=10)
    assert answered in town.fatima.last.text
    assert not town.riet.received


def test_a_roll_call_about_a_fire_is_a_roll_call_for_who_may_ask_one(world: World) -> None:
    town = tolberg(world)
    town.kees.says("rondvraag brand in de flat, is iedereen veilig?")
    world.advance(seconds=10)
    assert "Brand in de flat, is iedereen veilig?" in town.riet.last.text
    assert not about(town.riet, "TB-0001")
    town.fatima.says("rondvraag brand in de flat")
    world.advance(seconds=10)
    assert about(town.riet, "TB-0001"), "she may ask none: what she says is not lost to a refusal"


def test_a_forced_lock_locks_nobody_on_a_shift(world: World) -> None:
    town = tolberg(world)
    town.kees.says("lock forced at Meidoornstraat 12, they are inside")
    world.advance(seconds=10)
    assert about(town.riet, "TB-0001")


def test_what_was_decided_about_an_alert_is_no_new_one(world: World) -> None:
    town = tolberg(world)
    alarmed(town)
    town.kees.says("einde TB-0001 brand is uit")
    world.advance(seconds=10)
    assert not about(town.riet, "TB-0002")
