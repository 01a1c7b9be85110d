"""What users and chats have used of their limits, and when they were last told that it was too much."""

from datetime import datetime

from domain.limits import Span, Used, What
from storage.connection import Reader, Writer
from storage.values import from_text, to_text


async def used(db: Reader, bot: int, chat: int, user: int, what: What, span: Span) -> Used | None:
    """Return what a chat (user 0), or a user in all chats (chat 0), has used last."""
    row = await db.one(
        """SELECT began_at, count FROM used
        WHERE bot = :bot AND chat_id = :chat AND user_id = :user AND what = :what AND span = :span""",
        bot=bot,
        chat=chat,
        user=user,
        what=what.value,
        span=span.value,
    )
    return Used(from_text(row["began_at"]), row["count"]) if row else None


async def set_used(db: Writer, bot: int, chat: int, user: int, what: What, span: Span, now: Used) -> None:
    """Keep what a chat, or a user, has used."""
    await db.run(
        """INSERT INTO used (bot, chat_id, user_id, what, span, began_at, count)
        VALUES (:bot, :chat, :user, :what, :span, :began_at, :count)
        ON CONFLICT (bot, chat_id, user_id, what, span)
        DO UPDATE SET began_at = excluded.began_at, count = excluded.count""",
        bot=bot,
        chat=chat,
        user=user,
        what=what.value,
        span=span.value,
        began_at=to_text(now.began_at),
        count=now.count,
    )


async def tell(db: Writer, bot: int, chat: int, user: int, what: What, now: datetime, before: datetime) -> bool:
    """Keep that a user in a chat, or all of it (0), is told now; False where that was done after ``before``."""
    return bool(
        await db.run(
            """INSERT INTO held_back (bot, chat_id, user_id, what, told_at) VALUES (:bot, :chat, :user, :what, :now)
            ON CONFLICT (bot, chat_id, user_id, what) DO UPDATE SET told_at = excluded.told_at
            WHERE held_back.told_at <= :before""",
            bot=bot,
            chat=chat,
            user=user,
            what=what.value,
            now=to_text(now),
            before=to_text(before),
        )
    )


async def not_told(db: Writer, bot: int, chat: int, user: int, what: What) -> None:
    """Keep that what was to be told did not get through."""
    await db.run(
        "DELETE FROM held_back WHERE bot = :bot AND chat_id = :chat AND user_id = :user AND what = :what",
        bot=bot,
        chat=chat,
        user=user,
        what=what.value,
    )


async def forget(db: Writer, before: datetime) -> None:
    """Forget what was used, and told, before a moment."""
    await db.run("DELETE FROM used WHERE began_at < :before", before=to_text(before))
    await db.run("DELETE FROM held_back WHERE told_at < :before", before=to_text(before))
