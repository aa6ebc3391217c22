"""Containment: what code of a plugin raises ends no thread of ours, and no process; what never ran did not succeed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import AsyncGeneratorType, CoroutineType
from typing import TypeVar

from buurtwacht.vocabulary.errors import Quit

T = TypeVar("T")

#: What calling an `async def` gives. Nothing can be of a class below these, so that looking at the class is enough.
_BEGUN = frozenset((CoroutineType, AsyncGeneratorType))


def contained(call: Callable[[], T]) -> T:
    """Call code that is not ours, and return what it returns.

    Raises what it raises, and `Quit` for what no `except Exception` stops: `SystemExit` (of `sys.exit()`, and of what
    parses a command line), a panic of a compiled library. Raises `TypeError` for what was only begun, and never ran:
    that of an `async def`.
    """
    try:
        found = call()
        if type(found) in _BEGUN:
            if isinstance(found, CoroutineType):
                found.close()
            raise TypeError(f"{found.__qualname__} is async, and did not run: write def without async")  # type: ignore[attr-defined] # both have it
        return found
    except Exception:
        raise
    except BaseException as end:
        if is_interrupt(end):
            raise
        raise Quit(end).with_traceback(end.__traceback__) from end


def is_interrupt(error: BaseException) -> bool:
    """Return whether somebody pressed Ctrl-C: only the main thread hears of that, any other one raised it itself."""
    return isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread()


def kind_of(error: BaseException) -> str:
    """Return the name of what was raised, contained or not."""
    return error.kind if isinstance(error, Quit) else type(error).__name__
