"""`plugins new`: what it writes is a whole plugin, installs, and passes its own tests and every check."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded

ROOT = Path(__file__).parents[2]
TOWN = '[plugins.members]\n\n[plugins.{}]\ndays = 5\n\n[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\n'
#: The longest name and title there can be, so that no line of a template grows too long for the formatter.
LONGEST = ("straatfeest_in_de_meidoornstraa", "Straatfeest in de Meidoornstraat (& co.)")


def new(*arguments: str) -> int:
    return run_guarded(group, ["plugins", "new", *arguments])


def python(*arguments: str, cwd: Path, status: int = 0) -> str:
    """Run a module in a process of its own, as its author does; return what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "BUURTWACHT_"))}
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, env=kept, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def installed(folder: Path, entry: str, kind: str = "plugins") -> None:
    """Leave beside the package what pip leaves, so that it is found wherever its folder is on the path."""
    info = folder / f"buurtwacht_{folder.name}-0.1.0.dist-info"
    info.mkdir()
    distribution = f"buurtwacht-{folder.name.replace('_', '-')}"
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[buurtwacht.{kind}]\n{folder.name} = {entry}\n")


def module_in(folder: Path) -> str:
    return next(one.parent.name for one in folder.glob("*/__init__.py") if one.parent.name != "tests")


@pytest.mark.parametrize(
    ("name", "title", "which", "count"),
    # over the wire only once: it takes its time, and a name makes no difference to it
    [("lost_pets", "", "", 9), ("a2", "Buren & A2", "memory", 4), (*LONGEST, "migrations", 1)],
)
def test_what_is_written_passes_its_own_tests_and_every_check(
    name: str, title: str, which: str, count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(name, "--into", str(tmp_path), *(["--name", title] if title else [])) == 0
    folder = tmp_path / name
    told = capsys.readouterr().out
    assert f"cd {folder}\n" in told
    code = [one for one in folder.rglob("*.py") if not {"tests", "migrations"} & set(one.parts)]
    assert sum(len(one.read_text().splitlines()) for one in code) <= 120, "R52"
    assert f"{count} passed" in python("pytest", "-p", "no:cacheprovider", "-k", which, cwd=folder)
    python("ruff", "check", "--no-cache", cwd=folder)
    python("ruff", "format", "--check", "--no-cache", cwd=folder)
    assert "is in order" in python("buurtwacht", "plugins", "check", ".", cwd=folder)
    installed(folder, module_in(folder))
    (folder / "plugins.toml").write_text(TOWN.format(name))
    checked = python("buurtwacht", "check", cwd=folder)
    assert f"{title or 'Lost pets'} 0.1.0" in checked
    assert "lacks" not in checked


def test_a_channel_installs_and_judges_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, title = LONGEST  # docs/plugins/channel.md is one of a usual name, and its tests are run
    assert new(name, "--channel", "--into", str(tmp_path), "--name", title) == 0
    folder = tmp_path / name
    assert f"[channels.{name}] in plugins.toml" in capsys.readouterr().out
    python("ruff", "check", "--no-cache", cwd=folder)
    python("ruff", "format", "--check", "--no-cache", cwd=folder)
    assert "is in order" in python("buurtwacht", "plugins", "check", ".", cwd=folder)
    installed(folder, f"{module_in(folder)}:adapter", "channels")
    (folder / "plugins.toml").write_text(f'[channels.{name}]\ntoken = "t"\nspeed = 3\n')
    checked = python("buurtwacht", "check", cwd=folder, status=2)
    assert f"channels.{name}.speed: is not a setting of this channel (remove it" in checked
    assert f"channels.{name}.secret: is missing" in checked


def test_an_entry_point_that_names_the_module_and_no_adapter_is_said(tmp_path: Path) -> None:
    new("gateway", "--channel", "--into", str(tmp_path))
    folder = tmp_path / "gateway"
    installed(folder, "buurtwacht_gateway", "channels")
    (folder / "plugins.toml").write_text("[channels.gateway]\n")
    checked = python("buurtwacht", "check", cwd=folder, status=2)
    assert "channels.gateway: its entry point names buurtwacht_gateway, which is no adapter (name the object" in checked


def test_what_is_written_is_typed(tmp_path: Path) -> None:
    for arguments in (["straatfeest"], ["gateway", "--channel"]):
        new(*arguments, "--into", str(tmp_path))
        python("mypy", "--cache-dir", str(tmp_path / "cache"), cwd=tmp_path / arguments[0])


def test_its_migration_is_the_one_that_is_drafted(tmp_path: Path) -> None:
    new("straatfeest", "--into", str(tmp_path))
    folder = tmp_path / "straatfeest"
    shown = folder / "buurtwacht_straatfeest/migrations/versions/0001_call.py"
    expected = shown.read_text()
    shown.unlink()
    script = "import buurtwacht_straatfeest as it, buurtwacht.testing as kit; print(kit.draft(it), end='')"
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    shown.write_text(done.stdout)
    python("ruff", "format", "--no-cache", "-q", str(shown), cwd=folder)
    assert shown.read_text() == expected


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Lost-Pets"], "Lost-Pets: is no name for a package (write at most 40 of a-z"),
        (["a" * 41], "a: is no name for a package"),
        (["core"], "core: is the core itself"),
        (["media"], "media: is what tables of the core or the database are called (give it another id"),
        (["alembic"], "alembic: is what tables"),
        (["pets", "--name", 'Say "pets"'], "is no name for people to read (write at most 40 letters"),
        (["pets", "--name", "{pets}"], "is no name for people to read"),
        (["telegram", "--channel"], "telegram: is a channel of buurtwacht already (choose another name)"),
        (["alerts"], ""),
    ],
)
def test_a_name_that_will_not_do_is_refused_with_its_mend(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = new(*arguments, "--into", str(tmp_path / "here"))
    read = capsys.readouterr()
    if told:
        assert (status, (tmp_path / "here").exists()) == (2, False)
        assert told in read.err
    else:  # that of a built-in one is taken, and said: such a plugin takes its place
        assert status == 0
        assert "it takes the place of alerts from buurtwacht" in read.out
        assert (tmp_path / "here/alerts/alerts/__init__.py").exists(), "the module buurtwacht_alerts is there already"


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pets").mkdir()
    assert new("pets", "--into", str(tmp_path)) == 2
    assert (
        "pets: is there already (choose another name, another place (--into), or remove it)" in capsys.readouterr().err
    )
    assert list((tmp_path / "pets").iterdir()) == []
