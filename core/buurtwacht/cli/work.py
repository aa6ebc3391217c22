"""`buurtwacht work`: one more process, on this or another machine, on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import click

from buurtwacht.cli.installation import installation
from buurtwacht.cli.output import configured
from buurtwacht.cli.run import run
from buurtwacht.vocabulary.errors import ConfigurationError


@click.command("work")
@configured
def command(config: Path) -> None:
    """Run one more process on the same PostgreSQL database: it takes its share, and over what another leaves behind.

    It needs the same configuration, environment and key as the others. It listens nowhere: messengers that call us
    reach those that `run`. An account is received from and sent for by one process at a time; when that dies or hangs,
    another takes it over within seconds. Ctrl-C or SIGTERM ends it.

    \b
    Example:
      buurtwacht work --config /etc/buurtwacht/plugins.toml
    """
    with installation(config) as here:
        if here.database.is_sqlite:
            what, mend = "is SQLite, on which one process does everything", "use PostgreSQL: docs/running.md says how"
            raise ConfigurationError([here.settings.fault("buurtwacht.database", what, mend)])
        run(here, listens=False)
