"""Who gets a digest when, and what became of each."""

from collections.abc import Sequence
from datetime import date, datetime, time

from domain.schedule import DailyTime, Delivery, DeliveryState, Occurrence, Subscription
from storage.connection import Reader, Row, Writer
from storage.values import from_text, to_text

_DELIVERY = """
    SELECT d.id AS delivery_id, d.local_date, d.due, d.since, d.until, d.state, s.*
    FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
"""


async def put(
    db: Writer, chat: int, thread_id: int | None, daily: DailyTime, next_run: datetime, now: datetime
) -> None:
    """Give the chat, or its topic, a daily digest, in place of the one that it may have."""
    await db.run(
        """INSERT INTO subscriptions (chat_id, thread_id, local_time, timezone, next_run, active, created_at)
        VALUES (:chat, :thread, :local_time, :timezone, :next_run, 1, :now)
        ON CONFLICT (chat_id, thread_id) DO UPDATE SET local_time = excluded.local_time, timezone = excluded.timezone,
            next_run = excluded.next_run, active = 1,
            created_at = CASE active WHEN 1 THEN created_at ELSE excluded.created_at END""",
        chat=chat,
        thread=thread_id or 0,
        local_time=daily.at.isoformat("minutes"),
        timezone=daily.timezone,
        next_run=to_text(next_run),
        now=to_text(now),
    )


async def end(db: Writer, chat: int, thread_id: int | None) -> bool:
    """End the digest of the chat or topic; False where there is none."""
    ended = await db.run(
        "UPDATE subscriptions SET active = 0 WHERE chat_id = :chat AND thread_id = :thread AND active = 1",
        chat=chat,
        thread=thread_id or 0,
    )
    return ended > 0


async def end_all(db: Writer, chat: int) -> None:
    """End every digest of a chat that the bot may not write to any more."""
    await db.run("UPDATE subscriptions SET active = 0 WHERE chat_id = :chat", chat=chat)


async def of_chat(db: Reader, chat: int) -> Sequence[Subscription]:
    """Return the chat's digests."""
    rows = await db.all("SELECT * FROM subscriptions WHERE chat_id = :chat AND active = 1 ORDER BY id", chat=chat)
    return [_subscription(row) for row in rows]


async def due(db: Reader, bot: int, now: datetime, limit: int) -> Sequence[Subscription]:
    """Return the subscriptions of a bot's chats whose time has come, the longest waiting first."""
    rows = await db.all(
        """SELECT s.* FROM subscriptions s JOIN chats c ON c.id = s.chat_id
        WHERE s.active = 1 AND s.next_run <= :now AND c.bot = :bot ORDER BY s.next_run, s.id LIMIT :limit""",
        bot=bot,
        now=to_text(now),
        limit=limit,
    )
    return [_subscription(row) for row in rows]


async def set_next_run(db: Writer, subscription: int, next_run: datetime) -> None:
    """Keep when the subscription is due next."""
    await db.run(
        "UPDATE subscriptions SET next_run = :next_run WHERE id = :subscription",
        subscription=subscription,
        next_run=to_text(next_run),
    )


async def add_delivery(
    db: Writer,
    subscription: Subscription,
    occurrence: Occurrence,
    since: datetime,
    until: datetime,
    state: DeliveryState,
) -> int | None:
    """Plan the digest of a local date and return its number, or None where that date has one already."""
    row = await db.one(
        """INSERT INTO deliveries (subscription_id, local_date, due, since, until, state)
        VALUES (:subscription, :local_date, :due, :since, :until, :state)
        ON CONFLICT (subscription_id, local_date) DO NOTHING RETURNING id""",
        subscription=subscription.id,
        local_date=occurrence.day.isoformat(),
        due=to_text(occurrence.due),
        since=to_text(since),
        until=to_text(until),
        state=state.value,
    )
    return row["id"] if row else None


async def has_delivery(db: Reader, chat: int, thread_id: int | None, day: date) -> bool:
    """Return whether a local date has its digest, sent or not, in the chat or topic."""
    row = await db.one(
        """SELECT 1 FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
        WHERE s.chat_id = :chat AND s.thread_id = :thread AND d.local_date = :day""",
        chat=chat,
        thread=thread_id or 0,
        day=day.isoformat(),
    )
    return row is not None


async def told_until(db: Reader, subscription: int) -> datetime | None:
    """Return up to when the subscription's digests that went out, or may have, have told what came in."""
    row = await db.one(
        """SELECT MAX(until) AS until FROM deliveries WHERE subscription_id = :subscription
        AND state IN ('planned', 'sending', 'sent', 'uncertain')""",
        subscription=subscription,
    )
    return from_text(row["until"]) if row and row["until"] else None


async def find_delivery(db: Reader, delivery: int) -> Delivery | None:
    """Return a delivery with its subscription."""
    row = await db.one(f"{_DELIVERY} WHERE d.id = :delivery", delivery=delivery)
    return _delivery(row) if row else None


async def last_deliveries(db: Reader, chat: int, limit: int) -> Sequence[Delivery]:
    """Return the chat's newest deliveries."""
    rows = await db.all(f"{_DELIVERY} WHERE s.chat_id = :chat ORDER BY d.due DESC LIMIT :limit", chat=chat, limit=limit)
    return [_delivery(row) for row in rows]


async def set_delivery_state(
    db: Writer, delivery: int, state: DeliveryState, reason: str | None = None, message: int | None = None
) -> None:
    """Keep what became of a delivery."""
    await db.run(
        """UPDATE deliveries SET state = :state, reason = :reason, message_id = COALESCE(:message, message_id)
        WHERE id = :delivery""",
        delivery=delivery,
        state=state.value,
        reason=reason,
        message=message,
    )


async def mark_interrupted(db: Writer, bot: int) -> int:
    """Count as uncertain what a bot's process was sending when it died, and return how many."""
    return await db.run(
        """UPDATE deliveries SET state = 'uncertain' WHERE state = 'sending' AND subscription_id IN (
            SELECT s.id FROM subscriptions s JOIN chats c ON c.id = s.chat_id WHERE c.bot = :bot
        )""",
        bot=bot,
    )


async def count_deliveries(db: Reader) -> dict[DeliveryState, int]:
    """Return how many deliveries of all chats are in which state."""
    rows = await db.all("SELECT state, COUNT(*) AS deliveries FROM deliveries GROUP BY state")
    return {DeliveryState(row["state"]): row["deliveries"] for row in rows}


def _subscription(row: Row) -> Subscription:
    return Subscription(
        id=row["id"],
        chat=row["chat_id"],
        thread_id=row["thread_id"] or None,
        daily=DailyTime(time.fromisoformat(row["local_time"]), row["timezone"]),
        next_run=from_text(row["next_run"]),
        created_at=from_text(row["created_at"]),
    )


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["delivery_id"],
        subscription=_subscription(row),
        day=date.fromisoformat(row["local_date"]),
        due=from_text(row["due"]),
        since=from_text(row["since"]),
        until=from_text(row["until"]),
        state=DeliveryState(row["state"]),
    )
