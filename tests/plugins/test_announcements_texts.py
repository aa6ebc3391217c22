"""The texts of announcements: both languages complete, with u where they say je, and the sender's words as they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buurtwacht_announcements
from buurtwacht import Fact, PersonName, Text
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import Reader
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues

FOLDER = Path(buurtwacht_announcements.__file__).parent
_WORDS_OF_JE = re.compile(r"\b(?:je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
READ = ("read.official", "read.official.line", "read.poll", "read.poll.line", "corrected.official")
AT_HOME = ("read.coordinator", "corrected.coordinator")


def _catalogues() -> Catalogues:
    found = Catalogues(strict=True)
    found.add("announcements", FOLDER / "locale")
    return found


CATALOGUES = _catalogues()


def entries() -> dict[tuple[str, bool], str]:
    """Return the Dutch texts as they stand in the file, by key and whether they say u."""
    found: dict[tuple[str, bool], str] = {}
    for block in (FOLDER / "locale" / "nl.po").read_text(encoding="utf-8").split("\n\n"):
        key = re.search(r'^msgid "(.+)"$', block, re.MULTILINE)
        if key is not None:
            found[key[1], 'msgctxt "formal"' in block] = block[block.index("msgstr") :]
    return found


def test_both_languages_say_everything_with_the_same_facts() -> None:
    for key in sorted(CATALOGUES.keys("announcements")):
        names = [CATALOGUES.placeholders("announcements", key, language) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_who_is_called_u_never_reads_je() -> None:
    texts = entries()
    for (key, formal), text in texts.items():
        if key.endswith((".words", ".example")):
            continue
        if formal or (key, True) not in texts:
            assert not _WORDS_OF_JE.search(text), key


def test_nothing_shouts() -> None:
    for (key, _), text in entries().items():
        assert "!" not in text, key


def test_a_template_neither_begins_nor_ends_with_what_somebody_wrote() -> None:
    """Cloud API: Meta refuses such a body. All that officials send has few: an account has 250 names."""
    assert len(buurtwacht_announcements.manifest.templates or ()) <= 21
    for key in buurtwacht_announcements.manifest.templates or ():
        for language in LANGUAGES:
            body, _ = CATALOGUES.template_body("announcements", key, language)
            assert not re.match(r"\W*\{\{\d+\}\}", body), key
            assert not re.search(r"\{\{\d+\}\}\W*\Z", body), key


WRITTEN = st.text(st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n"), max_size=300)


@given(WRITTEN.map(str.strip).filter(bool))
@pytest.mark.parametrize("formal", [False, True], ids=["je", "u"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_member_reads_every_letter_the_sender_wrote(language: str, formal: bool, body: str) -> None:
    """R47: braces, blank lines and all; and the sender is shown with his mark, before his words."""
    facts: dict[str, Fact] = {
        "short": "M1",
        "urgency": Text("urgency.cold"),
        "name": PersonName(PersonId(1)),
        "function": "wijkregisseur",
        "municipality": "Roosendaal",
        "body": body,
        "until": datetime(2026, 3, 6, 18, 0, tzinfo=UTC),
        "ask": Text("ask.municipality", municipality="Roosendaal"),
        "line": "Neem een fles mee.",
        "options": "Ja / Nee",
        "place": "Tolberg",
    }
    reader = Reader(language=language, formal=formal, names={1: "Mieke"})
    for key in (*READ, *AT_HOME):
        said = CATALOGUES.render(Text(key, domain="announcements", **facts).within("announcements"), reader)
        before, _, rest = said.partition("———\n")
        assert rest.startswith(f"{body}\n———\n"), key
        if key in READ:
            assert "Mieke, wijkregisseur (Roosendaal) ✓" in before
