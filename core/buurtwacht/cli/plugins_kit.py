"""`buurtwacht plugins new`: what the author of a plugin or a channel types. What it does is done by the kit."""

from __future__ import annotations

from pathlib import Path

import click

from buurtwacht.cli.output import say
from buurtwacht.cli.plugins_check import check


@click.command("new")
@click.argument("name")
@click.option("--channel", "is_channel", is_flag=True, help="Write a channel: a messenger that Buurtwacht speaks.")
@click.option("--name", "title", default="", metavar="TEXT", help="What people call it; else NAME with spaces.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="FOLDER",
    help="Where the folder NAME is to stand; else here.",
)
def new(name: str, is_channel: bool, title: str, into: Path) -> None:
    """Write a new plugin into the folder NAME: a package that installs, with texts, a table and passing tests.

    With --channel it is a channel: an adapter, a stand-in for its provider, and the tests that every channel passes.

    \b
    Example:
      buurtwacht plugins new lost_pets --name "Lost pets"
      buurtwacht plugins new --channel gateway
    """
    from buurtwacht.kit import scaffold  # templates are not loaded for those who list plugins

    kind = "channel" if is_channel else "plugin"
    made = scaffold.names(name, title, kind)
    folder = scaffold.write(made, into)
    say(f"the {kind} {made.title} is written: {folder}, with the module {made.module}")
    if made.in_place_of:
        say(f"once it is installed it takes the place of {made.id} from {made.in_place_of}")
    # a channel has no telephones in the demo: those there are the playground's own
    trial = "buurtwacht plugins check ." if is_channel else "buurtwacht demo --plugin . --reload"
    say(f"""
What to do next:
  cd {folder}
  python -m pytest
  {trial}

pip install -e . installs it, and the table [{kind}s.{made.id}] in plugins.toml switches it on.""")


#: The commands of the kit, for the group `buurtwacht plugins`.
COMMANDS = (new, check)
