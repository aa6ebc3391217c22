"""The pages for authors that are made of the code: `python -m buurtwacht.kit.pages docs/plugins`, or `make docs`."""

from __future__ import annotations

from pathlib import Path

import click

from buurtwacht.kit import hooks_page


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def main(folder: Path) -> None:
    """Write the pages of a folder again, from the specifications and the examples that lie beside them."""
    page = hooks_page.render(hooks_page.hooks(hooks_page.built_in()), folder / "hooks")
    (folder / "hooks.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
