"""kill -9 at any moment, and a restart: every received article is in the archive once, and answered."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.local_telegram import Chat, LocalTelegram, Message, User
from bot.local_telegram.http_door import http_door
from tests.bot.support import seed

FORWARDS = 50


@asynccontextmanager
async def bot_process(root: str, token: str, folder: Path):
    """`presswatch run` as a process of its own, killed at the end."""
    environment = {
        **os.environ,
        "PRESSWATCH_TOKEN": token,
        "PRESSWATCH_API_BASE_URL": root,
        "PRESSWATCH_DATABASE_URL": f"sqlite:///{folder}/killed.db",
    }
    log = (folder / "log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield process
    finally:
        log.close()
        kill(process)
        await process.wait()


def kill(process: asyncio.subprocess.Process) -> None:
    """Kill the process and those of its extraction pool, as a power cut would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def forward_all(local: LocalTelegram, chat: Chat, person: User) -> list[Message]:
    return [local.send_text(chat, person, f"{seed(2)}\n\nEdition {number} of the day.") for number in range(FORWARDS)]


def cards(local: LocalTelegram, chat: Chat) -> list[Message]:
    return [message for message in local.messages(chat) if "Radio Sennet" in message.text]


@pytest.mark.parametrize("answered", [0, 1, 20], ids=lambda count: f"after {count} cards")
async def test_fifty_forwards_survive_being_killed(tmp_path: Path, answered: int):
    local = LocalTelegram()
    person = local.create_user("Ann")
    chat = local.create_private_chat(person)
    async with http_door(local) as root:
        async with bot_process(root, local.token, tmp_path) as process:
            forwards = forward_all(local, chat, person)
            # With no card yet: as soon as the bot has acknowledged updates, which must then be on the disk.
            await local.until(lambda: any(message.reactions for message in forwards), 60)
            await local.until(lambda: len(cards(local, chat)) >= answered, 120)
            kill(process)
            await process.wait()
        before = len(cards(local, chat))
        assert before < FORWARDS
        async with bot_process(root, local.token, tmp_path):
            await local.until(lambda: len({message.reply_to for message in cards(local, chat)}) == FORWARDS, 180)
            answer = local.send_text(chat, person, "/digest")
            await local.until(lambda: [message for message in local.messages(chat) if message.reply_to is answer])
    archive = sqlite3.connect(tmp_path / "killed.db")
    assert archive.execute("SELECT COUNT(*), COUNT(DISTINCT content_hash) FROM articles").fetchone() == (50, 50)
    assert archive.execute("SELECT COUNT(*) FROM articles WHERE state = 'read'").fetchone() == (50,)
    archive.close()
    # A message that was under way to Telegram when the process died may stand there twice, and no other.
    assert len(cards(local, chat)) - FORWARDS <= 8
