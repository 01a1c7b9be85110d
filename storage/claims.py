"""The ledger's claims: who says what, in which article."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.chats import CollectionId
from domain.extraction import AttributionKind, Factuality, Passage, Span
from domain.gists import Gist, packed
from domain.ledger import Claimant, LedgerClaim
from storage import persons
from storage.articles import FIRST_FORWARD, REFERENCE_COLUMNS, reference
from storage.connection import Reader, Row, Writer
from storage.full_text import CLAIMS, NEWEST, listed, newest
from storage.reprints import TOLD_FIRST
from storage.values import bound, normalise, to_text

_COLUMNS = f"""
    cl.id AS claim_id, cl.text, cl.factuality, cl.kind, cl.rank,
    cl.source_text, sp.id AS source_person_id, sp.name AS source_name, cl.source_job_title,
    cl.cue_text, cl.lead_in,
    {REFERENCE_COLUMNS}
"""
_TABLES = f"""
    JOIN articles a ON a.id = cl.article_id {FIRST_FORWARD}
    LEFT JOIN persons filed ON filed.id = cl.source_person_id LEFT JOIN persons sp ON sp.id = filed.canonical_id
"""
_INSERT = """
    INSERT INTO claims (collection_id, article_id, position, rank, text, spans, search_text, factuality,
        kind, source_text, source_spans, source_person_id, source_job_title, cue_text, cue_spans, lead_in, gist)
    VALUES (:collection, :article, :position, :rank, :text, :spans, :search_text, :factuality, :kind,
        :source_text, :source_spans, :source_person, :source_job_title, :cue_text, :cue_spans, :lead_in, :gist)
    RETURNING id
"""
_UPDATE = """
    UPDATE claims SET position = :position, rank = :rank, text = :text, spans = :spans, search_text = :search_text,
        factuality = :factuality, kind = :kind, source_text = :source_text, source_spans = :source_spans,
        source_person_id = :source_person, source_job_title = :source_job_title, cue_text = :cue_text,
        cue_spans = :cue_spans, lead_in = :lead_in, gist = :gist
    WHERE id = :id
"""
_ADD_PERSON = """
    INSERT INTO claim_persons (person_id, part, seen_at, claim_id) VALUES (:person, :part, :seen_at, :claim)
    ON CONFLICT (person_id, part, seen_at, claim_id) DO NOTHING
"""

# So many claims go into one question.
_AT_ONCE = 500


class Part(StrEnum):
    """How a person takes part in a claim."""

    SOURCE = "source"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to be kept; ``source_person`` and ``about`` are persons' numbers.

    ``lead_in`` is the article's words between source and content, where they follow each other in that order.
    """

    content: Passage
    factuality: Factuality
    rank: int | None
    kind: AttributionKind | None = None
    source: Passage | None = None
    source_person: int | None = None
    source_job_title: str | None = None
    cue: Passage | None = None
    lead_in: str | None = None
    about: tuple[int, ...] = ()
    gist: Gist | None = None


async def replace(
    db: Writer, collection: CollectionId, article: int, claims: Sequence[NewClaim], seen_at: datetime
) -> None:
    """Keep an article's claims, in the order of its text, in place of those that were read from it before.

    A claim that stands where one stood before keeps its number, and with it all that is tied to that.
    """
    before = await _numbers(db, article)
    rows = [_values(claim) for claim in claims]
    kept = _kept(before, rows)
    parts: list[Mapping[str, Any]] = []
    for position, (claim, values, number) in enumerate(zip(claims, rows, kept, strict=True)):
        if number is None:
            row = await db.one(_INSERT, collection=collection, article=article, position=position, **values)
            assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
            number = int(row["id"])
        else:
            await db.run(_UPDATE, id=number, position=position, **values)
            await db.run("DELETE FROM claim_persons WHERE claim_id = :claim", claim=number)
        parts += _persons(number, claim, seen_at)
    await db.run_many(_ADD_PERSON, parts)
    await db.run_many(
        "DELETE FROM claims WHERE id = :claim", [{"claim": claim} for claim in before if claim not in kept]
    )


async def _numbers(db: Reader, article: int) -> dict[int, tuple[str, str | None]]:
    """Return the places of content and source of an article's claims, by number."""
    rows = await db.all(
        "SELECT id, spans, source_spans FROM claims WHERE article_id = :article ORDER BY id", article=article
    )
    return {row["id"]: (row["spans"], row["source_spans"]) for row in rows}


def _kept(before: Mapping[int, tuple[str, str | None]], claims: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Return the number that each claim keeps, None for a new one.

    The same claim has content and source where they were; one that somebody else is said to have made has its content.
    """
    left = dict(before)
    kept: list[int | None] = [None] * len(claims)
    for same_source in (True, False):
        for index, claim in enumerate(claims):
            place = (claim["spans"], claim["source_spans"])
            alike = (
                number for number, was in left.items() if was[0] == place[0] and (was[1] == place[1] or not same_source)
            )
            if kept[index] is None and (number := next(alike, None)) is not None:
                kept[index] = number
                del left[number]
    return kept


async def of_article(db: Reader, collection: CollectionId, article: int) -> Sequence[LedgerClaim]:
    """Return the article's claims: key claims, best first, then the others in the order of the text."""
    rows = await db.all(
        f"""SELECT {_COLUMNS} FROM claims cl {_TABLES}
        WHERE cl.article_id = :article AND cl.collection_id = :collection
        ORDER BY cl.rank IS NULL, cl.rank, cl.position""",
        article=article,
        collection=collection,
    )
    return [_claim(row) for row in rows]


async def by_numbers(
    db: Reader, collection: CollectionId, numbers: Collection[int], *, reprinted: bool = False
) -> Sequence[LedgerClaim]:
    """Return claims of the collection; what a reprint only says again is left out unless it is asked for."""
    found: list[LedgerClaim] = []
    ordered = sorted(numbers)
    told = "" if reprinted else f"AND {TOLD_FIRST}"
    for start in range(0, len(ordered), _AT_ONCE):
        part = {f"c{index}": number for index, number in enumerate(ordered[start : start + _AT_ONCE])}
        rows = await db.all(
            f"""SELECT {_COLUMNS} FROM claims cl {_TABLES}
            WHERE cl.id IN ({bound(part)}) AND cl.collection_id = :collection {told}
            ORDER BY cl.id""",
            collection=collection,
            **part,
        )
        found += [_claim(row) for row in rows]
    return found


async def of_person(
    db: Reader, collection: CollectionId, person: int, part: Part, limit: int, offset: int
) -> Sequence[LedgerClaim]:
    """Return the claims that the person makes, or is named in, newest first; an article's key claims, best first.

    What a reprint only says again is left out. A person is all the rows that were judged to be them.
    """
    members = {f"member{index}": member for index, member in enumerate(await persons.members(db, person))}
    if not members:
        return []
    asked = {"part": part.value, "collection": collection, **members}
    newest = " UNION ".join(
        f"SELECT * FROM ({_told_of(name)} ORDER BY cp.seen_at DESC LIMIT :most) chosen" for name in members
    )
    # The date of the oldest claim that is asked for: of those, all of that date are put in order.
    oldest = await db.one(
        f"SELECT seen_at FROM ({newest}) chosen ORDER BY seen_at DESC LIMIT 1 OFFSET :most - 1",
        most=limit + offset,
        **asked,
    )
    dated = " UNION ".join(f"{_told_of(name)} AND cp.seen_at >= :since" for name in members)
    rows = await db.all(
        f"""SELECT {_COLUMNS} FROM ({dated}) found JOIN claims cl ON cl.id = found.claim_id {_TABLES}
        ORDER BY found.seen_at DESC, cl.article_id DESC, cl.rank IS NULL, cl.rank, cl.position
        LIMIT :limit OFFSET :offset""",
        since=oldest["seen_at"] if oldest else "",
        limit=limit,
        offset=offset,
        **asked,
    )
    return [_claim(row) for row in rows]


def _told_of(member: str) -> str:
    """Return a query for the claims of a row of a person, by the name of the parameter that has its number."""
    return f"""SELECT cp.seen_at, cp.claim_id FROM claim_persons cp JOIN claims cl ON cl.id = cp.claim_id
        WHERE cp.person_id = :{member} AND cp.part = :part AND cl.collection_id = :collection AND {TOLD_FIRST}"""


async def search(db: Reader, collection: CollectionId, match: str, limit: int) -> Sequence[LedgerClaim]:
    """Return the collection's newest claims whose words fit the full-text expression ``match``.

    What a reprint only says again is left out. Of very many, those that came last are looked at.
    """
    numbers = await newest(db, CLAIMS, collection, match, NEWEST)
    rows = await db.all(
        f"""SELECT {_COLUMNS} FROM (
            SELECT cl.id FROM claims cl JOIN articles a ON a.id = cl.article_id
            WHERE cl.id IN ({listed(numbers)}) AND {TOLD_FIRST}
            ORDER BY a.seen_at DESC, cl.id DESC LIMIT :limit
        ) found JOIN claims cl ON cl.id = found.id {_TABLES}
        ORDER BY a.seen_at DESC, cl.id DESC""",
        limit=limit,
    )
    return [_claim(row) for row in rows]


def _persons(claim_id: int, claim: NewClaim, seen_at: datetime) -> list[Mapping[str, Any]]:
    parts = [(person, Part.ABOUT) for person in claim.about]
    if claim.source_person is not None:
        parts.append((claim.source_person, Part.SOURCE))
    return [
        {"person": person, "part": part.value, "seen_at": to_text(seen_at), "claim": claim_id} for person, part in parts
    ]


def _values(claim: NewClaim) -> Mapping[str, Any]:
    source_text = claim.source.text if claim.source else None
    return {
        "rank": claim.rank,
        "text": claim.content.text,
        "spans": _spans(claim.content.spans),
        "search_text": normalise(f"{source_text or ''} {claim.content.text}"),
        "factuality": claim.factuality.value,
        "kind": claim.kind.value if claim.kind else None,
        "source_text": source_text,
        "source_spans": _spans(claim.source.spans) if claim.source else None,
        "source_person": claim.source_person,
        "source_job_title": claim.source_job_title,
        "cue_text": claim.cue.text if claim.cue else None,
        "cue_spans": _spans(claim.cue.spans) if claim.cue else None,
        "lead_in": claim.lead_in,
        "gist": packed(claim.gist) if claim.gist else None,
    }


def _spans(spans: Sequence[Span]) -> str:
    return json.dumps([[span.start, span.end] for span in spans])


def _claim(row: Row) -> LedgerClaim:
    claimant = None
    if row["source_text"] is not None:
        claimant = Claimant(row["source_text"], row["source_person_id"], row["source_name"], row["source_job_title"])
    return LedgerClaim(
        id=row["claim_id"],
        text=row["text"],
        factuality=Factuality(row["factuality"]),
        kind=AttributionKind(row["kind"]) if row["kind"] else None,
        claimant=claimant,
        cue=row["cue_text"],
        lead_in=row["lead_in"],
        rank=row["rank"],
        article=reference(row),
    )
