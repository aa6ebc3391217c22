"""The first story plays from its first step to its last, and says where it is stuck."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from buurtwacht import Said, Tapped
from buurtwacht_playground.story import STEPS, Clock

from .playground_town import Town, hasty, town_app

PAGE = "http://127.0.0.1:8080"


@pytest.fixture
def town() -> Town:
    return Town()


def play(app: Starlette, *steps: int) -> list[httpx.Response]:
    async def scenario() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=PAGE, headers={"Origin": PAGE}
        ) as client:
            return [await client.post("/playground/story?lang=en", json={"step": step}) for step in steps]

    return asyncio.run(scenario())


def told(town: Town) -> list[str]:
    words = []
    for event in town.events():
        if isinstance(event, Said):
            words.append(event.text)
        elif isinstance(event, Tapped):
            words.append(event.choice.partition(":")[0])
    return words


def test_the_story_is_told_to_its_end(town: Town) -> None:
    answers = play(hasty(town), *range(len(STEPS)))
    assert [answer.status_code for answer in answers] == [200] * len(STEPS)
    assert answers[-1].json()["last"] is True
    words = told(town)
    assert words[1] == "Ja, door mij"
    assert "3 richting Esdoornlaan" in words
    assert words[-2:] == ["einde TB-0001 vier aanhoudingen door de politie", "Ja"]


def test_it_begins_at_night_whatever_the_clock_says(town: Town) -> None:
    town.time = town.time.replace(hour=13)
    play(town_app(town), 0)
    assert (town.time.hour, town.time.minute) == (0, 42)  # UTC
    before = town.time
    play(town_app(town), 0)
    assert town.time == before


def test_it_can_be_told_twice(town: Town) -> None:
    for _ in range(2):
        assert all(answer.status_code == 200 for answer in play(hasty(town), *range(len(STEPS))))
    assert told(town).count("Ja, door mij") == 2


def test_a_later_telling_begins_in_the_next_night_and_is_about_an_alert_of_its_own(town: Town) -> None:
    app = hasty(town)
    play(app, 0, 1)
    assert all(answer.status_code == 200 for answer in play(app, *range(len(STEPS))))
    assert (town.time.day, town.time.hour) == (17, 1)  # UTC, 25 minutes after 00:42
    assert told(town)[-2] == "einde TB-0001 vier aanhoudingen door de politie"


def test_a_step_that_is_tried_again_says_nothing_twice(town: Town) -> None:
    kees = next(one for one in _telephones(town) if one.name == "Kees")
    kees.on = False
    app = hasty(town)
    number = next(number for number, step in enumerate(STEPS) if step.who == "Riet")
    assert play(app, number, number)[-1].status_code == 409
    assert told(town).count("3 richting Esdoornlaan") == 1


def test_a_step_that_never_ends_is_given_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def advance(seconds: float) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(town, "advance", advance)
    [answer] = play(hasty(town), next(number for number, step in enumerate(STEPS) if step.does == Clock(25 * 60)))
    assert answer.status_code == 409


def test_a_step_that_leads_to_nothing_says_who_was_to_see_something(town: Town) -> None:
    for telephone in ("Riet", "Kees"):
        next(one for one in _telephones(town) if one.name == telephone).on = False
    begun = play(hasty(town), 0, 1, 2)
    assert begun[-1].status_code == 409
    assert "Riet" in begun[-1].json()["error"]


def test_an_answer_that_is_not_offered_is_left_out(town: Town) -> None:
    henk = next(number for number, step in enumerate(STEPS) if step.who == "Henk")
    [answer] = play(hasty(town), henk)
    assert answer.json() == {"played": False, "last": False}


def _telephones(town: Town):  # type: ignore[no-untyped-def]
    board = town.channels["telegram"].board  # type: ignore[attr-defined]
    board.gather()
    return board.telephones.values()
