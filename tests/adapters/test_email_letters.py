"""A message as a mail: what its reader and his mail program find in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.email_kit import Office, opened

from buurtwacht import Layout, Option, Outgoing, Parcel

CHOICES = (Option("7.0", "Ontvangen"), Option("7.1", "Ik pak het op"), Option("7.2", "Niet voor mij"))


@pytest.fixture
def office() -> Iterator[Office]:
    with asyncio.Runner() as runner:
        made = opened(runner)
        yield made
        made.run(made.channel.close())
        assert made.server.complaints == []


def asked(office: Office, text: str, **changes: object) -> Outgoing:
    plain = Outgoing(1, office.els, text, Layout.BUTTONS, CHOICES, language="nl")
    return replace(plain, **changes)  # type: ignore[arg-type] # fields of Outgoing


def test_the_subject_is_the_first_line_with_the_short_id_in_front(office: Office) -> None:
    mail = office.send(asked(office, "\n Verdachte auto \nMeidoornstraat", thread="alerts:9 TB-0001"))
    assert mail.header("Subject") == "TB-0001: Verdachte auto"
    mail = office.send(asked(office, "TB-0001 is voorbij\nDank je", thread="alerts:9 TB-0001"))
    assert mail.header("Subject") == "TB-0001 is voorbij"
    assert len(office.send(asked(office, "lang " * 100)).header("Subject")) <= 100
    assert office.send(Outgoing(1, office.els, "", parcels=(Parcel("rooster.ics", "text/calendar", b"x"),))).header(
        "Subject"
    ) == ("rooster.ics")


def test_nothing_that_people_write_becomes_a_header_or_a_tag(office: Office) -> None:
    mail = office.send(asked(office, "Hoi\r\nBcc: jan@example.org\r\n\r\n<script>x</script>\x00\n.\n.punt"))
    assert mail.header("Subject") == "Hoi"
    assert mail.header("Bcc") == ""
    assert mail.text == "Hoi\nBcc: jan@example.org\n\n<script>x</script>\n.\n.punt"
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html


def test_all_about_one_thing_stands_in_one_conversation(office: Office) -> None:
    first = office.send(asked(office, "Verdachte auto", delivery=1, thread="alerts:9 TB-0001"))
    second = office.send(asked(office, "Nog niet opgelost", delivery=2, thread="alerts:9 TB-0001"))
    other = office.send(asked(office, "Brand", delivery=3, thread="alerts:10 TB-0002"))
    assert first.header("References") == second.header("References") != other.header("References")
    assert first.header("In-Reply-To") == first.header("References")
    assert len({one.header("Message-ID") for one in (first, second, other)}) == 3


def test_a_mail_that_is_sent_again_has_the_same_name_and_its_second_part_another(office: Office) -> None:
    first = office.send(asked(office, "Verdachte auto"))
    again = office.send(asked(office, "(herhaling) Verdachte auto"))
    part = office.send(asked(office, "Verdachte auto (2/2)", part=1))
    assert first.header("Message-ID") == again.header("Message-ID") != part.header("Message-ID")


def test_names_stay_whole_when_the_senders_domain_is_long() -> None:
    domain = f"{'veiligheid.' * 6}gemeente-roosendaal.example"
    with asyncio.Runner() as runner:
        office = opened(runner, sender=f"Buurtwacht <alarm@{domain}>")
        office.server.sender = f"alarm@{domain}"
        mail = office.send(asked(office, "Hoi", thread="alerts:9 TB-0001"))
        assert mail.header("Message-ID").endswith(f"@{domain}>")
        assert mail.header("References").endswith(f"@{domain}>")
        assert mail.header("From") == f"Buurtwacht <alarm@{domain}>"
        runner.run(office.channel.close())


def test_choices_are_buttons_and_one_link_in_the_plain_text(office: Office) -> None:
    mail = office.send(asked(office, "Kun je komen?"))
    assert [label for label, _ in mail.buttons] == ["Ontvangen", "Ik pak het op", "Niet voor mij"]
    assert "Ontvangen · Ik pak het op · Niet voor mij, of in eigen woorden" in mail.below
    assert mail.page in mail.below
    assert office.els[0].value not in mail.page, "who sees the address of a page does not see whose it is"
    assert "Answer in your own words" in office.send(asked(office, "Can you come?", language="en")).html


def test_without_a_page_it_says_where_to_answer() -> None:
    with asyncio.Runner() as runner:
        office = opened(runner, public_url="")
        mail = office.send(asked(office, "Kun je komen?"))
        assert mail.page == ""
        assert "Antwoord via een andere messenger of bel" in mail.below
        assert "Ontvangen · Ik pak het op · Niet voor mij" in mail.html
        assert "href" not in mail.html
        runner.run(office.channel.close())


def test_a_web_address_can_be_opened_and_ends_where_the_sentence_does(office: Office) -> None:
    html = office.send(asked(office, "Kijk (https://kaart.example/?a=1&b=<2>) of op https://wacht.example/x.")).html
    assert 'href="https://kaart.example/?a=1&amp;b="' in html
    assert 'href="https://wacht.example/x"' in html
    assert "<2>" not in html


def test_files_go_with_the_words(office: Office) -> None:
    files = (
        Parcel("dienst\n«mei».ics", "text/calendar; charset=utf-8", b"BEGIN"),
        Parcel("a.jpg", "image/jpeg", b"\xff\xd8"),
    )
    mail = office.send(asked(office, "Rooster", parcels=files))
    assert [(one.name, one.mime, one.data) for one in mail.files] == [
        ("dienst «mei».ics", "text/calendar", b"BEGIN"),
        ("a.jpg", "image/jpeg", b"\xff\xd8"),
    ]
    assert mail.text == "Rooster"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"),
        min_size=1,
        max_size=300,
    ).filter(lambda one: bool(one.strip()))
)
def test_whatever_is_written_arrives(office: Office, text: str) -> None:
    assert office.send(asked(office, text)).text == text
