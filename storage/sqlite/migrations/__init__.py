"""Numbered steps from an empty file to today's schema; a step is never edited once it has been released.

``schema.sql`` beside this folder is today's schema written out; a test holds it against the sum of the steps.
"""

import json
import sqlite3
from importlib import resources

import aiosqlite

from storage.connection import WRITTEN_LATER, DatabaseUnusableError
from storage.origins import origin_of_name
from storage.spellings import kept_keys


async def migrate(connection: aiosqlite.Connection) -> None:
    """Bring the schema up to date, each step with its number in one transaction.

    Raises sqlite3.Error where a step fails; the file is then as after the last step that worked. Raises
    DatabaseUnusableError where a later release has made steps that this one does not know.
    """
    # Steps that give names their keys, and articles their origins, need what SQL cannot do.
    await connection.create_function("kept_keys", 1, lambda name: json.dumps(sorted(kept_keys(name))))
    await connection.create_function("origin_of_name", 1, origin_of_name)
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_steps (number INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)"
    )
    for number, script in steps():
        if not await _applied(connection, number):
            await _apply(connection, number, script)
    if any(await connection.execute_fetchall("SELECT 1 FROM schema_steps WHERE number > ?", (number,))):
        raise DatabaseUnusableError(WRITTEN_LATER)


def steps() -> list[tuple[int, str]]:
    """Return every step's number and SQL, in order."""
    folder = resources.files(__name__)
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(int(name.split("_")[0]), (folder / name).read_text(encoding="utf-8")) for name in files]


async def _applied(connection: aiosqlite.Connection, number: int) -> bool:
    rows = await connection.execute_fetchall("SELECT 1 FROM schema_steps WHERE number = ?", (number,))
    return any(rows)


async def _apply(connection: aiosqlite.Connection, number: int, script: str) -> None:
    record = f"INSERT INTO schema_steps VALUES ({number}, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));"
    try:
        # executescript commits what is open before it starts, so the transaction is part of the script.
        await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n{record}\nCOMMIT;")
    except sqlite3.Error:
        await connection.rollback()
        # Another process that opened the file at the same moment may have been quicker.
        if not await _applied(connection, number):
            raise
