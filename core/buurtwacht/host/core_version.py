"""Whether this version of Buurtwacht is new enough for a plugin; also of one that no longer imports because of it."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_NUMBERS = re.compile(r"\d+(\.\d+)*")


@cache
def core_version() -> str:
    """Return our version; it is read from a file that does not change while we run."""
    return version("buurtwacht")


def wrong_with(needed: object) -> tuple[str, str] | None:
    """Return what is wrong with the version of the core that a manifest needs, and the mend; None when all is well."""
    if not isinstance(needed, str) or not _NUMBERS.fullmatch(needed):
        numbers = _NUMBERS.search(str(needed))
        mend = f'write the lowest version alone: needs_core="{numbers[0] if numbers else core_version()}"'
        return f"needs core {needed!r}, which is no version", mend
    if _release(needed) <= _release(core_version()):
        return None
    mend = f"upgrade Buurtwacht, or install a version of the plugin for core {core_version()}"
    return f"needs core {needed} or newer, this is {core_version()}", mend


def wrong_with_module(name: str) -> tuple[str, str] | None:
    """The same for a module that does not import: its manifest is read from the file, not run."""
    try:
        spec = find_spec(name)
        tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8")) if spec and spec.origin else None
    except (ImportError, OSError, SyntaxError, ValueError):
        return None
    for node in ast.walk(tree) if tree is not None else ():
        match node:
            case ast.Call(func=ast.Name(id="Manifest") | ast.Attribute(attr="Manifest"), keywords=given):
                for one in given:
                    if one.arg == "needs_core" and isinstance(one.value, ast.Constant):
                        return wrong_with(one.value.value)
    return None


def _release(text: str) -> tuple[int, ...]:
    """Return the numbers of a version without what follows them ("1.2.0rc1") and without noughts at the end."""
    found = _NUMBERS.match(text)
    numbers = [int(one) for one in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
