"""The tutorials are followed to their end: each file is laid, each command run; what comes of the first one ships."""

from __future__ import annotations

import ast
import io
import re
import shlex
import tokenize
from pathlib import Path

import click
import pytest

from buurtwacht.cli import group

from .page import blocks, install, lay, run

ROOT = Path(__file__).parents[2]
PETS, FEED = ROOT / "docs/plugins/tutorial.md", ROOT / "docs/plugins/feed.md"
SHIPPED = ROOT / "plugins/buurtwacht_lost_pets"
#: What ships beside what the page makes.
MORE = ["migrations/versions/0003_sighting.py", "sightings.py"]
#: What a part of the page's last table begins with: a function that ships in another form, or that the page lacks.
_ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)
_BESIDE = "#. --- what the tutorial does not print ---"
#: What needs a registry, or goes on until it is stopped: looked at below, and not run.
_NOT_RUN = ("python -m venv", ". .venv", "pip install", "buurtwacht demo")
_TESTS = "python -m pytest"
_SILENT = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
)
#: What is promised of the whole plugin, both messengers, both languages, and what it may have grown to at the end.
HUNDRED, AT_THE_END = 100, 140


class Reader:
    """Somebody who does what a page says, from an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.at = folder
        self.told: dict[str, str] = {}
        self.drafts: dict[str, str] = {}
        self._tests_left = 0

    def follow(self, page: Path) -> None:
        self._tests_left = sum(block.commands.count(_TESTS) for block in blocks(page))
        for block in blocks(page):
            if block.path:
                if "/migrations/" in block.path:
                    self.drafts[block.path] = (self.at / block.path).read_text()
                lay(block, self.at)
            for typed in block.commands:
                self._types(typed)

    def _types(self, typed: str) -> None:
        if typed.startswith("cd "):
            self.at /= typed.removeprefix("cd ")
        elif typed == "pip install -e .":
            install(self.at, "lost_pets", "lost_pets")
        elif typed == _TESTS:
            self._tests_left -= 1
            # over the wire only once, at the end: it takes its time
            self.told[typed] = run(f"{typed} -k 'not wire'" if self._tests_left else typed, self.at)
        elif not typed.startswith(_NOT_RUN):
            self.told[typed] = run(typed, self.at)


@pytest.fixture(scope="module")
def pets(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Somebody at the end of the first tutorial."""
    made = Reader(tmp_path_factory.mktemp("pets"))
    made.follow(PETS)
    return made


def test_what_comes_of_it_is_what_ships(pets: Reader) -> None:
    made = pets.at / "lost_pets"
    kept = [one for one in sorted(made.rglob("*")) if one.suffix in (".py", ".po")]
    assert [str(one.relative_to(made)) for one in kept] == [
        "__init__.py",
        "locale/en.po",
        "locale/nl.po",
        "migrations/versions/0001_pet.py",
        "migrations/versions/0002_photo.py",
    ]
    for one in kept:
        ships = SHIPPED / one.relative_to(made)
        if one.suffix == ".po":
            assert _lines(one) == _lines(ships)[: len(_lines(one))], one.name
            assert _lines(ships)[len(_lines(one))] == _BESIDE, one.name
        elif one.name != "__init__.py":
            assert _lines(one) == _lines(ships), one.name
    assert {str(one.relative_to(SHIPPED)) for one in SHIPPED.rglob("*.py")} == {
        *(str(one.relative_to(made)) for one in kept if one.suffix == ".py"),
        *MORE,
    }


def test_what_ships_in_another_form_is_what_the_page_says(pets: Reader) -> None:
    here, ships = (_parts(folder / "__init__.py") for folder in (pets.at / "lost_pets", SHIPPED))
    unlike = {name for name in here.keys() | ships.keys() if here.get(name) != ships.get(name)}
    told = [name for row in _ROW.findall(PETS.read_text().partition("## Where to go")[2]) for name in row.split(", ")]
    assert sorted(told) == sorted(f"`{name}`" for name in unlike)


def _parts(file: Path) -> dict[str, str]:
    """Return what a module defines, by name, as text without its layout; the rest of it by what it says."""
    parts: dict[str, str] = {}
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        parts[getattr(node, "name", ast.unparse(node))] = ast.unparse(node)
    return parts


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line]


def test_a_hundred_lines_make_a_plugin(pets: Reader) -> None:
    module = "lost_pets/__init__.py"
    first = next(block.text for block in blocks(PETS) if block.path == module and not block.is_part)
    assert len(_code(first)) <= HUNDRED
    assert len(_code((pets.at / module).read_text())) <= AT_THE_END


def _code(text: str) -> set[int]:
    """Return the lines of a module that hold code, as the page counts them: no blank ones, docstrings and comments."""
    said = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {line for one in tokens if one.type not in _SILENT for line in range(one.start[0], one.end[0] + 1)} - said


def test_its_stories_pass_on_both_messengers(pets: Reader) -> None:
    assert "17 passed" in pets.told[_TESTS]


def test_each_migration_of_the_page_is_what_is_drafted(pets: Reader) -> None:
    assert len(pets.drafts) == 2
    for path, drafted in pets.drafts.items():
        assert ast.dump(ast.parse(drafted)) == ast.dump(ast.parse((pets.at / path).read_text())), path


def test_no_check_finds_anything(pets: Reader) -> None:
    assert "in order" in pets.told["buurtwacht plugins check ."]
    told = pets.told["buurtwacht check"]
    assert "Vermiste dieren 1.0" in told
    assert "lacks" not in told


def test_the_plugin_that_listens_passes_its_stories_and_the_check(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.follow(FEED)
    assert "13 passed" in reader.told[_TESTS]
    assert "in order" in reader.told["buurtwacht plugins check ."]


@pytest.mark.parametrize("page", [PETS, FEED, ROOT / "docs/plugins/index.md"], ids=lambda page: page.stem)
def test_every_command_is_there_with_its_options(page: Path) -> None:
    typed = [one for block in blocks(page) for one in block.commands if one.startswith("buurtwacht ")]
    assert typed
    for _, *words in (shlex.split(one) for one in typed):
        found: click.Command | None = group
        while isinstance(found, click.Group) and words and not words[0].startswith("-"):
            found = found.get_command(click.Context(found), words.pop(0))
        assert found is not None, typed
        options = {name for one in found.params for name in one.opts}
        assert {word for word in words if word.startswith("--")} <= options, typed
