"""docs/plugins/check.md: every code is there, its example is found, and what it weighs is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buurtwacht.kit.inspection import WEIGHTS, Weight

from ..kit.conftest import inspected, no_traces  # noqa: F401 # the fixtures of the kit's own tests
from ..kit.packages import CHANNEL, ORDERLY, Inspected, codes

PAGE = Path(__file__).parents[2] / "docs/plugins/check.md"
_SECTION = re.compile(
    r"^### `(?P<code>[\w-]+)`\n\n(?P<what>.*?)\n\n```\w+\n# (?P<file>.*?)\n(?P<text>.*?)```", re.M | re.S
)
SECTIONS = {one["code"]: one for one in _SECTION.finditer(PAGE.read_text())}


def test_every_code_has_its_section_and_no_other() -> None:
    assert set(SECTIONS) == set(WEIGHTS)


@pytest.mark.parametrize("code", sorted(SECTIONS))
def test_its_example_is_found(code: str, inspected: Inspected) -> None:  # noqa: F811 # the fixture
    file, _, alone = SECTIONS[code]["file"].partition(", and no other file")
    base, module = (CHANNEL, "strays_pigeon") if code.startswith("channel-") else (ORDERLY, "strays_pets")
    name = file if file == "pyproject.toml" else f"{module}/{file}"
    text = SECTIONS[code]["text"]
    if SECTIONS[code]["file"] != file:
        base = {"pyproject.toml": base["pyproject.toml"], name: text}
        findings = inspected(base=base)
    elif file == "pyproject.toml":
        findings = inspected(whole={name: text}, base=base)
    else:
        findings = inspected({name: text}, base=base)
    assert code in codes(findings), findings
    assert not alone


@pytest.mark.parametrize("code", sorted(SECTIONS))
def test_a_warning_says_that_it_is_one(code: str) -> None:
    assert ("(A warning.)" in SECTIONS[code]["what"]) == (WEIGHTS[code] is Weight.WARNING)
