"""A page that builds something: its files, whole or in parts, and its commands, in the order in which they stand."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Beside this Python stand the commands of this environment.
_BIN = Path(sys.executable).parent
_BLOCK = re.compile(
    r"^(?:`(?P<path>[\w./]+)`(?P<part>, what changes)?\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_IMPORTED = re.compile(r"^from (\S+) import (.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page: a file or a part of one, or commands, which have no path."""

    kind: str
    text: str
    path: str = ""
    is_part: bool = False

    @property
    def commands(self) -> list[str]:
        """What somebody types, without the prompt and without the remark behind it."""
        typed = [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]
        return [re.sub(r"\s{2,}#.*", "", line) for line in typed]


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page that are a file, a part of one, or commands."""
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if found["path"] or found["kind"] == "console":
            yield Block(found["kind"], found["text"], found["path"] or "", bool(found["part"]))


def lay(block: Block, folder: Path) -> None:
    """Write the file of a block, or put its parts into the one that is there, as the page tells its reader to."""
    file = folder / block.path
    file.parent.mkdir(parents=True, exist_ok=True)
    if not block.is_part:
        file.write_text(block.text, encoding="utf-8")
        return
    split = _entries if file.suffix == ".po" else _units
    parts = split(file.read_text(encoding="utf-8"))
    place = len(parts)
    for name, text in split(block.text).items():
        if name in parts:
            blank = parts[name][: len(parts[name]) - len(parts[name].lstrip("\n"))]
            parts[name] = blank + _with_names(parts[name].strip("\n"), text.strip("\n"))
            place = list(parts).index(name) + 1
            continue
        if name.startswith("import "):
            place = next(at for at, one in enumerate(parts) if one.startswith("import "))
        order = list(parts.items())
        order.insert(place, (name, text))
        parts = dict(order)
        place += 1
    joined = "\n\n".join(one.strip("\n") for one in parts.values()) + "\n" if file.suffix == ".po" else _joined(parts)
    file.write_text(joined, encoding="utf-8")


def _entries(text: str) -> dict[str, str]:
    """Return the entries of a catalogue by their context and key."""
    found = {}
    for one in text.strip().split("\n\n"):
        key = re.search(r'^(msgctxt ".*"\n)?msgid ".*"$', one, re.MULTILINE)
        assert key is not None, one
        found[key[0]] = one
    return found


def _units(text: str) -> dict[str, str]:
    """Return what stands at the margin of a module by its name, each with all that stands between it and the former."""
    lines = text.splitlines()
    found: dict[str, str] = {}
    begin = 0
    for node in ast.parse(text).body:
        assert node.end_lineno is not None
        above = [] if begin else ["", ""]
        found[_name(node)] = "\n".join([*above, *lines[begin : node.end_lineno]])
        begin = node.end_lineno
    return found


def _name(node: ast.stmt) -> str:
    match node:
        case ast.ImportFrom(module=module):
            return f"import {module}"
        case ast.Import(names=[one]):
            return f"import {one.name}"
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[target]):
            return ast.unparse(target)
        case ast.Expr():
            return "the docstring"
    raise AssertionError(f"no name for {ast.unparse(node)}")


def _with_names(old: str, new: str) -> str:
    """Return what takes the place of a part: of an import, the names of both."""
    before, after = _IMPORTED.match(old), _IMPORTED.match(new)
    if before is None or after is None:
        return new
    names = {one for text in (before[2], after[2]) for one in re.findall(r"\w+", text)}
    return f"from {before[1]} import {', '.join(sorted(names))}"


def _joined(parts: dict[str, str]) -> str:
    """Return a module as the formatter leaves it: what its author's editor does when he saves it."""
    text = "\n".join(parts.values()).strip("\n") + "\n"
    return _ruff("format", "-", given=_ruff("check", "--select", "I,RUF022", "--fix", "-q", "-", given=text))


def _ruff(*arguments: str, given: str) -> str:
    command = [str(_BIN / "ruff"), *arguments, "--config", "line-length=120", "--isolated"]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(command: str, folder: Path, *, status: int = 0) -> str:
    """Run a command of a page as its reader does, in a shell of its own; return what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "BUURTWACHT_"))}
    # `pip install -e .` has made what is in the folder importable; here the path does.
    kept |= {"PATH": f"{_BIN}{os.pathsep}{kept['PATH']}", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=kept, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def install(folder: Path, module: str, ident: str) -> None:
    """Leave beside a package what `pip install -e .` leaves, without asking a registry for what builds it."""
    info = folder / f"buurtwacht_{ident}-1.0.dist-info"
    shutil.rmtree(info, ignore_errors=True)
    info.mkdir()
    name = f"buurtwacht-{ident.replace('_', '-')}"
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[buurtwacht.plugins]\n{ident} = {module}\n")
