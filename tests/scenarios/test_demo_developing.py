"""What the author of a plugin sees of `buurtwacht demo --plugin`: his own code in the town, and each change of it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from . import bread
from .test_demo import says, screens, state
from .town_process import Server, server, until

#: Seconds within which a change must be there; the machine may have other things to do.
SOON = 60.0


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return bread.write(tmp_path)


@contextmanager
def demo(*options: str) -> Iterator[tuple[Server, httpx.Client]]:
    """Run the demo until it says where its page is; end it with Ctrl-C, as somebody at a terminal does."""
    with server("-m", "buurtwacht", "demo", "--port", "0", *options) as process:
        address = None
        while address is None:
            address = re.search(r"http://127\.0\.0\.1:\d+", process.next_line())
        url = address[0]
        with httpx.Client(base_url=url, headers={"origin": url}, timeout=60) as page:
            until(lambda: start(page) != "", "the playground", SOON)
            yield process, page
        assert process.stop(signal.SIGINT) == 0


def start(page: httpx.Client) -> str:
    """Return which start of the demo this is; empty while none answers."""
    try:
        return str(state(page).get("start", ""))
    except (httpx.HTTPError, ValueError):
        return ""


def status(page: httpx.Client) -> int:
    """Return how the page is answered; 0 while nothing answers."""
    try:
        return page.get("/playground").status_code
    except httpx.HTTPError:
        return 0


def shown(page: httpx.Client, name: str) -> str:
    return screens(state(page)["telephones"])[name]


def glimpses(page: httpx.Client, stage: str) -> list[dict[str, Any]]:
    return [one for one in state(page)["glimpses"] if one["stage"] == stage]


def place_of(code: str) -> str:
    """Return where something stands in the plugin's module."""
    return f"buurtwacht_bread/__init__.py:{bread.CODE.partition(code)[0].count(chr(10)) + 1}"


def processes_of(ident: int) -> set[int]:
    """Return a process and all that it started."""
    found = {ident}
    for task in Path(f"/proc/{ident}/task").iterdir():
        for child in (task / "children").read_text().split():
            found |= processes_of(int(child))
    return found


def lives(ident: int) -> bool:
    try:
        os.kill(ident, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{ident}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_plugin_that_is_not_installed_runs_in_the_town(package: Path) -> None:
    with demo("--plugin", str(package)) as (process, page):
        says(page, "Fatima", "brood volkoren")
        assert "Besteld bij Joris: volkoren" in shown(page, "Fatima")
        # Everybody opted in but the officials, who are no members.
        assert all("Vers brood: volkoren" in shown(page, name) for name in ("Henk", "Riet", "Kees"))
        assert shown(page, "Anja") == ""
        told = state(page)
        assert told["own"] == [{"plugin": "bread", "name": "Brood", "remarks": "unmigrated opted_in"}]
        calls = [one for one in glimpses(page, "hook") if one["plugin"] == "bread"]
        assert [(one["what"], one["failed"]) for one in calls] == [("command bread", "")]
        assert 0 < calls[0]["ms"] < 60_000
    assert any("has no migrations yet" in line and "opted in" in line for line in process.lines)


def test_an_error_of_ones_own_is_shown_with_its_stack(package: Path) -> None:
    with demo("--plugin", str(package)) as (_, page):
        says(page, "Fatima", "aanbranden")
        (error,) = glimpses(page, "error")
        assert (error["plugin"], error["what"], error["failed"]) == ("bread", "command burn", "RuntimeError")
        first, place, *_ = error["stack"].splitlines()
        assert first.startswith("Traceback")
        assert place.endswith(", in burn")
        assert "the oven is too hot" in error["stack"]
        assert "the oven" not in shown(page, "Fatima")


def test_a_change_is_there_within_seconds_at_the_same_place(package: Path) -> None:
    with demo("--plugin", str(package), "--reload") as (_, page):
        says(page, "Fatima", "brood tarwe")
        assert "Besteld bij Joris: tarwe" in shown(page, "Fatima")
        for file, before, after in (
            ("buurtwacht_bread/locale/nl.po", "Besteld bij", "Gebakken door"),
            ("buurtwacht_bread/__init__.py", '"Joris"', '"Anouk"'),
        ):
            then = start(page)
            bread.change(package / file, before, after)
            until(lambda then=then: start(page) not in ("", then), "a start after the change", SOON)  # type: ignore[misc]
        # Every start is a new town: nobody typed anything in it yet.
        assert shown(page, "Fatima") == ""
        says(page, "Fatima", "brood tarwe")
        assert "Gebakken door Anouk: tarwe" in shown(page, "Fatima")
        then = start(page)
        (package / "plugins.toml").write_text('[plugins.bread]\nbaker = "Sem"\n')
        until(lambda: start(page) not in ("", then), "a start after the settings", SOON)
        says(page, "Fatima", "brood rogge")
        assert "Gebakken door Sem: rogge" in shown(page, "Fatima")
        assert state(page)["own"][0]["remarks"] == "settings unmigrated opted_in reloads"


def test_an_open_page_holds_nothing_up_and_nothing_is_said_of_it(package: Path) -> None:
    with demo("--plugin", str(package), "--reload") as (process, page):
        with page.stream("GET", "/playground/events", params={"viewer": "open"}) as stream:
            chunks = stream.iter_text()
            next(chunks)
            bread.change(package / "buurtwacht_bread" / "__init__.py", '"Joris"', '"Anouk"')
            # It is let go, in order: a connection that breaks off raises.
            assert all(isinstance(chunk, str) for chunk in chunks)
        until(lambda: start(page) != "", "the next start", SOON)
    assert not [line for line in process.lines if "error" in line], process.lines


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (("def burn", "def burn burn"), "{place}: is no Python"),
        (("class Loaf(Record)", "class Loaf(Rekord)"), "{place}: NameError"),
        (("opt_in=True", 'needs=("ovens",)'), "{manifest}: plugins.ovens: is not installed"),
        (("class Loaf(Record)", "import os; os._exit(3)\nclass Loaf(Record)"), "demo: ended with status 3"),
    ],
    ids=["syntax", "name", "needs", "crash"],
)
def test_what_is_wrong_is_said_on_the_page_and_the_next_change_mends_it(
    package: Path, change: tuple[str, str], finding: str
) -> None:
    file = package / "buurtwacht_bread" / "__init__.py"
    finding = finding.format(place=place_of(change[0]), manifest=place_of("manifest ="))
    with demo("--plugin", str(package), "--reload") as (process, page):
        then = start(page)
        bread.change(file, *change)
        until(lambda: status(page) == 503, "the page with what is wrong", SOON)
        where = finding.partition(": ")[0]
        assert where in page.get("/playground").text
        assert page.post("/playground/say", json={"telephone": "t1", "text": "brood"}).status_code == 503
        bread.change(file, change[1], change[0])
        until(lambda: status(page) == 200, "the playground", SOON)
        assert start(page) not in ("", then)
        says(page, "Fatima", "brood tarwe")
        assert "Besteld bij Joris: tarwe" in shown(page, "Fatima")
    assert any(line.startswith(finding) for line in process.lines), process.lines


def test_without_reload_what_is_wrong_ends_it_with_its_place(package: Path) -> None:
    bread.change(package / "buurtwacht_bread" / "__init__.py", "class Loaf(Record)", "class Loaf(Rekord)")
    with server("-m", "buurtwacht", "demo", "--port", "0", "--plugin", str(package)) as process:
        assert process.process.wait(60) == 2
    assert any(line.startswith(f"{place_of('class Loaf')}: NameError") for line in process.lines), process.lines


def test_nothing_is_left_when_it_ends(package: Path) -> None:
    with demo("--plugin", str(package), "--reload") as (process, _):
        running = processes_of(process.process.pid)
        assert len(running) == 2
    assert not any(lives(one) for one in running)


def test_nothing_is_left_when_it_is_killed(package: Path) -> None:
    with server("-m", "buurtwacht", "demo", "--port", "0", "--plugin", str(package), "--reload") as process:
        process.wait_for("begun in")
        running = processes_of(process.process.pid)
        process.process.kill()
        process.process.wait(60)
        until(lambda: not any(lives(one) for one in running), "the end of what it started", SOON)


def test_an_installed_plugin_is_tried_by_its_id_and_asks_nobody_outside() -> None:
    with demo("--plugin", "nl_alert") as (process, page):
        assert state(page)["own"][0]["remarks"] == "opted_in outside"
        says(page, "Fatima", "nl-alert")
        assert shown(page, "Fatima") != ""
    assert any("on this computer only" in line for line in process.lines)


def test_the_port_stays_who_has_it(package: Path) -> None:
    with demo("--plugin", str(package)) as (_, page):
        port = str(page.base_url.port)
        with server("-m", "buurtwacht", "demo", "--port", port, "--plugin", str(package), "--reload") as second:
            assert second.process.wait(60) == 2
        assert any(line.startswith(f"--port: 127.0.0.1:{port} is taken") for line in second.lines), second.lines
