"""A private link over real HTTP, and nothing of it in what the process writes."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from .town_process import Town, free_port, telegram, until

TOKEN = "123456789:stand-in-for-telegram"


def test_a_link_is_answered_over_http_and_stands_in_no_log(tmp_path: Path) -> None:
    town = Town(tmp_path, free_port())
    with telegram("--token", TOKEN) as messenger:
        kees = str(messenger.post("opens", person="Kees")["handles"][0])
        town.write(f'[channels.telegram]\ntoken = "{TOKEN}"\napi_url = "{messenger.url}"\n')
        town.members([f"TB,Kees,nl,member coordinator,Meidoornstraat,telegram,{kees}"])
        with town.running() as process:
            messenger.post("says", person="Kees", text="feed")
            links: list[str] = []

            def arrived() -> bool:
                links[:] = [found for one in messenger.seen() for found in re.findall(r"http\S+", one["text"])]
                return bool(links)

            until(arrived, "the links")
            assert links[0].startswith(f"{town.url}/feeds/"), "without a public address it names this machine"
            first = httpx.get(links[0])
            assert (first.status_code, first.json()["features"]) == (200, [])
            assert httpx.get(links[0], headers={"if-none-match": first.headers["etag"]}).status_code == 304
            head = httpx.head(links[0])
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == str(len(first.content))
            assert httpx.get(f"{links[0]}x").status_code == 404
            upgrade = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
            httpx.get(links[0], headers=upgrade)
            assert process.stop() == 0
        token = links[0].split("/")[4]
        assert len(token) == 32
        assert not [line for line in process.lines if token in line]
