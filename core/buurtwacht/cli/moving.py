"""Moving to another database: where to, with which key, and what is to be changed in the configuration afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from buurtwacht import assembly
from buurtwacht.cli.installation import Installation
from buurtwacht.cli.output import NotDone
from buurtwacht.records import dump, migration
from buurtwacht.records.keys import find_key, wrong_key
from buurtwacht.records.moved import without_password
from buurtwacht.records.running import only_one
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.settings import Settings

KEY_FILE = "buurtwacht.key"
#: By this the environment names another database than the file.
_DATABASE = "BUURTWACHT_BUURTWACHT__DATABASE"


def key_file(settings: Settings) -> Path | None:
    """Return the file with the key, unless the key comes from the environment."""
    file = settings.instance.database_file
    return None if os.environ.get("BUURTWACHT_KEY") or file is None else file.parent / KEY_FILE


@contextmanager
def target(config: Path, address: str, here: Installation) -> Iterator[Installation]:
    """Open the other database with the key of this one, for nobody else to use meanwhile.

    Raises `ConfigurationError`: an address that is none, a database that cannot be opened or is in use, another key.
    """
    with _named_by_hand():
        settings, modules = assembly.load_settings(config, {**os.environ, _DATABASE: address})
    if make_url(settings.instance.database) == make_url(here.settings.instance.database):
        raise NotDone("that is the database it stands in already")
    own = here.settings.instance.database_file
    key = find_key(os.environ, own.parent if own is not None else None)
    kept = key_file(settings)
    if kept is not None and kept.exists() and kept.read_text().strip() != key:
        raise wrong_key()
    with _named_by_hand():
        database, keyring = assembly.open_database(settings, {**os.environ, "BUURTWACHT_KEY": key})
    try:
        with only_one(database):
            yield Installation(settings, modules, database, keyring)
    finally:
        database.close()


@contextmanager
def _named_by_hand() -> Iterator[None]:
    """What is wrong with the address is wrong on the command line, not in the environment or the file."""
    try:
        yield
    except ConfigurationError as error:
        named = f"it is set by {_DATABASE}; "
        mended = [
            replace(one, where="DATABASE", mend=one.mend.removeprefix(named)) if one.mend.startswith(named) else one
            for one in error.faults
        ]
        raise ConfigurationError(mended) from error


def check_empty(there: Installation) -> None:
    """Raise `NotDone` when the database holds something, before a backup is written in vain."""
    if migration.revisions(there.database) and not dump.was_begun(there.database):
        raise NotDone("the other database is not empty: name a new one")


def what_to_change(here: Installation, there: Installation) -> Iterator[str]:
    """Yield what whoever moved has to do before the next start."""
    url = make_url(there.settings.instance.database)
    address = without_password(url).render_as_string()
    if _DATABASE in os.environ:
        yield f"now set {_DATABASE} to {address}"
    else:
        yield f'now write in plugins.toml, under [buurtwacht]: database = "{address}"'
    if url.password:
        yield "and put its password into PGPASSWORD or ~/.pgpass, wherever it runs"
    before, after = key_file(here.settings), key_file(there.settings)
    if before is not None and after is None:
        yield f"and set BUURTWACHT_KEY to what stands in {before}, wherever it runs"
    elif after is not None and not after.exists():
        yield f"and put the key in {after}, readable by nobody else (chmod 600), or keep BUURTWACHT_KEY set"
    yield "then: buurtwacht check, and start it. Keep the old database until you are content, and then remove it"
