"""Links to a kept file: one look each, after a button, for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import select

from buurtwacht import Attachment, Manifest, OfficialKind, PluginError
from buurtwacht.records.schema import media_link
from buurtwacht.records.sweeping import sweep
from buurtwacht.testing import Member, Neighbourhood, World, press, visit

KEEPER, SHOWER = "keeper", "shower"
PHOTO = b"\xff\xd8 a van in the Meidoornstraat"


def plugin(ident: str, *permissions: str) -> ModuleType:
    """Make a plugin that may do this."""
    module = ModuleType(ident)
    allowed = frozenset({"store", "timers", *permissions})
    module.manifest = Manifest(id=ident, name=ident, version="1", permissions=allowed)  # type: ignore[attr-defined]
    return module


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(plugins=[plugin(KEEPER), plugin(SHOWER, "read:media")], database=request.param) as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None)


@pytest.fixture
def bea(world: World) -> Member:
    return world.somebody("Bea", channel="whatsapp")


@pytest.fixture
def photo(world: World, tolberg: Neighbourhood) -> Attachment:
    with world.context(KEEPER, tolberg) as ctx:
        return ctx.keep(PHOTO, "van één.jpg", "image/jpeg", until=ctx.now + timedelta(hours=72), kind="photo")


def link(world: World, where: Neighbourhood | None, photo: Attachment, about: Member | None = None) -> str:
    with world.context(SHOWER, where) as ctx:
        return ctx.media_link(photo.media, about=world.person_id(about) if about else None)


def opened(world: World) -> list[tuple[str, str]]:
    return [(one.actor, one.subject) for one in world.audit() if one.event == "media_opened"]


def test_the_button_hands_out_the_file_once(
    world: World, tolberg: Neighbourhood, photo: Attachment, bea: Member
) -> None:
    url = link(world, tolberg, photo, bea)
    page = visit(world, url)
    assert page.status_code == 200
    assert "Iemand heeft deze foto bij een melding gestuurd. U kunt hem één keer openen." in page.text
    assert PHOTO not in page.content
    file = press(world, page, "Foto openen")
    assert (file.status_code, file.content, file.headers["content-type"]) == (200, PHOTO, "image/jpeg")
    assert file.headers["content-disposition"] == "inline; filename*=UTF-8''van%20%C3%A9%C3%A9n.jpg"
    assert opened(world) == [(f"person:{world.person_id(bea)}", f"media:{photo.media}")]
    for again in (press(world, page), visit(world, url), visit(world, url, method="POST")):
        assert again.status_code == 410
        assert "Deze link werkt niet meer" in again.text
        assert PHOTO not in again.content
    assert len(opened(world)) == 1


def test_scanners_and_previews_use_nothing_up(world: World, tolberg: Neighbourhood, photo: Attachment) -> None:
    url = link(world, tolberg, photo)
    for method in ("HEAD", "GET", "HEAD", "GET", "OPTIONS", "PUT"):
        visit(world, url, method=method, headers={"user-agent": "SkypeUriPreview"})
    assert opened(world) == []
    assert visit(world, url, method="HEAD").status_code == 200
    assert press(world, visit(world, url)).content == PHOTO
    assert opened(world) == [("system", f"media:{photo.media}")], "it was made for nobody in particular"


def test_nothing_of_it_is_kept_on_the_way(world: World, tolberg: Neighbourhood, photo: Attachment) -> None:
    page = visit(world, link(world, tolberg, photo))
    for answer in (page, press(world, page), press(world, page)):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "http" not in page.text, "nothing from elsewhere"


def test_after_a_quarter_of_an_hour_it_leads_nowhere(world: World, tolberg: Neighbourhood, photo: Attachment) -> None:
    url = link(world, tolberg, photo)
    world.advance(minutes=14, seconds=59)
    page = visit(world, url)
    assert page.status_code == 200
    world.advance(seconds=1)
    assert press(world, page).status_code == 410
    assert visit(world, url).status_code == 410
    assert visit(world, link(world, tolberg, photo)).status_code == 200, "another link has its own time"
    assert opened(world) == []


def test_who_is_no_official_any_more_opens_nothing_with_the_links_he_has(
    world: World, tolberg: Neighbourhood, photo: Attachment, bea: Member
) -> None:
    anja = world.official("Anja", "police", municipality="Roosendaal", channel="telegram")
    url, other = link(world, tolberg, photo, anja), link(world, tolberg, photo, bea)
    page = visit(world, url)
    with world.context("members") as ctx:
        assert ctx.directory.dismiss(world.person_id(anja), OfficialKind.POLICE, "Roosendaal")
    assert press(world, page).status_code == 410
    assert press(world, visit(world, other)).content == PHOTO, "hers has nothing to do with it"
    assert opened(world) == [(f"person:{world.person_id(bea)}", f"media:{photo.media}")]


def test_what_never_was_a_link_is_answered_like_one_that_is_over(
    world: World, tolberg: Neighbourhood, photo: Attachment
) -> None:
    url = link(world, tolberg, photo)
    press(world, visit(world, url))
    over = visit(world, url)
    for wrong in ("x", "é", url.rsplit("/", 1)[1] + "A", "A" * 32):
        answer = visit(world, f"/feeds/once/{wrong}")
        assert (answer.status_code, answer.content) == (over.status_code, over.content)


def test_the_page_speaks_both_languages(world: World, tolberg: Neighbourhood, photo: Attachment) -> None:
    url = link(world, tolberg, photo)
    page = visit(world, f"{url}?lang=en")
    assert "You can open it once." in page.text
    assert "Open the photo" in visit(world, url, headers={"accept-language": "en-GB,en;q=0.9"}).text
    assert press(world, page).content == PHOTO
    assert "This link no longer works" in visit(world, f"{url}?lang=en").text


def test_another_file_than_a_photo_is_called_one(world: World, tolberg: Neighbourhood) -> None:
    with world.context(KEEPER, tolberg) as ctx:
        kept = ctx.keep(b"<script>1</script>", "plan.html", "text/html", until=ctx.now + timedelta(hours=1))

    page = visit(world, link(world, None, kept))
    assert "Bestand openen" in page.text
    file = press(world, page)
    assert "sandbox" in file.headers["content-security-policy"], "what somebody sent does nothing in a browser of ours"


def test_it_holds_no_longer_than_the_file_the_plugin_and_whom_it_was_made_for(
    world: World, tolberg: Neighbourhood, photo: Attachment, bea: Member
) -> None:
    off = world.neighbourhood("LD", "Langdonk", plugins_off=[SHOWER])
    assert visit(world, link(world, off, photo)).status_code == 410
    url = link(world, tolberg, photo, bea)
    with world.context("core") as ctx:
        ctx.directory.erase(world.person_id(bea))
    assert visit(world, url).status_code == 410
    later = link(world, tolberg, photo)
    with world.context(KEEPER, tolberg) as ctx:
        ctx.extend_media(photo.media, ctx.now)
    assert visit(world, later).status_code == 410
    assert visit(world, later, method="POST").status_code == 410
    with world.context(SHOWER, tolberg) as ctx, pytest.raises(LookupError):
        ctx.media_link(photo.media)


def test_a_file_is_linked_in_the_handler_that_keeps_it(world: World, tolberg: Neighbourhood) -> None:
    with world.context(SHOWER, tolberg) as ctx:
        kept = ctx.keep(PHOTO, "van.jpg", "image/jpeg", until=ctx.now + timedelta(hours=1), kind="photo")
        first, second = ctx.media_link(kept.media), ctx.media_link(kept.media)
    assert press(world, visit(world, first)).content == PHOTO
    assert press(world, visit(world, second)).content == PHOTO, "each works once"


def test_only_who_asked_for_it_in_its_manifest_makes_links(
    world: World, tolberg: Neighbourhood, photo: Attachment
) -> None:
    with world.context(KEEPER, tolberg) as ctx, pytest.raises(PluginError, match="read:media"):
        ctx.media_link(photo.media)
    with world.context(SHOWER, tolberg) as ctx, pytest.raises(ValueError, match="longer"):
        ctx.media_link(photo.media, lasts=timedelta(0))


def test_the_token_is_nowhere_and_what_is_over_is_swept(
    world: World, tolberg: Neighbourhood, photo: Attachment
) -> None:
    used, left = link(world, tolberg, photo), link(world, tolberg, photo)
    press(world, visit(world, used))
    for where, kept in world.traces():
        assert used.rsplit("/", 1)[1].encode() not in kept, where
    assert _rows(world) == 2
    sweep(world.database, world.now)
    assert _rows(world) == 1
    assert visit(world, left).status_code == 200
    world.advance(minutes=15)
    sweep(world.database, world.now)
    assert _rows(world) == 0
    assert visit(world, left).status_code == 410


def _rows(world: World) -> int:
    with world.database.reading() as connection:
        return len(connection.execute(select(media_link)).all())
