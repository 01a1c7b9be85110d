"""Stories: who stands together, what an article is found by, and that nothing crosses collections."""

import pytest

from domain.extraction import Metadata
from domain.ledger import StoryReference
from storage import articles, stories
from storage.connection import Database
from tests.samples import NOON


@pytest.fixture
async def told(database: Database, home: int) -> list[int]:
    """Three articles of one collection, the first two in one story of two days."""
    numbers = []
    async with database.transaction() as db:
        for text in ("one", "two", "three"):
            number = await articles.add(db, home, text, Metadata(headline=f"On {text}", publisher=text), NOON)
            assert number is not None
            numbers.append(number)
        story = await stories.add(db, home)
        for day, number in enumerate(numbers[:2], start=10):
            await stories.place(db, home, number, day, story)
            await stories.keep_keys(db, home, number, day, {7: 1.0, 8: 0.5})
    return numbers


async def test_a_story_lists_its_articles_newest_first(database: Database, home: int, told: list[int]) -> None:
    async with database.reading() as db:
        (story,) = set((await stories.stories_of(db, told)).values())
        assert await stories.members(db, story) == [told[1], told[0]]
        assert await stories.find(db, home, story) == StoryReference(story, "On one", 2, 2)
        assert [each.id for each in await stories.page(db, home, story, 5, 0)] == [told[1], told[0]]
        assert [each.id for each in await stories.page(db, home, story, 5, 1)] == [told[0]]


async def test_a_story_goes_by_the_headline_that_most_articles_stand_for(
    database: Database, home: int, told: list[int]
) -> None:
    async with database.transaction() as db:
        await db.run(
            "INSERT INTO reprints (article_id, reprint_of) VALUES (:copy, :first)", copy=told[2], first=told[1]
        )
        story = (await stories.stories_of(db, told))[told[0]]
        found = await stories.find(db, home, story)
    assert found is not None
    assert found.headline == "On two"


async def test_a_story_goes_with_its_last_article(database: Database, home: int, told: list[int]) -> None:
    async with database.transaction() as db:
        first = (await stories.stories_of(db, told))[told[0]]
        await stories.place(db, home, told[0], 10, await stories.add(db, home))
        assert await stories.members(db, first) == [told[1]]
        await stories.withdraw(db, told[1])
        assert await stories.find(db, home, first) is None
        assert await db.all("SELECT id FROM stories WHERE id = :first", first=first) == []
        await db.run("DELETE FROM articles WHERE id = :article", article=told[0])
        assert await db.all("SELECT id FROM stories") == []
        assert await stories.add(db, home) > first


async def test_a_story_is_of_its_collection_alone(database: Database, other: int, told: list[int]) -> None:
    async with database.reading() as db:
        story = (await stories.stories_of(db, told))[told[0]]
        assert await stories.find(db, other, story) is None
        assert await stories.page(db, other, story, 5, 0) == []
        assert await stories.sharing(db, other, [7], 0, 99) == {}
        assert await stories.count_of_days(db, other, 0, 99, 5) == 0


@pytest.mark.parametrize(
    ("keys", "first_day", "last_day", "shared"),
    [
        ([7], 10, 11, {7: [1, 0]}),
        ([7, 8, 9], 11, 20, {7: [1], 8: [1]}),
        ([7], 12, 20, {}),
        ([9], 0, 20, {}),
        ([], 0, 20, {}),
    ],
)
async def test_articles_are_found_by_what_they_are_about_in_their_days(
    database: Database, home: int, told: list[int], keys: list[int], first_day: int, last_day: int, shared: object
) -> None:
    async with database.reading() as db:
        found = await stories.sharing(db, home, keys, first_day, last_day)
    assert {key: [told.index(number) for number in numbers] for key, numbers in found.items()} == shared


async def test_of_a_key_that_all_have_the_newest_are_found(
    database: Database, home: int, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST_SHARING", 1)
    async with database.reading() as db:
        assert await stories.sharing(db, home, [7], 0, 99) == {7: [told[1]]}


async def test_what_an_article_is_about_is_replaced(database: Database, home: int, told: list[int]) -> None:
    async with database.transaction() as db:
        await stories.keep_keys(db, home, told[0], 10, {9: 2.0})
        assert await stories.keys_of(db, told[:2]) == {told[0]: {9: 2.0}, told[1]: {7: 1.0, 8: 0.5}}
