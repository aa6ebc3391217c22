"""Adjusting: what is set for a plugin by command, checked before it is kept (R54)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from buurtwacht.records import audit
from buurtwacht.vocabulary.errors import Refusal
from buurtwacht.vocabulary.faults import keys
from buurtwacht.vocabulary.messages import Text
from buurtwacht.vocabulary.texts import CORE

if TYPE_CHECKING:
    from datetime import datetime

    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit
    from buurtwacht.records.neighbourhoods import Neighbourhood

#: What is said of a value, by pydantic's type of error: the text's key, and which of the error's facts is its limit.
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "greater_than": ("more_than", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "less_than": ("less_than", "lt"),
    "less_than_equal": ("at_most", "le"),
    "string_too_short": ("too_short", "min_length"),
    "string_too_long": ("too_long", "max_length"),
    "too_short": ("too_few", "min_length"),
    "too_long": ("too_many", "max_length"),
    "literal_error": ("choices", "expected"),
    "enum": ("choices", "expected"),
    "int_type": ("whole_number", ""),
    "int_parsing": ("whole_number", ""),
    "int_from_float": ("whole_number", ""),
    "float_type": ("number", ""),
    "float_parsing": ("number", ""),
    "bool_type": ("yes_or_no", ""),
    "bool_parsing": ("yes_or_no", ""),
}


class Adjusting(ABC):
    """The part of a context that changes the plugin's own settings in its neighbourhood."""

    plugin: str
    now: datetime
    _core: Core
    _unit: Unit

    @property
    @abstractmethod
    def here(self) -> Neighbourhood:
        """The neighbourhood this is about. Raises `LookupError` where there is none."""

    @property
    @abstractmethod
    def _actor(self) -> str:
        """Who is written down in the audit log as having done what is done here."""

    def change_setting(self, name: str, value: object) -> None:
        """Keep a value for a setting of this plugin here: from this commit on it wins over the file (R54).

        `value` is what stands in a file, or what pydantic can write as JSON. Raises `Refusal`, whose text says why, for
        a name that the settings do not have and for a value that they do not take; nothing is kept then. A validator's
        own message is said as it is, or in the reader's language when it is a key of the plugin's catalogue.
        """
        settings = self._core.settings
        known = keys(settings.model(self.plugin))
        if name not in known:
            named = ", ".join(sorted(known))
            raise Refusal(Text("setting.unknown", domain=CORE, name=name, known=named))
        plain = to_jsonable_python(value)
        try:
            settings.tried(self.plugin, self.here, name, plain)
        except ValidationError as error:
            raise Refusal(self._reason(name, error)) from error
        settings.set(self._unit, self.plugin, self.here.id, name, plain)
        self._note_setting("setting_changed", name)

    def reset_setting(self, name: str) -> None:
        """Let the file decide again about a setting of this plugin here."""
        self._core.settings.reset(self._unit, self.plugin, self.here.id, name)
        self._note_setting("setting_reset", name)

    def _note_setting(self, event: str, name: str) -> None:
        subject = f"setting:{self.here.code}:{self.plugin}.{name}"
        audit.note(self._unit, self.now, self._actor, event, subject)

    def _reason(self, name: str, error: ValidationError) -> Text:
        first = error.errors(include_url=False)[0]
        facts = first.get("ctx", {})
        key, limit = _SENTENCES.get(first["type"], ("unfit", ""))
        if key != "unfit":
            return Text(f"setting.{key}", domain=CORE, name=name, limit=_limit(facts.get(limit)))
        said = str(facts.get("error", "")) if first["type"] == "value_error" else ""
        if said and self._core.catalogues.has(self.plugin, said, self._core.language):
            return Text("setting.unfit", domain=CORE, name=name, reason=Text(said, domain=self.plugin))
        return Text("setting.unfit", domain=CORE, name=name, reason=said)


def _limit(limit: object) -> str | int | float:
    if isinstance(limit, int | float):
        return limit
    return str(limit or "").replace(" or ", ", ").replace("'", "")
