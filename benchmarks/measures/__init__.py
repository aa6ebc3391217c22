"""The measures by their names, in the order of the page; a file here for each topic."""

from __future__ import annotations

from benchmarks.measures.alerts import ALERT, ANNOUNCEMENT, READING
from benchmarks.measures.country import COUNTRY
from benchmarks.measures.fanouts import BEHIND, HUNDREDS, KILLS, THOUSANDS, TOWN, UNPACED
from benchmarks.measures.hooks import HOOKS
from benchmarks.measures.memory import IDLE
from benchmarks.measures.pings import AIOGRAM, COMMANDS, NONEBOT2, PINGS
from benchmarks.measures.planned import ESCALATIONS, PATROLS, TIMERS
from benchmarks.measures.queued import QUEUED
from benchmarks.measuring import Measure

MEASURES: dict[str, Measure] = {
    "ping": PINGS,
    "aiogram": AIOGRAM,
    "nonebot": NONEBOT2,
    "commands": COMMANDS,
    "hooks": HOOKS,
    "fanout": UNPACED,
    "fanout200": HUNDREDS,
    "fanout2000": THOUSANDS,
    "fanout20000": TOWN,
    "kills": KILLS,
    "behind": BEHIND,
    "timers": TIMERS,
    "patrols": PATROLS,
    "escalations": ESCALATIONS,
    "reading": READING,
    "alert": ALERT,
    "announcement": ANNOUNCEMENT,
    "queued": QUEUED,
    "country": COUNTRY,
    "idle": IDLE,
}
