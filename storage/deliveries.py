"""What became of each digest that was due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.schedule import A_DAY, Occurrence
from domain.sending import Trouble
from domain.subscriptions import Delivery, DeliveryState
from storage import subscriptions
from storage.connection import Reader, Row, Writer
from storage.full_text import listed
from storage.values import from_text, to_text

_DELIVERY = """
    SELECT d.id AS delivery_id, d.local_date, d.local_time, d.due, d.since, d.until, d.state AS delivery_state,
        d.reason AS delivery_reason, d.attempts, d.changed_at, s.*
    FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
"""
# What went out, or may have. What was told up to a moment later than now was told by a clock that was wrong.
_TOLD = "d.state IN ('planned', 'sending', 'sent', 'uncertain') AND d.until <= :until"
# Most subscriptions have had a digest in so many days, and then it is the last: nobody looks at hundreds of older ones.
LATELY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A digest to be planned at the moment up to which it tells, in the state in which it begins."""

    occurrence: Occurrence
    until: datetime
    state: DeliveryState = DeliveryState.PLANNED
    reason: Trouble | None = None
    only_one: bool = True
    """Whether the local date has one digest, whenever that was due."""


async def plan(db: Writer, subscriptions_: Collection[int], new: NewDelivery) -> None:
    """Plan a digest of each of the subscriptions that has none yet for its local date, or for its time of that date.

    It tells what came in since the last one that was told, but at first what is a day old, or as old as the wish.
    """
    due = new.occurrence.due
    await db.run(
        f"""INSERT INTO deliveries
            (subscription_id, local_date, local_time, due, since, until, state, reason, changed_at)
        SELECT id, :day, :at, :due, CASE WHEN told > first THEN told ELSE first END, :until, :state, :reason, :until
        FROM (
            SELECT s.id, CASE WHEN s.created_at < :day_before THEN s.created_at ELSE :day_before END AS first,
                COALESCE(
                    MAX(CASE WHEN {_TOLD} THEN d.until END),
                    (SELECT MAX(d.until) FROM deliveries d WHERE d.subscription_id = s.id AND {_TOLD})
                ) AS told
            FROM subscriptions s LEFT JOIN deliveries d ON d.subscription_id = s.id AND d.local_date >= :lately
            WHERE s.id IN ({listed(subscriptions_)}) GROUP BY s.id
            HAVING COUNT(CASE WHEN d.local_date = :day AND (d.local_time = :at OR :only_one = 1) THEN 1 END) = 0
        ) n""",
        day=new.occurrence.day.isoformat(),
        at=subscriptions.clock_time(new.occurrence.at),
        due=to_text(due),
        until=to_text(new.until),
        state=new.state.value,
        reason=new.reason,
        day_before=to_text(due - A_DAY),
        lately=(due - LATELY).date().isoformat(),
        only_one=new.only_one,
    )


async def without_job(db: Reader, bot: int, after: int, limit: int) -> Sequence[tuple[int, int]]:
    """Return planned deliveries of a bot's chats that nobody has been asked to send, those after a number, in order.

    Each with the chat that it goes to.
    """
    rows = await db.all(
        """SELECT d.id, s.target_id FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
            JOIN chats c ON c.id = s.chat_id
        WHERE d.state = 'planned' AND d.id > :after AND c.bot = :bot
            AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'digest:' || d.id)
        ORDER BY d.id LIMIT :limit""",
        bot=bot,
        after=after,
        limit=limit,
    )
    return [(row["id"], row["target_id"]) for row in rows]


async def has_day(db: Reader, subscription: int, day: date) -> bool:
    """Return whether a local date has a digest of the subscription, sent or not."""
    row = await db.one(
        "SELECT 1 AS found FROM deliveries WHERE subscription_id = :subscription AND local_date = :day",
        subscription=subscription,
        day=day.isoformat(),
    )
    return row is not None


async def find(db: Reader, delivery: int) -> Delivery | None:
    """Return a delivery with its subscription."""
    row = await db.one(f"{_DELIVERY} WHERE d.id = :delivery", delivery=delivery)
    return _delivery(row) if row else None


async def last(db: Reader, chat: int, limit: int, offset: int = 0) -> Sequence[Delivery]:
    """Return the newest deliveries of the chat's subscriptions, those of a page."""
    rows = await db.all(
        f"{_DELIVERY} WHERE s.chat_id = :chat ORDER BY d.due DESC, d.id DESC LIMIT :limit OFFSET :offset",
        chat=chat,
        limit=limit,
        offset=offset,
    )
    return [_delivery(row) for row in rows]


async def newest_in(db: Reader, state: DeliveryState, limit: int) -> Sequence[Delivery]:
    """Return the deliveries of all chats in a state, the newest first."""
    rows = await db.all(
        f"{_DELIVERY} WHERE d.state = :state ORDER BY d.due DESC, d.id DESC LIMIT :limit",
        state=state.value,
        limit=limit,
    )
    return [_delivery(row) for row in rows]


async def waits_since(db: Reader, now: datetime) -> datetime | None:
    """Return when the digest was due, of all chats', that has waited longest to be sent, or even planned."""
    row = await db.one(
        """SELECT MIN(due) AS due FROM (
            SELECT due FROM deliveries WHERE state IN ('planned', 'sending')
            UNION ALL SELECT MIN(next_run) FROM subscriptions WHERE state = 'active' AND next_run <= :now
        ) chosen""",
        now=to_text(now),
    )
    return from_text(row["due"]) if row and row["due"] else None


async def begin(db: Writer, delivery: int, now: datetime) -> bool:
    """Count a planned delivery as being sent; False where it is not planned, or nobody wants it any more."""
    return bool(
        await db.run(
            """UPDATE deliveries SET state = 'sending', attempts = attempts + 1, changed_at = :now, reason = NULL
            WHERE id = :delivery AND state = 'planned'
                AND EXISTS (SELECT 1 FROM subscriptions s WHERE s.id = subscription_id AND s.state = 'active')""",
            delivery=delivery,
            now=to_text(now),
        )
    )


async def set_state(db: Writer, delivery: int, state: DeliveryState, now: datetime, reason: str | None = None) -> None:
    """Keep what became of a delivery; what is not to be sent any more is forgotten.

    What one that came to nothing would have told, the next one tells, also where that is planned by now.
    """
    await db.run(
        "UPDATE deliveries SET state = :state, reason = :reason, changed_at = :now WHERE id = :delivery",
        delivery=delivery,
        state=state.value,
        reason=reason,
        now=to_text(now),
    )
    if state is not DeliveryState.PLANNED:
        await db.run("DELETE FROM delivery_parts WHERE delivery_id = :delivery", delivery=delivery)
    if state in (DeliveryState.FAILED, DeliveryState.MISSED):
        await db.run(
            """UPDATE deliveries SET since = (
                SELECT CASE WHEN ended.since < deliveries.since THEN ended.since ELSE deliveries.since END
                FROM deliveries ended WHERE ended.id = :delivery
            ) WHERE id = (
                SELECT later.id FROM deliveries this JOIN deliveries later
                    ON later.subscription_id = this.subscription_id AND later.until > this.until
                WHERE this.id = :delivery AND later.state = 'planned' ORDER BY later.until, later.id LIMIT 1
            )""",
            delivery=delivery,
        )


async def pass_over(db: Writer, delivery: int, now: datetime, reason: Trouble) -> bool:
    """Send no more the message that was being sent, since it may have arrived; return whether others are to follow."""
    await db.run(
        """DELETE FROM delivery_parts WHERE delivery_id = :delivery
            AND part = (SELECT MIN(part) FROM delivery_parts WHERE delivery_id = :delivery)""",
        delivery=delivery,
    )
    others = bool(await parts(db, delivery))
    await set_state(db, delivery, DeliveryState.PLANNED if others else DeliveryState.UNCERTAIN, now, reason)
    return others


async def go_on(db: Writer, delivery: int, now: datetime) -> None:
    """Count as planned again what is being sent and has more to be sent, unless somebody took it for cut off."""
    await db.run(
        "UPDATE deliveries SET state = 'planned', changed_at = :now WHERE id = :delivery AND state = 'sending'",
        delivery=delivery,
        now=to_text(now),
    )


async def keep_parts(db: Writer, delivery: int, parts: Sequence[str]) -> None:
    """Keep what is to be sent by several messages, in order, until it is."""
    await db.run_many(
        "INSERT INTO delivery_parts (delivery_id, part, reply) VALUES (:delivery, :part, :reply)",
        [{"delivery": delivery, "part": number, "reply": reply} for number, reply in enumerate(parts)],
    )


async def forget_parts(db: Writer, chats: Collection[int]) -> None:
    """Forget the words of these chats' digests that are on their way: what is left to tell is put together anew."""
    await db.run_many(
        """DELETE FROM delivery_parts WHERE delivery_id IN (
            SELECT d.id FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id WHERE s.chat_id = :chat
        )""",
        [{"chat": chat} for chat in chats],
    )


async def parts(db: Reader, delivery: int) -> Sequence[tuple[int, str]]:
    """Return what of a delivery is still to be sent, by number."""
    rows = await db.all(
        "SELECT part, reply FROM delivery_parts WHERE delivery_id = :delivery ORDER BY part", delivery=delivery
    )
    return [(row["part"], row["reply"]) for row in rows]


async def add_message(db: Writer, delivery: int, part: int, message: int) -> None:
    """Keep the message by which a part of a digest went out; parts count from 0."""
    await db.run(
        """INSERT INTO delivery_messages (delivery_id, part, message_id) VALUES (:delivery, :part, :message)
        ON CONFLICT (delivery_id, part) DO UPDATE SET message_id = excluded.message_id""",
        delivery=delivery,
        part=part,
        message=message,
    )
    await db.run(
        "DELETE FROM delivery_parts WHERE delivery_id = :delivery AND part = :part", delivery=delivery, part=part
    )


async def add_picture(db: Writer, delivery: int, message: int) -> None:
    """Keep the message that followed a digest's last part."""
    await db.run(
        """INSERT INTO delivery_messages (delivery_id, part, message_id)
        SELECT :delivery, COALESCE(MAX(part) + 1, 0), :message FROM delivery_messages WHERE delivery_id = :delivery""",
        delivery=delivery,
        message=message,
    )


async def messages_of(db: Reader, delivery: int) -> Sequence[int]:
    """Return the messages of a digest, in order."""
    rows = await db.all(
        "SELECT message_id FROM delivery_messages WHERE delivery_id = :delivery ORDER BY part", delivery=delivery
    )
    return [row["message_id"] for row in rows]


async def counts(db: Reader) -> dict[DeliveryState, int]:
    """Return how many deliveries of all chats are in which state."""
    rows = await db.all("SELECT state, COUNT(*) AS deliveries FROM deliveries GROUP BY state")
    return {DeliveryState(row["state"]): row["deliveries"] for row in rows}


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["delivery_id"],
        subscription=subscriptions.of_row(row),
        day=date.fromisoformat(row["local_date"]),
        at=time.fromisoformat(row["local_time"]),
        due=from_text(row["due"]),
        since=from_text(row["since"]),
        until=from_text(row["until"]),
        state=DeliveryState(row["delivery_state"]),
        reason=row["delivery_reason"],
        attempts=row["attempts"],
    )
