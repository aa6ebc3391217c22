"""What is logged while a world stands: kept as it would be written, and looked through for errors."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from io import StringIO
from typing import Any

import structlog

from buurtwacht.host.in_time import TooSlow
from buurtwacht.vocabulary.containment import kind_of
from buurtwacht.vocabulary.logs import describe_exception, redact

#: Names of the standard library's loggers whose errors are not ours: what asyncio says of tasks that a crash left.
_NOT_OURS = ("asyncio",)

#: What a handler is called that takes long because a test wants it to.
HANGS = "handler"


class Journal(logging.Handler):
    """Takes the place of the log while a world stands; what was configured before comes back afterwards."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.stream = StringIO()
        #: each error, as a line, with the plugin it names
        self.errors: list[tuple[str, str]] = []
        #: plugins whose handlers take long on purpose: that they do is no error of the test's
        self.slow: set[str] = set()
        self._former: dict[str, Any] = {}

    def open(self) -> None:
        """Begin to take everything in."""
        self._former = structlog.get_config()
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                describe_exception,
                redact,
                self._notice,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: type(value).__name__),
            ],
            logger_factory=structlog.WriteLoggerFactory(self.stream),
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            cache_logger_on_first_use=False,
        )
        logging.getLogger().addHandler(self)

    def shut(self) -> None:
        """Give the log back."""
        logging.getLogger().removeHandler(self)
        if self._former:
            structlog.configure(**self._former)
            self._former = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Take in a line of the standard library's log."""
        line = self.format(record)
        self.stream.write(line + "\n")
        if record.levelno >= logging.ERROR and record.name.partition(".")[0] not in _NOT_OURS:
            self.errors.append(("", line))

    @property
    def text(self) -> str:
        """All that was logged."""
        return self.stream.getvalue()

    def _notice(self, _logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        slow = event.get("error") == TooSlow.__name__ and event.get("where") == HANGS
        on_purpose = slow and event.get("plugin") in self.slow
        if method in ("error", "exception", "critical") and not on_purpose:
            said = ", ".join(f"{key}={value}" for key, value in event.items() if key not in ("level", "event"))
            self.errors.append((str(event.get("plugin", "")), f"{event.get('event')} ({said}){_why(event)}"))
        return event


def _why(event: MutableMapping[str, Any]) -> str:
    """Return what the error said that a line is about. A log never says it: it may hold somebody's words."""
    error = sys.exc_info()[1]
    if error is None or event.get("error") != kind_of(error):
        return ""
    try:
        said = str(error)
    except Exception:  # an error of a plugin's own kind may fail at that as well
        return ""
    return f": {said}" if said else ""
