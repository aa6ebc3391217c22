"""What must hold when things go wrong, or when somebody means harm: stories of the core alone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from PIL import Image
from sqlalchemy import select

from buurtwacht import Inbound, Rejected, Said, Tapped, Text
from buurtwacht.edge.receiving import Receiving
from buurtwacht.records import fetching
from buurtwacht.records.schema import fetch, inbox, media, message
from buurtwacht.testing import World
from buurtwacht.testing.people import Member
from buurtwacht.testing.town import Neighbourhood
from buurtwacht.vocabulary.channels import Channel
from buurtwacht.vocabulary.errors import StoreUnavailable
from buurtwacht.vocabulary.events import Fetched, MediaRef


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(now="2026-01-16 01:42", database=request.param) as world:
        yield world


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)


def test_what_only_an_erased_person_was_told_is_blanked(world: World, tolberg: Neighbourhood) -> None:
    carla = tolberg.member("Carla", channel="telegram")
    with world.context("core", tolberg) as ctx:
        ctx.send(world.person_id(carla), Text("usage", help="Carla, Esdoornlaan 12", example="0612345678"))
    with world.context("core", tolberg) as ctx:
        ctx.directory.erase(world.person_id(carla))
    with world.database.reading() as connection:
        kept = [str(one) for one in connection.scalars(select(message.c.content))]
    assert kept
    assert not any("Esdoornlaan" in one or "0612345678" in one for one in kept)


def test_a_tap_on_a_message_that_cannot_be_is_refused_like_any_other(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    sender = tuple(henk.handles["telegram"])
    for number, choice in enumerate(("ffffffffffffffff.0", "7fffffffffffffff.999", "1.0")):
        event = Inbound(f"tap {number}", Tapped(message="1:1", choice=choice), world.now, sender)
        world._core.inbox.accept("telegram", [event])
        world.advance(seconds=2)
    with world.database.reading() as connection:
        states = list(connection.scalars(select(inbox.c.state)))
    assert states == ["done"] * 3
    assert "werkt" not in henk.last.text


def test_co_ordinators_hear_over_another_messenger_that_one_is_out_of_order(
    world: World, tolberg: Neighbourhood
) -> None:
    neighbours = [tolberg.member(name, channel="telegram") for name in ("Fatima", "Henk", "Carla", "Joke", "Piet")]
    gerda = tolberg.member("Gerda", channel="whatsapp", roles=["member", "coordinator"])
    with world.outage("telegram"):
        with world.context("core", tolberg) as ctx:
            for one in neighbours:
                ctx.send(world.person_id(one), Text("waiting"))
        world.advance(minutes=2)
        assert "telegram" in gerda.last.text
        told = len(gerda.received)
        world.advance(minutes=5)
        assert len(gerda.received) == told
    world.advance(minutes=10)
    assert "telegram" in gerda.last.text
    assert len(gerda.received) == told + 1


@pytest.fixture
def webp() -> bytes:
    """A picture whose Exif block begins with a wrong number, as a damaged or hostile one does."""
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "WEBP", exif=exif)
    return out.getvalue().replace(b"MM\0*", b"MM\x7f*")


def test_a_hostile_picture_is_refused_and_nothing_else(webp: bytes) -> None:
    with pytest.raises(Rejected):
        fetching.stripped(webp)


def a_photo(member: Member, name: str = "") -> Inbound:
    photo = MediaRef("file 1", "application/pdf", "document", name)
    said = Said(message="1:1", text="verdachte auto meidoornstraat", media=photo)
    return Inbound("photo 1", said, member.world.now, tuple(member.handles["telegram"]))


def pictures(world: World) -> list[str]:
    with world.database.reading() as connection:
        return list(connection.scalars(select(media.c.name)))


class Album:
    """A messenger that has the file, and once fails in a way that nobody foresaw."""

    def __init__(self) -> None:
        self.troubles = [KeyError("file_path")]

    async def fetch(self, one: MediaRef) -> bytes:
        if self.troubles:
            raise self.troubles.pop()
        return b"%PDF"


def test_a_file_is_fetched_again_when_we_died_before_it_was_told(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    core = world._core
    core.inbox.accept("telegram", [a_photo(henk, "x" * 200)])
    album = cast("Channel", Album())
    told: list[Inbound] = []

    async def inline(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if function == core.inbox.accept and not told:
            told.extend(arguments[1])
            raise StoreUnavailable("gone")
        return function(*arguments, **named)

    receiving = Receiving(core, inline)
    assert asyncio.run(receiving.fetch_step({"telegram": album}))
    assert pictures(world) == []
    world._clock.set(world.now + timedelta(seconds=5))
    with pytest.raises(StoreUnavailable):
        asyncio.run(receiving.fetch_step({"telegram": album}))
    assert asyncio.run(receiving.fetch_step({"telegram": album}))
    with world.database.reading() as connection:
        assert connection.execute(select(fetch)).all() == []
        assert len(connection.execute(select(inbox)).all()) == 2


def test_what_a_stranger_sends_is_not_kept(world: World, tolberg: Neighbourhood) -> None:
    joke = tolberg.newcomer("Joke", "telegram")
    with world.database.writing() as connection:
        row = {"id": 7, "plugin": "core", "mime": "image/jpeg", "kind": "photo", "content": b""}
        connection.execute(media.insert(), {**row, "created_at": world.now, "expires_at": world.now})
    event = Inbound("file:1", Fetched("1:1", 7, "image/jpeg"), world.now, tuple(joke.handles["telegram"]))
    world._core.inbox.accept("telegram", [event])
    world.advance(seconds=1)
    assert pictures(world) == []


@pytest.fixture
def alarmed(world: World, tolberg: Neighbourhood) -> tuple[Member, Member]:
    """A neighbour who was shown an alert and a co-ordinator."""
    fatima = tolberg.member("Fatima", channel="telegram", roles=["member", "patroller"])
    gerda = tolberg.member("Gerda", channel="telegram", roles=["member", "coordinator"])
    henk = tolberg.member("Henk", channel="telegram")
    tolberg.group()
    fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
    fatima.taps("Ja, door mij")
    world.advance(seconds=10)
    return henk, gerda


def test_who_left_says_nothing_below_an_alert_any_more(
    world: World, tolberg: Neighbourhood, alarmed: tuple[Member, Member]
) -> None:
    henk, gerda = alarmed
    with world.context("core", tolberg) as ctx:
        ctx.directory.leave(world.person_id(henk), tolberg.id)
    alert, told = henk.last, len(gerda.received)
    henk.taps("Onveilig", alert)
    assert "aanmelden" in henk.last.text
    henk.says("1")
    henk.reacts("👍", alert)
    world.groups[0].taps(henk, "Onveilig")
    world.advance(seconds=10)
    assert "TB-0001" not in "".join(one.text for one in henk.received[1:])
    assert len(gerda.received) == told


def test_neighbours_who_quote_one_another_in_a_group_are_not_talking_to_us(
    world: World, alarmed: tuple[Member, Member]
) -> None:
    henk, _ = alarmed
    heard = len(henk.received)
    group, sender = world.groups[0].handle, tuple(henk.handles["telegram"])
    for number, text in enumerate(("mooi weer he", "er liep een verdachte man op de meidoornstraat")):
        said = Said(message=f"g:{number}", text=text, reply_to="g:999")
        world._core.inbox.accept("telegram", [Inbound(f"quote {number}", said, world.now, sender, group)])
    world.advance(seconds=10)
    assert len(henk.received) == heard


def test_a_forwarded_link_starts_nothing(world: World, tolberg: Neighbourhood) -> None:
    henk = tolberg.member("Henk", channel="telegram")
    said = Said(message="1:1", text="/start TB", start="TB", forwarded=True)
    world._core.inbox.accept("telegram", [Inbound("start", said, world.now, tuple(henk.handles["telegram"]))])
    world.advance(seconds=1)
    assert henk.last.text.startswith("Een doorgestuurd bericht")
