"""After an article has been read: what its claims are to those of others, and which story it belongs to."""

from services import Services
from services.cards import show_again
from services.relations import Then, relate_claims
from services.stories import settle
from storage import articles
from storage.connection import Writer


async def relate(services: Services, article: int, occasion: str) -> None:
    """Tie an article to the others of its collection, and bring the cards up to date that tell of it.

    Cards of other articles change, too: a claim that is denied now is shown with its denial. They are queued together
    with what they tell, so that a power cut between the two cannot lose them.
    """

    def show(why: str) -> Then:
        async def queue(db: Writer, concerned: set[int]) -> None:
            for each in sorted(concerned):
                await show_again(services, db, each, f"{why} {article}: {occasion}")

        return queue

    async with services.database.reading() as db:
        collection = await articles.collection_of(db, article)
    if collection is not None:
        await relate_claims(services, collection, article, show("tied to"))
        await settle(services, collection, article, show("of one story with"))
