"""The demo as it is started, and its first story played in Chromium from one click to its end."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from .webdriver import Browser, needs_browser

pytestmark = [pytest.mark.browser, needs_browser]

#: Real seconds that the story may take: reading times of about fifty, and a machine that has other things to do.
_STORY = 150.0
_EVERYBODY = {"Fatima", "Henk", "Riet", "Kees", "Noor", "Joost"}
_WHO_READ = """
return [...document.querySelectorAll('.phone')]
  .filter((one) => [...one.querySelectorAll('.row:not(.mine) .words')].some((row) => /PATTERN/.test(row.textContent)))
  .map((one) => one.querySelector('.owner strong').textContent)
"""


@pytest.fixture
def demo() -> Iterator[str]:
    command = [sys.executable, "-m", "buurtwacht", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/playground", line)
            assert address is not None, line
            yield address[0]
        finally:
            process.terminate()


def readers(browser: Browser, pattern: str) -> set[str]:
    """Return on whose telephones a message of ours matches."""
    found = browser.run(_WHO_READ.replace("PATTERN", pattern))
    assert isinstance(found, list)
    return set(found)


def too_wide(browser: Browser) -> object:
    return browser.run(
        "return [...document.querySelectorAll('body, .bar, .story, .log, .device, .inside')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"
    )


def begin(browser: Browser) -> None:
    browser.find("#play:not(:disabled)").click()
    browser.find("#story")


def play_to_the_end(browser: Browser, *, hurry: bool) -> None:
    """Wait until the story is told; in a hurry the captions are not read."""
    state = (
        "const next = document.getElementById('story-next');"
        "if (document.querySelector('.caption.trouble')) return document.querySelector('.caption').textContent;"
        f"if ({str(hurry).lower()} && !next.hidden && !next.disabled) next.click();"
        "return next.hidden ? 'told' : '';"
    )
    assert browser.until(state, "the story does not come to its end", seconds=_STORY) == "told"


def test_the_story_plays_to_its_end_at_one_click_and_again_after_it_was_stopped(demo: str) -> None:
    with Browser(1440, 900) as browser:
        browser.open(demo)
        browser.find("#phone-t6")
        begin(browser)
        play_to_the_end(browser, hurry=False)
        assert readers(browser, r"VERDACHT VOERTUIG") == _EVERYBODY - {"Fatima"}
        assert readers(browser, r"✅ EINDE MELDING TB-0001[^]*vier aanhoudingen door de politie") == _EVERYBODY
        assert browser.run(
            "return [...document.querySelectorAll('#phone-t4 [aria-pressed=true]')].at(-1).textContent"
        ) == ("Ja")
        whole = browser.run(
            "return [...document.querySelectorAll('.phone')].map((one) => one.getBoundingClientRect())"
            ".filter((box) => box.left >= 0 && box.right <= innerWidth).length"
        )
        assert int(str(whole)) >= 4
        assert too_wide(browser) == []

        browser.find("#story-stop").click()
        begin(browser)
        browser.until("return document.getElementById('phone-t2').textContent.includes('TB-0002')", "no second alert")
        browser.find("#story-stop").click()
        begin(browser)
        play_to_the_end(browser, hurry=True)
        assert readers(browser, r"✅ EINDE MELDING TB-0003") == _EVERYBODY
        assert readers(browser, r"✅ EINDE MELDING TB-0002") == set()
        assert browser.complaints() == []


def test_on_a_telephones_screen_the_story_fits(demo: str) -> None:
    with Browser(390, 844) as browser:
        browser.open(demo)
        browser.find("#phone-t1")
        begin(browser)
        play_to_the_end(browser, hurry=True)
        assert too_wide(browser) == []
        assert browser.run("return innerWidth") == 390
        assert readers(browser, r"✅ EINDE MELDING TB-0001") == _EVERYBODY
        assert browser.complaints() == []
