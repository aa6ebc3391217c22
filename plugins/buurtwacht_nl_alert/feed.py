"""The public NL-Alert feed: `{"data": [{"id", "message", "start_at", "stop_at", "area"}]}`, read and checked.

A feed that says anything else is unknown, and never "no danger": such an answer raises `Unavailable`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from buurtwacht import Item, Outside, Unavailable
from buurtwacht_nl_alert.areas import Polygon
from buurtwacht_nl_alert.settings import Settings

#: Between the Dutch and the English words of one message.
_LANGUAGES = "***"


class _Entry(BaseModel):
    """One warning as the feed has it; what we do not use is left alone."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1, max_length=100)
    message: str = Field(min_length=1, max_length=4000)
    start_at: AwareDatetime
    stop_at: AwareDatetime | None = None
    area: list[str] = Field(default=[], max_length=100)


class _Answer(BaseModel):
    data: list[_Entry]


async def fetch(outside: Outside, settings: Settings) -> Sequence[Item]:
    """Return every warning that the feed has now. Raises `Unavailable`."""
    answer = await outside.json(settings.url)
    try:
        found = _Answer.model_validate(answer)
        return [Item(one.id, _facts(one)) for one in found.data]
    except (ValidationError, ValueError) as wrong:
        raise Unavailable("it says something else than warnings") from wrong


def _facts(entry: _Entry) -> dict[str, Any]:
    for polygon in entry.area:
        Polygon.parse(polygon)
    words = " / ".join(part for one in entry.message.split(_LANGUAGES) if (part := " ".join(one.split())))
    stop: datetime | None = entry.stop_at
    return {
        "words": words,
        "start": entry.start_at.isoformat(),
        "stop": stop.isoformat() if stop is not None else None,
        "area": entry.area,
    }
