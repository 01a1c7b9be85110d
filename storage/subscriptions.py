"""Who gets a digest when, and what became of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from domain.schedule import Occurrence, Timetable
from domain.subscriptions import (
    Delivery,
    DeliveryState,
    Filters,
    Subscription,
    SubscriptionState,
    WhenEmpty,
    Wish,
)
from storage.connection import Reader, Row, Writer
from storage.values import from_text, to_text

_DELIVERY = """
    SELECT d.id AS delivery_id, d.local_date, d.local_time, d.due, d.since, d.until, d.state AS delivery_state,
        d.reason AS delivery_reason, s.*
    FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
"""


async def add(db: Writer, chat: int, owner: int, wish: Wish, next_run: datetime, now: datetime) -> int:
    """Give a chat a subscription, made by a user, and return its number."""
    row = await db.one(
        """INSERT INTO subscriptions (chat_id, owner_id, state, created_at, target_id, thread_id, times, days, timezone,
            filters, when_empty, next_run)
        VALUES (:chat, :owner, 'active', :now, :target, :thread, :times, :days, :timezone,
            :filters, :when_empty, :next_run) RETURNING id""",
        chat=chat,
        owner=owner,
        now=to_text(now),
        next_run=to_text(next_run),
        **_wish_values(wish),
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    return int(row["id"])


async def change(db: Writer, subscription: int, wish: Wish, next_run: datetime, now: datetime) -> None:
    """Put another wish in a subscription's place; one that was not active is begun anew."""
    await db.run(
        """UPDATE subscriptions SET target_id = :target, thread_id = :thread, times = :times, days = :days,
            timezone = :timezone, filters = :filters, when_empty = :when_empty, next_run = :next_run, reason = NULL,
            created_at = CASE state WHEN 'active' THEN created_at ELSE :now END, state = 'active'
        WHERE id = :subscription""",
        subscription=subscription,
        now=to_text(now),
        next_run=to_text(next_run),
        **_wish_values(wish),
    )


async def set_state(db: Writer, subscription: int, state: SubscriptionState, reason: str | None = None) -> None:
    """Pause a subscription, have it go on, or end it."""
    await db.run(
        "UPDATE subscriptions SET state = :state, reason = :reason WHERE id = :subscription",
        subscription=subscription,
        state=state.value,
        reason=reason,
    )


async def end_all_to(db: Writer, target: int, reason: str) -> Sequence[Subscription]:
    """End every subscription to a chat that the bot may not write to any more, and return those ended."""
    rows = await db.all(
        """UPDATE subscriptions SET state = 'ended', reason = :reason
        WHERE target_id = :target AND state <> 'ended' RETURNING *""",
        target=target,
        reason=reason,
    )
    return [_subscription(row) for row in rows]


async def find(db: Reader, chat: int, subscription: int) -> Subscription | None:
    """Return one of the chat's subscriptions."""
    row = await db.one(
        "SELECT * FROM subscriptions WHERE id = :subscription AND chat_id = :chat", subscription=subscription, chat=chat
    )
    return _subscription(row) if row else None


async def of_chat(db: Reader, chat: int) -> Sequence[Subscription]:
    """Return the chat's subscriptions that have not ended."""
    rows = await db.all("SELECT * FROM subscriptions WHERE chat_id = :chat AND state <> 'ended' ORDER BY id", chat=chat)
    return [_subscription(row) for row in rows]


async def plain_to(db: Reader, chat: int, target: int, thread_id: int | None) -> Subscription | None:
    """Return the chat's newest subscription without filters to a chat or topic, ended or not."""
    row = await db.one(
        """SELECT * FROM subscriptions WHERE chat_id = :chat AND target_id = :target AND thread_id = :thread
        AND filters = '{}' ORDER BY id DESC LIMIT 1""",
        chat=chat,
        target=target,
        thread=thread_id or 0,
    )
    return _subscription(row) if row else None


async def due(db: Reader, bot: int, now: datetime, limit: int) -> Sequence[Subscription]:
    """Return the subscriptions of a bot's chats whose time has come, the longest waiting first."""
    rows = await db.all(
        """SELECT s.* FROM subscriptions s JOIN chats c ON c.id = s.chat_id
        WHERE s.state = 'active' AND s.next_run <= :now AND c.bot = :bot ORDER BY s.next_run, s.id LIMIT :limit""",
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
    subscription: int,
    occurrence: Occurrence,
    since: datetime,
    until: datetime,
    state: DeliveryState,
) -> int | None:
    """Plan the digest of a time of a local date and return its number, or None where that has one already."""
    row = await db.one(
        """INSERT INTO deliveries (subscription_id, local_date, local_time, due, since, until, state)
        VALUES (:subscription, :local_date, :local_time, :due, :since, :until, :state)
        ON CONFLICT (subscription_id, local_date, local_time) DO NOTHING RETURNING id""",
        subscription=subscription,
        local_date=occurrence.day.isoformat(),
        local_time=_clock_time(occurrence.at),
        due=to_text(occurrence.due),
        since=to_text(since),
        until=to_text(until),
        state=state.value,
    )
    return row["id"] if row else None


async def has_delivery(db: Reader, subscription: int, day: date) -> bool:
    """Return whether a local date has a digest of the subscription, sent or not."""
    row = await db.one(
        "SELECT 1 AS found FROM deliveries WHERE subscription_id = :subscription AND local_date = :day",
        subscription=subscription,
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
    """Return the newest deliveries of the chat's subscriptions."""
    rows = await db.all(
        f"{_DELIVERY} WHERE s.chat_id = :chat ORDER BY d.due DESC, d.id DESC LIMIT :limit", chat=chat, limit=limit
    )
    return [_delivery(row) for row in rows]


async def set_delivery_state(db: Writer, delivery: int, state: DeliveryState, reason: str | None = None) -> None:
    """Keep what became of a delivery."""
    await db.run(
        "UPDATE deliveries SET state = :state, reason = :reason WHERE id = :delivery",
        delivery=delivery,
        state=state.value,
        reason=reason,
    )


async def add_delivery_message(db: Writer, delivery: int, part: int, message: int) -> None:
    """Keep the message by which a part of a digest went out; parts count from 0."""
    await db.run(
        """INSERT INTO delivery_messages (delivery_id, part, message_id) VALUES (:delivery, :part, :message)
        ON CONFLICT (delivery_id, part) DO UPDATE SET message_id = excluded.message_id""",
        delivery=delivery,
        part=part,
        message=message,
    )


async def messages_of(db: Reader, delivery: int) -> Sequence[int]:
    """Return the messages of a digest, in order."""
    rows = await db.all(
        "SELECT message_id FROM delivery_messages WHERE delivery_id = :delivery ORDER BY part", delivery=delivery
    )
    return [row["message_id"] for row in rows]


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


def _clock_time(at: time) -> str:
    return at.isoformat("minutes")


def _wish_values(wish: Wish) -> dict[str, Any]:
    timetable = wish.timetable
    return {
        "target": wish.target,
        "thread": wish.thread_id or 0,
        "times": json.dumps([_clock_time(at) for at in timetable.times]),
        "days": json.dumps(timetable.days),
        "timezone": timetable.timezone,
        "filters": _filters_text(wish.filters),
        "when_empty": wish.when_empty.value,
    }


def _filters_text(filters: Filters) -> str:
    """Return what limits, and nothing else, so that a wish without filters is known by "{}"."""
    free = asdict(Filters())
    limits = {name: value for name, value in asdict(filters).items() if value != free[name]}
    return json.dumps(limits, ensure_ascii=False)


def _filters(given: Mapping[str, Any]) -> Filters:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Filters(**values)


def _subscription(row: Row) -> Subscription:
    times = tuple(time.fromisoformat(at) for at in json.loads(row["times"]))
    wish = Wish(
        Timetable(times, row["timezone"], tuple(json.loads(row["days"]))),
        row["target_id"],
        row["thread_id"] or None,
        _filters(json.loads(row["filters"])),
        WhenEmpty(row["when_empty"]),
    )
    return Subscription(
        id=row["id"],
        chat=row["chat_id"],
        owner=row["owner_id"],
        wish=wish,
        state=SubscriptionState(row["state"]),
        next_run=from_text(row["next_run"]),
        created_at=from_text(row["created_at"]),
        reason=row["reason"],
    )


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["delivery_id"],
        subscription=_subscription(row),
        day=date.fromisoformat(row["local_date"]),
        at=time.fromisoformat(row["local_time"]),
        due=from_text(row["due"]),
        since=from_text(row["since"]),
        until=from_text(row["until"]),
        state=DeliveryState(row["delivery_state"]),
        reason=row["delivery_reason"],
    )
