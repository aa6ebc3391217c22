"""Plugins for worlds: those that ship are loaded once in this process, as its databases are migrated once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from buurtwacht.edge.rendering import template_name
from buurtwacht.host.building import Loaded, load
from buurtwacht.host.tracing import Trace
from buurtwacht.testing.configuration import ships
from buurtwacht.vocabulary.channels import TemplateText
from buurtwacht.vocabulary.texts import LANGUAGES


class Kit:
    """Plugins with their texts, and the templates that are made of these."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._templates: dict[tuple[str, str], tuple[TemplateText, ...]] = {}

    def templates(self, prefix: str, country: str) -> tuple[TemplateText, ...]:
        """Return the templates that an account needs whose names begin with `prefix`."""
        key = prefix, country
        if key not in self._templates:
            self._templates[key] = tuple(self._made(prefix, country))
        return self._templates[key]

    def _made(self, prefix: str, country: str) -> Iterator[TemplateText]:
        catalogues = self.loaded.catalogues
        for plugin, key in self.loaded.plugins.templates():
            for language in LANGUAGES:
                body, _ = catalogues.template_body(plugin, key, language, country)
                labels = catalogues.words(plugin, f"{key}.buttons", language)
                yield TemplateText(template_name(prefix, key), language, body, buttons=labels)


#: What was loaded, with what the modules held then: a test that changes one of them gets it loaded anew.
_known: dict[tuple[int, ...], tuple[list[object], Kit]] = {}


def kit(modules: Sequence[ModuleType], trace: Trace) -> Kit:
    """Return these plugins and their texts; anew where a test made one of them, or where somebody listens to calls.

    Raises `ConfigurationError`.
    """
    if trace.on or not all(map(ships, modules)):
        return Kit(load(modules, trace))
    held: list[object] = [one for module in modules for one in (module, *vars(module).values())]
    key = tuple(map(id, held))
    if key not in _known:
        _known[key] = held, Kit(load(modules, trace))
    return _known[key][1]
