"""Answers from the whole collection: who a person is, and where words stand."""

from collections.abc import Sequence

from domain.ledger import Dossier, Finds, NobodyFound, PersonReference, SeveralPersons, WhoAnswer
from services import Services
from storage import articles, chats, claims, persons
from storage.claims import Part
from storage.connection import Reader
from storage.values import normalise

CANDIDATES = 6
# A name or a search of more words is cut: each word costs a look into an index.
MOST_WORDS = 12
LONGEST_WORD = 40
PAGE = 5
# Above this likeness (Dice's coefficient over trigrams) a single near name is taken for a slip of the finger.
SURELY_MEANT = 0.65


async def who(services: Services, chat: int, name: str) -> WhoAnswer:
    """Answer who bears ``name``: in whole, in part or misspelt."""
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
        if known is None:
            return NobodyFound(name, ())
        found = await _find(db, known.collection, name)
        if isinstance(found, PersonReference):
            return await _dossier(db, known.collection, found, page=0)
        return found


async def dossier(services: Services, chat: int, person: int, page: int = 0) -> Dossier | None:
    """Return what is known of a person, or None where the chat's collection has no such person.

    ``page`` counts from 0; each page is older than the one before.
    """
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
        found = await persons.find(db, known.collection, person) if known else None
        if known is None or found is None:
            return None
        return await _dossier(db, known.collection, found, page)


async def search(services: Services, chat: int, words: str) -> Finds:
    """Return the newest claims and articles that have all the words; the last may be half a word."""
    match = full_text_expression(words)
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
        if known is None or not match:
            return Finds(words, (), ())
        found = await claims.search(db, known.collection, match, limit=PAGE)
        stand_in = await articles.search(db, known.collection, match, limit=PAGE)
    return Finds(words, tuple(found), tuple(stand_in))


def full_text_expression(words: str) -> str:
    """Return an expression that asks for every word; quoted, so that no word is taken for an operator."""
    return " ".join(f'"{word}"*' for word in _words(words))


def _words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in normalise(text).split()[:MOST_WORDS]]


async def _find(db: Reader, collection: int, name: str) -> PersonReference | SeveralPersons | NobodyFound:
    words = _words(name)
    if not words:
        return NobodyFound(name, ())
    found = await persons.find_by_words(db, collection, words, CANDIDATES)
    if not found:
        as_asked = " ".join(word[:LONGEST_WORD] for word in name.split()[:MOST_WORDS])
        found = await persons.find_by_sound(db, collection, as_asked, CANDIDATES)
    # One word, a surname say, may mean any of its bearers; two are a person's name.
    if len(found) > 1 and len(words) > 1:
        exact = await persons.bearers(db, collection, name)
        whole = [person for person in found if person.id in exact]
        found = whole if len(whole) == 1 else found
    if len(found) == 1:
        return found[0]
    return SeveralPersons(tuple(found)) if found else await _nearest(db, collection, name, words)


async def _nearest(db: Reader, collection: int, name: str, words: Sequence[str]) -> PersonReference | NobodyFound:
    alike = [await persons.words_like(db, collection, word, limit=3) for word in words]
    if all(alike) and all(best[0][1] >= SURELY_MEANT for best in alike):
        meant = await persons.find_by_words(db, collection, [best[0][0] for best in alike], CANDIDATES)
        if len(meant) == 1:
            return meant[0]
    near: dict[int, PersonReference] = {}
    # Of words that are equally like, the longer one says more.
    for word, _ in sorted((pair for pairs in alike for pair in pairs), key=lambda pair: (-pair[1], -len(pair[0]))):
        near |= {person.id: person for person in await persons.find_by_words(db, collection, [word], CANDIDATES)}
    return NobodyFound(name, tuple(near.values())[:CANDIDATES])


async def _dossier(db: Reader, collection: int, person: PersonReference, page: int) -> Dossier:
    seen = await persons.seen(db, person.id)
    by = await claims.of_person(db, collection, person.id, Part.SOURCE, PAGE + 1, page * PAGE)
    about = await claims.of_person(db, collection, person.id, Part.ABOUT, PAGE + 1, page * PAGE)
    return Dossier(
        person=person,
        names=tuple(name for name in await persons.names_of(db, person.id) if name != person.name),
        roles=tuple(await persons.roles_of(db, person.id)),
        first_seen=seen[0] if seen else None,
        last_seen=seen[1] if seen else None,
        claims_by=tuple(by[:PAGE]),
        claims_about=tuple(about[:PAGE]),
        page=page,
        has_older=len(by) > PAGE or len(about) > PAGE,
    )
