"""What became of each digest that was due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.schedule import Occurrence
from domain.sending import Trouble
from domain.subscriptions import Delivery, DeliveryState
from storage import subscriptions
from storage.connection import Reader, Row, Writer
from storage.values import from_text, to_text

_DELIVERY = """
    SELECT d.id AS delivery_id, d.local_date, d.local_time, d.due, d.since, d.until, d.state AS delivery_state,
        d.reason AS delivery_reason, d.attempts, d.changed_at, s.*
    FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
"""
# What went out, or may have.
_TOLD = "state IN ('planned', 'sending', 'sent', 'uncertain')"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A digest to be planned, in the state in which it begins."""

    subscription: int
    occurrence: Occurrence
    since: datetime
    until: datetime
    state: DeliveryState = DeliveryState.PLANNED
    reason: Trouble | None = None


async def add_many(db: Writer, new: Sequence[NewDelivery]) -> Sequence[tuple[int, int]]:
    """Keep each delivery whose time of a local date has none yet.

    Returns those that are planned, in order: the number of each and its subscription.
    """
    newest = await db.one("SELECT COALESCE(MAX(id), 0) AS id FROM deliveries")
    assert newest is not None  # noqa: S101  # an aggregate has a row
    await db.run_many(
        """INSERT INTO deliveries
            (subscription_id, local_date, local_time, due, since, until, state, reason, changed_at)
        VALUES (:subscription, :local_date, :local_time, :due, :since, :until, :state, :reason, :until)
        ON CONFLICT (subscription_id, local_date, local_time) DO NOTHING""",
        [_values(each) for each in new],
    )
    rows = await db.all(
        "SELECT id, subscription_id FROM deliveries WHERE id > :newest AND state = 'planned' ORDER BY id",
        newest=newest["id"],
    )
    return [(row["id"], row["subscription_id"]) for row in rows]


def _values(delivery: NewDelivery) -> dict[str, Any]:
    return {
        "subscription": delivery.subscription,
        "local_date": delivery.occurrence.day.isoformat(),
        "local_time": subscriptions.clock_time(delivery.occurrence.at),
        "due": to_text(delivery.occurrence.due),
        "since": to_text(delivery.since),
        "until": to_text(delivery.until),
        "state": delivery.state.value,
        "reason": delivery.reason,
    }


async def histories(
    db: Reader, numbers: Sequence[int], since: datetime, now: datetime
) -> Mapping[int, tuple[datetime | None, frozenset[date]]]:
    """Return, for each subscription, up to when it has told what came in, and which local dates since have a digest.

    What was told up to a moment later than ``now`` was told by a clock that was wrong.
    """
    listed = ", ".join(str(number) for number in numbers) or "NULL"
    told = await db.all(
        f"""SELECT subscription_id, MAX(until) AS until FROM deliveries WHERE subscription_id IN ({listed})
        AND {_TOLD} AND until <= :now GROUP BY subscription_id""",
        now=to_text(now),
    )
    dated = await db.all(
        f"""SELECT subscription_id, local_date FROM deliveries WHERE subscription_id IN ({listed})
        AND local_date >= :first""",
        first=(since - timedelta(days=1)).date().isoformat(),
    )
    until = {row["subscription_id"]: from_text(row["until"]) for row in told}
    days: dict[int, set[date]] = {number: set() for number in numbers}
    for row in dated:
        days[row["subscription_id"]].add(date.fromisoformat(row["local_date"]))
    return {number: (until.get(number), frozenset(days[number])) for number in numbers}


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
