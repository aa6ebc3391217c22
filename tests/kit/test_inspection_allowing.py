"""What an author lets stand: on the line or above it, with a reason; and what comes of it on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from buurtwacht.cli import group
from buurtwacht.cli.output import run_guarded

from .packages import CHANNEL, CHANNEL_MAIN, MAIN, NL, Inspected, codes, found

SLOW = "import time\n\n\n@timer('x')\ndef x(ctx: Context):\n    {}\n    time.sleep(1){}\n"


@pytest.mark.parametrize(
    ("above", "behind", "expected"),
    [
        ("pass", "", ["handler-sleeps"]),
        ("pass", "  # buurtwacht: allow handler-sleeps the bench waits", []),
        ("# buurtwacht: allow handler-sleeps the bench waits", "", []),
        ("# buurtwacht: allow handler-sleeps the bench waits\n    # and waits", "", []),
        ("pass", "  # buurtwacht: allow handler-sleeps", ["allow-unexplained", "handler-sleeps"]),
        ("pass", "  # buurtwacht: allow", ["allow-unexplained", "handler-sleeps"]),
        ("pass", "  # buurtwacht: allow handler-clock it is late", ["allow-unused", "handler-sleeps"]),
        ("pass  # buurtwacht: allow handler-sleeps here not", "", ["allow-unused", "handler-sleeps"]),
    ],
)
def test_what_is_allowed_with_a_reason(inspected: Inspected, above: str, behind: str, expected: list[str]) -> None:
    findings = inspected({MAIN: SLOW.format(above, behind)})
    assert codes(findings) == expected
    assert found(findings, "handler-sleeps").allowed == ("" if expected else "the bench waits")


def test_a_misspelt_code_is_asked_after(inspected: Inspected) -> None:
    remark = "  # buurtwacht: allow handler-sleep it waits"
    assert "did you mean handler-sleeps?" in found(inspected({MAIN: SLOW.format("pass", remark)}), "allow-unused").mend


def test_a_text_can_be_allowed_too(inspected: Inspected) -> None:
    entry = '# buurtwacht: allow text-unused said by the town hall\nmsgid "new"\nmsgstr "Nieuw."\n'
    en = {"strays_pets/locale/en.po": 'msgid "new"\nmsgstr "New."\n'}
    findings = inspected({NL: entry, **en})
    assert [(one.code, one.allowed) for one in findings] == [("text-unused", "said by the town hall")]


# --- on the command line -------------------------------------------------------------------------------------------


def test_the_command_names_place_code_sentence_and_mend(
    inspected: Inspected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inspected({MAIN: SLOW.format("pass", "") + "    print(1)\n"})
    monkeypatch.chdir(tmp_path)
    assert run_guarded(group, ["plugins", "check"]) == 1
    sleeps, prints, summary = capsys.readouterr().out.splitlines()
    assert sleeps.startswith("strays_pets/__init__.py:")
    assert sleeps.endswith(
        ": handler-sleeps: time.sleep in the timer 'x' keeps a worker busy (use ctx.later and a @timer handler)"
    )
    assert ": warning: handler-prints: " in prints
    assert summary == "the plugin pets has 1 error and 1 warning"


def test_with_warnings_only_the_status_is_zero(
    inspected: Inspected, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = "  # buurtwacht: allow handler-sleeps the bench waits"
    inspected({MAIN: SLOW.format("print(1)", allowed)})
    assert run_guarded(group, ["plugins", "check", str(tmp_path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["weight"], one["allowed"]) for one in rows] == [
        ("handler-prints", "warning", ""),
        ("handler-sleeps", "error", "the bench waits"),
    ]
    assert all(Path(one["file"]).is_file() and one["line"] and one["finding"] and one["mend"] for one in rows)


def test_what_takes_the_place_of_a_built_in_one_says_so(
    inspected: Inspected, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inspected()
    file = tmp_path / "pyproject.toml"
    file.write_text(file.read_text().replace("pets =", "alerts ="))
    run_guarded(group, ["plugins", "check", str(tmp_path)])
    assert "the plugin alerts, in place of the built-in one, has" in capsys.readouterr().out


def test_what_is_not_there_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(group, ["plugins", "check", "alertz"]) == 2
    assert "did you mean alerts?" in capsys.readouterr().err


# --- channels ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("adapter = Adapter()", "adaptor = Adapter()", "channel-adapter", "did you mean adaptor?"),
        ("adapter = Adapter()", "adapter = Adapter", "channel-adapter", "adapter = Adapter()"),
        ("def faults(", "def fault(", "channel-adapter", "def faults"),
        ("            def open(", "            async def open(", "channel-adapter", "without async"),
        ('stand_in = ""', 'stand_in = "strays_pigeon:Loft"', "channel-adapter", "package.module:Name"),
        ('name = "pigeon"', 'name = "dove"', "channel-name", 'name = "pigeon"'),
        ('"pigeon"\n            capabilities = Capabilities()', '"pigeon"', "channel-capabilities", "Capabilities(…)"),
        (
            '"pigeon"\n            capabilities = Capabilities()',
            '"pigeon"\n            capabilities = Capabilities(rate=0)',
            "channel-capabilities",
            "more than 0",
        ),
        (
            '"pigeon"\n            capabilities = Capabilities()',
            '"pigeon"\n            capabilities = Capabilities(buttons=3)',
            "channel-capabilities",
            "title",
        ),
        ("async def send(", "def send(", "channel-method", "async def send"),
        ("def invite(", "def link(", "channel-method", "def invite"),
        ("send(self, outgoing: Outgoing)", "send(self)", "channel-method", "def send(self, outgoing)"),
        ("await asyncio.sleep(1)", "__import__('time'); time.sleep(1)", "channel-blocks", "asyncio.sleep"),
        ("await asyncio.sleep(1)", "requests.get('a')", "channel-blocks", "asynchronous client"),
        ("import asyncio", "import asyncio\n        from buurtwacht.edge import pace", "private-import", "buurtwacht"),
        ("pigeon:adapter", "pigeon", "entry-point-module", "strays_pigeon:adapter"),
    ],
)
def test_what_is_wrong_with_a_channel(inspected: Inspected, old: str, new: str, code: str, says: str) -> None:
    files = {name: text.replace(old, new) for name, text in CHANNEL.items()}
    assert files != CHANNEL
    files[CHANNEL_MAIN] = files[CHANNEL_MAIN].replace("import asyncio", "import asyncio\n        import time", 1)
    if "requests" in new:
        files["strays_pigeon/slow.py"] = "import requests\n\n\nasync def wait():\n    requests.get('a')\n"
        files[CHANNEL_MAIN] = CHANNEL[CHANNEL_MAIN]
    findings = [one for one in inspected(base=files) if one.code == code]
    assert any(says in one.mend for one in findings), findings
