"""Articles: once in a collection, seen by nobody else, newest first, found by their words."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.articles import ArticleState, Forward, Origin, OriginKind
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import FailureReason, Metadata
from domain.ledger import ArticleReference
from storage import articles, chats, news
from storage.connection import Database, Writer
from storage.full_text import NEWEST
from tests.samples import DAY, HOUR, NOON, forward
from tests.storage.conftest import HOME, OTHER

TEXT = "The ferry sank in Lake Oru, the harbour office says."
FULL = Metadata(
    headline="Ferry sinks",
    publisher="The Oru Gazette",
    author=("Nadja Wirén", "P. Okoro"),
    date_published="2026-03-10",
    language="en",
    url="https://gazette.example/1",
)


async def add(db: Writer, collection: int, text: str, given: Metadata | None = None, at: datetime = NOON) -> int:
    number = await articles.add(db, collection, text, given or Metadata(), at)
    assert number is not None
    return number


async def test_a_text_is_kept_once_in_each_collection(database: Database, home: int, other: int):
    async with database.transaction() as db:
        first = await add(db, home, TEXT)
        assert await articles.add(db, home, TEXT.replace(" ", "\n"), Metadata(), NOON) is None
        elsewhere = await add(db, other, TEXT)
        assert first != elsewhere
        assert await articles.find_same(db, home, TEXT + "  ") == first
        assert await articles.find_same(db, other, TEXT) == elsewhere
        assert await articles.find_same(db, home, "Another text.") is None


async def test_an_article_comes_back_as_it_was_kept(database: Database, home: int):
    async with database.transaction() as db:
        number = await add(db, home, TEXT, FULL)
    async with database.reading() as db:
        found = await articles.find(db, home, number)
    assert found is not None
    assert (found.body, found.metadata, found.received_at) == (TEXT, FULL, NOON)
    assert (found.state, found.failure) == (ArticleState.RECEIVED, None)
    assert found.reference == ArticleReference(number, "Ferry sinks", "The Oru Gazette", NOON, None)


async def test_another_collection_never_sees_an_article(database: Database, home: int, other: int):
    async with database.transaction() as db:
        number = await add(db, home, TEXT)
        assert await articles.find(db, home, number) is not None
        assert await articles.find(db, other, number) is None
        assert await articles.find_same(db, other, TEXT) is None
        await articles.mark_read(db, number, FULL, NOON)
        assert await news.articles(db, other, NOON - DAY, NOON + DAY, 9) == []
        assert await articles.search(db, other, '"ferry"', 5) == []
        assert await articles.collection_of(db, number) == home
        assert await articles.collection_of(db, number + 1) is None


@pytest.mark.parametrize(
    "origin",
    [
        Origin(),
        Origin(OriginKind.USER, "Bo", "bo", None, NOON - DAY),
        Origin(OriginKind.HIDDEN_USER, "Somebody", None, None, NOON),
        Origin(OriginKind.CHAT, "The desk", None, None, NOON),
        Origin(OriginKind.CHANNEL, "Gazette", "gazette", 77, NOON),
    ],
)
async def test_a_line_leads_back_to_the_first_message(database: Database, home: int, other: int, origin: Origin):
    first = Forward(HOME, 5, 3, "Ann", origin, NOON)
    async with database.transaction() as db:
        number = await add(db, home, TEXT)
        await articles.add_forward(db, number, first)
        await articles.add_forward(db, number, Forward(OTHER, 4, None, "Bob", Origin(), NOON - HOUR))
        found = await articles.find(db, home, number)
    assert found is not None
    assert found.reference.forward == first


async def test_a_message_counts_once_for_an_article(database: Database, home: int):
    async with database.transaction() as db:
        number = await add(db, home, TEXT)
        await articles.add_forward(db, number, forward(HOME, 5))
        await articles.add_forward(db, number, forward(HOME, 5, "Ann again"))
        assert await db.one("SELECT COUNT(*) AS found FROM forwards") == {"found": 1}


async def test_what_was_read_in_a_span_comes_newest_first_without_the_end(database: Database, home: int):
    async with database.transaction() as db:
        hours = (-1, 0, 0, 1, 2)
        numbers = [await add(db, home, f"Text {each}", at=NOON - DAY) for each in range(5)]
        for number, hour in zip(numbers, hours, strict=True):
            await articles.mark_read(db, number, Metadata(), NOON + hour * HOUR)
        await add(db, home, "Not read yet", at=NOON)
        found = await news.articles(db, home, NOON, NOON + 2 * HOUR, 9)
    assert [each.id for each in found] == [numbers[3], numbers[2], numbers[1]]


async def test_the_articles_of_others_do_not_crowd_out_an_own_one(database: Database, home: int, other: int):
    async with database.transaction() as db:
        own = await add(db, home, "The zebra is gone.")
        for number in range(NEWEST + 1):
            await add(db, other, f"Zebra {number}.")
        assert [each.id for each in await articles.search(db, home, '"zebra"', 5)] == [own]


async def test_search_finds_words_in_any_spelling_newest_first(database: Database, home: int):
    async with database.transaction() as db:
        old = await add(db, home, "Žofie Łącka sold the FERRY.", at=NOON - DAY)
        new = await add(db, home, "The ferry of Zofie Lacka.", at=NOON)
        await add(db, home, "A tram.", at=NOON)

        async def found(match: str, limit: int = 5) -> list[int]:
            return [each.id for each in await articles.search(db, home, match, limit)]

        assert await found('"ferry"') == [new, old]
        assert await found('"ferry"', limit=1) == [new]
        assert await found('"zofie" "lacka"') == [new, old]
        assert await found('"ferr"*') == [new, old]
        assert await found('"ferry" "tram"') == []
        await db.run("DELETE FROM articles WHERE id = :old", old=old)
        assert await found('"ferry"') == [new]
        await db.run("UPDATE articles SET search_text = 'nothing' WHERE id = :new", new=new)
        assert await found('"ferry"') == []
        assert await found('"nothing"') == [new]


@pytest.mark.parametrize(
    ("date_published", "seen_at"),
    [
        (None, NOON),
        ("2026-03-10", datetime(2026, 3, 10, tzinfo=UTC)),
        ("2026-03-10T08:30", datetime(2026, 3, 10, 8, 30, tzinfo=UTC)),
        ("2026-03-10T08:30:00+02:00", datetime(2026, 3, 10, 6, 30, tzinfo=UTC)),
        ("last Tuesday", NOON),
        ("0001-01-01T00:00:00+05:00", NOON),
        ("0999-01-01", datetime(999, 1, 1, tzinfo=UTC)),
    ],
)
async def test_an_article_sorts_by_its_own_date_where_that_can_be_read(
    database: Database, home: int, date_published: str | None, seen_at: datetime
):
    async with database.transaction() as db:
        number = await add(db, home, TEXT)
        await articles.mark_read(db, number, Metadata(date_published=date_published), NOON)
        found = await articles.find(db, home, number)
    assert found is not None
    assert found.state is ArticleState.READ
    assert found.reference.seen_at == seen_at
    assert found.metadata.date_published == date_published


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.one_of(st.text(max_size=30), st.datetimes().map(str), st.dates().map(str)))
async def test_no_date_that_an_article_gives_itself_hides_it(database: Database, home: int, date_published: str):
    async with database.transaction() as db:
        number = await articles.add(db, home, TEXT, Metadata(), NOON) or await articles.find_same(db, home, TEXT)
        assert number is not None
        await articles.mark_read(db, number, Metadata(date_published=date_published), NOON)
        found = await articles.find(db, home, number)
    assert found is not None
    # PostgreSQL has no such character.
    assert found.metadata.date_published in (date_published, date_published.replace("\0", "\ufffd"))


async def test_a_failure_is_kept_with_its_reason_and_a_later_reading_takes_its_place(database: Database, home: int):
    async with database.transaction() as db:
        number = await add(db, home, TEXT)
        await articles.mark_failed(db, number, FailureReason.TIMEOUT, NOON)
        failed = await articles.find(db, home, number)
        await articles.mark_read(db, number, FULL, NOON)
        read = await articles.find(db, home, number)
    assert failed is not None and read is not None
    assert (failed.state, failed.failure) == (ArticleState.FAILED, FailureReason.TIMEOUT)
    assert (read.state, read.failure, read.metadata) == (ArticleState.READ, None, FULL)


async def test_each_chat_has_one_message_that_shows_an_article(database: Database, home: int, other: int):
    async with database.transaction() as db:
        number = await add(db, home, TEXT)
        assert await articles.card_message(db, number, HOME.id) is None
        await articles.set_card_message(db, number, HOME.id, 7)
        await articles.set_card_message(db, number, HOME.id, 8)
        assert await articles.card_message(db, number, HOME.id) == 8
        assert await articles.card_message(db, number, OTHER.id) is None


async def test_each_new_chat_has_an_empty_collection_of_its_own(database: Database, home: int, other: int):
    assert home != other
    async with database.reading() as db:
        known = await chats.find(db, HOME.id)
        assert known is not None
        assert (known.identity, known.collection, known.timezone, known.id) == (HOME, home, "UTC", HOME.id)
        assert await chats.find(db, 999) is None


async def test_a_chat_keeps_its_collection_when_it_is_renamed(database: Database, home: int):
    renamed = ChatIdentity(HOME.id, ChatKind.SUPERGROUP, "The desk", "desk")
    async with database.transaction() as db:
        await chats.rename(db, renamed)
        await chats.set_timezone(db, HOME.id, "Europe/Vilnius")
        known = await chats.find(db, HOME.id)
    assert known is not None
    assert (known.identity, known.collection, known.timezone) == (renamed, home, "Europe/Vilnius")
