"""What is found in what handlers do and what a package imports; and what looks like it and is no fault."""

from __future__ import annotations

import pytest

from .packages import MAIN, Inspected, codes, found
from .test_inspection_hooks import line_with

HANDLER = "\n\n@timer('x')\ndef x(ctx: Context):\n    {}  # HERE\n"


@pytest.mark.parametrize(
    ("imports", "line", "code"),
    [
        ("import time", "time.sleep(60)", "handler-sleeps"),
        ("from time import sleep", "sleep(60)", "handler-sleeps"),
        ("from time import sleep as wait", "wait(60)", "handler-sleeps"),
        ("import time as clock", "clock.sleep(1)", "handler-sleeps"),
        ("", "input()", "handler-sleeps"),
        ("from datetime import datetime", "datetime.now()", "handler-clock"),
        ("from datetime import UTC, datetime", "datetime.now(UTC)", "handler-clock"),
        ("import datetime as dt", "dt.datetime.utcnow()", "handler-clock"),
        ("from datetime import date", "date.today()", "handler-clock"),
        ("import time", "time.time()", "handler-clock"),
        ("import time", "time.monotonic()", "handler-clock"),
        ("from datetime import datetime", "map(datetime.now, [])", "handler-clock"),
        ("from buurtwacht import SystemClock", "SystemClock().now()", "handler-clock"),
        ("import socket", "socket.create_connection(('a', 1))", "handler-network"),
        ("import requests", "requests.get('https://a.example')", "handler-network"),
        ("import httpx", "httpx.get('https://a.example')", "handler-network"),
        ("import httpx", "with httpx.Client() as client: pass", "handler-network"),
        ("from urllib.request import urlopen", "urlopen('https://a.example')", "handler-network"),
        ("import urllib.request", "urllib.request.urlopen('a')", "handler-network"),
        ("import aiohttp", "aiohttp.ClientSession()", "handler-network"),
        ("import smtplib", "smtplib.SMTP('a')", "handler-network"),
        ("import threading", "threading.Thread(target=print)", "handler-threads"),
        ("from concurrent.futures import ThreadPoolExecutor", "ThreadPoolExecutor()", "handler-threads"),
        ("import asyncio", "asyncio.run(None)", "handler-threads"),
        ("import subprocess", "subprocess.run(['a'])", "handler-process"),
        ("import os", "os.system('a')", "handler-process"),
        ("import sys", "sys.exit()", "handler-process"),
        ("", "open('a', 'w')", "handler-files"),
        ("", "open('a', mode='ab')", "handler-files"),
        ("from pathlib import Path", "Path('a').write_text('b')", "handler-files"),
        ("import os", "os.remove('a')", "handler-files"),
        ("import shutil", "shutil.rmtree('a')", "handler-files"),
        ("import sqlite3", "sqlite3.connect('a')", "handler-database"),
        ("from sqlalchemy import create_engine", "create_engine('a')", "handler-database"),
        ("", "print(1)", "handler-prints"),
        ("", "breakpoint()", "handler-prints"),
        ("", "ctx._unit.commit()", "private-attribute"),
        ("", "ctx.records._unit", "private-attribute"),
        ("", "ctx.within(ctx.here)._core", "private-attribute"),
        ("from buurtwacht.host.context import Context", "pass", "private-import"),
        ("import buurtwacht.records.schema", "pass", "private-import"),
        ("from buurtwacht import _ROOMS", "pass", "private-import"),
        ("from buurtwacht import host", "pass", "private-import"),
        ("from buurtwacht_alerts.alert import Alert", "pass", "other-plugin"),
        ("import buurtwacht_telegram", "pass", "other-plugin"),
        ("", "for one in [1, 2]: ctx.records.get(Pet, one)", "query-in-loop"),
        ("", "[ctx.records.find(Pet, owner=one) for one in (1, 2)]", "query-in-loop"),
        ("", "[one for one in (1, 2) if ctx.records.count(Pet, where=[one])]", "query-in-loop"),
        ("", "while ctx.records.first(Pet): pass", "query-in-loop"),
    ],
)
def test_what_a_handler_may_not_do(inspected: Inspected, imports: str, line: str, code: str) -> None:
    one = next(each for each in inspected({MAIN: f"{imports}\n{HANDLER.format(line)}"}) if each.code == code)
    shown = one.place.file.read_text().splitlines()[one.place.line - 1].strip()
    assert shown in (line_with(HANDLER.format(line)), imports)
    assert one.mend


@pytest.mark.parametrize(
    ("imports", "line"),
    [
        ("from datetime import datetime", "datetime.fromisoformat('2026-03-06T01:42+01:00')"),
        ("from datetime import datetime", "datetime.combine(ctx.now.date(), ctx.now.time())"),
        ("from urllib.parse import quote", "quote('a')"),
        ("import time", "x: time.struct_time | None = None"),
        ("", "open('a').read()"),
        ("from pathlib import Path", "Path('a').read_text()"),
        ("", "ctx.now.today"),
        ("", "[one.id for one in ctx.records.find(Pet)]"),
        ("", "for one in ctx.records.find(Pet): one.description = ''"),
        ("", "sum(1 for one in ctx.records.find(Pet) if one.id)"),
        ("", "__import__"),
        ("from buurtwacht.testing import World", "pass"),
        ("import secrets, random", "random.choice([secrets.token_hex()])"),
    ],
)
def test_what_a_handler_may_do(inspected: Inspected, imports: str, line: str) -> None:
    assert codes(inspected({MAIN: f"{imports}\n{HANDLER.format(line)}"})) == []


@pytest.mark.parametrize(
    "text",
    [
        "import time\n\n\ndef nobody_calls():\n    time.sleep(1)\n",
        "import time\n\nif __name__ == '__main__':\n    time.sleep(1)\n",
        "def x(time):\n    time.sleep(1)\n\n\n@timer('x')\ndef y(ctx: Context):\n    x(ctx)\n",
        "@timer('x')\ndef y(ctx: Context):\n    requests = {}\n    requests.get('a')\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import requests\n\n\n@timer('x')\n"
        "def y(ctx: Context, of: 'requests.Response'):\n    pass\n",
    ],
)
def test_what_never_runs_in_a_handler(inspected: Inspected, text: str) -> None:
    assert codes(inspected({MAIN: text})) == []


def test_what_a_handler_leads_to_is_found_in_another_file_with_the_way_to_it(inspected: Inspected) -> None:
    fetching = (
        "import time\n\n\nclass Shelter:\n    '''Asks.'''\n\n    def ask(self):\n        return self._wait()\n\n"
        "    def _wait(self):\n        time.sleep(1)\n"
    )
    middle = "from strays_pets import fetching\n\n\ndef look():\n    return fetching.Shelter().ask()\n"
    text = "from strays_pets.middle import look as see\n\n\n@timer('x')\ndef x(ctx: Context):\n    see()\n"
    one = found(
        inspected({"strays_pets/fetching.py": fetching, "strays_pets/middle.py": middle, MAIN: text}), "handler-sleeps"
    )
    assert (one.place.file.name, one.place.line) == ("fetching.py", 11)
    assert "in the timer 'x', by way of look" in one.sentence


@pytest.mark.parametrize(
    "text",
    [
        "SLOW = {'x': _slow}\n\n\n@timer('x')\ndef x(ctx: Context):\n    SLOW['x']()\n",
        "@timer('x')\ndef x(ctx: Context):\n    def inner():\n        _slow()\n    inner()\n",
        "@timer('x')\ndef x(ctx: Context):\n    list(map(lambda one: _slow(), [1]))\n",
        "@hookimpl\ndef recognise():\n    return Guess(partial(_told, 1), 1)\n\n\ndef _told(a, c):\n    _slow()\n",
        "def helped(ctx: 'Context'):\n    _slow()\n",
        "from buurtwacht import *\n\n\ndef helped(ctx: Context):\n    _slow()\n",
    ],
)
def test_by_whatever_way_it_is_reached(inspected: Inspected, text: str) -> None:
    imports = "import time\nfrom functools import partial\n\nfrom buurtwacht import Guess\n"
    slow = f"{imports}\n\ndef _slow():\n    time.sleep(1)\n\n\n"
    assert "handler-sleeps" in codes(inspected({MAIN: slow + text}))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("from datetime import datetime\n\nSTART = datetime.now()\n", "handler-clock"),
        ("import requests\n\nCODES = requests.get('https://a.example')\n", "handler-network"),
        ("from datetime import datetime\n\n\ndef x(at=datetime.now()):\n    return at\n", "handler-clock"),
        ("import threading\n\n\nclass Cache:\n    '''Kept.'''\n\n    lock = threading.Lock()\n", "handler-threads"),
        ("print('loaded')\n", "handler-prints"),
    ],
)
def test_what_happens_when_a_module_is_imported(inspected: Inspected, text: str, code: str) -> None:
    assert (
        "when the module is imported"
        in found(inspected({MAIN: text.replace("requests.get('https", "requests and ('https")}), code).sentence
    )


SOURCE = """
    import asyncio
    import httpx
    import time
    from datetime import datetime

    from buurtwacht import Outside, Source


    async def fetch(outside: Outside, settings: Settings):
        {}  # HERE
        return []


    def heard(ctx: Context, key: str) -> None:
        '''Heard.'''


    def state(ctx: Context, known: bool, since: datetime) -> None:
        '''Known.'''


    @hookimpl
    def sources() -> list[Source]:
        '''What it listens to.'''
        return [Source("shelter", fetch, heard, state, every=timedelta(minutes=5))]


    manifest = Manifest(
        id="pets", name="Pets", version="1.0", settings=Settings, opt_in=True, templates=frozenset({{"pet", "over"}}),
        permissions=frozenset({{"store", "timers", "send:opted_in", "outside"}}),
    )
    """


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("await outside.json('https://a.example')", []),
        ("await asyncio.gather(outside.text('a'), outside.text('b'))", []),
        ("datetime.now()", []),
        ("httpx.get('https://a.example')", ["handler-network"]),
        ("time.sleep(1)", ["handler-sleeps"]),
    ],
)
def test_a_source_asks_only_through_what_it_is_given(inspected: Inspected, line: str, expected: list[str]) -> None:
    findings = inspected({MAIN: SOURCE.format(line)})
    assert codes(findings) == expected
    if expected:
        assert "ask with outside.json" in findings[0].mend


def test_names_that_were_all_imported_at_once_are_known(inspected: Inspected) -> None:
    everything = 'from buurtwacht import *\n\n\ndef said():\n    return Text("pest")\n'
    assert codes(inspected({"strays_pets/says.py": everything})) == ["text-unknown"]


def test_a_source_that_is_not_async_is_found(inspected: Inspected) -> None:
    text = SOURCE.format("pass").replace("async def fetch", "def fetch")
    assert "handler-async" in codes(inspected({MAIN: text}))
