"""The playground as somebody sees and uses it: in Chromium, by mouse, by keyboard and on a telephone's screen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .webdriver import ENTER, ESCAPE, TAB, Browser, needs_browser

pytestmark = [
    pytest.mark.browser,
    needs_browser,
]

TOWN = Path(__file__).parent.parent / "adapters" / "playground_town.py"
FATIMA, HENK, RIET, KEES = "#phone-t1", "#phone-t2", "#phone-t3", "#phone-t4"
REPORT = "verdachte auto meidoornstraat, lichten uit"


@pytest.fixture
def page() -> Iterator[str]:
    with subprocess.Popen([sys.executable, str(TOWN)], stdout=subprocess.PIPE, text=True) as town:
        assert town.stdout is not None
        yield f"http://127.0.0.1:{town.stdout.readline().strip()}/playground"
        town.terminate()


@pytest.fixture
def browser(page: str) -> Iterator[Browser]:
    with Browser() as window:
        window.open(page)
        window.find(FATIMA)
        yield window
        assert window.complaints() == []


def shows(browser: Browser, where: str, text: str) -> None:
    browser.until(
        f"return document.querySelector({where!r})?.textContent.includes({text!r})", f"{text!r} is not shown in {where}"
    )


def open_window(browser: Browser, phone: str) -> None:
    browser.find(f"{phone} .window button").click()
    browser.until(f"return !document.querySelector('{phone} .window.closed')", "the window does not open")


def report(browser: Browser) -> None:
    browser.find(f"{FATIMA} textarea").type(REPORT + ENTER)
    browser.find(f"{FATIMA} .keyboard button").click()
    shows(browser, f"{KEES} .log", "VERDACHT VOERTUIG")


def test_a_report_travels_from_one_messenger_to_the_other(browser: Browser) -> None:
    report(browser)
    shows(browser, f"{HENK} .log", "VERDACHT VOERTUIG")
    shows(browser, f"{HENK} .badge", "sjabloon")
    shows(browser, "#trace", "bericht naar Henk")
    assert browser.run(f"return document.querySelectorAll('{FATIMA} .mine .read').length") == 1


def test_the_whole_story_can_be_clicked_through(browser: Browser) -> None:
    browser.find("#play").click()
    steps = browser.run("return JSON.parse(document.getElementById('given').textContent).captions.length")
    for step in range(1, int(str(steps)) + 1):
        shows(browser, "#story-step", f"Stap {step} van {steps}")
        browser.find("#story-next:not(:disabled)").click()
    shows(browser, "#story-stop", "Sluiten")
    for phone in (FATIMA, HENK, RIET, KEES):
        shows(browser, f"{phone} .log", "EINDE MELDING TB-0001")
    browser.find("#story-stop").click()
    assert browser.run("return document.getElementById('story').hidden") is True


def test_a_list_is_answered_with_the_keyboard_alone(browser: Browser) -> None:
    open_window(browser, HENK)
    report(browser)
    browser.find(f"{HENK} .replies button").type(ENTER)
    browser.find(f"{HENK} [role=dialog]")
    browser.focused().type(ESCAPE)
    assert browser.run(
        "return document.activeElement.closest('.replies') !== null && !document.querySelector('.sheet')"
    )
    browser.focused().type(ENTER)
    browser.focused().type("\ue015" + ENTER)  # arrow down, to the second answer
    shows(browser, f"{HENK} .row.mine", "Ik let op")


def test_the_focus_goes_through_a_telephone_in_order(browser: Browser) -> None:
    order = []
    browser.run(f"document.querySelector('{HENK} .owner button').focus()")
    for _ in range(6):
        order.append(
            browser.run("return document.activeElement.className || document.activeElement.dataset.act || 'window'")
        )
        browser.focused().type(TAB)
    assert order == ["block", "power", "window", "log", "window", "clip"]


def test_photo_location_and_reaction(browser: Browser) -> None:
    report(browser)
    for place, sign in ((1, ".mine img"), (3, ".map")):
        browser.find(f"{FATIMA} .clip").click()
        browser.find(f"{FATIMA} .menu.attach button:nth-child({place})").click()
        browser.find(f"{FATIMA} {sign}")
    browser.run(f"document.querySelector('{KEES} .more').click()")
    browser.find(f"{KEES} .menu.react .emoji button").click()
    shows(browser, f"{KEES} .reaction", "👍")


def test_switched_off_and_blocked_are_said(browser: Browser) -> None:
    browser.find(f"{FATIMA} [data-act=power]").click()
    shows(browser, f"{FATIMA} .verdict", "staat uit")
    browser.find(f"{FATIMA} [data-act=power]").click()
    browser.find(f"{FATIMA} [data-act=block]").click()
    shows(browser, f"{FATIMA} .verdict", "geblokkeerd")


def test_the_clock_goes_forward(browser: Browser) -> None:
    browser.find("[data-seconds='600']").click()
    shows(browser, "#time", "01:52")
    browser.find("[data-to]").click()
    shows(browser, "#time", "07:00")


def test_what_happened_inside_can_be_shown_for_one_person(browser: Browser) -> None:
    report(browser)
    browser.run(
        "const one = document.getElementById('inside-person');"
        "one.value = 'Riet'; one.dispatchEvent(new Event('change'))"
    )
    names = browser.run(
        "return [...document.querySelectorAll('#trace li:not([hidden]) .who')].map((one) => one.textContent)"
    )
    assert isinstance(names, list)
    assert set(names) == {"Riet"}


def test_markup_in_a_message_stays_text(browser: Browser) -> None:
    browser.find(f"{FATIMA} textarea").type("<img src=x onerror=document.title='oops'><b>vet</b>" + ENTER)
    shows(browser, f"{FATIMA} .mine", "<b>vet</b>")
    assert browser.run("return document.title") == "Buurtwacht · speeltuin"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (390, 844), (320, 568)])
def test_nothing_overflows_whatever_is_written(page: str, width: int, height: int) -> None:
    with Browser(width, height) as window:
        window.open(page + "?lang=en")
        window.find(f"{FATIMA} textarea").type("a" * 300 + " " + "lange zin " * 40 + ENTER)
        shows(window, f"{FATIMA} .mine", "lange zin")
        window.find(FATIMA)
        wide = window.run(
            "return [...document.querySelectorAll('body, .bar, .log, .device, .inside')]"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().height < 20)"
            ".map((one) => one.className || one.tagName)"
        )
        assert wide == []
        assert window.run("return innerWidth") == width
        assert window.complaints() == []


def test_on_a_telephone_one_phone_at_a_time(page: str) -> None:
    with Browser(390, 844) as window:
        window.open(page)
        window.find("#tabs button:nth-child(3)").click()
        window.until(
            f"return Math.abs(document.querySelector('{RIET}').getBoundingClientRect().left) < 2", "Riet is not in view"
        )
        window.until(
            "return document.querySelector('#tabs [aria-current]').textContent === 'Riet'", "Riet is not marked"
        )
        assert window.run("return document.getElementById('inside').open") is False


def test_both_languages_are_whole(page: str) -> None:
    with Browser() as window:
        for language, button in (("nl", "Speel het eerste verhaal"), ("en", "Play the first story")):
            window.open(f"{page}?lang={language}")
            window.find(FATIMA)
            assert window.find("#play").text == button
            assert window.run("return document.documentElement.lang") == language
            assert window.run("return /\\b(js|role|stage|tick)_|\\{\\w+\\}/.test(document.body.innerText)") is False
