"""The public page /join, as somebody with a browser and a postcode finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from buurtwacht import PageRequest, Unavailable
from buurtwacht.testing import World
from buurtwacht_members import page

LINKS = {
    "telegram": lambda payload, text: f"https://t.me/buurtwacht_bot?start={payload}",
    "whatsapp": lambda payload, text: f"https://wa.me/31612345678?text={text.replace(' ', '%20')}",
}


@pytest.fixture
def town() -> Iterator[World]:
    table = {"name": "Tolberg", "municipality": "Roosendaal", "postcodes": ["4707"]}
    langdonk = {"code": "LD", "name": "Langdonk <i>", "postcodes": ["4706"], "settings": {"members": {"age": 21}}}
    with World(settings={"neighbourhoods": [{"code": "TB", **table}, langdonk]}) as world:
        yield world


def visit(world: World, postcode: str = "", language: str = "nl", without: str = "") -> str:
    def invite(account: str, payload: str, text: str) -> str:
        if account == without:
            raise Unavailable("name_unknown")
        return LINKS[account](payload, text) if account in LINKS else ""

    query = {"postcode": postcode} if postcode else {}
    with world.context("members") as ctx:
        return page.join(ctx, PageRequest(query, language, invite, ("telegram", "whatsapp", "email")))


class Reader(HTMLParser):
    """Reads a page as a browser does: its words, its links, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.language = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent += tag in ("style", "script")
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("script", "img", "link", "iframe"):
            self.fetched.append(given.get("src") or given.get("href") or tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def read(html: str) -> tuple[str, Reader]:
    reader = Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.words).split()), reader


def test_without_a_postcode_it_asks_for_one(town: World) -> None:
    words, reader = read(visit(town))
    assert "Vul je postcode in" in words
    assert "Tolberg" not in words
    assert reader.language == "nl"
    assert reader.fetched == []


@pytest.mark.parametrize("postcode", ["4707", "4707 AB", " 4707ab "])
def test_a_watched_postcode_shows_how_to_join_on_each_messenger(town: World, postcode: str) -> None:
    html = visit(town, postcode)
    words, reader = read(html)
    assert "Ja, Tolberg heeft een buurtwacht" in words
    assert "Roosendaal" in words
    assert "https://t.me/buurtwacht_bot?start=join-TB" in reader.links
    assert "https://wa.me/31612345678?text=aanmelden%20TB" in reader.links
    assert html.count("<svg") == 2
    assert "aanmelden TB" in words
    assert reader.fetched == []


def test_in_english_the_links_lead_to_english(town: World) -> None:
    words, reader = read(visit(town, "4707", "en"))
    assert "Yes, Tolberg has a neighbourhood watch" in words
    assert "https://t.me/buurtwacht_bot?start=join-TB-en" in reader.links
    assert "https://wa.me/31612345678?text=join%20TB" in reader.links
    assert "?lang=nl&postcode=4707" in reader.links


def test_an_unwatched_postcode_is_told_so(town: World) -> None:
    words, reader = read(visit(town, "9999"))
    assert "Nog geen buurtwacht bij postcode 9999" in words
    assert not any("t.me" in link for link in reader.links)


@pytest.mark.parametrize("postcode", ["hallo", "47", '"><script>', "0123"])
def test_what_is_no_postcode_is_told_so_and_stays_text(town: World, postcode: str) -> None:
    html = visit(town, postcode)
    words, reader = read(html)
    assert "Dat is geen postcode" in words
    assert reader.fetched == []


def test_names_are_text_and_a_neighbourhoods_own_age_is_shown(town: World) -> None:
    html = visit(town, "4706")
    assert "Langdonk &lt;i&gt;" in html
    assert "21 jaar" in read(html)[0]


def test_a_messenger_that_is_not_ready_is_left_out(town: World) -> None:
    words, _ = read(visit(town, "4707", without="telegram"))
    assert "Openen in WhatsApp" in words
    assert "Openen in Telegram" not in words


def test_it_says_nothing_about_members(town: World) -> None:
    alone, _ = read(visit(town, "4707"))
    with World(settings={"neighbourhoods": [{"code": "TB", "name": "Tolberg", "postcodes": ["4707"]}]}) as full:
        with full.context("members") as ctx:
            assert ctx.neighbourhood_by("TB") is not None
        crowded, _ = read(visit(full, "4707"))
    assert (
        re.sub(r"Tolberg, gemeente Roosendaal\. De code van de buurt is", "De code van de buurt Tolberg is", alone)
        == crowded
    )


def test_every_field_has_its_label(town: World) -> None:
    html = visit(town, "4707")
    assert '<label for="postcode">' in html
    assert 'aria-describedby="hint"' in html
    assert html.count('role="img"') + html.count("<title>QR-code") >= 2
