"""The house itself: what holds for every room, whoever furnishes it."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import buurtwacht

HOUSE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [HOUSE / path for path in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]
PINS = dict(line.split("==") for line in (HOUSE / "constraints.txt").read_text(encoding="utf-8").split())

#: Spelt in pieces, or this file would be the first to be found.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:" + "|".join(["work", "root", "home", "tmp", "Users"]) + r")/[\w.-]+")
REGISTRY = re.compile(r"\b(?:" + "|".join(["pypi" + r"\.", "files\\.python" + "hosted", "index-" + "url"]) + ")")


def tracked() -> list[Path]:
    """Return the files that belong to the house."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=HOUSE,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return [path for name in listed.split("\0") if name and (path := HOUSE / name).is_file()]


def texts() -> dict[str, str]:
    """Return the text files of the house, by name."""
    found: dict[str, str] = {}
    for path in tracked():
        try:
            found[str(path.relative_to(HOUSE))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize(
    ("pattern", "what"), [(MACHINE_PATH, "a path of one machine"), (REGISTRY, "the address of a registry")]
)
def test_nothing_names_the_machine_it_was_made_on(pattern: re.Pattern[str], what: str) -> None:
    found = [
        f"{name}:{number}: {match[0]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := pattern.search(line))
    ]
    assert found == [], what


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_room_can_be_entered(package: Path) -> None:
    """Migrations are left out: Alembic calls them, with a database at hand."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if "migrations" in parts or parts[-1] == "__main__":
            continue
        importlib.import_module(".".join(part for part in parts if part != "__init__"))


def test_every_package_is_in_the_wheel() -> None:
    rooms = [path.parent for floor in ("core", "adapters", "plugins") for path in (HOUSE / floor).glob("*/__init__.py")]
    assert sorted(PACKAGES) == sorted(rooms)


def test_the_public_names_are_what_the_front_door_hands_on() -> None:
    tree = ast.parse((HOUSE / "core/buurtwacht/__init__.py").read_text(encoding="utf-8"))
    homes = {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("buurtwacht.")
        for alias in node.names
    }
    assert sorted(buurtwacht.__all__) == sorted(homes)
    for name, home in homes.items():
        handed_on = getattr(buurtwacht, name)
        assert handed_on is getattr(importlib.import_module(home), name), "what type checkers see is what there is"
    with pytest.raises(AttributeError, match="no attribute 'import_everything'"):
        _ = buurtwacht.import_everything  # type: ignore[attr-defined]


def test_importing_the_house_does_not_pay_for_the_messengers() -> None:
    names = ["buurtwacht", *(path.name for path in PACKAGES if path.parent.name == "adapters")]
    asked = f"import sys, {', '.join(names)}; print([name for name in ('telegram', 'pywa') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, encoding="utf-8", cwd=HOUSE)
    assert answer.stdout.strip() == "[]"


def test_every_dependency_is_pinned_to_a_version_that_will_do() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [Requirement(line) for group in (PROJECT["project"]["dependencies"], *extras.values()) for line in group]
    pins = {canonicalize_name(name): version for name, version in PINS.items()}
    loose = [
        str(requirement)
        for requirement in wanted
        if requirement.name != "buurtwacht"
        and not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
    ]
    assert loose == []


def test_what_the_dependencies_need_is_pinned_too() -> None:
    """What a pinned package asks for on this machine stands among the pins as well."""
    pins = {canonicalize_name(name) for name in PINS}
    loose: list[str] = []
    for name in PINS:
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:  # pinned for another system
            continue
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                loose += [] if canonicalize_name(need.name) in pins else [f"{name}: {need}"]
    assert loose == []


def test_what_is_imported_is_asked_for() -> None:
    """A library that another one happens to bring along may be gone with its next version."""
    project = PROJECT["project"]
    running = asked_for(project["dependencies"], project["optional-dependencies"]["postgres"])
    testing = running | asked_for(project["optional-dependencies"]["test"])
    known = {path.name for path in PACKAGES} | sys.stdlib_module_names
    providers = packages_distributions()
    borrowed: set[str] = set()
    for package in PACKAGES:
        for path in package.rglob("*.py"):
            asked = testing if "testing" in path.relative_to(package).parts else running
            for name in imported_roots(ast.parse(path.read_text(encoding="utf-8"))) - known:
                if not asked & {canonicalize_name(provider) for provider in providers.get(name, [])}:
                    borrowed.add(f"{path.relative_to(HOUSE)}: {name}")
    assert borrowed == set()


def asked_for(*groups: list[str]) -> set[str]:
    """Return the names of what these groups of dependencies ask for."""
    return {canonicalize_name(Requirement(line).name) for group in groups for line in group}


def imported_roots(tree: ast.Module) -> set[str]:
    """Return the first names of all absolute imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found
