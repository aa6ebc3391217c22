"""The short plugin that the README prints, from which the examples of the reference go on."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
WORDS = {
    "nl": {
        "command.lostpet.words": "huisdier zoek",
        "command.lostpet.help": "laat weten dat je een dier zoekt",
        "command.lostpet.example": "huisdier zoek rode kater",
        "lost": "Gezocht: {description}",
        "expired": "De zoektocht is gesloten.",
    },
    "en": {
        "command.lostpet.words": "pet gone",
        "command.lostpet.help": "tell that you are looking for a pet",
        "command.lostpet.example": "pet gone red tomcat",
        "lost": "Lost: {description}",
        "expired": "The search is closed.",
    },
}


@pytest.fixture
def printed() -> tuple[str, str]:
    """The plugin of the README, and its test."""
    found = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return found[0], found[1]


@pytest.fixture
def pets(tmp_path: Path, printed: tuple[str, str]) -> Iterator[ModuleType]:
    """That plugin, with a catalogue of both languages."""
    (tmp_path / "locale").mkdir()
    for language, texts in WORDS.items():
        entries = "".join(f'\nmsgid "{key}"\nmsgstr "{text}"\n' for key, text in texts.items())
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        (tmp_path / "locale" / f"{language}.po").write_text(head + entries)
    module = ModuleType("readme_pets")
    module.__file__ = str(tmp_path / "pets.py")
    sys.modules["readme_pets"] = module
    exec(compile(printed[0], "README.md", "exec"), module.__dict__)
    yield module
    del sys.modules["readme_pets"]
