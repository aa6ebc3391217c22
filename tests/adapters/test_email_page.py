"""The page behind a mail: opening it does nothing, a tap on it does, once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.email_kit import NOW, Office, opened

from buurtwacht import Handle, Layout, Option, Outgoing, Said, Tapped
from buurtwacht_email.links import Links, Mail

CHOICES = (Option("7.0", "Ontvangen"), Option("7.1", "Ik pak het <op>"))


@pytest.fixture
def office() -> Iterator[Office]:
    with asyncio.Runner() as runner:
        made = opened(runner)
        yield made
        made.run(made.channel.close())


@pytest.fixture
def page(office: Office) -> str:
    letter = office.send(Outgoing(1, office.els, "TB-0001\nKun je komen?", Layout.BUTTONS, CHOICES, language="nl"))
    return urlsplit(letter.page).path


def once_of(html: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_scanner_that_opens_every_link_answers_nothing(office: Office, page: str) -> None:
    for method in ("GET", "HEAD"):
        for address in (page, f"{page}/0", f"{page}/1", f"{page}/9", f"{page}/{'9' * 5000}", f"{page}/x"):
            assert office.visit(address, method).status_code == 200
    assert office.visit(page, "PUT").status_code == 405
    assert office.kept == []


def test_the_page_shows_what_it_is_about_and_for_whom_and_is_kept_nowhere(office: Office, page: str) -> None:
    shown = office.visit(f"{page}/1")
    assert "<h1>TB-0001</h1>" in shown.text
    assert "Ik pak het &lt;op&gt;" in shown.text
    assert "e***@example.org" in shown.text
    assert office.els[0].value not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["x-robots-tag"] == "noindex"
    assert "script" not in shown.headers["content-security-policy"]
    assert "Choose an answer" in office.visit(page, params={"lang": "en"}).text


def test_a_tap_is_one_answer_however_often_it_is_sent(office: Office, page: str) -> None:
    for _ in range(2):
        thanks = office.visit(f"{page}/1", "POST", data={"choice": "1"})
        assert thanks.status_code == 200
        assert "Gekozen: Ik pak het &lt;op&gt;" in thanks.text
    (heard,) = office.kept
    assert isinstance(heard.event, Tapped)
    assert heard.event.choice == "7.1"
    assert heard.event.on == office.server.seen[0].provider_id
    assert heard.sender == office.els


def test_who_thinks_better_of_it_twice_is_heard_each_time(office: Office, page: str) -> None:
    for choice in ("0", "1", "0"):
        once = once_of(office.visit(f"{page}/{choice}").text)
        for _ in range(2):
            assert office.visit(f"{page}/{choice}", "POST", data={"choice": choice, "once": once}).status_code == 200
    assert [one.event.choice for one in office.kept if isinstance(one.event, Tapped)] == ["7.0", "7.1", "7.0"]


def test_words_belong_to_the_mail_unless_they_are_about_something_else(office: Office, page: str) -> None:
    once = once_of(office.visit(page).text)
    for _ in range(2):
        assert office.visit(page, "POST", data={"words": " Ik kom eraan ", "once": once}).status_code == 200
    office.visit(page, "POST", data={"words": "Ik kom eraan", "once": once_of(office.visit(page).text)})
    office.visit(page, "POST", data={"words": "dienst ma-vr 8-17", "once": "x", "other": "1"})
    said = [one.event for one in office.kept if isinstance(one.event, Said)]
    on = office.server.seen[0].provider_id
    assert [(one.text, one.reply_to) for one in said] == [
        ("Ik kom eraan", on),
        ("Ik kom eraan", on),
        ("dienst ma-vr 8-17", None),
    ]


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({}, "Er staat nog geen antwoord"),
        ({"words": " \r\n "}, "Er staat nog geen antwoord"),
        ({"choice": "2"}, "Er staat nog geen antwoord"),
        ({"choice": "-1"}, "Er staat nog geen antwoord"),
        ({"choice": "٣"}, "Er staat nog geen antwoord"),
        ({"choice": "9" * 5000}, "Er staat nog geen antwoord"),
        ({"words": "x" * 4001}, "Dat is te lang"),
        ({"words": "x" * 70_000}, "Dat is te lang"),
        ({str(number): "x" for number in range(20)}, "Er staat nog geen antwoord"),
    ],
)
def test_what_is_no_answer_is_told_on_the_page(office: Office, page: str, fields: dict[str, str], hint: str) -> None:
    shown = office.visit(page, "POST", data=fields or {"x": "y"})
    assert shown.status_code == 400
    assert hint in shown.text
    assert office.kept == []


def test_what_cannot_be_kept_is_not_thanked_for(office: Office, page: str) -> None:
    office.is_gone = True
    busy = office.visit(page, "POST", data={"choice": "0"})
    assert busy.status_code == 503
    assert "Probeer het over een minuut opnieuw" in busy.text


def test_a_link_works_for_thirty_days(office: Office, page: str) -> None:
    office.clock.set(NOW + timedelta(days=30))
    assert office.visit(page).status_code == 200
    office.clock.set(NOW + timedelta(days=30, seconds=1))
    over = office.visit(page, "POST", data={"choice": "0"})
    assert over.status_code == 404
    assert "Deze link werkt niet meer" in over.text
    assert office.kept == []


def test_a_link_that_was_tampered_with_leads_nowhere(office: Office, page: str) -> None:
    start, _, token = page.rpartition("/")
    other = "A" if token[40] != "A" else "B"
    for forged in (token[:40] + other + token[41:], token[1:], token[:-4], "x", "é"):
        assert office.visit(f"{start}/{forged}", "POST", data={"choice": "0"}).status_code == 404
    assert office.kept == []


MAILS = st.builds(
    Mail,
    st.text(max_size=60),
    st.text(max_size=60),
    st.lists(st.builds(Option, st.text(max_size=64), st.text(max_size=80)), max_size=20).map(tuple),
    st.text(max_size=100),
    st.sampled_from(["nl", "en"]),
)


@given(MAILS)
def test_a_link_gives_back_what_was_put_in_it_and_only_to_whom_made_it(mail: Mail) -> None:
    links = Links(b"a" * 32, "example.org")
    token = links.seal(mail, NOW)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert links.open(token, NOW) == mail
    assert Links(b"b" * 32, "example.org").open(token, NOW) is None


def test_a_link_of_many_long_choices_still_fits_in_an_address() -> None:
    options = tuple(
        Option(f"{2**63 - 1 - number:x}.{number}", f"{number} {'Ik kom eraan, ' * 5}") for number in range(20)
    )
    token = Links(b"a" * 32, "example.org").seal(
        Mail("<mail.x@example.org>", "els@example.org", options, "x" * 100), NOW
    )
    assert len(token) < 2000


def test_whoever_has_the_link_answers_as_its_mailbox_and_nobody_else(office: Office, page: str) -> None:
    office.visit(page, "POST", data={"choice": "0", "recipient": "jan@example.org"})
    assert office.kept[0].sender == (Handle("email", office.els[0].value),)
