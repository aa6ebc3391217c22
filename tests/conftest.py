"""For all tests: a timing never decides one. And which stories are told on PostgreSQL too."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("town", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("town")

#: Told on PostgreSQL in whole: races, crashes, digests, whole neighbourhoods at once, erasure, what is imported.
#: There and here a story goes the same way but for what the database does; so of the others it is told the first few.
_WHOLE = frozenset(
    (
        "test_world",
        "test_alerting_reach",
        "test_alerting_same_minute",
        "test_announcements_passing",
        "test_announcements_sending",
        "test_digest",
        "test_escalation_ladder",
        "test_escalation_life",
        "test_feeds",
        "test_feeds_process",
        "test_imported",
        "test_joining",
        "test_leaving",
        "test_officials_apart",
        "test_officials_edges",
        "test_open_for_long",
        "test_own_settings",
        "test_patrols_calendar",
        "test_removals",
        "test_rounds_leaving",
        "test_rounds_trading",
        "test_still_open",
    )
)
_OF_OTHERS = 3
#: Real processes take their time: begun last, they would keep one core busy after all others are done.
_FIRST = frozenset(("test_kills", "test_soak", "test_storage", "test_fleet", "test_process", "test_feeds_process"))


@pytest.fixture(autouse=True)
def nothing_imported_stays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a test imports from its folder is gone with the folder: the next one of that name finds none of it."""
    path, known = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    here = str(tmp_path_factory.getbasetemp())
    for name in sys.modules.keys() - known:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(here):
            del sys.modules[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to tell only what a database can make a difference to."""
    parser.addoption(
        "--database-matters", action="store_true", help="only stories, in memory, to which the database may matter"
    )


@pytest.hookimpl(trylast=True)  # of what -k and -m left
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest. Where only the database matters, leave out what goes over the wire, which does
    not reach it, what hypothesis tries, which makes a world for each example, and most stories of other files.
    """
    items.sort(key=lambda one: one.path.stem not in _FIRST)
    if not config.getoption("--database-matters"):
        return
    here = {one.path.stem for one in items}
    if lost := _WHOLE - here:
        raise pytest.UsageError(f"no stories are in {', '.join(sorted(lost))}: see {Path(__file__).name}")
    told: dict[str, set[str]] = {}
    chosen = []
    for one in items:
        row = one.callspec.id if isinstance(one, pytest.Function) and hasattr(one, "callspec") else ""
        if "wire" in row.split("-") or getattr(getattr(one, "obj", None), "is_hypothesis_test", False):
            continue
        story = one.name.partition("[")[0]
        known = told.setdefault(one.path.stem, set())
        is_next = story not in known and len(known) < _OF_OTHERS
        if one.path.stem in _WHOLE or is_next or "crash" in story:
            known.add(story)
            chosen.append(one)
    config.hook.pytest_deselected(items=[one for one in items if one not in set(chosen)])
    items[:] = chosen


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking for garbage in it, again and again, takes a tenth of the time."""
    gc.collect()
    gc.freeze()
