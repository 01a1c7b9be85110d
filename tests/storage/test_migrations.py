"""The numbered steps: they add up to the schema written out, each runs once, and one that fails leaves no trace."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path

import aiosqlite
import pytest

from storage.connection import DatabaseUnusableError
from storage.opening import open_database
from storage.sqlite import migrations
from storage.sqlite.database import SqliteDatabase
from tests.engines import ENGINES

STEPS = "SELECT number FROM schema_steps ORDER BY number"


@pytest.fixture
async def connection() -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(":memory:", isolation_level=None) as opened:
        opened.row_factory = sqlite3.Row
        yield opened


async def schema(connection: aiosqlite.Connection) -> dict[tuple[str, str], str]:
    """Every table, index and trigger by kind and name, without comments and layout."""
    rows = await connection.execute_fetchall("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(row["type"], row["name"]): _plain(row["sql"]) for row in rows}


def _plain(sql: str) -> str:
    words = " ".join(re.sub(r"--.*", "", sql).replace("IF NOT EXISTS", "").split())
    return re.sub(r" ?([(),]) ?", r"\1", words)


async def test_the_schema_written_out_is_the_sum_of_the_steps(connection: aiosqlite.Connection):
    await migrations.migrate(connection)
    written = (resources.files("storage.sqlite") / "schema.sql").read_text(encoding="utf-8")
    async with aiosqlite.connect(":memory:") as other:
        other.row_factory = sqlite3.Row
        await other.executescript(written)
        by_hand = await schema(other)
    by_steps = await schema(connection)
    assert by_steps.keys() == by_hand.keys()
    assert [by_steps[each] for each in by_steps] == [by_hand[each] for each in by_steps]
    assert ("table", "articles") in by_steps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a TEXT", "a TEXT NOT NULL"),
        ("a TEXT", "a INTEGER"),
        ("a TEXT, b TEXT", "b TEXT, a TEXT"),
        ("a TEXT DEFAULT 'x y'", "a TEXT DEFAULT 'x z'"),
    ],
)
def test_what_differs_in_more_than_layout_is_not_taken_for_the_same(one: str, other: str):
    assert _plain(f"CREATE TABLE t ({one})") != _plain(f"CREATE TABLE t ({other})")
    assert _plain(f"CREATE TABLE t ({one})") == _plain(f"CREATE TABLE t (  -- why\n  {one}\n)")


def test_steps_are_numbered_one_after_another():
    numbers = [number for number, _ in migrations.steps()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


async def test_running_the_steps_again_applies_nothing(connection: aiosqlite.Connection):
    await migrations.migrate(connection)
    before = await schema(connection), [tuple(row) for row in await connection.execute_fetchall(STEPS)]
    await connection.execute("INSERT INTO collections (created_at) VALUES ('then')")
    await migrations.migrate(connection)
    after = await schema(connection), [tuple(row) for row in await connection.execute_fetchall(STEPS)]
    assert before == after
    assert len(list(await connection.execute_fetchall("SELECT * FROM collections"))) == 1


async def test_a_step_that_fails_leaves_neither_its_changes_nor_its_number(
    connection: aiosqlite.Connection, monkeypatch: pytest.MonkeyPatch
):
    good = "CREATE TABLE kept (a TEXT);"
    bad = "CREATE TABLE lost (a TEXT); INSERT INTO kept VALUES ('lost'); INSERT INTO nowhere VALUES (1);"
    monkeypatch.setattr(migrations, "steps", lambda: [(1, good), (2, bad), (3, "CREATE TABLE later (a TEXT);")])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await migrations.migrate(connection)
    assert not connection.in_transaction
    assert [row["number"] for row in await connection.execute_fetchall(STEPS)] == [1]
    assert {name for _, name in await schema(connection)} == {"kept", "schema_steps"}
    assert list(await connection.execute_fetchall("SELECT * FROM kept")) == []

    monkeypatch.setattr(migrations, "steps", lambda: [(1, good), (2, "CREATE TABLE mended (a TEXT);")])
    await migrations.migrate(connection)
    assert [row["number"] for row in await connection.execute_fetchall(STEPS)] == [1, 2]


async def test_a_file_whose_step_fails_is_unusable_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrations, "steps", lambda: [(1, "INSERT INTO nowhere VALUES (1);")])
    with pytest.raises(DatabaseUnusableError, match="nowhere"):
        await SqliteDatabase.open(tmp_path / "test.db")


async def test_several_that_open_a_new_file_at_the_same_moment_all_get_it(tmp_path: Path):
    for attempt in range(5):
        path = tmp_path / f"{attempt}.db"
        opened = await asyncio.gather(*(SqliteDatabase.open(path) for _ in range(4)))
        for database in opened:
            async with database.reading() as db:
                assert [row["number"] for row in await db.all(STEPS)] == [number for number, _ in migrations.steps()]
            await database.close()


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_what_a_later_release_has_used_is_left_alone(database_url: str):
    """Whoever goes back to an older release must not write beside a schema that it does not know."""
    database = await open_database(database_url)
    async with database.transaction() as db:
        await db.run("INSERT INTO schema_steps (number, applied_at) VALUES (9999, '2031-03-03')")
    try:
        with pytest.raises(DatabaseUnusableError, match="later release"):
            await open_database(database_url)
    finally:
        async with database.transaction() as db:
            await db.run("DELETE FROM schema_steps WHERE number = 9999")
        await database.close()
