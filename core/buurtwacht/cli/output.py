"""What the command line says: lists as tables or JSON, errors as sentences, and the exit status of each."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from buurtwacht.vocabulary.errors import BuurtwachtError, ConfigurationError, DeliveryError, StoreUnavailable
from buurtwacht.vocabulary.logs import new_trace

F = TypeVar("F", bound=Callable[..., Any])

#: Exit statuses (`interface.md`, Commands).
DONE, NOT_DONE, WRONG = 0, 1, 2


class NotDone(Exception):
    """A command that could not do what it was asked; the message is a sentence for whoever asked."""


class Report(Exception):
    """A command that has said everything itself and ends with this status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


def run_guarded(command: click.Command, arguments: Sequence[str] | None) -> int:
    """Run a command and return its exit status; whatever goes wrong becomes a sentence on standard error."""
    try:
        command.main(list(arguments) if arguments is not None else None, "buurtwacht", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return WRONG
    except (click.Abort, KeyboardInterrupt):
        tell("stopped")
        return NOT_DONE
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except Report as report:
        return report.status
    except ConfigurationError as error:
        for fault in error.faults:
            tell(str(fault))
        return WRONG
    except NotDone as error:
        tell(str(error))
        return NOT_DONE
    except StoreUnavailable as error:
        tell(f"the database is unavailable: {error}")
        return NOT_DONE
    except BrokenPipeError:
        # Whoever read our output, such as `head`, has enough; nothing may be flushed to it any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_DONE
    except Exception as error:
        return _unexpected(error)
    return DONE


def _unexpected(error: Exception) -> int:
    """Say that something went wrong, without what it was about: a stack may hold bodies and numbers."""
    trace = new_trace()
    known = f": {error}" if isinstance(error, BuurtwachtError) else ""
    mend = "" if os.environ.get("BUURTWACHT_TRACE") == "1" else "; BUURTWACHT_TRACE=1 shows where"
    tell(f"something went wrong that should not: {type(error).__name__}{known} (trace {trace}{mend})")
    if os.environ.get("BUURTWACHT_TRACE") == "1":
        traceback.print_exception(error)
    return NOT_DONE


def tell(line: str) -> None:
    """Write a line to standard error."""
    click.echo(line, err=True)


def say(line: str = "") -> None:
    """Write a line to standard output."""
    click.echo(line)


def configured(command: F) -> F:
    """Give a command its --config FILE, as the parameter `config`."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="BUURTWACHT_CONFIG",
        default="plugins.toml",
        show_default=True,
        metavar="FILE",
        callback=_of_the_group,
        help="The configuration; else the file that BUURTWACHT_CONFIG names.",
    )(command)


def _of_the_group(ctx: click.Context, parameter: click.Parameter, config: Path) -> Path:
    """What was said before the name of a sub-command counts for it too, unless it says otherwise itself."""
    own = ctx.get_parameter_source("config")
    above = ctx.parent
    if own is not ParameterSource.COMMANDLINE and above is not None and "config" in above.params:
        return Path(above.params["config"])
    return config


def listing(command: F) -> F:
    """Give a command that lists its --json, as the parameter `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Write a JSON list, for scripts.")(command)


def show(rows: Iterable[Mapping[str, object]], columns: Sequence[str], *, as_json: bool, nothing: str = "") -> None:
    """Write rows as JSON with exactly these keys, or as a table; `nothing` is said instead of an empty table."""
    rows = [{column: row.get(column) for column in columns} for row in rows]
    if as_json:
        say(json.dumps(rows, ensure_ascii=False, indent=2, default=_plain))
        return
    if not rows:
        say(nothing)
        return
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[place]) for line in (list(columns), *cells)) for place in range(len(columns))]
    for line in (list(columns), *cells):
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def reason_of(error: DeliveryError) -> str:
    """Return a provider's answer as words: its short code without underscores."""
    return error.reason.replace("_", " ")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(str, value)) or "-"
        case _:
            return " ".join(str(value).split()) or "-"
