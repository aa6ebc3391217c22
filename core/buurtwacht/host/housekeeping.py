"""Housekeeping: the tables of the core are swept, but for what plugins say is still going on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from buurtwacht.host.context import Context
from buurtwacht.host.erasures import try_again
from buurtwacht.host.in_time import PATIENTLY, Question
from buurtwacht.host.pauses import take_up
from buurtwacht.records import sweeping
from buurtwacht.records.database import Unit
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


def sweep(core: Core, now: datetime) -> sweeping.SweepReport:
    """Take away all whose time is over; who was shown what is still going on stays on record until it ends.

    What waits for a plugin which is on again is let go: it was put aside while that was switched on, or resumed. What a
    plugin could not erase it is told again.
    """
    take_up(core)
    try_again(core)
    return sweeping.sweep(core.database, now, still_open=_still_open(core))


def _still_open(core: Core) -> list[int]:
    questions = [
        Question(plugin, "still_open", partial(_asked, core, plugin, still_open))
        for plugin, still_open in core.plugins.implementations("still_open")
    ]
    answers = core.in_time.ask(questions, PATIENTLY)
    return [one.record for plugin, threads in answers for one in threads or () if one.plugin == plugin]


def _asked(core: Core, plugin: str, still_open: Callable[..., Collection[Thread]], unit: Unit) -> list[Thread]:
    return list(still_open(ctx=Context(core, plugin, unit)) or ())
