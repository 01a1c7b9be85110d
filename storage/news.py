"""What is new in a collection, as far as is needed to choose what a digest tells; the newest of very much."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.chats import CollectionId
from domain.digests import Trouble
from domain.extraction import Factuality
from domain.gists import unpacked
from domain.ledger import ArticleReference, RelationState
from storage.articles import FIRST_FORWARD, REFERENCE_COLUMNS, reference
from storage.connection import Reader
from storage.full_text import listed
from storage.reprints import OWN_VOICE
from storage.values import bound, from_text, to_text

# Of an article `a`: it was read in a period, and is not another one over again.
NEW = f"""a.collection_id = :collection AND a.settled_at >= :since AND a.settled_at < :until
    AND a.state = 'read' AND {OWN_VOICE}"""
# Of all whom new articles name, so many are compared with the days before.
MOST_NAMED = 3_000
# So many numbers go into one question: whoever waits for the event loop has a turn between two.
_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as filters look at it; ``story`` is None before it has been placed."""

    id: int
    story: int | None
    headline: str | None
    publisher: str | None
    channel: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim as it is weighed; ``words`` are those of source and content, normalised.

    In a ``correction`` an outlet takes back what it told before.
    """

    id: int
    article: int
    rank: int | None
    words: str
    correction: bool = False


class Tie(NamedTuple):
    """What a claim is to another one, as the value of a ``RelationKind``; there are thousands."""

    claim: int
    other: int
    kind: str


async def count(db: Reader, collection: CollectionId, since: datetime, until: datetime, most: int) -> int:
    """Return how many articles were read from ``since`` up to, not including, ``until``, ``most`` where more were."""
    row = await db.one(
        f"SELECT COUNT(*) AS articles FROM (SELECT 1 FROM articles a WHERE {NEW} LIMIT :most) n",
        collection=collection,
        since=to_text(since),
        until=to_text(until),
        most=most,
    )
    return row["articles"] if row else 0


async def reprinted(db: Reader, collection: CollectionId, since: datetime, until: datetime, most: int) -> int:
    """Return how many articles of a period are others over again, ``most`` where more are."""
    row = await db.one(
        """SELECT COUNT(*) AS articles FROM (
            SELECT 1 FROM reprints r JOIN articles a ON a.id = r.article_id
            WHERE a.collection_id = :collection AND a.settled_at >= :since AND a.settled_at < :until
                AND a.state = 'read' LIMIT :most
        ) n""",
        collection=collection,
        since=to_text(since),
        until=to_text(until),
        most=most,
    )
    return row["articles"] if row else 0


async def articles(
    db: Reader, collection: CollectionId, since: datetime, until: datetime, most: int
) -> Sequence[NewArticle]:
    """Return what was read from ``since`` up to, not including, ``until``, newest first; reprints aside."""
    rows = await db.all(
        f"""SELECT a.id, s.story_id, a.headline, a.publisher, a.language,
            CASE WHEN f.origin_kind = 'channel' THEN f.origin_name END AS channel
        FROM articles a {FIRST_FORWARD} LEFT JOIN story_articles s ON s.article_id = a.id
        WHERE {NEW} ORDER BY a.settled_at DESC, a.id DESC LIMIT :most""",
        collection=collection,
        since=to_text(since),
        until=to_text(until),
        most=most,
    )
    return [
        NewArticle(row["id"], row["story_id"], row["headline"], row["publisher"], row["channel"], row["language"])
        for row in rows
    ]


async def references(db: Reader, collection: CollectionId, numbers: Collection[int]) -> Mapping[int, ArticleReference]:
    """Return articles of the collection by number."""
    # By number, and not along all that the collection has.
    rows = await db.all(
        f"""SELECT {REFERENCE_COLUMNS} FROM articles a {FIRST_FORWARD}
        WHERE a.id IN ({listed(sorted(numbers))}) AND a.collection_id + 0 = :collection""",
        collection=collection,
    )
    return {row["article_id"]: reference(row) for row in rows}


async def claims(
    db: Reader, collection: CollectionId, of: Sequence[int], most: int, *, only_key: bool, words: bool
) -> Sequence[NewClaim]:
    """Return the claims of articles, those of the first ones before others, or only their key claims.

    The ``words`` are left out where nobody asks for them.
    """
    found: list[NewClaim] = []
    for start in range(0, len(of), _AT_ONCE):
        rows = await db.all(
            f"""SELECT id, article_id, rank, CASE WHEN :words = 1 THEN search_text ELSE '' END AS words,
                kind IS NULL AND cue_text IS NOT NULL AS correction FROM claims
            WHERE article_id IN ({listed(sorted(of[start : start + _AT_ONCE]))}) AND collection_id = :collection
                AND (:only_key = 0 OR rank IS NOT NULL) LIMIT :most""",
            collection=collection,
            only_key=only_key,
            words=words,
            most=most - len(found),
        )
        found += [
            NewClaim(row["id"], row["article_id"], row["rank"], row["words"], bool(row["correction"])) for row in rows
        ]
    return found


async def ties(db: Reader, numbers: Sequence[int]) -> Sequence[Tie]:
    """Return what claims are to others and others to them, each tie once; what somebody rejected is none."""
    found: dict[int, Tie] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = listed(sorted(numbers[start : start + _AT_ONCE]))
        rows = await db.all(
            f"""SELECT id, claim_id, other_id, kind FROM claim_relations WHERE claim_id IN ({part})
                AND state <> :rejected
            UNION ALL SELECT id, claim_id, other_id, kind FROM claim_relations WHERE other_id IN ({part})
                AND state <> :rejected""",
            rejected=RelationState.REJECTED.value,
        )
        for row in rows:
            found[row["id"]] = Tie(row["claim_id"], row["other_id"], row["kind"])
    return list(found.values())


async def articles_of(db: Reader, collection: CollectionId, numbers: Collection[int]) -> Mapping[int, int]:
    """Return by claim of the collection its article."""
    rows = await db.all(
        f"SELECT id, article_id FROM claims WHERE id IN ({listed(sorted(numbers))}) AND collection_id = :collection",
        collection=collection,
    )
    return {row["id"]: row["article_id"] for row in rows}


async def naming(db: Reader, numbers: Collection[int], persons: Collection[int]) -> set[int]:
    """Return which of the claims one of the persons makes, or is named in."""
    rows = await db.all(
        f"""SELECT DISTINCT claim_id FROM claim_persons
        WHERE claim_id IN ({listed(sorted(numbers))}) AND person_id IN ({listed(sorted(persons))})"""
    )
    return {row["claim_id"] for row in rows}


async def denying(db: Reader, collection: CollectionId, numbers: Collection[int]) -> set[int]:
    """Return which of the claims deny something by their cue, whatever that is."""
    rows = await db.all(
        f"""SELECT id, gist FROM claims WHERE id IN ({listed(sorted(numbers))}) AND collection_id = :collection
        AND gist IS NOT NULL AND factuality IN (:denied, :improbable)""",
        collection=collection,
        denied=Factuality.DENIED.value,
        improbable=Factuality.IMPROBABLE.value,
    )
    return {row["id"] for row in rows if unpacked(row["gist"]).denies}


async def named(db: Reader, articles_: Collection[int], limit: int) -> Sequence[tuple[tuple[int, ...], str, int]]:
    """Return whom most of the articles name: the numbers that have one name, the name and how many articles."""
    of = f"""FROM person_articles pa
        JOIN persons row ON row.id = pa.person_id JOIN persons p ON p.id = row.canonical_id
        WHERE pa.article_id IN ({listed(sorted(articles_))})"""
    most = await db.all(
        f"""SELECT p.name, COUNT(DISTINCT pa.article_id) AS articles {of}
        GROUP BY p.name ORDER BY articles DESC, p.name LIMIT :limit""",
        limit=limit,
    )
    names = {f"name{place}": row["name"] for place, row in enumerate(most)}
    bearers = await db.all(f"SELECT DISTINCT p.id, p.name {of} AND p.name IN ({bound(names)}) ORDER BY p.id", **names)
    ids = defaultdict(list)
    for row in bearers:
        ids[row["name"]].append(row["id"])
    return [(tuple(ids[row["name"]]), row["name"], row["articles"]) for row in most]


async def named_before(
    db: Reader, collection: CollectionId, persons: Collection[int], since: datetime, until: datetime
) -> Mapping[int, int]:
    """Return how many articles of an earlier time name each of the persons, by whom they are shown."""
    rows = await db.all(
        f"""SELECT row.canonical_id AS person, COUNT(DISTINCT pa.article_id) AS articles FROM (
            SELECT a.id FROM articles a WHERE {NEW} ORDER BY a.settled_at DESC LIMIT :most
        ) n JOIN person_articles pa ON pa.article_id = n.id JOIN persons row ON row.id = pa.person_id
        WHERE row.canonical_id IN ({listed(sorted(persons))}) GROUP BY row.canonical_id""",
        collection=collection,
        since=to_text(since),
        until=to_text(until),
        most=MOST_NAMED,
    )
    return {row["person"]: row["articles"] for row in rows}


async def known_before(db: Reader, collection: CollectionId, persons: Collection[int], since: datetime) -> set[int]:
    """Return which of the persons an article names that was in the collection before."""
    found = set()
    for person in persons:
        row = await db.one(
            """SELECT 1 AS found FROM persons row JOIN person_articles pa ON pa.person_id = row.id
            JOIN articles a ON a.id = pa.article_id
            WHERE row.canonical_id = :person AND row.collection_id = :collection AND a.settled_at < :since LIMIT 1""",
            person=person,
            collection=collection,
            since=to_text(since),
        )
        if row is not None:
            found.add(person)
    return found


async def trouble(db: Reader, collection: CollectionId, since: datetime, until: datetime, late: datetime) -> Trouble:
    """Return what keeps the news of a period from being whole; what waits has done so from before ``late``."""
    # Few are unread: they are found by that, and not along all that came in before ``late``.
    unread = await db.one(
        """SELECT COUNT(*) AS articles, MIN(a.received_at) AS since FROM articles a
        WHERE a.collection_id = :collection AND a.settled_at IS NULL AND a.received_at || '' < :late
            AND EXISTS (SELECT 1 FROM forwards f WHERE f.article_id = a.id)""",
        collection=collection,
        late=to_text(late),
    )
    failed = await db.one(
        """SELECT COUNT(*) AS articles FROM articles a WHERE a.collection_id = :collection
            AND a.settled_at >= :since AND a.settled_at < :until AND a.state = 'failed'""",
        collection=collection,
        since=to_text(since),
        until=to_text(until),
    )
    # Their lane is the collection's (services/reading.py).
    untied = await db.one(
        """SELECT COUNT(DISTINCT json_extract(payload, '$.article')) AS articles, MIN(created_at) AS since FROM jobs
        WHERE lane = :lane AND (state IN ('ready', 'running') AND created_at < :late
            OR state = 'failed' AND ended_at >= :since)""",
        lane=f"relate:{collection}",
        late=to_text(late),
        since=to_text(since),
    )
    assert unread is not None  # noqa: S101  # an aggregate has a row
    assert failed is not None  # noqa: S101
    assert untied is not None  # noqa: S101
    return Trouble(
        unread["articles"],
        from_text(unread["since"]) if unread["since"] else None,
        untied["articles"],
        from_text(untied["since"]) if untied["since"] else None,
        failed["articles"],
    )
