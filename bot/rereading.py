"""``presswatch reextract``: all articles again with the present model and rules; what was put right stays so."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.application import open_services
from bot.draining import drain, of_bot
from bot.failures import FAILURES
from bot.settings import Settings
from bot.terminal.session import TOKEN
from domain.jobs import JobKind
from services import Services
from services.chats import bot_of
from services.rereading import Reread, look, others, reread, to_reread


@dataclass(slots=True)
class Tally:
    """What has become of the articles that were read again."""

    read: int = 0
    claims: int = 0
    people: int = 0
    holding: int = 0
    reopened: int = 0
    failed: list[tuple[int, str]] = field(default_factory=list)
    under_way: set[int] = field(default_factory=set)
    last: int = 0

    def count(self, article: int, found: Reread | None) -> None:
        """Count an article; None was deleted meanwhile."""
        if found is None:
            return
        self.holding += found.holding
        self.reopened += found.reopened
        if found.failure is not None:
            self.failed.append((article, FAILURES[found.failure]))
            return
        self.read += 1
        self.claims += found.claims_changed
        self.people += found.people_changed

    def lines(self, *, dry_run: bool) -> Iterator[str]:
        """Return what to tell at the end."""
        read, changed = ("would be read", "would change") if dry_run else ("read", "changed")
        yield (
            f"{self.read} articles {read} again: claims {changed} in {self.claims}, people in {self.people}. "
            f"Corrections that hold: {self.holding}; open again, their words being gone: {self.reopened}."
        )
        for article, reason in self.failed:
            yield f"  /a{article} could not be read again and stays as it is: {reason}"


async def reextract(
    settings: Settings, chat: int | None, since: datetime | None, after: int, console: Console, *, dry_run: bool
) -> str | None:
    """Read articles again; return a sentence where the chat is not known."""
    tally = Tally(last=after)
    token = settings.token.get_secret_value() if settings.token else TOKEN
    async with open_services(settings, token) as services:
        if chat is not None and (bot := await bot_of(services, chat)) is not None:
            # The chat's own bot is to edit its cards.
            services = of_bot(services, bot)
        numbers = await to_reread(services, chat, since, after)
        if numbers is None:
            return f"--chat: the bot has not met a chat {chat}; write something to it there first"
        try:
            await read_all(services, numbers, tally, settings.workers, console, dry_run=dry_run)
            if not dry_run:
                await drain(services, JobKind.RELATE)
        except asyncio.CancelledError:
            done = min(tally.under_way, default=tally.last + 1) - 1
            console.print(f"Stopped; the same command with --after {done} goes on from here.")
            raise
        finally:
            left_out = await others(services) if chat is None else ()
            for line in (*tally.lines(dry_run=dry_run), *left_out_lines(left_out)):
                console.print(line, markup=False, highlight=False, soft_wrap=True)
    return None


def left_out_lines(chats: Sequence[int]) -> Iterator[str]:
    """Return what to tell of chats of other bots."""
    if chats:
        named = ", ".join(map(str, chats[:3])) + (", …" if len(chats) > 3 else "")
        yield f"Left out are {len(chats)} chats of other bots in the same database: --chat names one ({named})."


async def read_all(
    services: Services, numbers: Sequence[int], tally: Tally, workers: int, console: Console, *, dry_run: bool
) -> None:
    """Read the articles again, as many at a time as keep ``workers`` processes busy."""
    occasion = f"reextract {services.clock().isoformat()}"
    waiting = iter(numbers)
    columns = (TextColumn("reading again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, refresh_per_second=4) as bar:
        task = bar.add_task("", total=max(1, len(numbers)))

        async def drain() -> None:
            for number in waiting:
                tally.under_way.add(number)
                tally.last = number
                tally.count(number, await (look(services, number) if dry_run else reread(services, number, occasion)))
                tally.under_way.discard(number)
                bar.advance(task)

        async with asyncio.TaskGroup() as group:
            for _ in range(workers + 1):
                group.create_task(drain())
