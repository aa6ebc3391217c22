"""Lost pets: a search goes to who asked for it after a yes, what was seen comes back, and its end is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

import buurtwacht_lost_pets
from buurtwacht import Context, Manifest, hookimpl
from buurtwacht.host.plugins import Plugins
from buurtwacht.testing import Member, World, self_audit
from buurtwacht.vocabulary.texts import Catalogues
from buurtwacht_lost_pets import Pet, State

CAT = "dier vermist rode kater, luistert naar Minoes"


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World("2026-01-16 13:31", wire=request.param) as made:
        yield made


class Town:
    """Fatima lost her cat; Henk, Noor and Riet asked to hear of such things, and Kees did not."""

    def __init__(self, world: World) -> None:
        self.place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        self.fatima = self.place.member("Fatima", channel="telegram")
        self.henk = self.place.member("Henk", channel="whatsapp")
        self.noor = self.place.member("Noor", channel="telegram", language="en")
        self.riet = self.place.member("Riet", channel="whatsapp", window_open=False, formal=True)
        self.kees = self.place.member("Kees", channel="telegram")
        for one in (self.fatima, self.henk, self.noor, self.riet):
            one.opts_in("lost_pets")

    def looking(self, said: str = CAT, *, photo: bool = False) -> None:
        self.fatima.says(said, photo=photo or None)
        self.fatima.taps("Ja")


def texts(of: Member) -> list[str]:
    return [one.text for one in of.received]


def test_who_asked_for_it_reads_it_after_a_yes(world: World) -> None:
    town = Town(world)
    town.fatima.says(CAT)
    assert "rode kater, luistert naar Minoes" in town.fatima.last.text
    assert town.fatima.last.buttons == ("Ja", "Nee")
    assert not town.henk.received
    town.fatima.taps("Ja")
    assert "3 dagen" in town.fatima.last.text
    world.advance(seconds=5)
    assert town.henk.last.text.startswith("Dier vermist in Tolberg: rode kater, luistert naar Minoes")
    assert town.noor.last.text.startswith("Lost pet in Tolberg: rode kater")
    assert town.riet.last.template
    assert not town.kees.received
    assert len(town.fatima.received) == 2, "who is looking does not read it again"


def test_an_animal_in_need_is_not_for_the_emergency_number(world: World) -> None:
    town = Town(world)
    town.looking()
    assert "144" in town.henk.last.text
    assert "112" not in town.henk.last.text


def test_after_a_no_nobody_reads_it(world: World) -> None:
    town = Town(world)
    town.fatima.says(CAT)
    town.fatima.says("nee")
    assert "niets verstuurd" in town.fatima.last.text
    town.fatima.says("dier vermist witte kat")
    town.fatima.says("dier vermist witte poes, Meidoornstraat")
    town.fatima.says("ja")
    world.advance(days=2)
    assert [text.partition("\n")[0] for text in texts(town.henk)] == [
        "Dier vermist in Tolberg: witte poes, Meidoornstraat"
    ]


def test_no_number_and_no_address_goes_with_it(world: World) -> None:
    town = Town(world)
    town.looking("dier vermist rode kater, bel 06-97000001 of +31 6 9700 0001 of mail fatima@example.org")
    town.henk.taps("Ik zag het dier")
    town.henk.says("bij de vijver, bel me op 0697000002")
    world.advance(seconds=5)
    for one in (town.henk, town.fatima):
        assert "9700" not in "".join(texts(one)).replace(" ", "")
        assert "example.org" not in "".join(texts(one))
    assert "bij de vijver" in town.fatima.last.text


def test_the_photo_goes_with_it(world: World) -> None:
    town = Town(world)
    town.looking(photo=True)
    world.advance(seconds=5)
    assert town.henk.last.photo
    assert "Minoes" in town.henk.last.text


def test_what_a_neighbour_saw_reaches_the_owner_without_his_name(world: World) -> None:
    town = Town(world)
    town.looking()
    town.henk.taps("Ik zag het dier")
    assert "Een buur heeft het dier gezien" in town.fatima.last.text
    assert "Waar en wanneer" in town.henk.last.text
    town.henk.says("net nog bij de Tolbergvijver")
    world.advance(seconds=10)
    assert "net nog bij de Tolbergvijver" in town.fatima.last.text
    assert "Dank je wel" in town.henk.last.text
    town.noor.taps("I saw it")
    town.noor.says("in our garden")
    world.advance(seconds=10)
    assert "in our garden" in town.fatima.last.text
    assert not [text for text in texts(town.fatima) if "Henk" in text or "Noor" in text]
    assert not [text for text in texts(town.henk) + texts(town.noor) if "Fatima" in text]


@pytest.mark.parametrize("said", ["dier gevonden", "pet found", "gevonden", "Hij is weer thuis!", "found"])
def test_who_was_told_hears_that_it_was_found(world: World, said: str) -> None:
    town = Town(world)
    town.looking()
    town.fatima.says(said)
    assert "Fijn dat het terecht is" in town.fatima.last.text
    world.advance(seconds=5)
    assert "Het dier is terecht" in town.henk.last.text
    assert "The pet was found" in town.noor.last.text
    assert not town.kees.received
    world.advance(days=5)
    assert len(town.henk.received) == 2
    town.henk.taps("Ik zag het dier")
    assert "niet meer gezocht" in town.henk.last.text
    town.fatima.says("dier gevonden")
    assert "zoekt hier nu geen dier" in town.fatima.last.text


def test_a_tap_on_found_ends_it_as_well(world: World) -> None:
    town = Town(world)
    town.looking()
    town.fatima.taps("Gevonden")
    world.advance(seconds=5)
    assert "Het dier is terecht" in town.henk.last.text


def test_who_looks_for_nothing_says_nothing_to_us_with_found(world: World) -> None:
    town = Town(world)
    town.looking()
    town.henk.says("gevonden")
    assert "niet meer gezocht" not in town.henk.last.text
    assert "Fijn" not in town.henk.last.text
    town.henk.taps("Ik zag het dier")
    assert "gezien" in town.fatima.last.text, "the search goes on"


def test_it_closes_after_three_days_for_everybody(world: World) -> None:
    town = Town(world)
    town.looking()
    world.advance(days=2, hours=23)
    assert len(town.henk.received) == 1
    world.advance(hours=1, minutes=1)
    for one in (town.henk, town.riet, town.fatima):
        assert one.last.text == (
            "De zoektocht naar dit dier is gesloten: rode kater, luistert naar Minoes\n"
            "Er is niet gemeld dat het terecht is. Dit was het laatste bericht hierover."
        )
    self_audit(world)


def test_one_search_at_a_time(world: World) -> None:
    town = Town(world)
    town.looking()
    town.fatima.says("dier vermist grijze papegaai")
    assert "Je zoekt al een dier: rode kater" in town.fatima.last.text
    town.fatima.says("dier terug")
    world.advance(seconds=10)
    town.looking("dier vermist grijze papegaai")
    world.advance(seconds=10)
    assert "papegaai" in town.henk.last.text


def test_by_night_nobody_is_woken_and_what_ended_meanwhile_is_not_said(world: World) -> None:
    place = world.neighbourhood("LD", "Langdonk")
    joost, wim = place.member("Joost", channel="telegram"), place.member("Wim", channel="whatsapp")
    wim.opts_in("lost_pets")
    world.advance_to("2026-01-16 23:00")
    joost.says(CAT)
    joost.taps("Ja")
    world.advance(hours=2)
    joost.says("dier gevonden")
    world.advance_to("2026-01-17 09:00")
    assert not wim.received
    world.advance_to("2026-01-17 23:00")
    joost.says(CAT)
    joost.taps("Ja")
    world.advance_to("2026-01-18 06:59")
    assert not wim.received
    world.advance_to("2026-01-18 07:01")
    assert "Minoes" in wim.last.text


def test_who_leaves_is_not_reached_any_more_and_the_search_ends(world: World) -> None:
    town = Town(world)
    town.looking()
    town.fatima.says("afmelden")
    town.fatima.taps("Ja")
    world.advance(minutes=1)
    assert "De zoektocht naar dit dier is gesloten" in town.henk.last.text
    before = len(town.fatima.received)
    town.henk.taps("Ik zag het dier")
    assert len(town.fatima.received) == before


def test_ones_own_data_names_it_and_erasing_takes_it_away(world: World) -> None:
    town = Town(world)
    town.looking(photo=True)
    town.fatima.says("mijn gegevens")
    world.advance(seconds=5)
    assert "Minoes" in "".join(texts(town.fatima)) or any(
        b"Minoes" in file.data for one in town.fatima.received for file in one.attachments
    )
    town.fatima.says("verwijder mij")
    world.advance(seconds=10)
    town.fatima.taps("Alles wissen")
    world.advance(hours=2)
    assert "oud-lid" not in "".join(texts(town.henk))
    assert not [where for where, kept in world.traces() if b"Minoes" in kept]


def test_where_it_is_off_it_says_so(world: World) -> None:
    joost = world.neighbourhood("LD", "Langdonk", plugins_off=["lost_pets"]).member("Joost", channel="telegram")
    joost.says(CAT)
    assert "niet beschikbaar" in joost.last.text


def test_the_days_are_a_setting() -> None:
    with World("2026-01-16 13:31", settings={"lost_pets": {"days": 1}}) as world:
        town = Town(world)
        town.looking()
        assert "duurt een dag" in town.fatima.last.text
        world.advance(days=1, minutes=1)
        assert "gesloten" in town.henk.last.text


# --- in his own words: alerts hands it over --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["huisdier vermist: rode kater, meidoornstraat", "mijn kat is weg", "melding mijn kat is weg", "alarm kat vermist"],
)
def test_a_sentence_about_a_lost_pet_is_asked_about_and_is_no_alert(world: World, said: str) -> None:
    town = Town(world)
    town.fatima.says(said, photo=True)
    (asked,) = texts(town.fatima)
    assert said.removeprefix("melding ").removeprefix("alarm ") in asked
    assert "TB-0" not in asked
    assert town.fatima.last.buttons == ("Ja", "Nee")
    town.fatima.taps("Ja")
    world.advance(seconds=5)
    assert town.henk.last.photo
    assert "Dier vermist in Tolberg" in town.henk.last.text
    assert not town.kees.received, "he did not ask for it"
    town.fatima.says("mijn kat is weg")
    assert "Je zoekt al een dier" in town.fatima.last.text
    self_audit(world)


def test_the_street_goes_with_it_and_no_number_of_a_house(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat", "Lindestraat"], quiet_hours=None)
    joost = tolberg.member("Joost", channel="telegram", street="Lindestraat")
    joost.says("onze hond is weggelopen")
    assert "onze hond is weggelopen (Lindestraat)" in joost.last.text
    joost.says("onze hond is weggelopen, Meidoornstraat 12, bel 06-97000001")
    assert "onze hond is weggelopen, Meidoornstraat" in joost.last.text
    assert "Lindestraat" not in joost.last.text
    assert "12" not in joost.last.text
    assert "9700" not in joost.last.text


@pytest.mark.parametrize("said", ["mijn hond is weg en er staan twee mannen in de tuin", "kat weg, en ik ruik rook"])
def test_what_stands_beside_a_pet_is_not_lost(world: World, said: str) -> None:
    town = Town(world)
    town.fatima.says(said)
    town.fatima.says("ja gebeld")
    world.advance(minutes=2)
    assert "TB-0001" in "".join(texts(town.kees))


def other_pets(**hooks: Callable[..., object]) -> ModuleType:
    """Return a plugin that stands in the place of ours."""
    other = ModuleType("other_pets")
    other.__dict__.update(manifest=Manifest(id="lost_pets", name="Dieren", version="1.0"), **hooks)
    return other


def reads_that_it_went_to_nobody(world: World, joost: Member, said: str) -> None:
    before = len(joost.received)
    joost.says(said)
    world.advance(minutes=2)
    (answer,) = texts(joost)[before:]
    assert "niet naar je buren gestuurd" in answer
    assert "144" in answer
    assert "TB-0" not in answer


@pytest.mark.parametrize("is_off", [True, False], ids=["off", "absent"])
@pytest.mark.parametrize("said", ["mijn kat is weg", "melding mijn kat is weg"])
def test_where_nobody_listens_he_reads_that_it_went_to_nobody(said: str, is_off: bool) -> None:
    with World("2026-01-16 13:31", plugins=[] if is_off else [other_pets()]) as world:
        off = ["lost_pets"] if is_off else []
        place = world.neighbourhood("TB", "Tolberg", quiet_hours=None, plugins_off=off)
        joost, wim = place.member("Joost", channel="telegram"), place.member("Wim", channel="whatsapp")
        reads_that_it_went_to_nobody(world, joost, said)
        assert not wim.received


def test_a_plugin_that_is_paused_listens_no_more() -> None:
    @hookimpl(optionalhook=True)
    def pet_reported(ctx: Context) -> None:
        raise RuntimeError("broken")

    with World("2026-01-16 13:31", plugins=[other_pets(pet_reported=pet_reported)]) as world:
        joost = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Joost", channel="telegram")
        with world.expects_error("lost_pets"):
            for _ in range(5):
                joost.says("mijn kat is weg")
        reads_that_it_went_to_nobody(world, joost, "mijn kat is weg")


def test_the_plugin_loads_without_alerts() -> None:
    plugins = Plugins(Catalogues())
    plugins.load([buurtwacht_lost_pets])
    assert "lost_pets" in plugins


# --- what comes later -------------------------------------------------------------------------------------------------


def test_a_photo_that_comes_after_the_yes_is_sent_after_it(world: World) -> None:
    town = Town(world)
    town.fatima.says("dier vermist poes", photo=True)
    town.fatima.says("nee")
    town.looking()
    world.advance(seconds=10)
    assert not town.henk.last.photo
    with world.context("lost_pets", town.place) as ctx:
        (earlier,) = ctx.records.find(Pet, state=State.DRAFT)
        (pet,) = ctx.records.find(Pet, state=State.OPEN)
    with world.context("members", town.place) as ctx:
        # What came with the words is fetched when the messenger gives it: this once after the yes.
        late = {"message": pet.message, "media": earlier.photo, "mime": "image/jpeg", "taken_by": "lost_pets"}
        ctx.tell("media_arrived", person=pet.owner, **late)
    world.advance(seconds=20)
    assert town.henk.last.photo
    assert "Minoes" in town.henk.last.text
    assert "sturen hem nu na" in town.fatima.last.text
    assert not town.kees.received


def test_a_neighbour_who_taps_again_and_again_is_brought_to_the_owner_once(world: World) -> None:
    town = Town(world)
    town.looking()
    before = len(town.fatima.received)
    for _ in range(3):
        town.henk.taps("Ik zag het dier")
    world.advance(seconds=10)
    assert len(town.fatima.received) == before + 1
    assert "weet al dat je het dier zag" in town.henk.last.text
    for words in ("bij de vijver", "nu bij de brug", "nu in het park", "en weer bij de vijver"):
        town.henk.says(words)
        world.advance(seconds=10)
        town.henk.taps("Ik zag het dier")
    assert len(town.fatima.received) == before + 4
    assert "nu in het park" in town.fatima.last.text
    assert "sturen we niet meer door" in town.henk.last.text
    town.noor.taps("I saw it")
    world.advance(seconds=10)
    assert len(town.fatima.received) == before + 5, "another neighbour is heard"
