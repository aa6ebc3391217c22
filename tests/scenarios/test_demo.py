"""What somebody sees who types `buurtwacht demo`: the first story, and an official of the sample town."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import httpx

from .town_process import server

LAST_STEP = 10


def state(page: httpx.Client) -> dict[str, Any]:
    """Return all that the page shows."""
    with page.stream("GET", "/playground/events", params={"viewer": "test"}) as stream:
        text = ""
        for chunk in stream.iter_text():
            text += chunk
            if "\n\n" in text:
                break
    told: dict[str, Any] = json.loads(text.partition("data: ")[2].partition("\n\n")[0])
    return told


def screens(telephones: list[dict[str, Any]]) -> dict[str, str]:
    """Return all that stands on each telephone, by first name."""
    return {one["name"]: "\n".join(each["text"] for each in one["messages"] if not each["mine"]) for one in telephones}


def says(page: httpx.Client, name: str, *texts: str) -> None:
    """Let somebody type one text after the other, each once what came of the one before is done."""
    telephone = next(one["id"] for one in state(page)["telephones"] if one["name"] == name)
    for text in texts:
        assert page.post("/playground/say", json={"telephone": telephone, "text": text}).status_code == 200
        page.post("/playground/advance", json={"seconds": 5})


def test_the_first_story_plays_to_its_end() -> None:
    with server("-m", "buurtwacht", "demo", "--port", "0") as process:
        line = process.next_line()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address is not None, line
        url = address[0]
        with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as page:
            assert page.get("/").headers["location"] == "/playground"
            for step in range(LAST_STEP + 1):
                told = page.post("/playground/story", json={"step": step})
                assert told.status_code == 200, f"step {step}: {told.text}"
                assert told.json() == {"played": True, "last": step == LAST_STEP}
            told_at_last = state(page)
            assert not screens(told_at_last["telephones"])["Anja"]
            shown = screens(told_at_last["telephones"])
        assert process.stop() == 0
        # Nothing is warned of while all is well.
        assert process.lines == [line]
    for neighbour in ("Henk", "Riet", "Kees", "Joost"):
        assert "112: gebeld door melder (01:42)" in shown[neighbour]
        assert "vier aanhoudingen door de politie" in shown[neighbour]
    assert "vier aanhoudingen door de politie" in shown["Fatima"]
    for neighbour in ("Henk", "Riet", "Joost"):
        assert "Fatima" not in shown[neighbour]
    assert "U hoeft niets meer te doen" in shown["Riet"]
    happened = Counter((one["stage"], one["person"]) for one in told_at_last["glimpses"])
    for neighbour in ("Henk", "Riet", "Joost"):
        assert happened["queued", neighbour] >= happened["sent", neighbour] > 0
        assert happened["failed", neighbour] == 0


def test_the_municipality_announces_and_the_representatives_choose() -> None:
    with server("-m", "buurtwacht", "demo", "--port", "0") as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.next_line())
        assert address is not None
        url = address[0]
        with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as page:
            says(page, "Gerda", "mededeling: Zaterdag is de Meidoornstraat dicht", "Koud", "Ja")
            for representative in ("Henk", "Noor"):
                says(page, representative, "Doorzetten")
            page.post("/playground/advance", json={"seconds": 60})
            shown = screens(state(page)["telephones"])
        assert process.stop() == 0
    for neighbour in ("Fatima", "Riet", "Kees", "Joost"):
        assert "Van: Gerda, gemeente (Roosendaal)" in shown[neighbour], neighbour
    assert "VERSLAG van mededeling M1" in shown["Gerda"]
    assert not shown["Anja"]
