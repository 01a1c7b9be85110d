"""Messages on their way to an article: those that wait for others, and those that an article's text stands in."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from domain.articles import MessagePart
from domain.messages import IncomingMessage
from storage.connection import Reader, Writer
from storage.values import from_text, to_text

_MESSAGE = TypeAdapter(IncomingMessage)


def to_json(message: IncomingMessage) -> str:
    """Return a message as JSON, for a row or a job's payload."""
    return _MESSAGE.dump_json(message).decode()


def from_json(text: str) -> IncomingMessage:
    """Return the message that ``to_json`` wrote; raises ValueError, which does not quote it, for anything else."""
    try:
        return _MESSAGE.validate_json(text)
    except ValidationError:
        raise ValueError("a stored message cannot be read") from None


async def wait(db: Writer, bot: int, message: IncomingMessage, now: datetime) -> None:
    """Keep a message until it is known what belongs to it; one that was edited meanwhile is replaced."""
    await db.run(
        """INSERT INTO waiting_messages (bot, chat_id, message_id, arrived_at, message)
        VALUES (:bot, :chat, :number, :now, :message)
        ON CONFLICT (bot, chat_id, message_id) DO UPDATE SET message = excluded.message""",
        bot=bot,
        chat=message.forward.chat.id,
        number=message.number,
        now=to_text(now),
        message=to_json(message),
    )


async def waiting(db: Reader, bot: int, chat: int) -> Sequence[tuple[IncomingMessage, datetime]]:
    """Return the messages of a chat that wait, by number, each with when it arrived, but none that cannot be read."""
    rows = await db.all(
        "SELECT message, arrived_at FROM waiting_messages WHERE bot = :bot AND chat_id = :chat ORDER BY message_id",
        bot=bot,
        chat=chat,
    )
    found = []
    for row in rows:
        with suppress(ValueError):
            found.append((from_json(row["message"]), from_text(row["arrived_at"])))
    return found


async def let_go(db: Writer, bot: int, messages: Sequence[IncomingMessage]) -> None:
    """Forget messages that waited, as long as they have not been edited meanwhile."""
    await db.run_many(
        """DELETE FROM waiting_messages
        WHERE bot = :bot AND chat_id = :chat AND message_id = :number AND message = :message""",
        [
            {"bot": bot, "chat": each.forward.chat.id, "number": each.number, "message": to_json(each)}
            for each in messages
        ],
    )


async def forget(db: Writer, before: datetime) -> None:
    """Forget what has waited since before a moment, and will wait for ever."""
    await db.run("DELETE FROM waiting_messages WHERE arrived_at < :before", before=to_text(before))


async def set_parts(db: Writer, article: int, chat: int, parts: Sequence[MessagePart]) -> None:
    """Keep which messages an article's text stands in."""
    await db.run_many(
        """INSERT INTO message_parts (chat_id, message_id, article_id, text) VALUES (:chat, :number, :article, :text)
        ON CONFLICT (chat_id, message_id) DO UPDATE SET article_id = excluded.article_id, text = excluded.text""",
        [{"chat": chat, "number": part.message_id, "article": article, "text": part.text} for part in parts],
    )


async def article_of(db: Reader, chat: int, message: int) -> int | None:
    """Return the article whose text, or part of it, a message is."""
    row = await db.one(
        "SELECT article_id FROM message_parts WHERE chat_id = :chat AND message_id = :message",
        chat=chat,
        message=message,
    )
    return row["article_id"] if row else None


async def parts_of(db: Reader, article: int, chat: int) -> Sequence[MessagePart]:
    """Return the messages of a chat that an article's text stands in, in order."""
    rows = await db.all(
        """SELECT message_id, text FROM message_parts WHERE article_id = :article AND chat_id = :chat
        ORDER BY message_id""",
        article=article,
        chat=chat,
    )
    return [MessagePart(row["message_id"], row["text"]) for row in rows]
