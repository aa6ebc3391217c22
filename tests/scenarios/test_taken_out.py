"""A plugin that was taken out of the file: what it asked is over, and what people type is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, Neighbourhood, World

OVER = "Deze vraag is gesloten. Er is niets veranderd."


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(wire=request.param) as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["coordinator"])


@pytest.fixture
def henk(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Henk", channel="whatsapp", street="Meidoornstraat")


def says(world: World, member: Member, text: str) -> str:
    before = len(member.received)
    member.says(text)
    world.advance(seconds=20)
    return "\n".join(one.text for one in member.received[before:])


def taken_out(world: World, plugin: str) -> None:
    """Start again without a plugin, as with a file that does not name it any more."""
    running = world._running
    running._modules = [one for one in running._modules if one.manifest.id != plugin]
    kept = {name: one for name, one in running.settings.plugins.items() if name != plugin}
    running.settings = running.settings.model_copy(update={"plugins": kept})
    world.crash()
    world.advance(seconds=5)


@pytest.fixture
def asked(world: World, kees: Member, henk: Member) -> None:
    """Henk is asked how he is, by a plugin that is gone a moment later."""
    says(world, kees, "rondvraag is iedereen veilig? 60 min")
    assert henk.last.text.startswith("🟠 RONDVRAAG")
    taken_out(world, "rollcalls")


@pytest.mark.usefixtures("asked")
def test_a_cry_for_help_is_heard(world: World, kees: Member, henk: Member) -> None:
    assert "112" in says(world, henk, "hulp")
    assert "Henk" in kees.last.text
    assert "hulp" in kees.last.text.casefold()


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("typed", ["help", "ja", "1", "zomaar een zin", "mijn gegevens"])
def test_whatever_is_typed_is_answered(world: World, henk: Member, typed: str) -> None:
    assert says(world, henk, typed)


@pytest.mark.usefixtures("asked")
def test_a_report_goes_on(world: World, henk: Member) -> None:
    assert "112" in says(world, henk, "brand in de meidoornstraat, vlammen uit het dak")


@pytest.mark.usefixtures("asked")
def test_its_button_is_answered_that_it_is_over(world: World, henk: Member) -> None:
    henk.taps("Niet in de buurt")
    world.advance(seconds=20)
    assert henk.last.text == OVER


@pytest.mark.usefixtures("asked")
def test_its_button_that_says_danger_is_a_cry_for_help(world: World, kees: Member, henk: Member) -> None:
    before = len(kees.received)
    henk.taps("Hulp nodig")
    world.advance(seconds=10)
    assert "112" in henk.last.text
    assert any("Henk" in one.text for one in kees.received[before:])


def test_a_quoted_answer_to_it_answers_nothing_else(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "rondvraag is iedereen veilig? 60 min")
    question = henk.last
    taken_out(world, "rollcalls")
    says(world, henk, "afmelden")
    henk.says("ja", reply_to=question)
    world.advance(seconds=20)
    assert henk.last.text == OVER
    henk.says("brand in de meidoornstraat, vlammen uit het dak", reply_to=question)
    world.advance(seconds=20)
    assert "TB-0001" in henk.last.text


def test_which_of_two_was_meant_is_over_when_one_is_gone(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
    kees.taps("Ja, door mij")
    says(world, kees, "rondvraag is iedereen veilig? 60 min")
    assert says(world, henk, "1").startswith("Waar hoort je antwoord bij?")
    (label,) = (one for one in henk.last.buttons if one.startswith("TB-R1"))
    taken_out(world, "rollcalls")
    henk.taps(label)
    world.advance(seconds=20)
    assert henk.last.text == OVER
    assert "TB-0001" in says(world, henk, "1"), "the other one is still there"


def test_it_can_come_back(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "rondvraag is iedereen veilig? 60 min")
    modules, tables = world._running._modules, world._running.settings
    taken_out(world, "rollcalls")
    henk.taps("Veilig")
    world.advance(seconds=20)
    assert henk.last.text == OVER
    world._running._modules, world._running.settings = modules, tables
    world.crash()
    henk.taps("Veilig")
    world.advance(seconds=20)
    assert "TB-R1" in henk.last.text
