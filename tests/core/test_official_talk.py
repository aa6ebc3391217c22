"""What officials say, and what it means: those who are no members, those who are, and those who are none any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from buurtwacht import OfficialKind, Severity, Text
from buurtwacht.testing import Member, Neighbourhood, World

from . import desk

_OFF = ["alerts", "rollcalls", "patrols", "escalation", "announcements"]


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(plugins=[desk], wire=request.param)
    yield made
    made.close(check=False)


def place(world: World, code: str, name: str, municipality: str = "Roosendaal") -> Neighbourhood:
    return world.neighbourhood(code, name, municipality=municipality, quiet_hours=None, plugins_off=_OFF)


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return place(world, "TB", "Tolberg")


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])


def agent(world: World, *, channel: str = "whatsapp", verified: bool = True, **more: Neighbourhood) -> Member:
    places = list(more.values())
    return world.official(
        "Anja", "police", municipality="Roosendaal", channel=channel, verified=verified, neighbourhoods=places
    )


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize("how", ["tap", "word", "number", "quote"])
def test_an_official_answers_what_he_is_asked(world: World, kees: Member, how: str, channel: str) -> None:
    anja = agent(world, channel=channel)
    kees.says("verzoek kom langs")
    world.advance(seconds=5)
    assert "TB-B1" in anja.last.text
    asked = anja.last
    if how == "tap":
        anja.taps("Ja")
    elif how == "quote":
        anja.says("ja hoor", reply_to=asked)
    else:
        anja.says("1" if how == "number" else "ja")
    world.advance(seconds=5)
    assert kees.last.text == "Antwoord uit Tolberg van Anja: yes."
    assert anja.last.text == "Dank."


def test_he_uses_the_commands_that_name_his_kind_and_no_others(world: World, kees: Member) -> None:
    anja = agent(world)
    anja.says("ronde politie")
    world.advance(seconds=5)
    assert anja.last.text == "Jouw ronde."
    anja.says("verzoek kom langs")
    world.advance(seconds=10)
    assert anja.last.text.startswith("Dat begrijp ik niet")
    assert "112" in anja.last.text
    bart = world.official("Bart", "mayor", municipality="Roosendaal", channel="telegram")
    bart.says("ronde politie")
    assert bart.last.text.startswith("Dat begrijp ik niet")


@pytest.mark.parametrize(
    ("text", "where"), [("loket", "-"), ("loket TB-B1", "Tolberg"), ("loket WO", "Wouw"), ("loket BR-B1", "-")]
)
def test_what_he_names_decides_where_it_is_about(world: World, tolberg: Neighbourhood, text: str, where: str) -> None:
    place(world, "WO", "Wouw")
    place(world, "BR", "Breda Noord", "Breda")
    anja = agent(world)
    anja.says(text)
    assert anja.last.text == f"Hier: {where}. Als: police."


def test_the_only_neighbourhood_he_covers_is_meant(world: World, tolberg: Neighbourhood) -> None:
    place(world, "WO", "Wouw")
    anja = agent(world, tolberg=tolberg)
    anja.says("loket")
    assert anja.last.text == "Hier: Tolberg. Als: police."


def test_what_he_types_is_heard_where_he_quotes_or_else_by_who_knows(world: World, kees: Member) -> None:
    place(world, "WO", "Wouw")
    anja = agent(world)
    kees.says("verzoek kom langs")
    world.advance(seconds=5)
    anja.says("ik ben er over tien minuten", reply_to=anja.last)
    world.advance(seconds=5)
    assert anja.last.text == "Gehoord in Tolberg: ik ben er over tien minuten."
    anja.says("iets over de balie")
    world.advance(seconds=10)
    assert anja.last.text == "Gehoord in -: iets over de balie."


def test_help_shows_what_he_can_do_and_a_cry_shows_112(world: World, kees: Member) -> None:
    anja = agent(world)
    anja.says("help")
    world.advance(seconds=5)
    assert "functionaris" in anja.last.text
    assert "loket" in anja.last.text
    assert "ronde politie" in anja.last.text
    assert "verzoek" not in anja.last.text
    anja.says("help ronde politie")
    world.advance(seconds=10)
    assert "voor de politie" in anja.last.text
    for cry in ("HELP!", "ik heb hulp nodig"):
        anja.says(cry)
        world.advance(seconds=10)
        assert anja.last.text.startswith("In nood? Bel nu 112")
    assert kees.received == [], "he calls himself: nobody of the neighbourhood is told"


def test_who_is_not_confirmed_hears_that_and_nothing_else(world: World, kees: Member) -> None:
    anja = agent(world, verified=False)
    kees.says("verzoek kom langs")
    world.advance(seconds=5)
    assert anja.received == []
    for text in ("loket", "ronde politie", "iets over de balie", "help", "HELP!"):
        anja.says(text)
        world.advance(seconds=10)
        assert "nog niet bevestigd" in anja.last.text
        assert "112" in anja.last.text
    assert kees.received == []


def test_an_answer_comes_too_late_once_he_was_dismissed(world: World, kees: Member, tolberg: Neighbourhood) -> None:
    anja = agent(world)
    kees.says("verzoek kom langs")
    world.advance(seconds=5)
    asked = anja.last
    who = world.person_id(anja)
    with world.context("core", tolberg) as ctx:
        assert ctx.directory.dismiss(who, OfficialKind.POLICE, "Roosendaal")
    world.advance(seconds=10)
    assert anja.last.text == "Geen police meer in Roosendaal. Dank."
    anja.taps("Ja", on=asked)
    world.advance(seconds=10)
    assert "gesloten" in anja.last.text
    anja.says("ja")
    anja.says("ronde politie")
    world.advance(seconds=10)
    assert [one.text for one in kees.received] == []


def test_who_left_as_a_member_is_an_official_all_the_same(world: World, kees: Member, tolberg: Neighbourhood) -> None:
    anja = tolberg.member("Anja", channel="telegram")
    who = world.person_id(anja)
    with world.context("core", tolberg) as ctx:
        ctx.directory.appoint(who, OfficialKind.POLICE, "Roosendaal", verified_by=world.person_id(kees))
        ctx.directory.leave(who, tolberg.id)
    kees.says("verzoek kom langs")
    world.advance(seconds=5)
    anja.taps("Ja")
    anja.says("ronde politie")
    world.advance(seconds=5)
    assert [one.text for one in anja.received][1:] == ["Dank.", "Jouw ronde."]
    with world.context("core", tolberg) as ctx:
        ctx.broadcast(ctx.audience.people([who]), Text("official.emergency"), Severity.NOTICE)
    world.advance(seconds=5)
    assert len(anja.received) == 4, "what names him reaches him"


def test_a_member_who_is_an_official_is_read_as_a_member_with_the_commands_of_both(
    world: World, kees: Member, tolberg: Neighbourhood
) -> None:
    wouw = place(world, "WO", "Wouw")
    anja = tolberg.member("Anja", channel="telegram")
    with world.context("core", wouw) as ctx:
        who = world.person_id(anja)
        ctx.directory.appoint(who, OfficialKind.POLICE, "Roosendaal", verified_by=world.person_id(kees))
    anja.says("ronde politie")
    assert anja.last.text == "Jouw ronde."
    anja.says("loket")
    assert anja.last.text == "Hier: Tolberg. Als: police."
    anja.says("loket WO-B3")
    world.advance(seconds=5)
    assert anja.last.text == "Hier: Wouw. Als: police."
    kees.says("verzoek kom langs")
    world.advance(seconds=5)
    anja.says("ik kom eraan", reply_to=anja.last)
    assert anja.last.text == "Gehoord in Tolberg: ik kom eraan."
    world.advance(seconds=5)
    anja.says("help")
    assert "ronde politie" in anja.last.text
    assert "uitnodiging" in anja.last.text, "what members can do, she can too"


def test_an_official_of_two_municipalities_serves_both(world: World, tolberg: Neighbourhood, kees: Member) -> None:
    place(world, "BR", "Breda Noord", "Breda")
    anja = agent(world)
    with world.context("core", tolberg) as ctx:
        who = world.person_id(anja)
        ctx.directory.appoint(who, OfficialKind.BOA, "Breda", verified_by=world.person_id(kees))
    anja.says("loket BR-B1")
    assert anja.last.text == "Hier: Breda Noord. Als: police, boa."
    with world.context("core", tolberg) as ctx:
        ctx.directory.dismiss(who, OfficialKind.POLICE, "Roosendaal")
    world.advance(seconds=5)
    anja.says("ronde politie")
    assert anja.last.text.startswith("Dat begrijp ik niet")
    anja.says("loket")
    world.advance(seconds=5)
    assert anja.last.text == "Hier: Breda Noord. Als: boa."


def test_a_members_words_cost_no_query_for_offices(world: World, tolberg: Neighbourhood) -> None:
    fatima = tolberg.member("Fatima", channel="telegram")
    asked: list[str] = []

    def ask(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM official" in statement:
            asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", ask)
    try:
        for text in ("taal nl", "stilte uit", "kanaal", "verwijder mij"):
            fatima.says(text)
            world.advance(seconds=5)
    finally:
        event.remove(world.database.engine, "before_cursor_execute", ask)
    assert asked == []
