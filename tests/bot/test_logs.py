"""What is logged: where something failed and of which kind it was, and nothing that people wrote."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from telegram.error import BadRequest

from bot.logs import formatter, reporting, said


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_text_no_name_and_no_token_is_logged_whatever_goes_wrong(tmp_path: Path, form: str):
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "tests.bot.logged", str(tmp_path), form],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    log, token = done.stderr, done.stdout.strip()
    for told in (
        "handler.error",
        "job.error",
        "update.unparsable",
        "RuntimeError",
        "KeyError",
        "ValueError",
        "logged.py",
    ):
        assert told in log, "it must have been logged"
    assert [line for line in log.splitlines() if "marker" in line.lower() or token in line or "Ann Lee" in line] == []
    if form == "json":
        lines = [json.loads(line) for line in log.splitlines()]
        assert [line for line in lines if not line.get("action")] == [], "each line has an action"
        assert {line["level"] for line in lines} >= {"info", "warning", "error"}


def record(name: str, message: Any, *, error: BaseException | None = None) -> logging.LogRecord:
    raised = (type(error), error, None) if error else None
    return logging.LogRecord(name, logging.ERROR, "x.py", 1, message, (), raised)


def written(line: logging.LogRecord, secrets: tuple[str, ...] = (), *, as_json: bool = True) -> str:
    return formatter(secrets, as_json=as_json).format(line)


@pytest.mark.parametrize(
    ("name", "says", "shown"),
    [
        ("uvicorn.error", "Exception in ASGI application\n", "Exception in ASGI application"),
        (
            "psycopg.pool",
            'discarding: connection to "ann.example" failed\nDETAIL: (Ann)',
            "discarding: connection to […]",
        ),
        ("asyncio", "Task exception was never retrieved\nfuture: <Task … 'Ann'>", "Task exception was never retrieved"),
        ("", "who logs this?", "who logs this?"),
    ],
)
def test_a_librarys_line_has_an_action_and_nothing_that_it_quotes(name: str, says: str, shown: str):
    line = json.loads(written(record(name, says)))
    assert line["action"] == f"library.{name.partition('.')[0] or 'unknown'}"
    assert line["event"].startswith(shown)
    assert "Ann" not in str(line)
    assert "ann.example" not in str(line)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_databases_error_is_known_by_its_code_and_what_it_quotes_is_not_told(as_json: bool):
    error = psycopg.errors.UniqueViolation("Key (name)=(Ann Lee) already exists")
    line = written(record("psycopg", "a statement failed", error=error), as_json=as_json)
    assert "psycopg.errors.UniqueViolation: 23505" in line
    assert "Ann" not in line


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_left_out_wherever_they_turn_up(as_json: bool):
    line = written(
        record("httpx", "GET https://x/bot1:token/getMe"), ("1:token", "x", "1:token/getMe"), as_json=as_json
    )
    assert "token" not in line
    assert "https://x/bot[secret]" in line, "what is no secret to speak of stays"


def test_what_an_error_says_is_told_where_it_is_about_the_machine():
    assert said(OSError(28, "No space left on device")) == "No space left on device"
    assert said(BadRequest('cannot parse "Ann"')) == "cannot parse […]"
    assert said(ValueError("Ann")) == ""


def test_errors_are_reported_with_their_action_and_what_was_raised_and_nothing_else_is():
    told: list[tuple[Mapping[str, Any], BaseException | None]] = []
    fault = KeyError("Ann")
    with reporting(lambda *report: told.append(report)):
        logging.getLogger("bot").error({"event": "a job failed", "action": "job.error", "exc_info": fault})
        logging.getLogger("uvicorn.error").error("broken", exc_info=fault)
        logging.getLogger("bot").warning({"event": "hm", "action": "hm"})
    logging.getLogger("bot").error({"event": "too late", "action": "late"})
    assert [(report["action"], error) for report, error in told] == [("job.error", fault), ("library.uvicorn", fault)]
