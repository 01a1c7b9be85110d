"""After an article has been read: what its claims are to those of others, and which story it belongs to."""

from functools import partial

from domain.chats import CollectionId
from services import Services, relations, stories
from services.cards import show_again
from services.relations import Material
from services.stories import About
from storage import articles
from storage.connection import Reader, Writer


async def relate(services: Services, article: int, occasion: str) -> None:
    """Tie an article to the others of its collection, and bring the cards up to date that tell of it.

    Cards of other articles change, too: a claim that is denied now is shown with its denial. They are queued together
    with what they tell, so that a power cut between the two cannot lose them. Those of a collection are related one
    after the other: what is looked up before the transaction is still so in it.
    """
    looked_up = await services.database.look(partial(_look_up, article))
    if looked_up is None:
        return
    collection, material, about = looked_up
    found = await relations.compared(material)

    async def keep(db: Writer) -> None:
        concerned = await relations.keep(collection, article, material, found, db)
        concerned |= await stories.place(collection, article, about, db)
        for each in sorted(concerned):
            await show_again(services, db, each, f"related to {article}: {occasion}")

    await services.database.transact(keep, alone=True)


async def _look_up(article: int, db: Reader) -> tuple[CollectionId, Material, About] | None:
    collection = await articles.collection_of(db, article)
    about = await stories.about(collection, article, db) if collection is not None else None
    if collection is None or about is None:
        return None
    return collection, await relations.gather(collection, article, db), about
