"""What our messages were about: for answers to them, and for corrections of what they told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.chats import CollectionId
from storage.connection import Reader, Writer
from storage.full_text import listed
from storage.values import to_text


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """A message of ours; ``thread_id`` is its topic in a forum."""

    chat: int
    message: int
    thread_id: int | None


async def keep(db: Writer, told: ToldMessage, topic: Mapping[str, Any], claims: Iterable[int], now: datetime) -> None:
    """Keep what a message of ours is about (plain JSON values) and which claims it tells; the last word counts.

    Of a chat that nothing is kept of, this is not either; a claim may be gone since it was told.
    """
    place = {"chat": told.chat, "message": told.message}
    kept = await db.run(
        """INSERT INTO told (chat_id, message_id, told_at, thread_id, topic)
        SELECT id, :message, :now, :thread, :topic FROM chats WHERE id = :chat
        ON CONFLICT (chat_id, message_id) DO UPDATE SET told_at = excluded.told_at, topic = excluded.topic""",
        **place,
        now=to_text(now),
        thread=told.thread_id,
        topic=json.dumps(topic, ensure_ascii=False),
    )
    if not kept:
        return
    await db.run_many(
        """INSERT INTO told_claims (claim_id, chat_id, message_id)
        SELECT id, :chat, :message FROM claims WHERE id = :claim
        ON CONFLICT (claim_id, chat_id, message_id) DO NOTHING""",
        [{"claim": claim, **place} for claim in claims],
    )


async def find(db: Reader, chat: int, message: int) -> Mapping[str, Any] | None:
    """Return what a message of ours was about, or None where it is not known (any more)."""
    row = await db.one(
        "SELECT topic FROM told WHERE chat_id = :chat AND message_id = :message", chat=chat, message=message
    )
    return dict(json.loads(row["topic"])) if row else None


async def topics(db: Reader, chat: int, since: datetime) -> Sequence[Mapping[str, Any]]:
    """Return what our messages in a chat were about since a moment."""
    rows = await db.all(
        "SELECT topic FROM told WHERE chat_id = :chat AND told_at >= :since", chat=chat, since=to_text(since)
    )
    return [dict(json.loads(row["topic"])) for row in rows]


async def recent(db: Reader, chat: int, since: datetime) -> Sequence[tuple[int, Mapping[str, Any]]]:
    """Return our messages in a chat since a moment, the last first, and what each was about."""
    rows = await db.all(
        """SELECT message_id, topic FROM told WHERE chat_id = :chat AND told_at >= :since
        ORDER BY message_id DESC""",
        chat=chat,
        since=to_text(since),
    )
    return [(row["message_id"], dict(json.loads(row["topic"]))) for row in rows]


async def tellers(db: Reader, collection: CollectionId, claim: int) -> Sequence[ToldMessage]:
    """Return the messages of the collection's chats that told a claim, oldest first."""
    rows = await db.all(
        """SELECT t.chat_id, t.message_id, t.thread_id FROM told_claims tc
        JOIN told t ON t.chat_id = tc.chat_id AND t.message_id = tc.message_id
        JOIN chats c ON c.id = t.chat_id
        WHERE tc.claim_id = :claim AND c.collection_id = :collection ORDER BY t.told_at, t.message_id""",
        claim=claim,
        collection=collection,
    )
    return [ToldMessage(row["chat_id"], row["message_id"], row["thread_id"]) for row in rows]


async def forget_about(db: Writer, collection: CollectionId, article: int, persons: Sequence[int]) -> None:
    """Forget the collection's messages whose topic is this article, or one of these persons, with their name."""
    rows = await db.all(
        f"""SELECT chat_id, message_id FROM told
        WHERE chat_id IN (SELECT id FROM chats WHERE collection_id = :collection)
            AND (CAST(json_extract(topic, '$.article') AS BIGINT) = :article
                OR CAST(json_extract(topic, '$.question.chosen') AS BIGINT) IN ({listed(persons)}))""",
        collection=collection,
        article=article,
    )
    await db.run_many("DELETE FROM told WHERE chat_id = :chat_id AND message_id = :message_id", rows)


async def forget(db: Writer, before: datetime) -> None:
    """Forget what was told before a moment."""
    await db.run("DELETE FROM told WHERE told_at < :before", before=to_text(before))
