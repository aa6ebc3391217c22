"""A database that was moved elsewhere: nothing runs on it any more, for what waits in it leaves from the other one."""

from __future__ import annotations

from sqlalchemy import URL, Connection, delete, insert, make_url, select

from buurtwacht.records.schema import meta
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: Stands in `meta` of a database whose contents stand in another one: where, without what is secret.
MOVED = "moved"


def mark(connection: Connection, address: str) -> None:
    """Remember that everything stands at this address now."""
    take_back(connection)
    # A password may stand among the options too.
    shown = without_password(make_url(address)).set(query={}).render_as_string()
    connection.execute(insert(meta), {"name": MOVED, "value": shown})


def without_password(url: URL) -> URL:
    """Return an address that may be shown and written down. `URL.set` takes None for what is to stay."""
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)


def take_back(connection: Connection) -> bool:
    """Let this database be used again; return whether it had been moved."""
    return connection.execute(delete(meta).where(meta.c.name == MOVED)).rowcount > 0


def refuse(connection: Connection) -> None:
    """Raise `ConfigurationError` when this database was moved. Its schema is there, of whatever version."""
    address = connection.execute(select(meta.c.value).where(meta.c.name == MOVED)).scalar()
    if address is not None:
        mend = "name that one in plugins.toml; to take this one back into use all the same: buurtwacht db reopen"
        raise ConfigurationError([Fault("buurtwacht.database", f"was moved to {address}", mend)])
