"""Daily digests: what is new for whom."""

from datetime import datetime

from domain.articles import ArticleState
from domain.chats import ChatIdentity, CollectionId
from domain.ledger import Digest, DigestArticle
from domain.schedule import A_DAY, Timetable
from domain.subscriptions import Delivery, SubscriptionState, Wish
from services import Services
from services.chats import know
from services.delivering import is_told
from services.relations import with_relations
from storage import articles, chats, claims, persons, subscriptions
from storage.articles import StoredArticle
from storage.connection import Reader

ARTICLES_SHOWN = 8
CLAIMS_SHOWN = 2
PEOPLE_SHOWN = 6


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
            while await is_told(db, before.id, timetable, first):
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


async def compose(services: Services, delivery: Delivery) -> Digest:
    """Return what a planned digest says."""
    async with services.database.reading() as db:
        chat = await chats.find(db, delivery.subscription.chat)
        assert chat is not None  # noqa: S101  # a subscription refers to its chat
        return await between(db, chat.collection, delivery.since, delivery.until)


async def latest(services: Services, identity: ChatIdentity) -> Digest:
    """Return what came into the chat's collection during the last day."""
    chat = await know(services, identity)
    now = services.clock()
    async with services.database.reading() as db:
        return await between(db, chat.collection, now - A_DAY, now)


async def between(db: Reader, collection: CollectionId, since: datetime, until: datetime) -> Digest:
    """Return what was read in a collection from ``since`` up to ``until``."""
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


async def _with_claims(db: Reader, collection: CollectionId, article: StoredArticle) -> DigestArticle:
    found = await claims.of_article(db, collection, article.reference.id)
    keys = [claim for claim in found if claim.rank is not None]
    return DigestArticle(article.reference, tuple(await with_relations(db, collection, keys[:CLAIMS_SHOWN])))
