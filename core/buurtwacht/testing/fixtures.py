"""The pytest plugin: the fixture `world`, a `World` with all built-in plugins whose checks fail the test itself."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from buurtwacht.testing import World


@pytest.fixture
def world() -> Generator[World]:
    """Give a town on every messenger, and our process in the middle."""
    from buurtwacht.testing import World  # a test run that needs no world does not pay for one

    made = World()
    try:
        yield made
    finally:
        made.close(check=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Run the checks of the test's world as a part of the test, when it went well until there."""
    result = yield
    made = getattr(item, "funcargs", {}).get("world")
    if made is not None and hasattr(made, "journal"):
        made.close()
    return result
