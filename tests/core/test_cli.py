"""What whoever runs it types, and what he reads: commands, lists, faults and exit statuses."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest
import structlog
from sqlalchemy import insert, select

from buurtwacht.cli import COMMANDS, group, main
from buurtwacht.cli.check import judgement
from buurtwacht.cli.output import run_guarded
from buurtwacht.records import audit
from buurtwacht.records.database import Database
from buurtwacht.records.schema import (
    address,
    delivery,
    hold,
    message,
    neighbourhood,
    person,
    plugin_state,
    plugin_switch,
    setting,
    timer,
)
from buurtwacht.vocabulary.channels import TemplateState
from buurtwacht.vocabulary.clock import SystemClock

Call = Callable[..., tuple[int, str, str]]

TOLBERG = """
[plugins.members]

[[neighbourhoods]]
code = "TB"
name = "Tolberg"
streets = ["Meidoornstraat"]
"""
TELEGRAM = '[channels.telegram]\ntoken = "123456:not-a-token-of-anybody"\napi_url = "http://127.0.0.1:9"\n'
WHATSAPP = (
    '[channels.whatsapp]\nphone_number_id = "106540352242922"\ntoken = "EAA"\napp_secret = "s"\n'
    'verify_token = "meidoorn-geheim"\napi_url = "http://127.0.0.1:9"\n'
)
PEOPLE = (
    "neighbourhood,name,language,roles,street,channel,address\n"
    "TB,Kees,nl,member coordinator admin,Beukenlaan,whatsapp,+31612345671\n"
    "TB,Riet,nl,member,Meidoornstraat,whatsapp,+31612345672\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, in which the commands are typed."""
    for name in ("BUURTWACHT_KEY", "BUURTWACHT_CONFIG", "BUURTWACHT_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plugins.toml").write_text(WHATSAPP + TOLBERG)
    (tmp_path / "members.csv").write_text(PEOPLE)
    return tmp_path


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Type a command; returns the exit status and what was written to standard output and standard error."""
    root = logging.getLogger()
    handlers, level, mask = list(root.handlers), root.level, os.umask(0o077)

    def typed(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(words)
        written = capsys.readouterr()
        assert "Traceback" not in written.err
        return int(str(ended.value.code)), written.out, written.err

    yield typed
    # A command sets its process up as a process of its own; this one goes on.
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    os.umask(mask)


@pytest.fixture
def database(folder: Path, call: Call) -> Iterator[Database]:
    """The database of a town with two members."""
    assert call("members", "import", "members.csv")[0] == 0
    opened = Database(f"sqlite:///{folder}/buurtwacht.db")
    yield opened
    opened.close()


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Yield each command and sub-command with what is typed for it."""
    context = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", one) for sub, one in command.commands.items())


# --- help ----------------------------------------------------------------------------------------------------------


def test_help_comes_without_the_messengers_libraries() -> None:
    program = (
        "import sys, buurtwacht.cli\n"
        "try: buurtwacht.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'telegram', 'pywa', 'alembic', 'uvicorn', 'starlette', 'PIL', 'sqlalchemy', 'pydantic'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("[]\n")


#: Those that read no configuration: a town of its own, and what the author of a plugin does in a folder.
UNCONFIGURED = ("demo", "plugins new", "plugins check")


@pytest.mark.parametrize(
    ("typed", "command"), [*every_command()], ids=lambda value: value if type(value) is str else ""
)
def test_every_command_explains_itself_with_an_example(typed: str, command: click.Command, call: Call) -> None:
    status, out, _ = call(*typed.split(), "--help")
    assert status == 0
    assert f"Example:\n    buurtwacht {typed.split()[0]}" in out.replace("\n  ", "\n  ")
    if not isinstance(command, click.Group) and typed not in UNCONFIGURED:
        assert "--config FILE" in out


def test_the_version_is_told(call: Call) -> None:
    assert call("--version")[:2] == (0, "buurtwacht 0.1.0\n")


@pytest.mark.parametrize("typed", [["bogus"], ["db"], ["run", "--port", "1"], ["members", "import", "absent.csv"]])
def test_a_wrong_call_is_told_as_such(call: Call, typed: list[str]) -> None:
    assert call(*typed)[0] == 2


# --- faults --------------------------------------------------------------------------------------------------------


def test_an_absent_configuration_is_one_line(call: Call) -> None:
    assert call("timers", "--config", "other.toml") == (
        2,
        "",
        "other.toml: there is no such file (copy plugins.example.toml, or name another with --config)\n",
    )


def test_every_fault_of_the_configuration_is_told_at_once_each_on_its_line(call: Call, folder: Path) -> None:
    (folder / "plugins.toml").write_text('[channels.telegram]\n[web]\nport = "x"\n[plugins.pigeons]\n')
    for command in ("run", "check", "timers", "deliveries"):
        status, out, err = call(command)
        assert (status, out) == (2, "")
        assert [line.split(": ")[1] for line in err.splitlines()] == [
            "web.port",
            "channels.telegram.token",
            "plugins.pigeons",
        ]


def test_the_configuration_may_be_named_by_the_environment_or_before_a_sub_command(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "plugins.toml").rename(folder / "elsewhere.toml")
    assert call("timers")[0] == 2
    assert call("timers", "--config", "elsewhere.toml")[0] == 0
    assert call("deliveries", "--config", "elsewhere.toml", "drop", "1")[0] == 1
    monkeypatch.setenv("BUURTWACHT_CONFIG", str(folder / "elsewhere.toml"))
    assert call("timers")[0] == 0


def test_what_nobody_expected_is_a_sentence_without_what_it_was_about(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    def broken() -> None:
        raise ValueError("verdachte auto, +31612345678")

    monkeypatch.delenv("BUURTWACHT_TRACE", raising=False)
    assert run_guarded(broken, []) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ValueError (trace " in said
    assert "auto" not in said
    monkeypatch.setenv("BUURTWACHT_TRACE", "1")
    run_guarded(broken, [])
    assert "Traceback" in capsys.readouterr().err


def test_a_key_that_others_may_read_and_another_key_are_refused(call: Call, folder: Path) -> None:
    assert call("timers")[0] == 0
    key = folder / "buurtwacht.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    assert "can be read by others" in call("timers")[2]
    key.unlink()
    status, _, err = call("timers")
    assert status == 2
    assert "is not the key this database was made with" in err


# --- members -------------------------------------------------------------------------------------------------------


def test_members_are_brought_in_and_written_out_again(call: Call, database: Database, folder: Path) -> None:
    status, out, _ = call("members", "export", "out.csv")
    assert (status, out) == (0, "2 rows written to out.csv\n")
    written = (folder / "out.csv").read_text()
    assert "TB,Riet,nl,member,Meidoornstraat,whatsapp,+31612345672,#" in written
    assert (folder / "out.csv").stat().st_mode & 0o077 == 0
    assert call("members", "export")[1] == written
    assert call("members", "export", "out.csv")[0] == 1
    assert call("members", "import", "out.csv")[:2] == (0, "0 added, 2 updated\n")


def test_every_bad_row_is_told_and_nobody_is_brought_in(call: Call, folder: Path) -> None:
    bad = PEOPLE + "XX,Henk,nl,member,,whatsapp,+31612345673\nTB,Noor,nl,queen,,whatsapp,12\n"
    (folder / "members.csv").write_text(bad)
    status, out, err = call("members", "import", "members.csv")
    assert (status, out) == (1, "")
    assert [line.split(": ")[0] for line in err.splitlines()[:3]] == [
        "members.csv:4",
        "members.csv:5",
        "members.csv:5",
    ]
    assert "nothing was imported: 2 rows are wrong" in err
    assert call("members", "export")[1].count("\n") == 1


def test_who_has_no_address_gets_a_link(call: Call, folder: Path) -> None:
    (folder / "plugins.toml").write_text(
        WHATSAPP.replace(
            'api_url = "http://127.0.0.1:9"\n', 'api_url = "http://127.0.0.1:9"\nnumber = "+31850000000"\n'
        )
        + TOLBERG
    )
    (folder / "members.csv").write_text(PEOPLE.replace("+31612345672", ""))
    status, out, _ = call("members", "import", "members.csv")
    assert status == 0
    assert "TB  Riet  https://wa.me/31850000000?text=start%20own-" in out


def test_a_street_that_is_not_there_is_brought_in_and_doubted(call: Call, folder: Path) -> None:
    (folder / "members.csv").write_text(PEOPLE.replace("Meidoornstraat", "meidoornstraat 3"))
    status, out, err = call("members", "import", "members.csv")
    assert (status, out) == (0, "2 added, 0 updated\n")
    assert err == "members.csv:2: the street 'Beukenlaan' is not one of TB; was it mistyped?\n"


def test_who_has_no_address_is_counted_apart_when_members_are_welcomed(call: Call, folder: Path) -> None:
    nobody = "".join(f"TB,{name},nl,member,Meidoornstraat,whatsapp,\n" for name in ("Anna", "Bram"))
    (folder / "members.csv").write_text(PEOPLE + nobody)
    assert call("members", "import", "members.csv")[0] == 0
    said = "2 members are being welcomed; 2 have no address: hand over the link that import printed\n"
    assert call("members", "invite")[:2] == (0, said)


def test_an_unknown_adapter_is_answered_with_those_that_are_installed(call: Call, folder: Path) -> None:
    (folder / "plugins.toml").write_text("[channels.north]\n" + TOLBERG)
    status, _, err = call("check")
    assert status == 2
    assert "no adapter is called north (set adapter to one of email, playground, telegram, whatsapp)" in err


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ("sqlite:////nonexistent/dir/x.db", "the folder /nonexistent/dir is not there"),
        ("sqlite:///members.csv", "members.csv is no SQLite database (name another file"),
        ("sqlite:///members.csv/x.db", "members.csv"),
    ],
)
def test_a_database_that_cannot_be_is_one_line_that_names_the_key(
    call: Call, folder: Path, database: str, told: str
) -> None:
    (folder / "plugins.toml").write_text(f'[buurtwacht]\ndatabase = "{database}"\n' + TOLBERG)
    status, _, err = call("check")
    assert status == 2
    assert err.count("\n") == 1
    assert err.startswith("plugins.toml: buurtwacht.database: ")
    assert told in err


def test_a_demo_whose_port_is_taken_says_how_to_take_another(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, out, err = call("demo", "--port", str(port))
    assert (status, out) == (2, "")
    assert err == f"--port: 127.0.0.1:{port} is taken (take another one: buurtwacht demo --port {port + 1})\n"


def test_imported_officials_are_welcomed_too(call: Call, folder: Path) -> None:
    anja = "TB,Anja,nl,official:police,,whatsapp,+31612345673\n"
    (folder / "members.csv").write_text(PEOPLE + anja)
    assert call("members", "import", "members.csv")[0] == 0
    assert call("members", "invite")[:2] == (0, "2 members are being welcomed, and 1 official\n")


def test_imported_members_are_welcomed_when_that_is_asked(call: Call, database: Database) -> None:
    assert call("members", "invite", "--neighbourhood", "XX")[0] == 1
    assert call("members", "invite", "--neighbourhood", "TB")[:2] == (0, "2 members are being welcomed\n")


# --- lists ---------------------------------------------------------------------------------------------------------


def test_deliveries_are_listed_tried_again_and_dropped(call: Call, database: Database) -> None:
    now = SystemClock().now()
    said = {"id": 1, "plugin": "alerts", "content": {}, "severity": "critical", "created_at": now}
    row = {"message_id": 1, "account": "whatsapp", "rank": 1, "not_before": now, "queued_at": now, "person_id": 5}
    riet = {"id": 5, "name": "Riet", "language": "nl", "formal": False, "refuses": [], "opted_in": []}
    with database.writing() as connection:
        connection.execute(insert(message), {**said, "thread_short": "TB-0001"})
        connection.execute(insert(person), riet)
        at_home = {"id": 6, "person_id": 5, "account": "telegram", "position": 0, "created_at": now}
        connection.execute(insert(address), at_home)
        connection.execute(insert(delivery), {**row, "id": 10, "state": "failed", "person_id": 9, "account": ""})
        states = {11: "failed", 12: "unknown", 13: "read", 14: "queued"}
        connection.execute(insert(delivery), [{**row, "id": ident, "state": state} for ident, state in states.items()])
    status, out, _ = call("deliveries", "--json", "--state", "failed", "--thread", "tb-0001", "--channel", "whatsapp")
    (one,) = json.loads(out)
    assert status == 0
    keys = "id thread person neighbourhood channel state reason attempts queued_at sent_at delivered_at read_at"
    assert " ".join(one) == keys
    assert (one["id"], one["thread"], one["channel"], one["sent_at"]) == (11, "TB-0001", "whatsapp", None)
    assert "TB-0001" in call("deliveries")[1]
    status, out, err = call("deliveries", "retry", "10", "11", "12", "13", "99")
    assert (status, out) == (1, "2 are tried again; 1 may arrive twice\n")
    assert "not 10: nobody knows an address that works" in err
    assert "not 13: it is read; only failed and unknown ones can be tried again" in err
    assert "not 99: there is no such delivery" in err
    (again,) = json.loads(call("deliveries", "drop", "--json", "11")[1])
    assert again == {"id": 11, "done": True, "note": ""}
    assert call("deliveries", "drop", "14")[:2] == (0, "1 is dropped\n")
    found = {one["id"]: one for one in json.loads(call("deliveries", "--json", "--neighbourhood", "tb")[1])}
    assert found == {}, "these were told in no neighbourhood"
    found = {one["id"]: one for one in json.loads(call("deliveries", "--json")[1])}
    states = {ident: one["state"] for ident, one in found.items()}
    assert states == {10: "failed", 11: "withdrawn", 12: "queued", 13: "read", 14: "withdrawn"}
    assert found[12]["channel"] == "telegram", "the address is picked again"
    for wrong in (("--channel", "pigeon"), ("--neighbourhood", "XX")):
        assert call("deliveries", *wrong)[0] == 2


def test_what_waits_because_a_messenger_told_us_to_says_so(call: Call, database: Database) -> None:
    now = SystemClock().now()
    said = {"id": 1, "plugin": "alerts", "content": {}, "severity": "critical", "created_at": now}
    row = {"message_id": 1, "account": "whatsapp", "rank": 1, "not_before": now, "queued_at": now, "address_id": 3}
    later = now + timedelta(hours=3)
    held = {"account": "whatsapp", "until": later, "reason": "flagged as spam"}
    with database.writing() as connection:
        connection.execute(insert(message), said)
        connection.execute(insert(delivery), [{**row, "id": 1, "state": "queued"}, {**row, "id": 2, "state": "sent"}])
        connection.execute(insert(hold), [{**held, "address_id": 0}, {**held, "address_id": 3}])
    assert "the newest 1, and there may be more" in call("deliveries", "--limit", "1")[2]
    waits, sent = json.loads(call("deliveries", "--json")[1])
    assert waits["reason"] == f"told to wait until {later:%Y-%m-%d %H:%M} UTC"
    assert sent["reason"] == ""


def test_timers_are_listed(call: Call, database: Database) -> None:
    assert call("timers")[1] == "nothing is to happen later\n"
    due = SystemClock().now()
    with database.writing() as connection:
        connection.execute(
            insert(timer), {"id": 1, "due": due, "plugin": "alerts", "handler": "expire", "key": "a:1", "payload": {}}
        )
    assert json.loads(call("timers", "--json")[1]) == [
        {"due": due.isoformat(), "plugin": "alerts", "handler": "expire", "key": "a:1"}
    ]
    status, _, err = call("timers", "--plugin", "alert")
    assert status == 2
    assert "no plugin is called alert (there are: core, " in err


def test_without_a_messenger_that_judges_them_the_list_of_templates_is_empty(call: Call, folder: Path) -> None:
    (folder / "plugins.toml").write_text(TELEGRAM + TOLBERG)
    assert call("templates", "list", "--json")[:2] == (0, "[]\n")
    assert call("templates", "list")[:2] == (0, "no account needs templates\n")
    assert call("templates", "sync")[0] == 1


def test_a_paused_plugin_is_named_with_its_reason_and_works_again(call: Call, database: Database) -> None:
    paused = {"plugin": "members", "paused_at": SystemClock().now(), "reason": "5 errors", "trace": "abc"}
    with database.writing() as connection:
        connection.execute(insert(plugin_state), paused)
    (one,) = json.loads(call("plugins", "list", "--json")[1])
    assert (one["id"], one["state"], one["reason"], one["off_in"]) == ("members", "paused", "5 errors (trace abc)", [])
    assert call("plugins", "resume", "members")[0] == 0
    assert call("plugins", "resume", "members")[0] == 1
    assert call("plugins", "resume", "pigeons")[0] == 2


def test_the_list_of_plugins_says_what_each_may_do_what_it_was_refused_and_where_it_comes_from(
    call: Call, database: Database
) -> None:
    assert json.loads(call("plugins", "list", "--json")[1])[0]["refused"] == []
    now = SystemClock().now()
    audit.write(database, now, "plugin:members", "permission_refused", "permission:share:numbers")
    audit.write(database, now, "plugin:members", "permission_refused", "permission:share:numbers")
    (one,) = json.loads(call("plugins", "list", "--json")[1])
    assert (one["refused"], one["origin"]) == (["share:numbers"], "built in")
    assert {"people", "read:names"} <= set(one["permissions"])
    assert "share:numbers" in call("plugins", "list")[1]


# --- looking ahead -------------------------------------------------------------------------------------------------


def test_what_was_switched_by_command_is_shown_and_the_file_decides_again(call: Call, database: Database) -> None:
    with database.writing() as connection:
        place = connection.execute(select(neighbourhood.c.id)).scalar()
        row = {"plugin": "members", "neighbourhood_id": place, "off": True, "person_id": 1, "at": SystemClock().now()}
        connection.execute(insert(plugin_switch), row)
    (one,) = json.loads(call("plugins", "list", "--json")[1])
    assert one["off_in"] == ["TB"]
    found = {one["about"]: one for one in json.loads(call("check", "--json")[1])}["members.plugins_off"]
    assert found["finding"] == "was switched off by command (TB); the file does not count"
    assert found["mend"] == "for the file again, run: buurtwacht plugins reset members plugins_off TB"
    assert call("plugins", "reset", "members", "plugins_off")[0] == 2, "in which neighbourhood?"
    status, out, err = call("plugins", "reset", "members", "plugins_off", "TB")
    assert (status, out + err) == (0, "the file decides about members in TB again: it is on\n")
    assert json.loads(call("plugins", "list", "--json")[1])[0]["off_in"] == []
    assert call("plugins", "reset", "members", "plugins_off", "TB")[0] == 1


def test_a_plugin_without_which_nobody_can_leave_is_warned_of_where_the_file_has_it_off(
    call: Call, folder: Path, database: Database
) -> None:
    file = folder / "plugins.toml"
    file.write_text(file.read_text() + 'plugins_off = ["members"]\n')
    found = [one for one in json.loads(call("check", "--json")[1]) if one["about"] == "plugin members"]
    assert [one["state"] for one in found] == ["ok", "warning"]
    assert found[1]["finding"] == "is off in TB: nobody there can join, leave or have his data erased"
    assert found[1]["mend"] == "take members out of plugins_off of TB"


def test_what_was_set_by_command_is_shown_and_the_file_decides_again(call: Call, database: Database) -> None:
    with database.writing() as connection:
        place = connection.execute(select(neighbourhood.c.id)).scalar()
        for plugin, name, value in (("members", "rules_version", "7"), ("members", "gone", 1)):
            row = {"plugin": plugin, "neighbourhood_id": place, "name": name, "value": value}
            connection.execute(insert(setting), row)
    found = {one["about"]: one for one in json.loads(call("check", "--json")[1])}
    fits, gone = found["members.rules_version"], found["members.gone"]
    assert fits["finding"] == "was set to '7' by command (TB); the file does not count"
    assert fits["mend"] == "for the file again, run: buurtwacht plugins reset members rules_version TB"
    assert (gone["state"], gone["finding"]) == (
        "warning",
        "was set to 1 by command (TB); it fits no longer and does not count",
    )
    assert call("plugins", "reset", "members", "gone")[0] == 1, "it was not set everywhere"
    assert call("plugins", "reset", "members", "gone", "XX")[0] == 2
    status, out, err = call("plugins", "reset", "members", "gone", "tb")
    assert (status, out + err) == (0, "the file decides about members.gone again\n")
    assert call("plugins", "reset", "members", "gone", "TB")[0] == 1
    assert "members.gone" not in call("check", "--json")[1]
    reset = audit.entries(database)[-1]
    assert (reset.actor, reset.event, reset.subject) == ("operator", "setting_reset", "setting:TB:members.gone")


def test_check_tells_what_is_not_right_yet_and_what_will_happen(call: Call, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            insert(setting), {"plugin": "members", "neighbourhood_id": 0, "name": "request_days", "value": 3}
        )
    status, out, _ = call("check", "--json")
    found = {(one["about"], one["state"]): one["finding"] for one in json.loads(out)}
    assert status == 0
    assert found["settings", "ok"] == "plugins.toml is right"
    assert "1 with the role admin" in found["neighbourhood TB", "warning"]
    assert "was set to 3 by command" in found["members.request_days", "note"]
    assert ("templates of whatsapp", "warning") in found
    assert found["account whatsapp", "warning"].startswith(("can send, but hears nothing", "cannot be asked"))


def test_a_messenger_that_does_not_answer_is_not_an_account_that_is_refused(call: Call, folder: Path) -> None:
    (folder / "plugins.toml").write_text(TELEGRAM + TOLBERG)
    status, out, _ = call("check")
    assert status == 0
    assert "cannot be asked now" in out
    assert "will be polled" in out


def test_templates_that_only_wait_need_patience_and_others_are_submitted() -> None:
    pending = TemplateState("buurtwacht_alert", "nl", "pending")
    assert judgement("whatsapp", [pending]).mend == "wait until they are approved"
    missing = TemplateState("buurtwacht_alert", "en", "missing")
    assert judgement("whatsapp", [pending, missing]).mend == "run: buurtwacht templates sync"
    approved = TemplateState("buurtwacht_alert", "nl", "approved")
    assert judgement("whatsapp", [approved]).state == "ok"


def test_what_meta_wants_to_know_is_shown_without_the_whole_token(call: Call, folder: Path) -> None:
    status, _, err = call("webhooks", "show")
    assert status == 0
    assert "nothing can reach us until web.public_url is set" in err
    (folder / "plugins.toml").write_text('[web]\npublic_url = "https://wacht.example.org"\n' + WHATSAPP + TOLBERG)
    out = call("webhooks", "show")[1]
    assert "Callback URL: https://wacht.example.org/webhooks/whatsapp" in out
    assert "Webhook fields: messages" in out
    assert "meidoorn-geheim" not in out


# --- the database --------------------------------------------------------------------------------------------------


def test_a_backup_is_restored_on_another_machine_with_the_key(call: Call, database: Database, folder: Path) -> None:
    members = call("members", "export")[1]
    assert call("db", "backup", "tolberg.backup")[0] == 0
    assert call("db", "backup", "tolberg.backup")[0] == 1
    assert "not empty" in call("db", "restore", "tolberg.backup")[2]
    other = folder / "other"
    other.mkdir()
    (other / "plugins.toml").write_text((folder / "plugins.toml").read_text())
    there = ("--config", "other/plugins.toml")
    status, _, err = call("db", "restore", "tolberg.backup", *there)
    assert status == 1
    assert "put the key of the backup in place first" in err
    assert not (other / "buurtwacht.key").exists(), "a new key would open nothing"
    (other / "buurtwacht.key").write_bytes((folder / "buurtwacht.key").read_bytes())
    (other / "buurtwacht.key").chmod(0o600)
    assert call("db", "restore", "tolberg.backup", *there)[0] == 0
    assert call("members", "export", *there)[1] == members
    assert call("db", "upgrade", *there)[:2] == (0, "the schema is that of this version already\n")


def test_an_older_schema_is_upgraded_by_name_after_a_backup(call: Call, database: Database, folder: Path) -> None:
    members = call("members", "export")[1]
    (folder / "plugins.toml").write_text(WHATSAPP + "[plugins.alerts]\n" + TOLBERG)
    status, _, err = call("members", "export")
    assert status == 2
    assert "has an older schema (run: buurtwacht db upgrade)" in err
    assert "run upgrades it" in call("check")[1]
    status, out, _ = call("db", "upgrade")
    assert (status, out.splitlines()[-1]) == (0, "upgraded: alerts")
    assert len(list(folder.glob("buurtwacht.db.*.backup"))) == 1
    assert call("members", "export")[1] == members


def test_another_key_is_put_in_force_and_the_old_one_kept(call: Call, database: Database, folder: Path) -> None:
    members, old = call("members", "export")[1], (folder / "buurtwacht.key").read_text()
    assert call("db", "rekey")[0] == 0
    assert (folder / "buurtwacht.key").read_text() != old
    assert call("members", "export")[1] == members
    assert [one.read_text() for one in folder.glob("buurtwacht.key.*.old")] == [old]
    assert len(list(folder.glob("*.backup"))) == 1


def test_a_key_from_the_environment_is_followed_by_one_in_a_file(
    call: Call, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = call("members", "export")[1]
    monkeypatch.setenv("BUURTWACHT_KEY", (folder / "buurtwacht.key").read_text())
    assert call("db", "rekey")[0] == 2
    assert call("db", "rekey", "--new-key-file", "fresh.key")[0] == 0
    assert call("members", "export")[0] == 2
    monkeypatch.setenv("BUURTWACHT_KEY", (folder / "fresh.key").read_text())
    assert call("members", "export")[1] == members
