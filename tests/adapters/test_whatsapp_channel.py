import logging

import httpx
import pytest

from buurtwacht import (
    Ambiguous,
    Channel,
    Handle,
    Layout,
    Location,
    MediaRef,
    Misconfigured,
    Parcel,
    Rejected,
    TemplateUse,
    Throttled,
    Unavailable,
)
from buurtwacht.testing.provider import Fault

from .whatsapp_kit import BUTTONS, LIST, choices, message, run, town

PICTURE = Parcel("auto.jpg", "image/jpeg", b"\xff\xd8picture", "photo")
REPORT = Parcel("verslag.pdf", "application/pdf", b"%PDF-1.7")
MEIDOORNSTRAAT = Location(51.5312, 4.4453)


def test_a_neighbour_reads_the_text_and_the_delivery_goes_along() -> None:
    here = town()
    _: Channel = here.channel
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    wamid = here.send(message(henk, "Let op", reply_to="wamid.earlier"))
    (seen,) = here.cloud.seen
    assert (seen.provider_id, seen.text, seen.delivery, seen.reply_to) == (wamid, "Let op", 17, "wamid.earlier")
    assert seen.to == henk[1].value


def test_typed_asterisks_and_underscores_arrive_as_typed() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, "kenteken *12-AB-3* op foto_1_ `x` ~"))
    assert here.cloud.seen[0].text == "kenteken *12-AB-3* op foto_1_ `x` ~"


def test_a_person_known_by_user_id_only_is_sent_to_as_one_person_never_as_a_group() -> None:
    here = town()
    user, _phone = here.cloud.person("Henk")
    assert any(letter.islower() for letter in user.value)
    here.cloud.opens(user.value)
    here.send(message((user,)))
    assert here.cloud.seen[0].to == user.value


@pytest.mark.parametrize(
    "handles",
    [
        (),
        (Handle("chat", "12345"),),
        (Handle("phone", "0612345678"),),
        (Handle("phone", "+31 6 12 34 56 78"),),
        (Handle("user", "Y2FwaV9ncm91cDoxNzA1"),),
        (Handle("user", "NL.abc-1"),),
        (Handle("user", "NL." + "a" * 129),),
    ],
)
def test_what_is_no_number_and_no_user_id_is_sent_nowhere(handles: tuple[Handle, ...]) -> None:
    here = town()
    with pytest.raises(Rejected):
        here.send(message(handles))
    assert not here.cloud.complaints


def test_groups_and_edits_are_refused_here() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    with pytest.raises(Rejected):
        here.send(message(henk, is_group=True))
    with pytest.raises(Rejected):
        here.send(message(henk, edit_of="wamid.1"))


def test_three_choices_are_buttons_and_ten_are_a_list() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, layout=BUTTONS, options=choices(3)))
    here.send(message(henk, layout=LIST, options=choices(10), list_title="Antwoorden"))
    buttons, rows = here.cloud.seen
    assert buttons.kind == "button"
    assert buttons.options == tuple((each.id, each.label) for each in choices(3))
    assert (rows.kind, len(rows.options)) == ("list", 10)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("x" * 4097, {}),
        ("", {}),
        ("x" * 1025, {"layout": BUTTONS, "options": choices(2)}),
        ("x", {"layout": BUTTONS, "options": choices(4)}),
        ("x", {"layout": BUTTONS, "options": ()}),
        ("x", {"layout": LIST, "options": choices(11), "list_title": "Kies"}),
        ("x", {"layout": LIST, "options": choices(5), "list_title": "Kies maar uit deze lijst"}),
    ],
)
def test_what_meta_would_refuse_for_its_form_is_not_even_asked(text: str, more: dict[str, object]) -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    with pytest.raises(Rejected):
        here.send(message(henk, text, **more))
    assert not here.cloud.complaints


def test_a_photo_goes_in_one_message_with_its_words() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, "Deze auto", parcels=(PICTURE,)))
    here.send(message(henk, "Klopt dit?", parcels=(PICTURE,), layout=BUTTONS, options=choices(2)))
    plain, asked = here.cloud.seen
    assert (plain.kind, plain.text, plain.files[0].data) == ("image", "Deze auto", PICTURE.content)
    assert (asked.kind, asked.text, asked.files[0].data) == ("button", "Klopt dit?", PICTURE.content)


def test_what_does_not_fit_follows_the_words_and_carries_the_same_delivery() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    first = here.send(message(henk, "Verslag", parcels=(PICTURE, REPORT), location=MEIDOORNSTRAAT))
    words, report, place = here.cloud.seen
    assert (words.text, words.provider_id) == ("Verslag", first)
    assert (report.kind, report.files[0].name, report.files[0].mime) == ("document", "verslag.pdf", "application/pdf")
    assert place.location == MEIDOORNSTRAAT
    assert {seen.delivery for seen in here.cloud.seen} == {17}


def test_a_photo_beside_a_long_text_or_a_list_comes_after_it() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, "x" * 1500, parcels=(PICTURE,)))
    here.send(message(henk, "Kies", parcels=(PICTURE,), layout=LIST, options=choices(4), list_title="Kies"))
    assert [seen.kind for seen in here.cloud.seen] == ["text", "image", "list", "image"]


def test_a_location_alone_is_a_message() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, "", location=MEIDOORNSTRAAT))
    assert here.cloud.seen[0].location == MEIDOORNSTRAAT


def test_one_photo_for_many_neighbours_is_uploaded_once() -> None:
    here = town()
    uploads = []
    for name in ("Henk", "Fatima", "Ank"):
        person = here.cloud.person(name)
        here.cloud.opens(person[0].value)
        here.send(message(person, parcels=(PICTURE,)))
        uploads.append(here.cloud.seen[-1].files[0])
    assert uploads[0] is uploads[1] is uploads[2]


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("rondes.ics", "text/calendar; charset=utf-8"),
        ("gegevens.json", "application/json"),
        ("TB-0001.cap.xml", "application/cap+xml"),
        ("meldingen.geojson", "application/geo+json"),
    ],
)
def test_a_file_of_text_that_meta_does_not_know_goes_as_plain_text(name: str, mime: str) -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, "Uw bestand", parcels=(Parcel(name, mime, b"inhoud"),)))
    (file,) = here.cloud.seen[-1].files
    assert (file.name, file.mime, file.data) == (name, "text/plain", b"inhoud")


def test_a_file_that_meta_does_not_take_is_refused() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    with pytest.raises(Rejected):
        here.send(message(henk, "Archief", parcels=(Parcel("foto.zip", "application/zip", b"PK"),)))


def test_a_message_stopped_half_way_goes_on_where_it_stopped() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.cloud.rate = 1
    with pytest.raises(Throttled) as stopped:
        here.send(message(henk, "Verslag", location=MEIDOORNSTRAAT))
    assert stopped.value.scope == "account"
    here.later(seconds=1)
    first = here.send(message(henk, "Verslag", location=MEIDOORNSTRAAT))
    assert [seen.kind for seen in here.cloud.seen] == ["text", "location"]
    assert first == here.cloud.seen[0].provider_id


def test_an_update_of_a_message_stopped_half_way_is_sent_whole() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.cloud.rate = 1
    with pytest.raises(Throttled):
        here.send(message(henk, "Verslag", location=MEIDOORNSTRAAT))
    here.later(seconds=1)
    here.cloud.rate = None
    here.send(message(henk, "Nieuw verslag", location=MEIDOORNSTRAAT))
    assert [seen.text for seen in here.cloud.seen] == ["Verslag", "Nieuw verslag", ""]


def test_a_template_opens_a_closed_window_with_single_lines_and_its_buttons() -> None:
    here = town()
    here.cloud.approve("buurtwacht_alert", "nl", "Melding {{1}}: {{2}}. Reageer hieronder.", ("Gezien", "Ik let op"))
    henk = here.cloud.person("Henk")
    use = TemplateUse("buurtwacht_alert", "nl", ("TB-0001", "auto\nzonder  veel\t     licht"))
    here.send(message(henk, template=use, layout=BUTTONS, options=choices(2), parcels=(PICTURE,)))
    (seen,) = here.cloud.seen
    assert (seen.template, seen.language) == ("buurtwacht_alert", "nl")
    assert seen.text == "Melding TB-0001: auto zonder  veel    licht. Reageer hieronder.", "what Meta takes stays (R47)"
    assert seen.options == (("q1:1", "Gezien"), ("q1:2", "Ik let op"))


def test_start_learns_the_number_that_invitations_use() -> None:
    here = town()
    with pytest.raises(Unavailable):
        here.channel.invite("tb-join", "lid worden")
    run(here.channel.start())
    assert here.channel.invite("tb-join", "lid worden 4707 & zo") == (
        "https://wa.me/31850000000?text=lid%20worden%204707%20%26%20zo"
    )


def test_a_number_in_the_settings_makes_invitations_without_the_network() -> None:
    assert town(number="+31612345678").channel.invite("x", "hoi") == "https://wa.me/31612345678?text=hoi"


@pytest.mark.parametrize("change", [{"token": "other"}, {"phone_number_id": "999"}])
def test_a_refused_account_is_told_at_the_start(change: dict[str, object]) -> None:
    with pytest.raises(Misconfigured):
        run(town(**change).channel.start())


def test_a_provider_that_is_down_at_the_start_is_unavailable() -> None:
    here = town()
    here.cloud.down = True
    with pytest.raises(Unavailable):
        run(here.channel.start())


def test_a_sent_photo_can_be_fetched_up_to_the_limit() -> None:
    here = town()
    fatima = here.cloud.person("Fatima")
    here.post(here.cloud.says(fatima[0].value, "kijk", photo=b"\xff\xd8bytes")[1])
    event = here.kept[0].event
    assert event.kind == "said"
    assert event.media is not None
    assert run(here.channel.fetch(event.media)) == b"\xff\xd8bytes"


def test_a_file_that_is_too_large_gone_or_no_id_is_refused() -> None:
    here = town()
    fatima = here.cloud.person("Fatima")
    here.post(here.cloud.says(fatima[0].value, photo=bytes(16 * 1024 * 1024 + 1))[1])
    event = here.kept[0].event
    assert event.kind == "said"
    assert event.media is not None
    with pytest.raises(Rejected):
        run(here.channel.fetch(event.media))
    with pytest.raises(Rejected):
        run(here.channel.fetch(MediaRef("8800000099", "image/jpeg", "photo")))
    with pytest.raises(Rejected):
        run(here.channel.fetch(MediaRef("../me?x=1", "image/jpeg", "photo")))


def test_the_token_goes_to_no_strange_host() -> None:
    asked: list[str] = []

    def graph(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json={"url": "https://evil.example.org/x", "file_size": 3})

    here = town(transport=httpx.MockTransport(graph))
    with pytest.raises(Unavailable):
        run(here.channel.fetch(MediaRef("8800000001", "image/jpeg", "photo")))
    assert asked == ["127.0.0.1"]


def test_requests_go_to_api_url_with_its_path_and_version() -> None:
    asked: list[str] = []

    def graph(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.headers['Host']} {request.url}")
        return httpx.Response(200, json={"display_phone_number": "+31 6 1"})

    options = {"transport": httpx.MockTransport(graph), "api_url": "https://proxy.test/meta/", "api_version": "v25.0"}
    run(town(**options).channel.start())
    assert asked == ["proxy.test https://proxy.test/meta/v25.0/106540352242922?fields=id%2Cdisplay_phone_number"]


def test_after_closing_nothing_is_sent() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    run(here.channel.close())
    with pytest.raises(Unavailable):
        here.send(message(henk))


def test_nothing_private_is_logged(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.send(message(henk, "geheime tekst", location=MEIDOORNSTRAAT))
    here.cloud.faults[henk[1].value] = Fault("ambiguous")
    with pytest.raises(Ambiguous):
        here.send(message(henk, "geheime tekst"))
    here.post(here.cloud.says(henk[0].value, "geheim antwoord")[1])
    logged = caplog.text + "".join(capsys.readouterr())
    for private in ("geheim", henk[1].value[1:], henk[0].value, "stand-in-token", "stand-in-app-secret"):
        assert private not in logged


def test_a_channel_without_a_menu_and_without_polling_returns_at_once() -> None:
    here = town()
    run(here.channel.set_menu({}))
    run(here.channel.receive(here.accept))
    assert here.channel.capabilities.edit is False
    assert Layout.LINES not in (BUTTONS, LIST)
