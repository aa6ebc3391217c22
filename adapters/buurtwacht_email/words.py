"""The adapter's own texts, below mails and on the page, from its catalogues in `locale/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("nl", "en")


class Words:
    """The texts in one language; an unknown language is Dutch, like the neighbourhoods."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._texts = _catalogue(self.language)

    def __call__(self, key: str, **facts: str) -> str:
        """Return one text with its facts put in. Raises `KeyError` for a text that is not there."""
        return self._texts[key].format(**facts)


@cache
def _catalogue(language: str) -> dict[str, str]:
    with (Path(__file__).parent / "locale" / f"{language}.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
