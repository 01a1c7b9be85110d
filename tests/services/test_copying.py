"""An archive goes from SQLite to PostgreSQL whole, however often the copy is killed on its way."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.extraction import Metadata
from domain.jobs import JobKind, NewJob
from services import Services
from storage import articles
from storage.connection import Database, DatabaseUnusableError
from storage.copies import Compared, Refusal
from storage.opening import copy_archive, open_database, open_queue
from storage.postgres import copying
from tests.engines import ON_SQLITE, Server, sqlite_url, tables
from tests.samples import NOON
from tests.services.conftest import Prepared
from tests.services.counted import assert_counted
from tests.services.test_erasing import fill

# A process that copies three rows at a time and is killed after so many pages; it says how far it was.
KILLED = """
import asyncio, os, signal, sys
from storage.opening import copy_archive
from storage.postgres import copying
source, target, left = sys.argv[1], sys.argv[2], int(sys.argv[3])
def told(table, done, total):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
copying.PAGE = 3
compared = asyncio.run(copy_archive(source, target, told))
print(all(each.is_same for each in compared))
"""


@pytest.fixture
def target(postgresql: Server) -> Iterator[str]:
    with postgresql.fresh() as url:
        yield url


def nobody(table: str, done: int, total: int) -> None:
    """Nobody is told."""


async def copied(source: str, target: str) -> Refusal | dict[str, Compared]:
    done = await copy_archive(source, target, nobody)
    return done if isinstance(done, Refusal) else {each.name: each for each in done}


async def rows_of(database: Database) -> dict[str, list[dict[str, object]]]:
    """All rows that are not of one engine alone, in an order of their own."""
    found = {}
    async with database.reading() as db:
        for name in (await tables(db)).keys() - {"schema_steps", "sqlite_sequence"}:
            rows = [dict(row) for row in await db.all(f"SELECT * FROM {name}")]  # noqa: S608  # names of tables
            for row in rows:
                if name == "jobs":
                    row.pop("is_head", None)
                    row.pop("task", None)
                    row["state"] = "ready" if row["state"] == "running" else row["state"]
            found[name] = sorted(rows, key=str)
    return {name: rows for name, rows in found.items() if rows}


@ON_SQLITE
async def test_all_goes_along_however_often_it_is_killed(
    services: Services, prepared: Prepared, database_url: str, target: str
):
    await fill(services, prepared)
    async with services.database.transaction() as db:
        await db.run("UPDATE articles SET body = body || :odd", odd=" \0 \\u0000 %s :name ñ Ковальчук 🙂 \\N\t\n")
        lane = [NewJob(JobKind.SEND, f"in lane {number}", {"number": number}, "a lane") for number in range(3)]
        await services.queue.put(db, lane)
    kept = await rows_of(services.database)
    await services.database.close()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ends = []
    for pages in (1, 9, 9, 30, 10_000):
        command = [sys.executable, "-c", KILLED, database_url, target, str(pages)]
        ends.append(subprocess.run(command, env=environment, capture_output=True, text=True, check=False))  # noqa: S603, ASYNC221  # our own
        if pages < 10_000:
            with pytest.raises(DatabaseUnusableError, match="half copied"):
                await open_database(target)
    assert [each.returncode for each in ends] == [-9, -9, -9, -9, 0], ends[-1].stderr
    assert ends[-1].stdout == "True\n"
    database = await open_database(target)
    moved = await rows_of(database)
    for article in kept["articles"]:
        article["body"] = str(article["body"]).replace("\0", "\N{REPLACEMENT CHARACTER}")
    kept["articles"].sort(key=str)
    assert moved == kept
    await assert_counted(replace(services, database=database))
    async with database.transaction() as db:
        [home] = {row["collection_id"] for row in await db.all("SELECT collection_id FROM chats WHERE id = 100")}
        assert await articles.search(db, home, '"axbody"', 9), "words are found"
        highest = max(int(str(row["id"])) for row in kept["articles"])
        assert (await articles.add(db, home, "Quite another text.", Metadata(), NOON) or 0) > highest
    queue = open_queue(database, services.clock)
    for number in range(3):
        job = await queue.claim(JobKind.SEND)
        while job is not None and not job.key.startswith("in lane"):
            job = await queue.claim(JobKind.SEND)
        assert job is not None
        assert job.key == f"in lane {number}", "open jobs go along, in the order of their lanes"
        await queue.finish(job)
    await database.close()


@ON_SQLITE
async def test_into_a_database_that_has_something_nothing_is_copied(
    services: Services, database_url: str, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
):
    async with services.database.transaction() as db:
        await db.run("INSERT INTO collections (created_at) VALUES ('then')")
    assert not isinstance(await copied(database_url, target), Refusal)
    assert await copied(database_url, target) is Refusal.HAS_DATA
    database = await open_database(target)
    async with database.transaction() as db:
        await db.run("DELETE FROM collections")
    await database.close()
    monkeypatch.setattr(copying, "_end", nothing)
    assert not isinstance(await copied(database_url, target), Refusal)
    assert await copied(sqlite_url(tmp_path, "other.db"), target) is Refusal.OF_ANOTHER


async def nothing(*_: object) -> None:
    """The end of a copy, where it is cut off just before."""


@ON_SQLITE
async def test_what_is_not_the_same_on_both_sides_is_named_and_cannot_be_opened(
    services: Services, database_url: str, target: str, monkeypatch: pytest.MonkeyPatch
):
    async with services.database.transaction() as db:
        await db.run("INSERT INTO collections (created_at) VALUES ('then'), ('now')")
    with monkeypatch.context() as patched:
        patched.setattr(copying, "_end", nothing)
        await copied(database_url, target)
    async with services.database.transaction() as db:
        await db.run("UPDATE collections SET created_at = 'later' WHERE id = 1")
        await db.run("INSERT INTO turned_away VALUES (0, 100, 'now')")
    done = await copied(database_url, target)
    assert not isinstance(done, Refusal)
    assert [name for name, each in done.items() if not each.is_same] == ["collections"]
    assert (done["turned_away"].rows, done["turned_away"].rows_there) == (1, 1), "it went on"
    with pytest.raises(DatabaseUnusableError, match="half copied"):
        await open_database(target)


@ON_SQLITE
async def test_what_the_target_cannot_keep_is_named(services: Services, database_url: str, target: str):
    async with services.database.transaction() as db:
        await db.run(
            "INSERT INTO turns (bot, kind, turn) VALUES (0, :long, 0)",
            long=random.Random(7).randbytes(5_000).hex(),  # noqa: S311  # no secret
        )
    with pytest.raises(DatabaseUnusableError, match="turns: index row"):
        await copied(database_url, target)


async def test_from_a_server_to_another_it_goes_by_the_servers_own_means(target: str):
    with pytest.raises(DatabaseUnusableError, match="sqlite:///FILE"):
        await copied(target, target)


async def test_every_table_that_both_engines_have_is_copied_and_has_a_key(tmp_path: Path, target: str):
    done = await copied(sqlite_url(tmp_path), target)
    assert not isinstance(done, Refusal)
    here, there = await open_database(sqlite_url(tmp_path)), await open_database(target)
    async with here.reading() as own, there.reading() as others:
        both = (await tables(own)).keys() & (await tables(others)).keys()
    await here.close()
    await there.close()
    assert done.keys() == both - {"schema_steps"}
