"""``presswatch import``: files into an archive; safe to stop and run again."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.application import open_services
from bot.extracting import given_metadata
from bot.settings import Settings
from bot.terminal.session import TERMINAL
from domain.chats import ChatIdentity
from domain.extraction import Metadata
from readers.files import read_file
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
    async with open_services(settings) as services:
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
        console.print(f"  skipped: {line}", markup=False)
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
    await read(services, article, None)
    report.kept += 1


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in (".txt", ".jsonl"))
    return [path]


def _count(file: Path) -> int:
    if file.suffix != ".jsonl":
        return 1
    with file.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _articles(file: Path) -> Iterator[Found]:
    if file.suffix == ".jsonl":
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _of_line(f"{file}, line {number}", line)
        return
    text = read_file(file.read_bytes())
    yield Found(str(file), text if text and text.strip() else None, Metadata(), "this is no plain text")


def _of_line(place: str, line: bytes) -> Found:
    try:
        record = json.loads(line)
    except ValueError:
        return Found(place, None, Metadata(), "this is no JSON")
    if not isinstance(record, dict) or not isinstance(record.get("text"), str) or not record["text"].strip():
        return Found(place, None, Metadata(), 'there is no "text"')
    return Found(place, record["text"], given_metadata(record))
