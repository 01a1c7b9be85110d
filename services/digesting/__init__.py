"""Daily digests: what is new for whom."""

from datetime import datetime

from domain.articles import ArticleState
from domain.chats import ChatIdentity, CollectionId
from domain.ledger import Digest, DigestArticle
from domain.schedule import A_DAY
from domain.subscriptions import Delivery
from services import Services
from services.chats import know
from services.relations import with_relations
from storage import articles, chats, claims, persons
from storage.articles import StoredArticle
from storage.connection import Reader

ARTICLES_SHOWN = 8
CLAIMS_SHOWN = 2
PEOPLE_SHOWN = 6


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
