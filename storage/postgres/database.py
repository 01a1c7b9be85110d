"""A PostgreSQL database behind psycopg: a pool of connections, of which one at a time writes."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from storage.connection import (
    HOW_WRITTEN,
    DatabaseAwayError,
    DatabaseUnusableError,
    Engine,
    Look,
    Row,
    T,
    Work,
    is_well_written,
    named,
    rest_after,
    to_the_end,
)
from storage.gathering import Asked, Gathering, Outcome
from storage.postgres.migrations import migrate
from storage.postgres.texts import for_psycopg
from storage.postgres.values import adapters

OLDEST = 15
# A table that is there as long as a copy has not come to its end.
COPYING = "copying"
# How many connections a process has at most to look with, and to write with.
READERS, WRITERS = 6, 4
# How long the database may let somebody wait for a connection before it counts as away, in seconds; and how long the
# pool goes on trying by itself, each time after a longer pause, before whoever comes next makes it begin anew.
PATIENCE, TRIES = 10, 3
# A line that is dead is found out within half a minute.
_LINE = MappingProxyType(
    {
        "application_name": "presswatch",
        "connect_timeout": f"{PATIENCE}",
        "keepalives_idle": "15",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "30000",
    }
)
# Whoever writes, in whichever process, holds the lock of this number.
WRITING = 7_772_736_873
_BEGIN = b"BEGIN"
_BEGIN_ALONE = f"BEGIN; SELECT pg_advisory_xact_lock({WRITING})".encode()
# What is found by one question may be erased before the next one, which names it.
_BEGIN_LOOKING = b"BEGIN ISOLATION LEVEL REPEATABLE READ"
# A process that is cut off, or stands still, in the midst of a transaction must not hold up the others for ever. Who
# has waited for the lock must see what was written meanwhile, whatever isolation the server's owner likes best.
_OF_CONNECTION = b"""
    SET default_transaction_isolation = 'read committed';
    SET idle_in_transaction_session_timeout = '60s';
    SET tcp_keepalives_idle = 15;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3
"""
_ONLY_LOOKING = b"SET default_transaction_read_only = on"
# The same lock, held over several transactions.
_ALONE = f"SET lock_timeout = '10s'; SELECT pg_advisory_lock({WRITING})".encode()
_NO_LONGER_ALONE = b"SELECT pg_advisory_unlock_all(); RESET lock_timeout"
# Rows that somebody may still look at, who began before they were deleted, are written anew too.
_LOOKING = b"""
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < %(since)s LIMIT 1
"""
# Statistics have words of what they are about.
_TABLES = b"SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = current_schema()"
_STATISTICS = "pg_catalog.pg_statistic"
# Writing the tables anew is noticed where it takes longer, in seconds; of an empty database they take one.
NOTICED = 3.0
# All processes let the database rest.
_RESTS = b"SELECT 1 FROM scrubbed WHERE rests_until > EXTRACT(EPOCH FROM clock_timestamp())"
_REST = b"""
    DELETE FROM scrubbed;
    INSERT INTO scrubbed SELECT EXTRACT(EPOCH FROM clock_timestamp()) + %(rest)s
"""
# So often, and with such a pause in seconds, it is looked whether those who look are gone.
_LOOKS, _PAUSE = 50, 0.1
# So many statements go to the server together.
_TOGETHER = 500
# The other side closed the line, has no room, is starting or stopping, gave the lock to another one, looks only.
_AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.IdleInTransactionSessionTimeout,
)
# What it names is just going, or two of whom each waits for the other's row.
_CROSSED = (psycopg.IntegrityError, psycopg.errors.DeadlockDetected)

Raw = psycopg.AsyncConnection[DictRow]
_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "autocommit": True,
        # Parameters become part of the text here, so that the server finds out their types from where they stand.
        "cursor_factory": psycopg.AsyncClientCursor,
        "row_factory": dict_row,
        "context": adapters(),
    }
)


class PostgresConnection:
    """A ``storage.connection.Writer``, or one that looks only."""

    engine = Engine.POSTGRESQL

    def __init__(self, connection: Raw) -> None:
        self.raw = connection

    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        with away():
            return await (await self.raw.execute(for_psycopg(sql), parameters)).fetchall()

    async def one(self, sql: str, **parameters: Any) -> Row | None:
        with away():
            return await (await self.raw.execute(for_psycopg(sql), parameters)).fetchone()

    async def run(self, sql: str, **parameters: Any) -> int:
        with away():
            return (await self.raw.execute(for_psycopg(sql), parameters)).rowcount

    async def copy(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows by ``COPY … FROM STDIN``, which is much quicker than a statement for each."""
        with away():
            async with self.raw.cursor() as cursor, cursor.copy(sql.encode()) as lines:
                for row in rows:
                    await lines.write_row(row)

    async def defer_references(self) -> None:
        await self.run("SET CONSTRAINTS ALL DEFERRED")

    async def run_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> int:
        text, changed = for_psycopg(sql), 0
        with away():
            async with psycopg.AsyncClientCursor(self.raw) as cursor:
                for first in range(0, len(parameters), _TOGETHER):
                    each = (cursor.mogrify(text, some) for some in parameters[first : first + _TOGETHER])
                    await cursor.execute(";\n".join(each).encode())
                    changed += cursor.rowcount
                    while cursor.nextset():
                        changed += cursor.rowcount
        return changed


async def _by_itself(db: PostgresConnection, work: Work[Any]) -> Outcome:
    await db.run("SAVEPOINT before")
    try:
        result = await work(db)
    except DatabaseAwayError:
        # Where the line is broken, so it is for all.
        raise
    except Exception as error:  # noqa: BLE001  # it goes to whoever asked
        await db.run("ROLLBACK TO before")
        return Outcome(error=error)
    await db.run("RELEASE before")
    return Outcome(result)


class PostgresDatabase:
    """A ``storage.connection.Database`` on a server, for any number of processes.

    Its transactions come one after another, in all of them: each begins by taking a lock that ends with it. So what it
    reads stays true until it has written. Whoever looks waits for nobody.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._readers = _pool(conninfo, READERS, _configure_reader)
        self._writers = _pool(conninfo, WRITERS, _configure)
        # Those of this process wait here, where they hold no connection meanwhile.
        self._turn = asyncio.Lock()
        self._gathering = Gathering(self._do)

    @classmethod
    async def open(cls, url: str, *, half_copied: bool = False) -> "PostgresDatabase":
        """Connect to ``postgresql://…`` and bring the schema up to date.

        What another archive is just copied into (copying.py) is not opened, unless to go on with that.

        Raises DatabaseUnusableError, whose message does not have the password, where the database cannot be used.
        """
        try:
            known = {**_LINE, **conninfo_to_dict(url)} if is_well_written(url) else {}
        except psycopg.ProgrammingError:
            known = {}
        if not known:
            # The driver's own message would show the password.
            raise DatabaseUnusableError(HOW_WRITTEN)
        conninfo = make_conninfo("", **known)
        database = cls(conninfo)
        try:
            async with await connect(conninfo) as first:
                await _check(first)
                await migrate(first)
                await _check_whole(first, half_copied=half_copied)
            for pool in database.pools:
                # What is just connecting when a pool is closed would be left open.
                await pool.open(wait=True, timeout=PATIENCE)
        except psycopg.Error as error:
            await database.close()
            raise DatabaseUnusableError(f"{named(url)}: {_in_a_line(error)}") from error
        return database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresConnection]:
        """Commit all that happens inside, or nothing where anything is raised, a cancellation too."""
        async with self._turn, self._begun(self._writers, _BEGIN_ALONE) as db:
            yield db

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        """Do ``work`` in a transaction, together with what else waits for this process's turn."""
        return await self._gathering.transact(work, alone=alone)

    async def _do(self, take: Callable[[], Sequence[Asked]]) -> Sequence[Outcome]:
        async with self.transaction() as db:
            asked = take()
            if len(asked) == 1:
                return [Outcome(await asked[0].work(db))]
            return [await _by_itself(db, each.work) for each in asked]

    async def note(self, work: Work[T]) -> T:
        """Do ``work`` beside others, or, where it and one of them are in each other's way, in its turn."""
        try:
            async with self.beside() as db:
                return await work(db)
        except (psycopg.IntegrityError, DatabaseAwayError) as error:
            if not isinstance(error.__cause__ or error, _CROSSED):
                raise
        return await self.transact(work)

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[PostgresConnection]:
        """Begin a transaction beside others, for what by itself locks the few rows that it changes, as the queue."""
        async with self._begun(self._writers, _BEGIN) as db:
            yield db

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[PostgresConnection]:
        """Lend a connection on which each statement is a transaction of its own, beside others."""
        async with self._lent(self._writers) as connection:
            yield PostgresConnection(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresConnection]:
        """Lend a connection outside any transaction: each statement sees what is committed by then."""
        async with self._lent(self._readers) as connection:
            yield PostgresConnection(connection)

    async def look(self, work: Look[T]) -> T:
        """Do ``work`` in a transaction that only looks."""
        async with self._begun(self._readers, _BEGIN_LOOKING) as db:
            return await work(db)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Raw]:
        """Connect once more, outside the pool and for as long as it is needed, to listen for notifications."""
        with away():
            connection = await connect(self._conninfo)
        async with connection:
            yield connection

    async def is_whole(self) -> bool:
        """Return whether the server answers: it looks after its files itself."""
        async with self.reading() as db:
            return await db.one("SELECT 1 AS found") is not None

    async def scrub(self) -> bool:
        """Write the tables anew, so that they do not have what was deleted; False where they are busy.

        PostgreSQL does not overwrite what it deletes. Nobody can write meanwhile, nor look at the table that is just
        written: so that waits where others have hardly had their turn since the last time. The server's log (WAL) and
        its copies keep what was deleted until they are overwritten or thrown away.
        """
        async with self._turn, self._lent(self._writers) as connection:
            with away():
                try:
                    await connection.execute(_ALONE)
                    if await _rests(connection) or not await _are_gone_who_look(connection):
                        return False
                    await _write_anew(connection)
                    return True
                except psycopg.errors.LockNotAvailable:
                    return False
                finally:
                    # Where the line is broken the lock is free by that.
                    with suppress(psycopg.Error):
                        await to_the_end(_execute(connection, _NO_LONGER_ALONE))

    async def close(self) -> None:
        """Let go of every connection."""
        for pool in self.pools:
            await pool.close()

    @property
    def pools(self) -> Sequence[AsyncConnectionPool[Raw]]:
        """Those that look and those that write."""
        return self._readers, self._writers

    @asynccontextmanager
    async def _begun(self, pool: AsyncConnectionPool[Raw], begin: bytes) -> AsyncIterator[PostgresConnection]:
        async with self._lent(pool) as connection:
            try:
                with away():
                    # Inside the try: a task that is cancelled here leaves a transaction that must be rolled back.
                    await connection.execute(begin)
                yield PostgresConnection(connection)
                if connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
                    # The server would take the rest back and call that a success.
                    raise psycopg.errors.InFailedSqlTransaction("a statement failed, and nobody said so")
                with away():
                    await to_the_end(connection.commit())
            except BaseException:
                # Where the line is broken there is nothing to roll back.
                with suppress(psycopg.Error):
                    await to_the_end(connection.rollback())
                raise

    @asynccontextmanager
    async def _lent(self, pool: AsyncConnectionPool[Raw]) -> AsyncIterator[Raw]:
        heard = _cancellations()
        with away():
            connection = await pool.getconn()
        try:
            if _cancellations() > heard:
                # The pool waits by ``asyncio.wait_for``: Python 3.11's forgets one that comes with the connection.
                raise asyncio.CancelledError
            yield connection
        finally:
            # The pool keeps no connection whose line is broken; others may have lost theirs at the same moment.
            broken = connection.broken
            await to_the_end(pool.putconn(connection))
            for each in self.pools if broken else ():
                await to_the_end(each.check())


def _cancellations() -> int:
    """Return how often this task was told to end."""
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


@contextmanager
def away() -> Iterator[None]:
    """Say of what may pass by itself that it may."""
    try:
        yield
    except psycopg.errors.ProgramLimitExceeded:
        # Too long for an index, say: later it will be, too.
        raise
    except _AWAY as error:
        raise DatabaseAwayError(_in_a_line(error)) from error


async def connect(conninfo: str) -> Raw:
    """Return a connection as all are here; raises psycopg.Error."""
    connection = await Raw.connect(conninfo, **_OPTIONS)
    try:
        await _configure(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _check_whole(connection: Raw, *, half_copied: bool) -> None:
    found = await connection.execute(b"SELECT 1 WHERE to_regclass(%(name)s) IS NOT NULL", {"name": COPYING})
    if await found.fetchone() is not None and not half_copied:
        raise DatabaseUnusableError("an archive is half copied into it: run presswatch migrate again, to its end")


async def _rests(connection: Raw) -> bool:
    return await (await connection.execute(_RESTS)).fetchone() is not None


async def _are_gone_who_look(connection: Raw) -> bool:
    since = await (await connection.execute(b"SELECT clock_timestamp() AS now")).fetchone()
    for _ in range(_LOOKS):
        found = await connection.execute(_LOOKING, {"since": since and since["now"]})
        if await found.fetchone() is None:
            return True
        await asyncio.sleep(_PAUSE)
    return False


async def _write_anew(connection: Raw) -> None:
    began = time.monotonic()
    tables = [row["name"] for row in await (await connection.execute(_TABLES)).fetchall()]
    for table in (*tables, _STATISTICS):
        await connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode())
    await connection.execute(_REST, {"rest": rest_after(time.monotonic() - began, NOTICED)})


async def _execute(connection: Raw, text: bytes) -> None:
    await connection.execute(text)


def _pool(conninfo: str, most: int, configure: Callable[[Raw], Awaitable[None]]) -> AsyncConnectionPool[Raw]:
    return AsyncConnectionPool(
        conninfo,
        connection_class=Raw,
        kwargs=dict(_OPTIONS),
        configure=configure,
        min_size=1,
        max_size=most,
        timeout=PATIENCE,
        reconnect_timeout=TRIES,
        open=False,
    )


async def _configure_reader(connection: Raw) -> None:
    await _configure(connection)
    await connection.execute(_ONLY_LOOKING)


async def _configure(connection: Raw) -> None:
    await connection.execute(_OF_CONNECTION)


async def _check(connection: Raw) -> None:
    if connection.info.server_version < OLDEST * 10_000:
        raise DatabaseUnusableError(f"PostgreSQL {OLDEST} or later is needed")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise DatabaseUnusableError(f"a database with the encoding UTF8 is needed, this one has {encoding}")


def _in_a_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
