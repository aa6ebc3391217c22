"""Long texts of people: 900 characters arrive whole on every messenger, in order, with the answers under the last part.

A template of WhatsApp has its buttons by itself, so that there they stand under every part, and each of them works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from buurtwacht import Answer, Choice, Context, Manifest, Message, Severity, Text, answer
from buurtwacht.testing import Member, Neighbourhood, Received, World

SPEAKER = "speaker"
FRAME = "Mededeling van de gemeente Roosendaal. Een functionaris schrijft dit, en wij veranderen er niets aan."
END = "Antwoorden gaan niet naar de afzender. Bij gevaar bel je altijd 112, en anders 0900-8844."
CATALOGUE = rf"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\n"

msgid "told"
msgstr ""
"{FRAME}\n"
"{{words}}\n"
"{END}"

msgid "asked"
msgstr ""
"{FRAME}\n"
"{{words}}\n"
"{END}"

msgid "asked.buttons"
msgstr "Gezien"

msgid "seen"
msgstr "Gezien"

msgid "thanks"
msgstr "Dank je."
"""
MARK = re.compile(r" ?\((\d)/(\d)\)")


def plugin(folder: Path) -> ModuleType:
    """Make a plugin that passes on what somebody wrote, beside a button."""
    (folder / "locale").mkdir()
    for language in ("nl", "en"):
        (folder / "locale" / f"{language}.po").write_text(CATALOGUE)

    @answer("seen")
    def seen(ctx: Context, given: Answer) -> None:
        ctx.reply(Text("thanks"))

    module = ModuleType(SPEAKER)
    module.__file__ = str(folder / "speaker.py")
    allowed = frozenset({"send:members"})
    module.manifest = Manifest(  # type: ignore[attr-defined]
        id=SPEAKER, name="Speaker", version="1", permissions=allowed, templates=frozenset({"told", "asked"})
    )
    module.seen = seen  # type: ignore[attr-defined]
    return module


def written() -> str:
    """Return 900 characters as an official writes them: paragraphs, a list, double spaces and an emoji."""
    lines = [
        "Beste bewoners,",
        "",
        "Vannacht is er  gewaarschuwd voor rook 🚨:",
        " - ramen dicht",
        " - ventilatie uit",
        "",
    ]
    while sum(len(line) + 1 for line in lines) < 900:
        lines.append(f"Regel {len(lines)}. Wij houden u op de hoogte van wat de brandweer meet.")
    return "\n".join(lines)[:899] + "."


@pytest.fixture(params=["memory", "wire"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with World(plugins=[plugin(tmp_path)], wire=request.param == "wire") as made:
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None)


def told(world: World, where: Neighbourhood, reader: Member, words: str, *, beside: bool) -> list[Received]:
    before = len(reader.received)
    choices = [Choice("seen", Text("seen"))] if beside else []
    with world.context(SPEAKER, where) as ctx:
        text = Text("asked" if beside else "told", words=words)
        content = Message(text, choices=choices, answer="seen" if beside else "")
        ctx.send(world.person_id(reader), content, severity=Severity.URGENT)
    world.advance(minutes=1)
    return reader.received[before:]


def body(parts: list[Received]) -> str:
    """Return what the parts say together, without their marks and what frames each."""
    return " ".join(MARK.sub("", one.text).replace(FRAME, "").replace(END, "").strip() for one in parts)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def in_order(parts: list[Received]) -> bool:
    marks = [MARK.search(one.text) for one in parts]
    if len(parts) == 1:
        return marks == [None]
    return [mark and mark.groups() for mark in marks] == [
        (str(number), str(len(parts))) for number in range(1, len(parts) + 1)
    ]


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside buttons"])
@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "playground"])
def test_nine_hundred_characters_arrive_whole_and_in_order(
    world: World, tolberg: Neighbourhood, channel: str, beside: bool
) -> None:
    riet = tolberg.member("Riet", channel=channel)
    words = written()
    assert len(words) == 900
    parts = told(world, tolberg, riet, words, beside=beside)
    assert squeezed(body(parts)) == squeezed(words)
    assert in_order(parts)
    assert [bool(one.buttons) for one in parts] == [False] * (len(parts) - 1) + [beside]
    if len(parts) == 1:
        assert words in parts[0].text, "to the letter"
    if beside:
        riet.taps("Gezien")
        assert riet.last.text == "Dank je."


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside buttons"])
def test_who_was_silent_reads_it_whole_in_templates(world: World, tolberg: Neighbourhood, beside: bool) -> None:
    riet = tolberg.member("Riet", channel="whatsapp", window_open=False)
    words = written()
    parts = told(world, tolberg, riet, words, beside=beside)
    assert {one.template for one in parts} == {"buurtwacht_asked" if beside else "buurtwacht_told"}
    assert len(parts) == 2
    assert in_order(parts)
    joined = " · ".join(line.strip() for line in words.splitlines() if line.strip())
    assert squeezed(body(parts)) == squeezed(joined)
    assert [one.buttons for one in parts] == [("Gezien",) if beside else ()] * 2, "a template has its buttons by itself"
    if beside:
        riet.taps("Gezien", on=parts[0])
        assert riet.last.text == "Dank je."


def test_in_a_template_line_breaks_become_dots_and_nothing_else_changes(world: World, tolberg: Neighbourhood) -> None:
    riet = tolberg.member("Riet", channel="whatsapp", window_open=False)
    words = 'Beste  bewoners,\n\n  - ramen dicht (1)\n  - bel 0800-1351:  gratis; "nu" & <dan> *straks* {later}\t🚨'
    (part,) = told(world, tolberg, riet, words, beside=False)
    line = 'Beste  bewoners, · - ramen dicht (1) · - bel 0800-1351:  gratis; "nu" & <dan> *straks* {later} 🚨'
    assert part.text == f"{FRAME}\n{line}\n{END}"
