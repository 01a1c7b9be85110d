"""The queue on PostgreSQL: processes that know of each other, and what is procrastinate's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from procrastinate.schema import SchemaManager

from domain.jobs import JobKind, NewJob
from storage.connection import DatabaseAwayError
from storage.opening import open_database
from storage.postgres import queue as postgres_queue
from storage.postgres.database import PostgresConnection, PostgresDatabase
from storage.postgres.queue import PostgresQueue

UPDATE = JobKind.UPDATE


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[PostgresDatabase]:
    opened = await open_database(postgresql_url)
    assert isinstance(opened, PostgresDatabase)
    yield opened
    await opened.close()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes say at every moment that they live."""
    monkeypatch.setattr(postgres_queue, "BEAT", timedelta(milliseconds=10))


async def put(database: PostgresDatabase, *keys: str) -> None:
    async with database.transaction() as db:
        await PostgresQueue(database, now).put(db, [NewJob(UPDATE, key, {}, owner=1) for key in keys])


async def workers(database: PostgresDatabase) -> list[int]:
    async with database.reading() as db:
        rows = await db.all("SELECT id FROM procrastinate_workers ORDER BY id")
    return [row["id"] for row in rows]


async def silence(database: PostgresDatabase, worker: int) -> None:
    """Let a process not have been heard of for longer than one lives."""
    async with database.beside() as db:
        await db.run(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => :ago) WHERE id = :worker",
            ago=postgres_queue.DEAD_AFTER.total_seconds() + 1,
            worker=worker,
        )


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_a_process_that_lives_has_in_hand_is_left_to_it(database: PostgresDatabase):
    one, other = PostgresQueue(database, now), PostgresQueue(database, now)
    await put(database, "one", "other")
    assert await one.claim(UPDATE) and await other.claim(UPDATE)
    assert await other.recover() == 0
    first, _ = await workers(database)
    await silence(database, first)
    assert await other.recover(JobKind.SEND) == 0, "of one kind alone"
    assert await other.recover() == 1
    again = await other.claim(UPDATE)
    assert again is not None
    assert (again.key, again.attempts) == ("one", 2)


async def test_a_process_that_attends_takes_over_from_one_that_died(database: PostgresDatabase, often: None):
    dead, alive = PostgresQueue(database, now), PostgresQueue(database, now)
    await put(database, "one")
    assert await dead.claim(UPDATE)
    attending = asyncio.create_task(alive.attend())
    (number, *_) = await workers(database)
    await silence(database, number)
    async with asyncio.timeout(20):
        while (claimed := await alive.claim(UPDATE)) is None:
            await alive.wait(UPDATE, timedelta(seconds=1))
    assert claimed.key == "one"
    await stop(attending)


async def test_a_process_that_attends_lives_however_long_it_takes(database: PostgresDatabase, often: None):
    queue = PostgresQueue(database, now)
    await put(database, "one")
    assert await queue.claim(UPDATE)
    (number,) = await workers(database)
    await silence(database, number)
    attending = asyncio.create_task(queue.attend())
    async with asyncio.timeout(20), database.reading() as db:
        while not await db.one(  # noqa: ASYNC110  # the database is what knows
            "SELECT 1 AS found FROM procrastinate_workers WHERE last_heartbeat > now() - INTERVAL '1 second'"
        ):
            await asyncio.sleep(0.01)
    assert await PostgresQueue(database, now).recover() == 0
    await stop(attending)


async def test_a_process_that_was_forgotten_works_under_a_new_number(database: PostgresDatabase, often: None):
    queue = PostgresQueue(database, now)
    await put(database, "one", "two")
    assert await queue.claim(UPDATE)
    before = await workers(database)
    async with database.beside() as db:
        await db.run("DELETE FROM procrastinate_workers")
    assert await queue.claim(UPDATE) is None
    claimed = await queue.claim(UPDATE)
    assert claimed is not None
    assert claimed.key == "two", "the first is in hand still, until somebody looks after it"
    assert await workers(database) != before
    async with database.beside() as db:
        await db.run("DELETE FROM procrastinate_workers")
    attending = asyncio.create_task(queue.attend())
    async with asyncio.timeout(20):
        while not await workers(database):  # noqa: ASYNC110  # the database is what knows
            await asyncio.sleep(0.01)
    await stop(attending)


async def test_a_job_that_was_handed_out_over_a_line_that_broke_is_handed_out_again(
    database: PostgresDatabase, often: None, monkeypatch: pytest.MonkeyPatch
):
    queue = PostgresQueue(database, now)
    await put(database, "one", "two")
    held = await queue.claim(UPDATE)
    with monkeypatch.context() as patched:
        patched.setattr(PostgresConnection, "one", broken_after)
        with pytest.raises(DatabaseAwayError):
            await queue.claim(UPDATE)
    assert await queue.claim(UPDATE) is None
    attending = asyncio.create_task(queue.attend())
    async with asyncio.timeout(20):
        while (claimed := await queue.claim(UPDATE)) is None:
            await queue.wait(UPDATE, timedelta(seconds=1))
    assert (claimed.key, claimed.attempts) == ("two", 1)
    assert held is not None
    await queue.finish(held)
    assert (await queue.counts())[UPDATE, "done"] == 1, "what was in hand has stayed there"
    await stop(attending)


async def broken_after(connection: PostgresConnection, sql: str, **parameters: Any) -> None:
    """Do what is asked, and break the line before the answer comes."""
    await connection.all(sql, **parameters)
    raise DatabaseAwayError("the line broke")


async def test_who_leaves_is_no_longer_listed_and_gives_back_its_own_alone(database: PostgresDatabase):
    one, other = PostgresQueue(database, now), PostgresQueue(database, now)
    await put(database, "one", "other")
    assert await one.claim(UPDATE) and await other.claim(UPDATE)
    assert await one.leave() == 1
    assert len(await workers(database)) == 1
    assert await one.leave() == 0
    assert (await one.counts())[UPDATE, "running"] == 1


async def test_a_job_that_somebody_is_changing_is_not_waited_for(database: PostgresDatabase):
    queue = PostgresQueue(database, now)
    await put(database, "one")
    async with database.transaction() as db:
        await db.run("UPDATE jobs SET payload = '{}'")
        # Were it waited for, neither of the two would ever end.
        assert await queue.claim(UPDATE) is None
    assert await queue.claim(UPDATE)


async def test_of_many_jobs_that_are_put_in_together_is_told_once(database: PostgresDatabase):
    async with database.connected() as connection:
        await connection.execute(b'LISTEN "procrastinate_queue_v1#0:update"')
        await put(database, "one", "two", "three")
        await put(database, "three")
        told = [each async for each in connection.notifies(timeout=20, stop_after=1)]
        # What else there is came with it.
        told += [each async for each in connection.notifies(timeout=0.1)]
    assert len(told) == 1


async def test_nothing_is_left_in_procrastinates_tables_of_what_has_ended(database: PostgresDatabase):
    queue = PostgresQueue(database, now)
    await put(database, "done", "aside", "withdrawn", "erased")
    for _ in range(2):
        claimed = await queue.claim(UPDATE)
        assert claimed is not None
        await (queue.finish(claimed) if claimed.key == "done" else queue.put_aside(claimed, "no"))
    async with database.transaction() as db:
        await queue.withdraw(db, "withdrawn")
        # As whoever erases a chat does it, past the queue.
        await db.run("UPDATE jobs SET state = 'done' WHERE key = 'erased'")
    assert await queue.claim(UPDATE) is None
    async with database.reading() as db:
        assert await db.all("SELECT id FROM procrastinate_jobs") == []
        assert await db.all("SELECT id FROM procrastinate_events") == []


def test_another_schema_of_procrastinates_needs_a_step_of_ours():
    assert sha256(SchemaManager.get_schema().encode()).hexdigest() == (
        "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
    )
