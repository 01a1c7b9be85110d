"""How long a collection keeps its articles."""

from datetime import timedelta

from domain.chats import CollectionId
from services import Services
from services.access import Right, allowed
from services.cards import show_again
from storage import erasing, forgotten

# So many articles go in a minute, at most; an archive of a hundred thousand takes a day or two.
A_MINUTE = 50


async def kept_days(services: Services, chat: int) -> int | None:
    """Return for how many days what a chat sees is kept; None is for good."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await erasing.kept_days(db, known.collection) if known else None


async def keep_for(services: Services, chat: int, days: int | None) -> bool:
    """Have the collection that a chat owns keep an article for so many days; False where that is not allowed."""
    async with services.database.transaction() as db:
        known = await allowed(db, chat, Right.MANAGE)
        if known is None:
            return False
        await erasing.keep_for(db, known.collection, days)
    return True


async def older(services: Services, chat: int, days: int) -> int:
    """Return how many articles that a chat sees came in more than so many days ago."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await erasing.older(db, known.collection, services.clock() - timedelta(days=days)) if known else 0


async def erase_old(services: Services) -> int:
    """Erase some of the articles that are older than their collections keep them; return how many.

    One that cannot be erased does not keep the others; what was wrong is raised when they are gone.
    """
    async with services.database.reading() as db:
        old = await erasing.outdated(db, services.clock(), A_MINUTE)
    faults: list[Exception] = []
    for article, collection in old:
        try:
            # One at a time: what people do goes between.
            await _erase(services, article, collection)
        except Exception as fault:  # noqa: BLE001  # whatever it is, the others are to go; it is raised below
            faults.append(fault)
    if faults:
        raise ExceptionGroup("old articles that cannot be erased", faults)
    return len(old)


async def _erase(services: Services, article: int, collection: CollectionId) -> None:
    async with services.database.transaction() as db:
        neighbours = await forgotten.neighbours(db, article)
        await erasing.erase_article(db, collection, article, services.clock())
        for each in neighbours:
            await show_again(services, db, each, f"erased {article}")
