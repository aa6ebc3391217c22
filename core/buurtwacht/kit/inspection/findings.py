"""What an inspection finds: where it stands, its code, a sentence, a mend; and the table of all codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType


class Weight(StrEnum):
    """How much a finding weighs: an error keeps a package from working as its author means, a warning may not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file and its line, from 1."""

    file: Path
    line: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `allowed` is the reason its author gave for leaving it so."""

    place: Place
    code: str
    sentence: str
    mend: str
    allowed: str = ""

    @property
    def weight(self) -> Weight:
        """How much it weighs."""
        return WEIGHTS[self.code]


_ERRORS = (
    # the package
    "syntax-error",
    "import-fails",
    "pyproject-unreadable",
    "entry-point-missing",
    "entry-point-id",
    "entry-point-module",
    # the manifest
    "manifest-missing",
    "manifest-id",
    "manifest-version",
    "manifest-needs-core",
    "manifest-needs",
    "permission-unknown",
    "permission-missing",
    # settings
    "settings-not-model",
    "settings-no-default",
    "settings-open",
    # hooks
    "hook-unknown",
    "hook-arguments",
    "hook-unmarked",
    "hook-async",
    "hook-yields",
    "hook-wrapper",
    "hook-elsewhere",
    "hook-needs",
    "hook-fails",
    # handlers
    "handler-async",
    "handler-yields",
    "handler-parameters",
    "handler-mark",
    "handler-twice",
    "handler-unknown",
    "handler-arguments",
    # commands
    "command-collides",
    "command-reserved",
    "command-twice",
    # texts
    "text-unreadable",
    "text-missing",
    "text-placeholders",
    "text-format",
    "text-twice",
    "text-unknown",
    "text-fact",
    "template-unknown",
    "template-form",
    "template-collides",
    "template-buttons",
    # what is kept
    "record-unmigrated",
    "migration-differs",
    "migration-heads",
    "migration-fails",
    "table-prefix",
    "person-not-exported",
    "person-not-erased",
    # what a handler does
    "handler-sleeps",
    "handler-network",
    "handler-clock",
    "handler-threads",
    "handler-process",
    "handler-files",
    "handler-database",
    # what is imported
    "private-import",
    "private-attribute",
    "other-plugin",
    # channels
    "channel-adapter",
    "channel-name",
    "channel-capabilities",
    "channel-method",
    "channel-blocks",
)
_WARNINGS = (
    "permission-unused",
    "person-overlooked",
    "settings-mutable",
    "command-texts",
    "command-answer",
    "text-unused",
    "text-exclamation",
    "text-without-template",
    "handler-prints",
    "query-in-loop",
    "allow-unexplained",
    "allow-unused",
)
#: Every code there is. docs/plugins/check.md shows a bad example and its mend for each.
WEIGHTS: Mapping[str, Weight] = MappingProxyType(
    {**dict.fromkeys(_ERRORS, Weight.ERROR), **dict.fromkeys(_WARNINGS, Weight.WARNING)}
)
