"""The page that stands where the playground was: it is for whoever sits at this computer."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from buurtwacht import Fault
from buurtwacht.kit.reload import Trouble
from buurtwacht.kit.trouble import TroublePage

SHED = Trouble((Fault("shed.py:3", "cannot be read", "mend line 3"),), "Traceback in /shed/shed.py")


def ask(method: str, path: str, host: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=TroublePage(SHED).app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
            return await browser.request(method, path, headers={"host": host})

    return asyncio.run(asked())


@pytest.mark.parametrize("host", ["127.0.0.1:8020", "localhost:8020", "[::1]:8020"])
def test_who_sits_here_reads_what_is_wrong(host: str) -> None:
    answer = ask("GET", "/playground", host)
    assert answer.status_code == 503
    assert "shed.py:3" in answer.text
    assert "Traceback" in answer.text
    assert "shed.py:3" in ask("POST", "/playground/say", host).text


@pytest.mark.parametrize(
    ("asked", "language", "said"),
    [
        ("", "nl", "De speeltuin wacht op een wijziging"),
        ("?lang=nl", "nl", "Waar de code stond"),
        ("?lang=en", "en", "The playground waits for a change"),
        ("?lang=fr", "nl", "zodra de bestanden zijn opgeslagen"),
    ],
)
def test_it_speaks_the_language_of_the_playground(asked: str, language: str, said: str) -> None:
    shown = ask("GET", f"/playground{asked}", "127.0.0.1").text
    assert f'<html lang="{language}">' in shown
    assert said in shown


@pytest.mark.parametrize("host", ["example.org", "example.org:8020", "[", "127.0.0.1.example.org", "10.0.0.7:8020"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/playground/events"), ("POST", "/playground/say")])
def test_another_name_is_told_nothing(method: str, path: str, host: str) -> None:
    answer = ask(method, path, host)
    assert answer.status_code == 403
    assert "shed" not in answer.text
