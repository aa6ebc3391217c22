"""A broadcast calls for its expansion once it is kept; nothing else does."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from buurtwacht.records import outbox
from buurtwacht.records.audience import Audience
from buurtwacht.testing.stores import VARIABLE, store
from buurtwacht.vocabulary.messages import Message, Severity, Text

NOW = datetime(2026, 1, 16, 1, 42, tzinfo=UTC)


def test_only_a_broadcast_that_is_kept_calls_for_its_expansion() -> None:
    kept = store(os.environ.get(VARIABLE) or "sqlite", [])
    database = kept.open()
    calls: list[str] = []
    database.broadcast = lambda: calls.append("expand")
    hello = Message(Text("hello"))
    reply, broadcast, dropped = (database.unit() for _ in range(3))
    outbox.post(reply, hello, plugin="core", severity=Severity.NOTICE, now=NOW)
    reply.commit()
    assert calls == []
    for unit in (broadcast, dropped):
        outbox.post(unit, hello, plugin="core", severity=Severity.NOTICE, now=NOW, audience=Audience((1,)))
    dropped.close()
    assert calls == []
    broadcast.commit()
    assert calls == ["expand"]
    database.close()
    kept.drop()
