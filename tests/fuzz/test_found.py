"""What fuzzing found, told one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from buurtwacht.records.schema import address

from .door import Door
from .payloads import MESSAGES, STATUSES, UPDATES, change, dump, envelope, named

LONG = "x" * 20_000


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.is_well()
    made.close()


def test_a_group_with_an_endless_title_is_entered_all_the_same(door: Door) -> None:
    """PostgreSQL refuses what is longer than its column: the event was parked, and an error."""
    entered = named(UPDATES["promoted"])["my_chat_member"]
    assert isinstance(entered, dict)
    chat = named(entered["chat"], title=LONG)
    assert door.post("telegram", dump({"update_id": 1, "my_chat_member": named(entered, chat=chat)})) == 200
    with door.world.database.reading() as connection:
        titles = connection.execute(select(address.c.title).where(address.c.is_group.is_(True))).scalars().all()
    assert titles == [LONG[:160]]


def test_an_id_that_cannot_be_kept_keeps_nothing_beside_it_from_being_kept(door: Door) -> None:
    """The same for a report about a message with such an id: Meta would have repeated the whole body for days."""
    items = [named(MESSAGES["text"], id=LONG), named(MESSAGES["text"], id="wamid.GOOD")]
    body = envelope([change([*items], [named(STATUSES["failed"], id=LONG)])])
    assert door.post("whatsapp", dump(body)) == 200
    assert door.keeps("whatsapp", "m:wamid.GOOD")
