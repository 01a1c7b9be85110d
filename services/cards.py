"""What a chat is shown of an article."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.chats import CollectionId
from domain.jobs import JobKind, NewJob
from domain.ledger import Card
from services import Services
from services.access import Right, allowed
from services.batches import tell_job
from services.relations import with_relations
from services.stories import story_of
from services.watching import names_in
from storage import articles, batches, claims, persons, reprints
from storage.connection import Reader, Writer


def card_job(article: int, chat: int, occasion: str, run_at: datetime | None = None) -> NewJob:
    """Return the job that makes the chat's message about the article show how the article stands by then.

    Each ``occasion`` (a note while it is read, its being read, …) has one such job.
    """
    payload = {"what": "card", "article": article, "chat": chat}
    lane = f"card:{article}:{chat}"
    return NewJob(JobKind.SEND, f"{lane}:{occasion}", payload, lane, run_at)


@dataclass(frozen=True, slots=True)
class Showing:
    """An article's card, by which message its chat is shown it, or that it is told of it together with others.

    ``language`` is the one that was chosen in the chat.
    """

    card: Card
    message: int | None
    in_batch: bool
    language: str | None


async def show(services: Services, chat: int, article: int) -> Card | None:
    """Return the article's card, or None where the chat's collection has no such article."""
    found = await showing(services, chat, article)
    return found.card if found else None


async def showing(services: Services, chat: int, article: int) -> Showing | None:
    """Return how the chat is to be shown the article, or None where its collection has no such article."""

    async def look(db: Reader) -> Showing | None:
        known = await allowed(db, chat, Right.READ)
        card = await _card(db, known.collection, article) if known else None
        if known is None or card is None:
            return None
        card = replace(card, watched=await names_in(db, known, article))
        message = await articles.card_message(db, article, chat)
        in_batch = message is None and await batches.batch_of(db, article, chat) is not None
        return Showing(card, message, in_batch, known.language)

    return await services.database.look(look)


async def show_job(services: Services, db: Writer, article: int, chat: int, occasion: str) -> NewJob:
    """Return the job that shows the chat how an article stands: by its card, or by the message of its batch."""
    batch = await batches.batch_of(db, article, chat)
    if batch is not None and await articles.card_message(db, article, chat) is None:
        return tell_job(batch, chat, services.clock())
    # From now on: what is found out while the card is under way is shown there next.
    await articles.to_be_shown(db, article, chat)
    return card_job(article, chat, occasion)


async def show_again(services: Services, db: Writer, article: int, occasion: str) -> None:
    """Have every chat that is shown an article see how it stands now."""
    # Numbers in the occasion may be given again, and what was shown once is remembered.
    this_time = f"{occasion} {services.clock().isoformat()}"
    for chat in await articles.chats_with_card(db, article):
        await services.queue.put(db, [await show_job(services, db, article, chat, this_time)])


async def card_shown(services: Services, chat: int, article: int, message: int) -> None:
    """Keep by which message the chat is shown the article."""
    await services.database.note(lambda db: articles.set_card_message(db, article, chat, message))


async def _card(db: Reader, collection: CollectionId, article: int) -> Card | None:
    stored = await articles.find(db, collection, article)
    if stored is None:
        return None
    head, further = await reprints.standing(db, article)
    first = await articles.find(db, collection, head) if head is not None else None
    found = await claims.of_article(db, collection, article)
    return Card(
        article=stored.reference,
        state=stored.state,
        failure=stored.failure,
        metadata=stored.metadata,
        claims=tuple(await with_relations(db, collection, found)),
        people=tuple(await persons.of_article(db, article)),
        reprint_of=first.reference if first else None,
        reprints=further,
        reading=stored.reading,
        story=await story_of(db, collection, article),
    )
