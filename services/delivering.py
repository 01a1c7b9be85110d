"""Digests on their way: who is due, and what becomes of each delivery, once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from domain.digests import ToldClaim
from domain.jobs import JobKind, NewJob, Priority
from domain.schedule import A_DAY, Occurrence, Timetable
from domain.sending import EndedDigests, Ledger, Loss, Trouble
from domain.subscriptions import LATEST, Delivery, DeliveryState, Subscription, SubscriptionState
from services import Services
from storage import chats, deliveries, digested, subscriptions, told
from storage.connection import Reader, Writer
from storage.deliveries import NewDelivery
from storage.subscriptions import Due
from storage.told import ToldMessage

# How many subscriptions, and how many jobs, one transaction takes: whoever else writes waits for less than a tenth of a
# second.
BATCH, JOBS = 5_000, 1_000
# How far back a date may lie that is told now, with room for zones and for a week between two.
HISTORY = 10 * A_DAY
# How many deliveries a page of the ledger has.
PAGE = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a digest: which, as plain JSON, and whether it is the last."""

    number: int
    reply: str
    is_last: bool


async def plan_due(services: Services) -> int:
    """Plan a delivery, and queue it, for every subscription whose time has come; return how many are queued."""
    while await claim_due(services) == BATCH:
        pass
    return await _queue(services)


async def claim_due(services: Services) -> int:
    """Plan the deliveries of some subscriptions whose time has come, so that nobody else does; return of how many."""
    return await services.database.transact(partial(_claim, services))


async def _claim(services: Services, db: Writer) -> int:
    # Not before: what is read while this waits for its turn would be in neither digest.
    now = services.clock()
    due = await subscriptions.due(db, services.bot, now, BATCH)
    for each in due:
        for delivery in _deliveries(each, now):
            await deliveries.plan(db, each.numbers, delivery)
        await subscriptions.set_next_run(db, each.numbers, each.timetable.after(now).due)
    return sum(len(each.numbers) for each in due)


def _deliveries(due: Due, now: datetime) -> Iterator[NewDelivery]:
    """Yield the latest time that is due, and those before it that were missed while nothing ran: they are told with it.

    Of several times a day each has its own digest, else the date has one.
    """
    latest, only_one = due.timetable.latest(now), len(due.timetable.times) == 1
    for each in [*_missed(due, latest), latest]:
        if now - each.due >= LATEST:
            yield NewDelivery(each, now, DeliveryState.MISSED, Trouble.TOO_LATE, only_one)
        elif each is not latest:
            yield NewDelivery(each, now, DeliveryState.MISSED, Trouble.TOGETHER, only_one)
        else:
            yield NewDelivery(each, now, only_one=only_one)


def _missed(due: Due, latest: Occurrence) -> Iterator[Occurrence]:
    """Yield what was due before the latest time and has not been planned."""
    moment = max(due.next_run, latest.due - HISTORY)
    while moment < latest.due:
        yield due.timetable.latest(moment)
        moment = due.timetable.after(moment).due


async def _queue(services: Services) -> int:
    """Have every delivery sent that is planned, also where whoever planned it came no further; return how many."""
    queued, last = 0, 0
    while True:
        added, waiting = await services.database.transact(partial(_put, services, last))
        queued += added
        if len(waiting) < JOBS:
            return queued
        last, _ = waiting[-1]


async def _put(services: Services, after: int, db: Writer) -> tuple[int, Sequence[tuple[int, int]]]:
    waiting = await deliveries.without_job(db, services.bot, after, JOBS)
    return await services.queue.put(db, [_job(number, chat) for number, chat in waiting]), waiting


async def is_told(db: Reader, subscription: int, timetable: Timetable, occurrence: Occurrence) -> bool:
    """Return whether the date has its digest, which may have been due at another time or in another zone then."""
    return len(timetable.times) == 1 and await deliveries.has_day(db, subscription, occurrence.day)


def _job(delivery: int, chat: int) -> NewJob:
    key, payload = f"digest:{delivery}", {"delivery": delivery, "chat": chat}
    return NewJob(JobKind.DIGEST, key, payload, f"digests:{chat}", priority=Priority.DIGEST)


def _picture_job(delivery: int, chat: int) -> NewJob:
    payload = {"delivery": delivery, "chat": chat}
    return NewJob(JobKind.PICTURE, f"picture:{delivery}", payload, priority=Priority.DIGEST)


async def find_planned(services: Services, delivery: int) -> Delivery | None:
    """Return a delivery that is to be sent now; None where it must not be (again), or nobody wants it any more."""
    async with services.database.reading() as db:
        found = await deliveries.find(db, delivery)
    if found is not None and found.state is DeliveryState.SENDING:
        # Whoever asks has its job in hand, so that was an attempt before this one, which was cut off.
        found = await pass_over(services, delivery, Trouble.CUT_OFF)
    if found is None or found.state is not DeliveryState.PLANNED:
        return None
    if found.subscription.state is not SubscriptionState.ACTIVE:
        await end(services, delivery, DeliveryState.FAILED, Trouble.ENDED)
        return None
    if services.clock() - found.due >= LATEST:
        await end(services, delivery, DeliveryState.MISSED, Trouble.TOO_LATE)
        return None
    return found


async def find_pictured(services: Services, delivery: int) -> Delivery | None:
    """Return a delivery that has arrived and that a picture is to follow; None where nobody wants it any more."""
    async with services.database.reading() as db:
        found = await deliveries.find(db, delivery)
    if found is None or found.state is not DeliveryState.SENT or services.clock() - found.due >= LATEST:
        return None
    subscription = found.subscription
    return found if subscription.state is SubscriptionState.ACTIVE and subscription.wish.pictures else None


async def pictured(services: Services, delivery: Delivery, message: int) -> None:
    """Keep the message by which a picture went out."""
    await services.database.note(lambda db: deliveries.add_picture(db, delivery.id, message))


async def next_part(services: Services, delivery: int) -> Part | None:
    """Return what of a delivery is to be sent next; None before its parts are known."""
    async with services.database.reading() as db:
        left = await deliveries.parts(db, delivery)
    return Part(*left[0], is_last=len(left) == 1) if left else None


async def keep_parts(services: Services, delivery: int, replies: Sequence[str]) -> None:
    """Keep the messages of a digest, so that after an interruption it goes on with the same ones."""
    async with services.database.transaction() as db:
        await deliveries.keep_parts(db, delivery, replies)


async def begin(services: Services, delivery: int) -> bool:
    """Count a planned delivery as being sent: from now on it may have arrived; False where it must not be."""
    async with services.database.transaction() as db:
        return await deliveries.begin(db, delivery, services.clock())


async def sent(
    services: Services,
    delivery: Delivery,
    part: Part,
    message: int,
    told_by_it: Iterable[ToldClaim],
    shown: Iterable[int],
    *,
    pictured: bool = False,
) -> None:
    """Keep the message by which a part went out, and what it tells; the last part ends the delivery.

    ``shown`` are the claims whose words stand there: who puts one right has the chat told. After what is ``pictured``
    goes a picture.
    """
    wish, now = delivery.subscription.wish, services.clock()
    place = ToldMessage(wish.target, message, wish.thread_id)
    tells, shows = tuple(told_by_it), tuple(shown)

    async def keep(db: Writer) -> None:
        await deliveries.add_message(db, delivery.id, part.number, message)
        if part.is_last:
            state, reason = await _state_at_the_end(db, delivery.id, part)
            await deliveries.set_state(db, delivery.id, state, now, reason)
        else:
            await deliveries.go_on(db, delivery.id, now)
        await told.keep(db, place, {"kind": "digest"}, shows, now)
        await digested.keep(db, delivery.subscription.id, tells, now)
        if pictured:
            await services.queue.put(db, [_picture_job(delivery.id, wish.target)])

    await services.database.note(keep)


async def _state_at_the_end(db: Reader, delivery: int, part: Part) -> tuple[DeliveryState, Trouble | None]:
    if len(await deliveries.messages_of(db, delivery)) <= part.number:
        return DeliveryState.UNCERTAIN, Trouble.NO_ANSWER
    return DeliveryState.SENT, None


async def pass_over(services: Services, delivery: int, reason: Trouble) -> Delivery | None:
    """Count the message that was being sent as perhaps arrived, and return the delivery as it stands then."""
    async with services.database.transaction() as db:
        await deliveries.pass_over(db, delivery, services.clock(), reason)
        return await deliveries.find(db, delivery)


async def end(services: Services, delivery: int, state: DeliveryState, reason: str | None = None) -> None:
    """Keep what became of a delivery, or of an attempt at it."""
    async with services.database.transaction() as db:
        await deliveries.set_state(db, delivery, state, services.clock(), reason)


async def give_up(services: Services, delivery: int) -> None:
    """Count as failed what was still to be sent, and as uncertain what somebody was cut off in sending."""
    async with services.database.transaction() as db:
        found = await deliveries.find(db, delivery)
        if found is None:
            return
        if found.state is DeliveryState.SENDING:
            await deliveries.set_state(db, delivery, DeliveryState.UNCERTAIN, services.clock(), Trouble.CUT_OFF)
        elif found.state is DeliveryState.PLANNED:
            reason = found.reason or Trouble.GIVEN_UP
            await deliveries.set_state(db, delivery, DeliveryState.FAILED, services.clock(), reason)


async def ledger(services: Services, chat: int, page: int) -> Ledger:
    """Return what became of a chat's digests, newest first."""
    async with services.database.reading() as db:
        found = await deliveries.last(db, chat, PAGE + 1, page * PAGE)
    return Ledger(tuple(found[:PAGE]), page, len(found) > PAGE)


async def lose(services: Services, chat: int, thread_id: int | None, reason: Loss) -> None:
    """End the digests to a chat, or a topic, that the bot may not write to any more, and have their owners told."""
    # A forum's general topic can be closed, too.
    topic = (thread_id or 0) if reason is Loss.TOPIC else None
    async with services.database.transaction() as db:
        ended = await subscriptions.end_all_to(db, chat, reason.value, topic)
        await services.queue.put(db, _notices(ended, chat, reason, services.clock()))


def _notices(ended: Sequence[Subscription], chat: int, reason: Loss, now: datetime) -> list[NewJob]:
    """Return a message for each owner, who may be the very one who is lost."""
    counts: dict[int, int] = {}
    for each in ended:
        counts[each.owner] = counts.get(each.owner, 0) + 1
    return [
        NewJob(
            JobKind.SEND,
            f"ended:{owner}:{chat}:{now.isoformat()}",
            {"what": "ended", "chat": owner, "target": chat, "reason": reason.value, "digests": count},
            f"ended:{owner}",
        )
        for owner, count in counts.items()
        if owner not in (0, chat)
    ]


async def ended(services: Services, target: int, reason: str, digests: int) -> EndedDigests:
    """Return what a notice tells."""
    async with services.database.reading() as db:
        chat = await chats.find(db, target)
    return EndedDigests(chat.identity.title if chat else str(target), Loss(reason), digests)
