"""Import: whatever an archive holds is taken in once, what is left out is told, and it can be stopped at any moment."""

import asyncio
import io
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.console import Console

from bot import importing
from bot.application import open_services
from bot.importing import Report, import_paths
from bot.settings import Settings
from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata
from domain.intake import FileContent, NoArticle
from readers.archives import NOT_EXPORTED, OTHER_KIND, OUTSIDE
from readers.files import read_file
from services import Services


def article(what: str) -> str:
    """A text of an article's length, unlike any other."""
    said = " ".join(f"{what} report {number} was read at the harbour." for number in range(8))
    return f"News of {what}\n\n{said}\n"


@dataclass
class Readers:
    """What an import makes use of; it remembers what it was given."""

    extracted: list[tuple[str, Metadata]] = field(default_factory=list)
    opened: list[str | None] = field(default_factory=list)
    result: Extraction | ExtractionFailure = field(default_factory=Extraction)

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        self.extracted.append((text, given))
        await asyncio.sleep(0)
        return self.result

    def warm_up(self) -> None:
        pass

    async def read_file(self, data: bytes, name: str | None, mime: str | None) -> FileContent:
        self.opened.append(name)
        return NoArticle.SCAN if data.startswith(b"scan") else read_file(data, name, mime)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Readers:
    made = Readers()

    @asynccontextmanager
    async def opened(settings: Settings, token: str) -> AsyncIterator[Services]:
        async with open_services(settings, token) as services:
            yield replace(services, extraction=made, files=made)

    monkeypatch.setattr(importing, "open_services", opened)
    return made


Import = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path, readers: Readers) -> Import:
    """Import paths into an archive of the test's own and return what is said at the end."""

    def take(*paths: Path, whole: io.StringIO | None = None) -> list[str]:
        out = io.StringIO()
        settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/archive.db")
        assert asyncio.run(import_paths(settings, paths, None, Console(file=out), whole)) is None
        return out.getvalue().splitlines()

    return take


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path / "archive.db") as archive:
        found = archive.execute(sql).fetchall()
    archive.close()
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with articles in every kind of container."""
    folder = tmp_path / "all"
    (folder / "deep" / ".hidden").mkdir(parents=True)
    (folder / "deep" / "pier.txt").write_text(article("Pier"))
    (folder / "deep" / "notes.md").write_text("not an article")
    (folder / "deep" / ".hidden" / "draft.txt").write_text(article("Draft"))
    (folder / "deep" / "scan.pdf").write_bytes(b"scan")
    (folder / "deep" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "deep" / "gone.txt").symlink_to(tmp_path / "nowhere")
    lines = [{"text": article("Ferry"), "publisher": "Gazette"}, {"text": article("Pier") + " \n"}, {"no": "text"}]
    (folder / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "one.eml").write_bytes(mail("L"))
    (folder / "box.mbox").write_bytes(b"".join(b"From a Tue Mar  3 08:00:00 2026\n" + mail(each) for each in "AB"))
    export(folder / "ChatExport", [post(1, article("Post")), post(2, "Nice."), post(3, file="files/sent.html")])
    (folder / "ChatExport" / "files").mkdir()
    (folder / "ChatExport" / "files" / "sent.html").write_text(f"<html><body><p>{article('Page')}</p></body></html>")
    return folder


def mail(what: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Date"] = "a@b.test", "c@d.test", what, "3 Mar 2026 08:00:00 +0000"
    made.set_content(article(f"Mail {what}"))
    return made.as_bytes() + b"\n"


def post(number: int, text: str = "", **more: object) -> dict[str, object]:
    return {"id": number, "type": "message", "date_unixtime": "1700000000", "from": "Ilka", "text": text, **more}


def export(folder: Path, messages: Sequence[dict[str, object]], kind: str = "public_channel") -> None:
    folder.mkdir()
    chat = {"name": "Oru press", "type": kind, "id": 7, "messages": messages}
    (folder / "result.json").write_text(json.dumps(chat))


def test_everything_that_can_be_read_is_taken_in_once(run: Import, archive: Path, readers: Readers, tmp_path: Path):
    first = run(archive)
    assert first[0] == "7 articles read, 1 were here already, 2 too short (fewer than 40 words), 4 skipped."
    assert sorted(" ".join(text.split()[:4]) for text, _ in readers.extracted) == sorted(
        f"News of {what}"
        for what in ("Ferry Ferry", "Mail A", "Mail B", "Mail L", "Page Page", "Pier Pier", "Post Post")
    )
    assert rows(tmp_path, "SELECT COUNT(*) FROM articles WHERE state = 'read'") == [(7,)]


def test_what_was_left_out_is_told_by_reason_with_its_place(run: Import, archive: Path):
    whole = io.StringIO()
    said = run(archive, whole=whole)
    for place, reason in [
        (archive / "deep" / "scan.pdf", "its pages are pictures without text"),
        (archive / "deep" / "photo.jpg", OTHER_KIND),
        (archive / "deep" / "gone.txt", "No such file or directory"),
        (f"{archive / 'lines.jsonl'}, line 3", 'this line has no "text"'),
    ]:
        at = said.index(f"  1 skipped: {reason}")
        assert said[at + 1] == f"    {place}"
        assert f"{place}: {reason}\n" in whole.getvalue()
    assert not any(".hidden" in line for line in said)


def test_a_second_run_opens_no_file_and_reads_no_article_again(run: Import, archive: Path, readers: Readers):
    run(archive)
    readers.extracted.clear()
    readers.opened.clear()
    assert run(archive)[0].startswith("0 articles read, 8 were here already, ")
    assert readers.extracted == []
    # Those without an article may do better with the next release.
    assert sorted(map(str, readers.opened)) == ["notes.md", "scan.pdf"]


def test_a_changed_file_is_opened_again(run: Import, tmp_path: Path, readers: Readers):
    (tmp_path / "pier.txt").write_text(article("Pier"))
    run(tmp_path / "pier.txt")
    (tmp_path / "pier.txt").write_text(article("Pier again"))
    assert run(tmp_path / "pier.txt")[0].startswith("1 articles read, 0 were")


def test_a_post_keeps_its_channel_and_sorts_by_when_it_was_sent(run: Import, tmp_path: Path, readers: Readers):
    export(tmp_path / "chat", [post(1, article("Post"))])
    run(tmp_path / "chat" / "result.json")
    ((_, given),) = readers.extracted
    assert given == Metadata(publisher="Oru press")
    assert rows(tmp_path, "SELECT seen_at, settled_at < '2000' FROM articles") == [("2023-11-14T22:13:20.000Z", 1)]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("../secret.txt", OUTSIDE),
        ("files/../../secret.txt", OUTSIDE),
        ("files/link.txt", OUTSIDE),
        ("files/gone.txt", NOT_EXPORTED),
        ("files/nul\0.txt", NOT_EXPORTED),
        ("files/" + "n" * 5000, "File name too long"),
        ("files", OTHER_KIND),
        ("files/photo.jpg", OTHER_KIND),
        ("(File not included. Change data exporting settings to download.)", NOT_EXPORTED),
    ],
)
def test_an_export_brings_no_file_but_its_own_articles(
    run: Import, tmp_path: Path, readers: Readers, file: str, reason: str
):
    (tmp_path / "secret.txt").write_text(article("Secret"))
    export(tmp_path / "chat", [post(1, file=file)])
    (tmp_path / "chat" / "files").mkdir()
    (tmp_path / "chat" / "files" / "photo.jpg").touch()
    (tmp_path / "chat" / "files" / "link.txt").symlink_to(tmp_path / "secret.txt")
    said = run(tmp_path / "chat")
    assert readers.opened == []
    assert f"  1 skipped: {reason}" in said


@pytest.mark.parametrize(
    ("name", "data", "first"),
    [
        ("article", article("Pier").encode(), "1 articles read"),
        ("article.log", article("Pier").encode(), "1 articles read"),
        ("Inbox", b"From - Tue Mar  3 08:00:00 2026\n" + mail("A"), "1 articles read"),
        ("other.json", b'{"result": 1}', "0 articles read"),
        ("empty.mbox", b"", "0 articles read"),
        ("empty.jsonl", b"", "0 articles read"),
    ],
)
def test_a_file_that_is_named_itself_is_tried_whatever_its_name(
    run: Import, tmp_path: Path, name: str, data: bytes, first: str
):
    (tmp_path / name).write_bytes(data)
    assert run(tmp_path / name)[0].startswith(first)


def test_a_pipe_is_no_archive(run: Import, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "  1 skipped: it is no file, or a folder that cannot be opened" in run(tmp_path)


def test_an_article_that_fails_is_told_and_not_counted_as_read(run: Import, tmp_path: Path, readers: Readers):
    readers.result = ExtractionFailure(FailureReason.UNREADABLE_SCRIPT)
    (tmp_path / "pier.txt").write_text(article("Pier"))
    assert run(tmp_path / "pier.txt") == [
        "0 articles read, 0 were here already, 1 skipped.",
        "  1 skipped: the text has no letters",
        f"    {tmp_path}/pier.txt",
    ]


def test_the_report_names_the_first_places_and_counts_the_others():
    report = Report()
    for number in range(5):
        report.skip(f"place {number}", "it is damaged")
    report.skip("elsewhere", "it is empty")
    assert list(report.lines()) == [
        "0 articles read, 0 were here already, 6 skipped.",
        *("  5 skipped: it is damaged", "    place 0", "    place 1", "    place 2", "    and 2 more"),
        *("  1 skipped: it is empty", "    elsewhere"),
    ]


def test_without_a_terminal_a_line_tells_how_far_it_is(run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importing, "A_LINE_EVERY", 0.0)
    lines = [json.dumps({"text": article(f"Pier {number}")}) for number in range(4)]
    (tmp_path / "lines.jsonl").write_text("\n".join(lines))
    said = run(tmp_path / "lines.jsonl")
    assert any(line.startswith("100 %: 4 articles, ") for line in said)
    assert all("─" not in line and "━" not in line for line in said)


ARTICLES = 40
# So many are read or kept at a time by one process that reads.
IN_HAND = 3


@asynccontextmanager
async def importing_process(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`presswatch import` as a process of its own, with an archive of texts and files; its processes end with it."""
    lines = [json.dumps({"text": article(f"Line {number}")}) for number in range(ARTICLES // 2)]
    (folder / "lines.jsonl").write_text("\n".join(lines))
    (folder / "files").mkdir(exist_ok=True)
    for number in range(ARTICLES // 2):
        (folder / "files" / f"{number}.txt").write_text(article(f"File {number}"))
    environment = {**os.environ, "PRESSWATCH_DATABASE_URL": f"sqlite:///{folder}/archive.db"}
    command = [sys.executable, "-m", "bot", "import", str(folder / "files"), str(folder / "lines.jsonl")]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=None, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def read_so_far(folder: Path) -> int:
    try:
        return int(str(rows(folder, "SELECT COUNT(*) FROM articles WHERE state = 'read'")[0][0]))
    except sqlite3.OperationalError:
        return 0


async def until_read(folder: Path, count: int) -> None:
    async with asyncio.timeout(120):
        while read_so_far(folder) < count:  # noqa: ASYNC110  # the other process tells nobody
            await asyncio.sleep(0.02)


async def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path):
    done = 0
    for until in (1, ARTICLES // 3, ARTICLES // 2 + 3):
        async with importing_process(tmp_path) as process:
            await until_read(tmp_path, until)
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        done = read_so_far(tmp_path)
        assert done < ARTICLES
    async with importing_process(tmp_path) as process:
        _, said = await process.communicate()
    assert f"{ARTICLES - done} articles read, {done} were here already, 0 skipped." in said.decode()
    assert rows(tmp_path, "SELECT COUNT(*), COUNT(DISTINCT content_hash) FROM articles WHERE state = 'read'") == [
        (ARTICLES, ARTICLES)
    ]


async def test_ctrl_c_ends_it_with_the_report_so_far(tmp_path: Path):
    async with importing_process(tmp_path) as process:
        await until_read(tmp_path, 2)
        os.killpg(process.pid, signal.SIGINT)
        _, said = await process.communicate()
    assert process.returncode == 130
    stopped, report = said.decode().splitlines()
    assert stopped == "Stopped; the same command goes on from here."
    counted = int(report.removesuffix(" articles read, 0 were here already, 0 skipped."))
    # What is in hand when it is stopped may be kept without being counted any more.
    assert 2 <= counted <= read_so_far(tmp_path) <= counted + IN_HAND


def test_what_is_to_be_sent_goes_to_the_chats_own_bot_and_nothing_is_left_undone(
    run: Import, tmp_path: Path, readers: Readers
):
    (tmp_path / "one.txt").write_text(article("one"))
    run(tmp_path / "one.txt")
    assert rows(tmp_path, "SELECT DISTINCT bot, state FROM jobs") == [(1, "done")]
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute("UPDATE chats SET bot = 7")
        db.execute("DELETE FROM jobs")
    db.close()
    (tmp_path / "two.txt").write_text(article("two"))
    run(tmp_path / "two.txt")
    assert rows(tmp_path, "SELECT DISTINCT bot, state FROM jobs") == [(7, "done")]
