"""Every measure still runs: as little of it as shows that. Its figures mean nothing here, and decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import page
from benchmarks.measures import MEASURES
from benchmarks.measuring import Plan, Row, compared, limited, micro
from benchmarks.page import Run


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_runs(name: str) -> None:
    rows = MEASURES[name].rows(Plan(turns=1, tiny=True))
    assert all(row.ratio >= 0 for row in rows)
    # peers that are not installed here are left out; nothing is installed for a test
    assert rows or name in ("aiogram", "nonebot")


def test_a_run_replaces_its_own_rows_and_keeps_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    monkeypatch.setattr(page, "KEPT", tmp_path / "performance.json")
    first, second = list(MEASURES)[:2]
    old = {name: Run(name, "2026-01-01", "a machine", (0.1, 0.2), (_row(name),)) for name in (first, second)}
    page.write(old, MEASURES)
    again = {**page.read(tmp_path / "performance.json"), second: page.new_run(second, 0.5, [_row("measured again")])}
    page.write(again, MEASURES)
    kept = page.read(tmp_path / "performance.json")
    assert kept[first] == old[first]
    assert [row.what for row in kept[second].rows] == ["measured again"]
    written = (tmp_path / "performance.md").read_text()
    assert "2026-01-01 A" in written
    assert "measured again" in written


def test_a_row_tells_its_spread() -> None:
    row = compared("a", [1.0, 2.0, 4.0], [1.0, 1.0, 1.0], micro, "")
    assert (row.ratio, row.spread) == (2.0, (1.0, 4.0))
    assert limited("a", [1.0, 3.0, 2.0], 4.0, micro).spread == (0.25, 0.75)


def _row(what: str) -> Row:
    return Row(what, "1 s", "2 s", 0.5, "", (0.4, 0.6))
