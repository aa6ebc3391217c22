"""The playground over HTTP: acts become events, mistakes become sentences, strangers are refused."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from contextlib import aclosing
from importlib.resources import files
from io import BytesIO
from typing import cast

import httpx
import pytest
from PIL import Image

from buurtwacht import Blocked, Glimpse, Reacted, Said, Status, Tapped
from buurtwacht_playground.board import Board
from buurtwacht_playground.channel import PlaygroundChannel
from buurtwacht_playground.telephones import next_wall_time
from buurtwacht_playground.web import stream
from buurtwacht_playground.words import MISTAKES, WORDS

from .playground_town import Town, town_app

PAGE = "http://127.0.0.1:8080"
FATIMA, HENK = "t1", "t2"


@pytest.fixture
def town() -> Town:
    return Town()


def board(town: Town) -> Board:
    channel = town.channels["telegram"]
    assert isinstance(channel, PlaygroundChannel)
    return channel.board


def ask(town: Town, method: str, path: str, **request: object) -> httpx.Response:
    async def scenario() -> httpx.Response:
        transport = httpx.ASGITransport(town_app(town))
        async with httpx.AsyncClient(transport=transport, base_url=PAGE) as client:
            response = await client.request(method, f"/playground{path}", **request)  # type: ignore[arg-type]
            await asyncio.sleep(0)
            return response

    return asyncio.run(scenario())


def post(town: Town, act: str, /, **body: object) -> httpx.Response:
    return ask(town, "POST", f"/{act}", json=body, headers={"Origin": PAGE})


def last(town: Town, telephone: str) -> dict[str, object]:
    bubble = board(town).telephones[telephone].newest()
    assert bubble is not None
    return dict(bubble.view())


def option(message: dict[str, object], place: int) -> str:
    return cast("list[dict[str, str]]", message["options"])[place]["id"]


def test_what_is_typed_becomes_an_event_with_a_key_of_its_own(town: Town) -> None:
    for _ in range(2):
        assert post(town, "say", telephone=FATIMA, text=" hallo ").status_code == 200
    first, second = (inbound for _, inbound in town.accepted)
    assert isinstance(first.event, Said)
    assert (first.event.text, first.sender[0].value, first.name) == ("hallo", "1001", "Fatima")
    assert first.key != second.key
    assert first.at == town.time


def test_a_deep_link_carries_its_word(town: Town) -> None:
    post(town, "say", telephone=FATIMA, text="/start tb-join")
    event = town.events()[0]
    assert isinstance(event, Said)
    assert event.start == "tb-join"


def test_an_answer_is_tapped_on_its_message(town: Town) -> None:
    post(town, "say", telephone=FATIMA, text="verdachte auto")
    asked = last(town, FATIMA)
    assert post(town, "tap", telephone=FATIMA, message=asked["id"], option=option(asked, 3)).status_code == 200
    assert town.events()[1] == Tapped("Niet nodig:3", on=str(asked["id"]))
    assert post(town, "tap", telephone=FATIMA, message=asked["id"], option="else").status_code == 404
    assert post(town, "tap", telephone=HENK, message=asked["id"], option=option(asked, 3)).status_code == 404


def test_on_whatsapp_an_answer_is_a_message_of_its_own(town: Town) -> None:
    post(town, "window", telephone=HENK, open=True)
    asyncio.run(_tell(town, "Henk", "Is alles goed?", "Ja", "Nee"))
    asked = last(town, HENK)
    post(town, "tap", telephone=HENK, message=asked["id"], option=option(asked, 1))
    tapped = town.events()[0]
    assert isinstance(tapped, Tapped)
    assert last(town, HENK)["text"] == "Nee"
    assert tapped.message == last(town, HENK)["id"]


async def _tell(town: Town, name: str, text: str, *labels: str) -> None:
    await town.tell(name, text, *labels)
    await asyncio.sleep(0)


def test_a_reaction_goes_on_and_off(town: Town) -> None:
    asyncio.run(_tell(town, "Fatima", "Alles veilig?"))
    ident = str(last(town, FATIMA)["id"])
    for emoji in ("👍", ""):
        post(town, "react", telephone=FATIMA, message=ident, emoji=emoji)
    assert town.events() == [Reacted("👍", ident), Reacted("", ident)]


def test_photo_and_location_arrive(town: Town) -> None:
    post(town, "photo", telephone=FATIMA)
    post(town, "location", telephone=FATIMA, latitude=51.5, longitude=4.4)
    photo, place = town.events()
    assert isinstance(photo, Said)
    assert isinstance(place, Said)
    assert photo.media is not None
    assert photo.media.kind == "photo"
    assert place.location is not None
    assert place.location.latitude == 51.5


def test_spoken_words_arrive_as_a_voice(town: Town) -> None:
    assert post(town, "voice", telephone=FATIMA).status_code == 200
    [spoken] = town.events()
    assert isinstance(spoken, Said)
    assert spoken.media is not None
    assert spoken.media.kind == "voice"


def test_an_act_with_a_name_is_the_same_event_when_it_is_asked_for_again(town: Town) -> None:
    for _ in range(2):
        post(town, "say", telephone=FATIMA, text="hallo", key="once")
    assert [inbound.key for _, inbound in town.accepted] == ["once", "once"]
    assert len([one for one in board(town).telephones[FATIMA].bubbles.values() if one.mine]) == 1


def test_the_sample_photo_holds_a_position_that_must_not_be_passed_on(town: Town) -> None:
    post(town, "photo", telephone=FATIMA)
    sent = next(bubble for bubble in board(town).telephones[FATIMA].bubbles.values() if bubble.mine)
    shown = ask(town, "GET", f"/file/{sent.id}/0")
    assert shown.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(shown.content)) as picture:
        assert picture.getexif().get_ifd(0x8825)


def test_a_photo_of_ones_own_is_taken_and_a_fake_one_is_not(town: Town) -> None:
    file = BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    content = base64.b64encode(file.getvalue()).decode()
    assert post(town, "photo", telephone=FATIMA, content=content, mime="image/png").status_code == 200
    fake = base64.b64encode(b"<script>").decode()
    assert post(town, "photo", telephone=FATIMA, content=fake).status_code == 422


def test_telegram_tells_of_a_block_and_whatsapp_does_not(town: Town) -> None:
    for telephone in (FATIMA, HENK):
        post(town, "block", telephone=telephone, blocked=True)
    assert town.events() == [Blocked(True)]
    answer = post(town, "say", telephone=HENK, text="hallo")
    assert answer.status_code == 409
    assert "Henk" in answer.json()["error"]


def test_the_clock_moves_by_seconds_or_to_a_time(town: Town) -> None:
    assert post(town, "advance", seconds=60).json()["time"] == "01:43:00"
    assert post(town, "advance", to="07:00").json() == {"day": "2026-01-16", "time": "07:00:00"}
    assert post(town, "advance").status_code == 422
    assert post(town, "advance", seconds=0).status_code == 422


def test_seven_o_clock_is_seven_o_clock_in_the_spring_night(town: Town) -> None:
    town.time = town.time.replace(month=3, day=28, hour=22)
    town.time += next_wall_time(town.time, 7, 0)
    assert board(town).clock() == {"day": "2026-03-29", "time": "07:00:00"}


def test_what_cannot_be_kept_is_said(town: Town) -> None:
    town.down = True
    answer = post(town, "say", telephone=FATIMA, text="hallo")
    assert answer.status_code == 503
    assert last(town, FATIMA)["tick"] == "failed"


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("say", {"telephone": FATIMA, "text": "  "}, 422),
        ("say", {"telephone": FATIMA, "text": "x" * 4097}, 422),
        ("say", {"telephone": "t99", "text": "x"}, 404),
        ("say", {"telephone": FATIMA, "text": "x", "colour": "red"}, 422),
        ("say", {"telephone": FATIMA, "text": "x", "reply_to": "nothing"}, 404),
        ("react", {"telephone": FATIMA, "message": "nothing", "emoji": "👍"}, 404),
        ("location", {"telephone": FATIMA, "latitude": 91, "longitude": 0}, 422),
        ("window", {"telephone": FATIMA, "open": True}, 409),
        ("story", {"step": 99}, 404),
        ("look", {"viewer": "nobody", "telephones": []}, 404),
    ],
)
def test_bad_input_is_answered_with_a_sentence(town: Town, act: str, body: dict[str, object], status: int) -> None:
    answer = ask(town, "POST", f"/{act}?lang=en", json=body, headers={"Origin": PAGE})
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert not town.accepted


def test_only_json_of_a_sensible_size_is_read(town: Town) -> None:
    plain = {"Content-Type": "text/plain", "Origin": PAGE}
    assert ask(town, "POST", "/say", content=b"{}", headers=plain).status_code == 415
    own = {"Content-Type": "application/json", "Origin": PAGE}
    assert ask(town, "POST", "/say", content=b"{", headers=own).status_code == 422
    assert ask(town, "POST", "/say", content=b"[" * 5000, headers=own).status_code == 422
    assert ask(town, "POST", "/say", content=b" " * 70_000, headers=own).status_code == 413


def test_another_site_cannot_use_the_playground(town: Town) -> None:
    body = {"telephone": FATIMA, "text": "hallo"}
    for headers in (
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "example.org"},
        {"Host": "127.0.0.1.example.org"},
    ):
        assert ask(town, "POST", "/say", json=body, headers=headers).status_code == 403
    assert ask(town, "GET", "", headers={"Host": "rebound.example.org"}).status_code == 403
    assert not town.accepted


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
def test_this_computer_may(town: Town, host: str) -> None:
    assert ask(town, "GET", "", headers={"Host": host}).status_code == 200


def test_the_page_runs_nothing_inline_and_asks_no_other_host(town: Town) -> None:
    answer = ask(town, "GET", "")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://", answer.text)
    assert not re.search(r"<[^>]+\son\w+=|\sstyle=", answer.text)
    for path in re.findall(r'"/playground(/static/[^"]+)"', answer.text):
        assert ask(town, "GET", path).status_code == 200
    assert ask(town, "GET", "/static/../__init__.py").status_code == 404


def test_the_page_speaks_both_languages_and_shows_every_word() -> None:
    folder = files("buurtwacht_playground")
    page = folder.joinpath("templates/playground.html").read_text()
    scripts = "".join(one.read_text() for one in folder.joinpath("static").iterdir() if one.name.endswith(".js"))
    built = (
        "js_role_",
        "js_stage_",
        "js_what_",
        "js_kind_",
        "js_tick_",
        "js_telegram_",
        "js_whatsapp_",
        "js_browser_",
        "js_remark_",
    )
    for key, (dutch, english) in {**WORDS, **MISTAKES}.items():
        assert dutch.strip()
        assert english.strip()
        if key in WORDS and not key.startswith(built):
            shown = f'"{key.removeprefix("js_")}"' in scripts if key.startswith("js_") else f"t.{key} " in page
            assert shown, f"{key} is shown nowhere"


def test_the_stream_begins_with_everything_and_goes_on_with_each_change(town: Town) -> None:
    async def scenario() -> list[tuple[str, object]]:
        heard = []
        async with aclosing(stream(board(town), "viewer")) as events:
            heard.append(_read(await anext(events)))
            await town.tell("Fatima", "Verdacht voertuig")
            heard += [_read(await anext(events)) for _ in range(3)]
            await town.channels["telegram"].close()
            await town.channels["whatsapp"].close()
            assert [event async for event in events] == []
        return heard

    heard = asyncio.run(scenario())
    assert [name for name, _ in heard] == ["state", "glimpse", "message", "glimpse"]
    assert "Verdacht voertuig" in str(heard[2][1])
    assert not board(town).viewers


def _read(event: bytes) -> tuple[str, object]:
    name, content = event.decode().partition("event: ")[2].split("\n", 1)
    return name, json.loads(content.removeprefix("data: "))


def test_a_message_is_read_once_its_telephone_is_looked_at(town: Town) -> None:
    async def scenario() -> None:
        await town.tell("Henk", "Verdacht voertuig")
        transport = httpx.ASGITransport(town_app(town))
        async with (
            aclosing(stream(board(town), "viewer")) as events,
            httpx.AsyncClient(transport=transport, base_url=PAGE, headers={"Origin": PAGE}) as client,
        ):
            await anext(events)
            await client.post("/playground/look", json={"viewer": "viewer", "telephones": [HENK]})
            await town.tell("Henk", "Einde melding")
            await asyncio.sleep(0)

    asyncio.run(scenario())
    states = [inbound.event.state for _, inbound in town.accepted if isinstance(inbound.event, Status)]
    assert states == ["delivered", "read", "delivered", "read"]


def test_a_late_page_still_sees_what_happened_inside(town: Town) -> None:
    for look in town.looks:
        look(Glimpse(town.time, "timer", "herinnering", "Riet", "whatsapp"))
    assert "herinnering" in str(board(town).picture()["glimpses"])
