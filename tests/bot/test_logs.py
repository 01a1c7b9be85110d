"""What is logged: where something failed and of which kind it was, and nothing that people wrote."""

import subprocess
import sys
from pathlib import Path


def test_no_text_no_name_and_no_token_is_logged_whatever_goes_wrong(tmp_path: Path):
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "tests.bot.logged", str(tmp_path)],
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
