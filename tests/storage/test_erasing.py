"""Erasing, held against the schema: each table that names a chat, a user or a collection is erased, or says why not."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import resources
from pathlib import Path
from random import Random

import pytest

from storage import erasing
from storage.sqlite.database import SqliteDatabase
from tests.engines import SQLITE

ON_SQLITE = pytest.mark.parametrize("engine", [SQLITE])
# What a column names, by its name.
CHAT = re.compile(r"(\w+_)?chat_id\Z|target_id\Z|telegram_id\Z")
USER = re.compile(r"(\w+_)?user_id\Z|owner_id\Z|sender_id\Z|owner\Z")
# Columns that name a chat or a user and are no row to be deleted by it, with the reason.
BY_HAND = {
    ("forwards", "chat_id"): "what a chat brought, by steps: erasing.brought",
    ("forwards", "sender_id"): "what a user brought, by steps: erasing.brought",
    ("corrections", "chat_id"): "they hold on without it: erasing.forget_editors",
    ("restored_chats", "telegram_id"): "goes with its collection",
    ("told_claims", "chat_id"): "goes with what was told",
    ("jobs", "owner"): "erasing.forget_lanes",
}
STAY = {
    ("used", "chat_id"): "counts of a day; erasing would be a way round the limits",
    ("used", "user_id"): "counts of a day; erasing would be a way round the limits",
    ("held_back", "chat_id"): "a time that is forgotten after a day; so is the limit",
    ("held_back", "user_id"): "a time that is forgotten after a day; so is the limit",
}
# Roots: what goes with their rows goes by ON DELETE CASCADE.
ROOTS = {
    "articles": "erased one by one",
    "persons": "erased with the last article that names them, or with their collection",
    "collections": "erased when nobody sees them",
    "chats": "erased when nothing refers to them",
    "jobs": "emptied at once: erasing.withdraw_jobs; forgotten after three days",
}
# Tables of no chat, user, article, person or collection.
NOBODYS = {
    "schema_steps": "numbers of steps",
    "turns": "whose turn it is, by kind of job",
    "articles_search": "kept in step with articles by triggers; what is left of words goes by scrub",
    "claims_search": "kept in step with claims by triggers; what is left of words goes by scrub",
    "articles_words": "a view of articles_search",
    "claims_words": "a view of claims_search",
}


@pytest.fixture
def schema() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript((resources.files("storage.sqlite") / "schema.sql").read_text(encoding="utf-8"))
    yield connection
    connection.close()


def tables(schema: sqlite3.Connection) -> set[str]:
    """Every table, but for those in which a full-text index keeps its words."""
    found = {name for (name,) in schema.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {name for name in found if not re.match(r"(sqlite_|(articles|claims)_search_)", name)}


def columns(schema: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in schema.execute(f"PRAGMA table_info({table})")}


def goes_with(schema: sqlite3.Connection, table: str) -> set[str]:
    """The tables whose rows take rows of this one with them."""
    return {row[2] for row in schema.execute(f"PRAGMA foreign_key_list({table})") if row[6] == "CASCADE"}


def test_each_column_that_names_a_chat_or_a_user_is_erased_or_has_a_reason_to_stay(schema: sqlite3.Connection):
    named = {
        (table, column)
        for table in tables(schema)
        for column in columns(schema, table)
        if CHAT.match(column) or USER.match(column)
    }
    without = {(table, column) for table, column, _ in erasing.WITHOUT_USER}
    handled = {*erasing.OF_CHAT, *erasing.OF_USER, *without, *BY_HAND, *STAY}
    assert named - handled == set(), "erase it in storage/erasing.py, or say here why it stays"
    assert handled - named == set()


def test_each_table_goes_with_what_it_belongs_to(schema: sqlite3.Connection):
    named = {table for table, _ in (*erasing.OF_CHAT, *erasing.OF_USER, *erasing.OF_COLLECTION, *STAY)}
    erased = {*ROOTS, *NOBODYS, *named}
    left = tables(schema) - erased
    while grown := {table for table in left if goes_with(schema, table) & erased - set(NOBODYS)}:
        erased |= grown
        left -= grown
    assert left == set(), "erase it in storage/erasing.py, or say here why it stays"
    assert (set(ROOTS) | set(NOBODYS) | named) <= tables(schema)


def test_what_refers_to_a_chat_keeps_its_row(schema: sqlite3.Connection):
    refers = {
        (table, row[3])
        for table in tables(schema)
        for row in schema.execute(f"PRAGMA foreign_key_list({table})")
        if row[2] == "chats"
    }
    assert refers - {("restored_chats", "id")} == set(erasing.REFERS_TO_CHAT)


def test_each_table_of_a_collection_is_erased_with_it(schema: sqlite3.Connection):
    without_cascade = {
        table
        for table in tables(schema)
        for row in schema.execute(f"PRAGMA foreign_key_list({table})")
        if row[2] == "collections" and row[6] != "CASCADE"
    }
    by_name = {table for table in tables(schema) if "collection_id" in columns(schema, table)}
    of_collection = {table for table, _ in erasing.OF_COLLECTION}
    rest = (by_name | without_cascade) - of_collection - {"articles", "persons", "chats"}
    left = {table for table in rest if not goes_with(schema, table) & {"articles", "persons", "claims", "doubts"}}
    assert left - set(NOBODYS) == set()


def content_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("test.db*")))


@ON_SQLITE
async def test_scrubbing_leaves_nothing_that_an_earlier_version_deleted(database: SqliteDatabase, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "test.db")) as earlier:
        earlier.execute("PRAGMA secure_delete=OFF")
        earlier.execute("INSERT INTO collections (created_at) VALUES ('earlierword')")
        earlier.execute("DELETE FROM collections")
        earlier.commit()
        earlier.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"earlierword" in content_of(tmp_path)
    assert await database.scrub()
    assert b"earlierword" not in content_of(tmp_path)


@ON_SQLITE
async def test_a_file_that_somebody_else_reads_is_scrubbed_later(database: SqliteDatabase, tmp_path: Path):
    async with database.transaction() as db:
        await db.run("INSERT INTO collections (created_at) VALUES ('then')")
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT * FROM collections").fetchall()
        await database._writer.execute_fetchall("PRAGMA busy_timeout=50")
        assert not await database.scrub()
    assert await database.scrub()


@ON_SQLITE
@pytest.mark.parametrize(("took", "rests"), [(0.5, 0.0), (30.0, 270.0)])
async def test_writing_the_file_anew_leaves_others_nine_tenths_of_the_time(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch, took: float, rests: float
):
    moments = [1000.0, 1000.0 + took]
    monkeypatch.setattr("storage.sqlite.database.time.monotonic", lambda: moments.pop(0) if moments[1:] else moments[0])
    assert await database.scrub()
    moments[0] += max(0.0, rests - 1)
    assert await database.scrub() is (rests == 0.0)
    moments[0] += 2
    assert await database.scrub()


@ON_SQLITE
async def test_scrubbing_leaves_no_word_of_what_was_deleted(database: SqliteDatabase, tmp_path: Path):
    dice = Random(7)  # noqa: S311  # no secret
    words = ["".join(dice.choices("bcdfgklmnprst", k=12)) for _ in range(60_000)]
    articles = [
        {"id": number + 1, "of": number % 2 + 1, "text": " ".join(words[150 * number : 150 * (number + 1)])}
        for number in range(400)
    ]
    async with database.transaction() as db:
        await db.run("INSERT INTO collections (id, created_at) VALUES (1, 'then'), (2, 'then')")
        await db.run_many(
            """INSERT INTO articles (id, collection_id, content_hash, body, search_text, state, received_at, seen_at)
            VALUES (:id, :of, :id, :text, :text, 'read', 'then', 'then')""",
            articles,
        )
    async with database.transaction() as db:
        await db.run("DELETE FROM articles WHERE collection_id = 1")
    assert await database.scrub()
    runs = re.findall(rb"[a-z]{12,}", content_of(tmp_path))
    left = {run[start : start + 12].decode() for run in runs for start in range(len(run) - 11)}
    assert left & {word for each in articles if each["of"] == 1 for word in str(each["text"]).split()} == set()
    assert left >= {word for each in articles if each["of"] == 2 for word in str(each["text"]).split()[1:]}
