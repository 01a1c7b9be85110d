"""Answers from the whole collection: who a person is, who says or denies what, and where words stand."""

from domain.ledger import Dossier, Finds, NobodyFound, PersonReference, WhoAnswer
from services import Services
from services.access import Right, allowed
from services.asking import people
from services.asking.answering import answer
from services.asking.dossiers import PAGE, dossier_of
from services.asking.finding import finds, full_text_expression
from services.asking.people import CANDIDATES
from storage import persons
from storage.connection import Reader

__all__ = ["CANDIDATES", "PAGE", "answer", "dossier", "full_text_expression", "known_by_name", "search", "who"]


async def who(services: Services, chat: int, name: str) -> WhoAnswer:
    """Answer who bears ``name``: in whole, in part or misspelt."""

    async def look(db: Reader) -> WhoAnswer:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return NobodyFound(name, ())
        found = await people.find(db, known.collection, name)
        if isinstance(found, PersonReference):
            return await dossier_of(db, known.collection, found, page=0)
        return found

    return await services.database.look(look)


async def dossier(
    services: Services, chat: int, person: int, page: int = 0, *, only_said: bool = False
) -> Dossier | None:
    """Return what is known of a person, or None where the chat's collection has no such person.

    ``page`` counts from 0; each page is older than the one before. ``only_said`` leaves out what others say about them.
    """

    async def look(db: Reader) -> Dossier | None:
        known = await allowed(db, chat, Right.READ)
        found = await persons.find(db, known.collection, person) if known else None
        if known is None or found is None:
            return None
        return await dossier_of(db, known.collection, found, page, only_said=only_said)

    return await services.database.look(look)


async def known_by_name(services: Services, chat: int, name: str) -> tuple[Dossier, ...]:
    """Return what is known of each person whom a name may mean; nobody where it means none for sure."""

    async def look(db: Reader) -> tuple[Dossier, ...]:
        known = await allowed(db, chat, Right.READ)
        found = await people.find(db, known.collection, name) if known else NobodyFound(name, ())
        if known is None or isinstance(found, NobodyFound):
            return ()
        several = (found,) if isinstance(found, PersonReference) else found.candidates
        return tuple([await dossier_of(db, known.collection, person, page=0) for person in several])

    return await services.database.look(look)


async def newest_named(services: Services, chat: int) -> tuple[Dossier, ...]:
    """Return what is known of those whom the newest articles name."""

    async def look(db: Reader) -> tuple[Dossier, ...]:
        known = await allowed(db, chat, Right.READ)
        newest = await persons.newest_named(db, known.collection, CANDIDATES) if known else ()
        return tuple([await dossier_of(db, known.collection, each, page=0) for each in newest]) if known else ()

    return await services.database.look(look)


async def search(services: Services, chat: int, words: str, page: int = 0) -> Finds:
    """Return a page of the claims and articles that have all the words, newest first; the last may be half a word."""

    async def look(db: Reader) -> Finds:
        known = await allowed(db, chat, Right.READ)
        return await finds(db, known.collection, words, page) if known else Finds(words, (), ())

    return await services.database.look(look)
