"""Who gets a digest when."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from domain.schedule import Timetable
from domain.subscriptions import (
    Filters,
    Subscription,
    SubscriptionState,
    WhenEmpty,
    Wish,
)
from storage.connection import Reader, Row, Writer
from storage.full_text import listed
from storage.values import from_text, to_text

# Most digests are due at few times, and are of all: so many of their columns are kept as what they mean.
_KEPT = 1_000
# A timetable has a time in every week, though a zone may leave a day out.
FARTHEST = timedelta(days=10)
_ACTIVE = """
    SELECT s.id AS id, s.times, s.timezone, s.days, s.next_run AS next_run
    FROM subscriptions s JOIN chats c ON c.id = s.chat_id
    WHERE s.state = 'active' AND c.bot = :bot
"""


@dataclass(frozen=True, slots=True)
class Due:
    """Subscriptions, by number, that share a timetable and are due at the same moment."""

    timetable: Timetable
    next_run: datetime
    numbers: tuple[int, ...]


async def add(
    db: Writer,
    chat: int,
    owner: int,
    wish: Wish,
    next_run: datetime,
    now: datetime,
    state: SubscriptionState = SubscriptionState.ACTIVE,
) -> int:
    """Give a chat a subscription, made by a user, and return its number."""
    row = await db.one(
        """INSERT INTO subscriptions (chat_id, owner_id, state, created_at, target_id, thread_id, times, days, timezone,
            filters, when_empty, pictures, next_run)
        VALUES (:chat, :owner, :state, :now, :target, :thread, :times, :days, :timezone,
            :filters, :when_empty, :pictures, :next_run) RETURNING id""",
        chat=chat,
        owner=owner,
        state=state.value,
        now=to_text(now),
        next_run=to_text(next_run),
        **_wish_values(wish),
    )
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    return int(row["id"])


async def put_wish(db: Writer, subscription: int, wish: Wish, next_run: datetime) -> None:
    """Put another wish in a subscription's place, whatever its state."""
    await db.run(
        """UPDATE subscriptions SET target_id = :target, thread_id = :thread, times = :times, days = :days,
            timezone = :timezone, filters = :filters, when_empty = :when_empty, pictures = :pictures,
            next_run = :next_run
        WHERE id = :subscription""",
        subscription=subscription,
        next_run=to_text(next_run),
        **_wish_values(wish),
    )


async def begin(db: Writer, subscription: int, next_run: datetime, now: datetime) -> None:
    """Have digests come from now on: of a draft, or of a subscription that was paused or ended."""
    await db.run(
        """UPDATE subscriptions SET state = 'active', reason = NULL, created_at = :now, next_run = :next_run
        WHERE id = :subscription""",
        subscription=subscription,
        now=to_text(now),
        next_run=to_text(next_run),
    )


async def forget_drafts(db: Writer, chat: int, before: datetime) -> None:
    """Forget what was begun in a chat before a moment and never wished for."""
    # The last number of all would be given again, and an old button mean a new wish.
    await db.run(
        """DELETE FROM subscriptions WHERE chat_id = :chat AND state = 'draft' AND created_at < :before
            AND id < (SELECT MAX(id) FROM subscriptions)""",
        chat=chat,
        before=to_text(before),
    )


async def set_state(db: Writer, subscription: int, state: SubscriptionState, reason: str | None = None) -> None:
    """Pause a subscription, have it go on, or end it."""
    await db.run(
        "UPDATE subscriptions SET state = :state, reason = :reason WHERE id = :subscription",
        subscription=subscription,
        state=state.value,
        reason=reason,
    )


async def end_all_to(db: Writer, target: int, reason: str, thread_id: int | None = None) -> Sequence[Subscription]:
    """End every subscription to a chat, or one of its topics, that nothing can be sent to; return those ended."""
    rows = await db.all(
        """UPDATE subscriptions SET state = 'ended', reason = :reason
        WHERE target_id = :target AND (:thread IS NULL OR thread_id = :thread) AND state NOT IN ('draft', 'ended')
        RETURNING *""",
        target=target,
        thread=thread_id,
        reason=reason,
    )
    return [of_row(row) for row in rows]


async def find(db: Reader, chat: int, subscription: int) -> Subscription | None:
    """Return one of the chat's subscriptions."""
    row = await db.one(
        "SELECT * FROM subscriptions WHERE id = :subscription AND chat_id = :chat", subscription=subscription, chat=chat
    )
    return of_row(row) if row else None


async def of_chat(db: Reader, chat: int) -> Sequence[Subscription]:
    """Return the chat's subscriptions that have begun and not ended."""
    rows = await db.all(
        "SELECT * FROM subscriptions WHERE chat_id = :chat AND state NOT IN ('draft', 'ended') ORDER BY id", chat=chat
    )
    return [of_row(row) for row in rows]


async def lost_of(db: Reader, chat: int, since: datetime, limit: int) -> Sequence[Subscription]:
    """Return the chat's subscriptions that have ended by themselves and would have been due after a moment."""
    rows = await db.all(
        """SELECT * FROM subscriptions WHERE chat_id = :chat AND state = 'ended' AND reason IS NOT NULL
            AND next_run > :since ORDER BY id DESC LIMIT :limit""",
        chat=chat,
        since=to_text(since),
        limit=limit,
    )
    return [of_row(row) for row in rows]


async def plain_to(db: Reader, chat: int, target: int, thread_id: int | None) -> Subscription | None:
    """Return the chat's newest subscription without filters to a chat or topic, ended or not."""
    row = await db.one(
        """SELECT * FROM subscriptions WHERE chat_id = :chat AND target_id = :target AND thread_id = :thread
        AND filters = '{}' AND state <> 'draft' ORDER BY id DESC LIMIT 1""",
        chat=chat,
        target=target,
        thread=thread_id or 0,
    )
    return of_row(row) if row else None


async def due(db: Reader, bot: int, now: datetime, limit: int) -> Sequence[Due]:
    """Return the subscriptions of a bot's chats whose time has come, the longest waiting first.

    One that waits for longer than any timetable may was planned by a clock that was wrong: its time has come, too.
    """
    rows = await db.all(
        f"""SELECT times, timezone, days, next_run, json_group_array(id) AS numbers FROM (
            {_ACTIVE} AND s.next_run <= :now UNION ALL {_ACTIVE} AND s.next_run > :farthest
            ORDER BY next_run, id LIMIT :limit
        ) due GROUP BY next_run, times, timezone, days ORDER BY next_run, MIN(id)""",
        bot=bot,
        now=to_text(now),
        farthest=to_text(now + FARTHEST),
        limit=limit,
    )
    return [
        Due(
            _timetable(row["times"], row["timezone"], row["days"]),
            from_text(row["next_run"]),
            tuple(json.loads(row["numbers"])),
        )
        for row in rows
    ]


async def set_next_run(db: Writer, subscriptions: Collection[int], next_run: datetime) -> None:
    """Keep when these subscriptions are due next."""
    await db.run(
        f"UPDATE subscriptions SET next_run = :next_run WHERE id IN ({listed(subscriptions)})",
        next_run=to_text(next_run),
    )


def clock_time(at: time) -> str:
    """Return a time of day as the tables have it: 08:00."""
    return at.isoformat("minutes")


def _wish_values(wish: Wish) -> dict[str, Any]:
    timetable = wish.timetable
    return {
        "target": wish.target,
        "thread": wish.thread_id or 0,
        "times": json.dumps([clock_time(at) for at in timetable.times]),
        "days": json.dumps(timetable.days),
        "timezone": timetable.timezone,
        "filters": _filters_text(wish.filters),
        "when_empty": wish.when_empty.value,
        "pictures": wish.pictures,
    }


def _filters_text(filters: Filters) -> str:
    """Return what limits, and nothing else, so that a wish without filters is known by "{}"."""
    free = asdict(Filters())
    limits = {name: value for name, value in asdict(filters).items() if value != free[name]}
    return json.dumps(limits, ensure_ascii=False)


@lru_cache(_KEPT)
def _filters(given: str) -> Filters:
    read: dict[str, Any] = json.loads(given)
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in read.items()}
    return Filters(**values)


@lru_cache(_KEPT)
def _timetable(times: str, timezone: str, days: str) -> Timetable:
    return Timetable(tuple(time.fromisoformat(at) for at in json.loads(times)), timezone, tuple(json.loads(days)))


def of_row(row: Row) -> Subscription:
    """Return the subscription in a row."""
    wish = Wish(
        _timetable(row["times"], row["timezone"], row["days"]),
        row["target_id"],
        row["thread_id"] or None,
        _filters(row["filters"]),
        WhenEmpty(row["when_empty"]),
        bool(row["pictures"]),
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
