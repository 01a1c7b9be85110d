"""Putting back the rows of an export, each once; its own numbers are given anew."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from domain.chats import ChatKind, CollectionId
from storage.connection import Reader, Row, Writer
from storage.exporting import PLACE
from storage.values import normalise

# Below all numbers that Telegram gives: chats that a restored archive came from.
_FIRST_CHAT = -(2**60)
# No bot has this number, so none takes such a chat for its own.
_NO_BOT = -1
_KINDS_WITH_ADDRESS = frozenset({ChatKind.SUPERGROUP, ChatKind.CHANNEL})


async def person(db: Reader, collection: CollectionId, identifier: str, own: int | None, name: str) -> int | None:
    """Return a person of the collection by what exports call them; ``own`` is their number if they came to be here.

    A number that somebody of another name has now was given anew.
    """
    row = await db.one(
        """SELECT p.id FROM persons p WHERE p.collection_id = :collection AND (p.uid = :uid OR (
            p.id = :own AND p.uid IS NULL AND (p.name = :name OR EXISTS (
                SELECT 1 FROM person_names n WHERE n.person_id = p.id AND n.normalised = :normalised
            ))
        ))""",
        collection=collection,
        uid=identifier,
        own=own,
        name=name,
        normalised=normalise(name),
    )
    return row["id"] if row else None


async def call_person(db: Writer, person: int, identifier: str) -> None:
    """Keep what exports call a restored person."""
    await db.run("UPDATE persons SET uid = :uid WHERE id = :person", uid=identifier, person=person)


async def correction(
    db: Reader, collection: CollectionId, identifier: str, own: int | None, made_at: str
) -> Row | None:
    """Return number and state of a correction of the collection by what exports call it."""
    return await db.one(
        """SELECT id, state FROM corrections WHERE collection_id = :collection
            AND (uid = :uid OR (id = :own AND uid IS NULL AND made_at = :made_at))""",
        collection=collection,
        uid=identifier,
        own=own,
        made_at=made_at,
    )


async def add(db: Writer, table: str, row: Mapping[str, Any]) -> int:
    """Keep a row of a table and return its number."""
    found = await db.one(f"{_insert(table, row)} RETURNING id", **row)
    assert found is not None  # noqa: S101  # RETURNING gives the row it inserted
    return int(found["id"])


async def add_all(db: Writer, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows of a table, all with the same columns, as far as they are new."""
    if rows:
        await db.run_many(f"{_insert(table, rows[0])} ON CONFLICT DO NOTHING", rows)


async def places(db: Reader, article: int) -> Sequence[Row]:
    """Return the claims of an article, each with its place, as in exports."""
    return await db.all(
        f"""SELECT {PLACE}, cl.id, a.content_hash FROM claims cl JOIN articles a ON a.id = cl.article_id
        WHERE cl.article_id = :article""",
        article=article,
    )


async def story_of(db: Reader, article: int) -> int | None:
    """Return the number of an article's story."""
    row = await db.one("SELECT story_id FROM story_articles WHERE article_id = :article", article=article)
    return row["story_id"] if row else None


async def chat(db: Writer, collection: CollectionId, telegram: Mapping[str, Any], now: str) -> int:
    """Return the chat that stands for the one with this ``id``, ``kind``, ``title`` and ``username`` at Telegram.

    That is itself, where it shares the collection; else one that only tells where forwards came from: what stood
    there cannot be opened from here, and whoever writes there does not see the collection.
    """
    number = telegram["id"]
    if await db.one("SELECT 1 FROM chats WHERE id = :id AND collection_id = :of", id=number, of=collection):
        return int(number)
    known = await db.one(
        "SELECT id FROM restored_chats WHERE collection_id = :collection AND telegram_id = :id",
        collection=collection,
        id=number,
    )
    if known is not None:
        return int(known["id"])
    return await _add_chat(db, collection, telegram, now)


async def _add_chat(db: Writer, collection: CollectionId, telegram: Mapping[str, Any], now: str) -> int:
    lowest = await db.one("SELECT MIN(id) AS id FROM restored_chats")
    number = min((lowest["id"] if lowest else None) or _FIRST_CHAT, _FIRST_CHAT) - 1
    addressed = telegram["username"] and telegram["kind"] in _KINDS_WITH_ADDRESS
    row = {
        "id": number,
        "bot": _NO_BOT,
        "collection_id": collection,
        # A message of a plain group has no address.
        "kind": telegram["kind"] if addressed else ChatKind.GROUP.value,
        "title": telegram["title"],
        "username": telegram["username"],
        "timezone": "UTC",
        "created_at": now,
    }
    await add(db, "chats", row)
    restored = {"id": number, "collection_id": collection, "telegram_id": telegram["id"], "kind": telegram["kind"]}
    await add(db, "restored_chats", restored)
    return number


def spans(places: Sequence[Sequence[int]]) -> str:
    """Return places in a text as they are kept."""
    return json.dumps([list(place) for place in places])


def listed(value: object) -> str:
    """Return what an export has as a list or an object as it is kept."""
    return json.dumps(value, ensure_ascii=False)


def _insert(table: str, row: Mapping[str, Any]) -> str:
    columns = ", ".join(f'"{column}"' for column in row)
    values = ", ".join(f":{column}" for column in row)
    return f"INSERT INTO {table} ({columns}) VALUES ({values})"
