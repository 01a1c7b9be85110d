"""What can be put right in an article, and where in its text it stands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from domain.chats import CollectionId
from domain.correcting import ClaimPlace, PersonPlace
from domain.extraction import Factuality, Mention, Span
from domain.ledger import PersonReference
from storage import persons
from storage.connection import Reader, Row


@dataclass(frozen=True, slots=True)
class PlacedClaim:
    """A claim, and the pieces of its content."""

    place: ClaimPlace
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PlacedPerson:
    """A person of an article, and where it names them."""

    place: PersonPlace
    mentions: tuple[Mention, ...]


async def claims_of(db: Reader, collection: CollectionId, article: int) -> Sequence[PlacedClaim]:
    """Return an article's claims: key claims, best first, then the others in the order of the text."""
    rows = await db.all(
        """SELECT cl.id, cl.text, cl.spans, cl.factuality, cl.kind, cl.source_text, p.canonical_id AS person
        FROM claims cl LEFT JOIN persons p ON p.id = cl.source_person_id
        WHERE cl.article_id = :article AND cl.collection_id = :collection
        ORDER BY cl.rank IS NULL, cl.rank, cl.position""",
        article=article,
        collection=collection,
    )
    return [_claim(row) for row in rows]


async def people_of(db: Reader, collection: CollectionId, article: int) -> Sequence[PlacedPerson]:
    """Return an article's people in the order in which it names them."""
    rows = await db.all(
        """SELECT m.person_id, m.start, m."end", m.text, c.id AS shown_as, c.name AS shown_name
        FROM mentions m JOIN persons p ON p.id = m.person_id JOIN persons c ON c.id = p.canonical_id
        WHERE m.article_id = :article AND p.collection_id = :collection ORDER BY m.start""",
        article=article,
        collection=collection,
    )
    by_person: dict[int, list[Row]] = {}
    for row in rows:
        by_person.setdefault(row["person_id"], []).append(row)
    return [_person(found) for found in by_person.values()]


async def articles_naming(
    db: Reader, collection: CollectionId, person: int, limit: int, offset: int
) -> Sequence[tuple[int, int]]:
    """Return the articles that name somebody, newest first, each with the row under which it files them."""
    known = await persons.find(db, collection, person)
    rows_of = {f"row{index}": row for index, row in enumerate(await persons.members(db, person))}
    if known is None:
        return []
    newest = [
        f"""SELECT * FROM (
            SELECT article_id, person_id, seen_at FROM person_articles WHERE person_id = :{name}
            ORDER BY seen_at DESC, article_id DESC LIMIT :most
        ) chosen"""
        for name in rows_of
    ]
    rows = await db.all(
        f"""{" UNION ALL ".join(newest)} ORDER BY seen_at DESC, article_id DESC LIMIT :limit OFFSET :offset""",
        most=limit + offset,
        limit=limit,
        offset=offset,
        **rows_of,
    )
    return [(row["article_id"], row["person_id"]) for row in rows]


async def claims_with(db: Reader, article: int, person: int) -> Sequence[int]:
    """Return the claims of an article by and about somebody whom it files under this row."""
    rows = await db.all(
        """SELECT DISTINCT cl.id FROM claims cl JOIN claim_persons cp ON cp.claim_id = cl.id
        WHERE cl.article_id = :article AND cp.person_id = :person ORDER BY cl.id""",
        article=article,
        person=person,
    )
    return [row["id"] for row in rows]


async def in_claims(db: Reader, article: int) -> Sequence[int]:
    """Return the rows under which the article's claims have those who make them or are named in them."""
    rows = await db.all(
        """SELECT DISTINCT cp.person_id FROM claims cl JOIN claim_persons cp ON cp.claim_id = cl.id
        WHERE cl.article_id = :article""",
        article=article,
    )
    return [row["person_id"] for row in rows]


def _claim(row: Row) -> PlacedClaim:
    place = ClaimPlace(
        row["id"],
        row["text"],
        Factuality(row["factuality"]),
        row["kind"] is not None,
        row["source_text"],
        row["person"],
    )
    return PlacedClaim(place, tuple(Span(start, end) for start, end in json.loads(row["spans"])))


def _person(rows: Sequence[Row]) -> PlacedPerson:
    first = rows[0]
    name = max((row["text"] for row in rows), key=len)
    shown_as = PersonReference(first["shown_as"], first["shown_name"], 0)
    mentions = tuple(Mention(row["text"], Span(row["start"], row["end"])) for row in rows)
    return PlacedPerson(PersonPlace(first["person_id"], name, shown_as), mentions)
