"""How it is run: what docs/running.md and the files beside it name is there, and takes what it is given."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from buurtwacht.cli import group

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "running"
#: A line that somebody types, a unit starts or a container runs.
_TYPED = re.compile(
    r"(?:^|[\s`(/\"])buurtwacht ((?:run|work|check|db|deliveries|members|timers)\b[^`\n;&|)]*)", re.MULTILINE
)
CONTAINERFILE = (FOLDER / "Containerfile").read_text()


def commands() -> list[str]:
    found = [
        words
        for file in (ROOT / "docs" / "running.md", *FOLDER.iterdir())
        for words in _TYPED.findall(file.read_text())
    ]
    listed = re.findall(r"^    command: \[(.*)\]", (FOLDER / "compose.yaml").read_text(), re.MULTILINE)
    return sorted({*found, *(one.replace(",", "") for one in listed)})


@pytest.mark.parametrize("typed", commands())
def test_every_command_is_there_and_takes_these_options(typed: str) -> None:
    words = shlex.split(typed.replace("$(date +%%Y%%m%%d-%%H%%M%%S)", "now").replace('"', "").replace("'", ""))
    command: click.Command | None = group
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        context = click.Context(command)
        known = command.get_command(context, words[0])
        if known is None and command is not group and command.invoke_without_command:
            break
        assert known is not None, typed
        command, _ = known, words.pop(0)
    options = {option for one in command.params if one.param_type_name == "option" for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= options, typed


def test_everything_is_named_that_stands_beside_the_page() -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    assert [one.name for one in FOLDER.iterdir() if one.name not in page] == []


def test_the_containerfile_copies_what_is_there_and_runs_as_nobody_in_particular() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert {"core", "adapters", "plugins", "pyproject.toml", "constraints.txt"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE) == ["python:3.12-slim"] * 2, "a plain name, no host"
    assert CONTAINERFILE.index("USER 10001") < CONTAINERFILE.index("ENTRYPOINT")
    assert '"buurtwacht"' in CONTAINERFILE.partition("ENTRYPOINT")[2]


def test_no_secret_stands_in_the_compose_file() -> None:
    compose = (FOLDER / "compose.yaml").read_text()
    secrets = re.findall(r"^ +\w*(?:KEY|PASSWORD|TOKEN)\w*: (.*)$", compose, re.MULTILINE)
    assert len(secrets) == 4
    assert all(one.startswith("${") and ":?" in one for one in secrets), "each is asked for, and must be given"
    assert "/healthz" in compose
    assert "pg_isready" in compose


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = tmp_path / "buurtwacht"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = []
    for file in FOLDER.glob("*.*"):
        if file.suffix in (".service", ".timer"):
            unit = tmp_path / file.name.replace("@", "@1")
            unit.write_text(file.read_text().replace("/opt/buurtwacht/.venv/bin/buurtwacht", str(program)))
            units.append(str(unit))
    assert len(units) == 4
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
