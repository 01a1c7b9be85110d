"""``presswatch backup`` as it is called."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from storage.opening import open_database


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def run(monkeypatch: pytest.MonkeyPatch, url: str, target: str) -> tuple[int, str]:
    monkeypatch.setenv("PRESSWATCH_DATABASE_URL", url)
    done = CliRunner().invoke(app, ["backup", target])
    return done.exit_code, done.stderr


async def test_it_says_how_large_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    await (await open_database("sqlite:///a.db")).close()
    code, said = run(monkeypatch, "sqlite:///a.db", "copy.db")
    assert (code, said) == (0, f"copy.db: {(tmp_path / 'copy.db').stat().st_size / 1e6:.1f} MB, checked\n")
    code, said = run(monkeypatch, "sqlite:///a.db", "copy.db")
    assert (code, said) == (2, "No backup: copy.db is there already\n")


@pytest.mark.parametrize(
    ("url", "target", "sentence"),
    [
        ("sqlite:///a.db", "copy.db", "PRESSWATCH_DATABASE_URL: there is no file a.db"),
        ("postgresql://ann:hunter22@db.example/press", "p.dump", "pg_dump --format=custom --file=p.dump"),
    ],
)
def test_where_there_is_none_a_sentence_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, target: str, sentence: str
):
    code, said = run(monkeypatch, url, target)
    assert code == 2
    assert sentence in said
    assert "hunter22" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "a.db").touch()
    code, said = run(monkeypatch, "sqlite:///a.db", "nowhere/copy.db")
    assert code == 2
    assert said.startswith("No backup: a.db cannot be copied to nowhere/copy.db: ")


@pytest.mark.parametrize(
    ("operator", "queued", "said"),
    [
        ("-5", [("send", "no backup", -5)], ""),
        ("", [], "PRESSWATCH_TOKEN, PRESSWATCH_OPERATOR_CHAT: not both set, so nobody is told\n"),
    ],
)
def test_that_one_failed_is_in_the_queue_for_the_operators_chat(
    monkeypatch: pytest.MonkeyPatch, operator: str, queued: list[tuple[str, str, int]], said: str
):
    monkeypatch.setenv("PRESSWATCH_DATABASE_URL", "sqlite:///a.db")
    monkeypatch.setenv("PRESSWATCH_TOKEN", f"123456:{'A' * 35}")
    monkeypatch.setenv("PRESSWATCH_OPERATOR_CHAT", operator)
    assert CliRunner().invoke(app, ["backup-failed"]).stderr == said
    jobs = asyncio.run(queued_in("sqlite:///a.db"))
    assert [(kind, payload["alert"], payload["chat"]) for kind, payload in jobs] == queued


async def queued_in(url: str) -> list[tuple[str, Any]]:
    database = await open_database(url)
    async with database.reading() as db:
        jobs = [(row["kind"], json.loads(row["payload"])) for row in await db.all("SELECT kind, payload FROM jobs")]
    await database.close()
    return jobs
