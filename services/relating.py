"""After an article has been read: what its claims are to those of others, and which story it belongs to."""

from services import Services
from services.cards import show_job
from services.relations import relate_claims
from services.stories import settle
from storage import articles


async def relate(services: Services, article: int, occasion: str) -> None:
    """Tie an article to the others of its collection, and bring the cards up to date that tell of it.

    Cards of other articles change, too: a claim that is denied now is shown with its denial.
    """
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, article)
    if collection is None:
        return
    touched = await relate_claims(services, collection, article)
    touched |= await settle(services, collection, article)
    async with services.database.transaction() as db:
        for each in sorted(touched):
            for chat in await articles.chats_with_card(db, each):
                job = await show_job(services, db, each, chat, f"related to {article}: {occasion}")
                await services.queue.put(db, [job])
