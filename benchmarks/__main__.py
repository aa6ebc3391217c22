"""`make bench`: measures design §7 beside its peers, prints a table and writes docs/performance.md.

Each figure is a ratio of programs that ran in turns on the same machine. Nothing here decides a test.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import click

from benchmarks.measures import MEASURES
from benchmarks.measuring import Plan
from benchmarks.page import PAGE, new_run, read, table, write


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(MEASURES)))
@click.option("--tiny", is_flag=True, help="as little as shows that it runs; writes nothing")
@click.option("--no-page", is_flag=True, help="print only")
def main(names: Sequence[str], tiny: bool, no_page: bool) -> None:
    """Measure all, or those named, and put their rows into docs/performance.md, where the others stay."""
    plan = Plan(turns=1, tiny=True) if tiny else Plan()
    done = {}
    failed = []
    for name in names or MEASURES:
        click.echo(f"measuring {name} …", err=True)
        before, began = os.getloadavg()[0], time.monotonic()
        try:
            rows = MEASURES[name].rows(plan)
        except Exception as error:  # whatever it is, the others are measured, and what failed is said at the end
            failed.append(name)
            click.echo(f"{name} was not measured: {type(error).__name__}: {error}", err=True)
            continue
        click.echo(f"{name} took {time.monotonic() - began:.0f} s", err=True)
        if not rows:
            continue
        done[name] = new_run(name, before, rows)
        if not (tiny or no_page):
            # after each one: what was measured is kept when a later one fails
            write({**read(), name: done[name]}, MEASURES)
    click.echo(table(list(done.values())))
    if not (tiny or no_page):
        click.echo(f"written to {PAGE.relative_to(PAGE.parent.parent)}", err=True)
    if failed:
        raise click.ClickException(f"not measured: {', '.join(failed)}")


if __name__ == "__main__":
    main()
