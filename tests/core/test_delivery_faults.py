"""What a messenger does wrong, over the wire of both: each ends in a state, with a reason people understand."""

from __future__ import annotations

import pytest

from buurtwacht.records import overview
from buurtwacht.testing import World
from buurtwacht.testing.provider import FaultKind

#: By messenger and fault: how an urgent message ends within ten minutes, and the reason on record. What a window
#: keeps from free text goes as a template, so nothing is wrong with it; Telegram has no window.
ENDS: dict[str, dict[FaultKind, tuple[str, str]]] = {
    "telegram": {
        "unreachable": ("failed", "blocked"),
        "throttled": ("queued", "throttled"),
        "rejected": ("failed", "wrong_type_of_the_web_page_content"),
        "unavailable": ("queued", "server_trouble"),
        "ambiguous": ("unknown", "no_answer"),
    },
    "whatsapp": {
        "unreachable": ("failed", "undeliverable (131026)"),
        "window_closed": ("sent", ""),
        "throttled": ("queued", "too many to one person (131056)"),
        "rejected": ("failed", "parameter value refused (131009)"),
        "unavailable": ("queued", "service overloaded (131016)"),
        "ambiguous": ("unknown", "no_answer"),
    },
}


#: Whom his second messenger helps: not when the message itself is refused, nor when it may have arrived.
HELPED = ("unreachable", "throttled", "unavailable")


@pytest.mark.parametrize("messenger", list(ENDS))
def test_each_fault_ends_in_a_state_with_its_reason_and_the_second_messenger_where_it_helps(messenger: str) -> None:
    with World(wire=True) as world:
        world.at("2026-01-16 01:42")
        place = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        fatima = place.member("Fatima", channel="telegram")
        other = next(one for one in ENDS if one != messenger)
        for kind in ENDS[messenger]:
            world.refuse(place.member(kind, channel=messenger), kind)
            both = place.member(f"both {kind}", channels=[messenger, other])
            world.refuse(both, kind)
            for handle in both.handles[other]:
                world.messengers[other].provider.faults.pop(handle.value, None)
        fatima.says("inbraak gaande in de Meidoornstraat, twee mannen over de schutting")
        world.advance(minutes=10)
        running = world._running
        rows = overview.deliveries(running.database, running.clock.now(), thread="TB-0001")
        ended = {row["person"]: (row["state"], row["reason"], row["channel"]) for row in rows}
        assert {kind: ended[kind] for kind in ENDS[messenger]} == {
            kind: (state, reason, messenger) for kind, (state, reason) in ENDS[messenger].items()
        }
        helped = {kind: ended[f"both {kind}"] for kind in HELPED}
        assert {(state, channel) for state, _, channel in helped.values()} <= {("sent", other), ("delivered", other)}
