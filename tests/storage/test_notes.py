"""What is noted on a server while others write: it waits for nobody's turn, and what it may cross comes out right."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage.connection import Reader, Writer
from storage.opening import open_database
from storage.postgres.database import PostgresDatabase
from tests.storage.waiting import AT_MOST, somebody_waits, until

IMPATIENT, PATIENT = "SET LOCAL deadlock_timeout = '10ms'", "SET LOCAL deadlock_timeout = '1h'"


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[PostgresDatabase]:
    opened = await open_database(postgresql_url)
    assert isinstance(opened, PostgresDatabase)
    async with opened.transaction() as db:
        await db.run("CREATE TABLE things (id BIGINT PRIMARY KEY, told BIGINT NOT NULL)")
        await db.run("CREATE TABLE of_things (id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE)")
        await db.run("INSERT INTO things VALUES (1, 0), (2, 0)")
    yield opened
    async with opened.transaction() as db:
        await db.run("DROP TABLE of_things, things")
    await opened.close()


@pytest.fixture
async def other(database: PostgresDatabase, postgresql_url: str) -> AsyncIterator[PostgresDatabase]:
    """The same, as another process has it."""
    opened = await open_database(postgresql_url)
    assert isinstance(opened, PostgresDatabase)
    yield opened
    await opened.close()


async def told(db: Reader, thing: int = 1) -> int | None:
    row = await db.one("SELECT told FROM things WHERE id = :thing", thing=thing)
    return row["told"] if row else None


async def tell(db: Writer, thing: int = 1) -> int:
    return await db.run("UPDATE things SET told = told + 1 WHERE id = :thing", thing=thing)


async def test_a_note_is_there_while_others_have_their_turn_in_any_process(
    database: PostgresDatabase, other: PostgresDatabase
):
    for busy in (database, other):
        async with asyncio.timeout(AT_MOST), busy.transaction():
            assert await database.note(tell) == 1
    async with database.reading() as db:
        assert await told(db) == 2


async def test_what_is_just_going_is_noted_in_its_turn_as_gone(database: PostgresDatabase, other: PostgresDatabase):
    async def note(db: Writer) -> int:
        await tell(db, 2)
        return await db.run("INSERT INTO of_things SELECT id FROM things WHERE id = 1")

    async with other.transaction() as db:
        await db.run("DELETE FROM things WHERE id = 1")
        noting = asyncio.create_task(database.note(note))
        await until(lambda: somebody_waits(db))
    assert await noting == 0
    async with database.reading() as db:
        assert await told(db, 2) == 1, "the try before is taken back"


async def test_who_stands_in_a_writers_way_steps_aside_and_has_a_turn_later(
    database: PostgresDatabase, other: PostgresDatabase
):
    """The note has the first row and wants the second, the writer has the second and wants the first."""
    tries, has_first = 0, asyncio.Event()

    async def note(db: Writer) -> None:
        nonlocal tries
        tries += 1
        await db.run(IMPATIENT)
        await tell(db, 1)
        has_first.set()
        if tries == 1:
            await until(lambda: somebody_waits(db))
        await tell(db, 2)

    async with other.transaction() as db:
        await db.run(PATIENT)
        await tell(db, 2)
        noting = asyncio.create_task(database.note(note))
        await has_first.wait()
        await tell(db, 1)
    await noting
    assert tries == 2
    async with database.reading() as db:
        assert (await told(db, 1), await told(db, 2)) == (2, 2)
