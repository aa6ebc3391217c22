"""What an author lets stand, with his reason: `# buurtwacht: allow <code> <reason>` on the line, or on one above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from buurtwacht.kit.inspection.findings import WEIGHTS, Finding, Place
from buurtwacht.vocabulary.faults import suggestion

_ALLOWED = re.compile(r"#\s*buurtwacht:\s*allow\b[ \t]*(?P<code>[\w-]*)[ \t]*(?P<reason>.*)$")


@dataclass(frozen=True, slots=True)
class Allowance:
    """One such remark: where it stands, what it allows and why, and the lines that it is about."""

    place: Place
    code: str
    reason: str
    lines: range


def settle(findings: Iterable[Finding], files: Iterable[Path]) -> list[Finding]:
    """Return the findings in order, those that are allowed with the reason, and what is wrong with the allowances."""
    allowances = [one for path in files for one in _read(path)]
    used: set[Allowance] = set()
    settled: list[Finding] = []
    for finding in dict.fromkeys(findings):
        fitting = next((one for one in allowances if _fits(one, finding)), None)
        if fitting is None:
            settled.append(finding)
            continue
        used.add(fitting)
        settled.append(replace(finding, allowed=fitting.reason))
    settled += [fault for one in allowances if (fault := _wrong(one, used=one in used)) is not None]
    return sorted(settled, key=lambda one: (one.place, one.code, one.sentence))


def _fits(allowance: Allowance, finding: Finding) -> bool:
    return (
        allowance.code == finding.code
        and bool(allowance.reason)
        and allowance.place.file == finding.place.file
        and finding.place.line in allowance.lines
    )


def _wrong(one: Allowance, *, used: bool) -> Finding | None:
    if not one.reason:
        what = f"nothing says why {one.code or 'it'} is allowed, so it is not"
        return Finding(one.place, "allow-unexplained", what, "write # buurtwacht: allow <code> <reason>")
    if used:
        return None
    if one.code not in WEIGHTS:
        mend = suggestion(one.code, WEIGHTS, "docs/plugins/check.md has every code")
        return Finding(one.place, "allow-unused", f"no code is {one.code}", mend)
    return Finding(
        one.place, "allow-unused", f"{one.code} is allowed here, and nothing of that kind is found", "leave it out"
    )


def _read(path: Path) -> Iterator[Allowance]:
    """Read the remarks of a file: one that has its line to itself is about the next line with something on it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(lines, 1):
        found = _ALLOWED.search(line)
        if found is None:
            continue
        last = number
        if line.lstrip().startswith("#"):
            last = next((n for n in range(number + 1, len(lines) + 1) if not _is_remark(lines[n - 1])), number)
        yield Allowance(Place(path, number), found["code"], found["reason"].strip(), range(number, last + 1))


def _is_remark(line: str) -> bool:
    stripped = line.strip()
    return not stripped or stripped.startswith(("#", "msgctxt"))
