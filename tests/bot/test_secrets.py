"""Secrets in what commands print and log when something fails, and files in which others may look."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PREFIX, Settings
from storage.opening import open_database
from storage.sqlite.backup import back_up

TOKEN = "123456:AAbbCCdd-EeFf_0123456789"
# Nobody listens there.
NOWHERE = "127.0.0.1:9"
# Of each what must not be seen, and what it is set to.
SECRETS = {
    "TOKEN": (TOKEN.partition(":")[2], TOKEN),
    "DATABASE_URL": ("hunter-22", f"postgresql://ann:hunter-22@{NOWHERE}/press"),
    "WEBHOOK_SECRET": ("open-sesame-1234567", "open-sesame-1234567"),
    "SENTRY_DSN": ("5ecre7k3y", "https://5ecre7k3y@sentry.example/x"),
}
RIGHT = {"WEBHOOK_URL": f"https://{NOWHERE}/x", "API_BASE_URL": f"http://{NOWHERE}", "LOG_LEVEL": "DEBUG"}
COMMANDS = [
    ["run"],
    ["worker"],
    ["receive"],
    ["import", "line.jsonl"],
    ["reextract"],
    ["export"],
    ["backup", "copy.db"],
    ["migrate", "--from", "sqlite:///a.db"],
    ["migrate", "--from", SECRETS["DATABASE_URL"][1], "--to", SECRETS["DATABASE_URL"][1]],
    ["doctor"],
]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.jsonl").write_text('{"id": "a", "text": "Nothing at all."}', encoding="utf-8")
    (tmp_path / "a.db").touch()


def given(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(PREFIX + name, value)


def seen(*arguments: str) -> str:
    """Return all that a command shows, and what it ended with where that is an error."""
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code != 0, "this is about what fails"
    return done.output + repr(done.exception)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:20])
def test_no_command_shows_a_secret_whatever_fails(monkeypatch: pytest.MonkeyPatch, command: list[str]):
    """The database is away, and Telegram too; the library's own lines are logged as well."""
    given(monkeypatch, **RIGHT, **{name: value for name, (_, value) in SECRETS.items()})
    shown = seen(*command)
    assert shown
    assert [name for name, (secret, _) in SECRETS.items() if secret in shown] == []


class Telling(BaseHTTPRequestHandler):
    """A server of something else, which fails and tells what it was asked."""

    def do_POST(self) -> None:
        self.send_response(500)
        self.end_headers()
        self.wfile.write(f"There is no {self.path} here".encode())

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(handler: type[Telling]) -> Iterator[str]:
    """Serve as long as the context is open; yield the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_the_doctor_quotes_a_server_that_tells_the_address_without_the_token(monkeypatch: pytest.MonkeyPatch):
    with served(Telling) as address:
        given(monkeypatch, TOKEN=TOKEN, API_BASE_URL=address)
        shown = seen("doctor")
    assert "does not answer: Internal Server Error" in shown
    assert "[secret]" in shown
    assert SECRETS["TOKEN"][0] not in shown


def test_the_bot_logs_what_a_server_tells_of_the_address_without_the_token(monkeypatch: pytest.MonkeyPatch):
    """In a process of its own: one that was told to stop is cut off some seconds later, whatever else it does."""
    bots: list[subprocess.Popen[str]] = []

    class Stopping(Telling):
        """One that has the bot stopped as soon as it is asked: of itself, the bot would go on asking."""

        def do_POST(self) -> None:
            bots[0].terminate()
            super().do_POST()

    with served(Stopping) as address:
        given(monkeypatch, TOKEN=TOKEN, API_BASE_URL=address)
        command = [sys.executable, "-m", "bot", "run"]
        bots.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))  # noqa: S603  # ours
        shown, _ = bots[0].communicate(timeout=60)
    assert "Internal Server Error" in shown
    assert "[…]" in shown
    assert SECRETS["TOKEN"][0] not in shown
    assert "Unclosed" not in shown


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("spoiled", ["{} x\x01", "x{}", "{}@:/[", "\udcff{}"])
def test_no_wrong_setting_is_shown(monkeypatch: pytest.MonkeyPatch, name: str, spoiled: str):
    """What is mistyped may be the secret but for a letter."""
    secret, right = SECRETS[name]
    given(monkeypatch, **RIGHT, **{other: value for other, (_, value) in SECRETS.items() if other != name})
    given(monkeypatch, **{name: spoiled.format(right)})
    done = CliRunner().invoke(app, ["worker"])
    assert secret not in done.output + repr(done.exception)


def test_no_secret_is_in_a_text_of_the_settings(monkeypatch: pytest.MonkeyPatch):
    given(monkeypatch, **RIGHT, **{name: value for name, (_, value) in SECRETS.items()})
    current = Settings()
    for shown in (repr(current), str(current), f"{current}"):
        assert [name for name, (secret, _) in SECRETS.items() if secret in shown] == []


def modes_in(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.glob("own*")}


async def test_the_archive_its_log_and_its_backup_are_for_their_owner_alone(tmp_path: Path):
    """Whatever the umask; the log has what was written last."""
    before = os.umask(0)
    try:
        database = await open_database("sqlite:///own.db")
        async with database.transaction() as db:
            await db.run("CREATE TABLE x (y)")
        back_up(tmp_path / "own.db", tmp_path / "own-copy.db")
        modes = modes_in(tmp_path)
        await database.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("own.db", "own.db-wal", "own.db-shm", "own-copy.db"), 0o600)
