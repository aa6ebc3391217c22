"""The stand-in refuses what Meta refuses; asked here without the adapter, which would not even ask."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from buurtwacht import (
    AccountSettings,
    Ambiguous,
    DeliveryError,
    Handle,
    Rejected,
    Status,
    Tapped,
    TemplateUse,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.testing.provider import Fault, FaultKind
from buurtwacht_whatsapp import adapter
from buurtwacht_whatsapp.stand_in import NUMBER_ID, TOKEN, CloudApi
from buurtwacht_whatsapp.stand_in.__main__ import serve

from .whatsapp_kit import NIGHT, message, run, town


def code(payload: dict[str, object]) -> int:
    """Return Meta's code for a message to an open conversation, 0 when it is taken."""
    cloud = CloudApi("whatsapp", lambda: NIGHT)
    user, phone = cloud.person("Henk")
    cloud.opens(user.value)
    whole = {"messaging_product": "whatsapp", "to": phone.value, **payload}

    async def ask() -> httpx.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        transport = httpx.ASGITransport(cloud.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://graph.test", headers=headers) as client:
            return await client.post(f"/v26.0/{NUMBER_ID}/messages", json=whole)

    answer = run(ask())
    return 0 if answer.status_code == 200 else int(answer.json()["error"]["code"])


def text(body: str) -> dict[str, object]:
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, body: str = "Klopt dit?") -> dict[str, object]:
    replies = [{"type": "reply", "reply": {"id": f"q{n}", "title": title}} for n, title in enumerate(titles)]
    content = {"type": "button", "body": {"text": body}, "action": {"buttons": replies}}
    return {"type": "interactive", "interactive": content}


def rows(*titles: str, button: str = "Antwoorden", header: object = None) -> dict[str, object]:
    listed = [{"id": f"q{n}", "title": title} for n, title in enumerate(titles)]
    content = {
        "type": "list",
        "body": {"text": "Wie belt 112?"},
        "action": {"button": button, "sections": [{"rows": listed}]},
    }
    return {"type": "interactive", "interactive": content if header is None else {**content, "header": header}}


def template(*values: str) -> dict[str, object]:
    parameters = [{"type": "text", "text": value} for value in values]
    content = {"name": "buurtwacht_x", "language": {"code": "nl"}}
    return {
        "type": "template",
        "template": {**content, "components": [{"type": "body", "parameters": parameters}]},
    }


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (text("x" * 4096), 0),
        (text("x" * 4097), 131009),
        (text(""), 131009),
        (buttons("Ja", "Nee", "Weet niet"), 0),
        (buttons("Ja", "Nee", "Weet niet", "Later"), 131009),
        (buttons("x" * 20), 0),
        (buttons("x" * 21), 131009),
        (buttons("Ja", "Ja"), 131009),
        (buttons("Ja", body="x" * 1025), 131009),
        (rows(*(f"Keuze {n}" for n in range(10))), 0),
        (rows(*(f"Keuze {n}" for n in range(11))), 131009),
        (rows("x" * 25), 131009),
        (rows("Ja", button="x" * 21), 131009),
        (rows("Ja", header={"type": "image", "image": {"id": "1"}}), 131009),
        (template("een", "twee"), 0),
        (template("een\ntwee"), 132018),
        (template("een\ttwee"), 132018),
        (template("een     twee"), 132018),
        (template(""), 131008),
        ({"type": "image", "image": {"id": "nowhere"}}, 131053),
        ({"type": "location", "location": {"latitude": 91, "longitude": 4}}, 131009),
        ({"type": "hologram"}, 131051),
        ({**text("x"), "recipient_type": "group"}, 131215),
        ({**text("x"), "to": "Y2FwaV9ncm91cDox"}, 131009),
        ({**text("x"), "to": "+31699999999"}, 131026),
        ({**text("x"), "biz_opaque_callback_data": "x" * 513}, 131009),
    ],
)
def test_the_limits_of_meta(payload: dict[str, object], expected: int) -> None:
    assert code(payload) == expected


def test_the_window_is_open_for_24_hours_after_each_message_of_the_person() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    with pytest.raises(WindowClosed):
        here.send(message(henk))
    here.post(here.cloud.says(henk[0].value, "hoi")[1])
    here.later(hours=23, minutes=59)
    here.send(message(henk))
    here.later(minutes=1)
    with pytest.raises(WindowClosed):
        here.send(message(henk))
    here.cloud.opens(henk[1].value)
    here.send(message(henk))
    here.cloud.closes(henk[1].value)
    with pytest.raises(WindowClosed):
        here.send(message(henk))


def test_forty_five_at_once_and_then_one_every_six_seconds() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    for _ in range(45):
        here.send(message(henk))
    with pytest.raises(Throttled) as caught:
        here.send(message(henk))
    assert caught.value.scope == "recipient"
    here.later(seconds=6)
    here.send(message(henk))
    with pytest.raises(Throttled):
        here.send(message(henk))
    assert len(here.cloud.complaints) == 2


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("unreachable", Unreachable),
        ("window_closed", WindowClosed),
        ("throttled", Throttled),
        ("rejected", Rejected),
        ("unavailable", Unavailable),
        ("ambiguous", Ambiguous),
    ],
)
def test_each_fault_of_the_test_kit(kind: FaultKind, error: type[DeliveryError]) -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.cloud.faults[henk[0].value] = Fault(kind)
    with pytest.raises(error):
        here.send(message(henk))
    assert not here.cloud.seen
    assert not here.cloud.complaints
    del here.cloud.faults[henk[0].value]
    here.send(message(henk))


def test_a_closed_window_lets_templates_through() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.faults[henk[0].value] = Fault("window_closed")
    here.send(message(henk, template=TemplateUse("buurtwacht_alert", "nl", ("x",))))
    assert here.cloud.seen[0].template == "buurtwacht_alert"


def test_an_ambiguous_answer_may_have_been_delivered() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    here.cloud.faults[henk[1].value] = Fault("ambiguous")
    here.cloud.ambiguous_delivers = True
    with pytest.raises(Ambiguous):
        here.send(message(henk))
    assert here.cloud.seen[0].delivery == 17


def test_who_blocks_us_cannot_be_reached_and_nobody_tells_us() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    assert here.cloud.blocks(henk[0].value, True) is None
    with pytest.raises(Unreachable):
        here.send(message(henk))
    here.cloud.blocks(henk[0].value, False)
    here.send(message(henk))


def test_a_tap_names_the_kind_of_message_it_was_on() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    use = TemplateUse("buurtwacht_alert", "nl", ())
    wamid = here.send(message(henk, template=use))
    update = here.cloud.taps(henk[0].value, "q1:1", wamid)
    assert b'"button"' in update.body
    here.post(update)
    assert isinstance(here.kept[0].event, Tapped)
    assert here.kept[0].event.on == wamid


def test_receipts_bring_the_delivery_back_one_by_one_and_together() -> None:
    here = town()
    henk = here.cloud.person("Henk")
    here.cloud.opens(henk[0].value)
    first = here.send(message(henk))
    second = here.send(message(henk, delivery=18))
    here.post(here.cloud.status(first, "delivered"))
    here.post(here.cloud.statuses("read"))
    assert [each.event for each in here.kept] == [
        Status(first, "delivered", 17),
        Status(first, "read", 17),
        Status(second, "read", 18),
    ]


def test_whatsapp_groups_are_not_offered() -> None:
    here = town()
    with pytest.raises(NotImplementedError):
        here.cloud.group("Tolberg")
    with pytest.raises(NotImplementedError):
        here.cloud.says(here.cloud.person("Henk")[0].value, "x", group="g")


def test_two_accounts_have_other_people() -> None:
    numbers = [CloudApi(account, lambda: NIGHT).person("Henk") for account in ("whatsapp", "north")]
    assert not set(numbers[0]) & set(numbers[1])
    assert numbers[0] == CloudApi("whatsapp", lambda: NIGHT).person("Fatima")


@contextmanager
def running(cloud: CloudApi) -> Iterator[str]:
    """Run a stand-in on loopback and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = serve(cloud, listener)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield cloud.api_url
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def test_over_a_real_socket() -> None:
    cloud = CloudApi("whatsapp", lambda: NIGHT)
    with running(cloud) as address:
        with httpx.Client(base_url=address) as desk:
            handles = desk.post("/_stand_in/people", json={"name": "Henk"}).json()
            henk = tuple(Handle(each["kind"], each["value"]) for each in handles)
            desk.post("/_stand_in/opens", json={"person": henk[0].value})
            table = desk.get("/_stand_in/settings").json()
        channel = adapter.open(AccountSettings("whatsapp", table))

        async def story() -> None:
            await channel.start()
            await channel.send(message(henk, "Let op"))
            cloud.faults[henk[0].value] = Fault("ambiguous")
            with pytest.raises(Ambiguous):
                await channel.send(message(henk, "Let op"))
            await channel.close()

        run(story())
        seen = httpx.get(f"{address}/_stand_in/seen").json()
    assert [(each["text"], each["delivery"]) for each in seen] == [("Let op", 17)]


def test_a_server_that_is_gone_took_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    options = {**CloudApi("whatsapp", lambda: NIGHT).settings(), "api_url": f"http://127.0.0.1:{port}"}
    channel = adapter.open(AccountSettings("whatsapp", options))

    async def story() -> None:
        with pytest.raises(Unavailable):
            await channel.send(message((Handle("phone", "+31612345678"),)))
        await channel.close()

    run(story())
