import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht import (
    Deleted,
    Edited,
    Handle,
    Inbound,
    Location,
    MediaRef,
    Moved,
    Reacted,
    Said,
    Status,
    Tapped,
    Unreadable,
)
from buurtwacht_whatsapp.incoming import read
from buurtwacht_whatsapp.stand_in import NUMBER_ID

from .whatsapp_kit import NIGHT, town

FATIMA = {"profile": {"name": "Fatima"}, "wa_id": "31612345678", "user_id": "NL.fat1ma"}
BOTH = (Handle("user", "NL.fat1ma"), Handle("phone", "+31612345678"))


def value(number: str = NUMBER_ID, **lists: object) -> dict[str, object]:
    return {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, **lists}


def body(*values: Mapping[str, object], field: str = "messages") -> bytes:
    changes = [{"field": field, "value": each} for each in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}).encode()


def item(kind: str = "text", content: object = None, ident: str = "wamid.1", **more: object) -> dict[str, object]:
    shown = {"body": "hallo"} if kind == "text" and content is None else content
    told = {"from": "31612345678", "id": ident, "timestamp": "1768524120", "type": kind, **more}
    return told if shown is None else {**told, kind: shown}


def one(kind: str, content: object = None, **more: object) -> Inbound:
    (event,) = read(body(value(contacts=[FATIMA], messages=[item(kind, content) | more])), NUMBER_ID, NIGHT)
    return event


def test_words_come_with_who_when_and_under_which_key() -> None:
    event = one("text", {"body": "verdachte auto"})
    assert event == Inbound(
        "m:wamid.1",
        Said("wamid.1", "verdachte auto"),
        datetime(2026, 1, 16, 0, 42, tzinfo=UTC),
        BOTH,
        name="Fatima",
    )


def test_a_quote_and_a_forward_are_known() -> None:
    quoted = one("text", context={"from": "31850000000", "id": "wamid.ours"}).event
    assert isinstance(quoted, Said)
    assert (quoted.reply_to, quoted.forwarded) == ("wamid.ours", False)
    for mark in ("forwarded", "frequently_forwarded"):
        passed_on = one("text", context={mark: True}).event
        assert isinstance(passed_on, Said)
        assert (passed_on.reply_to, passed_on.forwarded) == (None, True)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", "photo"),
        ("sticker", "photo"),
        ("document", "document"),
        ("audio", "voice"),
        ("voice", "voice"),
        ("video", "video"),
    ],
)
def test_files_come_as_references_with_their_caption(kind: str, expected: Any) -> None:
    content = {"id": "77", "mime_type": "x/y", "caption": "kijk", "filename": "f.pdf", "sha256": "abc="}
    assert one(kind, content).event == Said("wamid.1", "kijk", media=MediaRef("77", "x/y", expected, "f.pdf"))


def test_a_location_comes_in_degrees() -> None:
    event = one("location", {"latitude": 51.53, "longitude": 4, "name": "Station"}).event
    assert event == Said("wamid.1", location=Location(51.53, 4.0))


@pytest.mark.parametrize("latitude", ["NaN", 91, None, True, "1e999", "x"])
def test_a_location_nowhere_is_unreadable(latitude: object) -> None:
    assert isinstance(one("location", {"latitude": latitude, "longitude": 4}).event, Unreadable)


@pytest.mark.parametrize("kind", ["contacts", "order", "unsupported", "poll_of_next_year", "request_welcome"])
def test_what_we_do_not_understand_still_came_from_somebody_who_is_answered(kind: str) -> None:
    event = one(kind, [{"phones": [{"phone": "+31699999999"}]}])
    assert event.event == Said("wamid.1")
    assert event.sender == BOTH


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("interactive", {"type": "button_reply", "button_reply": {"id": "q1:2", "title": "Ja"}}),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "q1:2", "title": "Ja", "description": ""}}),
        ("button", {"payload": "q1:2", "text": "Ja"}),
    ],
)
def test_a_tap_says_what_was_chosen_and_on_what(kind: str, content: object) -> None:
    assert one(kind, content, context={"id": "wamid.ours"}).event == Tapped("q1:2", "wamid.ours", "wamid.1")
    assert one(kind, content).event == Tapped("q1:2", None, "wamid.1")


def test_a_reaction_and_its_taking_away() -> None:
    assert one("reaction", {"message_id": "wamid.ours", "emoji": "👍"}).event == Reacted("👍", "wamid.ours")
    assert one("reaction", {"message_id": "wamid.ours"}).event == Reacted("", "wamid.ours")


def test_edits_and_deletions_name_the_first_message() -> None:
    words = {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "beter"}}}
    photo = {"original_message_id": "wamid.0", "message": {"type": "image", "image": {"caption": "beter", "id": "7"}}}
    assert one("edit", words).event == Edited("wamid.0", "beter")
    assert one("edit", photo).event == Edited("wamid.0", "beter")
    assert one("revoke", {"original_message_id": "wamid.0"}).event == Deleted("wamid.0")


def test_a_new_number_moves_both_handles() -> None:
    system = {
        "type": "user_changed_number",
        "wa_id": "31687654321",
        "user_id": "NL.new",
        "previous_user_id": "NL.fat1ma",
    }
    event = one("system", system)
    assert event.event == Moved(BOTH[0], (Handle("user", "NL.new"), Handle("phone", "+31687654321")))
    assert event.sender == BOTH


def test_a_new_number_without_user_ids_moves_the_number() -> None:
    for key in ("wa_id", "new_wa_id"):
        event = one("system", {"type": "user_changed_number", key: "31687654321"}).event
        assert event == Moved(BOTH[1], (Handle("phone", "+31687654321"),))


def test_a_new_user_id_without_any_number_moves_the_user_id() -> None:
    system = {"type": "user_changed_user_id", "user_id": "NL.new", "previous_user_id": "NL.old"}
    told = {"id": "wamid.1", "timestamp": "1768524120", "type": "system", "system": system}
    (event,) = read(body(value(messages=[told])), NUMBER_ID, NIGHT)
    assert event.event == Moved(Handle("user", "NL.old"), (Handle("user", "NL.new"),))


def test_other_system_messages_are_recorded() -> None:
    assert one("system", {"type": "customer_identity_changed"}).event == Unreadable("system customer_identity_changed")


# --- who ---------------------------------------------------------------------------------------------------------


def sender(contacts: object, **named: object) -> tuple[Handle, ...]:
    told = {"id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": "x"}, **named}
    (event,) = read(body(value(contacts=contacts, messages=[told])), NUMBER_ID, NIGHT)
    return event.sender


def test_people_are_known_by_whatever_meta_names() -> None:
    phone = {"from": "31612345678"}
    assert sender(None, **phone) == BOTH[1:]
    assert sender([], **phone, from_user_id="NL.fat1ma") == BOTH
    assert sender([FATIMA], from_user_id="NL.fat1ma") == BOTH
    assert sender([{"user_id": "NL.fat1ma"}]) == BOTH[:1]
    assert sender([FATIMA]) == BOTH
    assert sender(None, **{"from": "NL.fat1ma"}) == BOTH[:1]
    assert sender("not a list", **phone) == BOTH[1:]
    assert sender([None, {"wa_id": 7}, FATIMA], **phone) == BOTH


def test_two_peoples_handles_are_never_joined() -> None:
    henk = {"wa_id": "31600000000", "user_id": "NL.henk"}
    assert sender([henk], **{"from": "31612345678"}) == BOTH[1:]
    assert sender([henk, FATIMA], **{"from": "31612345678"}) == BOTH
    assert sender([henk, FATIMA]) == ()


def test_nobody_and_groups_are_recorded_without_a_sender() -> None:
    (nobody,) = read(body(value(messages=[{"id": "w", "type": "text", "text": {"body": "x"}}])), NUMBER_ID, NIGHT)
    assert nobody.event == Unreadable("no sender")
    in_a_group = one("text", group_id="Y2FwaV9ncm91cDox")
    assert (in_a_group.event, in_a_group.sender) == (Unreadable("said in a group"), ())


# --- statuses ----------------------------------------------------------------------------------------------------


def status(**told: object) -> Inbound:
    whole = {"id": "wamid.9", "timestamp": "1768524120", "recipient_id": "31612345678", **told}
    (event,) = read(body(value(statuses=[whole])), NUMBER_ID, NIGHT)
    return event


def test_statuses_without_contacts_bring_our_delivery_back() -> None:
    event = status(status="delivered", biz_opaque_callback_data="17")
    assert event.event == Status("wamid.9", "delivered", 17)
    assert (event.key, event.sender) == ("s:wamid.9:delivered", ())


def test_played_counts_as_read_once() -> None:
    assert status(status="played").key == status(status="read").key == "s:wamid.9:read"


@pytest.mark.parametrize("tracker", ["17.2", "some data", "", "0", "-1", "9" * 30, 17, None, "１７"])
def test_what_is_not_a_delivery_of_ours_is_none(tracker: object) -> None:
    assert status(status="sent", biz_opaque_callback_data=tracker).event == Status("wamid.9", "sent", None)


def test_a_failure_names_the_class_the_reason_and_the_wait() -> None:
    assert status(status="failed", errors=[{"code": 131026, "title": "x"}]).event == Status(
        "wamid.9", "failed", None, "Unreachable", "undeliverable (131026)"
    )
    throttled = status(status="failed", errors=[{"code": 131056}]).event
    assert isinstance(throttled, Status)
    assert (throttled.error, throttled.retry_after) == ("Throttled", 6.0)
    for errors in (None, [], [None], [{"code": "?"}], {"code": 190}):
        unclear = status(status="failed", errors=errors).event
        assert isinstance(unclear, Status)
        assert unclear.error == "Rejected"


def test_a_status_of_another_kind_is_recorded() -> None:
    assert status(status="warning").event == Unreadable("status warning")


# --- many at once --------------------------------------------------------------------------------------------------


def test_nothing_of_a_batch_is_lost() -> None:
    henk = {"wa_id": "31600000000", "user_id": "NL.henk"}
    pair = value(
        contacts=[FATIMA, henk], messages=[item(ident="wamid.1"), item(ident="wamid.2") | {"from": "31600000000"}]
    )
    delivered = value(statuses=[{"id": "wamid.a", "status": "sent"}, {"id": "wamid.a", "status": "delivered"}])
    mixed = value(contacts=[FATIMA], messages=[item(ident="wamid.3"), "bad", item("image", {}), item(ident="wamid.4")])
    entries = [json.loads(body(pair, delivered))["entry"][0], json.loads(body(mixed))["entry"][0], "bad entry"]
    events = read(json.dumps({"entry": entries}).encode(), NUMBER_ID, NIGHT)
    assert [event.event.kind for event in events] == [
        *("said", "said", "status", "status"),
        *("said", "unreadable", "unreadable", "said", "unreadable"),
    ]
    assert events[1].sender == (Handle("user", "NL.henk"), Handle("phone", "+31600000000"))
    assert len({event.key for event in events}) == len(events)


def test_a_bad_item_of_somebody_known_keeps_his_name() -> None:
    bad = one("image", {"mime_type": "image/jpeg"})
    assert (bad.event, bad.sender) == (Unreadable("no id"), BOTH)


def test_another_number_is_recorded_item_by_item_and_not_obeyed() -> None:
    events = read(body(value("999", messages=[item(), item()], statuses=[{}])), NUMBER_ID, NIGHT)
    assert [event.event for event in events] == [Unreadable("other number")] * 3
    assert all(event.sender == () for event in events)


def test_what_concerns_the_account_is_recorded_by_its_field() -> None:
    told = {"event": "PAUSED", "message_template_name": "buurtwacht_alert", "message_template_language": "nl"}
    (event,) = read(body(told, field="message_template_status_update"), NUMBER_ID, NIGHT)
    assert event.event == Unreadable("field message_template_status_update: PAUSED buurtwacht_alert nl")
    assert event.sender == ()


def test_errors_of_the_account_are_recorded_beside_the_messages() -> None:
    events = read(body(value(messages=[item()], errors=[{"code": 131000}])), NUMBER_ID, NIGHT)
    assert [event.event for event in events] == [Said("wamid.1", "hallo"), Unreadable("error 131000")]


def test_characters_that_no_database_takes_are_replaced() -> None:
    event = one("text", {"body": "a\0b\ud800c 👍"}).event
    assert event == Said("wamid.1", "a\ufffdb\ufffdc 👍")
    event.text.encode()


@pytest.mark.parametrize("timestamp", [None, "soon", -5, 1.5, "99999999999999999", True, "²"])
def test_a_moment_that_is_none_becomes_that_of_receiving(timestamp: object) -> None:
    assert one("text", timestamp=timestamp).at == NIGHT


_KINDS = ["text", "image", "location", "interactive", "button", "reaction", "edit", "revoke", "system", "contacts"]
_KEYS = [
    *_KINDS,
    "id",
    "type",
    "from",
    "body",
    "context",
    "message",
    "timestamp",
    "status",
    "errors",
    "code",
    "user_id",
]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("31612345678"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_json, min_size=1, max_size=3), st.sampled_from(_KINDS), _json)
def test_whatever_comes_every_item_is_an_event(items: list[Any], kind: str, content: object) -> None:
    messages = [*items, {"id": "w", "from": "31612345678", "type": kind, kind: content}]
    told = json.dumps({"entry": [{"changes": [{"field": "messages", "value": value(messages=messages)}]}]})
    events = read(told.encode(), NUMBER_ID, NIGHT)
    assert len(events) == len(messages)


# --- payloads of others --------------------------------------------------------------------------------------------


def _payloads() -> Iterator[tuple[str, dict[str, Any]]]:
    for root in Path(__file__).resolve().parents:
        for folder in (root / "data" / "pywa-updates", root / "shared" / "data" / "pywa-updates"):
            for file in sorted(folder.glob("*.json")):
                cases = json.loads(file.read_text())
                # one file wraps its cases once more
                cases = {
                    name: each["all"] if "entry" not in each and "all" in each else each for name, each in cases.items()
                }
                yield from ((f"{file.stem}/{name}", each) for name, each in cases.items())


def _items(payload: dict[str, Any]) -> int:
    if "entry" not in payload:
        return 1  # a template's definition, which is no webhook body: one record
    count = 0
    for entry in payload["entry"]:
        for change in entry["changes"]:
            lists = [change["value"].get(kind, []) for kind in ("messages", "statuses", "errors")]
            count += sum(map(len, lists)) if change["field"] == "messages" else 1
    return count


def _read_as_its_receiver(payload: dict[str, Any]) -> list[Inbound]:
    entries = payload.get("entry", [{"changes": [{"value": {}}]}])
    metadata = entries[0]["changes"][0]["value"].get("metadata", {})
    return read(json.dumps(payload).encode(), metadata.get("phone_number_id", NUMBER_ID), NIGHT)


def test_the_payloads_collected_by_others_are_read_without_losing_an_item() -> None:
    payloads = dict(_payloads())
    if not payloads:
        pytest.skip("the collection of payloads is not here; the next test has payloads of our own")
    assert len(payloads) >= 74
    kinds: dict[str, int] = {}
    for name, payload in payloads.items():
        events = _read_as_its_receiver(payload)
        assert len(events) == _items(payload), name
        for event in events:
            kinds[event.event.kind] = kinds.get(event.event.kind, 0) + 1
            assert event.sender or event.event.kind in ("status", "unreadable"), name
    assert kinds["said"] >= 20
    assert kinds["tapped"] == 5
    assert kinds["status"] == 7
    assert kinds["moved"] == kinds["edited"] == kinds["deleted"] == 1


def test_our_own_payloads_of_every_kind_are_read_without_losing_an_item() -> None:
    here = town()
    fatima = here.cloud.person("Fatima")[0].value
    message, said = here.cloud.says(fatima, "hallo", location=Location(51.5, 4.4), voice=True, forwarded=True)
    updates = [
        said,
        here.cloud.says(fatima, "kijk", photo=b"\xff\xd8")[1],
        here.cloud.taps(fatima, "q1:1", "wamid.ours"),
        here.cloud.reacts(fatima, "👍", "wamid.ours"),
        here.cloud.edits(fatima, message, "hallo!"),
        here.cloud.deletes(fatima, message),
        here.cloud.status("wamid.ours", "delivered"),
        here.cloud.moves(fatima)[1],
    ]
    for update in updates:
        assert here.post(update).status_code == 200
    assert [each.event.kind for each in here.kept] == [
        *("said", "said", "said", "said", "tapped", "reacted", "edited", "deleted", "status", "moved"),
    ]
