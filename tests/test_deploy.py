"""What deploy/ and the manual name is there: commands, settings, files, alerts."""

import os
import re
import shlex
import subprocess
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.cli import app
from bot.settings import PREFIX, Settings
from domain.operating import Alert, Notice
from handlers.replies.operating import notice

ROOT = Path(__file__).parents[1]
COMPOSE = [ROOT / "compose.yaml", ROOT / "deploy/compose.cluster.yaml"]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
MANUAL = ROOT / "docs/operations.md"
ALL = [
    ROOT / "Dockerfile",
    *COMPOSE,
    *sorted(each for each in (ROOT / "deploy").rglob("*") if each.is_file()),
    MANUAL,
    ROOT / "SECURITY.md",
]
COMMANDS = {each.name or getattr(each.callback, "__name__", "") for each in app.registered_commands}
SETTINGS = {PREFIX + each.upper() for each in Settings.model_fields}
CALL = r"(?:bin/presswatch|`presswatch|^presswatch|run --rm bot) ([a-z]+)"
LINK = re.compile(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.name)
def test_each_setting_that_is_named_exists(file: Path):
    named = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", text_of(file)))
    assert named <= SETTINGS


def test_each_setting_is_explained():
    explained = text_of(ROOT / "README.md") + text_of(MANUAL)
    assert {each for each in SETTINGS if f"`{each}`" not in explained} == set()


@pytest.mark.parametrize("file", [*UNITS, MANUAL], ids=lambda file: file.name)
def test_each_command_that_is_named_exists(file: Path):
    named = set(re.findall(CALL, text_of(file), re.MULTILINE))
    assert named
    assert named <= COMMANDS


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_each_command_of_a_container_exists(file: Path):
    named = set(re.findall(r"^ *command: \[([a-z]+)", text_of(file), re.MULTILINE))
    assert named
    assert named <= COMMANDS


def test_the_image_runs_a_command_that_exists_and_what_is_copied_is_there():
    text = text_of(ROOT / "Dockerfile")
    assert re.findall(r'^CMD \["(\w+)"\]', text, re.MULTILINE) == ["run"]
    assert "run" in COMMANDS
    assert re.findall(r"^COPY (requirements/\S+)", text, re.MULTILINE) == ["requirements/run.txt"]
    let_in = re.findall(r"^!(\S+)", text_of(ROOT / ".dockerignore"), re.MULTILINE)
    assert [each for each in let_in if not (ROOT / each).exists()] == []


def test_every_room_gets_into_the_image():
    rooms = {each.parent.name for each in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert rooms <= set(re.findall(r"^!(\w+)$", text_of(ROOT / ".dockerignore"), re.MULTILINE))


def test_neither_an_archive_nor_a_secret_gets_into_the_image():
    assert text_of(ROOT / ".dockerignore").splitlines()[1] == "*", "all is left out that is not named"


def test_the_image_the_tests_and_the_lists_are_of_one_python():
    (version,) = set(re.findall(r"^FROM python:(\d\.\d+)-", text_of(ROOT / "Dockerfile"), re.MULTILINE))
    assert f"--python-version {version} " in text_of(ROOT / "Makefile")


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_gives_up_what_it_does_not_need(file: Path):
    lines = text_of(file).splitlines()
    for line in (
        "User=presswatch",
        "UMask=0077",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
    ):
        assert line in lines


def backed_up(folder: Path, pg_dump: str) -> tuple[int, Sequence[str]]:
    """Do what the nightly unit does on PostgreSQL, with such a pg_dump; its exit code and what lies in the folder."""
    program = folder / "bin/pg_dump"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{pg_dump}\n", encoding="utf-8")
    program.chmod(0o700)
    backups = folder / "backups"
    backups.mkdir()
    unit = text_of(ROOT / "deploy/systemd/postgresql-backup.conf")
    told = shlex.split(re.findall("^ExecStart=(.+)$", unit, re.MULTILINE)[0].replace("%%", "%"))
    path = f"{program.parent}:{os.environ['PATH']}"
    given = {"PATH": path, "BACKUPS": f"{backups}", "PRESSWATCH_DATABASE_URL": "postgresql:///press"}
    done = subprocess.run(told, env=given, check=False)  # noqa: S603  # it is in the repository
    return done.returncode, sorted(each.name for each in backups.iterdir())


_WRITES = 'for each; do case "$each" in --file=*) echo all > "${each#--file=}";; esac; done'


def test_a_nightly_dump_has_its_name_only_once_it_is_whole(tmp_path: Path):
    """Half a dump would lie there for thirty days, on a disk that may be full, as if it could be restored."""
    code, left = backed_up(tmp_path, f"{_WRITES}; exit 1")
    assert (code != 0, left) == (True, [])


def test_a_nightly_dump_is_found_by_what_removes_old_ones(tmp_path: Path):
    code, (name,) = backed_up(tmp_path, _WRITES)
    assert code == 0
    assert fnmatch(name, "presswatch-*.dump")


@pytest.mark.parametrize("unit", ["presswatch-backup.service", "postgresql-backup.conf"])
def test_old_backups_go_and_so_does_what_is_left_of_one_that_was_killed(unit: str):
    patterns = re.findall(r"-name (\S+)", text_of(ROOT / "deploy/systemd" / unit))
    for name in ("presswatch-2026-03-03-031500.db", "presswatch-2026-03-03-031500.db.part"):
        assert any(fnmatch(name, pattern) for pattern in patterns)


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_a_container_gives_up_what_it_does_not_need(file: Path):
    text = text_of(file)
    for line in (
        "pull_policy: build",
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "init: true",
    ):
        assert line in text


def test_no_file_of_secrets_that_the_manual_names_is_taken_by_git():
    named = set(re.findall(r"[\w.]*\.env\b(?!\.)", text_of(MANUAL) + text_of(ROOT / "README.md"))) | {".env"}
    assert {".env", "presswatch.env", "cluster.env"} <= named
    left_out = text_of(ROOT / ".gitignore").splitlines()
    assert [each for each in named if not any(fnmatch(each, pattern) for pattern in left_out)] == []


def test_no_secret_stands_in_what_is_handed_out():
    for line in text_of(ROOT / "deploy/cluster.env.example").splitlines():
        name, _, value = line.partition("=")
        assert not (re.search("TOKEN|PASSWORD|SECRET", name) and value)


@pytest.mark.parametrize("file", [MANUAL, ROOT / "SECURITY.md", ROOT / "README.md"], ids=lambda file: file.name)
def test_each_file_that_is_linked_is_there(file: Path):
    links = LINK.findall(text_of(file))
    assert links
    assert [each for each in links if not (file.parent / each).exists()] == []


@pytest.mark.parametrize("alert", Alert)
def test_the_manual_says_what_to_do_at_each_alert(alert: Alert):
    shown = re.sub("<[^>]*>", "", str(notice(Notice(alert, "7")).text)).removeprefix("⚠️ ")
    said = next(part.strip() for part in re.split(r"\b7\b(?: MB)?", shown) if len(part) > 10)
    assert f"| {said[:17]}" in text_of(MANUAL).replace("| … ", "| ")
