"""Whom a name means: in whole, in part, misspelt, or by what they are ("the prosecutor")."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from domain.chats import CollectionId
from domain.ledger import LedgerClaim, NobodyFound, PersonReference, SeveralPersons
from services.asking.topics import beginnings, meaning, with_all
from storage import asked, persons
from storage.asked import Wanted
from storage.connection import Reader
from storage.values import normalise

CANDIDATES = 6
# A name of more words is cut: each word costs a look into an index.
MOST_WORDS = 12
LONGEST_WORD = 40
# Above this likeness (Dice's coefficient over trigrams) a single near name is taken for a slip of the finger.
SURELY_MEANT = 0.65
# Whoever is called by a role is sought among so many claims.
_CALLED = 60
# What is behind a title and one of these is where the title holds.
_JOINS = frozenset({"of", "for", "in", "at"})


async def find(db: Reader, collection: CollectionId, name: str) -> PersonReference | SeveralPersons | NobodyFound:
    """Return whom the name means; several where it may mean any of them, the most named first."""
    found = await bearers(db, collection, name)
    if len(found) == 1:
        return found[0]
    if found:
        return SeveralPersons(await told_apart(db, found))
    words = words_of(name)
    return await _nearest(db, collection, name, words) if words else NobodyFound(name, ())


async def told_apart(db: Reader, people: Sequence[PersonReference]) -> tuple[PersonReference, ...]:
    """Return people to choose from, those of one name with their newest role."""
    names = Counter(person.name for person in people)
    return tuple([await _with_role(db, person) if names[person.name] > 1 else person for person in people])


async def _with_role(db: Reader, person: PersonReference) -> PersonReference:
    roles = await persons.roles_of(db, person.id)
    return replace(person, role=roles[0].job_title) if roles else person


async def bearers(db: Reader, collection: CollectionId, name: str) -> Sequence[PersonReference]:
    """Return the persons who bear a name in any spelling that is none of the asker's slips, the most named first."""
    words = words_of(name)
    if not words:
        return []
    found = await persons.find_by_words(db, collection, words, CANDIDATES)
    # One letter over and over sounds like that letter, which is somebody's initial.
    if not found and not any(len(word) > 1 == len(set(word)) for word in words):
        as_asked = " ".join(word[:LONGEST_WORD] for word in name.split()[:MOST_WORDS])
        found = await persons.find_by_sound(db, collection, as_asked, CANDIDATES)
    # One word, a surname say, may mean any of its bearers; two are a person's name.
    if len(found) > 1 and len(words) > 1:
        exact = await persons.bearers(db, collection, name)
        whole = [person for person in found if person.id in exact]
        found = whole if len(whole) == 1 else found
    return found


def words_of(text: str) -> list[str]:
    """Return the normalised words of a name, as many and as long as are looked up."""
    return [word[:LONGEST_WORD] for word in normalise(text).split()[:MOST_WORDS]]


def without_title(name: str) -> str:
    """Return a name without the titles before it; "the mayor" and "the mayor of Oru" name nobody and stay."""
    words = name.split()
    while len(words) > 1 and words[0].casefold().strip(".") in _titles():
        words = words[1:]
    first = words[0].casefold() if words else ""
    nobody = first in _JOINS or (len(words) == 1 and first in _titles())
    return name if nobody else " ".join(words)


async def called(db: Reader, collection: CollectionId, role: str) -> Sequence[LedgerClaim]:
    """Return the newest claims of those whom articles call so: "the prosecutor", "the auditors"."""
    words = beginnings(role)
    if not words:
        return []
    found = await asked.by_words(db, collection, with_all(words, meaning(role)), Wanted(sourced=True), _CALLED)
    return [claim for claim in found if _is_called(claim, meaning(role))]


def those_called(found: Sequence[LedgerClaim]) -> list[int]:
    """Return the persons among the claimants, the most frequent first."""
    counted = Counter(claim.claimant.person for claim in found if claim.claimant and claim.claimant.person is not None)
    return [person for person, _ in counted.most_common(CANDIDATES)]


def _is_called(claim: LedgerClaim, words: Sequence[str]) -> bool:
    if claim.claimant is None:
        return False
    text = f" {normalise(claim.claimant.text)} {normalise(claim.claimant.job_title or '')} "
    return all(f" {word} " in text for word in words)


async def _nearest(
    db: Reader, collection: CollectionId, name: str, words: Sequence[str]
) -> PersonReference | NobodyFound:
    alike = [await persons.words_like(db, collection, word, limit=3) for word in words]
    if all(alike) and all(best[0][1] >= SURELY_MEANT for best in alike):
        meant = await persons.find_by_words(db, collection, [best[0][0] for best in alike], CANDIDATES)
        if len(meant) == 1:
            return meant[0]
    near: dict[int, PersonReference] = {}
    # Of words that are equally like, the longer one says more.
    for word, _ in sorted((pair for pairs in alike for pair in pairs), key=lambda pair: (-pair[1], -len(pair[0]))):
        if len(near) < CANDIDATES:
            near |= {person.id: person for person in await persons.find_by_words(db, collection, [word], CANDIDATES)}
    return NobodyFound(name, tuple(near.values())[:CANDIDATES])


@cache
def _titles() -> frozenset[str]:
    text = (files("services.asking") / "data" / "questions.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["titles"])
