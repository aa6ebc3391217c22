"""Threads that touch the database: who asks much and goes away leaves enough of them to deliveries and leases."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

from buurtwacht import threads
from buurtwacht.records.trouble import Trouble
from buurtwacht.threads import Threads
from buurtwacht.vocabulary.errors import StoreUnavailable


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Trouble:
    monkeypatch.setattr(threads, "ANSWERED", 0.02)
    return Trouble()


def test_what_many_asked_for_in_vain_leaves_threads_for_what_must_go_on(trouble: Trouble) -> None:
    pool, over = Threads(trouble), Event()

    async def story() -> None:
        for _ in range(12):
            with pytest.raises(StoreUnavailable):
                await pool.run_in_time(over.wait)
        async with asyncio.timeout(60):
            assert await asyncio.gather(*(pool.run(int, "7") for _ in range(20))) == [7] * 20
        over.set()
        async with asyncio.timeout(60):
            while True:
                try:
                    assert await pool.run_in_time(int, "7") == 7
                    return
                except StoreUnavailable:
                    await asyncio.sleep(0)

    asyncio.run(story())
    pool.close()
    assert not trouble.present, "a page that takes long says nothing of the database"


def test_a_messenger_that_is_not_answered_is_trouble(trouble: Trouble) -> None:
    pool, over = Threads(trouble), Event()

    async def story() -> None:
        with pytest.raises(StoreUnavailable):
            await pool.run_to_answer(over.wait)
        over.set()

    asyncio.run(story())
    pool.close()
    assert trouble.present
