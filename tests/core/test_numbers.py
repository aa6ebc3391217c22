"""Telephone numbers in messages: put in when a message leaves, for whoever may say them, and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType

import pytest

from buurtwacht import Choice, Fact, Lines, Manifest, Message, PersonNumber, PluginError, Severity, Text
from buurtwacht.records.content import dump_message, load_message, people_named, people_numbered
from buurtwacht.testing import Member, Neighbourhood, World
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.phones import readable

SHARER, OTHER = "sharer", "other"


def plugin(ident: str, *permissions: str) -> ModuleType:
    """Make a plugin that may do this."""
    module = ModuleType(ident)
    allowed = frozenset({"send:members", *permissions})
    module.manifest = Manifest(id=ident, name=ident, version="1", permissions=allowed)  # type: ignore[attr-defined]
    return module


def says(fact: Fact) -> Text:
    """Return a text that shows one fact."""
    return Text("message.map", domain="core", link=fact)


@pytest.fixture(params=["memory", "wire", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    plugins = [plugin(SHARER, "share:numbers"), plugin(OTHER)]
    database = request.param if request.param == "postgresql" else "sqlite"
    with World(plugins=plugins, wire=request.param == "wire", database=database) as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None)


@pytest.fixture
def bea(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Bea", channel="telegram")


def shown(world: World, where: Neighbourhood, reader: Member, about: Member) -> str:
    with world.context(SHARER, where) as ctx:
        ctx.send(world.person_id(reader), says(PersonNumber(world.person_id(about))))
    return reader.last.text


def test_a_number_is_read_as_it_is_written_here(world: World, tolberg: Neighbourhood, bea: Member) -> None:
    riet = tolberg.member("Riet", channel="whatsapp")
    number = riet.addresses["whatsapp"]
    text = shown(world, tolberg, bea, riet)
    assert text == f"Kaart: {readable(number, 'NL')}"
    assert text.startswith("Kaart: 06 ")
    assert "".join(text.split()[1:]) == f"0{number.removeprefix('+31')}"


def test_who_has_no_number_with_us_has_none_and_neither_has_who_was_erased(
    world: World, tolberg: Neighbourhood, bea: Member
) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    riet = tolberg.member("Riet", channel="whatsapp")
    assert shown(world, tolberg, bea, henk) == "Kaart: geen nummer bekend"
    who = world.person_id(riet)
    with world.context("core") as ctx:
        ctx.directory.erase(who)
    with world.context(SHARER, tolberg) as ctx:
        ctx.send(world.person_id(bea), says(PersonNumber(who)))
    assert bea.last.text == "Kaart: geen nummer bekend"


def test_the_address_he_prefers_may_have_none_and_the_next_has(
    world: World, tolberg: Neighbourhood, bea: Member
) -> None:
    fatima = tolberg.member("Fatima", channels=["telegram", "whatsapp"], prefers="telegram")
    assert shown(world, tolberg, bea, fatima) == f"Kaart: {readable(fatima.addresses['whatsapp'], 'NL')}"


def test_what_waits_shows_the_number_he_has_when_it_leaves(world: World, tolberg: Neighbourhood, bea: Member) -> None:
    riet = tolberg.member("Riet", channel="whatsapp")
    who = world.person_id(riet)
    with world.outage("telegram"):
        with world.context(SHARER, tolberg) as ctx:
            ctx.send(world.person_id(bea), says(PersonNumber(who)), severity=Severity.URGENT)
        with world.context("core") as ctx:
            ctx.directory.erase(who)
        world.advance(minutes=1)
    world.advance(minutes=5)
    assert bea.last.text == "Kaart: geen nummer bekend"


@pytest.mark.parametrize(
    "content",
    [
        lambda number: Message(says(number)),
        lambda number: Message(says(says(says(number)))),
        lambda number: Message(says(Lines("a", says(Lines(says(number)))))),
        lambda number: Message(says("a"), choices=[Choice("x", says(number))]),
        lambda number: Message(says("a"), brief=says(number)),
        lambda number: Message(says("a"), digest=says(number)),
        lambda number: Message(says("a"), repeat=says(number)),
    ],
    ids=["text", "nested", "lines", "label", "brief", "digest", "repeat"],
)
def test_only_who_asked_for_it_in_its_manifest_says_a_number_wherever_it_stands(
    content: Callable[[PersonNumber], Message],
) -> None:
    with World(plugins=[plugin(SHARER, "share:numbers"), plugin(OTHER)]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        who = world.person_id(tolberg.member("Bea", channel="telegram"))
        said = content(PersonNumber(who))
        with world.context(SHARER, tolberg) as ctx:
            assert ctx.send(who, said)
        with world.context(OTHER, tolberg) as ctx:
            with pytest.raises(PluginError, match="share:numbers"):
                ctx.send(who, said)
            with pytest.raises(PluginError, match="share:numbers"):
                ctx.broadcast(ctx.audience.members(), said, Severity.INFO)
            if said.brief is None:  # a question has no short line
                with pytest.raises(PluginError, match="share:numbers"):
                    ctx.ask(who, said, "handler")


def test_no_trace_of_the_number_stays(world: World, tolberg: Neighbourhood, bea: Member) -> None:
    riet = tolberg.member("Riet", channel="whatsapp")
    number = riet.addresses["whatsapp"]
    text = shown(world, tolberg, bea, riet)
    bea.says("hallo")
    world.advance(minutes=5)
    local = text.removeprefix("Kaart: ")
    forms = {local, local.replace(" ", ""), number, number.removeprefix("+"), readable(number, "BE")}
    for where, kept in world.traces():
        for form in forms:
            assert form.encode() not in kept, where
    with world.context("core") as ctx:
        exported = str(ctx.directory.export(world.person_id(bea)))
    assert not [form for form in forms if form in exported]


@pytest.mark.parametrize(
    ("number", "country", "read"),
    [
        ("+31612345678", "NL", "06 12345678"),
        ("31612345678", "NL", "06 12345678"),
        ("+31165512345", "NL", "0165 512 345"),
        ("+32470123456", "NL", "+32 470 12 34 56"),
        ("+32470123456", "BE", "0470 12 34 56"),
        ("+31612345678", "BE", "+31 6 12345678"),
        ("someone", "NL", "someone"),
    ],
)
def test_a_number_is_written_as_in_the_country(number: str, country: str, read: str) -> None:
    assert readable(number, country) == read


def test_facts_that_are_called_like_a_mark_name_nobody() -> None:
    who = PersonId(7)
    dumped = dump_message(Message(Text("x", n=5, inner=Text("y", n=6), wait=timedelta(1), who=PersonNumber(who))))
    assert list(people_numbered(dumped)) == [7]
    assert list(people_named(dump_message(Message(Text("x", p="me"))))) == []
    assert list(people_numbered(dump_message(Message(Text("x", n=5))))) == []
    assert load_message(dumped).text.facts["who"] == PersonNumber(who)
