"""A group with another number: every row that speaks of the chat speaks of the new number, or goes."""

import re
from importlib import resources

from domain.chats import CollectionId
from domain.extraction import Metadata
from domain.jobs import JobKind, NewJob
from storage import articles, moving
from storage.connection import Database
from storage.opening import open_queue
from storage.values import to_text
from tests.engines import broken_references, tables
from tests.samples import NOON
from tests.storage.conftest import HOME, OTHER

NEW = -1009
# Columns that name a chat and stay as they are, with the reason.
STAY = {
    ("chats", "id"): "moved by itself",
    ("forwards", "chat_id"): "moved by itself, with the numbers of its messages",
    ("told_claims", "chat_id"): "goes with what was told",
    ("restored_chats", "telegram_id"): "what the chat was called in an archive",
}


def columns() -> set[tuple[str, str]]:
    """Every column of the schema that names a chat."""
    written = (resources.files("storage.sqlite") / "schema.sql").read_text(encoding="utf-8")
    found = set()
    for table, body in re.findall(r'CREATE TABLE "?(\w+)"? \((.*?)\n\)', written, re.DOTALL):
        for name, rest in re.findall(r"^    (\w+) INTEGER(.*)$", body, re.MULTILINE):
            if re.fullmatch(r"(\w+_)?chat_id|target_id|telegram_id", name) or "REFERENCES chats" in rest:
                found.add((table, name))
    return found | {("chats", "id")}


def test_every_column_that_names_a_chat_moves_goes_or_has_a_reason_to_stay():
    left = {(table, "chat_id") for table in moving.LEFT}
    assert columns() == set(moving.MOVED) | left | set(STAY)


async def fill(database: Database, table: str, column: str) -> None:
    """Put a row that speaks of HOME in this column into a table; all else in it is anything that its columns take."""
    async with database.transaction() as db:
        await db.defer_references()
        infos = (await tables(db))[table]
        named, text = f"({HOME.id})", f"'2026 {column}'"
        values = {
            name: named if name == column else "1" if type_.lower() in ("integer", "bigint") else text
            for name, type_ in infos.items()
            if name != "id" or column == "id"
        }
        values |= {name: str(OTHER.id) for each, name in columns() if each == table and name != column}
        names, given = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
        await db.run(f"INSERT INTO {table} ({names}) VALUES ({given})")  # noqa: S608


async def test_what_is_kept_of_a_chat_moves(database: Database, home: int, other: int):
    now = to_text(NOON)
    async with database.transaction() as db:
        await db.run(
            """INSERT INTO articles (id, collection_id, content_hash, body, search_text, state, received_at, seen_at)
            VALUES (1, :home, 'h', 'Text.', 'text', 'read', :now, :now)""",
            home=home,
            now=now,
        )
        await db.run("INSERT INTO persons (id, collection_id, name) VALUES (1, :home, 'Ilka Roden')", home=home)
        await db.run(
            """INSERT INTO forwards (article_id, chat_id, message_id, sender, origin_kind, sent_at)
            VALUES (1, :chat, 7, 'Ann', 'none', :now)""",
            chat=HOME.id,
            now=now,
        )
        await db.run("INSERT INTO cards (article_id, chat_id, message_id) VALUES (1, :chat, 8)", chat=HOME.id)
    for table, column in moving.MOVED:
        await fill(database, table, column)
    async with database.transaction() as db:
        assert await moving.move_chat(db, HOME.id, NEW)
        assert not await moving.move_chat(db, HOME.id, NEW), "it has moved"
    async with database.reading() as db:
        assert await broken_references(db) == []
        for table, column in columns() - {("restored_chats", "telegram_id")}:
            rows = await db.all(f"SELECT 1 FROM {table} WHERE {column} = {HOME.id}")  # noqa: S608
            assert rows == [], (table, column)
        for table, column in moving.MOVED:
            rows = await db.all(f"SELECT 1 FROM {table} WHERE {column} = {NEW}")  # noqa: S608
            assert len(rows) == 1, (table, column)
        assert await db.all("SELECT collection_id, kind FROM chats WHERE id = :new", new=NEW) == [
            {"collection_id": home, "kind": "supergroup"}
        ]
        assert await db.all("SELECT chat_id, message_id FROM forwards") == [{"chat_id": NEW, "message_id": -7}]
        assert await db.all("SELECT 1 FROM cards") == []


async def test_what_is_to_be_sent_goes_to_the_new_number_whatever_it_says(database: Database, home: int):
    queue = open_queue(database, lambda: NOON)
    payload = {"chat": HOME.id, "text": "\0 \ud83d\ude42 \ud83d ñ"}
    async with database.transaction() as db:
        await queue.put(db, [NewJob(JobKind.SEND, "one", payload)])
        await moving.move_chat(db, HOME.id, NEW)
    job = await queue.claim(JobKind.SEND)
    assert job is not None
    assert job.payload["chat"] == NEW
    assert job.payload["text"].replace("\ufffd", "\0") == "\0 🙂 \0 ñ"


async def test_a_chat_that_was_met_under_its_new_number_is_the_same(database: Database, home: int, other: int):
    async with database.transaction() as db:
        await moving.move_chat(db, HOME.id, OTHER.id)
    async with database.reading() as db:
        assert await db.all("SELECT id, collection_id FROM chats") == [{"id": OTHER.id, "collection_id": home}]


async def test_what_came_in_under_the_new_number_before_the_move_was_known_is_not_lost(
    database: Database, home: int, other: int
):
    async with database.transaction() as db:
        await articles.add(db, CollectionId(other), "Text.", Metadata(), NOON)
        await moving.move_chat(db, HOME.id, OTHER.id)
    async with database.reading() as db:
        assert await db.all("SELECT id, collection_id, own_collection_id FROM chats") == [
            {"id": OTHER.id, "collection_id": home, "own_collection_id": other}
        ]


async def test_a_chat_that_nobody_knows_does_not_move(database: Database):
    async with database.transaction() as db:
        assert not await moving.move_chat(db, HOME.id, NEW)
