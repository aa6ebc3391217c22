"""Private links: who has one reads what a plugin says, and nobody else anything."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from buurtwacht import Context, FeedFile, FeedRequest, Manifest, PersonId, PluginError, feed
from buurtwacht.records.schema import feed as table
from buurtwacht.testing import Member, Neighbourhood, World, visit

DIARY = "diary"


def plugin() -> ModuleType:
    """Make a plugin with one feed, which says what it was asked, and one that fails."""

    @feed("pages")
    def pages(ctx: Context, request: FeedRequest) -> FeedFile | None:
        if request.subject == "torn out":
            return None
        owner = ctx.people([request.person])[request.person].name if request.person else "nobody"
        place = ctx.here.name if ctx.neighbourhood else "nowhere"
        content = f"{request.subject} of {owner} in {place} as {request.name}"
        return FeedFile(content.encode(), "text/plain; charset=utf-8", "dagboek één.txt")

    @feed("broken")
    def broken(ctx: Context, request: FeedRequest) -> FeedFile | None:
        raise ValueError(f"secret words of {request.subject}")

    module = ModuleType(DIARY)
    module.manifest = Manifest(id=DIARY, name="Diary", version="1")  # type: ignore[attr-defined]
    module.pages, module.broken = pages, broken  # type: ignore[attr-defined]
    return module


@pytest.fixture
def town() -> Iterator[tuple[World, Neighbourhood, Member]]:
    with World(plugins=[plugin()]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        tolberg.member("Kees", channel="telegram", roles=["coordinator"])
        yield world, tolberg, tolberg.member("Fatima", channel="telegram")


def link(world: World, place: Neighbourhood | None, subject: str = "", *, of: Member | None = None, **more: str) -> str:
    with world.context(DIARY, place) as ctx:
        return ctx.feed_link("pages", subject, person=world.person_id(of) if of else None, **more)


def test_a_link_is_answered_with_the_file(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, fatima = town
    url = link(world, tolberg, "monday", of=fatima, suffix="maandag 1.txt")
    assert url.startswith("http://127.0.0.1:8080/feeds/")
    assert url.endswith("/maandag%201.txt")
    answer = visit(world, url)
    assert answer.status_code == 200
    assert answer.text == "monday of Fatima in Tolberg as maandag 1.txt"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''dagboek%20%C3%A9%C3%A9n.txt"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_same_link_is_made_twice_and_another_for_anything_else(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, fatima = town
    links = [
        link(world, tolberg),
        link(world, tolberg, "monday"),
        link(world, tolberg, "monday", of=fatima),
        link(world, None, "monday"),
    ]
    assert len(set(links)) == len(links)
    assert links[1] == link(world, tolberg, "monday")
    with world.context(DIARY, tolberg) as ctx:
        assert ctx.feed_link("pages", "tuesday") == ctx.feed_link("pages", "tuesday"), "within one handler too"
    assert visit(world, links[3]).text == "monday of nobody in nowhere as "


def test_who_kept_it_is_not_sent_it_again(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, _ = town
    url = link(world, tolberg)
    etag = visit(world, url).headers["etag"]
    for known in (etag, f'"older", W/{etag}'):
        again = visit(world, url, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert visit(world, url, headers={"if-none-match": '"older"'}).status_code == 200
    head = visit(world, url, method="HEAD")
    assert (head.status_code, head.headers["etag"]) == (200, etag)
    assert visit(world, url, method="POST").status_code == 405


def test_a_renewed_link_takes_the_place_of_the_old_one(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, _ = town
    old = link(world, tolberg, "monday")
    with world.context(DIARY, tolberg) as ctx:
        new = ctx.renew_feed("pages", "monday")
        assert new == ctx.feed_link("pages", "monday"), "within the handler too"
        first = ctx.renew_feed("pages", "never made before")
    assert visit(world, old).status_code == 404
    assert visit(world, new).status_code == 200
    assert visit(world, first).status_code == 200
    assert link(world, tolberg, "monday") == new


def test_what_is_not_there_is_not_told_apart(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, _ = town
    url = link(world, tolberg)
    token = url.rsplit("/", 1)[1]
    other = base64.urlsafe_b64encode(bytes(24)).decode()
    wrong = [token[:-1], token + "A", "A" + token[1:], token[:-1] + ("A" if token[-1] != "A" else "B"), other, "x", "é"]
    answers = [visit(world, f"/feeds/{one}") for one in wrong]
    answers.append(visit(world, link(world, tolberg, "torn out")))
    assert {one.status_code for one in answers} == {404}
    assert {one.content for one in answers} == {b"Not Found"}


@pytest.fixture(scope="module")
def linked() -> Iterator[tuple[World, bytes]]:
    """A world with one link, and what its token is made of."""
    with World(plugins=[plugin()]) as world:
        token = link(world, world.neighbourhood("TB", "Tolberg")).rsplit("/", 1)[1]
        yield world, base64.urlsafe_b64decode(token)


@given(st.binary(min_size=16, max_size=16))
def test_no_token_can_be_made_up(linked: tuple[World, bytes], proof: bytes) -> None:
    world, right = linked
    token = base64.urlsafe_b64encode(right[:8] + proof).decode()
    assert (visit(world, f"/feeds/{token}").status_code == 200) == (proof == right[8:])


def test_it_holds_no_longer_than_its_plugin_works_there(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, _ = town
    off = world.neighbourhood("LD", "Langdonk", plugins_off=[DIARY])
    here, there = link(world, tolberg), link(world, off)
    assert visit(world, here).status_code == 200
    assert visit(world, there).status_code == 404
    core = world._core
    for _ in range(5):
        with world.expects_error(DIARY):
            core.health.failed(DIARY, "test", RuntimeError())
    assert visit(world, here).status_code == 404
    core.health.resume(DIARY)
    assert visit(world, here).status_code == 200


def test_a_link_goes_with_its_owner(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, fatima = town
    henk = tolberg.member("Henk", channel="whatsapp")
    hers, his = link(world, tolberg, of=fatima), link(world, tolberg, of=henk)
    police = world.somebody("Wim", channel="telegram")
    official = link(world, tolberg, of=police)
    with world.context("members") as ctx:
        ctx.directory.leave(world.person_id(fatima), tolberg.id)
        ctx.directory.erase(world.person_id(henk))
    assert [visit(world, one).status_code for one in (hers, his)] == [404, 404]
    assert visit(world, official).text.startswith(" of Wim"), "he never was a member, and has not left"
    with world.database.reading() as connection:
        rows = connection.execute(select(table.c.person_id)).scalars().all()
    assert len(rows) == 2, "nothing is kept of who was erased"


def test_a_handler_that_fails_is_named_without_its_words(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, _ = town
    with world.context(DIARY, tolberg) as ctx:
        url = ctx.feed_link("broken", "Riet")
    with world.expects_error(DIARY):
        answer = visit(world, url)
    assert answer.status_code == 500
    assert "Riet" not in answer.text
    token = url.rsplit("/", 1)[1]
    where = {name for name, content in world.traces() if token.encode() in content}
    assert where == set(), "a token stands nowhere, in the log neither"
    assert not world._core.health.is_paused(DIARY), "looking at a page never stops what may be vital"


def test_only_a_feed_of_ones_own_is_linked_to(town: tuple[World, Neighbourhood, Member]) -> None:
    world, tolberg, _ = town
    with world.context(DIARY, tolberg) as ctx:
        with pytest.raises(PluginError, match="has no @feed 'letters'"):
            ctx.feed_link("letters")
        with pytest.raises(ValueError, match="at most 80 signs"):
            ctx.feed_link("pages", "x" * 81)
        assert ctx.feed_link("pages", "x" * 80, person=PersonId(0))
