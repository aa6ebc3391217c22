"""The pages for authors that are made of the code: `python -m buurtwacht.kit.pages docs/plugins`, or `make docs`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from buurtwacht.kit import context_page, hooks_page, stability


def pages(folder: Path) -> Mapping[str, str]:
    """Return the pages of a folder by their file, made of the code and of the examples that lie there."""
    return {
        "context.md": context_page.page(),
        "hooks.md": hooks_page.render(hooks_page.hooks(hooks_page.built_in()), folder / "hooks"),
        "stability.md": stability.page(),
        "public.txt": stability.snapshot(),
    }


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def main(folder: Path) -> None:
    """Write the pages of a folder again."""
    for name, content in pages(folder).items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
