"""Reprints: a group has one head, the first received; whatever joins, changes or goes, no mark is left wrong."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.extraction import Factuality, Metadata, Passage
from domain.fingerprints import MINIMA, SAME, Fingerprint
from storage import articles, claims, news, persons, reprints
from storage.claims import NewClaim, Part
from storage.connection import Database, Writer
from tests.samples import DAY, HOUR, NOON, named

# Steps of a text that changes bit by bit: neighbours are alike, those two steps apart are not.
STEP = 0.3


def versions(count: int, seed: int = 1) -> list[Fingerprint]:
    """Fingerprints of which each is like the one before, and less so of all others."""
    chance = random.Random(seed)  # noqa: S311  # a test repeats
    minima, found = [chance.randrange(1 << 16) for _ in range(MINIMA)], []
    for number in range(count):
        found.append(Fingerprint(b"".join(value.to_bytes(2, "little") for value in minima)))
        for place in range(number * 77, number * 77 + int(STEP * MINIMA)):
            minima[place % MINIMA] = chance.randrange(1 << 16)
    return found


A, B, C, D = versions(4)
(ELSE,) = versions(1, seed=2)


def test_the_versions_are_as_these_tests_need_them():
    assert all(one.likeness(other) >= SAME for one, other in ((A, B), (B, C), (C, D)))
    assert all(one.likeness(other) < SAME for one, other in ((A, C), (A, D), (B, D), (A, ELSE), (D, ELSE)))


async def article(db: Writer, collection: int, name: str) -> int:
    number = await articles.add(db, collection, name, Metadata(), NOON)
    assert number is not None
    return number


async def read(db: Writer, collection: int, number: int, fingerprint: Fingerprint | None, hours: int = 0) -> None:
    await articles.mark_read(db, number, Metadata(), NOON + hours * HOUR)
    await reprints.settle(db, collection, number, fingerprint)


async def marks(db: Writer) -> dict[int, int]:
    rows = await db.all("SELECT article_id, reprint_of FROM reprints ORDER BY article_id")
    return {row["article_id"]: row["reprint_of"] for row in rows}


async def keep(db: Writer, collection: int, *fingerprints: Fingerprint | None) -> list[int]:
    """Articles with these fingerprints, received and read one after another."""
    numbers = [await article(db, collection, f"Text {index}") for index in range(len(fingerprints))]
    for hours, (number, fingerprint) in enumerate(zip(numbers, fingerprints, strict=True)):
        await read(db, collection, number, fingerprint, hours)
    return numbers


@pytest.mark.parametrize(
    ("fingerprints", "heads"),
    [
        ([], []),
        ([A], [None]),
        ([None, None], [None, None]),
        ([A, ELSE], [None, None]),
        ([A, C], [None, None]),
        ([A, A], [None, 0]),
        ([A, B], [None, 0]),
        ([A, ELSE, B, None], [None, None, 0, None]),
        ([A, B, C, D], [None, 0, 0, 0]),
        ([D, C, B, A], [None, 0, 0, 0]),
        ([A, C, B], [None, 0, 0]),
        ([D, A, C, B], [None, 0, 0, 0]),
    ],
)
async def test_what_is_alike_is_one_group_with_the_first_received_at_its_head(
    database: Database, home: int, fingerprints: list[Fingerprint | None], heads: list[int | None]
):
    async with database.transaction() as db:
        numbers = await keep(db, home, *fingerprints)
        for number, head in zip(numbers, heads, strict=True):
            others = sum(each == (number if head is None else numbers[head]) for each in (await marks(db)).values())
            expected = None if head is None else numbers[head]
            assert await reprints.standing(db, number) == (expected, others)


async def test_the_first_received_is_the_head_even_if_it_is_read_last(database: Database, home: int):
    async with database.transaction() as db:
        first, second, third = [await article(db, home, f"Text {number}") for number in range(3)]
        await read(db, home, third, A)
        await read(db, home, second, A)
        assert await marks(db) == {third: second}
        await read(db, home, first, B)
        assert await marks(db) == {second: first, third: first}


async def test_another_collections_articles_are_never_looked_at(database: Database, home: int, other: int):
    async with database.transaction() as db:
        await keep(db, other, A, B)
        (mine,) = await keep(db, home, A)
        assert await reprints.standing(db, mine) == (None, 0)
        assert await reprints.alike(db, home, A) == [mine]


async def test_of_an_edited_article_everything_is_decided_anew(database: Database, home: int):
    async with database.transaction() as db:
        first, second, third, fourth = await keep(db, home, A, A, A, ELSE)
        await read(db, home, first, ELSE)
        assert await marks(db) == {third: second, fourth: first}
        await read(db, home, second, ELSE)
        assert await marks(db) == {second: first, fourth: first}
        await read(db, home, first, A)
        assert await marks(db) == {third: first, fourth: second}


async def test_a_group_that_one_article_held_together_falls_apart_with_it(database: Database, home: int):
    async with database.transaction() as db:
        first, second, third, fourth = await keep(db, home, A, B, C, D)
        assert await marks(db) == {second: first, third: first, fourth: first}
        await read(db, home, second, None)
        assert await marks(db) == {fourth: third}


async def test_reading_the_same_text_again_changes_nothing(database: Database, home: int):
    async with database.transaction() as db:
        numbers = await keep(db, home, A, B, C)
        before = await marks(db)
        for number, fingerprint in zip(numbers, (A, B, C), strict=True):
            await read(db, home, number, fingerprint)
        assert await marks(db) == before
        assert await db.one("SELECT COUNT(*) AS found FROM fingerprint_bands") == {"found": 3 * MINIMA // 4}


async def test_a_deleted_article_leaves_the_rest_with_a_head_and_nothing_of_itself(database: Database, home: int):
    async with database.transaction() as db:
        first, second, third = await keep(db, home, A, B, B)
        await reprints.withdraw(db, first)
        await db.run("DELETE FROM articles WHERE id = :article", article=first)
        assert await marks(db) == {third: second}
        await reprints.withdraw(db, third)
        assert await marks(db) == {}
        await db.run("DELETE FROM articles")
        for table in ("fingerprints", "fingerprint_bands", "reprints"):
            assert await db.one(f"SELECT COUNT(*) AS found FROM {table}") == {"found": 0}  # noqa: S608  # the names stand here


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([A, B, C, D, ELSE, None])), min_size=1, max_size=14))
async def test_in_whatever_order_articles_are_read_and_edited_the_groups_are_those_of_their_texts(
    database: Database, home: int, steps: list[tuple[int, Fingerprint | None]]
):
    async with database.transaction() as db:
        await db.run("DELETE FROM articles")
        numbers = [await article(db, home, f"Text {index}") for index in range(6)]
        texts: dict[int, Fingerprint | None] = {}
        for index, fingerprint in steps:
            await read(db, home, numbers[index], fingerprint)
            texts[numbers[index]] = fingerprint
        assert await marks(db) == _groups(texts)


def _groups(texts: dict[int, Fingerprint | None]) -> dict[int, int]:
    """The marks by brute force: heads are passed on until nothing changes."""
    heads = {number: number for number, text in texts.items() if text is not None}
    for _ in heads:
        for one in heads:
            for other in heads:
                mine, theirs = texts[one], texts[other]
                if mine is not None and theirs is not None and mine.likeness(theirs) >= SAME:
                    heads[one] = min(heads[one], heads[other])
    return {number: head for number, head in heads.items() if number != head}


async def test_a_head_read_after_its_reprint_counts_as_settled_when_that_was(database: Database, home: int):
    """A digest that told of the reprint has told of the head."""
    async with database.transaction() as db:
        first, second = await article(db, home, "First"), await article(db, home, "Second")
        await read(db, home, second, A)
        earlier = await news.articles(db, home, NOON, NOON + HOUR, 9)
        assert [each.id for each in earlier] == [second]
        await read(db, home, first, A, hours=2)
        earlier = await news.articles(db, home, NOON, NOON + HOUR, 9)
        assert [each.id for each in earlier] == [first]
        assert await news.articles(db, home, NOON + HOUR, NOON + DAY, 9) == []


async def test_a_reprint_is_no_article_of_its_own_in_digests_and_counts(database: Database, home: int):
    body = "Ada Ruun left."
    async with database.transaction() as db:
        numbers = await keep(db, home, A, B, ELSE)
        ada = await persons.add(db, home, "Ada Ruun")
        await persons.add_names(db, home, ada, ["Ada Ruun"])
        for number in numbers:
            await persons.add_mentions(db, number, ada, named(body, "Ada Ruun").mentions)
        told = await news.articles(db, home, NOON, NOON + DAY, 9)
        assert [each.id for each in told] == [numbers[2], numbers[0]]
        assert await news.named(db, [each.id for each in told], 5) == [((ada,), "Ada Ruun", 2)]
        found = await persons.find(db, home, ada)
        assert found is not None and found.articles == 2
        assert [each.articles for each in await persons.find_by_words(db, home, ["ruun"], 5)] == [2]


async def test_who_is_named_in_a_reprint_only_is_counted_once(database: Database, home: int):
    body = "Ada Ruun left."
    async with database.transaction() as db:
        _, second, third = await keep(db, home, A, A, A)
        ada = await persons.add(db, home, "Ada Ruun")
        for number in (second, third):
            await persons.add_mentions(db, number, ada, named(body, "Ada Ruun").mentions)
        found = await persons.find(db, home, ada)
        assert found is not None and found.articles == 1


async def test_a_persons_claims_stand_once_however_often_they_are_reprinted(database: Database, home: int):
    async with database.transaction() as db:
        numbers = await keep(db, home, A, B, B, ELSE)
        ada = await persons.add(db, home, "Ada Ruun")
        said = ["It rains", "It rains!", "it  rains", "It rains"], [None, "It snows", "It snows", "It snows"]
        for number, texts in zip(numbers, zip(*said, strict=True), strict=True):
            new = [
                NewClaim(Passage(text, ()), Factuality.CERTAIN, None, source=Passage("Ruun", ()), source_person=ada)
                for text in texts
                if text
            ]
            await claims.replace(db, home, number, new, NOON)
        first, second, third, other = numbers
        expected = {(first, "It rains"), (second, "It snows"), (other, "It rains"), (other, "It snows")}
        for found in (
            await claims.of_person(db, home, ada, Part.SOURCE, 9, 0),
            [*await claims.search(db, home, '"rains"', 9), *await claims.search(db, home, '"snows"', 9)],
        ):
            assert {(claim.article.id, claim.text) for claim in found} == expected
            assert len(found) == len(expected)
        assert len(await claims.of_article(db, home, third)) == 2


async def test_a_text_that_came_more_often_than_is_counted_is_still_found(
    database: Database, home: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reprints, "SHARED_BANDS", 5)
    monkeypatch.setattr(reprints, "CANDIDATES", 2)
    async with database.transaction() as db:
        first, *others = await keep(db, home, *[A] * 9)
        assert await marks(db) == dict.fromkeys(others, first)
        assert len(await reprints.alike(db, home, A)) == 2
