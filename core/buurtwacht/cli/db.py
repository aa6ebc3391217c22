"""`buurtwacht db`: the schema, backups in our own portable form, and the key."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from buurtwacht import assembly
from buurtwacht.cli import moving
from buurtwacht.cli.absent import absent, all_histories, mend_of
from buurtwacht.cli.installation import Installation, installation
from buurtwacht.cli.moving import KEY_FILE
from buurtwacht.cli.output import NotDone, configured, say, tell
from buurtwacht.host import discovery
from buurtwacht.records import audit, dump, migration, moved, removal
from buurtwacht.records.dump import Header, UnfitDump
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.migration import CORE, SchemaState
from buurtwacht.records.rekeying import rekey as write_anew
from buurtwacht.records.restored import Held, hold_back
from buurtwacht.records.running import only_one, upgrading
from buurtwacht.vocabulary.clock import SystemClock


@click.group("db")
def command() -> None:
    """Upgrade the database, back it up, restore it, move it, take it back into use, or change its key.

    \b
    Example:
      buurtwacht db backup
    """


@command.command("upgrade")
@configured
def upgrade(config: Path) -> None:
    """Bring the database to the schema of this version, after a backup when there is anything to lose.

    On PostgreSQL the processes that run go on meanwhile. Those of an older version notice within a minute, and stop.

    \b
    Example:
      buurtwacht db upgrade
    """
    with installation(config) as here, upgrading(here.database):
        migration.check_in_use(here.database)
        histories = assembly.histories(here.modules)
        if migration.state(here.database, histories) is SchemaState.OLDER:
            say(f"backup: {_backed_up(here)}")
        changed = migration.upgrade(here.database, histories)
        migration.bind_key(here.database, here.keyring)
    say(f"upgraded: {', '.join(changed)}" if changed else "the schema is that of this version already")


@command.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@configured
def backup(config: Path, file: Path | None) -> None:
    """Write everything to FILE; without it to a new file beside the database (on PostgreSQL: in this folder).

    It can be read into either kind of database. It is encrypted where the database is, and does not hold the key: keep
    the key too, elsewhere. Buurtwacht may run meanwhile.

    \b
    Example:
      buurtwacht db backup /backups/tolberg.backup
    """
    with installation(config) as here:
        say(f"backup: {_backed_up(here, file)}")
        for plugin in absent(here):
            tell(f"{plugin} is not installed here, and the backup holds its tables: {mend_of(plugin)}")


@command.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--send", is_flag=True, help="Send what waited: nothing ran after this backup was made.")
@click.option(
    "--without",
    multiple=True,
    metavar="PLUGIN",
    help="Restore nothing of this plugin, which need not be installed then. May be said more than once.",
)
@configured
def restore(config: Path, file: Path, send: bool, without: tuple[str, ...]) -> None:
    """Fill an empty database from the backup FILE. The key it was made with must be in place.

    What waited to be sent when the backup was made has probably left since, and would be said twice: it becomes
    unknown, and `buurtwacht deliveries retry` sends what has to be sent. With --send all of it is sent.

    \b
    Example:
      buurtwacht db restore /backups/tolberg.backup
    """
    with _unfit_is_not_done():
        header = dump.examine(file)
    _key_must_be_here(config)
    with installation(config) as here, only_one(here.database), _unfit_is_not_done():
        _check_without(here, header, without)
        histories = all_histories(here, header.revisions.keys() - set(without))
        held: list[Held] = []

        def finish(connection: Connection) -> None:
            if not send:
                held.append(hold_back(connection, SystemClock().now()))

        count = dump.restore(here.database, histories, here.keyring, file, finish=finish, without=without)
        say(f"{count} rows restored, as they stood at {datetime.fromisoformat(header.made_at):%Y-%m-%d %H:%M:%S} UTC")
        for plugin in without:
            _leave_out(here, plugin)
    for one in held:
        _say_held(one)


def _say_held(held: Held) -> None:
    if held.deliveries:
        say(f"{held.deliveries} deliveries waited then and may have left since: they are not sent, and are unknown now")
        say("  look: buurtwacht deliveries --state unknown; send: buurtwacht deliveries retry ID …")
    if held.messages:
        say(f"{held.messages} messages had readers that were not listed yet: they are not sent to those")


@command.command("move")
@click.argument("database")
@configured
def move(config: Path, database: str) -> None:
    """Move everything to another DATABASE, an empty one: from SQLite to PostgreSQL, or back. Stop Buurtwacht first.

    DATABASE is an address as in plugins.toml; a password belongs in PGPASSWORD or ~/.pgpass. The old database keeps
    what it has, and nothing runs on it any more; a backup of it is written. A move that was broken off is begun again
    by the same command.

    \b
    Example:
      buurtwacht db move postgresql+psycopg://buurtwacht@db.internal/buurtwacht
    """
    with installation(config) as here, only_one(here.database):
        if gone := absent(here):
            raise NotDone(f"{gone[0]} is not installed here, and the database holds its tables: {mend_of(gone[0])}")
        histories = all_histories(here, migration.revisions(here.database))
        if migration.state(here.database, histories) is not SchemaState.CURRENT:
            raise NotDone("bring the database to this version first: buurtwacht db upgrade")
        migration.bind_key(here.database, here.keyring)
        with moving.target(config, database, here) as there, _unfit_is_not_done():
            moving.check_empty(there)
            backup = _backed_up(here)
            say(f"backup: {backup}")
            count = dump.restore(there.database, histories, here.keyring, backup)
            if dump.counts(there.database) != dump.counts(here.database):
                raise NotDone("the databases do not hold the same number of rows: remove the new one and try again")
            with here.database.writing() as connection:
                moved.mark(connection, there.settings.instance.database)
            say(f"{count} rows moved")
            for line in moving.what_to_change(here, there):
                say(line)


@command.command("reopen")
@click.option("--send", is_flag=True, help="Send what waited: nothing ran on the other database.")
@configured
def reopen(config: Path, send: bool) -> None:
    """Take a database back into use that was moved elsewhere. Stop what runs on the other one first, for good.

    What was done there since is not in this one. What waited here when it was moved has probably left from there, and
    would be said twice: it becomes unknown, and `buurtwacht deliveries retry` sends what has to be sent. With --send
    all of it is sent.

    \b
    Example:
      buurtwacht db reopen
    """
    with installation(config) as here, only_one(here.database):
        if CORE.owner not in migration.revisions(here.database):
            raise NotDone("this database is empty: nothing was moved from it")
        with here.database.writing() as connection:
            if not moved.take_back(connection):
                raise NotDone("this database was not moved: it is in use")
            held = None if send else hold_back(connection, SystemClock().now())
    say("this database is in use again")
    if held is not None:
        _say_held(held)


@command.command("rekey")
@click.option(
    "--new-key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Holds the new key, or is made and will hold it. Needed when the key comes from BUURTWACHT_KEY.",
)
@configured
def rekey(config: Path, new_key_file: Path | None) -> None:
    """Change the key that protects what is at rest, after a backup. Stop Buurtwacht first.

    The backup needs the old key, which is kept beside the new one. Invitation links that were not used yet stop
    working.

    \b
    Example:
      buurtwacht db rekey
    """
    with installation(config) as here, only_one(here.database):
        migration.bind_key(here.database, here.keyring)
        kept = _key_file(here)
        if kept is None and new_key_file is None:
            raise click.UsageError("the key comes from BUURTWACHT_KEY: say where the new one goes, --new-key-file FILE")
        target = new_key_file or (kept.with_name(f"{kept.name}.new") if kept else Path(KEY_FILE))
        fresh = _fresh_key(target)
        say(f"backup, with the old key: {_backed_up(here)}")
        old = here.keyring
        count = write_anew(here.database, old, Keyring([fresh]))
        say(f"{count} rows are protected by the new key")
        if kept is not None and new_key_file is None:
            aside = kept.with_name(f"{kept.name}.{_stamp(SystemClock().now())}.old")
            kept.replace(aside)
            target.replace(kept)
            say(f"the new key stands in {kept.name}, the old one in {aside.name}")
        else:
            say(f"the new key stands in {target}: set BUURTWACHT_KEY to it before the next start")


def _backed_up(here: Installation, file: Path | None = None) -> Path:
    now = SystemClock().now()
    if file is None:
        database = here.database.path
        beside = database if database is not None else Path.cwd() / "buurtwacht"
        file = beside.with_name(f"{beside.name}.{_stamp(now)}.backup")
    try:
        with _unfit_is_not_done():
            dump.write(here.database, file, at=now)
    except FileExistsError:
        raise NotDone(f"{file} is there already: remove it, or name another file") from None
    except OSError as error:
        raise NotDone(f"{file} cannot be written: {error.strerror}") from error
    return file


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d-%H%M%S}"


@contextmanager
def _unfit_is_not_done() -> Iterator[None]:
    """A backup that does not fit is nothing unexpected: what is said of it is the answer."""
    try:
        yield
    except UnfitDump as error:
        raise NotDone(str(error)) from error


def _check_without(here: Installation, header: Header, without: Collection[str]) -> None:
    """Raise `NotDone`, or `UsageError`, where a plugin cannot be left out of what is restored."""
    for plugin in without:
        if plugin in here.settings.plugins:
            raise NotDone(f"{plugin} is in use: take [plugins.{plugin}] out of the configuration first")
        if plugin not in header.revisions or plugin == CORE.owner:
            known = ", ".join(sorted(header.revisions.keys() - {CORE.owner})) or "none"
            raise click.UsageError(f"the backup holds no tables of a plugin called {plugin}; it holds those of {known}")


def _leave_out(here: Installation, plugin: str) -> None:
    """Erase what the core's own tables brought back of a plugin: without its tables it leads nowhere."""
    others = {*here.settings.plugins, *discovery.installed()} - {plugin}
    removal.erase(here.database, plugin, removal.kept(here.database, plugin, others))
    audit.write(here.database, SystemClock().now(), "operator", "plugin_removed", f"plugin:{plugin}")
    say(f"nothing of {plugin} was restored")


def _key_must_be_here(config: Path) -> None:
    """A key that was made just now opens no backup: ask for the right one before one is made."""
    settings, _ = assembly.load_settings(config, os.environ)
    file = settings.instance.database_file
    if file is None or os.environ.get("BUURTWACHT_KEY") or (file.parent / KEY_FILE).exists():
        return
    raise NotDone(f"put the key of the backup in place first: as {KEY_FILE} beside {file.name}, or in BUURTWACHT_KEY")


def _key_file(here: Installation) -> Path | None:
    """Return the file with the key, unless the key comes from the environment."""
    return moving.key_file(here.settings)


def _fresh_key(target: Path) -> str:
    """Return the key in this file; a file that is not there is made, with a new key."""
    if target.exists():
        return target.read_text().strip()
    key = new_key()
    try:
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(key + "\n")
    except OSError as error:
        raise NotDone(f"{target} cannot be written: {error.strerror}") from error
    return key
