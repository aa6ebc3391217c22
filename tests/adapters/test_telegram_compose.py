"""What a recipient sees: text, buttons, files, places, edits."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from buurtwacht import Layout, Location, Option, Outgoing, Parcel, Rejected, Unreachable
from buurtwacht.testing.provider import Fault
from buurtwacht_telegram.compose import keyboard_of, with_map

from .telegram_account import Account

UNDER_AN_ALERT = ("Gezien", "Ik let op", "Ik heb info", "Onveilig", "Klopt niet")
PHOTO = Parcel("auto.jpg", "image/jpeg", b"\xff\xd8\xff\xd9", "photo")
PLAN = Parcel("plan.pdf", "application/pdf", b"%PDF-1.4")


@pytest.fixture
def telegram() -> Iterator[Account]:
    account = Account()
    yield account
    account.close()
    assert account.api.complaints == []


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"c{number}", label) for number, label in enumerate(labels, 1))


def test_a_message_arrives_as_it_was_written(telegram: Account) -> None:
    text = "*Verdachte* auto <b>in</b> de _Meidoornstraat_ https://voorbeeld.test 🚗"
    name = telegram.send(text)
    assert telegram.api.seen[0].text == text
    assert telegram.api.seen[0].provider_id == name
    assert telegram.fatima.value not in name, "at rest nothing says whose chat it is"


def test_choices_become_buttons_in_order_and_rows_that_fit(telegram: Account) -> None:
    telegram.send("Verdachte auto", layout=Layout.BUTTONS, options=options(*UNDER_AN_ALERT))
    assert [label for _, label in telegram.api.seen[0].options] == list(UNDER_AN_ALERT)

    def rows(*labels: str, layout: Layout = Layout.BUTTONS) -> list[list[str]]:
        outgoing = Outgoing(1, (), "?", layout, options(*labels))
        return [[button["text"] for button in row] for row in keyboard_of(outgoing)]

    assert rows("Ja", "Nee") == [["Ja", "Nee"]]
    assert rows(*UNDER_AN_ALERT) == [["Gezien", "Ik let op"], ["Ik heb info", "Onveilig"], ["Klopt niet"]]
    assert rows("Ja, door mij", "Ja, door iemand anders") == [["Ja, door mij"], ["Ja, door iemand anders"]]
    assert rows("Ja", "Nee", layout=Layout.LIST) == [["Ja"], ["Nee"]]
    assert rows("Ja", "Nee", layout=Layout.LINES) == []


def test_a_choice_that_cannot_come_back_whole_is_refused_here(telegram: Account) -> None:
    with pytest.raises(Rejected):
        telegram.send("?", layout=Layout.BUTTONS, options=(Option("é" * 33, "Ja"),))
    with pytest.raises(Rejected):
        telegram.send("?", layout=Layout.BUTTONS, options=options(*("Ja",) * 101))


def test_an_edit_shows_the_new_text_and_the_new_choices(telegram: Account) -> None:
    name = telegram.send("Verdachte auto", layout=Layout.BUTTONS, options=options("Ja", "Nee"))
    assert telegram.send("Afgesloten", edit_of=name) == name
    assert (telegram.api.seen[1].text, telegram.api.seen[1].options) == ("Afgesloten", ())
    assert telegram.api.seen[1].edit_of == name
    assert telegram.send("Afgesloten", edit_of=name) == name, "unchanged is what was wanted"


def test_editing_what_is_gone_or_never_was_is_not_tried_again(telegram: Account) -> None:
    for wrong in (telegram.api.named(int(telegram.fatima.value), 99), "wamid.abc", "5", ":"):
        with pytest.raises(Rejected):
            telegram.send("Afgesloten", edit_of=wrong)


def test_a_message_of_a_group_is_never_edited_in_another(telegram: Account) -> None:
    tolberg, langdonk = telegram.api.group("Tolberg"), telegram.api.group("Langdonk")
    name = telegram.send("Verdachte auto", to=tolberg)
    telegram.send("Buurtfeest", to=langdonk)
    with pytest.raises(Rejected):
        telegram.send("Afgesloten", to=langdonk, edit_of=name)
    assert telegram.send("Afgesloten", to=tolberg, edit_of=name) == name


def test_a_photo_carries_the_words_and_both_can_be_edited(telegram: Account) -> None:
    name = telegram.send("Verdachte auto", parcels=(PHOTO,), layout=Layout.BUTTONS, options=options("Gezien"))
    seen = telegram.api.seen[0]
    assert (seen.text, seen.kind, seen.files[0].data) == ("Verdachte auto", "photo", PHOTO.content)
    assert seen.options == (("c1", "Gezien"),)
    telegram.send("Afgesloten", edit_of=name)
    assert telegram.api.seen[1].text == "Afgesloten"
    assert telegram.api.calls["editmessagetext"] == 0, "what is known to be a caption needs one request"


def test_the_caption_of_a_photo_sent_before_a_restart_is_found_at_the_second_try(telegram: Account) -> None:
    name = telegram.send("Verdachte auto", parcels=(PHOTO,))
    again = Account(httpx.ASGITransport(telegram.api.app), token=telegram.api.token)
    again.send("Afgesloten", edit_of=name)
    again.close()
    assert telegram.api.seen[-1].text == "Afgesloten"


def test_a_document_keeps_its_name(telegram: Account) -> None:
    telegram.send("Het plan", parcels=(PLAN,))
    file = telegram.api.seen[0].files[0]
    assert (file.name, file.mime, file.data) == ("plan.pdf", "application/pdf", b"%PDF-1.4")


def test_words_too_long_for_a_caption_go_first_and_the_photo_after_a_second(telegram: Account) -> None:
    telegram.send("w" * 1025, parcels=(PHOTO, PLAN))
    assert [(seen.kind, len(seen.text)) for seen in telegram.api.seen] == [
        ("text", 1025),
        ("photo", 0),
        ("document", 0),
    ]
    assert telegram.pauses == [1.0, 1.0]


def test_what_follows_a_message_that_was_sent_cannot_fail_it() -> None:
    def only_text(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sendMessage"):
            return httpx.Response(200, json={"ok": True, "result": {"message_id": 5}})
        return httpx.Response(500)

    account = Account(httpx.MockTransport(only_text))
    assert account.send("w" * 1025, parcels=(PHOTO,)).endswith(":5")
    account.close()


def test_a_photo_that_telegram_refuses_holds_no_warning_back(telegram: Account) -> None:
    telegram.send("Brand", parcels=(Parcel("leeg.jpg", "image/jpeg", b"", "photo"),), silent=True)
    assert [(seen.text, seen.kind) for seen in telegram.api.seen] == [("Brand", "text")]
    telegram.api.complaints.clear()


def test_a_photo_for_somebody_who_blocked_us_is_not_sent_twice(telegram: Account) -> None:
    telegram.api.faults[telegram.fatima.value] = Fault("unreachable")
    with pytest.raises(Unreachable):
        telegram.send("Brand", parcels=(PHOTO,))
    assert telegram.api.calls["sendmessage"] == 0


def test_a_place_goes_in_the_same_message_as_a_link_to_the_map(telegram: Account) -> None:
    place = Location(51.5312, 4.4563)
    telegram.send("Verdachte auto", location=place, layout=Layout.BUTTONS, options=options("Gezien"))
    assert len(telegram.api.seen) == 1
    assert telegram.api.seen[0].location == place
    assert telegram.api.seen[0].text.startswith("Verdachte auto\nhttps://www.openstreetmap.org/")
    telegram.send("", location=place)
    assert (telegram.api.seen[1].kind, telegram.api.seen[1].location) == ("location", place)


def test_no_word_is_given_up_for_a_link() -> None:
    assert with_map("w" * 1000, Location(51.5, 4.4), 1024) == "w" * 1000


def test_an_answer_quotes_the_message_it_answers(telegram: Account) -> None:
    asked, _ = telegram.api.says("Fatima", "hulp")
    telegram.send("Ik kom", reply_to=asked)
    assert telegram.api.seen[0].reply_to == asked
    telegram.send("Ik kom", reply_to=telegram.api.named(-99, 4))
    assert telegram.api.seen[1].reply_to is None, "a message of another chat cannot be quoted"
