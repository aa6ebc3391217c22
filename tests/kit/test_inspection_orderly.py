"""What is in order passes without a finding: what is built in, a small package, and what `plugins new` writes."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.kit.inspection import inspect
from buurtwacht.kit.package import GROUPS, OURS, Package

from .packages import CHANNEL, Inspected, codes

BUILT_IN = sorted(
    one.name for kind in GROUPS for one in entry_points(group=kind) if one.dist is not None and one.dist.name == OURS
)


def test_a_small_package_in_order(inspected: Inspected) -> None:
    assert inspected() == []


def test_a_small_channel_in_order(inspected: Inspected) -> None:
    assert inspected(base=CHANNEL) == []


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_built_in(name: str) -> None:
    assert [str(one) for one in inspect(Package.find(name)) if not one.allowed] == []


@pytest.mark.parametrize(("arguments", "name"), [((), "street_party"), (("--channel",), "gateway")])
def test_what_plugins_new_writes(
    arguments: tuple[str, ...], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_guarded(group, ["plugins", "new", *arguments, name]) == 0
    assert codes(inspect(Package.find(str(tmp_path / name)))) == []
