"""Killed at moments that a seed decides, nobody is missed, and what is doubled or unknown was in flight and is counted.

A short series; `make kills` plays the full one. `BUURTWACHT_SEED` plays a series again, `BUURTWACHT_KILLS` says how
many moments in fan-outs it has.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import click
import pytest

from buurtwacht.records.keys import new_key
from buurtwacht.testing import postgres

from .doomed import Ground
from .kills import HEAD, SHORT, line, play, series

SEED = int(os.environ.get("BUURTWACHT_SEED") or "0") or random.SystemRandom().randrange(1, 1_000_000)
#: So many moments in fan-outs; 0: the short series of `make test`.
FULL = int(os.environ.get("BUURTWACHT_KILLS", "0"))


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_nobody_is_missed_wherever_it_is_killed(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())
    if kind == "postgresql":
        postgres.address()
    rounds = series(FULL, max(1, FULL // 10)) if FULL else SHORT[kind]
    click.echo(f"\nBUURTWACHT_SEED={SEED}\n{HEAD}")
    tolls = play(Ground(kind, tmp_path), rounds, SEED, lambda toll: click.echo(line(kind, toll)))
    wrong = [line(kind, one) for one in tolls if one.wrong]
    assert not wrong, "\n".join([f"BUURTWACHT_SEED={SEED}", HEAD, *wrong])
