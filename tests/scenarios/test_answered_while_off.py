"""Where a plugin is off, what people answer to what it asked or showed them before still counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, Neighbourhood, World

CAR = "verdachte auto meidoornstraat, rijdt stapvoets, lichten uit"


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


def off(world: World, kees: Member, name: str) -> None:
    """Switch it off, with a yes where that is asked."""
    if not says(world, kees, f"onderdeel uit {name}").startswith(f"{name.capitalize()} staat nu uit"):
        kees.taps("Ja")
        world.advance(seconds=20)
    assert "staat nu uit" in kees.last.text


@pytest.fixture
def asked(world: World, kees: Member, henk: Member) -> None:
    """Henk is asked whether he is safe; then roll calls are off."""
    says(world, kees, "rondvraag is iedereen veilig? 60 min")
    off(world, kees, "rondvragen")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("how", ["Hulp nodig", "nee het gaat niet goed", "hulp"])
def test_whoever_needs_help_is_heard(world: World, kees: Member, henk: Member, how: str) -> None:
    before = len(kees.received)
    if how in henk.last.buttons:
        henk.taps(how)
    else:
        henk.says(how)
    world.advance(seconds=10)
    assert "112" in henk.last.text
    assert any("Henk" in one.text and "TB-R1" in one.text for one in kees.received[before:])
    says(world, kees, "onderdeel aan rondvragen")
    world.advance(minutes=70)
    (ended,) = (one.text for one in kees.received if "EINDE RONDVRAAG" in one.text)
    assert "Henk" not in ended.partition("Geen bericht")[2].partition("\n")[0]


@pytest.mark.usefixtures("asked")
def test_whoever_is_safe_is_not_asked_again(world: World, kees: Member, henk: Member) -> None:
    henk.taps("Veilig")
    world.advance(seconds=20)
    assert "TB-R1" in henk.last.text
    before = len(henk.received)
    says(world, kees, "onderdeel aan rondvragen")
    world.advance(minutes=31)
    assert not [one for one in henk.received[before:] if "HERINNERING" in one.text]


@pytest.mark.parametrize("how", ["tapped", "typed", "quoted"])
def test_unsafe_below_an_alert_is_heard(world: World, kees: Member, henk: Member, how: str) -> None:
    says(world, kees, CAR)
    kees.taps("Ja, door mij")
    world.advance(seconds=20)
    alert = henk.last
    off(world, kees, "meldingen")
    before = len(kees.received)
    if how == "tapped":
        henk.taps("Onveilig")
    else:
        henk.says("onveilig", reply_to=alert if how == "quoted" else None)
    world.advance(seconds=10)
    assert "112" in henk.last.text
    assert any("Henk" in one.text and "TB-0001" in one.text for one in kees.received[before:])


def test_danger_said_to_a_plugin_that_is_paused_is_a_cry_for_help(world: World, kees: Member, henk: Member) -> None:
    says(world, kees, "rondvraag is iedereen veilig? 60 min")
    with world.expects_error("rollcalls"):
        for _ in range(5):
            world._core.health.failed("rollcalls", "in this story", RuntimeError("it fails"))
    assert world._core.health.is_paused("rollcalls")
    world.advance(seconds=20)
    for how in ("tapped", "typed"):
        before = len(kees.received)
        if how == "tapped":
            henk.taps("Hulp nodig")
        else:
            henk.says("nee het gaat niet goed")
        world.advance(seconds=10)
        assert "112" in henk.last.text
        wanted = "Hulp nodig" if how == "tapped" else "nee het gaat niet goed"
        assert any("Henk" in one.text and wanted in one.text for one in kees.received[before:])
    henk.taps("Veilig")
    world.advance(seconds=20)
    assert henk.last.text.startswith("Antwoorden hierop is nu niet beschikbaar.")


def test_no_report_is_offered_where_nobody_takes_it(world: World, kees: Member, henk: Member) -> None:
    words = "brand in de esdoornlaan, vlammen uit het dak"
    off(world, kees, "meldingen")
    says(world, henk, words)
    assert "Naar de coördinator" in henk.last.buttons
    assert "Dit is een melding" not in henk.last.buttons
    henk.taps("Naar de coördinator")
    world.advance(seconds=20)
    assert words in kees.last.text


def test_a_report_that_was_offered_before_reaches_the_co_ordinators(world: World, kees: Member, henk: Member) -> None:
    words = "zomaar een zin over de school"
    says(world, henk, words)
    offered = henk.last
    off(world, kees, "meldingen")
    before = len(kees.received)
    henk.taps("Dit is een melding", on=offered)
    world.advance(seconds=20)
    assert any(words in one.text for one in kees.received[before:])
    assert "112" in henk.last.text
