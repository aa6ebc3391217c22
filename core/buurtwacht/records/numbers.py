"""Telephone numbers of people, for the one sentence that shows one: looked up when it leaves, and kept by nobody."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from buurtwacht.records.keys import Keyring
from buurtwacht.records.schema import address, handle

_numbers = (
    select(address.c.person_id, handle.c.secret)
    .join(handle, handle.c.address_id == address.c.id)
    .where(
        address.c.person_id.in_(bindparam("b_people", expanding=True)),
        address.c.is_group.is_(False),
        handle.c.kind == "phone",
    )
    .order_by(address.c.position, address.c.id, handle.c.id)
)


def people_numbers(connection: Connection, keyring: Keyring, people: Collection[int]) -> dict[int, str]:
    """Return telephone numbers (E.164) by person: of the address he prefers among those that have one.

    An address that is switched off counts too: the messenger does not reach him there, a telephone may.
    """
    found: dict[int, str] = {}
    if people:
        for who, secret in connection.execute(_numbers, {"b_people": list(people)}):
            if who not in found:
                found[who] = keyring.unseal(secret).decode()
    return found
