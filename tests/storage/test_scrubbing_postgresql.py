"""What is deleted from a PostgreSQL database is not in its files either, once they have been written anew."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from storage.connection import Database
from storage.opening import open_database
from tests.engines import Server

WORDS = ("corvalineth", "dostrumbley", "ekvaristone")


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    with postgresql.fresh() as made:
        yield made


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await open_database(url)
    yield opened
    await opened.close()


def in_files(postgresql: Server, url: str) -> set[str]:
    """The words that stand in the files of the database."""
    with psycopg.connect(url, autocommit=True) as own:
        own.execute(b"CHECKPOINT")
        row = own.execute(b"SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row is not None
    files = (Path(postgresql.server.pgdata) / "base" / str(row[0])).iterdir()
    content = b"".join(file.read_bytes() for file in files)
    return {word for word in WORDS if word.encode() in content}


async def fill(database: Database) -> None:
    """Articles with a word each, in a text too long to stand in its row, too."""
    async with database.transaction() as db:
        await db.run("INSERT INTO collections (id, created_at) VALUES (1, 'then')")
        await db.run_many(
            """INSERT INTO articles (collection_id, content_hash, body, search_text, state, received_at, seen_at)
            VALUES (1, :hash, :word, :word, 'read', 'then', 'then')""",
            [{"hash": f"{word} {number}", "word": word} for word in WORDS for number in range(40)],
        )


async def test_scrubbing_leaves_no_word_of_what_was_deleted(postgresql: Server, url: str, database: Database):
    await fill(database)
    async with database.transaction() as db:
        await db.run("DELETE FROM articles WHERE body <> :kept", kept=WORDS[0])
    assert in_files(postgresql, url) == {*WORDS}, "or this proves nothing"
    assert await database.scrub()
    assert in_files(postgresql, url) == {WORDS[0]}
    async with database.transaction() as db:
        assert await db.one("SELECT COUNT(*) AS found FROM articles") == {"found": 40}


async def test_after_it_was_held_up_for_long_a_database_rests_in_all_processes(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("storage.postgres.database.NOTICED", 0.0)
    assert await database.scrub()
    another = await open_database(url)
    assert not await another.scrub()
    async with database.transaction() as db:
        await db.run("UPDATE scrubbed SET rests_until = rests_until - 3600")
    assert await another.scrub()
    await another.close()


async def test_a_database_that_somebody_else_looks_at_is_scrubbed_later(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("storage.postgres.database._LOOKS", 2)
    with psycopg.connect(url) as other:
        other.execute(b"SELECT * FROM collections")
        assert not await database.scrub()
    assert await database.scrub()
    async with database.transaction() as db:
        await db.run("INSERT INTO collections (created_at) VALUES ('now')")
