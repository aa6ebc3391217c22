"""A plugin that somebody is making: a package in a folder, not installed, with a record and no migrations yet."""

from __future__ import annotations

from pathlib import Path

PROJECT = """
[project]
name = "buurtwacht-bread"
version = "1.0"

[project.entry-points."buurtwacht.plugins"]
bread = "buurtwacht_bread"
"""

CODE = '''"""Bread: order a loaf, and let who wants to know hear of it."""

from pydantic import BaseModel, Field

from buurtwacht import Command, Context, Manifest, Record, Severity, Text, hookimpl


class Settings(BaseModel, extra="forbid", frozen=True):
    """The table [plugins.bread]."""

    baker: str = Field(default="Joris", max_length=20)


manifest = Manifest(id="bread", name="Brood", version="1.0", settings=Settings, opt_in=True)


class Loaf(Record):
    """A loaf that was ordered."""

    kind: str


def order(ctx: Context, kind: str) -> None:
    """Order a loaf."""
    loaf = ctx.records.add(Loaf(kind=kind))
    ctx.reply(Text("ordered", kind=kind, baker=ctx.settings(Settings).baker))
    ctx.broadcast(ctx.audience.opted_in().without(ctx.person.id), Text("fresh", kind=kind), Severity.INFO, thread=loaf)


def burn(ctx: Context) -> None:
    """Let an order go wrong."""
    ctx.records.add(Loaf(kind="zwart"))
    raise RuntimeError("the oven is too hot")


@hookimpl
def commands() -> list[Command]:
    """Everybody may order."""
    return [Command("bread", order), Command("burn", burn)]
'''

TEXTS = {
    "nl": {
        "ordered": "Besteld bij {baker}: {kind}",
        "fresh": "Vers brood: {kind}",
        "bread": "brood",
        "burn": "aanbranden",
    },
    "en": {
        "ordered": "Ordered from {baker}: {kind}",
        "fresh": "Fresh bread: {kind}",
        "bread": "loaf",
        "burn": "scorch",
    },
}


def write(folder: Path) -> Path:
    """Write the package below a folder and return where its project lies."""
    project = folder / "bread"
    module = project / "buurtwacht_bread"
    (module / "locale").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT)
    (module / "__init__.py").write_text(CODE)
    for language, texts in TEXTS.items():
        lines = ['msgid ""', r'msgstr "Content-Type: text/plain; charset=utf-8\n"', ""]
        for key, text in texts.items():
            names = (
                [f"command.{key}.{part}" for part in ("words", "help", "example")]
                if key in ("bread", "burn")
                else [key]
            )
            for name in names:
                lines += [f'msgid "{name}"', f'msgstr "{text}"', ""]
        (module / "locale" / f"{language}.po").write_text("\n".join(lines))
    return project


def change(file: Path, before: str, after: str) -> None:
    """Write a file anew, as an editor does that keeps what was there until the new one is whole."""
    text = file.read_text()
    assert before in text
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text.replace(before, after))
    fresh.replace(file)
