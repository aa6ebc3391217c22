"""Co-ordinators give other systems what they read: files in the chat, and links that can be taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from buurtwacht.testing import Member, World, visit
from buurtwacht_alerts.cap import faults

CAR = "verdachte auto 12-ABC-3 meidoornstraat, rijdt stapvoets, lichten uit"


class Town:
    """Fatima reported a car in Tolberg; Kees looks after it, Emma does so in English, Wim next door."""

    def __init__(self, world: World) -> None:
        self.world = world
        streets = {"Meidoornstraat": (51.53084, 4.46531), "Beukenlaan": (51.5402, 4.4702)}
        self.tolberg = world.neighbourhood("TB", "Tolberg", adjacent=["LD"], streets=streets, quiet_hours=None)
        langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
        self.fatima = self.tolberg.member("Fatima", channel="telegram", street="Meidoornstraat 12")
        self.kees = self.tolberg.member("Kees", channel="whatsapp", roles=["coordinator"])
        self.emma = self.tolberg.member("Emma", channel="telegram", roles=["admin"], language="en")
        self.wim = langdonk.member("Wim", channel="telegram", roles=["coordinator"])
        self.fatima.says(CAR)
        self.fatima.taps("Ja, door mij")
        world.advance(minutes=3)

    def ask(self, member: Member, text: str) -> None:
        """Have somebody ask, and everything arrive that the pace held back."""
        self.world.advance(minutes=1)
        member.says(text)
        self.world.advance(minutes=1)

    def links(self, member: Member, text: str = "feed") -> list[str]:
        """Return the links that somebody gets for the asking."""
        self.ask(member, text)
        return re.findall(r"https?://\S+", member.last.text)

    def answers(self, *links: str) -> list[int]:
        """Return what our web answers to whoever follows these links."""
        return [visit(self.world, one).status_code for one in links]


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with World("2026-01-16 01:42", wire=request.param) as world:
        yield Town(world)


def test_an_alert_is_sent_as_files(town: Town) -> None:
    town.ask(town.kees, "cap TB-0001")
    assert town.kees.last.text == "TB-0001 als CAP-bericht."
    (file,) = town.kees.last.attachments
    assert (file.name, file.mime) == ("TB-0001.1.cap.xml", "application/cap+xml")
    assert [file.data.decode()] == town.world.cap("TB-0001")
    assert faults(file.data.decode()) == []
    town.kees.says("einde TB-0001 het was een bezorger")
    town.ask(town.kees, "cap 1")
    assert [one.name for one in town.kees.last.attachments] == ["TB-0001.1.cap.xml", "TB-0001.2.cap.xml"]
    town.ask(town.emma, "cap TB-0009")
    assert town.emma.last.text.startswith("There is no CAP message of TB-0009")


def test_alerts_are_sent_as_a_map(town: Town) -> None:
    town.ask(town.fatima, "stroomstoring in de beukenlaan, alles is donker")
    town.ask(town.emma, "geojson")
    assert "2 alerts" in town.emma.last.text
    (file,) = town.emma.last.attachments
    assert (file.name, file.mime) == ("alerts.geojson", "application/geo+json")
    found = json.loads(file.data)
    assert [one["geometry"]["coordinates"] for one in found["features"]] == [[4.47, 51.54], [4.465, 51.531]]
    assert found["features"][1]["properties"] == {
        "id": "TB-0001",
        "category": "verdacht.voertuig",
        "severity": "urgent",
        "status": "active",
        "called_112": "reporter",
        "reported_at": "2026-01-16T01:42:00+01:00",
        "sent_at": "2026-01-16T01:42:00+01:00",
        "closed_at": None,
        "outcome": None,
    }
    town.ask(town.kees, "geojson TB-0002")
    assert [one["id"] for one in json.loads(town.kees.last.attachments[0].data)["features"]] == ["TB-0002"]
    town.world.advance(days=31)
    town.ask(town.kees, "meldingenkaart")
    assert json.loads(town.kees.last.attachments[0].data) == {"type": "FeatureCollection", "features": []}


def test_a_place_that_nobody_knows_is_no_place(town: Town) -> None:
    town.ask(town.fatima, "babbeltruc in de dorpsstraat, een nepagent belt aan")
    town.fatima.taps("Niet nodig")
    town.ask(town.kees, "geojson TB-0002")
    (feature,) = json.loads(town.kees.last.attachments[0].data)["features"]
    assert feature["geometry"] is None


def test_links_lead_to_the_map_the_list_and_each_message(town: Town) -> None:
    where, listed = town.links(town.kees)
    assert "Wie de link heeft" in town.kees.last.text
    assert "eindigt die, dan stoppen ze" in town.kees.last.text
    town.ask(town.kees, "geojson")
    assert visit(town.world, where).content == town.kees.last.attachments[0].data
    atom = visit(town.world, listed)
    assert atom.headers["content-type"] == "application/atom+xml"
    names = [one.attrib["href"] for one in ElementTree.fromstring(atom.content).iter() if "href" in one.attrib]
    assert names == ["TB-0001.1.cap.xml"]
    base = listed.rsplit("/", 1)[0]
    for name in (*names, "TB-0001.cap.xml"):
        assert [visit(town.world, f"{base}/{name}").text] == town.world.cap("TB-0001")
    for name in ("TB-0001.2.cap.xml", "TB-0002.cap.xml", "LD-0001.cap.xml", "x"):
        assert visit(town.world, f"{base}/{name}").status_code == 404
    assert visit(town.world, base).status_code == 404
    assert town.links(town.kees) == [where, listed], "who asks again has the same"
    assert not {where, listed} & {*town.links(town.emma), *town.links(town.wim)}, "each has his own"


def test_what_not_every_member_reads_is_in_no_feed(town: Town) -> None:
    where, listed = town.links(town.kees)
    before = visit(town.world, where).content
    town.ask(town.fatima, "melding kapotte lantaarnpaal in de beukenlaan")
    assert town.world.cap("TB-0002"), "it is an alert"
    assert visit(town.world, where).content == before
    assert b"TB-0002" not in visit(town.world, listed).content
    base = listed.rsplit("/", 1)[0]
    for name in ("TB-0002.cap.xml", "TB-0002.1.cap.xml"):
        assert visit(town.world, f"{base}/{name}").status_code == 404
    town.ask(town.kees, "geojson TB-0002")
    assert town.kees.last.attachments, "a co-ordinator can pass it on himself"


def test_links_can_be_taken_back(town: Town) -> None:
    of_kees, old = town.links(town.kees), town.links(town.emma)
    new = town.links(town.emma, "feed new")
    assert "do not work any more" in town.emma.last.text
    assert town.answers(*old) == [404, 404]
    assert town.answers(*new) == [200, 200]
    assert town.answers(*of_kees) == [200, 200], "what another gave to a system goes on"
    events = [one.event for one in town.world.audit()]
    assert (events.count("feed_shown"), events.count("feed_renewed")) == (2, 1)


def test_links_are_his_as_long_as_he_looks_after_the_neighbourhood(town: Town) -> None:
    of_kees, of_emma = town.links(town.kees), town.links(town.emma)
    town.ask(town.emma, "role Kees no co-ordinator")
    assert town.answers(*of_kees) == [404, 404]
    assert town.answers(*of_emma) == [200, 200]
    town.ask(town.emma, "role Kees deputy co-ordinator")
    assert town.answers(*of_kees) == [200, 200], "a deputy looks after it, too"


@pytest.mark.parametrize("way", ["Alleen stoppen", "Alles wissen"])
def test_links_end_with_their_owner(town: Town, way: str) -> None:
    of_kees = town.links(town.kees)
    town.ask(town.kees, "verwijder mij")
    town.kees.taps(way)
    town.world.advance(minutes=1)
    assert town.answers(*of_kees) == [404, 404]


def test_members_get_nothing(town: Town) -> None:
    for text in ("cap TB-0001", "geojson", "feed"):
        town.ask(town.fatima, text)
        assert "alleen voor" in town.fatima.last.text
        assert not town.fatima.last.attachments


def test_what_was_relayed_is_given_out_by_its_own_neighbourhood_only(town: Town) -> None:
    town.ask(town.kees, "doorzetten TB-0001 LD")
    assert "TB-0001" in town.wim.last.text
    for text in ("cap TB-0001", "geojson TB-0001"):
        town.ask(town.wim, text)
        assert town.wim.last.text.startswith("TB-0001 hoort bij een andere buurt")
        assert not town.wim.last.attachments
