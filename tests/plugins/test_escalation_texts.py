"""The texts of escalation: both languages complete, u where they say je, no promise, templates that Meta takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import buurtwacht_escalation
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues
from buurtwacht_escalation.records import State

FOLDER = Path(buurtwacht_escalation.__file__).parent
#: WhatsApp shows so many letters of a button (Cloud API).
_BUTTON = 20
#: So many of the 250 template names of an account are this plugin's.
_TEMPLATES = 24
_WORDS_OF_JE = re.compile(r"\b(?:je|jij|jou|jouw)\b", re.IGNORECASE)
_PROMISES = re.compile(
    r"\b(?:wij|we|ik|buurtwacht) (?:bel|bellen|belt|heb(?:ben)? gebeld)\b(?! (?:zelf )?nooit)"
    r"|politie (?:komt|is onderweg)"
    r"|police (?:are|is) (?:coming|on)|(?:we|i) (?:call|called)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    found = Catalogues(strict=True)
    found.add("escalation", FOLDER / "locale")
    return found


def entries(language: str = "nl") -> dict[tuple[str, bool], str]:
    """Return the texts as they stand in the file, by key and whether they say u."""
    found: dict[tuple[str, bool], str] = {}
    for block in (FOLDER / "locale" / f"{language}.po").read_text(encoding="utf-8").split("\n\n"):
        key = re.search(r'^msgid "(.+)"$', block, re.MULTILINE)
        if key is not None:
            place = key[1], 'msgctxt "formal"' in block
            assert place not in found, f"{place} stands twice"
            found[place] = block[block.index("msgstr") :]
    return found


def test_both_languages_say_everything_with_the_same_facts(catalogues: Catalogues) -> None:
    for key in sorted(catalogues.keys("escalation")):
        names = [catalogues.placeholders("escalation", key, language) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_who_is_called_u_never_reads_je() -> None:
    texts = entries()
    for (key, formal), text in texts.items():
        if not key.endswith((".words", ".example")) and (formal or (key, True) not in texts):
            assert not _WORDS_OF_JE.search(text), key


def test_nothing_shouts_or_promises() -> None:
    """Design §9.1: nobody reads that we called, or that somebody is coming."""
    for language in LANGUAGES:
        for (key, _), text in entries(language).items():
            assert "!" not in text, key
            assert not _PROMISES.search(text), key


def test_templates_are_few_and_begin_and_end_with_words(catalogues: Catalogues) -> None:
    templates = buurtwacht_escalation.manifest.templates or frozenset()
    assert len(templates) <= _TEMPLATES
    for key in sorted(templates):
        for language in LANGUAGES:
            body, _ = catalogues.template_body("escalation", key, language)
            assert not body.startswith("{{"), key
            assert not body.endswith("}}"), key


def test_the_buttons_of_templates_fit(catalogues: Catalogues) -> None:
    asked = {key for key in catalogues.keys("escalation") if key.endswith(".buttons")}
    assert {key.removesuffix(".buttons") for key in asked} <= set(buurtwacht_escalation.manifest.templates or ())
    for key in asked:
        for language in LANGUAGES:
            labels = catalogues.words("escalation", key, language)
            assert labels
            assert all(len(one) <= _BUTTON for one in labels), key


def test_every_state_has_a_name(catalogues: Catalogues) -> None:
    for language in LANGUAGES:
        for state in State:
            assert catalogues.has("escalation", f"state.{state.value}", language)
