"""What an official gets: the package, photos behind links, the reporter's number with consent, changes, the outcome."""

from __future__ import annotations

import itertools
import re

import pytest

from buurtwacht.testing import World, press, visit

from .escalating import CITY, called, package
from .tolberg import CAR, about, both_ways, texts

world = both_ways


def test_the_package_holds_all_that_was_said_and_who_asks(world: World) -> None:
    """§2.9: the whole plate, for him alone; the sense stands in the first 60 characters; nobody reported it."""
    town = called(world)
    town.town.riet.says("3 nu richting Esdoornlaan, kenteken 12-ABC-3")
    world.advance(minutes=2)
    town.escalate("wijkagent derde nacht op rij, graag langskomen bij dienst")
    read = package(town.peters).text
    assert re.match(r"Opschaling: VERDACHT VOERTUIG · Meidoornstraat · 01:42", read[:60])
    for part in (
        "112: gebeld door melder (01:42)",
        "Wat: rijdt stapvoets langs de auto's, lichten uit",
        "Richting: Esdoornlaan",
        "Getuigen: 2",
        "4 buren kregen de melding",
        "Vraag: graag langskomen bij dienst",
        "Toelichting: derde nacht op rij",
    ):
        assert part in read, part
    assert read.endswith("TB-0001 · Gevraagd door Kees, namens buurt Tolberg.")
    assert "Fatima" not in read
    assert "Riet" not in read
    assert package(town.peters).buttons == ("Ontvangen", "Ik pak het op", "Niet voor mij")


def test_what_neighbours_added_before_stands_in_it(world: World) -> None:
    town = called(world)
    town.town.riet.says("aanvulling TB-0001 hij draait om bij de school")
    world.advance(minutes=2)
    town.escalate()
    assert "Aanvulling: hij draait om bij de school" in package(town.peters).text
    assert len(town.peters.received) == 1


def test_the_whole_plate_is_for_officials(world: World) -> None:
    town = called(world)
    town.town.henk.says("verdacht busje beukenlaan kenteken 12-ABC-3, man laadt fietsen in")
    town.town.henk.taps("Ja, door mij")
    world.advance(seconds=30)
    town.town.kees.says("opschalen TB-0002 wijkagent")
    world.advance(seconds=5)
    assert "Kenteken: 12-ABC-3" in package(town.peters).text
    assert not about(town.town.riet, "12-ABC-3")


def test_a_point_comes_with_plus_code_and_map(world: World) -> None:
    town = called(world)
    town.town.fatima.says("man met breekijzer bij de achterdeuren", location=(51.5308, 4.4653))
    world.advance(minutes=2)
    town.town.kees.says("opschalen TB-0002 wijkagent")
    world.advance(seconds=5)
    assert "9F36GFJ8+84" in package(town.peters).text
    assert "https://www.openstreetmap.org/?mlat=51.53080&mlon=4.46530" in package(town.peters).text


def test_who_was_silent_for_a_day_gets_it_as_a_template_with_its_buttons(world: World) -> None:
    town = called(world)
    smit = world.official(
        "Smit", "controlroom", municipality=CITY, neighbourhoods=(town.town.place,), channel="whatsapp"
    )
    world.advance(hours=25)
    town.town.riet.says("aanvulling TB-0001 " + "hij draait om bij de school en komt terug " * 8)
    world.advance(minutes=2)
    town.escalate("meldkamer " + "het is de derde nacht, " * 12)
    shown = [one for one in smit.received if one.arrived]
    assert shown
    assert all(one.template for one in shown)
    assert "VERDACHT VOERTUIG" in shown[0].text
    assert sum(one.text.count("derde nacht") for one in shown) >= 12
    smit.taps("Ontvangen")
    world.advance(seconds=5)
    assert about(town.town.kees, "overgenomen door Smit (meldkamer)")


def test_an_english_official_reads_english(world: World) -> None:
    town = called(world)
    jones = world.official(
        "Jones", "controlroom", municipality=CITY, neighbourhoods=(town.town.place,), channel="telegram"
    )
    jones.says("language english")
    town.escalate("meldkamer")
    assert "Escalation: SUSPICIOUS VEHICLE · Meidoornstraat · 01:42" in jones.last.text
    jones.taps("I take it")
    world.advance(seconds=5)
    assert "you take TB-0001" in jones.last.text
    jones.says("we will drive by, stay inside")
    jones.taps("Share with neighbours")
    world.advance(seconds=10)
    assert about(town.town.henk, "Bericht van Jones, meldkamer, over melding TB-0001:\nwe will drive by, stay inside")


def test_photos_are_behind_links_that_work_once(world: World) -> None:
    """§4.4.8: officials only, 15 minutes, one use; new ones at each tap."""
    town = called(world)
    town.town.fatima.says(f"{CAR} en nu in de beukenlaan", photo=True)
    world.advance(minutes=2)
    town.town.kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert "Foto's: 1, op verzoek" in package(town.peters).text
    assert about(town.peters, "Foto's bij TB-0001: 1.")
    town.peters.taps("Foto's bekijken")
    world.advance(seconds=5)
    [link] = re.findall(r"https?://\S+", town.peters.last.text)
    assert "tot 01:59" in town.peters.last.text
    page = visit(world, link)
    assert page.headers["content-type"].startswith("text/html")
    assert press(world, page).headers["content-type"].startswith("image/")
    assert visit(world, link).status_code == 410
    town.peters.taps("Foto's bekijken")
    world.advance(seconds=5)
    [again] = re.findall(r"https?://\S+", town.peters.last.text)
    assert again != link
    world.advance(minutes=16)
    assert visit(world, again).status_code == 410
    assert not about(town.town.kees, "Alleen functionarissen")


def test_photos_that_an_official_asked_for_are_kept_while_he_has_it(world: World) -> None:
    """§2.6: deleted after 72 hours unless an official asked."""
    town = called(world)
    town.town.fatima.says("aanvulling TB-0001 hier staat hij", photo=True)
    world.advance(minutes=2)
    town.escalate()
    town.peters.taps("Ik pak het op")
    town.peters.taps("Foto's bekijken")
    world.advance(hours=120)
    town.peters.taps("Foto's bekijken")
    world.advance(seconds=5)
    [link] = re.findall(r"https?://\S+", town.peters.last.text)
    assert press(world, visit(world, link)).headers["content-type"].startswith("image/")
    town.town.kees.says("einde TB-0001 rustig")
    world.advance(hours=80)
    town.peters.taps("Foto's bekijken")
    world.advance(seconds=5)
    links = re.findall(r"https?://\S+", town.peters.last.text)
    assert not links or visit(world, links[0]).status_code in (404, 410)


def test_a_neighbour_who_asks_for_it_is_not_named(world: World) -> None:
    """R43: a co-ordinator agrees, and answers for what leaves the neighbourhood."""
    town = called(world)
    town.town.henk.says("opschalen TB-0001 wijkagent hij rijdt hier elke nacht")
    world.advance(seconds=5)
    town.town.kees.taps("Ja")
    world.advance(seconds=5)
    read = package(town.peters).text
    assert "een buurtbewoner, met akkoord van Kees namens buurt Tolberg" in read
    assert "Henk" not in read
    town.peters.taps("Ontvangen")
    world.advance(seconds=5)
    assert about(town.town.henk, "overgenomen door Peters")
    assert not about(town.town.riet, "overgenomen")


def test_a_photo_that_comes_later_is_offered_then(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.taps("Ontvangen")
    town.town.fatima.says("aanvulling TB-0001 hier staat hij", photo=True)
    world.advance(minutes=2)
    assert about(town.peters, "Foto's bij TB-0001: 1.")


def test_the_reporter_is_asked_whether_he_may_be_called(world: World) -> None:
    """§2.9: only with consent, which can be taken back; the package waited for nothing."""
    town = called(world)
    henk = town.town.place.member("Joop", channel="whatsapp", street="Beukenlaan")
    henk.says("verdachte man beukenlaan 3 loopt achterom, breekijzer")
    henk.taps("Ja, door mij")
    world.advance(seconds=30)
    town.town.kees.says("opschalen TB-0002 wijkagent graag contact met de melder")
    world.advance(seconds=5)
    assert "Vraag: graag contact" in package(town.peters).text
    assert "Mag een functionaris (politie) je bellen over je melding TB-0002" in henk.last.text
    number = henk.addresses["whatsapp"].lstrip("+")[-6:]
    assert not any(number in re.sub(r"\D", "", text) for text in texts(town.peters))
    henk.taps("Ja")
    world.advance(seconds=5)
    [given] = about(town.peters, "mag gebeld worden")
    assert "Joop" in given
    assert number in re.sub(r"\D", "", given)
    for one in (town.town.kees, town.town.ans, town.town.riet, town.town.fatima):
        assert not about(one, "mag gebeld worden")
    henk.taps("Nee", on=next(one for one in henk.received if "Mag een functionaris" in one.text))
    world.advance(seconds=5)
    assert about(town.peters, "wil niet meer gebeld worden")


def test_the_reporters_no_gives_nothing(world: World) -> None:
    town = called(world)
    town.escalate("wijkagent graag bellen met de melder")
    town.town.fatima.taps("Nee")
    world.advance(minutes=30)
    assert not about(town.peters, "mag gebeld worden")
    assert "je nummer wordt niet gegeven" in town.town.fatima.last.text


def test_an_official_can_ask_to_speak_to_the_reporter(world: World) -> None:
    town = called(world)
    town.escalate()
    assert not about(town.town.fatima, "bellen over je melding")
    town.peters.says("mag ik de melder bellen?")
    world.advance(seconds=5)
    assert about(town.peters, "Ik vraag de melder van TB-0001")
    town.town.fatima.taps("Ja")
    world.advance(seconds=5)
    assert about(town.peters, "Fatima")


def test_what_changes_comes_as_one_short_line_a_minute(world: World) -> None:
    town = called(world)
    town.escalate()
    town.peters.taps("Ontvangen")
    for words in ("hij staat nu stil", "twee man stappen uit", "ze lopen achterom"):
        town.town.riet.says(f"aanvulling TB-0001 {words}")
        world.advance(seconds=5)
    world.advance(minutes=3)
    lines = about(town.peters, "Aanvulling: ")
    assert lines
    assert all(sum(words in line for line in lines) == 1 for words in ("staat nu stil", "achterom"))
    moments = [one.at for one in town.peters.received if "Aanvulling: " in one.newest]
    assert all((later - one).total_seconds() >= 60 for one, later in itertools.pairwise(moments))
    assert not town.bakker.received


def test_a_new_112_status_reaches_who_has_it(world: World) -> None:
    town = called(world)
    town.town.henk.says("verdachte man beukenlaan loopt achterom met breekijzer")
    town.town.henk.taps("Nee, ik ga nu bellen")
    world.advance(seconds=30)
    town.town.kees.says("opschalen TB-0002 wijkagent")
    world.advance(seconds=5)
    assert "112: nog niet bevestigd" in package(town.peters).text
    town.town.henk.taps("Ja, door mij")
    world.advance(minutes=1)
    assert about(town.peters, "112: gebeld door melder")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("einde TB-0001 de auto is weg", "de melding is gesloten"),
        ("loos alarm TB-0001 het was de krantenbezorger", "het was loos alarm"),
    ],
)
def test_who_has_it_reads_how_it_ended_once(world: World, typed: str, told: str) -> None:
    town = called(world)
    town.escalate()
    world.advance(minutes=11)
    town.bakker.taps("Ik pak het op")
    town.town.kees.says(typed)
    if "loos" in typed:
        town.town.kees.taps("Ja")
    world.advance(seconds=30)
    for one in (town.peters, town.bakker):
        assert len(about(one, told)) == 1
    world.advance(minutes=200)
    for one in (town.peters, town.bakker):
        assert not about(one, "Hoe staat het ermee")
    town.peters.taps("Ontvangen")
    world.advance(seconds=5)
    assert told in town.peters.last.text


def test_what_is_still_queued_is_never_sent(world: World) -> None:
    """R24: the messenger was down; whoever was not shown it has nothing to be told."""
    town = called(world)
    with world.outage("whatsapp"):
        town.escalate()
        world.advance(minutes=2)
        town.town.ans.says("loos alarm TB-0001 het was de krantenbezorger")
        town.town.ans.taps("Ja")
        world.advance(seconds=30)
    world.advance(minutes=15)
    assert not any(one.arrived for one in town.peters.received)


def test_the_log_shows_who_was_asked_and_what_came_of_it(world: World) -> None:
    town = called(world)
    town.escalate()
    world.advance(minutes=11)
    town.bakker.taps("Ontvangen")
    town.town.ans.says("opschaling TB-0001")
    shown = town.town.ans.last.text
    for line in (
        "01:42 gevraagd om op te schalen door Kees",
        "01:42 gevraagd: Peters (politie)",
        "01:47 herinnerd: Peters (politie)",
        "01:52 gevraagd: Bakker (handhaving)",
        "01:53 ontvangen: Bakker (handhaving)",
    ):
        assert line in shown, shown
    assert ": bevestigd" in shown
    town.town.kees.says("opschalingen")
    assert "TB-0001 sinds 01:42: bevestigd" in town.town.kees.last.text
    for one in town.members:
        one.says("opschaling TB-0001")
        assert "Bakker" not in one.last.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("opschaling TB-0001", "niet opgeschaald"),
        ("opschaling TB-0099", "TB-0099"),
        ("opschalingen", "Er loopt geen opschaling"),
    ],
)
def test_what_is_not_there_is_one_sentence(world: World, typed: str, answer: str) -> None:
    town = called(world)
    town.town.kees.says(typed)
    assert answer in town.town.kees.last.text


def test_a_plate_that_is_added_reaches_the_official_in_full_and_no_neighbour(world: World) -> None:
    """§2.9: the plate in full is for officials only; what comes later too."""
    town = called(world)
    town.escalate()
    town.town.kees.says("aanvulling TB-0001 er rijdt nu een busje mee, kenteken 99-XX-YY")
    world.advance(minutes=2)
    assert "Kenteken: 99-XX-YY" in town.peters.last.text
    assert len(about(town.peters, "99-XX-YY")) == 1
    assert not any("99-XX-YY" in text for one in town.members for text in texts(one))
    town.escalate("boa")
    assert "99-XX-YY" in package(town.bakker).text, "and who is asked later reads it in the package"


def test_where_only_the_street_is_known_the_map_shows_the_street(world: World) -> None:
    """§2.9: where is an address, a map link and a plus code; §3.5: 51.5308, 4.4653 is 9F36GFJ8+84."""
    world.at("2026-01-16 14:00")
    streets = {"Meidoornstraat": (51.5308, 4.4653)}
    place = world.neighbourhood("TB", "Tolberg", municipality=CITY, streets=streets, quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["coordinator"])
    peters = world.official("Peters", "police", municipality=CITY, channel="whatsapp")
    kees.says(CAR)
    world.advance(minutes=2)
    kees.says("opschalen TB-0001 wijkagent")
    world.advance(seconds=5)
    assert "Kaart (de straat): 9F36GFJ8+84 · https://www.openstreetmap.org/" in package(peters).text
