"""What the core refuses of a plugin, said with the line where it stands."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

import pytest

from buurtwacht import demo
from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded
from buurtwacht.kit import trying
from buurtwacht.kit.trying import Broken

from ..docs.page import install
from .packages import EN, MAIN, NL, ORDERLY

#: By file what takes the place of what.
Changed: TypeAlias = Mapping[str, tuple[str, str]]
Town: TypeAlias = Callable[[Changed], str]

TOWN = '[plugins.alerts]\n[plugins.members]\n[plugins.pets]\n[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\n'
CASES = [
    # the words of a catalogue
    ({NL: ("hond zoek", "melding")}, rf"{NL}:\d+: plugins \w+ and \w+: both have the command \"melding\" \(.*\)"),
    ({EN: ("dog gone", "dog gone, brand")}, rf"{EN}:\d+: plugins alerts and pets: the command \"brand\" of pets .*"),
    # those of the code, where no catalogue has any
    (
        {MAIN: ('Command("lostdog", report)', 'Command("lostdog", report), Command("melding", report)')},
        rf"{MAIN}:\d+: plugins \w+ and \w+: both have the command \"melding\" \(.*\)",
    ),
    # what is about the manifest
    ({MAIN: ('version="1.0"', 'version="1.0", needs_core="99"')}, rf"{MAIN}:\d+: plugin pets: needs .*99.*"),
]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Write the plugin with some of its text replaced, into a town that has it on; return its folder."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plugins.toml").write_text(TOWN)

    def written(changed: Changed) -> str:
        files = {name: dedent(text) for name, text in ORDERLY.items()}
        for name, (before, after) in changed.items():
            assert before in files[name]
            files[name] = files[name].replace(before, after)
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        install(tmp_path, "strays_pets", "pets")
        importlib.invalidate_caches()
        return str(tmp_path)

    return written


def test_the_line_is_that_of_the_words(town: Town) -> None:
    folder = town(CASES[0][0])
    with pytest.raises(Broken) as refused, demo.town(0, [trying.take(folder)]):
        pass
    [fault] = refused.value.faults
    file, _, line = fault.where.rpartition(":")
    assert Path(folder, file).read_text().splitlines()[int(line) - 1] == 'msgid "command.lostdog.words"'


@pytest.mark.parametrize(("changed", "sentence"), CASES)
def test_the_demo_says_it(town: Town, changed: Changed, sentence: str) -> None:
    with pytest.raises(Broken) as refused, demo.town(0, [trying.take(town(changed))]):
        pass
    [fault] = refused.value.faults
    assert re.fullmatch(sentence, str(fault))


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize(("changed", "sentence"), CASES)
def test_check_and_run_say_it(
    town: Town,
    changed: Changed,
    sentence: str,
    command: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    town(changed)
    assert run_guarded(group, [command]) == 2
    assert re.search(f"^{sentence}$", capsys.readouterr().err, re.MULTILINE)
