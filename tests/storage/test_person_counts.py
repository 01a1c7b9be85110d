"""In how many articles a person is named is kept with them; whatever happens, it is what counting would give."""

import random

import pytest

from storage.connection import Database, Writer
from tests.storage.test_persons import article, keep, mention

COUNTED = """SELECT p.id, p.articles AS kept, (
    SELECT COUNT(DISTINCT COALESCE(r.reprint_of, m.article_id)) FROM mentions m
    LEFT JOIN reprints r ON r.article_id = m.article_id
    WHERE m.person_id IN (SELECT id FROM persons WHERE canonical_id = p.id)
) AS counted FROM persons p ORDER BY p.id"""


async def _happens(db: Writer, chance: random.Random, persons: list[int], articles: list[int]) -> None:
    """Something that changes whom articles name, what they repeat, or who is whom."""
    person, other = chance.choice(persons), chance.choice(persons)
    one, another = chance.choice(articles), chance.choice(articles)
    match chance.randrange(7):
        case 0 | 1:
            at = chance.randrange(9)
            await db.run(
                """INSERT INTO mentions (article_id, start, "end", person_id, text)
                VALUES (:one, :at, 9, :person, 'Ada') ON CONFLICT DO NOTHING""",
                one=one,
                at=at,
                person=person,
            )
        case 2:
            await db.run("DELETE FROM mentions WHERE article_id = :one AND person_id = :person", one=one, person=person)
        case 3:
            if one != another:
                await db.run(
                    """INSERT INTO reprints (article_id, reprint_of) VALUES (:one, :another)
                    ON CONFLICT (article_id) DO UPDATE SET reprint_of = excluded.reprint_of""",
                    one=one,
                    another=another,
                )
        case 4:
            await db.run("DELETE FROM reprints WHERE article_id = :one", one=one)
        case 5:
            await db.run("UPDATE persons SET canonical_id = :other WHERE id = :person", other=other, person=person)
        case _:
            await db.run("UPDATE articles SET seen_at = seen_at || '1' WHERE id = :one", one=one)


@pytest.mark.parametrize("seed", range(12))
async def test_the_count_is_kept_in_step(database: Database, home: int, seed: int):
    chance = random.Random(seed)  # noqa: S311  # no secret
    async with database.transaction() as db:
        persons = [await keep(db, home, f"Ada {number}") for number in range(4)]
        articles = [await article(db, home, f"Text {number}") for number in range(5)]
        for _ in range(60):
            await _happens(db, chance, persons, articles)
            rows = await db.all(COUNTED)
            assert [row["kept"] for row in rows] == [row["counted"] for row in rows]
        assert any(row["kept"] for row in rows)


async def test_a_deleted_article_is_not_counted(database: Database, home: int):
    async with database.transaction() as db:
        ada = await keep(db, home, "Ada")
        first, second = [await article(db, home, f"Ada {number}") for number in range(2)]
        for each in (first, second):
            await mention(db, each, ada, "Ada", "Ada")
        await db.run(
            "INSERT INTO reprints (article_id, reprint_of) VALUES (:second, :first)", first=first, second=second
        )
        assert [row["kept"] for row in await db.all(COUNTED)] == [1]
        await db.run("DELETE FROM articles WHERE id = :first", first=first)
        assert [row["kept"] for row in await db.all(COUNTED)] == [1]
        await db.run("DELETE FROM articles WHERE id = :second", second=second)
        assert [row["kept"] for row in await db.all(COUNTED)] == [0]
