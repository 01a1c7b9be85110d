"""``presswatch import``: files into an archive; safe to stop and run again."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.application import open_services
from bot.extracting import FAILURES
from bot.settings import Settings
from bot.terminal.session import TERMINAL, TOKEN
from domain.chats import ChatIdentity
from domain.extraction import Metadata
from readers.files import read_plain
from readers.lines import read_line
from services import Services
from services.chats import find
from services.intake import take_in_imported
from services.reading import read


@dataclass(frozen=True, slots=True)
class Found:
    """Where an article was found, and its text, or None with the reason why it is skipped."""

    place: str
    text: str | None
    given: Metadata
    reason: str = ""


@dataclass(slots=True)
class Report:
    """What became of the articles of an import."""

    kept: int = 0
    known: int = 0
    skipped: list[str] = field(default_factory=list)


async def import_paths(settings: Settings, paths: Sequence[Path], chat: int | None, console: Console) -> str | None:
    """Take every article below the paths in and read it; return a sentence where the chat is not known."""
    files = [file for path in paths for file in _files(path)]
    report = Report()
    async with open_services(settings, TOKEN) as services:
        to = await find(services, chat) if chat is not None else TERMINAL
        if to is None:
            return f"--chat: the bot has not met a chat {chat}; write something to it there first"
        with Progress(console=console) as progress:
            task = progress.add_task("articles", total=sum(map(_count, files)))
            waiting = chain.from_iterable(map(_articles, files))
            # One article more than there are processes is under way, so that none of them waits.
            async with asyncio.TaskGroup() as group:
                for _ in range(settings.workers + 1):
                    group.create_task(_drain(services, to, waiting, report, lambda: progress.advance(task)))
    console.print(f"{report.kept} articles read, {report.known} were here already, {len(report.skipped)} skipped.")
    for line in report.skipped:
        console.print(f"  skipped: {line}", markup=False, highlight=False, soft_wrap=True)
    return None


async def _drain(
    services: Services, to: ChatIdentity, waiting: Iterator[Found], report: Report, advance: Callable[[], None]
) -> None:
    for found in waiting:
        await _take(services, to, found, report)
        advance()


async def _take(services: Services, to: ChatIdentity, found: Found, report: Report) -> None:
    if found.text is None:
        report.skipped.append(f"{found.place}: {found.reason}")
        return
    article = await take_in_imported(services, to, found.text, found.given)
    if article is None:
        report.known += 1
        return
    failure = await read(services, article, None)
    if failure is None:
        report.kept += 1
    else:
        report.skipped.append(f"{found.place}: {FAILURES[failure]}")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in (".txt", ".jsonl"))
    return [path]


def _count(file: Path) -> int:
    try:
        return sum(1 for _ in _lines(file)) if file.suffix == ".jsonl" else 1
    except OSError:
        return 1


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as lines:
        yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _articles(file: Path) -> Iterator[Found]:
    try:
        yield from _of_lines(file) if file.suffix == ".jsonl" else [_of_file(file)]
    except OSError as error:
        yield Found(str(file), None, Metadata(), str(error.strerror))


def _of_lines(file: Path) -> Iterator[Found]:
    for number, line in _lines(file):
        read = read_line(number, line)
        blank = read.text is not None and not read.text.strip()
        reason = "there is no text in it" if blank else read.reason
        yield Found(f"{file}, line {number}", read.text if not blank else None, read.given, reason)


def _of_file(file: Path) -> Found:
    text = read_plain(file.read_bytes())
    return Found(str(file), text if text and text.strip() else None, Metadata(), "this is no plain text")
