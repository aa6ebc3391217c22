"""Inspection: all that can be known of a package before it runs. A file for each kind of finding; here they meet.

Nothing of a plugin is called but what is called at every start: the module's own import, and the hooks `commands`,
`reserved_words`, `pages` and `sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from buurtwacht.kit.inspection import (
    allowing,
    catalogues,
    channels,
    commands,
    conduct,
    handlers,
    hooks,
    manifest,
    packaging,
    permissions,
    privacy,
    queries,
    reach,
    records,
    silent,
    templates,
    texts,
)
from buurtwacht.kit.inspection.findings import WEIGHTS, Finding, Place, Weight
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.kit.package import Package
from buurtwacht.vocabulary.texts import LANGUAGES

__all__ = ["WEIGHTS", "Finding", "Place", "Weight", "inspect"]

Check = Callable[[Subject], Iterator[Finding]]

_OF_A_PLUGIN: tuple[Check, ...] = (
    packaging.check,
    manifest.check,
    permissions.check,
    hooks.check,
    handlers.check,
    commands.check,
    catalogues.check,
    texts.check,
    templates.check,
    silent.check,
    records.check,
    privacy.check,
    conduct.check,
    queries.check,
    reach.check,
)
_OF_A_CHANNEL: tuple[Check, ...] = (packaging.check, channels.check, reach.check)


def inspect(package: Package) -> list[Finding]:
    """Return all that is found in a package, by file and line; what its author allowed too, with his reason.

    The package is imported, and its migrations are run on an empty database that is thrown away.
    """
    subject = Subject(package)
    checks = _OF_A_CHANNEL if package.kind == "channel" else _OF_A_PLUGIN
    found = [finding for check in checks for finding in check(subject)]
    files = {*package.files(), *(one.place.file for one in found)}
    files |= {catalogues.file_of(subject, language) for language in LANGUAGES}
    return allowing.settle(found, sorted(files))
