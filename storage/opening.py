"""Which engine an address means; nothing else names one."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from storage.connection import Database, DatabaseUnusableError
from storage.queue import Queue

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")


def file_of(url: str) -> Path | None:
    """Return the file that an address means; a server's has none."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


# Each engine's driver is loaded where it is needed: the other one need not be there, nor be waited for.


async def open_database(url: str) -> Database:
    """Open ``sqlite:///FILE`` or ``postgresql://…`` and bring its schema up to date.

    Raises DatabaseUnusableError where that cannot be.
    """
    if url.startswith(POSTGRESQL):
        from storage.postgres.database import PostgresDatabase

        return await PostgresDatabase.open(url)
    file = file_of(url)
    if file is None:
        raise DatabaseUnusableError("an address begins with sqlite:/// or postgresql://")
    from storage.sqlite.database import SqliteDatabase

    return await SqliteDatabase.open(file)


def open_queue(database: Database, clock: Callable[[], datetime], bot: int = 0) -> Queue:
    """Return the queue of one bot in an open database."""
    server = sys.modules.get("storage.postgres.database")
    if server is not None and isinstance(database, server.PostgresDatabase):
        from storage.postgres.queue import PostgresQueue

        return PostgresQueue(database, clock, bot)
    from storage.sqlite.queue import SqliteQueue

    return SqliteQueue(database, clock, bot)
