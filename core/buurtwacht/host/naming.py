"""Naming: what a plugin is called in a language, and all by which it may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues

if TYPE_CHECKING:
    from buurtwacht.host.plugins import Plugin


def name_of(catalogues: Catalogues, plugin: Plugin, language: str) -> str:
    """Return what a plugin is called: the `plugin.name` of its catalogue, without that what its manifest says."""
    words = catalogues.words(plugin.id, "plugin.name", language)
    return words[0] if words else plugin.manifest.name


def names_of(catalogues: Catalogues, plugin: Plugin) -> list[str]:
    """Return all that a plugin may be called: its id, and its name as the manifest and each language have it."""
    names = [name_of(catalogues, plugin, language) for language in LANGUAGES]
    return list(dict.fromkeys([plugin.id, plugin.manifest.name, *names]))
