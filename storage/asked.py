"""The claims that answer a question: by person, by words, by date, newest first.

Whoever has been written about for years must not cost more than others: of a person's claims, and of those that have a
word, only the newest so many are looked through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.chats import CollectionId
from domain.extraction import Factuality
from domain.ledger import LedgerClaim
from storage import claims
from storage.claims import Part
from storage.connection import Reader, Row
from storage.full_text import CLAIMS, NEWEST, listed, newest
from storage.persons import members
from storage.reprints import TOLD_FIRST
from storage.values import to_text

# Of one person's claims, and of those with certain words.
OF_A_PERSON = 1000
WITH_WORDS = 800
_NEGATIVE = tuple(
    factuality.value for factuality in (Factuality.DENIED, Factuality.IMPROBABLE, Factuality.NOT_POSSIBLE)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims: all that is set here must hold of them.

    ``beginnings`` are those of normalised words (a space ends a whole one), of which a claim has at least ``least``;
    instead, it may name the person ``about``. ``sourced`` leaves out what articles say in their own voice, ``negative``
    what is not negative.
    """

    beginnings: tuple[str, ...] = ()
    least: int = 0
    about: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    sourced: bool = False
    negative: bool = False


async def by_person(
    db: Reader,
    collection: CollectionId,
    person: int,
    parts: Sequence[Part],
    wanted: Wanted,
    limit: int,
    offset: int = 0,
) -> Sequence[LedgerClaim]:
    """Return the claims that the person makes, or is named in, newest first; what a reprint only says again is not."""
    rows = await members(db, person)
    others = await members(db, wanted.about) if wanted.about is not None else ()
    conditions, parameters = _conditions(wanted, others)
    branches = []
    for index, (row, part) in enumerate((row, part) for row in rows for part in parts):
        parameters |= {f"person{index}": row, f"part{index}": part.value}
        oldest = f"""(SELECT seen_at FROM claim_persons WHERE person_id = :person{index} AND part = :part{index}
            ORDER BY seen_at DESC, claim_id DESC LIMIT 1 OFFSET :of_a_person)"""
        branches.append(
            f"""SELECT * FROM (SELECT cl.id, cp.seen_at AS said_at, cl.article_id AS told_in, cl.position
            FROM claim_persons cp CROSS JOIN claims cl
            WHERE cl.id = cp.claim_id AND cp.person_id = :person{index} AND cp.part = :part{index}
                AND cp.seen_at >= COALESCE({oldest}, '') {_dates(wanted, "cp")}
                AND cl.collection_id = :collection {conditions} AND {TOLD_FIRST}
            ORDER BY cp.seen_at DESC, cp.claim_id DESC LIMIT :most) chosen"""
        )
    if not branches:
        return []
    found = await db.all(
        f"""{" UNION ".join(branches)}
        ORDER BY said_at DESC, id DESC LIMIT :limit OFFSET :offset""",
        collection=collection,
        limit=limit,
        offset=offset,
        most=limit + offset,
        of_a_person=OF_A_PERSON,
        **parameters,
    )
    return await _claims(db, collection, found)


_HAS = "CASE WHEN INSTR(' ' || cl.search_text || ' ', :{}) > 0 THEN 1 ELSE 0 END"


async def by_words(
    db: Reader, collection: CollectionId, match: str, wanted: Wanted, limit: int, offset: int = 0
) -> Sequence[LedgerClaim]:
    """Return the claims that fit the full-text expression ``match``, newest first; reprints as in ``by_person``.

    Of very many, those that came last are looked at.
    """
    others = await members(db, wanted.about) if wanted.about is not None else ()
    conditions, parameters = _conditions(wanted, others)
    most = WITH_WORDS if conditions or wanted.since or wanted.until else NEWEST
    numbers = await newest(db, CLAIMS, collection, match, most)
    rows = await db.all(
        f"""SELECT cl.id, a.seen_at AS said_at, cl.article_id AS told_in, cl.position
        FROM claims cl JOIN articles a ON a.id = cl.article_id
        WHERE cl.id IN ({listed(numbers)}) {conditions} {_dates(wanted, "a")} AND {TOLD_FIRST}
        ORDER BY said_at DESC, cl.id DESC LIMIT :limit OFFSET :offset""",
        limit=limit,
        offset=offset,
        **parameters,
    )
    return await _claims(db, collection, rows)


async def _claims(db: Reader, collection: CollectionId, rows: Sequence[Row]) -> Sequence[LedgerClaim]:
    """Return the claims of rows, newest first; within an article, in the order of its text."""
    ordered = sorted(rows, key=lambda row: row["position"])
    ordered.sort(key=lambda row: (row["said_at"], row["told_in"]), reverse=True)
    found = {claim.id: claim for claim in await claims.by_numbers(db, collection, [row["id"] for row in ordered])}
    return [found[row["id"]] for row in ordered if row["id"] in found]


def _conditions(wanted: Wanted, others: Sequence[int]) -> tuple[str, dict[str, Any]]:
    parameters: dict[str, Any] = {f"word{index}": f" {word}" for index, word in enumerate(wanted.beginnings)}
    conditions = []
    if wanted.beginnings or others:
        had = " + ".join(_HAS.format(name) for name in parameters) or "0"
        # What nobody can reach stands for words that are not asked for.
        told = f"({had}) >= {int(wanted.least) if wanted.beginnings else 1}"
        if others:
            parameters |= {f"other{index}": other for index, other in enumerate(others)}
            ids = ", ".join(f":other{index}" for index in range(len(others)))
            told = f"""({told} OR EXISTS (SELECT 1 FROM claim_persons o
                WHERE o.claim_id = cl.id AND o.part = 'about' AND o.person_id IN ({ids})))"""
        conditions.append(told)
    if wanted.sourced:
        conditions.append("cl.kind IS NOT NULL")
    if wanted.negative:
        conditions.append(f"cl.factuality IN ({', '.join(repr(value) for value in _NEGATIVE)})")
    if wanted.since is not None:
        parameters["since"] = to_text(wanted.since)
    if wanted.until is not None:
        parameters["until"] = to_text(wanted.until)
    return "".join(f" AND {condition}" for condition in conditions), parameters


def _dates(wanted: Wanted, table: str) -> str:
    since = f"AND {table}.seen_at >= :since" if wanted.since is not None else ""
    until = f"AND {table}.seen_at < :until" if wanted.until is not None else ""
    return f"{since} {until}"
