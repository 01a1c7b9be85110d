"""What claims are to each other, and how those are found that may be on one matter."""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chats import CollectionId
from domain.corrections import Correction, CorrectionKind, CorrectionState, Verdict
from domain.ledger import RelationKind, RelationState
from storage.connection import Reader, Row, Writer
from storage.corrections import find as find_correction
from storage.keys import held
from storage.values import bound

# How far apart in days the articles of claims on one matter may be.
WINDOW = 45
# Of the claims that share a key, so many of the newest are looked at; of all that share any, so many are compared.
NEWEST = 40
CANDIDATES = 16
# So many keys one question has at most.
MOST_KEYS = 60
# Of persons who may be others, so many pairs are looked at.
MOST_DOUBTED = 200
# The most claims that one query names.
BATCH = 400


@dataclass(frozen=True, slots=True)
class ComparedClaim:
    """A claim as it is compared with others; ``publisher`` is whoever its article names as that, or else forwarded it.

    ``gist`` is packed (``domain.gists``); ``spans`` are the places of its content.
    """

    id: int
    article: int
    position: int
    text: str
    spans: tuple[tuple[int, int], ...]
    kind: str | None
    source_person: int | None
    gist: str
    seen_at: str
    publisher: str | None


@dataclass(frozen=True, slots=True)
class NewRelation:
    """What the claim ``claim`` is to the claim ``other``; ``score`` is from 0 to 1."""

    claim: int
    other: int
    kind: RelationKind
    state: RelationState
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredRelation:
    """A relation as it is kept; ``correction`` is the one by which somebody judged it."""

    id: int
    relation: NewRelation
    correction: int | None


def key_of(word: str) -> int:
    """Return the key of a word: 32 bits, so that the index stays small."""
    return zlib.crc32(word.encode())


async def compared(db: Reader, collection: CollectionId, claims: Collection[int]) -> list[ComparedClaim]:
    """Return claims of the collection that can be compared."""
    found: list[ComparedClaim] = []
    for part in _parts(claims):
        names = {f"c{index}": claim for index, claim in enumerate(part)}
        rows = await db.all(
            f"""{_COMPARED} WHERE cl.id IN ({bound(names)})
            AND cl.collection_id = :collection AND cl.gist IS NOT NULL""",
            collection=collection,
            **names,
        )
        found += [_compared(row) for row in rows]
    return found


async def compared_of(db: Reader, collection: CollectionId, article: int) -> list[ComparedClaim]:
    """Return the article's claims that can be compared, in the order of the text."""
    rows = await db.all(
        f"""{_COMPARED} WHERE cl.article_id = :article AND cl.collection_id = :collection AND cl.gist IS NOT NULL
        ORDER BY cl.position""",
        article=article,
        collection=collection,
    )
    return [_compared(row) for row in rows]


_COMPARED = """SELECT cl.id, cl.article_id, cl.position, cl.text, cl.spans, cl.kind, cl.source_person_id, cl.gist,
    a.seen_at, a.publisher FROM claims cl JOIN articles a ON a.id = cl.article_id"""


async def set_keys(db: Writer, collection: CollectionId, article: int, keys: Mapping[int, Collection[str]]) -> None:
    """Keep by which words each claim of an article is found, in place of those before."""
    there = await db.all(
        """SELECT cl.id, a.seen_at FROM claims cl JOIN articles a ON a.id = cl.article_id
        WHERE cl.article_id = :article AND cl.collection_id = :collection""",
        article=article,
        collection=collection,
    )
    await db.run_many("DELETE FROM claim_keys WHERE claim_id = :claim", [{"claim": row["id"]} for row in there])
    await db.run_many(
        """INSERT INTO claim_keys (collection_id, key, day, claim_id) VALUES (:collection, :key, :day, :claim)
        ON CONFLICT (collection_id, key, day, claim_id) DO NOTHING""",
        [
            {"collection": collection, "key": key_of(word), "day": _day(row["seen_at"]), "claim": row["id"]}
            for row in there
            for word in sorted(keys.get(row["id"], ()))
        ],
    )


async def there(db: Reader, collection: CollectionId, claims: Collection[int]) -> dict[int, int]:
    """Return the articles of those of the claims that are in the collection and can be compared."""
    found = {}
    for part in _parts(claims):
        names = {f"c{index}": claim for index, claim in enumerate(part)}
        rows = await db.all(
            f"""SELECT id, article_id FROM claims
            WHERE id IN ({bound(names)}) AND collection_id = :collection AND gist IS NOT NULL""",
            collection=collection,
            **names,
        )
        found.update({row["id"]: row["article_id"] for row in rows})
    return found


async def candidates(
    db: Reader,
    collection: CollectionId,
    words: Mapping[int, Collection[str]],
    seen_at: datetime,
    aside: Collection[int],
) -> dict[int, tuple[int, ...]]:
    """Return for each claim of an article those that share most of its words, newest first among equals.

    Those of the articles set aside are left out.
    """
    keys = {claim: [key_of(word) for word in sorted(each)[:MOST_KEYS]] for claim, each in words.items()}
    day = seen_at.toordinal()
    days = {"since": day - WINDOW, "until": day + WINDOW}
    every = {key for each in keys.values() for key in each}
    shared = await held(db, "claim_keys", collection, every, days["since"], days["until"])
    found = {}
    for claim, each in keys.items():
        telling = [key for key in each if key in shared]
        found[claim] = await _sharing(db, collection, telling, days, aside) if telling else ()
    return found


async def _sharing(
    db: Reader, collection: CollectionId, wanted: Sequence[int], days: Mapping[str, int], aside: Collection[int]
) -> tuple[int, ...]:
    """Return the claims that share most of the keys."""
    keys = {f"k{index}": key for index, key in enumerate(wanted)}
    shares = " UNION ALL ".join(
        f"""SELECT * FROM (SELECT claim_id, day FROM claim_keys WHERE collection_id = :collection AND key = :{name}
        AND day BETWEEN :since AND :until ORDER BY day DESC, claim_id DESC LIMIT :newest) chosen"""
        for name in keys
    )
    left_out = {f"a{index}": article for index, article in enumerate(sorted(aside)[:MOST_KEYS])}
    rows = await db.all(
        f"""SELECT s.claim_id FROM ({shares}) s JOIN claims cl ON cl.id = s.claim_id
        WHERE cl.collection_id = :collection {f"AND cl.article_id NOT IN ({bound(left_out)})" if left_out else ""}
        GROUP BY s.claim_id ORDER BY COUNT(*) DESC, MAX(s.day) DESC, s.claim_id DESC LIMIT :limit""",
        collection=collection,
        newest=NEWEST,
        limit=CANDIDATES,
        **days,
        **keys,
        **left_out,
    )
    return tuple(row["claim_id"] for row in rows)


async def canonical(db: Reader, persons: Collection[int]) -> dict[int, int]:
    """Return by whom each person is shown, themselves or another."""
    found = {}
    for part in _parts(persons):
        names = {f"p{index}": person for index, person in enumerate(part)}
        rows = await db.all(f"SELECT id, canonical_id FROM persons WHERE id IN ({bound(names)})", **names)
        found.update({row["id"]: row["canonical_id"] or row["id"] for row in rows})
    return found


async def fellows(db: Reader, persons: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return for each person all the rows that are the same person, their own among them."""
    shown = await canonical(db, persons)
    found: dict[int, list[int]] = {}
    for part in _parts(set(shown.values())):
        names = {f"p{index}": person for index, person in enumerate(part)}
        rows = await db.all(
            f"SELECT id, canonical_id FROM persons WHERE canonical_id IN ({bound(names)})",
            **names,
        )
        for row in rows:
            found.setdefault(row["canonical_id"], []).append(row["id"])
    return {person: tuple({person, *found.get(by, ())}) for person, by in shown.items()}


async def people_of(db: Reader, articles: Collection[int]) -> dict[int, set[int]]:
    """Return by article the persons whom it names, as they were filed."""
    found: dict[int, set[int]] = {}
    for part in _parts(articles):
        names = {f"a{index}": article for index, article in enumerate(part)}
        rows = await db.all(
            f"""SELECT article_id, person_id FROM person_articles
            WHERE article_id IN ({bound(names)})""",
            **names,
        )
        for row in rows:
            found.setdefault(row["article_id"], set()).add(row["person_id"])
    return found


async def names_of(db: Reader, persons: Collection[int]) -> dict[int, str]:
    """Return persons' names."""
    found = {}
    for part in _parts(persons):
        names = {f"p{index}": person for index, person in enumerate(part)}
        rows = await db.all(f"SELECT id, name FROM persons WHERE id IN ({bound(names)})", **names)
        found.update({row["id"]: row["name"] for row in rows})
    return found


async def doubted(db: Reader, persons: Collection[int]) -> set[tuple[int, int]]:
    """Return of persons, by whom they are shown, with whom each may be one: nobody has said that they are not."""
    found = set()
    for part in _parts(persons):
        names = {f"p{index}": person for index, person in enumerate(part)}
        halves = " UNION ".join(
            f"""SELECT * FROM (SELECT one.canonical_id AS one, other.canonical_id AS other FROM persons one
            JOIN doubts d ON d.{mine} = one.id JOIN persons other ON other.id = d.{theirs}
            WHERE one.canonical_id IN ({bound(names)}) AND NOT EXISTS (
                SELECT 1 FROM judgements j WHERE j.verdict = :different AND (
                    (j.left_id = one.id AND j.right_id = other.id) OR (j.left_id = other.id AND j.right_id = one.id)
                )
            ) LIMIT :most) chosen"""
            for mine, theirs in (("person_id", "candidate_id"), ("candidate_id", "person_id"))
        )
        rows = await db.all(halves, different=Verdict.DIFFERENT.value, most=MOST_DOUBTED, **names)
        found |= {(row["one"], row["other"]) for row in rows}
    return found


async def articles_of(db: Reader, claims: Collection[int]) -> set[int]:
    """Return the articles of claims."""
    found = set()
    for part in _parts(claims):
        names = {f"c{index}": claim for index, claim in enumerate(part)}
        rows = await db.all(f"SELECT DISTINCT article_id FROM claims WHERE id IN ({bound(names)})", **names)
        found |= {row["article_id"] for row in rows}
    return found


async def between(db: Reader, one: int, other: int) -> list[StoredRelation]:
    """Return what is kept of two claims, in either direction."""
    rows = await db.all(
        """SELECT * FROM claim_relations
        WHERE (claim_id = :one AND other_id = :other) OR (claim_id = :other AND other_id = :one)""",
        one=one,
        other=other,
    )
    return [_stored(row) for row in rows]


async def judgements(db: Reader, collection: CollectionId) -> list[Correction]:
    """Return the standing corrections of the collection that judge relations; people make them, so they are few."""
    rows = await db.all(
        """SELECT id FROM corrections WHERE collection_id = :collection AND kind = :kind AND state = :state
        ORDER BY id""",
        collection=collection,
        kind=CorrectionKind.RELATION.value,
        state=CorrectionState.STANDING.value,
    )
    found = [await find_correction(db, collection, row["id"]) for row in rows]
    return [one for one in found if one is not None]


async def of_claims(db: Reader, claims: Collection[int], *, rejected: bool = False) -> list[StoredRelation]:
    """Return the relations that any of the claims has, in either direction."""
    found: dict[int, StoredRelation] = {}
    for part in _parts(claims):
        names = {f"c{index}": claim for index, claim in enumerate(part)}
        listed = bound(names)
        rows = await db.all(
            f"""SELECT * FROM claim_relations WHERE claim_id IN ({listed})
            UNION SELECT * FROM claim_relations WHERE other_id IN ({listed})""",
            **names,
        )
        for row in rows:
            if rejected or row["state"] != RelationState.REJECTED.value:
                found[row["id"]] = _stored(row)
    return [found[number] for number in sorted(found)]


async def find(db: Reader, collection: CollectionId, relation: int) -> StoredRelation | None:
    """Return a relation of the collection."""
    row = await db.one(
        "SELECT * FROM claim_relations WHERE id = :relation AND collection_id = :collection",
        relation=relation,
        collection=collection,
    )
    return _stored(row) if row else None


async def replace(
    db: Writer, collection: CollectionId, claims: Collection[int], relations: Sequence[NewRelation]
) -> set[int]:
    """Keep what the machine finds for claims in place of what it found before; judged relations stay as they are.

    Return the claims whose relations have changed.
    """
    before = {(one.relation.claim, one.relation.other): one for one in await of_claims(db, claims, rejected=True)}
    judged = {frozenset(pair) for pair, one in before.items() if one.correction is not None}
    wanted = {(one.claim, one.other): one for one in relations if frozenset((one.claim, one.other)) not in judged}
    gone = [one for pair, one in before.items() if one.correction is None and pair not in wanted]
    changed = [one for pair, one in wanted.items() if pair not in before or before[pair].relation != one]
    await db.run_many("DELETE FROM claim_relations WHERE id = :id", [{"id": one.id} for one in gone])
    for one in changed:
        await _put(db, collection, one, None)
    return {number for one in (*changed, *(each.relation for each in gone)) for number in (one.claim, one.other)}


async def judge(db: Writer, collection: CollectionId, relation: NewRelation, correction: int | None) -> None:
    """Keep what somebody judged of two claims, or, without a correction, what the machine says again."""
    await _put(db, collection, relation, correction)


async def judged_by(db: Reader, collection: CollectionId, correction: int) -> StoredRelation | None:
    """Return the relation that a correction judged."""
    row = await db.one(
        "SELECT * FROM claim_relations WHERE correction_id = :correction AND collection_id = :collection",
        correction=correction,
        collection=collection,
    )
    return _stored(row) if row else None


async def _put(db: Writer, collection: CollectionId, one: NewRelation, correction: int | None) -> None:
    await db.run(
        """INSERT INTO claim_relations (collection_id, claim_id, other_id, kind, state, score, evidence, correction_id)
        VALUES (:collection, :claim, :other, :kind, :state, :score, :evidence, :correction)
        ON CONFLICT (claim_id, other_id) DO UPDATE SET kind = excluded.kind, state = excluded.state,
            score = excluded.score, evidence = excluded.evidence, correction_id = excluded.correction_id""",
        collection=collection,
        claim=one.claim,
        other=one.other,
        kind=one.kind.value,
        state=one.state.value,
        score=one.score,
        evidence=json.dumps(one.evidence, ensure_ascii=False),
        correction=correction,
    )


def _parts(numbers: Collection[int]) -> list[list[int]]:
    ordered = sorted(numbers)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]


def _stored(row: Row) -> StoredRelation:
    relation = NewRelation(
        row["claim_id"],
        row["other_id"],
        RelationKind(row["kind"]),
        RelationState(row["state"]),
        row["score"],
        tuple(json.loads(row["evidence"])),
    )
    return StoredRelation(row["id"], relation, row["correction_id"])


def _compared(row: Row) -> ComparedClaim:
    return ComparedClaim(
        id=row["id"],
        article=row["article_id"],
        position=row["position"],
        text=row["text"],
        spans=tuple((start, end) for start, end in json.loads(row["spans"])),
        kind=row["kind"],
        source_person=row["source_person_id"],
        gist=row["gist"],
        seen_at=row["seen_at"],
        publisher=row["publisher"],
    )


def _day(seen_at: str) -> int:
    return datetime.fromisoformat(seen_at).toordinal()
