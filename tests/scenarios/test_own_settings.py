"""What members decide for themselves, their messengers and groups, and what those do who look after them."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from buurtwacht import Manifest
from buurtwacht.records import people
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht_whatsapp.stand_in import CloudApi


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"])


@pytest.fixture
def carla(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Carla", channel="telegram", roles=["coordinator"])


def says(world: World, member: Member, text: str) -> str:
    """Say something and return the answer, once the messenger's pace has let it through."""
    member.says(text)
    world.advance(seconds=20)
    return member.last.text


def test_language_and_form_of_address(world: World, tolberg: Neighbourhood) -> None:
    riet = tolberg.member("Riet", channel="whatsapp")
    assert says(world, riet, "taal engels") == "In English from now on."
    assert says(world, riet, "language nl") == "Voortaan in het Nederlands."
    assert says(world, riet, "aanspreekvorm u") == "Voortaan zeg ik u."
    assert "Wilt u stoppen" in says(world, riet, "afmelden")
    assert "Nederlands of Engels" in says(world, riet, "taal klingon")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("stilte 23:00-06:30", "23:00-06:30"),
        ("quiet 23:00 - 6:30", "23:00-06:30"),
        ("stilte uit", "Geen stiltetijd"),
        ("stilte standaard", "van de buurt"),
        ("stilte straks", "begrijp ik niet"),
        ("stilte", "22:30-07:00"),
    ],
)
def test_quiet_hours(world: World, tolberg: Neighbourhood, typed: str, answer: str) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    assert answer in says(world, henk, typed)


def test_senders_can_be_refused_and_allowed_again(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    assert "geen mededelingen meer van de gemeente" in says(world, henk, "geen berichten van de gemeente")
    assert "weer mededelingen van de gemeente" in says(world, henk, "wel berichten van gemeente")
    assert "Van wie?" in says(world, henk, "geen berichten van buurman")


def test_rules_and_privacy_say_what_was_agreed(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    assert "112" in says(world, henk, "huisregels")
    told = says(world, henk, "privacy")
    assert "huisregels versie" in told
    assert "buiten de EU" in told


def test_a_neighbourhood_adds_rules_of_its_own(world: World) -> None:
    rules = {"members": {"own_rules": ["Geen berichten over honden."], "age": 21}}
    langdonk = world.neighbourhood("LD", "Langdonk", settings=rules)
    henk = langdonk.member("Henk", channel="telegram")
    told = says(world, henk, "regels")
    assert "honden" in told
    assert "21 jaar" in told


def test_name_and_street(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    assert "Hendrik" in says(world, henk, "wijzig naam Hendrik")
    assert "geen naam" in says(world, henk, "wijzig naam www.winkel.example")
    assert "Meidoornstraat" in says(world, henk, "verhuisd naar Meidoornstr 4")
    assert "Hendrik (Meidoornstraat)" in says(world, carla, "leden")


def test_taking_part_in_something_extra() -> None:
    pets = ModuleType("lost_pets")
    manifest = Manifest(id="lost_pets", name="Vermiste dieren", version="1.0", opt_in=True)
    pets.__dict__.update(manifest=manifest, __file__=None)
    with World(plugins=[pets]) as world:
        henk = world.neighbourhood("TB", "Tolberg").member("Henk", channel="telegram")
        assert "iets extra" in says(world, henk, "help")
        assert "meedoen lost_pets" in says(world, henk, "meedoen")
        assert "komen voortaan ook" in says(world, henk, "meedoen vermiste dieren")
        assert "geen berichten meer" in says(world, henk, "niet meedoen lost_pets")


def test_where_there_is_nothing_extra_help_does_not_speak_of_it(world: World, tolberg: Neighbourhood) -> None:
    bare = world.neighbourhood("KR", "Kroeven", plugins_off=["nl_alert", "lost_pets"])
    wim, henk = bare.member("Wim", channel="telegram"), tolberg.member("Henk", channel="telegram")
    assert "iets extra" not in says(world, wim, "help")
    assert "iets extra" in says(world, henk, "help")


# --- messengers ------------------------------------------------------------------------------------------------------


def test_a_second_messenger_is_attached_by_a_link_that_works_once(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    assert "Telegram" in says(world, henk, "kanaal")
    token = re.search(r"link-([0-9a-f]+)", says(world, henk, "koppel app"))
    assert token is not None
    phone = tolberg.newcomer("Henk", channel="whatsapp")
    assert "gekoppeld" in says(world, phone, f"Start link-{token[1]}")
    assert "tweede messenger" in henk.last.text
    assert "al lid" in says(world, phone, "aanmelden TB")

    other = tolberg.newcomer("Dief", channel="whatsapp")
    assert "al gebruikt" in says(world, other, f"start link-{token[1]}")

    phone.says("kanaal")
    world.advance(seconds=20)
    phone.taps("WhatsApp")
    world.advance(seconds=20)
    assert "eerst op WhatsApp" in phone.last.text

    assert "Welke messenger" in says(world, phone, "ontkoppel")
    phone.taps("Telegram")
    world.advance(seconds=20)
    assert "Losgekoppeld: Telegram" in phone.last.text
    assert "Meedoen?" in says(world, henk, "hallo"), "that telephone is a stranger's now"


def test_a_link_is_good_for_half_an_hour(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    token = re.search(r"link-([0-9a-f]+)", says(world, henk, "koppel app"))
    assert token is not None
    world.advance(minutes=31)
    phone = tolberg.newcomer("Henk", channel="whatsapp")
    assert "te oud" in says(world, phone, f"start link-{token[1]}")


def test_the_only_messenger_cannot_be_let_go(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    assert "enige messenger" in says(world, henk, "ontkoppel")


# --- those who look after a neighbourhood ----------------------------------------------------------------------------


def test_the_list_is_for_those_who_look_after_the_neighbourhood(
    world: World, tolberg: Neighbourhood, carla: Member
) -> None:
    henk = tolberg.member("Henk", channel="whatsapp", street="Meidoornstraat")
    ahmed = tolberg.member("Ahmed", channel="telegram", roles=["admin"])
    assert "Carla" not in says(world, henk, "leden")
    told = says(world, carla, "leden")
    assert "Henk (Meidoornstraat)" in told
    assert "Carla (coördinator)" in told
    assert "maar één beheerder" in told
    assert henk.addresses["whatsapp"] not in told
    assert "bekeken door Carla" in says(world, ahmed, "leden")
    assert sum(one.event == "members_looked_up" for one in world.audit()) == 2


def test_roles_are_given_and_taken(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    henk = tolberg.member("Henk de Wit", channel="whatsapp")
    assert "Henk de Wit is nu loper" in says(world, carla, "rol henk de wit loper")
    assert "loper" in henk.last.text
    assert "geen loper meer" in says(world, carla, "rol Henk geen loper")
    assert "Zo kan het" in says(world, carla, "rol Henk tovenaar")
    assert "geen lid met die naam" in says(world, carla, "rol Piet loper")


def test_only_an_admin_makes_admins_where_there_is_one(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    tolberg.member("Ahmed", channel="telegram", roles=["admin"])
    tolberg.member("Henk", channel="whatsapp")
    assert "alleen een beheerder" in says(world, carla, "rol Henk beheerder")


def test_of_two_with_one_name_it_is_asked_which(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    tolberg.member("Henk", channel="telegram", street="Meidoornstraat")
    second = tolberg.member("Henk", channel="whatsapp", street="Rozenstraat")
    says(world, carla, "rol Henk loper")
    carla.taps("Henk Rozenstraat")
    world.advance(seconds=20)
    assert "loper" in second.last.text


def test_requests_that_wait_can_be_asked_for(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    sam = tolberg.newcomer("Sam", channel="telegram")
    for said in ("aanmelden TB", "ja", "Sam", "Meidoornstraat"):
        says(world, sam, said)
    carla.says("aanvragen")
    world.advance(seconds=20)
    assert "Er wacht 1 aanvraag." in [one.text for one in carla.received]
    carla.taps("Ja")
    world.advance(seconds=20)
    assert "Welkom" in sam.last.text


def test_the_public_link_is_for_every_member(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    henk.says("uitnodiging")
    world.advance(seconds=20)
    told = next(one for one in henk.received if "Zo word je lid" in one.text)
    assert "join-TB" in told.text
    assert told.photo


def test_a_group_is_bound_by_who_looks_after_the_neighbourhood(
    world: World, tolberg: Neighbourhood, carla: Member
) -> None:
    langdonk = world.neighbourhood("LD", "Langdonk")
    group = langdonk.group("telegram")
    group.says(carla, "koppel groep TB")
    world.advance(seconds=20)
    assert "hoort nu bij de buurtwacht van Tolberg" in group.last.text
    assert "naam" in group.last.text, "who talks here shows his name"
    group.says(carla, "ontkoppel groep")
    world.advance(seconds=20)
    assert "losgekoppeld" in carla.last.text
    assert "in de groep zelf" in says(world, carla, "koppel groep TB")


def test_nobody_binds_a_group_to_a_neighbourhood_of_others(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    lia = langdonk.member("Lia", channel="telegram")
    group = tolberg.group("telegram")
    group.says(carla, "koppel groep LD")
    world.advance(seconds=20)
    assert "Alleen wie Langdonk beheert" in carla.last.text
    lia.says("verdachte auto dorpsstraat, rijdt stapvoets, lichten uit")
    lia.taps("Ja, door mij")
    world.advance(minutes=1)
    assert group.received == []


def test_who_takes_another_number_is_reached_there_and_not_at_the_old_one() -> None:
    with World(wire=True) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        henk = tolberg.member("Henk", channel="whatsapp")
        provider = world.messenger("whatsapp").provider
        assert isinstance(provider, CloudApi)
        former = henk.handles["whatsapp"]
        handles, update = provider.moves(henk.alias)
        world.tell("whatsapp", update)
        core = world._running.process.core
        unit = core.database.unit()
        known = [people.find_caller(unit, core.keyring, "whatsapp", [one]) is not None for one in (*former, *handles)]
        assert known == [False] * len(former) + [True] * len(handles), "an old number is somebody else's"
        unit.close()
        henk.handles["whatsapp"] = handles
        fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
        fatima.taps("Ja, door mij")
        world.advance(minutes=1)
        assert "VERDACHT VOERTUIG" in henk.last.text


def test_my_data_says_what_somebody_is_without_gaps(world: World, tolberg: Neighbourhood, carla: Member) -> None:
    henk = tolberg.member("Henk", channel="whatsapp")
    assert "• TB: lid\n" in says(world, henk, "mijn gegevens")
    riet = tolberg.member("Riet", channel="telegram", roles=["member", "patroller"], street="Meidoornstraat")
    assert "• TB: lid, loper, Meidoornstraat\n" in says(world, riet, "mijn gegevens")
