"""The page that makes a channel: its blocks are the files that `plugins new --channel` writes, and they pass."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from buurtwacht import Capabilities, DeliveryError
from buurtwacht.assembly import load_settings
from buurtwacht.kit import scaffold
from buurtwacht.vocabulary.errors import Needless

PAGE = (Path(__file__).parents[2] / "docs/plugins/channel.md").read_text(encoding="utf-8")
_FILE = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILES = dict(_FILE.findall(PAGE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The package as it stands on the page, and nothing else."""
    for path, content in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return tmp_path


def outcome(folder: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "BUURTWACHT_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_shows_what_is_written(tmp_path: Path) -> None:
    written = scaffold.write(scaffold.names("gateway", kind="channel"), tmp_path)
    asides = {"README.md", ".gitignore"}
    files = {str(one.relative_to(written)): one.read_text() for one in written.rglob("*") if one.is_file()}
    assert {path: text for path, text in files.items() if path not in asides} == FILES


def test_the_package_of_the_page_does_what_every_channel_must(folder: Path) -> None:
    assert "$ python -m pytest\n41 passed\n" in PAGE
    assert "41 passed" in outcome(folder)


def test_without_buttons_the_same_tests_pass(folder: Path) -> None:
    file = folder / "buurtwacht_gateway/__init__.py"
    kept = [
        line for line in file.read_text().splitlines() if not line.lstrip().startswith(("buttons=", "button_title="))
    ]
    assert len(kept) == len(file.read_text().splitlines()) - 2
    file.write_text("\n".join(kept))
    assert "41 passed" in outcome(folder)


def test_its_table_is_the_one_of_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = next(one for one in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[channels.gateway]" in one)
    (folder / "plugins.toml").write_text(table)
    entries = tomllib.loads(FILES["pyproject.toml"])["project"]["entry-points"]["buurtwacht.channels"]
    installed = folder / "buurtwacht_gateway-0.1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: buurtwacht-gateway\nVersion: 0.1.0\n")
    lines = [f"{name} = {value}" for name, value in entries.items()]
    (installed / "entry_points.txt").write_text("\n".join(["[buurtwacht.channels]", *lines]))
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    exported = dict(re.findall(r"^\$ export (\w+)=(\S+)$", PAGE, re.MULTILINE))
    settings, _ = load_settings(folder / "plugins.toml", exported)
    assert settings.channels["gateway"].adapter == "gateway"


def test_every_error_and_every_capability_is_explained() -> None:
    errors = {one.__name__ for one in DeliveryError.__subclasses__() if one is not Needless}  # the core's own
    assert set(re.findall(r"^\| `(\w+)(?:\(.*?\))?` \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE)) == errors
    said = set(re.findall(r"`(\w+)`", PAGE.partition("## What it can do")[2].partition("**Pace**")[0]))
    assert {one.name for one in fields(Capabilities)} <= said


def test_what_is_shown_of_polling_is_python() -> None:
    shown = re.findall(r"\n\n```python\n(async def receive.*?)```", PAGE, re.DOTALL)
    assert [ast.parse(one).body[0].__class__ for one in shown] == [ast.AsyncFunctionDef]
