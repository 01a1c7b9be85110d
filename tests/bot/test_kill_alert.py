"""kill -9 while an alert is on its way: it comes, and says so where it may have come before; told, it comes no more."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.application import bot_number
from bot.local_telegram import Chat, LocalTelegram
from bot.local_telegram.http_door import http_door
from domain.chats import ChatIdentity, ChatKind
from domain.watching import Watch
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services, watching
from services.chats import know
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue
from tests.bot.test_kill import bot_process, kill
from tests.samples import chat_identity
from tests.services.conftest import Prepared
from tests.services.test_watching import bring

NAME = "Ilka Roden"
BOB = chat_identity(200)


async def watch(file: Path, chat: int, bot: int) -> None:
    """Have a chat be told of an article of somebody whom it watches, which another chat has just brought."""
    database, files = await SqliteDatabase.open(file), ReaderPool()
    queue = SqliteQueue(database, lambda: datetime.now(UTC), bot)
    prepared = Prepared()
    services = Services(database, queue, prepared, files, LinkReader(files), lambda: datetime.now(UTC), "UTC", bot)
    await bring(services, prepared, NAME, 0, BOB)
    ann = ChatIdentity(chat, ChatKind.PRIVATE, "Ann")
    await know(services, ann)
    async with database.transaction() as db:
        await db.run("UPDATE chats SET collection_id = (SELECT collection_id FROM chats WHERE id = :bob)", bob=BOB.id)
    assert isinstance(await watching.watch(services, ann, None, chat, NAME), Watch)
    await bring(services, prepared, NAME, 1, BOB)
    async with database.transaction() as db:
        await db.run("DELETE FROM jobs WHERE key NOT LIKE 'watch:%'")
    files.close()
    await database.close()


async def alerts_are(file: Path, state: str) -> None:
    async with asyncio.timeout(60):
        while _states(file) != [(state,)]:  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)


def _states(file: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute("SELECT state FROM alerts").fetchall()


def alerts(local: LocalTelegram, chat: Chat) -> list[str]:
    return [each.text for each in local.messages(chat) if f"👁 {NAME}" in each.text]


async def test_an_alert_that_is_cut_off_is_told_after_all_and_once_told_no_more(tmp_path: Path):
    local, file = LocalTelegram(), tmp_path / "killed.db"
    chat = local.create_private_chat(local.create_user("Ann"))
    await watch(file, chat.id, bot_number(local.token))
    async with http_door(local) as root:
        local.fail_next("sendMessage", "hang")
        async with bot_process(root, local.token, tmp_path) as process:
            await alerts_are(file, "sending")
            await local.until(lambda: local.calls_of("sendMessage"), 60)
            kill(process)
            await process.wait()
        assert alerts(local, chat) == []
        async with bot_process(root, local.token, tmp_path) as process:
            await alerts_are(file, "told")
            kill(process)
            await process.wait()
        (alert,) = alerts(local, chat)
        assert "perhaps you have read this already" in alert
        async with bot_process(root, local.token, tmp_path):
            asked = local.send_text(chat, chat.person, "/watch")
            await local.until(lambda: [each for each in local.messages(chat) if each.reply_to is asked], 60)
        assert alerts(local, chat) == [alert]
