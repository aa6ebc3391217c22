"""`buurtwacht plugins check`: what is found in a package before it runs, each with its place and its mend."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buurtwacht.cli.output import DONE, NOT_DONE, Report, listing, say, show

if TYPE_CHECKING:
    from buurtwacht.kit.inspection import Finding
    from buurtwacht.kit.package import Package

KEYS = ("file", "line", "code", "weight", "finding", "mend", "allowed")


@click.command("check")
@click.argument("what", default=".")
@listing
def check(what: str, as_json: bool) -> None:
    """Look at a package of a plugin or a channel, and say what is wrong with it and how to mend it.

    WHAT is a folder, installed or not (this one, when it is left out), the id of a plugin, the name of a channel, or a
    module. The package is imported and its migrations are tried on an empty database; nothing else of it runs. The
    exit status is 1 when there are errors, 0 when there are at most warnings. docs/plugins/check.md has every code.

    \b
    Example:
      buurtwacht plugins check
      buurtwacht plugins check lost_pets --json
    """
    from buurtwacht.kit.inspection import Weight, inspect  # who lists plugins waits for none of this
    from buurtwacht.kit.package import Package

    package = Package.find(what)
    findings = inspect(package)
    if as_json:
        show((_row(one) for one in findings), KEYS, as_json=True)
    else:
        for one in findings:
            say(_line(one))
        say(_summary(package, findings))
    errors = any(one.weight is Weight.ERROR and not one.allowed for one in findings)
    raise Report(NOT_DONE if errors else DONE)


def _row(one: Finding) -> dict[str, object]:
    return {
        "file": _shown(one.place.file),
        "line": one.place.line,
        "code": one.code,
        "weight": str(one.weight),
        "finding": one.sentence,
        "mend": one.mend,
        "allowed": one.allowed,
    }


def _line(one: Finding) -> str:
    place = f"{_shown(one.place.file)}:{one.place.line}"
    if one.allowed:
        return f"{place}: {one.code}: {one.sentence} (allowed: {one.allowed})"
    weight = "" if one.weight == "error" else f"{one.weight}: "
    return f"{place}: {weight}{one.code}: {one.sentence} ({one.mend})"


def _shown(file: Path) -> str:
    """Return a path as it can be opened from here."""
    here = Path.cwd()
    return os.path.relpath(file, here) if file.is_relative_to(here) else str(file)


def _summary(package: Package, findings: Sequence[Finding]) -> str:
    whose = f"the {package.kind} {package.id}"
    if package.replaces_built_in:
        whose += ", in place of the built-in one,"
    counted = []
    for weight in ("error", "warning"):
        count = sum(one.weight == weight and not one.allowed for one in findings)
        if count:
            counted.append(f"{count} {weight}{'s' if count > 1 else ''}")
    allowed = sum(bool(one.allowed) for one in findings)
    found = f"has {' and '.join(counted)}" if counted else "is in order"
    return f"{whose} {found}{f', and {allowed} allowed' if allowed else ''}"
