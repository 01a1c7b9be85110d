"""kill -9 while a digest of two messages is on its way: neither of them ever comes twice, and none without a reason."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import escape

from bot.application import bot_number
from bot.local_telegram import Chat, LocalTelegram
from bot.local_telegram.http_door import http_door
from domain.chats import ChatIdentity, ChatKind
from domain.jobs import JobKind, NewJob
from domain.schedule import Timetable
from domain.sending import Trouble
from domain.subscriptions import Wish
from handlers.delivering import to_json
from handlers.replies import Reply
from handlers.replies.digests import DigestPart
from storage import chats, deliveries, subscriptions
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue
from tests.bot.test_kill import bot_process, kill
from tests.planned import planned
from tests.samples import DAY

PARTS = ("First half", "Second half")


async def plan(file: Path, chat: int, bot: int) -> None:
    """Put a digest of two messages on its way, as the minute's job and a first look at it would."""
    now = datetime.now(UTC)
    database = await SqliteDatabase.open(file)
    queue = SqliteQueue(database, lambda: now, bot)
    async with database.transaction() as db:
        await chats.add(db, bot, ChatIdentity(chat, ChatKind.PRIVATE, "Ann"), "UTC", now)
        wish = Wish(Timetable((now.time().replace(second=0, microsecond=0),), "UTC"), chat)
        number = await subscriptions.add(db, chat, chat, wish, now + DAY, now)
        delivery = await planned(db, number, deliveries.NewDelivery(wish.timetable.latest(now), now))
        await deliveries.keep_parts(db, delivery, [to_json(DigestPart(Reply(escape(text)))) for text in PARTS])
        payload = {"delivery": delivery, "chat": chat}
        await queue.put(db, [NewJob(JobKind.DIGEST, f"digest:{delivery}", payload, f"digests:{chat}")])
    await database.close()


def ledger(file: Path) -> tuple[str, str | None]:
    with closing(sqlite3.connect(file)) as db:
        found: tuple[str, str | None] = db.execute("SELECT state, reason FROM deliveries").fetchone()
    return found


async def ledger_is(file: Path, state: str, reason: str | None) -> None:
    async with asyncio.timeout(60):
        while ledger(file) != (state, reason):  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)


def halves(local: LocalTelegram, chat: Chat) -> list[str]:
    return [each.text for each in local.messages(chat) if each.text in PARTS]


async def test_a_digest_that_is_cut_off_goes_on_where_that_is_sure_and_comes_once(tmp_path: Path):
    local, file = LocalTelegram(), tmp_path / "killed.db"
    chat = local.create_private_chat(local.create_user("Ann"))
    await plan(file, chat.id, bot_number(local.token))
    async with http_door(local) as root:
        async with bot_process(root, local.token, tmp_path) as process:
            await local.until(lambda: halves(local, chat), 60)
            local.fail_next("sendMessage", "hang")
            await ledger_is(file, "planned", None)
            kill(process)
            await process.wait()
        assert halves(local, chat) == [PARTS[0]]
        async with bot_process(root, local.token, tmp_path) as process:
            await ledger_is(file, "sending", None)
            await local.until(lambda: len(local.calls_of("sendMessage")) == 2)
            kill(process)
            await process.wait()
        async with bot_process(root, local.token, tmp_path):
            await ledger_is(file, "uncertain", Trouble.CUT_OFF)
            asked = local.send_text(chat, chat.person, "/deliveries")
            answers = await local.until(
                lambda: [each for each in local.messages(chat) if each.reply_to is asked and "\n" in each.text], 60
            )
    assert "it may not have arrived" in answers[0].text
    assert halves(local, chat) == [PARTS[0]]
