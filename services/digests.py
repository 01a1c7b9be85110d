"""Daily digests: who is due, what is new for them, and what became of each."""

from dataclasses import dataclass
from datetime import datetime

from domain.articles import ArticleState
from domain.chats import Chat, ChatIdentity
from domain.jobs import JobKind, NewJob, Priority
from domain.ledger import Digest, DigestArticle
from domain.schedule import A_DAY, Occurrence, Timetable
from domain.subscriptions import LATEST, Delivery, DeliveryState, Subscription, SubscriptionState, Wish
from services import Services
from services.chats import know
from services.relations import with_relations
from storage import articles, chats, claims, persons, subscriptions
from storage.articles import StoredArticle
from storage.connection import Reader, Writer

ARTICLES_SHOWN = 8
CLAIMS_SHOWN = 2
PEOPLE_SHOWN = 6
# How many subscriptions one transaction takes at a time.
BATCH = 500


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """A digest that is to be sent, and where."""

    delivery: Delivery
    chat: Chat
    digest: Digest


async def subscribe(
    services: Services, identity: ChatIdentity, thread_id: int | None, timetable: Timetable, user: int = 0
) -> datetime:
    """Give the chat or topic a digest of all, in place of the one it may have; return when the first goes out."""
    chat = await know(services, identity)
    now = services.clock()
    wish, first = Wish(timetable, chat.id, thread_id), timetable.after(now)
    async with services.database.transaction() as db:
        before = await subscriptions.plain_to(db, chat.id, chat.id, thread_id)
        if before is None:
            await subscriptions.add(db, chat.id, user, wish, first.due, now)
        else:
            while await _is_told(db, before.id, timetable, first):
                first = timetable.after(first.due)
            await subscriptions.change(db, before.id, wish, first.due, now)
        await chats.set_timezone(db, chat.id, timetable.timezone)
    return first.due


async def unsubscribe(services: Services, identity: ChatIdentity, thread_id: int | None) -> bool:
    """End the digest of the chat or topic; False where there is none."""
    async with services.database.transaction() as db:
        found = await subscriptions.plain_to(db, identity.id, identity.id, thread_id)
        if found is None or found.state is SubscriptionState.ENDED:
            return False
        await subscriptions.set_state(db, found.id, SubscriptionState.ENDED)
        return True


async def forget_chat_digests(services: Services, chat: int) -> None:
    """End the digests of a chat that the bot may not write to any more."""
    async with services.database.transaction() as db:
        await subscriptions.end_all_to(db, chat, "the bot may not write there")


async def latest(services: Services, identity: ChatIdentity) -> Digest:
    """Return what came into the chat's collection during the last day."""
    chat = await know(services, identity)
    now = services.clock()
    async with services.database.reading() as db:
        return await _digest(db, chat.collection, now - A_DAY, now)


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
    if await _is_told(db, subscription.id, timetable, occurrence):
        return 0
    too_late = now - occurrence.due >= LATEST
    state = DeliveryState.MISSED if too_late else DeliveryState.PLANNED
    delivery = await subscriptions.add_delivery(db, subscription.id, occurrence, since, now, state)
    if delivery is None or too_late:
        return 0
    return await services.queue.put(db, [_send_job(delivery, subscription.wish.target)])


async def _is_told(db: Reader, subscription: int, timetable: Timetable, occurrence: Occurrence) -> bool:
    """Return whether the date has its digest, which may have been due at another time or in another zone then."""
    return len(timetable.times) == 1 and await subscriptions.has_delivery(db, subscription, occurrence.day)


def _send_job(delivery: int, chat: int) -> NewJob:
    payload = {"what": "digest", "delivery": delivery}
    return NewJob(JobKind.SEND, f"digest:{delivery}", payload, f"digests:{chat}", priority=Priority.DIGEST)


async def begin_delivery(services: Services, delivery: int) -> PlannedDigest | None:
    """Count a planned delivery as being sent and return what it says; None where it must not be sent (again)."""
    async with services.database.transaction() as db:
        found = await subscriptions.find_delivery(db, delivery)
        if found is None or found.state is not DeliveryState.PLANNED:
            return None
        if services.clock() - found.due >= LATEST:
            await subscriptions.set_delivery_state(db, delivery, DeliveryState.MISSED)
            return None
        await subscriptions.set_delivery_state(db, delivery, DeliveryState.SENDING)
        chat = await chats.find(db, found.subscription.chat)
        assert chat is not None  # noqa: S101  # a subscription refers to its chat
        return PlannedDigest(found, chat, await _digest(db, chat.collection, found.since, found.until))


async def end_delivery(
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


async def recover_deliveries(services: Services) -> int:
    """Count as uncertain what was cut off in mid-send, so that it is not posted twice; return how many."""
    async with services.database.transaction() as db:
        return await subscriptions.mark_interrupted(db, services.bot)


async def _digest(db: Reader, collection: int, since: datetime, until: datetime) -> Digest:
    taken = await articles.settled_between(db, collection, since, until)
    read = [article for article in taken if article.state is ArticleState.READ]
    return Digest(
        since=since,
        until=until,
        total=len(read),
        unread=len(taken) - len(read) + await articles.count_unread(db, collection),
        articles=tuple([await _with_claims(db, collection, article) for article in read[:ARTICLES_SHOWN]]),
        people=tuple(await persons.most_named(db, collection, since, until, PEOPLE_SHOWN)),
    )


async def _with_claims(db: Reader, collection: int, article: StoredArticle) -> DigestArticle:
    found = await claims.of_article(db, collection, article.reference.id)
    keys = [claim for claim in found if claim.rank is not None]
    return DigestArticle(article.reference, tuple(await with_relations(db, collection, keys[:CLAIMS_SHOWN])))
