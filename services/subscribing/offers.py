"""What there is to limit a digest to: the people, publishers and languages of the collection that a chat sees."""

from collections.abc import Sequence

from domain.ledger import NobodyFound, PersonReference, SeveralPersons
from services import Services
from services.access import Right, allowed
from services.asking import people
from storage import outlets, persons

# As many as fit below a message.
MOST = 12
_LONGEST = 200


async def people_called(services: Services, chat: int, name: str) -> PersonReference | SeveralPersons | NobodyFound:
    """Return whom a name means, in whole, in part or misspelt; several, or who is near, where it is not sure."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return NobodyFound(name, ())
        return await people.find(db, known.collection, name[:_LONGEST])


async def people_of(services: Services, chat: int, numbers: Sequence[int]) -> Sequence[PersonReference]:
    """Return those of the numbers' persons who are in the collection that the chat sees."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return []
        found = [await persons.find(db, known.collection, number) for number in numbers]
    return [each for each in found if each is not None]


async def publishers(services: Services, chat: int) -> Sequence[str]:
    """Return who published most of the newest articles."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await outlets.publishers(db, known.collection, MOST) if known else []


async def languages(services: Services, chat: int) -> Sequence[str]:
    """Return in which languages most of the newest articles are."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await outlets.languages(db, known.collection, MOST) if known else []
