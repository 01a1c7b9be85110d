"""What a transaction promises, whatever happens inside it, on either engine; and the one SQLite file."""

import asyncio
import os
import random
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from storage.connection import Database, DatabaseAwayError, DatabaseUnusableError, Reader, Writer
from storage.gathering import Asked, Gathering, Outcome
from storage.opening import open_database
from storage.sqlite.database import SqliteDatabase
from tests.engines import SQLITE

ROWS = 5
COUNTING = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"


ON_SQLITE = pytest.mark.parametrize("engine", [SQLITE])


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    async with opened.transaction() as db:
        await db.run("DROP TABLE IF EXISTS notes")
        await db.run("CREATE TABLE notes (batch INTEGER NOT NULL, line INTEGER NOT NULL)")
    yield opened
    async with opened.transaction() as db:
        await db.run("DROP TABLE notes")
    await opened.close()


async def batches(database: Database) -> dict[int, int]:
    """How many lines of each batch are there."""
    async with database.reading() as db:
        rows = await db.all("SELECT batch, COUNT(*) AS lines FROM notes GROUP BY batch")
    return {row["batch"]: row["lines"] for row in rows}


async def write(database: Database, batch: int) -> None:
    async with database.transaction() as db:
        for line in range(ROWS):
            await db.run("INSERT INTO notes VALUES (:batch, :line)", batch=batch, line=line)


async def _lines(batch: int, db: Writer) -> int:
    return sum([await db.run("INSERT INTO notes VALUES (:batch, :line)", batch=batch, line=i) for i in range(ROWS)])


async def write_in_one_go(database: Database, batch: int) -> int:
    return await database.transact(partial(_lines, batch))


async def note(database: Database, batch: int) -> int:
    return await database.note(partial(_lines, batch))


EVERY_WAY = pytest.mark.parametrize("write", [write, write_in_one_go, note])
Write = Callable[[Database, int], Coroutine[Any, Any, object]]


@EVERY_WAY
async def test_what_happens_inside_is_there_afterwards(database: Database, write: Write):
    await write(database, 1)
    assert await batches(database) == {1: ROWS}


async def test_what_comes_of_work_in_one_go_is_returned(database: Database):
    assert await write_in_one_go(database, 1) == ROWS


async def test_an_error_in_work_takes_everything_back_and_comes_out(database: Database):
    async def failing(db: Writer) -> None:
        await db.run("INSERT INTO notes VALUES (1, 1)")
        raise ZeroDivisionError

    async def breaking(db: Writer) -> None:
        await db.run("INSERT INTO notes VALUES (1, 1)")
        await db.run("INSERT INTO notes VALUES (1, NULL)")

    with pytest.raises(ZeroDivisionError):
        await database.transact(failing)
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        await database.transact(breaking)
    assert await batches(database) == {}
    await write(database, 2)
    assert await batches(database) == {2: ROWS}


async def test_what_is_looked_up_in_one_go_is_what_is_committed(database: Database):
    await write(database, 1)

    async def look(db: Reader) -> list[int]:
        first = await db.one("SELECT COUNT(*) AS lines FROM notes")
        assert first is not None
        return [first["lines"], *[row["line"] for row in await db.all("SELECT line FROM notes WHERE line < 2")]]

    async def failing(db: Reader) -> None:
        assert await db.one("SELECT 1 AS one")
        raise ZeroDivisionError

    for _ in range(9):
        with pytest.raises(ZeroDivisionError):
            await database.look(failing)
    found = await asyncio.gather(*(database.look(look) for _ in range(9)))
    assert found == [[ROWS, 0, 1]] * 9


async def test_all_that_is_looked_up_in_one_go_is_as_it_was_at_one_moment(database: Database, database_url: str):
    await write(database, 1)

    async def look(db: Reader) -> list[int]:
        before = await db.all("SELECT * FROM notes")
        delete_elsewhere(database_url)
        return [len(before), len(await db.all("SELECT * FROM notes"))]

    assert await database.look(look) == [ROWS, ROWS]
    assert await batches(database) == {}


def delete_elsewhere(database_url: str) -> None:
    """Another process deletes all lines."""
    file = database_url.removeprefix("sqlite:///")
    with closing(psycopg.connect(file) if file == database_url else sqlite3.connect(file)) as other:
        other.execute("DELETE FROM notes")
        other.commit()


async def test_whoever_breaks_off_a_look_leaves_the_others_theirs(database: Database):
    await write(database, 1)

    async def look(db: Reader) -> int:
        return len([await db.all("SELECT * FROM notes") for _ in range(50)][-1])

    looks = [asyncio.create_task(database.look(look)) for _ in range(12)]
    await asyncio.sleep(0)
    for each in looks[::2]:
        each.cancel()
    assert await asyncio.gather(*looks[1::2]) == [ROWS] * 6


async def test_of_work_done_together_each_is_done_or_taken_back_by_itself(database: Database):
    async def failing(db: Writer) -> None:
        await db.run("INSERT INTO notes VALUES (9, 9)")
        raise ZeroDivisionError

    works = [database.transact(failing) if batch % 3 == 0 else write_in_one_go(database, batch) for batch in range(9)]
    found = await asyncio.gather(*works, return_exceptions=True)
    assert [type(each) for each in found] == [int if batch % 3 else ZeroDivisionError for batch in range(9)]
    assert await batches(database) == {batch: ROWS for batch in range(9) if batch % 3}


async def test_work_called_off_while_another_writes_leaves_the_other_alone(database: Database):
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as db:
            await db.run("INSERT INTO notes VALUES (1, 1)")
            waiting = asyncio.create_task(write_in_one_go(database, 2))
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.wait({waiting})
            raise ZeroDivisionError
    assert await batches(database) == {}


@ON_SQLITE
async def test_work_that_comes_while_another_writes_is_committed_together(database: SqliteDatabase):
    commits: list[str] = []
    async with database.transaction():
        together = [asyncio.create_task(write_in_one_go(database, batch)) for batch in range(5)]
        await asyncio.sleep(0)
        await database._writer.set_trace_callback(commits.append)
    await asyncio.gather(*together)
    assert len([text for text in commits if text == "COMMIT"]) == 2
    assert await batches(database) == dict.fromkeys(range(5), ROWS)


@ON_SQLITE
async def test_where_sqlite_takes_back_everything_all_who_asked_hear_of_it_and_may_ask_again(database: Database):
    async def failing(db: Writer) -> None:
        await db.run("ROLLBACK")  # as SQLite does by itself where it cannot go on
        raise ZeroDivisionError

    found = await asyncio.gather(
        write_in_one_go(database, 1), database.transact(failing), write_in_one_go(database, 2), return_exceptions=True
    )
    assert [type(each) for each in found] == [ZeroDivisionError] * 3
    assert await batches(database) == {}
    await write_in_one_go(database, 3)
    assert await batches(database) == {3: ROWS}


async def test_work_whose_turn_never_came_tells_so_and_leaves_the_next_alone():
    turns = 0

    async def do(take: Callable[[], Sequence[Asked]]) -> Sequence[Outcome]:
        nonlocal turns
        turns += 1
        if turns == 1:
            raise DatabaseAwayError
        return [Outcome(turns) for _ in take()]

    gathering = Gathering(do)

    async def work(_: Writer) -> int:
        return 0

    with pytest.raises(DatabaseAwayError):
        await gathering.transact(work)
    assert await gathering.transact(work) == 2


async def test_what_takes_long_is_done_alone_and_lets_others_go_before_it_but_not_for_ever():
    done: list[str] = []
    asked: set[asyncio.Task[None]] = set()

    async def do(take: Callable[[], Sequence[Asked]]) -> Sequence[Outcome]:
        # Its turn comes when the one before has ended.
        await asyncio.sleep(0)
        taken = take()
        for each in taken:
            await each.work(cast("Writer", None))
        done.append(" ")
        return [Outcome() for _ in taken]

    gathering = Gathering(do)

    def ask(name: str, *, alone: bool = False) -> None:
        async def work(_: Writer) -> None:
            done.append(name)
            if not alone and name < "h":
                # There is always somebody: while it is done, the next comes.
                ask(chr(ord(name) + 1))

        asked.add(asyncio.create_task(gathering.transact(work, alone=alone)))

    for name in ("A", "B"):
        ask(name, alone=True)
    ask("a")
    ask("a")
    while asked:
        await asked.pop()
    assert "".join(done).split() == ["aa", "bb", "cc", "A", "dd", "ee", "ff", "B", "gg", "hh"]


@ON_SQLITE
async def test_work_that_waits_for_anything_else_is_refused_and_taken_back(database: Database):
    async def waiting(db: Writer) -> None:
        await db.run("INSERT INTO notes VALUES (1, 1)")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="only the database"):
        await database.transact(waiting)
    assert await batches(database) == {}


async def test_an_error_inside_takes_everything_back_and_comes_out(database: Database):
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as db:
            await db.run("INSERT INTO notes VALUES (1, 1)")
            raise ZeroDivisionError
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        async with database.transaction() as db:
            await db.run("INSERT INTO notes VALUES (1, 1)")
            await db.run("INSERT INTO notes VALUES (1, NULL)")
    assert await batches(database) == {}
    await write(database, 2)
    assert await batches(database) == {2: ROWS}


async def test_readers_see_nothing_before_it_is_committed(database: Database):
    async with database.transaction() as db:
        await db.run("INSERT INTO notes VALUES (1, 1)")
        assert await batches(database) == {}
    assert await batches(database) == {1: 1}


async def test_transactions_come_one_after_another(database: Database):
    async def add_one() -> None:
        async with database.transaction() as db:
            row = await db.one("SELECT COALESCE(MAX(line), 0) AS last FROM notes")
            assert row is not None
            await asyncio.sleep(0)
            await db.run("INSERT INTO notes VALUES (1, :line)", line=row["last"] + 1)

    await asyncio.gather(*(add_one() for _ in range(20)))
    async with database.reading() as db:
        assert [row["line"] for row in await db.all("SELECT line FROM notes ORDER BY line")] == list(range(1, 21))


async def test_a_reader_cannot_write(database: Database):
    for _ in range(3):  # each of the readers takes its turn
        async with database.reading() as db:
            with pytest.raises((sqlite3.OperationalError, DatabaseAwayError), match=r"read-?only"):
                await db.all("INSERT INTO notes VALUES (1, 1)")
    assert await batches(database) == {}


async def test_run_many_runs_for_each_set_of_values_and_does_nothing_for_none(database: Database):
    async with database.transaction() as db:
        await db.run_many("INSERT INTO notes VALUES (1, :line)", [{"line": 1}, {"line": 2}])
        await db.run_many("INSERT INTO notes VALUES (1, :line)", [])
        assert await db.run("UPDATE notes SET line = 3") == 2
        assert await db.one("SELECT * FROM notes WHERE line = 9") is None


@EVERY_WAY
@pytest.mark.parametrize("steps", range(0, 40, 2))
async def test_a_task_cancelled_at_any_step_leaves_all_or_nothing_and_a_writer_that_works(
    database: Database, write: Write, steps: int
):
    """A step is one turn of the event loop: BEGIN, each statement and COMMIT take several."""
    task = asyncio.create_task(write(database, 1))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    found = await batches(database)
    assert found in ({}, {1: ROWS})
    if not task.cancelled():
        assert found == {1: ROWS}
    await write(database, 2)
    assert await batches(database) == {**found, 2: ROWS}, (
        "when the task has ended, it is settled which of the two it is"
    )


async def test_a_task_cancelled_while_its_commit_waits_ends_when_that_is_settled(database: Database):
    """Whoever sees the task end and looks finds what will be there from then on."""
    slow = COUNTING.format(300_000) + " SELECT MAX(i) FROM n"  # noqa: S608  # ours
    behind: list[asyncio.Task[object]] = []
    written = asyncio.Event()

    async def work() -> None:
        async with database.transaction() as db:
            await db.run("INSERT INTO notes VALUES (1, 1)")
            behind.append(asyncio.create_task(db.all(slow)))
            await asyncio.sleep(0)
            written.set()

    task = asyncio.create_task(work())
    await written.wait()
    for _ in range(2):
        await asyncio.sleep(0.005)
        task.cancel()
    await asyncio.wait({task})
    found = await batches(database)
    await asyncio.wait(behind)
    await write(database, 2)
    assert await batches(database) == {**found, 2: ROWS}


async def test_cancelled_at_many_random_moments_every_batch_is_whole_or_absent(database: Database):
    chance = random.Random(7)  # noqa: S311  # chance, not secrecy

    async def cancel_soon(task: asyncio.Task[None]) -> None:
        await asyncio.sleep(chance.random() * 0.004)
        task.cancel()
        if chance.random() < 0.3:
            # A second cancellation reaches the task while it rolls back or waits for its COMMIT.
            await asyncio.sleep(0)
            task.cancel()

    tasks = []
    for batch in range(200):
        tasks.append(asyncio.create_task(write(database, batch)))
        if chance.random() < 0.7:
            await cancel_soon(tasks[-1])
    await asyncio.wait(tasks)
    found = await batches(database)
    assert set(found.values()) == {ROWS}
    completed = {batch for batch, task in enumerate(tasks) if not task.cancelled()}
    assert completed <= set(found)
    assert 0 < len(completed) < len(tasks), "some were cancelled and some were not, or this proves nothing"
    await write(database, 1000)
    assert 1000 in await batches(database)


async def test_a_reader_cancelled_in_mid_query_is_lent_again(database: Database):
    async def look() -> None:
        async with database.reading() as db:
            await db.all(COUNTING.format(20_000) + " SELECT * FROM n")  # noqa: S608  # ours

    for _ in range(6):
        task = asyncio.create_task(look())
        await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.wait({task})
    await asyncio.gather(*(batches(database) for _ in range(4)))


async def test_who_is_told_to_end_while_many_wait_for_a_connection_ends(database: Database):
    """Python 3.11's ``asyncio.wait_for`` forgets that where what is waited for comes at the same moment."""
    chance = random.Random(7)  # noqa: S311  # chance, not secrecy

    async def look() -> None:
        while True:
            async with database.reading() as db:
                await db.one("SELECT 1 AS found")

    for _ in range(20):
        tasks = [asyncio.create_task(look()) for _ in range(20)]
        await asyncio.sleep(chance.uniform(0.005, 0.02))
        for task in tasks:
            task.cancel()
        _, deaf = await asyncio.wait(tasks, timeout=5)
        for task in deaf:
            task.cancel()
        assert not deaf


async def test_the_file_is_for_its_owner_alone(tmp_path: Path):
    before = os.umask(0)
    try:
        path = tmp_path / "private.db"
        opened = await SqliteDatabase.open(path)
        names = ("private.db", "private.db-wal", "private.db-shm")
        modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names}
        await opened.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(names, 0o600)


@ON_SQLITE
async def test_the_writer_syncs_every_commit_and_keeps_references_whole(database: Database):
    async with database.transaction() as db:
        assert await db.one("PRAGMA synchronous") == {"synchronous": 2}
        assert await db.one("PRAGMA foreign_keys") == {"foreign_keys": 1}
        assert await db.one("PRAGMA journal_mode") == {"journal_mode": "wal"}
    async with database.reading() as reader:
        assert await reader.one("PRAGMA query_only") == {"query_only": 1}
        assert await reader.one("PRAGMA mmap_size") in ({"mmap_size": 0}, None)


async def test_what_was_committed_is_there_after_opening_again(tmp_path: Path):
    path = tmp_path / "test.db"
    for _ in range(2):
        opened = await SqliteDatabase.open(path)
        async with opened.transaction() as db:
            await db.run("INSERT INTO collections (created_at) VALUES ('now')")
        await opened.close()
    opened = await SqliteDatabase.open(path)
    async with opened.reading() as db:
        assert await db.one("SELECT COUNT(*) AS found FROM collections") == {"found": 2}
    await opened.close()


@pytest.mark.parametrize("what", ["no database", "a folder", "no folder", "cut off", "of another program"])
async def test_a_file_that_cannot_be_used_is_an_error_with_its_name_and_leaves_no_thread(tmp_path: Path, what: str):
    path = tmp_path / "broken.db"
    match what:
        case "no database":
            path.write_bytes(b"This is a shopping list. " * 400)
        case "a folder":
            path.mkdir()
        case "no folder":
            path = tmp_path / "nowhere" / "broken.db"
        case "cut off":
            await (await SqliteDatabase.open(path)).close()
            path.write_bytes(path.read_bytes()[:5000])
        case "of another program":
            made = sqlite3.connect(path)
            made.execute("CREATE TABLE articles (title TEXT)")
            made.commit()
            made.close()
    before = set(threading.enumerate())
    with pytest.raises(DatabaseUnusableError, match=r"broken\.db"):
        await SqliteDatabase.open(path)
    for _ in range(500):
        if set(threading.enumerate()) <= before:
            break
        await asyncio.sleep(0.01)
    assert set(threading.enumerate()) <= before
