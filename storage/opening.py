"""Which engine an address means; nothing else names one."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.connection import Database, DatabaseUnusableError, named
from storage.copies import Compared, Refusal, Told
from storage.pace import MemoryPaceBook, PaceBook
from storage.queue import Queue

if TYPE_CHECKING:
    from storage.postgres.database import PostgresDatabase

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")


def on_server(url: str) -> bool:
    """Return whether an address means a server, which several processes may work with."""
    return url.startswith(POSTGRESQL)


def shown(url: str) -> str:
    """Return an address as it may be shown to anybody."""
    return str(file_of(url) or named(url))


def file_of(url: str) -> Path | None:
    """Return the file that an address means; a server's has none."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


# Each engine's driver is loaded where it is needed: the other one need not be there, nor be waited for.


async def open_database(url: str) -> Database:
    """Open ``sqlite:///FILE`` or ``postgresql://…`` and bring its schema up to date.

    Raises DatabaseUnusableError where that cannot be.
    """
    if on_server(url):
        from storage.postgres.database import PostgresDatabase

        return await PostgresDatabase.open(url)
    file = file_of(url)
    if file is None:
        raise DatabaseUnusableError("an address begins with sqlite:/// or postgresql://")
    from storage.sqlite.database import SqliteDatabase

    return await SqliteDatabase.open(file)


def back_up(source: Path, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy an SQLite file while others write to it; see ``storage.sqlite.backup``.

    Raises DatabaseUnusableError where that cannot be.
    """
    from storage.sqlite.backup import back_up as copied

    copied(source, target, told)


async def copy_archive(source: str, target: str, told: Told) -> Refusal | Sequence[Compared]:
    """Copy all that an SQLite file has into a database on a server, empty or half copied, and compare the two.

    Raises DatabaseUnusableError where one of them cannot be used, or is another one, and DatabaseAwayError where one
    goes meanwhile: run again, it goes on where it was.
    """
    from storage.postgres.copying import copy
    from storage.postgres.database import PostgresDatabase

    file = file_of(source)
    if file is None:
        raise DatabaseUnusableError("an archive is copied from sqlite:///FILE")
    async with AsyncExitStack() as opened:
        here = await open_database(source)
        opened.push_async_callback(here.close)
        there = await PostgresDatabase.open(target, half_copied=True)
        opened.push_async_callback(there.close)
        return await copy(here, str(file.absolute()), there, told)


def open_queue(database: Database, clock: Callable[[], datetime], bot: int = 0) -> Queue:
    """Return the queue of one bot in an open database."""
    server = _server(database)
    if server is not None:
        from storage.postgres.queue import PostgresQueue

        return PostgresQueue(server, clock, bot)
    from storage.sqlite.queue import SqliteQueue

    return SqliteQueue(database, clock, bot)


def open_pace_book(database: Database, bot: int) -> PaceBook:
    """Return where it is kept what a bot has sent lately: on a server all its processes share that."""
    server = _server(database)
    if server is not None:
        from storage.postgres.pace import PostgresPaceBook

        return PostgresPaceBook(server, bot)
    return MemoryPaceBook()


def _server(database: Database) -> "PostgresDatabase | None":
    """Return a database that is on a server as such; what opened it has loaded its driver."""
    module = sys.modules.get("storage.postgres.database")
    return database if module is not None and isinstance(database, module.PostgresDatabase) else None
