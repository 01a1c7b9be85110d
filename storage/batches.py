"""Batches: many articles brought in a row, told of by one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.articles import ArticleState, Forward
from domain.chats import CollectionId
from domain.ledger import Batch, BatchItem
from storage.articles import FIRST_FORWARD, REFERENCE_COLUMNS, reference
from storage.connection import Reader, Writer
from storage.values import to_text

# Of a link or a name, as it is shown: PostgreSQL keeps no longer ones in an index (2,704 bytes).
LONGEST = 600


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a message brought: an article, or, for the ``problem``, none from ``what``."""

    message: int
    what: str
    article: int | None
    known: bool = False
    problem: str | None = None


async def batch_around(db: Reader, forward: Forward, within: timedelta) -> int | None:
    """Return the sender's batch, in a chat or topic, that was sent when the forward was, or ``within`` of that."""
    row = await db.one(
        """SELECT id FROM batches
        WHERE chat_id = :chat AND COALESCE(thread_id, 0) = :thread AND sender_id = :sender
            AND last_sent_at >= :since AND first_sent_at <= :until
        ORDER BY id DESC LIMIT 1""",
        **_around(forward, within),
    )
    return row["id"] if row else None


async def brought_around(db: Reader, forward: Forward, within: timedelta) -> Sequence[NewItem]:
    """Return the articles that the sender brought to the chat or topic when the forward was sent, or ``within``."""
    rows = await db.all(
        """SELECT f.message_id, f.article_id, f.id > (SELECT MIN(id) FROM forwards WHERE article_id = f.article_id)
            AS known
        FROM forwards f
        WHERE f.chat_id = :chat AND COALESCE(f.thread_id, 0) = :thread AND f.sender_id = :sender
            AND f.sent_at BETWEEN :since AND :until
        ORDER BY f.id""",
        **_around(forward, within),
    )
    return [
        NewItem(row["message_id"], str(row["article_id"]), row["article_id"], known=bool(row["known"])) for row in rows
    ]


async def add(db: Writer, forward: Forward, first_message: int) -> int:
    """Begin a batch of a sender in a chat or topic; what it tells answers ``first_message``."""
    row = await db.one(
        """INSERT INTO batches (chat_id, thread_id, sender_id, first_message_id, first_sent_at, last_sent_at)
        VALUES (:chat, :thread, :sender, :first, :sent_at, :sent_at) RETURNING id""",
        chat=forward.chat.id,
        thread=forward.thread_id,
        sender=forward.sender_id,
        first=first_message,
        sent_at=to_text(forward.sent_at),
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    number: int = row["id"]
    return number


async def add_items(db: Writer, batch: int, items: Sequence[NewItem], sent_at: datetime) -> None:
    """Keep what messages brought; the same from the same message counts once."""
    await db.run_many(
        """INSERT INTO batch_items (batch_id, message_id, what, article_id, known, problem)
        VALUES (:batch, :message, :what, :article, :known, :problem)
        ON CONFLICT (batch_id, message_id, what) DO NOTHING""",
        [
            {
                "batch": batch,
                "message": item.message,
                "what": item.what[:LONGEST],
                "article": item.article,
                "known": int(item.known),
                "problem": item.problem,
            }
            for item in items
        ],
    )
    for bound, comes in (("first_sent_at", ">"), ("last_sent_at", "<")):
        await db.run(
            f"UPDATE batches SET {bound} = :sent_at WHERE id = :batch AND {bound} {comes} :sent_at",
            batch=batch,
            sent_at=to_text(sent_at),
        )


async def batch_of(db: Reader, article: int, chat: int) -> int | None:
    """Return the newest batch of a chat that an article is in and that brought it."""
    row = await db.one(
        """SELECT b.id FROM batch_items i JOIN batches b ON b.id = i.batch_id
        WHERE i.article_id = :article AND b.chat_id = :chat AND i.known = 0 ORDER BY b.id DESC LIMIT 1""",
        article=article,
        chat=chat,
    )
    return row["id"] if row else None


async def set_message(db: Writer, batch: int, message: int) -> None:
    """Keep which message tells of the batch."""
    await db.run("UPDATE batches SET message_id = :message WHERE id = :batch", batch=batch, message=message)


def _around(forward: Forward, within: timedelta) -> dict[str, Any]:
    return {
        "chat": forward.chat.id,
        "thread": forward.thread_id or 0,
        "sender": forward.sender_id,
        "since": to_text(forward.sent_at - within),
        "until": to_text(forward.sent_at + within),
    }


async def find(db: Reader, collection: CollectionId, chat: int, batch: int) -> Batch | None:
    """Return a batch of the chat, its items in the order of their messages; its articles as far as they are there."""
    row = await db.one("SELECT * FROM batches WHERE id = :batch AND chat_id = :chat", batch=batch, chat=chat)
    if row is None:
        return None
    items = await db.all(
        f"""SELECT i.message_id AS brought_by, i.what, i.known, i.problem, a.state, {REFERENCE_COLUMNS}
        FROM batch_items i LEFT JOIN articles a ON a.id = i.article_id AND a.collection_id = :collection
            AND NOT EXISTS (SELECT 1 FROM forgotten g WHERE g.article_id = a.id) {FIRST_FORWARD}
        WHERE i.batch_id = :batch ORDER BY i.message_id, i.what""",
        batch=batch,
        collection=collection,
    )
    return Batch(
        id=row["id"],
        chat=row["chat_id"],
        thread_id=row["thread_id"],
        first_message=row["first_message_id"],
        message=row["message_id"],
        items=tuple(
            BatchItem(
                what=item["what"],
                article=reference(item) if item["article_id"] is not None else None,
                state=ArticleState(item["state"]) if item["state"] else None,
                known=bool(item["known"]),
                problem=item["problem"],
            )
            for item in items
        ),
    )
