"""What pictures of people show, counted where the claims lie: a person may have fifty thousand of them.

Of whoever is in very many, only the newest are counted, by whole days. What a reprint only says again does not count.
A person is everybody whom they are the same as.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.chats import CollectionId
from domain.extraction import Factuality
from domain.ledger import RelationKind, RelationState
from domain.pictures import DayTally, Tally, Voice
from storage.connection import Reader, Row
from storage.full_text import listed
from storage.news import MOST_NAMED, NEW
from storage.reprints import TOLD_FIRST
from storage.values import bound, to_text

# So many of the newest claims by a person, and of those about them, are counted.
MOST_CLAIMS = 3_000
_NEGATIVE = ", ".join(f"'{each.value}'" for each in (Factuality.DENIED, Factuality.IMPROBABLE, Factuality.NOT_POSSIBLE))
_TIES = f"rel.kind = '{RelationKind.DENIES.value}' AND rel.state = '{RelationState.CONFIRMED.value}'"
# Of a claim `cl`: it denies something, by its cue or by what it is to another claim; and another one denies it.
_DENIES = f"""((cl.factuality IN ({_NEGATIVE}) AND CAST(json_extract(cl.gist, '$[3]') AS TEXT) = '1')
    OR EXISTS (SELECT 1 FROM claim_relations rel WHERE rel.claim_id = cl.id AND {_TIES}))"""
_DENIED = f"EXISTS (SELECT 1 FROM claim_relations rel WHERE rel.other_id = cl.id AND {_TIES})"
_MEMBERS = "(SELECT same.id FROM persons same WHERE same.canonical_id = :person)"
# Of a claim `cl` about somebody: they do not make it themselves.
_BY_OTHERS = f"(cl.source_person_id IS NULL OR cl.source_person_id NOT IN {_MEMBERS})"
_COUNTS = f"""COUNT(DISTINCT cl.id) AS claims,
    COUNT(DISTINCT CASE WHEN {_DENIES} OR {_DENIED} THEN cl.id END) AS denials"""

# Of a claim `cl`: whom `p` it is by or about, and who makes it.
_WHOSE = """JOIN claim_persons cp ON cp.claim_id = cl.id AND cp.part IN ('source', 'about')
    JOIN persons named ON named.id = cp.person_id JOIN persons p ON p.id = named.canonical_id
    LEFT JOIN persons speaker ON speaker.id = cl.source_person_id"""
_ABOUT_BY_OTHERS = "(cp.part = 'about' AND (speaker.canonical_id IS NULL OR speaker.canonical_id <> p.id))"

# Who makes a claim `told`, where it is no person `other`: whom its article `a` names, or the article's outlet.
_CALLED = """CASE WHEN told.kind IS NULL THEN a.publisher || ' (outlet)'
    WHEN other.id IS NULL THEN told.source_text END AS called"""


@dataclass(frozen=True, slots=True)
class Heard:
    """In how many claims somebody speaks, or is spoken about: a person by number, else who has, or has not, a name."""

    person: int | None
    name: str | None
    claims: int
    denials: int


async def days(db: Reader, collection: CollectionId, person: int) -> tuple[Sequence[DayTally], int]:
    """Return the days of articles with claims by or about a person, oldest first, and how many claims are older still.

    Those are counted as they are, with what reprints say again.
    """
    counted_from = await since(db, [person])
    by = await _by_day(db, collection, person, counted_from, "source", _DENIES, "TRUE")
    about = await _by_day(db, collection, person, counted_from, "about", _DENIED, _BY_OTHERS)
    tallies = [
        DayTally(date.fromisoformat(day), by.get(day, Tally()), about.get(day, Tally()))
        for day in sorted({*by, *about})
    ]
    older = await db.one(
        f"""SELECT COUNT(*) AS claims FROM claim_persons
        WHERE person_id IN {_MEMBERS} AND part IN ('source', 'about') AND seen_at < :since""",
        person=person,
        since=counted_from,
    )
    return tallies, older["claims"] if older else 0


async def since(db: Reader, people: Collection[int]) -> str:
    """Return the first day from which on the claims of all these people are counted."""
    numbers = {f"person{index}": person for index, person in enumerate(people)}
    places = bound(numbers)
    row = await db.one(
        f"""SELECT MAX(oldest) AS oldest, MAX(newest) AS newest FROM (
            SELECT (
                SELECT cp.seen_at FROM claim_persons cp WHERE cp.person_id = same.id AND cp.part = parts.part
                ORDER BY cp.seen_at DESC LIMIT 1 OFFSET :most
            ) AS oldest, (
                SELECT MAX(cp.seen_at) FROM claim_persons cp WHERE cp.person_id = same.id AND cp.part = parts.part
            ) AS newest
            FROM persons same CROSS JOIN (SELECT 'source' AS part UNION ALL SELECT 'about') parts
            WHERE same.canonical_id IN ({places})
        ) each""",
        most=MOST_CLAIMS,
        **numbers,
    )
    if row is None or row["oldest"] is None:
        return ""
    oldest, newest = str(row["oldest"]), str(row["newest"])
    next_day = date.fromisoformat(oldest[:10]) + timedelta(days=1)
    # What came all on one day, as an import may, is counted whole.
    return min(next_day.isoformat(), newest[:10])


async def _by_day(
    db: Reader, collection: CollectionId, person: int, counted_from: str, part: str, denial: str, condition: str
) -> dict[str, Tally]:
    rows = await db.all(
        f"""SELECT substr(cp.seen_at, 1, 10) AS day, COUNT(DISTINCT cl.id) AS claims,
            COUNT(DISTINCT CASE WHEN {denial} THEN cl.id END) AS denials
        FROM claim_persons cp JOIN claims cl ON cl.id = cp.claim_id
        WHERE cp.person_id IN {_MEMBERS} AND cp.part = :part AND cl.collection_id = :collection
            AND cp.seen_at >= :since AND {condition} AND {TOLD_FIRST}
        GROUP BY day""",
        since=counted_from,
        person=person,
        part=part,
        collection=collection,
    )
    return {row["day"]: Tally(row["claims"], row["denials"]) for row in rows}


async def speaks_about(db: Reader, collection: CollectionId, person: int, counted_from: str) -> Sequence[Heard]:
    """Return about whom the person speaks."""
    rows = await db.all(
        f"""SELECT other.canonical_id AS person, NULL AS called, {_COUNTS}
        FROM claim_persons cp JOIN claims cl ON cl.id = cp.claim_id
        JOIN claim_persons named ON named.claim_id = cl.id AND named.part = 'about'
        JOIN persons other ON other.id = named.person_id
        WHERE cp.person_id IN {_MEMBERS} AND cp.part = 'source' AND cp.seen_at >= :since
            AND cl.collection_id = :collection
            AND other.canonical_id <> :person AND {TOLD_FIRST}
        GROUP BY other.canonical_id""",
        since=counted_from,
        person=person,
        collection=collection,
    )
    return [_heard(row) for row in rows]


async def denies(db: Reader, collection: CollectionId, person: int, counted_from: str) -> Sequence[Heard]:
    """Return whose claims the person is known to deny in claims that do not name them."""
    rows = await db.all(
        f"""SELECT other.canonical_id AS person, {_CALLED}, COUNT(DISTINCT cl.id) AS claims,
            COUNT(DISTINCT cl.id) AS denials
        FROM claim_persons cp JOIN claims cl ON cl.id = cp.claim_id
        JOIN claim_relations rel ON rel.claim_id = cl.id AND {_TIES} JOIN claims told ON told.id = rel.other_id
        JOIN articles a ON a.id = told.article_id LEFT JOIN persons other ON other.id = told.source_person_id
        WHERE cp.person_id IN {_MEMBERS} AND cp.part = 'source' AND cp.seen_at >= :since
            AND cl.collection_id = :collection
            AND (other.canonical_id IS NULL OR other.canonical_id <> :person) AND {TOLD_FIRST}
            AND NOT EXISTS (
                SELECT 1 FROM claim_persons named JOIN persons same ON same.id = named.person_id
                WHERE named.claim_id = cl.id AND named.part = 'about' AND same.canonical_id = other.canonical_id
            )
        GROUP BY 1, called""",
        since=counted_from,
        person=person,
        collection=collection,
    )
    return [_heard(row) for row in rows]


async def spoken_about_by(db: Reader, collection: CollectionId, person: int, counted_from: str) -> Sequence[Heard]:
    """Return who speaks about the person."""
    rows = await db.all(
        f"""SELECT other.canonical_id AS person, {_CALLED}, {_COUNTS}
        FROM claim_persons cp JOIN claims cl ON cl.id = cp.claim_id JOIN claims told ON told.id = cl.id
        JOIN articles a ON a.id = cl.article_id LEFT JOIN persons other ON other.id = cl.source_person_id
        WHERE cp.person_id IN {_MEMBERS} AND cp.part = 'about' AND cp.seen_at >= :since
            AND cl.collection_id = :collection
            AND (other.canonical_id IS NULL OR other.canonical_id <> :person) AND {TOLD_FIRST}
        GROUP BY 1, called""",
        since=counted_from,
        person=person,
        collection=collection,
    )
    return [_heard(row) for row in rows]


async def spoken_among(db: Reader, collection: CollectionId, people: Sequence[int]) -> Sequence[Voice]:
    """Return who of these people speaks about whom of them, most first."""
    counted_from = await since(db, people)
    numbers = {f"person{index}": person for index, person in enumerate(people)}
    places = bound(numbers)
    rows = await db.all(
        f"""SELECT speaker.canonical_id AS speaker, other.canonical_id AS about, {_COUNTS}
        FROM persons speaker
        JOIN claim_persons cp ON cp.person_id = speaker.id AND cp.part = 'source' AND cp.seen_at >= :since
        JOIN claim_persons named ON named.claim_id = cp.claim_id AND named.part = 'about'
        JOIN persons other ON other.id = named.person_id
        JOIN claims cl ON cl.id = cp.claim_id
        WHERE speaker.canonical_id IN ({places}) AND other.canonical_id IN ({places})
            AND speaker.canonical_id <> other.canonical_id AND cl.collection_id = :collection AND {TOLD_FIRST}
        GROUP BY speaker.canonical_id, other.canonical_id ORDER BY claims DESC, speaker, about""",
        collection=collection,
        since=counted_from,
        **numbers,
    )
    return [Voice(row["speaker"], row["about"], row["claims"], row["denials"]) for row in rows]


async def newsmakers(
    db: Reader, collection: CollectionId, articles: Collection[int]
) -> Sequence[tuple[int, str, Tally, Tally]]:
    """Return whom the claims of articles are by or about, most claims first: number, name, what they say, what others.

    What others say about somebody is what they do not say themselves.
    """
    rows = await db.all(
        f"""SELECT * FROM (
            SELECT p.id, p.name,
                COUNT(DISTINCT CASE WHEN cp.part = 'source' THEN cl.id END) AS says,
                COUNT(DISTINCT CASE WHEN cp.part = 'source' AND {_DENIES} THEN cl.id END) AS denying,
                COUNT(DISTINCT CASE WHEN {_ABOUT_BY_OTHERS} THEN cl.id END) AS said,
                COUNT(DISTINCT CASE WHEN {_ABOUT_BY_OTHERS} AND {_DENIED} THEN cl.id END) AS denied
            FROM claims cl {_WHOSE}
            WHERE cl.article_id IN ({listed(sorted(articles))}) AND cl.collection_id = :collection AND {TOLD_FIRST}
            GROUP BY p.id, p.name
        ) counted WHERE says + said > 0 ORDER BY says + said DESC, name, id""",
        collection=collection,
    )
    return [
        (row["id"], row["name"], Tally(row["says"], row["denying"]), Tally(row["said"], row["denied"])) for row in rows
    ]


async def claims_before(
    db: Reader, collection: CollectionId, people: Collection[int], since: datetime, until: datetime
) -> dict[int, int]:
    """Return how many claims by or about each of the people the articles have that were read in an earlier time."""
    rows = await db.all(
        f"""SELECT p.id, COUNT(DISTINCT cl.id) AS claims FROM (
            SELECT a.id FROM articles a WHERE {NEW} ORDER BY a.settled_at DESC LIMIT :most
        ) n JOIN claims cl ON cl.article_id = n.id {_WHOSE}
        WHERE p.id IN ({listed(sorted(people))}) AND (cp.part = 'source' OR {_ABOUT_BY_OTHERS}) AND {TOLD_FIRST}
        GROUP BY p.id""",
        collection=collection,
        since=to_text(since),
        until=to_text(until),
        most=MOST_NAMED,
    )
    return {row["id"]: row["claims"] for row in rows}


async def called(db: Reader, collection: CollectionId, people: Iterable[int]) -> dict[int, str]:
    """Return the names of persons by their numbers."""
    numbers = {f"person{index}": person for index, person in enumerate(people)}
    places = bound(numbers)
    rows = await db.all(
        f"SELECT id, name FROM persons WHERE collection_id = :collection AND id IN ({places})",
        collection=collection,
        **numbers,
    )
    return {row["id"]: row["name"] for row in rows}


def _heard(row: Row) -> Heard:
    return Heard(row["person"], row["called"], row["claims"], row["denials"])
