"""Pages and private links given anything: paths, queries, headers and forms that no browser would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht.testing import Member
from buurtwacht_email.stand_in import MailServer

from .door import Door
from .series import series

PHOTO = b"\xff\xd8 a van in the Meidoornstraat"
FORM = "application/x-www-form-urlencoded"
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "X" * 40])
#: Pieces of a path or a query as they travel: what is beyond ASCII is escaped, rightly or not.
PIECES = st.one_of(
    st.text(max_size=12).map(lambda text: quote(text.encode("utf-8", "surrogatepass"), safe="")),
    st.sampled_from(
        [
            "..",
            "%2e%2e",
            "%2f",
            "%00",
            "%ff%fe",
            "%",
            "%zz",
            "%C0%AF",
            "%ED%A0%80",
            "%0d%0aSet-Cookie:a=b",
            "//",
            "\\",
            ";",
            "a" * 9000,
            "٣",
            "-1",
            "0",
            "9" * 5000,
            "null",
            "{{7*7}}",
        ]
    ).map(lambda text: quote(text, safe="%/;\\{}*:=")),
)
QUERIES = st.lists(
    st.tuples(st.sampled_from(["lang", "postcode", "code", "token", "hub.mode", "hub.verify_token", "x"]), PIECES),
    max_size=3,
).map(lambda pairs: "&".join(f"{key}={value}" for key, value in pairs))
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["accept-language", "if-none-match", "cookie", "host", "range", "x-forwarded-for", "authorization"]
    ),
    VALUES,
    max_size=3,
)
WORDS = st.one_of(st.text(max_size=40), st.sampled_from(["\x00", "x" * 4001, "x" * 70_000, "0", "-1", "9" * 400, " "]))
FIELDS = st.lists(st.tuples(st.sampled_from(["choice", "words", "once", "other", "x"]), WORDS), max_size=9)


@dataclass(slots=True)
class Town:
    """A house, and private links that lead somewhere in it."""

    door: Door
    links: list[str]
    els: Member


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    door = Door()
    world = door.world
    kees = door.tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
    els = door.tolberg.member("Els", channel="email", roles=["member", "coordinator"])
    fatima = door.tolberg.member("Fatima", channel="telegram", street="Meidoornstraat")
    fatima.says("verdachte auto meidoornstraat, rijdt stapvoets, lichten uit")
    fatima.taps("Ja, door mij")
    world.advance(minutes=2)
    kees.says("feed")
    world.advance(minutes=1)
    said = " ".join(one.text for one in kees.received)
    links = [urlsplit(one).path for one in re.findall(r"https?://\S+/feeds/\S+", said)]
    assert len(links) == 2
    server = world.messenger("email").provider
    assert isinstance(server, MailServer)
    links += [urlsplit(next(one.page for one in server.letters.values() if one.page)).path]
    yield Town(door, links, els)
    door.close()


def _paths(town: Town) -> st.SearchStrategy[str]:
    known = ["/", "/join", "/healthz", "/readyz", "/metrics", "/feeds", "/webhooks", "/webhooks/email", "/playground"]
    roots = st.sampled_from([*known, "/feeds/once", "/dashboard", "/webhooks/whatsapp", *town.links])
    return st.builds(
        lambda root, pieces, cut: (root[: len(root) - cut] or "/") + "".join(f"/{one}" for one in pieces),
        roots,
        st.lists(PIECES, max_size=2),
        st.sampled_from([0, 0, 0, 1, 5, 20]),
    )


@series(100)
@given(st.data())
def test_whatever_is_asked_something_is_answered(town: Town, data: st.DataObject) -> None:
    path, query = data.draw(_paths(town)), data.draw(QUERIES)
    status, _ = town.door.ask_raw(data.draw(METHODS), path, query, data.draw(HEADERS))
    assert status < 500, f"{status} for {path[:80]}?{query[:80]}"
    town.door.is_well()


@series(50)
@given(st.data())
def test_whatever_is_filled_in_below_a_mail_something_is_answered(town: Town, data: st.DataObject) -> None:
    body = urlencode(data.draw(FIELDS), errors="surrogatepass").encode()
    if data.draw(st.booleans()):
        body = data.draw(
            st.sampled_from([b"\xff=%ff", b"choice=%", b"&&&&==", b"words=%00", b"a" * 66_000, body + b"%"])
        )
    kinds = st.sampled_from([FORM, FORM, f"{FORM}; charset=utf-16", "text/plain", "multipart/form-data", "", "ÿ"])
    path = town.links[-1] + data.draw(st.sampled_from(["", "/0", "/9", "/x"]))
    headers = {"content-type": data.draw(kinds), **data.draw(HEADERS)}
    status, shown = town.door.ask_raw("POST", path, data.draw(QUERIES), headers, body)
    assert status < 500
    assert b"<script" not in shown
    town.door.is_well()


@series(20)
@given(
    asked=st.lists(
        st.tuples(METHODS, QUERIES, HEADERS, st.sampled_from(["", "", "", "/", "x", "/..", "%00"])), max_size=4
    )
)
def test_a_link_to_a_photo_works_once_whatever_is_asked_of_it(
    town: Town, asked: list[tuple[str, str, dict[str, str], str]]
) -> None:
    door = town.door
    with door.world.context("escalation", door.tolberg) as ctx:
        photo = ctx.keep(PHOTO, "van.jpg", "image/jpeg", until=ctx.now + timedelta(hours=1), kind="photo")
        path = urlsplit(ctx.media_link(photo.media)).path
    opened = 0
    for method, query, headers, ending in [*asked, ("POST", "", {}, "")]:
        status, shown = door.ask_raw(method, path + ending, query, headers)
        assert status < 500
        assert PHOTO not in shown or (method, ending, status) == ("POST", "", 200)
        opened += PHOTO in shown
    assert opened == 1
    for method in ("GET", "POST"):
        assert door.ask_raw(method, path)[0] == 410
    door.is_well()
