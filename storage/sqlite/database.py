"""One SQLite file behind aiosqlite: one writing connection, a few that only look."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import aiosqlite

from storage.connection import (
    DatabaseAwayError,
    DatabaseUnusableError,
    Engine,
    Look,
    Reader,
    Row,
    T,
    Work,
    Writer,
    rest_after,
    to_the_end,
)
from storage.gathering import Asked, Gathering, Outcome
from storage.sqlite.migrations import migrate

# One of them may be comparing people, which takes a while.
READERS = 3
# Another process has the file, the disk is full or does not answer.
_MAY_PASS = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
# How long a connection waits for another process that holds the file, in seconds.
BUSY_TIMEOUT = 10.0
# The indexes whose words stay in the file until they are written anew, and how many pages of them at a time.
FULL_TEXT = ("articles_search", "claims_search")
PAGES_AT_A_TIME = 500
# Writing the file anew is noticed where it takes longer, in seconds.
NOTICED = 1.0
# What a connection keeps of the file, in KiB: the upper pages of all indexes of a large archive.
CACHE = 16_000
# So many statements a connection keeps as they were understood, those with triggers taking longest for that.
STATEMENTS = 1_000


class _Connection:
    engine = Engine.SQLITE

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.raw = connection

    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        with _away():
            return _as_dicts(list(await self.raw.execute_fetchall(sql, parameters)))

    async def one(self, sql: str, **parameters: Any) -> Row | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, **parameters: Any) -> int:
        # Closing a cursor that has nothing left to give would be one more trip to the connection's thread.
        with _away():
            return (await self.raw.execute(sql, parameters)).rowcount

    async def defer_references(self) -> None:
        await self.run("PRAGMA defer_foreign_keys = ON")

    async def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        with _away():
            return (await self.raw.executemany(sql, parameters)).rowcount if parameters else 0


def _as_dicts(rows: Sequence[sqlite3.Row]) -> Sequence[Row]:
    # A row would look each of its names up anew.
    names = rows[0].keys() if rows else ()
    return [dict(zip(names, row, strict=True)) for row in rows]


class SqliteDatabase:
    """A ``storage.connection.Database`` in one file.

    There is exactly one writing connection. Its transactions begin IMMEDIATE, so they never find out half-way that
    somebody else writes, and are synced to the disk (``synchronous=FULL``) before they count as committed.
    """

    def __init__(self, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._lock = asyncio.Lock()
        self._gathering = Gathering(self._do)
        self._readers = readers
        self._rests_until = 0.0
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open or make the file, readable for its owner alone, and bring its schema up to date.

        Raises DatabaseUnusableError where the file cannot be used.
        """
        try:
            return await cls._open(path)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnusableError(f"{path}: {error}") from error

    @classmethod
    async def _open(cls, path: Path) -> "SqliteDatabase":
        path.touch(mode=0o600)  # noqa: ASYNC240  # once, before anything waits for the loop
        # What fails on the way closes what is open: the thread of a connection would keep the process alive.
        async with AsyncExitStack() as opened:
            pragmas = ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA secure_delete=ON")
            writer = await _connect(opened, path, *pragmas)
            await _write_ahead(writer)
            await migrate(writer)
            readers = [await _connect(opened, path, "PRAGMA query_only=ON") for _ in range(READERS)]
            opened.pop_all()
        return cls(writer, readers)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Writer]:
        """Commit all that happens inside, or nothing where anything is raised, a cancellation too."""
        async with self._lock:
            try:
                # Inside the try: a task cancelled during BEGIN leaves a transaction that must be rolled back.
                with _away():
                    await self._writer.execute("BEGIN IMMEDIATE")
                yield _Connection(self._writer)
                with _away():
                    await to_the_end(self._writer.commit())
            except BaseException:
                await to_the_end(self._writer.rollback())
                raise

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        """Do ``work`` in a transaction, in one visit to the connection's thread, together with what else waits."""
        with _away():
            return await self._gathering.transact(work, alone=alone)

    async def note(self, work: Work[T]) -> T:
        """Do ``work`` in its turn: one at a time writes to a file."""
        return await self.transact(work)

    async def _do(self, take: Callable[[], Sequence[Asked]]) -> Sequence[Outcome]:
        async with self._lock:
            # All that the library does goes this way, but it offers no statements together.
            go = self._writer._execute(_in_one_go, self._writer._conn, take())  # type: ignore[no-untyped-call]
            outcomes: Sequence[Outcome] = await go
        return outcomes

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Lend one of the looking connections."""
        reader = await self._idle.get()
        try:
            yield _Connection(reader)
        finally:
            self._idle.put_nowait(reader)

    async def look(self, work: Look[T]) -> T:
        """Do ``work`` in one visit to the thread of one of the looking connections."""
        reader = await self._idle.get()
        try:
            with _away():
                # Whoever is lent it next has their turn in the thread after this, also where this is cancelled.
                found: T = await reader._execute(_looked_up, reader._conn, work)  # type: ignore[no-untyped-call]
                return found
        finally:
            self._idle.put_nowait(reader)

    async def is_whole(self) -> bool:
        """Return whether the file is in order."""
        async with self.reading() as db:
            found = await db.one("PRAGMA quick_check")
        return found is not None and "ok" in found.values()

    async def scrub(self) -> bool:
        """Write the file anew, so that neither it nor its log has what was deleted; False where that has to wait.

        What is deleted is overwritten at once (``secure_delete``), but a full-text index only marks it, and pages that
        were divided or joined before keep copies. Nobody can write meanwhile: for an archive of a gigabyte, about
        half a minute. So it waits where others have hardly had their turn since the last time.
        """
        began = time.monotonic()
        if began < self._rests_until:
            return False
        try:
            with _away():
                for index in FULL_TEXT:
                    await self._merge(index)
                async with self._lock:
                    await self._writer.execute_fetchall("VACUUM")
                    # The first row says whether anybody else still reads in the log.
                    done = list(await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)"))
        except DatabaseAwayError as error:
            if _is_held(error):
                return False
            raise
        finally:
            # Also where there was no room: others had to wait until that was found out.
            took = time.monotonic() - began
            self._rests_until = began + took + rest_after(took, NOTICED)
        return not done[0][0]

    async def _merge(self, index: str) -> None:
        """Bring all parts of a full-text index together, step by step; what was deleted falls away."""
        pages, changed = -PAGES_AT_A_TIME, 2
        while changed > 1:
            async with self._lock:
                before = self._writer.total_changes
                await self._writer.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', {pages})")
                changed = self._writer.total_changes - before
            pages = PAGES_AT_A_TIME

    async def close(self) -> None:
        """Close every connection; what was committed is in the file."""
        for connection in (*self._readers, self._writer):
            await connection.close()


class _Direct:
    """A connection that is used within its own thread, where nothing has to be waited for."""

    engine = Engine.SQLITE

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        return _as_dicts(self._raw.execute(sql, parameters).fetchall())

    async def one(self, sql: str, **parameters: Any) -> Row | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, **parameters: Any) -> int:
        return self._raw.execute(sql, parameters).rowcount

    async def defer_references(self) -> None:
        self._raw.execute("PRAGMA defer_foreign_keys = ON")

    async def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        return self._raw.executemany(sql, parameters).rowcount if parameters else 0


def _in_one_go(raw: sqlite3.Connection, asked: Sequence[Asked]) -> Sequence[Outcome]:
    raw.execute("BEGIN IMMEDIATE")
    try:
        if len(asked) == 1:
            outcomes = [Outcome(_at_its_end(asked[0].work(_Direct(raw))))]
        else:
            outcomes = [_by_itself(raw, each.work) for each in asked]
        raw.commit()
    except BaseException:
        raw.rollback()
        raise
    return outcomes


def _looked_up(raw: sqlite3.Connection, work: Look[T]) -> T:
    # All of it sees the archive at one moment.
    raw.execute("BEGIN")
    try:
        return _at_its_end(work(_Direct(raw)))
    finally:
        raw.rollback()


def _by_itself(raw: sqlite3.Connection, work: Work[Any]) -> Outcome:
    raw.execute("SAVEPOINT before")
    try:
        result = _at_its_end(work(_Direct(raw)))
    except Exception as error:
        if not raw.in_transaction:
            # SQLite has taken back everything: the disk is full, say.
            raise
        raw.execute("ROLLBACK TO before")
        return Outcome(error=error)
    raw.execute("RELEASE before")
    return Outcome(result)


def _at_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Return what comes of work that waits for nothing but its connection, which has all at once."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("only the database may be awaited in a transaction of this kind")


@contextmanager
def _away() -> Iterator[None]:
    """Say of what may pass by itself that it may."""
    try:
        yield
    except sqlite3.OperationalError as error:
        # The lower byte is the kind, the upper ones say more.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _MAY_PASS:
            raise DatabaseAwayError(str(error)) from error
        raise


def _is_held(error: DatabaseAwayError) -> bool:
    """Return whether another process has the file."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


async def _connect(opened: AsyncExitStack, path: Path, *pragmas: str) -> aiosqlite.Connection:
    connecting = aiosqlite.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT, cached_statements=STATEMENTS)
    connection = await opened.enter_async_context(connecting)
    connection.row_factory = sqlite3.Row
    await connection.execute_fetchall(f"PRAGMA cache_size=-{CACHE}")
    for pragma in pragmas:
        await connection.execute_fetchall(pragma)
    return connection


async def _write_ahead(connection: aiosqlite.Connection) -> None:
    """Switch a new file to WAL; SQLite does not wait here by itself while others open the same new file."""
    pause = 0.02
    for _ in range(int(BUSY_TIMEOUT / pause)):
        with suppress(sqlite3.OperationalError):
            await connection.execute_fetchall("PRAGMA journal_mode=WAL")
            return
        await asyncio.sleep(pause)
    await connection.execute_fetchall("PRAGMA journal_mode=WAL")
