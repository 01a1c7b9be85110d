"""Several processes work for one bot; one is killed in mid-load, one told to stop: nothing is lost, nothing doubled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram.request import HTTPXRequest

from bot.application import bot_number
from bot.local_telegram import LocalTelegram, Message
from bot.local_telegram.http_door import http_door
from bot.poller import Poller
from bot.updates import Inbox
from handlers.register import ALLOWED_UPDATES
from storage.connection import Database, Row
from storage.opening import open_database, open_queue
from tests.bot.support import seed
from tests.bot.test_kill import bot_process, kill

PEOPLE, EACH = 8, 3
_IN_HAND = "SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing'"


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    opened = await open_database(postgresql_url)
    yield opened
    await opened.close()


@asynccontextmanager
async def received(local: LocalTelegram, root: str, database: Database) -> AsyncIterator[None]:
    """Keep the bot's updates as long as the context is open, and do nothing else with them."""
    bot = bot_number(local.token)
    inbox = Inbox(open_queue(database, lambda: datetime.now(UTC), bot), bot)
    async with HTTPXRequest(connection_pool_size=1, read_timeout=40) as request:
        poller = Poller(request, f"{root}/bot{local.token}", inbox, ALLOWED_UPDATES)
        polling = asyncio.create_task(poller.run())
        yield
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)


def forward_all(local: LocalTelegram) -> list[Message]:
    """Several people forward a few articles each, in their own chats."""
    chats = [(local.create_private_chat(person), person) for person in map(local.create_user, map(str, range(PEOPLE)))]
    return [
        local.send_text(chat, person, f"{seed(2)}\n\nEdition {number} of the day, for {person.first_name}.")
        for number in range(EACH)
        for chat, person in chats
    ]


def cards(local: LocalTelegram, forwards: list[Message]) -> list[Message | None]:
    """What each card answers."""
    chats = {message.chat for message in forwards}
    found = [message for chat in chats for message in local.messages(chat) if "Radio Sennet" in message.text]
    return [card.reply_to for card in found if card.reply_to in forwards]


async def rows(database: Database, sql: str) -> list[Row]:
    async with database.reading() as db:
        return list(await db.all(sql))


async def workers(database: Database, count: int) -> list[int]:
    """Wait until so many work, and return their numbers, the first before the second."""
    async with asyncio.timeout(60):
        # The database is what knows.
        while len(found := await rows(database, "SELECT id FROM procrastinate_workers ORDER BY id")) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return [row["id"] for row in found]


async def in_hand(database: Database) -> list[int | None]:
    """Return who has a job in hand, once for each."""
    return [row["worker_id"] for row in await rows(database, _IN_HAND)]


async def busy(database: Database) -> int:
    """Wait until somebody has a job in hand, and return who."""
    async with asyncio.timeout(60):
        while True:
            found = [worker for worker in await in_hand(database) if worker is not None]
            if found:
                return found[0]
            await asyncio.sleep(0.01)


async def silence(database: Database, worker: int) -> None:
    """Let a dead one be known as such at once."""
    async with database.transaction() as db:
        await db.run(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - INTERVAL '1 minute' WHERE id = :worker",
            worker=worker,
        )


async def all_done(database: Database) -> None:
    async with asyncio.timeout(60):
        # The database is what knows.
        while await rows(database, "SELECT id FROM jobs WHERE state IN ('ready', 'running')"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def nothing_is_lost_or_doubled(database: Database, forwards: list[Message]) -> None:
    found = await rows(
        database,
        "SELECT COUNT(*) AS articles, COUNT(DISTINCT content_hash) AS texts, state FROM articles GROUP BY state",
    )
    assert found == [{"articles": len(forwards), "texts": len(forwards), "state": "read"}]
    by_chat: dict[int, list[int]] = {}
    for row in await rows(database, "SELECT chat_id, message_id FROM forwards ORDER BY article_id"):
        by_chat.setdefault(row["chat_id"], []).append(row["message_id"])
    assert all(messages == sorted(messages) for messages in by_chat.values()), by_chat
    assert await rows(database, "SELECT DISTINCT state FROM jobs") == [{"state": "done"}]


async def test_whichever_worker_is_killed_or_told_to_stop_others_do_what_it_left(
    tmp_path: Path, postgresql_url: str, database: Database
):
    local = LocalTelegram()

    def worker(root: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
        return bot_process(root, local.token, tmp_path, "worker", postgresql_url)

    async with http_door(local) as root, received(local, root, database), worker(root) as one:
        await workers(database, 1)
        async with worker(root) as other:
            running = dict(zip(await workers(database, 2), (one, other), strict=True))
            forwards = forward_all(local)
            await local.until(lambda: len(cards(local, forwards)) >= 2, 120)
            # It is killed in the midst of something.
            first = await busy(database)
            kill(running[first])
            await running.pop(first).wait()
            await silence(database, first)
            so_far = len(cards(local, forwards))
            await local.until(lambda: len(cards(local, forwards)) >= so_far + 2, 120)
            [stopped] = running.values()
            stopped.terminate()
            assert await asyncio.wait_for(stopped.wait(), 60) == 0
        assert len(cards(local, forwards)) < len(forwards), "it was stopped in the midst of all"
        assert set(await in_hand(database)) <= {first}, "who is told to stop leaves nothing in hand"
        async with worker(root):
            await local.until(lambda: set(cards(local, forwards)) == set(forwards), 180)
            await all_done(database)
    await nothing_is_lost_or_doubled(database, forwards)
    # A message that was under way to Telegram when the process died may stand there twice, and no other.
    assert len(cards(local, forwards)) - len(forwards) <= 2
