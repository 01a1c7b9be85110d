"""Files that ``presswatch export`` wrote, put back by ``presswatch import``."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.draining import drain
from domain.chats import ChatIdentity
from domain.jobs import JobKind
from services import Services
from services.exporting.records import VERSION
from services.reading import read
from services.restoring import Restored, header, restore

# Longer first lines are no header.
_LONGEST_HEADER = 10_000
_NAMES = {
    "article": "articles",
    "person": "persons",
    "claim": "claims",
    "relation": "relations",
    "judgement": "judgements",
    "correction": "corrections",
    "doubt": "doubts",
}


def is_export(path: Path) -> bool:
    """Return whether a file begins as an export does."""
    return path.is_file() and header(_first_line(path)) is not None


async def restore_file(services: Services, to: ChatIdentity, path: Path, console: Console) -> None:
    """Put an export back into the chat's collection, and say what became of it."""
    begins = header(_first_line(path))
    if begins is None or begins.version > VERSION:
        _say(console, f"{path}: a later Presswatch has written this export; this one cannot read it")
        return
    report = Restored()
    try:
        with _bar(console) as bar:
            task = bar.add_task(path.name, total=_size(path))

            def lines() -> Iterator[bytes]:
                with path.open("rb") as file:
                    for line in file:
                        yield line
                        bar.update(task, completed=file.tell())

            await restore(services, to, lines, report)
        for article in report.unread:
            await read(services, article, None)
        await drain(services, JobKind.EXTRACT)
    finally:
        for line in _told(path, report):
            _say(console, line)


def _told(path: Path, report: Restored) -> Iterator[str]:
    counts = [f"{report.new[each]} {name}" for each, name in _NAMES.items() if report.new[each]]
    known = report.known["article"]
    yield f"{path}: restored {', '.join(counts) or 'nothing new'}; {known} articles were here already."
    if report.unread:
        yield f"  {len(report.unread)} had not been read when they were exported, and have been now"
    if report.corrected:
        yield f"  {len(report.corrected)} of these have been read again, with the corrections that came"
    if report.unreadable:
        places = ", ".join(map(str, report.unreadable[:3])) + (", …" if len(report.unreadable) > 3 else "")
        yield f"  {len(report.unreadable)} lines are no records: {places}"
    if not report.whole:
        yield "  the file has no end: what was cut off is missing"


def _size(path: Path) -> int:
    return path.stat().st_size


def _first_line(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.readline(_LONGEST_HEADER)
    except OSError:
        return b""


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
