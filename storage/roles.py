"""Who is said to hold an office, found by the words of the articles that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.chats import CollectionId
from domain.ledger import PersonReference, Role
from storage.connection import Reader
from storage.full_text import ARTICLES, listed, newest
from storage.values import from_text

# Of the articles that have the words, those that came last are looked at.
_ARTICLES = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A role that an article gives a person."""

    person: PersonReference
    role: Role


async def in_articles_with(db: Reader, collection: CollectionId, match: str) -> Sequence[Held]:
    """Return the roles of all who have one in the collection's articles that fit ``match``, newest first."""
    numbers = await newest(db, ARTICLES, collection, match, _ARTICLES)
    rows = await db.all(
        f"""SELECT DISTINCT p.id, p.name, p.articles, r.job_title, r.seen_at
        FROM roles r JOIN persons row ON row.id = r.person_id JOIN persons p ON p.id = row.canonical_id
        WHERE r.article_id IN ({listed(numbers)}) ORDER BY r.seen_at DESC, p.id, r.job_title"""
    )
    return [
        Held(
            PersonReference(row["id"], row["name"], row["articles"]), Role(row["job_title"], from_text(row["seen_at"]))
        )
        for row in rows
    ]
