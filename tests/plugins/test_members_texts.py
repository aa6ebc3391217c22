"""The texts of the members plugin: both languages complete, and none that nobody says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import buurtwacht_members
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues

FOLDER = Path(buurtwacht_members.__file__).parent


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    found = Catalogues(strict=True)
    found.add("members", FOLDER / "locale")
    return found


def said() -> Iterator[str]:
    """Yield the keys, or beginnings of keys, that the code and the page name."""
    for path in (*FOLDER.glob("*.py"), *FOLDER.glob("templates/*")):
        text = path.read_text()
        yield from re.findall(r'"([a-z_]+(?:\.[a-z_0-9]+)*)"', text)
        yield from (f"page.{key}" for key in re.findall(r'words\("([^"]+)"', text))
        yield from re.findall(r'f"([a-z_.]+\.)\{', text)


def test_both_languages_say_everything_with_the_same_facts(catalogues: Catalogues) -> None:
    for key in sorted(catalogues.keys("members")):
        names = [catalogues.placeholders("members", key, language) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_no_text_is_left_over(catalogues: Catalogues) -> None:
    known = set(said())
    beginnings = tuple(one for one in known if one.endswith("."))
    unsaid = {
        key
        for key in catalogues.keys("members")
        if key not in known and not key.startswith("command.") and not key.startswith(beginnings)
    }
    # the answers below a template
    unsaid -= {f"{key}.buttons" for key in buurtwacht_members.manifest.templates or ()}
    unsaid -= {"plugin.name"}  # the core says it where plugins are listed
    # said with their ending put together from two words: request.accepted.others, role.given.own
    assert unsaid <= {"role.given.own", "role.taken.own"}


def test_what_may_be_sent_outside_the_window_fits_a_template(catalogues: Catalogues) -> None:
    for key in buurtwacht_members.manifest.templates or ():
        for language in LANGUAGES:
            body, _ = catalogues.template_body("members", key, language)
            assert not body.startswith("{{"), "a template begins with words (Cloud API)"
            assert not body.endswith("}}"), "and ends with them"
            assert len(body) < 550, "facts come on top, and 1024 characters is all"
