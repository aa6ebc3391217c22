"""What each kind of update becomes, and what becomes of those that nobody expects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import (
    Blocked,
    Edited,
    GroupChanged,
    Handle,
    Inbound,
    Location,
    Moved,
    Reacted,
    Said,
    Tapped,
    Unreadable,
)
from buurtwacht.testing.provider import Update
from buurtwacht_telegram.names import Names
from buurtwacht_telegram.parse import Identity, read_item, read_update

from .telegram_account import NIGHT, Account

#: The names that the stand-in's bot has for messages.
NAMES = Names("4000000000:stand-in_stand-in_stand-in_stand-in")
US = Identity(4_000_000_000, "Buurtwacht_bot", names=NAMES)
FATIMA = {"id": 7, "is_bot": False, "first_name": "Fatima", "last_name": "Z", "language_code": "nl"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Fatima"}
GROUP = {"id": -55, "type": "group", "title": "Tolberg"}


@pytest.fixture
def telegram() -> Iterator[Account]:
    account = Account()
    yield account
    account.close()


def read(update: Update | None) -> Inbound:
    assert update is not None
    event, _ = read_update(update.body, US, NIGHT)
    assert event is not None
    return event


def item(**content: object) -> Inbound | None:
    return read_item({"update_id": 9, **content}, US, NIGHT)[0]


def message(**content: object) -> Inbound | None:
    return item(message={"message_id": 3, "from": FATIMA, "chat": PRIVATE, "date": 1_768_524_120, **content})


def said(**content: object) -> Said:
    event = message(**content)
    assert event is not None
    assert isinstance(event.event, Said)
    return event.event


def test_words_come_with_who_said_them_when_and_a_key() -> None:
    event = message(text="verdachte auto")
    assert event is not None
    assert event == Inbound(
        key="u9",
        event=Said(NAMES.message(7, 3), "verdachte auto"),
        at=datetime(2026, 1, 16, 0, 42, tzinfo=UTC),
        sender=(Handle("chat", "7"),),
        name="Fatima Z",
        language="nl",
    )


def test_the_name_of_a_message_does_not_tell_the_chat() -> None:
    name = NAMES.message(600_000_001, 28)
    assert "600000001" not in name
    assert name.endswith(":28")
    assert NAMES.number(name, 600_000_001) == 28
    assert NAMES.number(name, 600_000_002) is None, "of another chat"
    assert Names("4000000000:another").message(600_000_001, 28) != name, "nobody without the token can try all chats"


@pytest.mark.parametrize(
    ("typed", "text", "start"),
    [
        ("/start tb-join_1", "/start tb-join_1", "tb-join_1"),
        ("/start@Buurtwacht_bot tb", "/start tb", "tb"),
        ("/start", "/start", ""),
        ("/start een twee", "/start een twee", None),
        ("/hulp@buurtwacht_BOT nu", "/hulp nu", None),
        ("mail me@voorbeeld", "mail me@voorbeeld", None),
    ],
)
def test_commands_lose_our_name_and_links_keep_their_parameter(typed: str, text: str, start: str | None) -> None:
    assert (said(text=typed).text, said(text=typed).start) == (text, start)


def test_a_command_for_another_bot_is_not_ours() -> None:
    assert message(text="/start@ander_bot", chat=GROUP) is None


def test_quotes_forwards_places_and_files_are_seen(telegram: Account) -> None:
    api = telegram.api
    alert = telegram.send("Verdachte auto")
    quoted = read(api.says("Fatima", "daar!", reply_to=alert)[1]).event
    forwarded = read(api.says("Fatima", "/sluit", forwarded=True)[1]).event
    place = read(api.says("Fatima", location=Location(51.5, 4.4, 12.0))[1]).event
    photo = read(api.says("Fatima", "kijk", photo=b"\xff\xd8")[1]).event
    voice = read(api.says("Fatima", voice=True)[1]).event
    assert isinstance(quoted, Said)
    assert quoted.reply_to == alert
    assert isinstance(forwarded, Said)
    assert forwarded.forwarded
    assert isinstance(place, Said)
    assert place.location == Location(51.5, 4.4, 12.0)
    assert isinstance(photo, Said)
    assert photo.text == "kijk"
    assert photo.media is not None
    assert (photo.media.kind, photo.media.ref, photo.media.mime) == ("photo", "photo2", "image/jpeg")
    assert isinstance(voice, Said)
    assert voice.media is not None
    assert voice.media.kind == "voice"


def test_documents_and_videos_keep_name_and_kind() -> None:
    document = said(document={"file_id": "d", "file_name": "plan.pdf", "mime_type": "application/pdf"}).media
    assert document is not None
    assert (document.kind, document.name, document.mime) == ("document", "plan.pdf", "application/pdf")
    video = said(video={"file_id": "v"}).media
    assert video is not None
    assert (video.kind, video.mime) == ("video", "video/mp4")
    venue = said(venue={"title": "Plein", "location": {"latitude": 1, "longitude": 2}, "address": ""})
    assert venue.location == Location(1.0, 2.0)


def test_what_we_have_no_use_for_is_still_something_said() -> None:
    assert said(contact={"phone_number": "+31612345678", "first_name": "Henk"}).text == ""
    assert said(sticker={"file_id": "s"}).media is None
    assert message(pinned_message={"message_id": 1}) is None, "a note of the service is nobody's word"


def test_taps_reactions_edits_and_blocks(telegram: Account) -> None:
    api = telegram.api
    alert = telegram.send("Verdachte auto")
    body = api.taps("Fatima", "a:1", alert).body
    event, tap = read_update(body, US, NIGHT)
    assert event is not None
    assert (event.event, event.at, tap) == (Tapped("a:1", alert), NIGHT, "tap1")
    assert read(api.reacts("Fatima", "👍", alert)).event == Reacted("👍", alert)
    assert read(api.reacts("Fatima", "", alert)).event == Reacted("", alert)
    own, _ = api.says("Fatima", "auto")
    assert read(api.edits("Fatima", own, "rode auto")).event == Edited(own, "rode auto")
    blocked = read(api.blocks("Fatima", True))
    assert (blocked.event, blocked.sender) == (Blocked(True), (telegram.fatima,))
    assert read(api.blocks("Fatima", False)).event == Blocked(False)


def test_groups(telegram: Account) -> None:
    api = telegram.api
    group = api.group("Tolberg")
    spoken = read(api.says("Fatima", "hoi", group="Tolberg")[1])
    assert (spoken.group, spoken.sender) == (group, (telegram.fatima,))
    posted = telegram.send("Verdachte auto", to=group, is_group=True)
    tapped = read(api.taps("Fatima", "a:1", posted))
    assert (tapped.group, tapped.sender) == (group, (telegram.fatima,))
    joined = api.joins_group("Fatima", "Tolberg")
    assert read(joined).event == GroupChanged(True, "Tolberg", privileged=False)
    assert read(joined).group == group
    made_admin = api.joins_group("Fatima", "Tolberg", status="administrator")
    assert read(made_admin).event == GroupChanged(True, "Tolberg", privileged=True)
    assert read(api.joins_group("Fatima", "Tolberg", status="left")).event == GroupChanged(False, "Tolberg")
    without_privacy = read_update(joined.body, Identity(4, "b", reads_groups=True, names=NAMES), NIGHT)[0]
    assert without_privacy is not None
    assert without_privacy.event == GroupChanged(True, "Tolberg", privileged=True)
    new, migrated = api.migrates("Tolberg")
    assert read(migrated).event == Moved(group, (new,))


def test_who_speaks_as_the_group_or_a_channel_is_nobody() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    assert message(text="/sluit", chat=GROUP, sender_chat=GROUP, **{"from": anonymous}) is None
    assert item(channel_post={"message_id": 1, "chat": {"id": -1, "type": "channel"}, "date": 1, "text": "x"}) is None
    anonymous_reaction = {"chat": GROUP, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": []}
    assert item(message_reaction=anonymous_reaction) is None


def test_a_custom_emoji_says_nothing_and_the_newest_of_several_counts() -> None:
    def reaction(old: list[object], new: list[object]) -> object:
        change = {"chat": PRIVATE, "message_id": 1, "user": FATIMA, "date": 1}
        event = item(message_reaction={**change, "old_reaction": old, "new_reaction": new})
        return event and event.event

    thumb, heart = {"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "❤"}
    assert reaction([], [{"type": "custom_emoji", "custom_emoji_id": "5"}]) is None
    assert reaction([heart], [thumb, heart]) == Reacted("👍", NAMES.message(7, 1))


def test_a_moving_live_location_is_no_edit_of_words() -> None:
    edited = {"message_id": 3, "from": FATIMA, "chat": PRIVATE, "date": 1, "location": {"latitude": 1, "longitude": 2}}
    assert item(edited_message=edited) is None


def test_milliseconds_and_missing_dates_are_understood() -> None:
    late = message(text="x", date=1_768_524_120_000)
    none = message(text="x", date="soon")
    assert late is not None
    assert late.at == NIGHT
    assert none is not None
    assert none.at == NIGHT


def test_text_that_no_database_keeps_is_mended() -> None:
    assert said(text="a\0b\ud83dc").text == "ab?c"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\xfa",
        b"[]",
        b"null",
        b'{"update_id": NaN}',
        b'{"update_id": 1' + b"0" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"update_id": true, "message": {}}',
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "message": {"chat": {"id": "x", "type": "group"}, "from": {"id": 1}, "text": "a"}}',
        b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"},'
        b' "from": {"id": 1}, "text": ["a"]}}',
        b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"},'
        b' "from": {"id": 1}, "location": {"latitude": 1e999, "longitude": 0}}}',
        b'{"update_id": 1, "callback_query": {"id": "1", "from": "Fatima", "data": "x"}}',
    ],
)
def test_what_cannot_be_read_is_recorded_under_a_key_of_its_own(body: bytes) -> None:
    event, tap = read_update(body, US, NIGHT)
    again, _ = read_update(body, US, NIGHT)
    assert event is not None
    assert again is not None
    assert isinstance(event.event, Unreadable)
    assert (event.at, event.key, tap) == (NIGHT, again.key, "")


def test_kinds_of_update_from_the_future_are_left_alone() -> None:
    assert item(telepathy={"from": FATIMA}) is None
    assert item() is None


_NAMES = (  # noqa: SIM905 - many words read better in two lines
    "message_id from chat id type text date photo file_id location latitude longitude user new_reaction old_reaction "
    "emoji new_chat_member status title data message reply_to_message caption width venue first_name"
).split()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"]),
        st.dictionaries(st.sampled_from(_NAMES), json_values, max_size=8),
        min_size=1,
    )
)
def test_nothing_that_arrives_can_break_the_reading(content: dict[str, object]) -> None:
    event, _ = read_item({"update_id": 9, **content}, US, NIGHT)
    if event is not None:
        json.dumps(event.name + event.language + str(event.event)).encode()
        assert event.key == "u9"
