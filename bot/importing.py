"""``presswatch import``: archives of files, mails and chats into the ledger; safe to stop and run again."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.application import open_services
from bot.draining import drain, of_bot
from bot.failures import FAILURES
from bot.restoring import is_export, restore_file
from bot.settings import Settings
from bot.terminal.session import TERMINAL, TOKEN
from domain.chats import ChatIdentity
from domain.intake import FoundArticle, NoArticle
from domain.jobs import JobKind
from domain.messages import SHORTEST_ARTICLE, words_in
from handlers.replies.problems import why
from readers.archives import Archives, File, Piece, Skipped
from services import Services
from services.chats import bot_of, find
from services.imports import articles_imported_of, file_imported
from services.intake import take_in_imported
from services.reading import read

# How many places the report names for each reason.
FIRST_PLACES = 3
# Where there is no bar, a line is printed this often, in seconds.
A_LINE_EVERY = 30.0


@dataclass(slots=True)
class Report:
    """What became of what was found; ``whole`` is a file for every place that was skipped."""

    whole: TextIO | None = None
    kept: int = 0
    known: int = 0
    too_short: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, place: str, reason: str) -> None:
        """Count what was skipped."""
        self.reasons[reason] += 1
        first = self.places.setdefault(reason, [])
        if len(first) < FIRST_PLACES:
            first.append(place)
        if self.whole is not None:
            print(f"{place}: {reason}", file=self.whole, flush=True)

    def leave(self, place: str) -> None:
        """Count a text that is no article."""
        self.too_short += 1
        if self.whole is not None:
            print(f"{place}: fewer than {SHORTEST_ARTICLE} words", file=self.whole, flush=True)

    def summary(self) -> str:
        """Return the counts."""
        parts = [f"{self.kept} articles read", f"{self.known} were here already"]
        if self.too_short:
            parts.append(f"{self.too_short} too short (fewer than {SHORTEST_ARTICLE} words)")
        return ", ".join([*parts, f"{self.reasons.total()} skipped"]) + "."

    def lines(self) -> Iterator[str]:
        """Return the counts, and the reasons with their first places, the most frequent first."""
        yield self.summary()
        for reason, count in self.reasons.most_common():
            yield f"  {count} skipped: {reason}"
            yield from (f"    {place}" for place in self.places[reason])
            if count > FIRST_PLACES:
                yield f"    and {count - FIRST_PLACES} more"


@dataclass(frozen=True, slots=True)
class Import:
    """One run: to whose archive, what has become of it, and which articles are being read."""

    services: Services
    to: ChatIdentity
    report: Report
    under_way: set[int] = field(default_factory=set)


async def import_paths(
    settings: Settings, paths: Sequence[Path], chat: int | None, console: Console, whole_report: TextIO | None = None
) -> str | None:
    """Take every article below the paths in and read it; return a sentence where the chat is not known."""
    report = Report(whole_report)
    async with open_services(settings, TOKEN) as services:
        to = await find(services, chat) if chat is not None else TERMINAL
        if to is None:
            return f"--chat: the bot has not met a chat {chat}; write something to it there first"
        if (bot := await bot_of(services, to.id)) is not None:
            # The chat's own bot is to edit its cards.
            services = of_bot(services, bot)
        exports = [path for path in paths if is_export(path)]
        others = [path for path in paths if path not in exports]
        try:
            for path in exports:
                await restore_file(services, to, path, console)
            await take_all(Import(services, to, report), Archives(others), settings.workers, console)
        except asyncio.CancelledError:
            console.print("Stopped; the same command goes on from here.")
            raise
        finally:
            for line in report.lines() if others else ():
                console.print(line, markup=False, highlight=False, soft_wrap=True)
    return None


async def take_all(run: Import, archives: Archives, workers: int, console: Console) -> None:
    """Take in what the archives hold, as many at a time as keep ``workers`` processes busy."""
    waiting = iter(archives)
    with _Bar(run.report, archives, console) as bar:
        read_all = asyncio.Event()
        async with asyncio.TaskGroup() as relating:
            # Articles are tied to each other while others are read, and to the end.
            relating.create_task(drain(run.services, JobKind.RELATE, read_all))
            # While one is read in each process, another is saved, and a third waits, so that no process does.
            async with asyncio.TaskGroup() as group:
                for _ in range(2 * workers + 1):
                    group.create_task(_drain(run, waiting, bar))
            read_all.set()


async def _drain(run: Import, waiting: Iterator[Piece], bar: "_Bar") -> None:
    for piece in waiting:
        await _take(run, piece)
        bar.show()
        # Of pieces that are no articles there may be millions; those that are must not wait for them.
        await asyncio.sleep(0)


async def _take(run: Import, piece: Piece) -> None:
    content = piece.content
    if isinstance(content, Skipped):
        run.report.skip(piece.place, content.reason)
    elif isinstance(content, File):
        await _take_file(run, piece, content)
    else:
        await _take_article(run, piece, content)


async def _take_file(run: Import, piece: Piece, file: File) -> None:
    known = await articles_imported_of(run.services, run.to, file.data)
    if known is not None:
        run.report.known += known
        return
    content = await run.services.files.read_file(file.data, file.name, file.mime)
    if isinstance(content, NoArticle):
        run.report.skip(piece.place, why(content))
        return
    taken = [await _take_article(run, piece, article) for article in content]
    if any(taken):
        await file_imported(run.services, run.to, file.data, sum(taken))


async def _take_article(run: Import, piece: Piece, article: FoundArticle) -> bool:
    """Return whether it is an article, which is in the archive now."""
    if words_in(article.text) < SHORTEST_ARTICLE:
        run.report.leave(piece.place)
        return False
    number = await take_in_imported(run.services, run.to, article.text, article.metadata, piece.sent_at)
    if number is None or number in run.under_way:
        run.report.known += 1
        return True
    run.under_way.add(number)
    failure = await read(run.services, number, None)
    run.under_way.discard(number)
    if failure is None:
        run.report.kept += 1
    else:
        run.report.skip(piece.place, FAILURES[failure])
    return True


class _Bar:
    """How far it is: a bar with rate and remaining time, or, where that cannot be drawn, a line every so often."""

    def __init__(self, report: Report, archives: Archives, console: Console) -> None:
        self._report = report
        self._archives = archives
        self._console = console
        self._began: float | None = None
        self._next_line = monotonic() + A_LINE_EVERY
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]:.1f} a second, left:"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            refresh_per_second=4,
        )
        self._task = self._bar.add_task("0 articles", total=max(1, archives.total), rate=0.0)

    def __enter__(self) -> "_Bar":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._bar.update(self._task, completed=max(1, self._archives.total))
        self._bar.stop()

    def show(self) -> None:
        """Bring it up to date."""
        report, now = self._report, monotonic()
        # The rate is that of reading; what is known already passes quickly.
        if self._began is None and report.kept:
            self._began = now
        rate = report.kept / (now - self._began) if self._began is not None and now > self._began else 0.0
        articles = f"{report.kept} articles" + (f", {report.known} known" if report.known else "")
        self._bar.update(self._task, description=articles, completed=self._archives.position, rate=rate)
        if self._bar.disable and now >= self._next_line:
            self._next_line = now + A_LINE_EVERY
            self._console.print(self._line(rate), markup=False, highlight=False, soft_wrap=True)

    def _line(self, rate: float) -> str:
        task = self._bar.tasks[0]
        left = f", {task.time_remaining / 60:.0f} min left" if task.time_remaining is not None else ""
        return f"{task.percentage:.0f} %: {task.description}, {rate:.1f} a second{left}"
