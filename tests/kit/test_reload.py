"""What is looked at while the demo waits for a change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from buurtwacht.kit.reload import look


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name in ("__init__.py", "locale/nl.po", "templates/page.html", "notes.md", "__pycache__/x.py", ".git/x.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("before")
    return tmp_path


def test_what_a_plugin_is_made_of_is_looked_at(package: Path) -> None:
    (package / "env").mkdir()
    (package / "env" / "pyvenv.cfg").touch()
    (package / "env" / "x.py").touch()
    seen = look([package])
    assert sorted(str(one.relative_to(package)) for one in seen) == [
        "__init__.py",
        "locale/nl.po",
        "templates/page.html",
    ]


def test_a_change_within_the_same_moment_is_seen(package: Path) -> None:
    """An editor writes beside the file and puts the new one in its place; both may be of the same size and second."""
    before = look([package])
    file = package / "__init__.py"
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    fresh = package / ".new"
    fresh.write_text("behind")
    fresh.replace(file)
    assert before[file][1] == file.stat().st_size
    assert look([package]) != before
    before = look([package])
    file.write_text("longer than before")
    os.utime(file, ns=times)
    assert look([package]) != before


def test_what_comes_and_goes_is_a_change(package: Path) -> None:
    settings = package.parent / "plugins.toml"
    before = look([package, settings])
    settings.write_text("")
    with_settings = look([package, settings])
    assert with_settings.keys() - before.keys() == {settings}
    (package / "locale" / "nl.po").unlink()
    assert with_settings.keys() - look([package, settings]).keys() == {package / "locale" / "nl.po"}
