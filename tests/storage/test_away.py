"""A database that is held by others, has no room, restarts or is gone: nothing is half done, and later all goes on."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from storage.connection import Database, DatabaseAwayError
from storage.opening import open_database
from storage.postgres import database as postgres
from storage.sqlite import database as sqlite
from tests.engines import Server, sqlite_url

ADD = "INSERT INTO collections (created_at) VALUES ('then')"


@pytest.fixture
async def database(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(postgres, "PATIENCE", 1)
    monkeypatch.setattr(postgres, "TRIES", 1)
    opened = await open_database(postgresql_url)
    yield opened
    await opened.close()


async def count(database: Database) -> int:
    async with database.reading() as db:
        row = await db.one("SELECT COUNT(*) AS found FROM collections")
    assert row is not None
    return int(row["found"])


async def add(database: Database) -> None:
    async with database.transaction() as db:
        await db.run(ADD)


def cut(postgresql: Server) -> None:
    """Cut every line to the database, as a restart does."""
    postgresql.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'presswatch'")


async def test_a_line_that_breaks_in_a_transaction_leaves_nothing_of_it(postgresql: Server, database: Database):
    with pytest.raises(DatabaseAwayError):
        async with database.transaction() as db:
            await db.run(ADD)
            cut(postgresql)
            await db.run(ADD)
    assert await count(database) == 0
    await add(database)
    assert await count(database) == 1


async def test_a_line_that_breaks_before_the_end_of_a_transaction_is_told(postgresql: Server, database: Database):
    with pytest.raises(DatabaseAwayError):
        async with database.transaction() as db:
            await db.run(ADD)
            cut(postgresql)
    assert await count(database) == 0


async def test_when_all_lines_break_each_is_replaced_and_one_at_most_is_told(postgresql: Server, database: Database):
    await asyncio.gather(*(count(database) for _ in range(postgres.READERS)))
    cut(postgresql)
    with pytest.raises(DatabaseAwayError):
        await count(database)
    assert [await count(database) for _ in range(2 * postgres.READERS)] == [0] * 2 * postgres.READERS


async def test_a_database_that_is_gone_is_away_and_used_again_when_it_is_back(postgresql: Server, database: Database):
    await add(database)
    postgresql.run("ALTER DATABASE presswatch ALLOW_CONNECTIONS false")
    try:
        cut(postgresql)
        for _ in range(3):
            with pytest.raises(DatabaseAwayError):
                await add(database)
            with pytest.raises(DatabaseAwayError):
                await count(database)
    finally:
        postgresql.run("ALTER DATABASE presswatch ALLOW_CONNECTIONS true")
    for _ in range(60):
        try:
            await add(database)
        except DatabaseAwayError:
            continue
        break
    assert await count(database) == 2


async def test_who_writes_waits_for_another_process_and_who_looks_does_not(postgresql_url: str, database: Database):
    with psycopg.connect(postgresql_url) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({postgres.WRITING})".encode())
        waiting = asyncio.create_task(add(database))
        assert await count(database) == 0
        assert not waiting.done()
    await waiting
    assert await count(database) == 1


async def test_a_process_that_stands_still_in_a_transaction_does_not_hold_up_the_others_for_ever(database: Database):
    with pytest.raises(DatabaseAwayError):
        async with database.transaction() as db:
            await db.run("SET idle_in_transaction_session_timeout = '50ms'")
            await asyncio.sleep(0.3)
            await db.run(ADD)
    await add(database)


async def test_who_has_waited_sees_what_was_written_meanwhile_whatever_isolation_is_usual(
    postgresql_url: str, postgresql: Server
):
    postgresql.run("ALTER DATABASE presswatch SET default_transaction_isolation = 'repeatable read'")
    try:
        database = await open_database(postgresql_url)
        with psycopg.connect(postgresql_url) as other:
            other.execute(f"SELECT pg_advisory_xact_lock({postgres.WRITING})".encode())
            other.execute(ADD.encode())
            waiting = asyncio.create_task(counted_in_turn(database))
            while not other.execute(b"SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():  # noqa: ASYNC110  # the database knows
                await asyncio.sleep(0.01)
        assert await waiting == 1
        await database.close()
    finally:
        postgresql.run("ALTER DATABASE presswatch RESET default_transaction_isolation")


async def counted_in_turn(database: Database) -> int:
    async with database.transaction() as db:
        return len(await db.all("SELECT 1 FROM collections"))


async def test_what_no_server_takes_is_not_put_off(database: Database):
    with pytest.raises(psycopg.errors.ProgramLimitExceeded):
        async with database.transaction() as db:
            await db.run(ADD)
            await db.run(
                "INSERT INTO persons (collection_id, name, uid) SELECT id, 'Ilka Roden', :long FROM collections",
                long=random.Random(7).randbytes(5_000).hex(),  # noqa: S311  # no secret
            )
    assert await count(database) == 0


async def test_a_transaction_whose_error_was_passed_over_does_not_end_as_if_all_were_kept(database: Database):
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        async with database.transaction() as db:
            await db.run(ADD)
            with suppress(psycopg.Error):
                await db.run("SELECT * FROM nowhere")
    assert await count(database) == 0
    await add(database)


async def test_a_file_that_another_process_holds_is_away_for_so_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.05)
    database = await open_database(sqlite_url(tmp_path))
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAwayError, match="locked"):
            await add(database)
        assert await count(database) == 0
    await add(database)
    assert await count(database) == 1
    await database.close()


async def test_a_full_disk_is_away_and_leaves_nothing_half_done(tmp_path: Path):
    database = await open_database(sqlite_url(tmp_path))
    async with database.transaction() as db:
        # No page more than there are.
        row = await db.one("PRAGMA page_count")
        assert row is not None
        await db.one(f"PRAGMA max_page_count = {row['page_count']}")
    with pytest.raises(DatabaseAwayError, match="full"):
        async with database.transaction() as db:
            await db.run(ADD)
            await db.run("INSERT INTO collections (created_at) VALUES (:much)", much="x" * 1_000_000)
    assert await count(database) == 0
    async with database.transaction() as db:
        await db.one("PRAGMA max_page_count = 1000000")
    await add(database)
    assert await count(database) == 1
    await database.close()


async def test_a_file_that_has_no_room_to_be_written_anew_is_away_and_is_so_later(tmp_path: Path):
    """What erases waits for room; else the words of what was erased would stay in the file."""
    database = await open_database(sqlite_url(tmp_path))
    async with database.transaction() as db:
        await db.run("INSERT INTO collections (id, created_at) VALUES (1, 'then')")
    for number in range(20):
        # Each is a part of its own of the index.
        async with database.transaction() as db:
            await db.run(
                """INSERT INTO articles (collection_id, content_hash, body, search_text, state, received_at, seen_at)
                VALUES (1, :number, :text, :text, 'read', 'then', 'then')""",
                number=f"{number}",
                text=" ".join(f"word{number}x{each}" for each in range(300)),
            )
    async with database.transaction() as db:
        row = await db.one("PRAGMA page_count")
        assert row is not None
        await db.one(f"PRAGMA max_page_count = {row['page_count']}")
    try:
        with pytest.raises(DatabaseAwayError, match="full"):
            await database.scrub()
        async with database.transaction() as db:
            await db.one("PRAGMA max_page_count = 1000000")
        assert await database.scrub()
    finally:
        # Where it is left open, nobody hears that this has failed.
        await database.close()
