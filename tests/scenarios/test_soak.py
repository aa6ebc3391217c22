"""A town under load and faults, as chance decides: nothing lost, nothing doubled in silence, nothing that grows.

`make test` lives through a short one; SOAK_MINUTES, which `make soak` sets, makes it long, and BUURTWACHT_SEED plays
one again.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import click
import pytest

from buurtwacht.records.keys import new_key

from .soak import play

MINUTES = float(os.environ.get("SOAK_MINUTES") or "0")
SEED = int(os.environ.get("BUURTWACHT_SEED") or "0") or (random.SystemRandom().randrange(1, 10**6) if MINUTES else 7)
#: Seconds of the short one.
SHORT = 15.0
KINDS = ["sqlite", "postgresql"] if MINUTES else ["sqlite"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_town_under_load_and_faults(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTWACHT_KEY", new_key())
    found = play(kind, tmp_path, MINUTES * 60 or SHORT, SEED)
    told = f"BUURTWACHT_SEED={SEED} on {kind}\n{found.told()}"
    click.echo(f"\n{told}")
    assert not found.wrong, told
