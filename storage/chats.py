"""Chats, each with the collection that it may see."""

from collections.abc import Sequence
from datetime import datetime

from domain.chats import Chat, ChatIdentity, ChatKind, CollectionId, Role
from storage.connection import Reader, Row, Writer
from storage.values import to_text


async def find(db: Reader, chat: int) -> Chat | None:
    """Return the chat as we know it, or None before its first message."""
    row = await db.one("SELECT * FROM chats WHERE id = :chat", chat=chat)
    return _chat(row) if row else None


async def bot_of(db: Reader, chat: int) -> int | None:
    """Return the number of the bot that has met a chat."""
    row = await db.one("SELECT bot FROM chats WHERE id = :chat", chat=chat)
    return row["bot"] if row else None


async def collections(db: Reader, bot: int) -> Sequence[CollectionId]:
    """Return the collections that a bot's chats see."""
    rows = await db.all("SELECT DISTINCT collection_id FROM chats WHERE bot = :bot ORDER BY collection_id", bot=bot)
    return [row["collection_id"] for row in rows]


async def of_other_bots(db: Reader, bot: int) -> Sequence[tuple[int, CollectionId]]:
    """Return the chats that other bots have met, each with its collection."""
    rows = await db.all(
        """SELECT id, collection_id FROM chats WHERE bot <> :bot
            AND id NOT IN (SELECT id FROM restored_chats) ORDER BY id""",
        bot=bot,
    )
    return [(row["id"], row["collection_id"]) for row in rows]


async def add(db: Writer, bot: int, identity: ChatIdentity, timezone: str, now: datetime) -> Chat:
    """Keep a new chat of a bot, with an empty collection of its own."""
    collection = await db.one("INSERT INTO collections (created_at) VALUES (:now) RETURNING id", now=to_text(now))
    assert collection is not None  # noqa: S101  # RETURNING gives the row it inserted
    await db.run(
        """INSERT INTO chats (id, bot, collection_id, own_collection_id, kind, title, username, timezone, created_at)
        VALUES (:id, :bot, :collection, :collection, :kind, :title, :username, :timezone, :now)""",
        id=identity.id,
        bot=bot,
        collection=collection["id"],
        kind=identity.kind.value,
        title=identity.title,
        username=identity.username,
        timezone=timezone,
        now=to_text(now),
    )
    return Chat(identity, collection["id"], timezone, own_collection=collection["id"])


async def rename(db: Writer, identity: ChatIdentity) -> None:
    """Take over the chat's present kind, title and public name."""
    await db.run(
        "UPDATE chats SET kind = :kind, title = :title, username = :username WHERE id = :id",
        id=identity.id,
        kind=identity.kind.value,
        title=identity.title,
        username=identity.username,
    )


async def set_timezone(db: Writer, chat: int, timezone: str) -> None:
    """Keep the chat's IANA zone."""
    await db.run("UPDATE chats SET timezone = :timezone WHERE id = :chat", chat=chat, timezone=timezone)


async def language_of(db: Reader, chat: int) -> str | None:
    """Return the code of the language that a chat is spoken to in; None where it is not known."""
    row = await db.one("SELECT language FROM chats WHERE id = :chat", chat=chat)
    return row["language"] if row else None


async def set_language(db: Writer, chat: int, language: str) -> None:
    """Keep the language that a chat is spoken to in, as an ISO 639-1 code."""
    await db.run("UPDATE chats SET language = :language WHERE id = :chat", chat=chat, language=language)


def _chat(row: Row) -> Chat:
    identity = ChatIdentity(row["id"], ChatKind(row["kind"]), row["title"], row["username"])
    own = row["own_collection_id"]
    return Chat(identity, row["collection_id"], row["timezone"], Role(row["role"]), own, row["language"])
