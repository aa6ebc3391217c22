"""What the author of a plugin sees in Chromium: the calls of his code, each change, and what is wrong."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .webdriver import ENTER, Browser, needs_browser

pytestmark = [pytest.mark.browser, needs_browser]

FATIMA = "#phone-t1"
CODE = '''"""Bread: order a loaf."""

from buurtwacht import Command, Context, Manifest, Record, Text, hookimpl

manifest = Manifest(id="bread", name="Brood", version="1.0", opt_in=True)


class Loaf(Record):
    """A loaf that was ordered."""

    kind: str


def bread(ctx: Context, kind: str) -> None:
    """Order a loaf."""
    ctx.records.add(Loaf(kind=kind))
    ctx.reply(Text("ordered", kind=kind))


def burn(ctx: Context) -> None:
    """Let an order go wrong."""
    raise RuntimeError("the oven is too hot")


@hookimpl
def commands() -> list[Command]:
    """Everybody may order."""
    return [Command("bread", bread), Command("burn", burn)]
'''
TEXT = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "ordered"\nmsgstr "Besteld: {kind}"\n'


@dataclass(frozen=True, slots=True)
class Developing:
    """The demo that runs, and the files that are changed."""

    url: str
    code: Path
    text: Path


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Developing]:
    module = tmp_path / "buurtwacht_bread"
    (module / "locale").mkdir(parents=True)
    code, text = module / "__init__.py", module / "locale" / "nl.po"
    code.write_text(CODE)
    text.write_text(TEXT)
    (module / "locale" / "en.po").write_text(TEXT)
    command = [sys.executable, "-m", "buurtwacht", "demo", "--port", "0", "--plugin", str(module), "--reload"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/playground", line)
            assert address is not None, line
            yield Developing(address[0], code, text)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()


def types(browser: Browser, text: str) -> None:
    browser.find(f"{FATIMA} textarea").type(text + ENTER)


def until_shown(browser: Browser, where: str, text: str) -> None:
    script = f"return document.querySelector({where!r})?.textContent.includes({text!r})"
    browser.until(script, f"{text!r} is not shown in {where}")


def lines(browser: Browser) -> list[str]:
    found = browser.run(
        "return [...document.querySelectorAll('#trace li:not([hidden])')].map((one) => one.dataset.plugin)"
    )
    assert isinstance(found, list)
    return found


SIZES = pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])


@SIZES
def test_calls_and_errors_of_ones_own_are_seen(demo: Developing, width: int, height: int) -> None:
    with Browser(width, height) as browser:
        browser.open(demo.url)
        browser.find(FATIMA)
        types(browser, "bread tarwe")
        until_shown(browser, f"{FATIMA} .log", "Besteld: tarwe")
        types(browser, "wat doet die auto daar in de meidoornstraat")
        types(browser, "burn")
        until_shown(browser, "#inside-faults", "1 fout")
        if width < 720:
            browser.find("#inside summary").click()
        browser.find("#making")
        until_shown(browser, "#making", "Jouw onderdeel: Brood")
        until_shown(browser, "#trace .own .stage.hook ~ .what", "command bread")
        until_shown(browser, "#trace .error ~ pre", "the oven is too hot")
        assert set(lines(browser)) <= {"", "bread"}
        browser.find("#inside-mine input").click()
        browser.until("return document.querySelector('#trace li.others:not([hidden])')", "no calls of other plugins")
        wide = browser.run(
            "return [...document.querySelectorAll('body, .bar, .device, .inside, .tools, .trace, .trace pre')]"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"
        )
        assert wide == []
        below = "return document.querySelector('.trace').getBoundingClientRect().bottom <= innerHeight + 1"
        assert browser.run(below)
        assert browser.complaints() == []


def test_the_page_comes_back_by_itself_after_a_change_and_after_a_mistake(demo: Developing) -> None:
    with Browser(1400, 900) as browser:
        browser.open(demo.url)
        types(browser, "bread tarwe")
        until_shown(browser, f"{FATIMA} .log", "Besteld: tarwe")
        demo.text.write_text(TEXT.replace("Besteld", "Gebakken"))
        until_shown(browser, "#toast:not([hidden])", "Opnieuw begonnen")
        assert browser.run(f"return document.querySelector('{FATIMA} textarea').value") == "bread tarwe"
        browser.focused().type(ENTER)
        until_shown(browser, f"{FATIMA} .log", "Gebakken: tarwe")

        demo.code.write_text(CODE.replace("(Record)", "(Rekord)"))
        until_shown(browser, "[role=alert] .where", "buurtwacht_bread/__init__.py:8")
        until_shown(browser, "#stack", "NameError")
        demo.code.write_text(CODE)
        until_shown(browser, "#toast:not([hidden])", "Opnieuw begonnen")
        browser.find(FATIMA)


@SIZES
def test_what_is_wrong_is_read_in_both_languages_without_scrolling_sideways(
    demo: Developing, width: int, height: int
) -> None:
    with Browser(width, height) as browser:
        browser.open(demo.url)
        browser.find(FATIMA)
        demo.code.write_text(CODE.replace("(Record)", f"(Rekord, {'plank=' + repr('brood' * 60)})"))
        until_shown(browser, "#stack", "NameError")
        until_shown(browser, "h1", "De speeltuin wacht op een wijziging")
        assert widest(browser) == []
        browser.find("nav a[hreflang=en]").click()
        until_shown(browser, "h1", "The playground waits for a change")
        assert widest(browser) == []
        assert all("503" in one for one in browser.complaints())
        demo.code.write_text(CODE)
        until_shown(browser, "#toast:not([hidden])", "Begun anew")


def widest(browser: Browser) -> object:
    """Return what can be scrolled sideways."""
    return browser.run(
        "return [...document.querySelectorAll('html, body, main, li, pre')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.tagName)"
    )


def test_thousands_of_calls_are_kept_within_bounds(demo: Developing) -> None:
    with Browser(1400, 900) as browser:
        browser.open(demo.url)
        browser.find(FATIMA)
        browser.run(
            "import('/playground/static/inside.js').then(({ Inside }) => {"
            "  const pane = new Inside();"
            "  pane.making([{ plugin: 'bread', name: 'Brood', remarks: '' }]);"
            "  const call = (plugin) => pane.add({ stage: 'hook', what: 'recognise', plugin, person: '', account: '',"
            "    time: '01:41:00', ms: 0.1, failed: '', stack: '' });"
            "  call('bread');"
            "  for (let each = 0; each < 3000; each += 1) call('alerts');"
            "  window.done = true;"
            "})"
        )
        browser.until("return window.done", "the lines are not there", seconds=60)
        assert int(str(browser.run("return document.querySelectorAll('#trace li').length"))) <= 1000
        assert browser.run("return document.querySelectorAll('#trace li.own').length") == 1
        assert browser.complaints() == []
