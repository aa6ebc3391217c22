"""What the plugin keeps of NL-Alert: what was said, until when, and what was made of it here."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import MessageId, Record


class Warning(Record, plugin="nl_alert", unique=(("key",),)):
    """One NL-Alert, as the feed had it last. `key` is the feed's own; `stop` is None while no end was said."""

    key: str
    words: str
    start: datetime
    stop: datetime | None
    #: "latitude,longitude latitude,longitude …", one for each polygon
    area: list[str]
    #: the neighbourhoods that were told, each with the message it was told with
    told: dict[str, MessageId]
    ended: bool = False
