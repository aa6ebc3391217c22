"""A plugin that blocks where it asks outside, in a real process: neighbours are told on time, and it ends on time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from .test_process import TOKEN, alarms, people, report, telegram_table
from .town_process import Town, free_port, telegram, until

#: Seconds are made few in its process: nobody waits half a minute here.
SLUGGISH = """
import time
from datetime import timedelta
from buurtwacht import Manifest, Source, hookimpl
from buurtwacht.edge import outside

outside.BLOCKED_SECONDS = 1.0
manifest = Manifest(id="sluggish", name="Slak", version="1", permissions=frozenset({"outside"}))

async def fetch(outside, settings):
    time.sleep(600)
    return []

def heard(ctx, key):
    pass

def state(ctx, known, since):
    pass

@hookimpl
def sources():
    return [Source(name, fetch, heard, state, every=timedelta(seconds=10)) for name in ("one", "two")]
"""


def test_neighbours_are_told_on_time_and_a_stop_waits_for_nobody_who_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sluggish.py").write_text(SLUGGISH)
    info = tmp_path / "sluggish-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sluggish\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[buurtwacht.plugins]\nsluggish = sluggish\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    town = Town(tmp_path, free_port())
    with telegram("--token", TOKEN) as messenger:
        fatima, chats, rows = people(messenger, 5)
        town.write(telegram_table(messenger), "[plugins.sluggish]")
        town.members(rows)
        with town.running() as process:
            until(lambda: sum("plugin failed" in one for one in process.lines) == 2, "the culprit to be named")
            assert all(
                '"sluggish"' in one and "sluggish.py:11" in one for one in process.lines if "plugin failed" in one
            )
            report(messenger, fatima)
            until(lambda: set(chats) <= alarms(messenger).keys(), "neighbours to be told", seconds=10)
            began = time.monotonic()
            assert process.stop() == 0
            assert time.monotonic() - began < 10
