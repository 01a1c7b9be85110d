"""Numbered steps to today's schema, with the numbers of ``storage.sqlite.migrations``.

The first one here makes at once what the other engine's make up to its number; each later one stands in both folders.
A step is never edited once it has been released.

Procrastinate's tables come with the first step, as its package makes them: a later release of it may want others, and
then a step of its own here.
"""

from importlib import resources
from typing import Any

from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection

from storage.connection import WRITTEN_LATER, DatabaseUnusableError

# Whoever brings the schema up to date holds the lock of this number.
_MIGRATING = 7_772_736_874


async def migrate(connection: AsyncConnection[Any]) -> None:
    """Bring the schema up to date, each step with its number in one transaction.

    Raises psycopg.Error where a step fails; the database is then as after the last step that worked. Raises
    DatabaseUnusableError where a later release has made steps that this one does not know.
    """
    for number, script in steps():
        await _apply(connection, number, script)
    later = await connection.execute(b"SELECT 1 FROM schema_steps WHERE number > %(number)s", {"number": number})
    if await later.fetchone() is not None:
        raise DatabaseUnusableError(WRITTEN_LATER)


def steps() -> list[tuple[int, str]]:
    """Return every step's number and SQL, in order."""
    folder = resources.files(__name__)
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    ours = [(int(name.split("_")[0]), (folder / name).read_text(encoding="utf-8")) for name in files]
    (number, first), *later = ours
    return [(number, f"{SchemaManager.get_schema()}\n{first}"), *later]


async def _apply(connection: AsyncConnection[Any], number: int, script: str) -> None:
    async with connection.transaction():
        # Several processes may begin at the same moment: who waited here finds the step made.
        await connection.execute(b"SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": _MIGRATING})
        await connection.execute(
            b"CREATE TABLE IF NOT EXISTS schema_steps (number BIGINT PRIMARY KEY, applied_at TEXT NOT NULL)"
        )
        if await _applied(connection, number):
            return
        await connection.execute(script.encode())
        await connection.execute(
            b"""INSERT INTO schema_steps VALUES (%(number)s,
                to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))""",
            {"number": number},
        )


async def _applied(connection: AsyncConnection[Any], number: int) -> bool:
    found = await connection.execute(b"SELECT 1 FROM schema_steps WHERE number = %(number)s", {"number": number})
    return await found.fetchone() is not None
