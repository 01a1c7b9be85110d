"""Judgements on who is who, and the groups that they make of persons' rows.

Positive judgements join rows, and those joined are one person (the transitive closure); a negative one keeps the
groups of its two rows apart, as in nomenklatura's resolver. Each row tells by whom its group is shown.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any

from domain.chats import CollectionId
from domain.corrections import Clue, Doubt, Verdict
from domain.identity import Comparison
from storage.connection import Reader, Row, Writer
from storage.full_text import how_many_begin
from storage.values import bound, from_text, to_text

# What stands further down a book or a minute-by-minute report tells little more of a person.
_LONGEST = 30_000
# So many articles are counted, to tell rare words from others; in an archive of fewer than the least, none is common.
_COUNTED, _FEW_ARTICLES = 300, 20
# So many persons are looked for by one statement.
_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody has said of two persons' rows, and by which correction."""

    left: int
    right: int
    verdict: Verdict
    correction: int


async def judged(db: Reader, one: int, other: int) -> Judged | None:
    """Return what has been said of these very rows."""
    row = await db.one(
        "SELECT * FROM judgements WHERE left_id = :left AND right_id = :right",
        left=min(one, other),
        right=max(one, other),
    )
    return _judged(row) if row else None


async def judge(db: Writer, one: int, other: int, verdict: Verdict, correction: int) -> None:
    """Keep what somebody says of two rows in place of what was said of them before."""
    await db.run(
        """INSERT INTO judgements (left_id, right_id, verdict, correction_id)
        VALUES (:left, :right, :verdict, :correction)
        ON CONFLICT (left_id, right_id) DO UPDATE
            SET verdict = excluded.verdict, correction_id = excluded.correction_id""",
        left=min(one, other),
        right=max(one, other),
        verdict=verdict.value,
        correction=correction,
    )


async def withdraw(db: Writer, correction: int) -> Sequence[int]:
    """Forget what was said by a correction, and return the rows that it was said of."""
    rows = await db.all("SELECT * FROM judgements WHERE correction_id = :correction", correction=correction)
    await db.run("DELETE FROM judgements WHERE correction_id = :correction", correction=correction)
    return [row[side] for row in rows for side in ("left_id", "right_id")]


async def group_of(db: Reader, person: int) -> dict[int, Judged | None]:
    """Return the rows that are one person, each with the judgement that led to it from the first, which is ``person``.

    What was said first leads first.
    """
    reached: dict[int, Judged | None] = {person: None}
    edge = [person]
    while edge:
        found = await _touching(db, edge, Verdict.SAME)
        edge = []
        for one in found:
            for here, there in ((one.left, one.right), (one.right, one.left)):
                if here in reached and there not in reached:
                    reached[there] = one
                    edge.append(there)
    return reached


async def kept_apart(db: Reader, group: Collection[int], other: Collection[int]) -> Judged | None:
    """Return the first judgement that says that somebody of a group is nobody of the other, if there is one."""
    for one in await _touching(db, group, Verdict.DIFFERENT):
        if (one.left in group and one.right in other) or (one.right in group and one.left in other):
            return one
    return None


async def is_spoken_of(db: Reader, group: Collection[int], other: Collection[int]) -> bool:
    """Return whether somebody has said that two groups are not one, or that they do not know, or so of an article."""
    for verdict in (Verdict.DIFFERENT, Verdict.UNSURE):
        for one in await _touching(db, group, verdict):
            if (one.left in group and one.right in other) or (one.right in group and one.left in other):
                return True
    left, right = _numbered("left", group), _numbered("right", other)
    row = await db.one(
        f"""SELECT 1 AS found FROM pinned_persons
        WHERE (person_id IN ({bound(left)}) AND machine_id IN ({bound(right)}))
            OR (person_id IN ({bound(right)}) AND machine_id IN ({bound(left)})) LIMIT 1""",
        **left,
        **right,
    )
    return row is not None


async def show_by(db: Writer, group: Collection[int], canonical: int) -> None:
    """Keep by which of its rows a group is shown."""
    await db.run_many(
        "UPDATE persons SET canonical_id = :canonical WHERE id = :person",
        [{"canonical": canonical, "person": person} for person in sorted(group)],
    )


async def _touching(db: Reader, persons: Collection[int], verdict: Verdict) -> Sequence[Judged]:
    """Return the judgements on any of the rows, in the order in which they were made."""
    sought = _numbered("person", persons)
    places = bound(sought)
    rows = await db.all(
        f"""SELECT * FROM judgements WHERE left_id IN ({places}) AND verdict = :verdict
        UNION SELECT * FROM judgements WHERE right_id IN ({places}) AND verdict = :verdict
        ORDER BY correction_id""",
        verdict=verdict.value,
        **sought,
    )
    return [_judged(row) for row in rows]


def _judged(row: Row) -> Judged:
    return Judged(row["left_id"], row["right_id"], Verdict(row["verdict"]), row["correction_id"])


# ----------------------------------------------------------------- whom a name may mean


@dataclass(frozen=True, slots=True)
class Scene:
    """An article as the place where people are named; ``words`` are its normalised words, with single spaces."""

    body: str
    words: str
    publisher: str | None
    seen_at: datetime


async def scenes(db: Reader, articles: Collection[int]) -> dict[int, Scene]:
    """Return articles as the places where people are named."""
    sought = _numbered("article", articles)
    if not sought:
        return {}
    rows = await db.all(
        f"""SELECT id, SUBSTR(body, 1, :longest) AS body, SUBSTR(search_text, 1, :longest) AS search_text, publisher,
            seen_at
        FROM articles WHERE id IN ({bound(sought)})""",
        longest=_LONGEST,
        **sought,
    )
    return {
        row["id"]: Scene(row["body"], row["search_text"], row["publisher"], from_text(row["seen_at"])) for row in rows
    }


async def rarity_of(db: Reader, collection: CollectionId, beginnings: Collection[str]) -> dict[str, float]:
    """Return how rare words are by their beginnings: 1 where one in a thousand articles has them, 0 where all do."""
    row = await db.one(
        "SELECT COUNT(*) AS found FROM (SELECT 1 FROM articles WHERE collection_id = :collection LIMIT :most) chosen",
        collection=collection,
        most=_COUNTED,
    )
    total = max(row["found"] if row else 0, _FEW_ARTICLES)
    found = {}
    for beginning in beginnings:
        having = await how_many_begin(db, collection, beginning, _COUNTED)
        found[beginning] = max(0.0, log(total / max(having, 1)) / log(1000))
    return found


async def bearers(
    db: Reader, collection: CollectionId, sought: Sequence[Collection[str]], limit: int
) -> list[list[int]]:
    """Return, for each set of keys (storage/spellings.py), at most so many persons who have one of them."""
    return await _having(db, collection, "name_keys", "key", sought, limit)


async def bearers_of_words(
    db: Reader, collection: CollectionId, sought: Sequence[Collection[str]], limit: int
) -> list[list[int]]:
    """Return, for each set of normalised words, at most so many persons in whose names one of them stands.

    It stands there by itself or in a compound.
    """
    return await _having(db, collection, "name_words", "word", sought, limit)


async def _having(
    db: Reader, collection: CollectionId, table: str, column: str, sought: Sequence[Collection[str]], limit: int
) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in sought]
    for first in range(0, len(sought), _TOGETHER):
        named = {
            place: _numbered(f"of{place}_", sought[place])
            for place in range(first, min(first + _TOGETHER, len(sought)))
            if sought[place]
        }
        each = (
            f"""SELECT {place} AS place, person FROM (
                SELECT DISTINCT p.canonical_id AS person FROM {table} k JOIN persons p ON p.id = k.person_id
                WHERE k.collection_id = :collection AND k.{column} IN ({bound(values)}) LIMIT :limit
            ) found{place}"""
            for place, values in named.items()
        )
        text = " UNION ALL ".join(each)
        values = {name: value for each in named.values() for name, value in each.items()}
        for row in await db.all(text, collection=collection, limit=limit, **values) if text else ():
            found[row["place"]].append(row["person"])
    return found


async def bearers_of_both(
    db: Reader, collection: CollectionId, keys: Collection[str], others: Collection[str], limit: int
) -> Sequence[int]:
    """Return at most so many persons, a row of whom has one of the keys and one of the others."""
    sought, further = _numbered("key", keys), _numbered("other", others)
    if not sought or not further:
        return []
    rows = await db.all(
        f"""SELECT DISTINCT p.canonical_id AS person FROM (
            SELECT person_id FROM name_keys WHERE collection_id = :collection AND key IN ({bound(sought)})
            INTERSECT
            SELECT person_id FROM name_keys WHERE collection_id = :collection AND key IN ({bound(further)})
        ) k JOIN persons p ON p.id = k.person_id LIMIT :limit""",
        collection=collection,
        limit=limit,
        **sought,
        **further,
    )
    return [row["person"] for row in rows]


async def names_of(db: Reader, people: Collection[int]) -> dict[int, dict[int, tuple[str, ...]]]:
    """Return the names of persons by each of the rows that are them."""
    sought = _numbered("person", people)
    if not sought:
        return {}
    rows = await db.all(
        f"""SELECT p.canonical_id AS person, p.id AS row, n.name
        FROM persons p JOIN person_names n ON n.person_id = p.id
        WHERE p.canonical_id IN ({bound(sought)}) ORDER BY p.id, LENGTH(n.name) DESC, n.name""",
        **sought,
    )
    found: dict[int, dict[int, tuple[str, ...]]] = {}
    for row in rows:
        by_row = found.setdefault(row["person"], {})
        by_row[row["row"]] = (*by_row.get(row["row"], ()), row["name"])
    return found


async def newest_articles(db: Reader, person: int, limit: int) -> Sequence[int]:
    """Return the articles, those received last first, that name a person, who is given by the row that shows them."""
    return (await newest_of_each(db, [person], limit))[person]


async def newest_of_each(db: Reader, people: Collection[int], limit: int) -> dict[int, list[int]]:
    """Return the articles, those received last first, that name each of several persons."""
    found: dict[int, list[int]] = {person: [] for person in sorted(people)}
    for first in range(0, len(found), _TOGETHER):
        named = _numbered("person", [*found][first : first + _TOGETHER])
        # Of each row that is them, what is newer than so many others of that row.
        each = (
            f"""SELECT * FROM (
                SELECT DISTINCT p.canonical_id AS person, m.article_id FROM persons p
                JOIN mentions m ON m.person_id = p.id AND m.article_id >= COALESCE((
                    SELECT article_id FROM mentions WHERE person_id = p.id
                    GROUP BY article_id ORDER BY article_id DESC LIMIT 1 OFFSET :limit - 1
                ), 0)
                WHERE p.canonical_id = :{name} ORDER BY m.article_id DESC LIMIT :limit
            ) of_{name}"""
            for name in named
        )
        rows = await db.all(" UNION ALL ".join(each) + " ORDER BY article_id DESC", limit=limit, **named)
        for row in rows:
            found[row["person"]].append(row["article_id"])
    return found


async def count_articles(db: Reader, people: Collection[int]) -> dict[int, int]:
    """Return how many articles name each of the persons, who are given by the rows that show them."""
    sought = _numbered("person", people)
    rows = await db.all(f"SELECT id, articles FROM persons WHERE id IN ({bound(sought)})", **sought) if sought else []
    return {row["id"]: row["articles"] for row in rows}


async def spans_in(db: Reader, person: int, articles: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return where articles name a person."""
    sought = _numbered("article", articles)
    rows = await db.all(
        f"""SELECT article_id, start, "end" FROM mentions WHERE article_id IN ({bound(sought)})
            AND person_id IN (SELECT id FROM persons WHERE canonical_id = :person)""",
        person=person,
        **sought,
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row["article_id"], []).append((row["start"], row["end"]))
    return found


async def roles_in(db: Reader, person: int, articles: Collection[int]) -> Sequence[str]:
    """Return the roles that articles give a person, those of the articles received last first."""
    sought = _numbered("article", articles)
    rows = await db.all(
        f"""SELECT job_title, MAX(article_id) AS newest FROM roles
        WHERE person_id IN (SELECT id FROM persons WHERE canonical_id = :person)
            AND article_id IN ({bound(sought)})
        GROUP BY job_title ORDER BY newest DESC, job_title""",
        person=person,
        **sought,
    )
    return [row["job_title"] for row in rows]


async def named_in(db: Reader, articles: Collection[int]) -> dict[int, str]:
    """Return everybody whom any of the articles names."""
    sought = _numbered("article", articles)
    rows = await db.all(
        f"""SELECT DISTINCT c.id, c.name FROM person_articles pa
        JOIN persons p ON p.id = pa.person_id JOIN persons c ON c.id = p.canonical_id
        WHERE pa.article_id IN ({bound(sought)})""",
        **sought,
    )
    return {row["id"]: row["name"] for row in rows}


async def kept_apart_from(db: Reader, person: int) -> set[int]:
    """Return the persons, by the rows that show them, of whom somebody said that they are not this one."""
    group = await group_of(db, person)
    others = {
        side
        for one in await _touching(db, group, Verdict.DIFFERENT)
        for side in (one.left, one.right)
        if side not in group
    }
    sought = _numbered("person", others)
    rows = await db.all(f"SELECT canonical_id FROM persons WHERE id IN ({bound(sought)})", **sought) if sought else []
    return {row["canonical_id"] for row in rows}


# ----------------------------------------------------------------- doubts


async def doubt(
    db: Writer, collection: CollectionId, article: int, person: int, comparisons: Sequence[Comparison], now: datetime
) -> None:
    """Keep that a row, brought by an article, may be one of those it was compared with."""
    await db.run_many(
        """INSERT INTO doubts (collection_id, person_id, candidate_id, article_id, score, evidence, raised_at)
        VALUES (:collection, :person, :candidate, :article, :score, :evidence, :now)
        ON CONFLICT (person_id, candidate_id) DO NOTHING""",
        [
            {
                "collection": collection,
                "person": person,
                "candidate": each.row,
                "article": article,
                "score": round(each.score, 3),
                "evidence": json.dumps([one.clue.to_json() for one in each.evidence], ensure_ascii=False),
                "now": to_text(now),
            }
            for each in comparisons
        ],
    )


# Of a doubt `d`: nobody has answered it, by itself or by other judgements, and the article names that person yet.
_OPEN = """p.canonical_id <> c.canonical_id
    AND EXISTS (SELECT 1 FROM mentions m WHERE m.article_id = d.article_id AND m.person_id = d.person_id)
    AND EXISTS (
        SELECT 1 FROM persons o JOIN mentions m ON m.person_id = o.id WHERE o.canonical_id = c.canonical_id
    )
    AND NOT EXISTS (
        SELECT 1 FROM judgements j JOIN persons l ON l.id = j.left_id JOIN persons r ON r.id = j.right_id
        WHERE j.verdict <> 'same' AND l.canonical_id <> r.canonical_id
            AND j.left_id IN (SELECT id FROM persons WHERE canonical_id IN (p.canonical_id, c.canonical_id))
            AND r.canonical_id IN (p.canonical_id, c.canonical_id)
    )"""
_DOUBTS = """doubts d JOIN persons p ON p.id = d.person_id JOIN persons c ON c.id = d.candidate_id"""


async def find_doubt(db: Reader, collection: CollectionId, number: int) -> Doubt | None:
    """Return a doubt of the collection, answered or not."""
    row = await db.one(
        "SELECT * FROM doubts WHERE id = :number AND collection_id = :collection", number=number, collection=collection
    )
    return _doubt(row) if row else None


async def open_doubts(db: Reader, collection: CollectionId, limit: int, after: int = 0) -> Sequence[Doubt]:
    """Return the collection's doubts that nobody has answered, those raised first first, behind the one ``after``."""
    rows = await db.all(
        f"""SELECT d.* FROM {_DOUBTS} WHERE d.collection_id = :collection AND d.id > :after AND {_OPEN}
        ORDER BY d.id LIMIT :limit""",
        collection=collection,
        after=after,
        limit=limit,
    )
    return [_doubt(row) for row in rows]


async def is_open(db: Reader, doubt: int) -> bool:
    """Return whether nobody has answered a doubt, nor settled it otherwise."""
    return await db.one(f"SELECT d.id FROM {_DOUBTS} WHERE d.id = :doubt AND {_OPEN}", doubt=doubt) is not None


async def perhaps(db: Reader, collection: CollectionId, person: int) -> set[int]:
    """Return the persons, as they are shown, of whom it is not settled whether they are a person as well."""
    rows = await db.all(
        f"""SELECT p.canonical_id AS one, c.canonical_id AS other FROM {_DOUBTS}
        WHERE d.collection_id = :collection AND {_OPEN} AND (
            d.person_id IN (SELECT id FROM persons WHERE canonical_id = :person)
            OR d.candidate_id IN (SELECT id FROM persons WHERE canonical_id = :person)
        )""",
        collection=collection,
        person=person,
    )
    return {number for row in rows for number in (row["one"], row["other"])} - {person}


async def to_ask(db: Reader, article: int) -> Doubt | None:
    """Return the likeliest doubt that an article raised, if none of its doubts has been asked."""
    row = await db.one(
        f"""SELECT d.* FROM {_DOUBTS} WHERE d.article_id = :article AND {_OPEN}
            AND NOT EXISTS (SELECT 1 FROM doubts a WHERE a.article_id = d.article_id AND a.asked_at IS NOT NULL)
        ORDER BY d.score DESC, d.id LIMIT 1""",
        article=article,
    )
    return _doubt(row) if row else None


async def asked(db: Writer, doubt: int, now: datetime) -> None:
    """Keep that a chat was asked."""
    await db.run(
        "UPDATE doubts SET asked_at = :now WHERE id = :doubt AND asked_at IS NULL", doubt=doubt, now=to_text(now)
    )


async def called_in(db: Reader, person: int, article: int) -> str | None:
    """Return the longest name by which an article calls a row."""
    row = await db.one(
        """SELECT text FROM mentions WHERE article_id = :article AND person_id = :person
        ORDER BY LENGTH(text) DESC, start LIMIT 1""",
        article=article,
        person=person,
    )
    return row["text"] if row else None


def _doubt(row: Row) -> Doubt:
    return Doubt(
        row["id"],
        row["person_id"],
        row["candidate_id"],
        row["article_id"],
        row["score"],
        tuple(Clue.of_json(each) for each in json.loads(row["evidence"])),
    )


# ----------------------------------------------------------------- whom corrections say that an article names


@dataclass(frozen=True, slots=True)
class Pin:
    """Whom a correction says that a name in an article means, and whom the machine had taken them for."""

    person: int
    machine: int | None


async def pins(db: Reader, article: int) -> dict[str, Pin]:
    """Return the pins of an article by normalised name, as it was filed last."""
    rows = await db.all("SELECT * FROM pinned_persons WHERE article_id = :article", article=article)
    return {row["normalised"]: Pin(row["person_id"], row["machine_id"]) for row in rows}


async def set_pins(db: Writer, article: int, found: Mapping[str, Pin]) -> None:
    """Keep the pins of an article in place of those that it had."""
    await db.run("DELETE FROM pinned_persons WHERE article_id = :article", article=article)
    await db.run_many(
        """INSERT INTO pinned_persons (article_id, normalised, person_id, machine_id)
        VALUES (:article, :name, :person, :machine)""",
        [
            {"article": article, "name": name, "person": pin.person, "machine": pin.machine}
            for name, pin in found.items()
        ],
    )


def _numbered(name: str, values: Collection[Any]) -> dict[str, Any]:
    """Return values as named parameters."""
    return {f"{name}{index}": value for index, value in enumerate(sorted(values))}
