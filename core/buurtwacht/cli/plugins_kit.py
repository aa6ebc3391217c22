"""`buurtwacht plugins new`: what the author of a plugin or a channel types. What it does is done by the kit."""

from __future__ import annotations

from pathlib import Path

import click

from buurtwacht.cli.output import say


@click.command("new")
@click.argument("name")
@click.option("--name", "title", default="", metavar="TEXT", help="What people call it; else NAME with spaces.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="FOLDER",
    help="Where the folder NAME is to stand; else here.",
)
def new(name: str, title: str, into: Path) -> None:
    """Write a new plugin into the folder NAME: a package that installs, with texts, a table and passing tests.

    \b
    Example:
      buurtwacht plugins new lost_pets --name "Lost pets"
    """
    from buurtwacht.kit import scaffold  # templates are not loaded for those who list plugins

    made = scaffold.names(name, title)
    folder = scaffold.write(made, into)
    say(f"{made.title} is written: {folder}, with the module {made.module}")
    if made.in_place_of:
        say(f"Once it is installed it takes the place of {made.id} from {made.in_place_of}.")
    say(f"""
What to do next:
  cd {folder}
  python -m pytest
  pip install -e .        # then the table [plugins.{made.id}] in plugins.toml switches it on""")


#: The commands of the kit, for the group `buurtwacht plugins`.
COMMANDS = (new,)
