"""A template has the buttons that its text has labels for: without them its choices are not shown, and tests say so."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from buurtwacht import Choice, Command, Context, Manifest, Message, Severity, Text, hookimpl
from buurtwacht.testing import World

_HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
_TEXTS = {"call": "De planten hebben dorst.", "come": "Ik kom", "command.thirst.words": "planten"}


def plants(folder: Path, **more: str) -> ModuleType:
    """Return a plugin that calls everybody to the plants, with a button; `more` are further texts."""
    for language in ("nl", "en"):
        entries = (f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in (_TEXTS | more).items())
        (folder / f"{language}.po").write_text(_HEAD + "\n".join(entries), encoding="utf-8")

    def call(ctx: Context) -> None:
        content = Message(Text("call"), choices=[Choice("come", Text("come"))])
        ctx.broadcast(ctx.audience.members(), content, Severity.URGENT)

    module = ModuleType("plants")
    module.__file__ = str(folder / "plants.py")
    module.manifest = Manifest(  # type: ignore[attr-defined]
        id="plants",
        name="Planten",
        version="1.0",
        locale=".",
        permissions=frozenset({"send:members"}),
        templates=frozenset({"call"}),
    )
    module.commands = hookimpl(lambda: [Command("thirst", call)])  # type: ignore[attr-defined]
    return module


def called(world: World) -> str:
    """Have the plants called for, and return what reached somebody who was silent for days."""
    place = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
    kees = place.member("Kees", channel="telegram", roles=["member", "coordinator"])
    riet = place.member("Riet", channel="whatsapp")
    world.advance(days=3)
    kees.says("planten")
    world.advance(seconds=30)
    assert "Ik kom" in kees.last.buttons
    return riet.last.text if riet.received else ""


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_template_without_labels_for_its_choices_fails_the_story(tmp_path: Path, wire: bool) -> None:
    with (
        pytest.raises(
            AssertionError, match=r"key=call, what=has 1 choices, and its template 0 buttons: write call\.buttons"
        ),
        World(plugins=[plants(tmp_path)], wire=wire) as world,
    ):
        called(world)


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_with_labels_it_arrives(tmp_path: Path, wire: bool) -> None:
    with World(plugins=[plants(tmp_path, **{"call.buttons": "Ik kom"})], wire=wire) as world:
        assert called(world) == "De planten hebben dorst."
