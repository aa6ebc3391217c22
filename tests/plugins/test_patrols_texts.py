"""The texts of patrols: both languages complete, with u where they say je, buttons that fit, and none left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import buurtwacht_patrols
from buurtwacht import Text
from buurtwacht.vocabulary.messages import Reader
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues
from buurtwacht_patrols.records import ShiftState

FOLDER = Path(buurtwacht_patrols.__file__).parent
#: WhatsApp shows so many letters of a button (Cloud API), and of a template's (the same).
_BUTTON = 20
_WORDS_OF_JE = re.compile(r"\b(?:je|jij|jou|jouw)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    found = Catalogues(strict=True)
    found.add("patrols", FOLDER / "locale")
    return found


def entries() -> dict[tuple[str, bool], str]:
    """Return the Dutch texts as they stand in the file, by key and whether they say u."""
    found: dict[tuple[str, bool], str] = {}
    for block in (FOLDER / "locale" / "nl.po").read_text(encoding="utf-8").split("\n\n"):
        key = re.search(r'^msgid "(.+)"$', block, re.MULTILINE)
        if key is not None:
            found[key[1], 'msgctxt "formal"' in block] = block[block.index("msgstr") :]
    return found


def test_both_languages_say_everything_with_the_same_facts(catalogues: Catalogues) -> None:
    for key in sorted(catalogues.keys("patrols")):
        names = [catalogues.placeholders("patrols", key, language) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_who_is_called_u_never_reads_je() -> None:
    texts = entries()
    for (key, formal), text in texts.items():
        if key.endswith((".words", ".example")):
            continue
        if formal or (key, True) not in texts:
            assert not _WORDS_OF_JE.search(text), key


def test_nothing_shouts_and_nobody_is_sent_alone() -> None:
    for (key, _), text in entries().items():
        assert "!" not in text, key
        if re.search(r"\balleen (?:lopen|verder|loopt)\b|\bloop alleen\b", text):
            assert re.search(r"\bniet alleen\b|\bniemand loopt alleen\b", text, re.IGNORECASE), key


def test_the_buttons_of_templates_are_those_below_the_message(catalogues: Catalogues) -> None:
    asked = {key for key in catalogues.keys("patrols") if key.endswith(".buttons")}
    assert {key.removesuffix(".buttons") for key in asked} <= set(buurtwacht_patrols.manifest.templates or ())
    for key in asked:
        for language in LANGUAGES:
            labels = catalogues.words("patrols", key, language)
            assert labels
            assert all(len(one) <= _BUTTON for one in labels), key


def test_every_month_and_state_has_a_name(catalogues: Catalogues) -> None:
    for language in LANGUAGES:
        reader = Reader(language=language)
        months = {catalogues.render(Text(f"month.{number}", domain="patrols"), reader) for number in range(1, 13)}
        assert len(months) == 12
        for state in ShiftState:
            assert catalogues.has("patrols", f"state.{state.value}", language)
