"""What stands in a log, and what never does."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from buurtwacht import PluginError, Throttled
from buurtwacht.vocabulary.logs import configure, masked, new_trace, redact

TOKEN = "8154322061:AAH9kq3fJ0x_Zt1bRvYw-7mQpLd2sEuXoNc"
BODY = "verdachte auto meidoornstraat, rijdt stapvoets"

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Catch the log, and put everything back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {
        name: logger.level for name, logger in root.manager.loggerDict.items() if isinstance(logger, logging.Logger)
    }
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, logger in root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger):
            logger.setLevel(levels.get(name, logging.NOTSET))
    structlog.reset_defaults()


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    """Log as JSON, and return what was logged so far."""
    configure(json=True, level="INFO", stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_machine_reads_json_with_a_time_a_level_and_the_module(lines: Lines) -> None:
    structlog.get_logger("buurtwacht.edge.delivery").info("sent", delivery=5861234567890123, account="telegram")
    (line,) = lines()
    assert line["event"] == "sent"
    assert line["level"] == "info"
    assert line["logger"] == "buurtwacht.edge.delivery"
    assert line["delivery"] == 5861234567890123, "our own ids can be looked up"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", str(line["timestamp"]))


def test_people_on_a_terminal_read_lines(stream: io.StringIO) -> None:
    configure(json=False, stream=stream)
    structlog.get_logger("buurtwacht.app").warning("polling", account="telegram")
    line = stream.getvalue()
    assert "polling" in line
    assert "account=telegram" in line
    assert not line.startswith("{")


def test_without_a_terminal_it_is_json(stream: io.StringIO) -> None:
    configure(stream=stream)
    structlog.get_logger("x").info("started")
    assert json.loads(stream.getvalue())["event"] == "started"


def test_what_is_below_the_level_is_not_written(lines: Lines) -> None:
    structlog.get_logger("buurtwacht.host").debug("chatty")
    assert lines() == []


def test_setting_it_up_twice_writes_once(stream: io.StringIO) -> None:
    configure(json=True, stream=stream)
    configure(json=True, stream=stream)
    structlog.get_logger("x").info("once")
    assert len(stream.getvalue().splitlines()) == 1


# --- what never stands there ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
            "POST https://api.telegram.org/bot[hidden]/sendMessage",
        ),
        ("sent to +31612345678", "sent to +31 6 ****5678"),
        ("sent to +31 6 12 34 56 78.", "sent to +31 6 ****5678."),
        ("sent to 06-12345678", "sent to ****5678"),
        ("sent to 31612345678@s.whatsapp.net", "sent to 3***@s.whatsapp.net"),
        ("group -1001234567890 moved", "group ****7890 moved"),
        ("user NL.13491208655302741918", "user NL.****1918"),
        ("mail to riet.de.wit@example.org", "mail to r***@example.org"),
        ("GET /webhooks/whatsapp?hub.verify_token=abc&x=1", "GET /webhooks/whatsapp?hub.verify_token=[hidden]&x=1"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [hidden]"),
        ("{'Authorization': 'abcdef'}", "{'Authorization': '[hidden]'}"),
        ("EAAJZCwZBpZA0sBO1ZCw0ZBpZA0sBO1ZCw0ZBpZA", "[hidden]"),
        ("postgresql+psycopg://buurt:geheim@db/buurt", "postgresql+psycopg://buurt:[hidden]@db/buurt"),
        ("reply to wamid.HBgLMzE2MTIzNDU2NzgVAgASGBQzQQ==", "reply to wamid.…"),
        ("due 2026-01-16 01:42:00, 20 a minute, TB-0001, 4707", "due 2026-01-16 01:42:00, 20 a minute, TB-0001, 4707"),
        ("listening on http://127.0.0.1:8080", "listening on http://127.0.0.1:8080"),
    ],
)
def test_a_line_hides_what_was_forgotten(lines: Lines, said: str, read: str) -> None:
    structlog.get_logger("buurtwacht").info(said)
    logging.getLogger("buurtwacht").info("%s", said)
    assert [line["event"] for line in lines()] == [read, read]


def test_keys_that_hold_what_people_said_or_own_are_hidden() -> None:
    event = redact(
        None,
        "info",
        {
            "event": "received",
            "text": BODY,
            "body": b"...",
            "payload": {"a": BODY},
            "webhook_secret": "s",
            "phone": "+31612345678",
            "chat_id": 123456789,
            "handle": "31612345678",
            "found": {"chat": 123456789, "text": BODY, "numbers": [31612345678]},
            "seconds": 0.25,
            "count": 4000,
            "late": True,
            "person": 5861234567890123,
            "deliveries": [5861234567890123],
            "raw": b"\x00" * 12,
        },
    )
    assert event == {
        "event": "received",
        "text": "[hidden]",
        "body": "[hidden]",
        "payload": "[hidden]",
        "webhook_secret": "[hidden]",
        "phone": "+31 6 ****5678",
        "chat_id": "****6789",
        "handle": "****5678",
        "found": {"chat": "****6789", "text": "[hidden]", "numbers": ["****5678"]},
        "seconds": 0.25,
        "count": 4000,
        "late": True,
        "person": 5861234567890123,
        "deliveries": [5861234567890123],
        "raw": "12 bytes",
    }


@given(
    st.from_regex(r"\A\+31 ?6[ -]?[1-9][0-9]{7}\Z"),
    st.text(alphabet="abc ,.:()\n", max_size=8),
    st.sampled_from(" ,(:"),
)
def test_no_dutch_mobile_number_survives(number: str, before: str, mark: str) -> None:
    said = f"{before}{mark}{number}{mark}{before}"
    read = str(redact(None, "info", {"event": said})["event"])
    assert re.sub(r"\D", "", number)[3:] not in re.sub(r"\D", "", read)


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        ("+31612345678", "+31 6 ****5678"),
        ("+32470123456", "+32 4 ****3456"),
        ("31612345678", "****5678"),
        (123456789, "****6789"),
        (-1001234567890, "****7890"),
        ("+9991234567", "+****4567"),
        ("12345", "****"),
        ("riet@example.org", "r***@example.org"),
    ],
)
def test_a_handle_is_shown_so_that_only_its_owner_knows_it(handle: str | int, shown: str) -> None:
    assert masked(handle) == shown


# --- errors --------------------------------------------------------------------------------------------------------


def test_an_error_is_its_type_its_place_and_a_trace_and_not_its_message(lines: Lines) -> None:
    try:
        try:
            raise KeyError(BODY)
        except KeyError as cause:
            raise ValueError(f"cannot read {BODY}") from cause
    except ValueError:
        structlog.get_logger("buurtwacht.host").exception("parked", plugin="alerts")
    (line,) = lines()
    assert line["error"] == "ValueError < KeyError"
    assert re.search(r"core/test_logs\.py:\d+ test_an_error_is", str(line["stack"]))
    assert re.fullmatch("[bcdfghjklmnpqrstvwxz]{8}", str(line["trace"]))
    assert "meidoornstraat" not in json.dumps(line)


def test_the_trace_that_somebody_read_is_the_one_in_the_log(lines: Lines) -> None:
    trace = new_trace()
    structlog.get_logger("x").error("parked", exc_info=RuntimeError(BODY), trace=trace)
    assert lines()[0]["trace"] == trace
    assert new_trace() != trace


def test_a_statement_that_fails_does_not_show_its_parameters(lines: Lines) -> None:
    try:
        with create_engine("sqlite://").connect() as connection:
            connection.execute(text("insert into nowhere values (:body)"), {"body": BODY})
    except Exception as error:
        structlog.get_logger("buurtwacht.records").error("lost", exc_info=True, cause=error)
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=error)
    written = json.dumps(lines())
    assert "sqlalchemy.OperationalError < sqlite3.OperationalError" in written
    assert "meidoornstraat" not in written


def test_errors_of_ours_and_of_the_system_say_why(lines: Lines) -> None:
    log = structlog.get_logger("buurtwacht")
    log.warning("a", exc_info=PluginError("patrols", "needs core 2.0, this is 0.1"))
    log.warning("b", exc_info=Throttled(3, "recipient", "code 131056"))
    log.warning("c", exc_info=OSError(28, "No space left on device", "buurtwacht.db"))
    assert [line["reason"] for line in lines()] == [
        "plugin patrols: needs core 2.0, this is 0.1",
        "code 131056",
        "No space left on device",
    ]


# --- libraries -----------------------------------------------------------------------------------------------------


def test_libraries_are_heard_from_warnings_on_and_without_values(lines: Lines) -> None:
    for name in ("httpx", "telegram.ext.Updater", "pywa.server", "apscheduler.scheduler", "uvicorn.access"):
        logging.getLogger(name).info("HTTP Request: %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    logging.getLogger("telegram.request.BaseRequest").error('Can not load invalid JSON data: "%s"', BODY)
    logging.getLogger("uvicorn.error").info("Uvicorn running on %s", "http://127.0.0.1:8080")
    assert [line["event"] for line in lines()] == [
        'Can not load invalid JSON data: "%s"',
        "Uvicorn running on http://127.0.0.1:8080",
    ]


def test_uvicorns_own_lines_are_ours_too(lines: Lines) -> None:
    web = logging.getLogger("uvicorn")
    web.addHandler(logging.StreamHandler(io.StringIO()))
    configure(json=True, stream=io.StringIO())
    assert web.handlers == []
    assert web.propagate
