"""What a subscription has been told: by its own number, the last word counts, and it is forgotten after a while."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.digests import ToldClaim
from domain.extraction import Factuality
from storage import digested
from storage.connection import Database, Writer
from tests.samples import DAY, NOON

TOLD = ToldClaim(1, 1, Factuality.CERTAIN, 2, 0, 77)


@pytest.fixture
async def claims(database: Database, home: int) -> Database:
    """A file with claims 1 to 3 and subscriptions 1 and 2."""
    async with database.transaction() as db:
        await db.run(
            """INSERT INTO articles (id, collection_id, content_hash, body, search_text, state, received_at, seen_at)
            VALUES (1, :home, 'x', '', '', 'read', '', '')""",
            home=home,
        )
        await db.run_many(
            """INSERT INTO claims (id, collection_id, article_id, position, text, spans, search_text, factuality)
            VALUES (:id, :home, 1, :id, '', '[]', '', 'CT+')""",
            [{"id": number, "home": home} for number in (1, 2, 3)],
        )
        await db.run_many(
            """INSERT INTO subscriptions (id, chat_id, target_id, thread_id, owner_id, times, days, timezone, filters,
                when_empty, state, next_run, created_at)
            SELECT :id, id, id, 0, 0, '[]', '[]', 'UTC', '{}', 'line', 'active', '', '' FROM chats LIMIT 1""",
            [{"id": 1}, {"id": 2}],
        )
    return database


async def shown(db: Writer, subscription: int, since: datetime = NOON - DAY, limit: int = 9) -> list[ToldClaim]:
    return list(await digested.shown(db, subscription, since, limit))


async def test_what_was_told_is_known_by_subscription(claims: Database):
    alike = replace(TOLD, claim=2)
    async with claims.transaction() as db:
        await digested.keep(db, 1, [TOLD, alike, replace(TOLD, claim=99)], NOON)
        assert await digested.told_of(db, 1, [1, 2, 3, 99]) == {1, 2}
        assert await digested.told_of(db, 2, [1, 2, 3]) == set()
        assert await digested.told_of(db, 1, []) == set()
        assert await shown(db, 1) == [TOLD], "what only says the same was not shown"
        assert await shown(db, 2) == []


async def test_the_last_word_counts_and_the_newest_comes_first(claims: Database):
    later, other = replace(TOLD, origins=9), replace(TOLD, claim=3, told_as=3)
    async with claims.transaction() as db:
        await digested.keep(db, 1, [TOLD, other], NOON)
        await digested.keep(db, 1, [later], NOON + DAY)
        assert await shown(db, 1) == [later, other]
        assert await shown(db, 1, limit=1) == [later]
        assert await shown(db, 1, since=NOON + DAY) == [later]


async def test_what_was_told_long_ago_is_forgotten(claims: Database):
    async with claims.transaction() as db:
        await digested.keep(db, 1, [TOLD], NOON)
        await digested.keep(db, 1, [], NOON + digested.KEPT)
        assert await digested.told_of(db, 1, [1]) == {1}
        await digested.keep(db, 1, [], NOON + digested.KEPT + DAY)
        assert await digested.told_of(db, 1, [1]) == set()


async def test_it_goes_with_its_claim_and_with_its_subscription(claims: Database):
    async with claims.transaction() as db:
        await digested.keep(db, 1, [TOLD, replace(TOLD, claim=3, told_as=3)], NOON)
        await db.run("DELETE FROM claims WHERE id = 1")
        assert await digested.told_of(db, 1, [1, 3]) == {3}
        await db.run("DELETE FROM subscriptions WHERE id = 1")
        assert await db.all("SELECT * FROM digested") == []
