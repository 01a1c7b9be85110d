"""Whom somebody may mean by a name, and where somebody is named."""

from collections.abc import Sequence
from dataclasses import replace

from domain.chats import CollectionId
from domain.ledger import ArticleReference, PersonReference
from services import Services
from services.access import Right, allowed
from storage import articles, persons, places
from storage.connection import Reader
from storage.values import normalise

MOST = 6
PAGE = 8
# As much of a name as is looked up.
MOST_WORDS = 8
LONGEST_WORD = 40


async def called(services: Services, chat: int, name: str, without: int = 0) -> tuple[PersonReference, ...]:
    """Return the persons of the chat's collection who bear a name, or part of it, the likeliest first."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return ()
        found = {each.id: each for each in await _called(db, known.collection, name) if each.id != without}
        return tuple([await _told_apart(db, each) for each in list(found.values())[:MOST]])


async def _told_apart(db: Reader, person: PersonReference) -> PersonReference:
    """Return a person with their newest role, and when they were named last."""
    roles, seen = await persons.roles_of(db, person.id), await persons.seen(db, person.id)
    return replace(person, role=roles[0].job_title if roles else None, last_seen=seen[1] if seen else None)


async def are_one(services: Services, chat: int, name: str) -> bool:
    """Return whether exactly one person of the chat's collection bears just this name."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.CORRECT)
        return known is not None and len(await persons.bearers(db, known.collection, name)) == 1


async def person(services: Services, chat: int, number: int) -> PersonReference | None:
    """Return a person of the chat's collection."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await persons.find(db, known.collection, number) if known else None


async def named_in(
    services: Services, chat: int, number: int, page: int
) -> tuple[Sequence[tuple[ArticleReference, int]], bool]:
    """Return a page of the articles that name somebody, newest first, each with the row under which it files them.

    The second value tells whether there are older ones.
    """
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return (), False
        rows = await places.articles_naming(db, known.collection, number, PAGE + 1, page * PAGE)
        stored = [(await articles.find(db, known.collection, article), row) for article, row in rows[:PAGE]]
    return [(each.reference, row) for each, row in stored if each is not None], len(rows) > PAGE


async def _called(db: Reader, collection: CollectionId, name: str) -> list[PersonReference]:
    words = [word[:LONGEST_WORD] for word in normalise(name).split()[:MOST_WORDS]]
    if not words:
        return []
    found = [*await persons.find_by_words(db, collection, words, MOST + 1)]
    typed = " ".join(word[:LONGEST_WORD] for word in name.split()[:MOST_WORDS])
    found += await persons.find_by_sound(db, collection, typed, MOST + 1)
    # A surname says more than what stands before it.
    for word in reversed(words):
        found += await persons.find_by_words(db, collection, [word], MOST + 1)
    return found
