"""Persons: found by whole, half and misspelt names of any alphabet, and only by those who share their collection."""

from datetime import datetime

import pytest

from domain.extraction import Metadata
from domain.ledger import PersonReference, Role
from storage import articles, news, persons
from storage.connection import Database, Writer
from storage.values import normalise, trigrams
from tests.samples import DAY, HOUR, NOON, named


async def keep(db: Writer, collection: int, *names: str) -> int:
    """A person with these names; the first is the main one."""
    number = await persons.add(db, collection, names[0])
    await persons.add_names(db, collection, number, names)
    return number


async def article(db: Writer, collection: int, body: str, at: datetime = NOON) -> int:
    number = await articles.add(db, collection, body, Metadata(), at)
    assert number is not None
    await articles.mark_read(db, number, Metadata(), at)
    return number


async def mention(db: Writer, article_number: int, person: int, body: str, *names: str) -> None:
    await persons.add_mentions(db, article_number, person, named(body, names[0], *names[1:]).mentions)


async def by_words(db: Writer, collection: int, name: str, limit: int = 9) -> list[int]:
    return [each.id for each in await persons.find_by_words(db, collection, normalise(name).split(), limit)]


async def test_a_person_is_found_by_each_of_their_names_in_any_spelling(database: Database, home: int):
    async with database.transaction() as db:
        zora = await keep(db, home, "Żóra Czarnecka-Lind", "Жора Чарнецка", "Z. Lind")
        assert await persons.bearers(db, home, "ZORA czarnecka lind") == {zora: "Żóra Czarnecka-Lind"}
        assert await persons.bearers(db, home, "Zhora Charnetska") == {zora: "Żóra Czarnecka-Lind"}
        assert await persons.bearers(db, home, "Zora") == {}
        assert await persons.bearers(db, home, "") == {}
        assert await persons.names_of(db, zora) == ["Żóra Czarnecka-Lind", "Жора Чарнецка", "Z. Lind"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Czarnecka", True),
        ("lind zora", True),
        ("Zora Lind", True),
        ("Жора", True),
        ("charnetska", True),
        ("Czarn", False),
        ("Zora Berg", False),
        ("Berg", False),
    ],
)
async def test_a_person_is_found_by_any_of_the_names_words_if_all_fit(
    database: Database, home: int, asked: str, found: bool
):
    async with database.transaction() as db:
        zora = await keep(db, home, "Żóra Czarnecka-Lind", "Жора Чарнецка")
        assert await by_words(db, home, asked) == ([zora] if found else [])


async def test_the_most_named_come_first_and_only_so_many(database: Database, home: int):
    async with database.transaction() as db:
        numbers = [await keep(db, home, f"{first} Lind") for first in ("Ada", "Bea", "Cleo")]
        for count in range(2):
            body = f"Bea Lind and Cleo Lind, {count}"
            number = await article(db, home, body)
            await mention(db, number, numbers[1], body, "Bea Lind")
            if count:
                await mention(db, number, numbers[2], body, "Cleo Lind")
        found = await persons.find_by_words(db, home, ["lind"], 9)
        assert [(each.id, each.articles) for each in found] == [(numbers[1], 2), (numbers[2], 1), (numbers[0], 0)]
        assert len(await persons.find_by_words(db, home, ["lind"], 2)) == 2


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("hagelun", "hagelund"),
        ("hogelund", "hagelund"),
        ("hageludn", "hagelund"),
        ("hagelund", "hagelund"),
        ("tembi", "tembe"),
        ("okpara", None),
        ("x", None),
    ],
)
async def test_a_misspelt_word_has_its_nearest_first(database: Database, home: int, asked: str, meant: str | None):
    async with database.transaction() as db:
        await keep(db, home, "Torvin Hagelund")
        await keep(db, home, "Ruvimbo Tembe")
        await keep(db, home, "Alda Hagberg")
        found = await persons.words_like(db, home, asked, 3)
    assert [word for word, _ in found][:1] == ([meant] if meant else [])
    likeness = [how for _, how in found]
    assert likeness == sorted(likeness, reverse=True)
    assert all(0.4 <= how <= 1 for how in likeness)
    if asked == meant:
        assert likeness[0] == 1


async def test_near_words_are_those_that_comparing_with_every_word_finds(database: Database, home: int):
    kept = ["lee", "leen", "alexander", "alex", "hagelund", "hogelund", "hagberg", "hanlund", "marchetti", "marketi"]
    async with database.transaction() as db:
        await keep(db, home, *kept)
        for asked in (*kept, "le", "lexa", "hagelnd", "aleksandr", "marchettini", "machetti", "zzz"):
            mine = trigrams(asked)
            by_hand = {word: 2 * len(mine & trigrams(word)) / (len(mine) + len(word) + 1) for word in kept}
            near = sorted((pair for pair in by_hand.items() if pair[1] >= 0.4), key=lambda pair: (-pair[1], pair[0]))
            assert await persons.words_like(db, home, asked, 20) == near


async def test_of_several_words_the_order_and_the_number_of_their_bearers_do_not_matter(database: Database, home: int):
    async with database.transaction() as db:
        alda = await keep(db, home, "Alda Hagelund")
        for number in range(5):
            await keep(db, home, f"Alda Berg{number}")
        for name in ("Alda Hagelund", "Hagelund Alda"):
            assert await by_words(db, home, name) == [alda]
            assert [each.id for each in await persons.find_by_sound(db, home, name, 9)] == [alda]
        for name in ("Alda Tembe", "Tembe Alda", "Berg1 Hagelund"):
            assert await by_words(db, home, name) == []
            assert await persons.find_by_sound(db, home, name, 9) == []
        assert await persons.find_by_sound(db, home, "", 9) == []


async def test_another_collection_never_sees_a_person(database: Database, home: int, other: int):
    body = "Torvin Hagelund left."
    async with database.transaction() as db:
        torvin = await keep(db, home, "Torvin Hagelund")
        await mention(db, await article(db, home, body), torvin, body, "Torvin Hagelund")
        for collection, seen in ((home, True), (other, False)):
            assert bool(await persons.bearers(db, collection, "Torvin Hagelund")) is seen
            assert bool(await persons.find(db, collection, torvin)) is seen
            assert bool(await persons.find_by_words(db, collection, ["hagelund"], 5)) is seen
            assert bool(await persons.find_by_words(db, collection, ["hagelund", "torvin"], 5)) is seen
            assert bool(await persons.words_like(db, collection, "hagelun", 5)) is seen


async def test_two_words_of_different_collections_never_make_one_person(database: Database, home: int, other: int):
    async with database.transaction() as db:
        mine = await keep(db, home, "Torvin Hagelund")
        await keep(db, other, "Alda Hagelund")
        assert await by_words(db, home, "Hagelund") == [mine]
        assert await by_words(db, home, "Alda Hagelund") == []


async def test_an_articles_people_come_in_the_order_in_which_it_names_them(database: Database, home: int):
    body = "Lind met Torvin Hagelund. Hagelund thanked Żóra Lind."
    async with database.transaction() as db:
        torvin = await keep(db, home, "Torvin Hagelund")
        zora = await keep(db, home, "Żóra Lind")
        number = await article(db, home, body)
        torvin_here = named(body, "Torvin Hagelund")
        zora_here = named(body, "Żóra Lind", "Lind", roles=("mayor of Oru", "a sailor"))
        await persons.add_mentions(db, number, torvin, torvin_here.mentions)
        await persons.add_mentions(db, number, zora, zora_here.mentions)
        await persons.add_mentions(db, number, zora, zora_here.mentions)
        await persons.add_roles(db, number, zora, zora_here.job_titles, NOON)
        found = await persons.of_article(db, number)
    assert [each.name for each in found] == ["Żóra Lind", "Torvin Hagelund"]
    assert found[0].alternate_names == ("Lind",)
    assert sorted(found[0].job_titles) == ["a sailor", "mayor of Oru"]
    assert sorted(found[0].mentions, key=lambda each: each.span) == sorted(
        zora_here.mentions, key=lambda each: each.span
    )


async def test_roles_come_newest_first_each_wording_once(database: Database, home: int):
    async with database.transaction() as db:
        zora = await keep(db, home, "Żóra Lind")
        numbers = [await article(db, home, f"Text {each}") for each in range(3)]
        await persons.add_roles(db, numbers[0], zora, ["mayor"], NOON - 2 * DAY)
        await persons.add_roles(db, numbers[1], zora, ["Mayor", "a sailor"], NOON)
        await persons.add_roles(db, numbers[2], zora, ["minister"], NOON - DAY)
        found = await persons.roles_of(db, zora)
    assert [(each.job_title.lower(), each.seen_at) for each in found] == [
        ("mayor", NOON),
        ("a sailor", NOON),
        ("minister", NOON - DAY),
    ]
    assert all(isinstance(each, Role) for each in found)


async def test_a_person_was_seen_from_their_oldest_to_their_newest_article(database: Database, home: int):
    async with database.transaction() as db:
        zora = await keep(db, home, "Żóra Lind")
        assert await persons.seen(db, zora) is None
        assert await persons.find(db, home, zora) == PersonReference(zora, "Żóra Lind", 0)
        for days in (2, 0, 5):
            body = f"Żóra Lind, {days}"
            await mention(db, await article(db, home, body, NOON - days * DAY), zora, body, "Żóra Lind")
        assert await persons.seen(db, zora) == (NOON - 5 * DAY, NOON)
        assert await persons.find(db, home, zora) == PersonReference(zora, "Żóra Lind", 3)


async def test_whom_most_articles_of_a_span_name(database: Database, home: int):
    async with database.transaction() as db:
        zora, torvin = await keep(db, home, "Żóra Lind"), await keep(db, home, "Torvin Hagelund")
        ada = await keep(db, home, "Ada Ruun")
        for hours in (-1, 0, 1, 2):
            body = f"Torvin Hagelund, Hagelund, Żóra Lind, Ada Ruun {hours}"
            number = await article(db, home, body, NOON + hours * HOUR)
            await mention(db, number, zora, body, "Żóra Lind")
            if hours == 0:
                await mention(db, number, torvin, body, "Torvin Hagelund", "Hagelund")
                await mention(db, number, ada, body, "Ada Ruun")
        new = [each.id for each in await news.articles(db, home, NOON, NOON + 2 * HOUR, 9)]
        found = await news.named(db, new, 5)
        assert found == [
            ((zora,), "Żóra Lind", 2),
            ((ada,), "Ada Ruun", 1),
            ((torvin,), "Torvin Hagelund", 1),
        ]
        assert len(await news.named(db, new, 1)) == 1


async def test_what_was_read_from_an_article_can_be_taken_back(database: Database, home: int):
    body = "Żóra Lind left."
    async with database.transaction() as db:
        zora = await keep(db, home, "Żóra Lind")
        kept, removed = await article(db, home, body), await article(db, home, body + " Again.")
        for number in (kept, removed):
            await mention(db, number, zora, body, "Żóra Lind")
            await persons.add_roles(db, number, zora, ["mayor"], NOON)
        await persons.remove_of_article(db, removed)
        assert await persons.of_article(db, removed) == []
        assert len(await persons.of_article(db, kept)) == 1
        assert len(await persons.roles_of(db, zora)) == 1
        assert await persons.find(db, home, zora) == PersonReference(zora, "Żóra Lind", 1)


async def test_names_without_a_letter_are_not_kept(database: Database, home: int):
    async with database.transaction() as db:
        nobody = await keep(db, home, "—")
        assert await persons.names_of(db, nobody) == []
        assert await persons.bearers(db, home, "…") == {}


async def test_a_full_name_is_met_as_another_language_spells_it(database: Database, home: int):
    async with database.transaction() as db:
        number = await keep(db, home, "Анна Ковальчук")
        for spelling in ("Anna Kovalchuk", "Anna Kowaltschuk", "Anna Kovaltchouk"):
            assert await persons.bearers(db, home, spelling) == {number: "Анна Ковальчук"}
        assert await persons.bearers(db, home, "Kowaltschuk") == {}
        assert await persons.bearers(db, home, "Inna Kovalchuk") == {}


async def test_who_bears_the_very_spelling_is_met_before_who_bears_the_sound(database: Database, home: int):
    async with database.transaction() as db:
        for name in ("Volodymyr Zhuk", "Vladimir Zhuk"):
            await keep(db, home, name)
        assert list((await persons.bearers(db, home, "Vladimir Zhuk")).values()) == ["Vladimir Zhuk"]
        assert len(await persons.bearers(db, home, "Wladimir Schuk")) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [("Kowaltschuk", True), ("Anna Kowaltschuk", True), ("ковальчук анна", True), ("Kovalenko", False), ("", False)],
)
async def test_a_question_in_another_spelling_finds_the_person(database: Database, home: int, asked: str, found: bool):
    async with database.transaction() as db:
        await keep(db, home, "Anna Kovalchuk")
        assert bool(await persons.find_by_sound(db, home, asked, limit=5)) == found
