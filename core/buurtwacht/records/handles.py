"""Handles: under what a messenger knows an address. They are kept sealed, and found by what only our key makes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, insert, select

from buurtwacht.records.database import Unit
from buurtwacht.records.keys import Keyring
from buurtwacht.records.prepared import Prepared
from buurtwacht.records.schema import handle
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import new_id

_insert_handle = insert(handle)
_handles = Prepared(
    select(handle.c.address_id, handle.c.kind, handle.c.secret)
    .where(handle.c.address_id.in_(bindparam("b_ids", expanding=True)))
    .order_by(handle.c.id)
)


def add_handles(unit: Unit, keyring: Keyring, account: str, address_id: int, handles: Collection[Handle]) -> None:
    """Attach handles to an address; one that belonged to another address moves here.

    An address has one handle of each kind: the former goes, because a telephone number is given to somebody else.
    """
    kinds = {one.kind for one in handles}
    unit.write(delete(handle).where(handle.c.address_id == address_id, handle.c.kind.in_(kinds)))
    for one in handles:
        lookup = keyring.lookup(account, one)
        unit.write(delete(handle).where(handle.c.account == account, handle.c.lookup == lookup))
        unit.write(
            _insert_handle,
            {
                "id": new_id(),
                "address_id": address_id,
                "account": account,
                "kind": one.kind,
                "lookup": lookup,
                "secret": keyring.seal(one.value.encode()),
            },
        )


def handles_of(connection: Connection, keyring: Keyring, address_ids: Collection[int]) -> dict[int, list[Handle]]:
    """Return the handles of addresses, decrypted; only the edge needs them."""
    found: dict[int, list[Handle]] = {}
    if not address_ids:
        return found
    for address_id, kind, secret in map(tuple, _handles.read(connection, {"b_ids": list(address_ids)})):
        found.setdefault(address_id, []).append(Handle(kind, keyring.unseal(secret).decode()))
    return found
