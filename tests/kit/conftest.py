"""A small package with nothing wrong, and what is found in it once something is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from buurtwacht.kit.inspection import Finding, inspect
from buurtwacht.kit.package import Package
from buurtwacht.records import record
from buurtwacht.records.record import defined_in, metadata_of

from .packages import ORDERLY, Inspected


@pytest.fixture(autouse=True)
def no_traces() -> Iterator[None]:
    """The tables that a test declares are forgotten after it, in whosever name it declared them."""
    metadata_of("pets").clear()
    yield
    for tables in record._metadata.values():
        for one in [one for one in tables.sorted_tables if defined_in(one).startswith("strays_")]:
            tables.remove(one)


@pytest.fixture
def inspected(tmp_path: Path) -> Inspected:
    """Write a package and look at it: `changes` are by file what is added at its end, or, for None, that it is gone.

    `whole` are the files that take the place of what is there, `base` the package to begin with.
    """

    def inspect_it(
        changes: Mapping[str, str | None] | None = None,
        *,
        whole: Mapping[str, str] | None = None,
        base: Mapping[str, str] = ORDERLY,
    ) -> list[Finding]:
        files = {name: dedent(text) for name, text in base.items()}
        for name, text in (changes or {}).items():
            if text is None:
                files = {one: said for one, said in files.items() if not one.startswith(name)}
            else:
                files[name] = f"{files[name]}\n\n{dedent(text)}" if name in files else dedent(text)
        files |= {name: dedent(text) for name, text in (whole or {}).items()}
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return inspect(Package.find(str(tmp_path)))

    return inspect_it
