"""Digests on their way: who is due, and what becomes of each delivery, once."""

from datetime import datetime

from domain.jobs import JobKind, NewJob, Priority
from domain.schedule import A_DAY, Occurrence, Timetable
from domain.subscriptions import LATEST, Delivery, DeliveryState, Subscription
from services import Services
from storage import subscriptions
from storage.connection import Reader, Writer

# How many subscriptions one transaction takes at a time.
BATCH = 500


async def plan_due(services: Services) -> int:
    """Plan a delivery, and queue it, for every subscription whose time has come; return how many are queued."""
    planned = 0
    while True:
        now = services.clock()
        async with services.database.transaction() as db:
            due = await subscriptions.due(db, services.bot, now, BATCH)
            for subscription in due:
                planned += await _plan(services, db, subscription, now)
        if len(due) < BATCH:
            return planned


async def _plan(services: Services, db: Writer, subscription: Subscription, now: datetime) -> int:
    """Plan the latest date that is due; dates before it, missed while nothing ran, are told with it."""
    timetable = subscription.wish.timetable
    occurrence = timetable.latest(now)
    await subscriptions.set_next_run(db, subscription.id, timetable.after(now).due)
    told_until = await subscriptions.told_until(db, subscription.id)
    first = min(occurrence.due - A_DAY, subscription.created_at)
    since = max(told_until, first) if told_until else first
    if await is_told(db, subscription.id, timetable, occurrence):
        return 0
    too_late = now - occurrence.due >= LATEST
    state = DeliveryState.MISSED if too_late else DeliveryState.PLANNED
    delivery = await subscriptions.add_delivery(db, subscription.id, occurrence, since, now, state)
    if delivery is None or too_late:
        return 0
    return await services.queue.put(db, [_send_job(delivery, subscription.wish.target)])


async def is_told(db: Reader, subscription: int, timetable: Timetable, occurrence: Occurrence) -> bool:
    """Return whether the date has its digest, which may have been due at another time or in another zone then."""
    return len(timetable.times) == 1 and await subscriptions.has_delivery(db, subscription, occurrence.day)


def _send_job(delivery: int, chat: int) -> NewJob:
    payload = {"what": "digest", "delivery": delivery}
    return NewJob(JobKind.SEND, f"digest:{delivery}", payload, f"digests:{chat}", priority=Priority.DIGEST)


async def begin(services: Services, delivery: int) -> Delivery | None:
    """Count a planned delivery as being sent and return it; None where it must not be sent (again)."""
    async with services.database.transaction() as db:
        found = await subscriptions.find_delivery(db, delivery)
        if found is None or found.state is not DeliveryState.PLANNED:
            return None
        if services.clock() - found.due >= LATEST:
            await subscriptions.set_delivery_state(db, delivery, DeliveryState.MISSED)
            return None
        await subscriptions.set_delivery_state(db, delivery, DeliveryState.SENDING)
        return found


async def end(
    services: Services,
    delivery: int,
    state: DeliveryState,
    reason: str | None = None,
    message: int | None = None,
) -> None:
    """Keep what became of a delivery."""
    async with services.database.transaction() as db:
        await subscriptions.set_delivery_state(db, delivery, state, reason)
        if message is not None:
            await subscriptions.add_delivery_message(db, delivery, 0, message)


async def give_up(services: Services, delivery: int) -> None:
    """Count as failed what was still to be sent."""
    async with services.database.transaction() as db:
        found = await subscriptions.find_delivery(db, delivery)
        if found is not None and found.state is DeliveryState.PLANNED:
            await subscriptions.set_delivery_state(db, delivery, DeliveryState.FAILED, reason="given up")


async def recover(services: Services) -> int:
    """Count as uncertain what was cut off in mid-send, so that it is not posted twice; return how many."""
    async with services.database.transaction() as db:
        return await subscriptions.mark_interrupted(db, services.bot)


async def lose_chat(services: Services, chat: int) -> None:
    """End the digests of a chat that the bot may not write to any more."""
    async with services.database.transaction() as db:
        await subscriptions.end_all_to(db, chat, "the bot may not write there")
