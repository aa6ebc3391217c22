"""Logs: lines for people or JSON on standard error, with a last line of defence against what must never stand there.

Who writes a log line leaves out bodies, tokens, numbers and chat ids; `redaction` catches what was forgotten.
"""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import PurePath
from types import TracebackType
from typing import TextIO

import structlog

from buurtwacht.vocabulary.errors import ConfigurationError, DeliveryError, PluginError
from buurtwacht.vocabulary.redaction import masked, redact

__all__ = ["TRACE", "configure", "describe_exception", "masked", "new_trace", "redact"]

#: Libraries that say too much, every request with its address, every job: heard from warnings on, and their messages
#: as they stand in their source, without the values: those may hold bodies, and addresses with a token.
_TALKATIVE = ("httpx", "httpcore", "telegram", "pywa", "apscheduler", "sqlalchemy", "alembic", "PIL")
#: These write their own lines to standard error unless told otherwise; the second would log each request's path.
_WEB = ("uvicorn", "uvicorn.access", "uvicorn.error")
#: The logger of what BUURTWACHT_TRACE shows: whoever asks for that sees it, however little else is logged.
TRACE = "buurtwacht.trace"
#: No vowels and no digits: neither a word nor a number that would be masked.
_TRACE_LETTERS = "bcdfghjklmnpqrstvwxz"

EventDict = MutableMapping[str, object]


def configure(json: bool | None = None, level: int | str = logging.INFO, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's logs to standard error: as JSON, or as lines for people.

    Left out, `json` is what standard error is not: a terminal. `level` as in `logging`. Calling it again replaces what
    was there. uvicorn keeps to it when it is started with `log_config=None`.
    """
    stream = stream or sys.stderr
    as_json = not stream.isatty() if json is None else json
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler, tracing = logging.StreamHandler(stream), logging.StreamHandler(stream)
    handler.setLevel(level)
    for one in (handler, tracing):
        one.setFormatter(_formatter(shared, as_json, colours=stream.isatty()))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    traced = logging.getLogger(TRACE)
    traced.handlers[:] = [tracing]
    traced.setLevel(logging.INFO)
    traced.propagate = False
    for name in _WEB:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.NOTSET)
    for name in (*_TALKATIVE, "uvicorn.access"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _formatter(
    shared: Sequence[structlog.typing.Processor], as_json: bool, *, colours: bool
) -> structlog.stdlib.ProcessorFormatter:
    """Return what puts a line into words, whoever logged it, without what may not stand there."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: type(value).__name__)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=colours)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_without_values, *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_exception,
            redact,
            renderer,
        ],
    )


def new_trace() -> str:
    """Return a short id that ties a sentence somebody read to the log line behind it."""
    return "".join(secrets.choice(_TRACE_LETTERS) for _ in range(8))


def describe_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type, its place and a trace id: a processor for structlog.

    Its message may hold bodies, numbers or the parameters of a statement and is left out. Only errors of ours that say
    so without personal data keep it, and errors of the system keep the system's word for them.
    """
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if not isinstance(error, BaseException):
        return event
    event["error"] = " < ".join(dict.fromkeys(_name(cause) for cause in _causes(error)))
    event["stack"] = " > ".join(_places(error.__traceback__)[-6:])
    event.setdefault("trace", new_trace())
    reason = _reason(error)
    if reason:
        event["reason"] = reason
    return event


def _without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    record = event["_record"]
    if isinstance(record, logging.LogRecord) and record.name.partition(".")[0] in _TALKATIVE:
        event["event"] = str(record.msg)
    return event


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _name(error: BaseException) -> str:
    kind = type(error)
    module = kind.__module__.partition(".")[0]
    return kind.__qualname__ if module in ("builtins", "buurtwacht") else f"{module}.{kind.__qualname__}"


def _reason(error: BaseException) -> str:
    if isinstance(error, ConfigurationError | DeliveryError | PluginError):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or ""
    return ""


def _places(traceback: TracebackType | None) -> list[str]:
    places: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        path = PurePath(code.co_filename)
        places.append(f"{path.parent.name}/{path.name}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return places
