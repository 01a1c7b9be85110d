"""Processes of the bot that start in no time: each is forked from one that has loaded all code.

    python -m tests.faults.bot

reads a line of JSON (``Order``) for each and answers with its number. Database, queue, HTTP and signals are real. What
an article says is prepared, unless the order wants a pool of real processes; the machine's clock is ahead by what a
file tells.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import apscheduler.schedulers.base

from bot import alerts, application, cli, clock, poller, workers
from bot import running as running  # loaded here, so that no process has to
from bot.requests import AiohttpRequest
from domain.extraction import Extraction, Factuality, KeyClaim, Metadata, Span
from extraction import pool
from handlers import register
from handlers.replies.language import LANGUAGES, gettext, speaking
from storage.postgres import queue as postgres_queue
from storage.sqlite import database as sqlite_database
from tests.faults import reader

# Readers are set by how many seconds articles take, as short ones do with the model.
READING = 0.05


@dataclass(frozen=True, slots=True)
class Order:
    """A process: the command that it runs, with this environment, where it logs, and the file with its clock.

    In a ``hurry`` what the bot waits for in seconds and minutes is told in fractions of a second.
    """

    command: str
    environment: Mapping[str, str]
    log: str
    clock: str
    hurry: bool = True
    real_pool: bool = False


class Prepared:
    """Whatever stands in place of a pool: an article says what its second line does."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what a pool would."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        await asyncio.sleep(READING)
        return extraction(text)

    def warm_up(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to end."""


def extraction(text: str) -> Extraction:
    """Return what an article of these tests says."""
    headline, _, body = text.partition("\n\n")
    claim, start = body.partition(".")[0], len(headline) + 2
    claims = (KeyClaim(claim, (Span(start, start + len(claim)),), None, (), Factuality.CERTAIN, 1),)
    return Extraction(Metadata(headline=headline, language="en"), claims=claims)


class OfFile(datetime):
    """A clock that goes wrong as a file says: by how many seconds it is ahead."""

    file = Path()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=float(cls.file.read_text(encoding="ascii")))


def become(order: Order) -> None:
    """Make this process the bot."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for descriptor, (path, flags) in enumerate(
        [(os.devnull, os.O_RDONLY), *[(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)] * 2]
    ):
        os.dup2(os.open(path, flags, 0o600), descriptor)
    signal.signal(signal.SIGUSR1, partial(tell, Path(order.log).with_name(f"tasks of {order.command} {os.getpid()}")))
    os.environ.update(order.environment)
    OfFile.file = Path(order.clock)
    socket.getaddrinfo = partial(found, socket.getaddrinfo, OfFile.file.with_name("no names"))  # type: ignore[assignment]
    for module in (application, clock, register, apscheduler.schedulers.base):
        module.datetime = OfFile  # type: ignore[attr-defined]
    if order.real_pool:
        pool.worker = reader  # type: ignore[assignment]
        pool.ARTICLE_SECONDS = 2.0
        application.ExtractionPool = partial(pool.ExtractionPool, article_seconds=2.0)  # type: ignore[misc]
    else:
        application.ExtractionPool = Prepared  # type: ignore[misc,assignment]
    if order.hurry:
        hurry()
    sys.argv = ["presswatch", order.command]
    cli.main()


def tell(file: Path, *_: object) -> None:
    """Write down where everything that goes on here stands."""
    with file.open("w", encoding="utf-8") as lines:
        for task in asyncio.all_tasks():
            task.print_stack(file=lines)


def found(find: Callable[..., Any], lost: Path, *name: Any, **how: Any) -> Any:
    """Find a name's address, unless the name server is lost."""
    if lost.exists():
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return find(*name, **how)


def hurry() -> None:
    """Wait for fractions of what is waited for otherwise."""
    second = timedelta(seconds=1)
    workers.WAIT_AFTER_FAULT = workers.SHORTEST_WAIT = workers.IDLE = second / 5
    workers.LONGEST_WAIT = second
    clock.EVERY = alerts.EVERY = 0.2
    poller.WAIT_AFTER_CONFLICT = second / 2
    poller.SETTLED = 0.5
    poller.HELD = poller.GRACE = application.HELD = application.GRACE = 1
    application.AiohttpRequest = partial(AiohttpRequest, read_timeout=1.0, connect_timeout=1.0)  # type: ignore[misc,assignment]
    sqlite_database.BUSY_TIMEOUT = 0.3
    postgres_queue.BEAT, postgres_queue.DEAD_AFTER = second / 5, second


def main() -> None:
    """Fork until standard input ends; nobody waits for those that have ended, so the system forgets them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for language in LANGUAGES:
        with speaking(language):
            gettext("")
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            become(Order(**json.loads(line)))
            os._exit(0)
        print(number, flush=True)


if __name__ == "__main__":
    main()
