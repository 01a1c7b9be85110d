"""kill -9 at any moment, and a restart: every received article is in the archive once, and answered."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.local_telegram import LocalTelegram, Message
from bot.local_telegram.http_door import http_door
from tests.bot.support import seed

FORWARDS = 25


@asynccontextmanager
async def bot_process(root: str, token: str, folder: Path, command: str = "run", database: str | None = None):
    """`presswatch run`, or another command, as a process of its own, killed at the end."""
    environment = {
        **os.environ,
        "PRESSWATCH_TOKEN": token,
        "PRESSWATCH_API_BASE_URL": root,
        "PRESSWATCH_DATABASE_URL": database or f"sqlite:///{folder}/killed.db",
    }
    log = (folder / "log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, env=environment, stdout=log, stderr=log, start_new_session=True
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


def forward_all(local: LocalTelegram, people: int) -> list[Message]:
    """So many people forward the articles, each in a chat of their own; many by one are many in a row."""
    chats = [(local.create_private_chat(person), person) for person in map(local.create_user, map(str, range(people)))]
    return [
        local.send_text(*chats[number % people], f"{seed(2)}\n\nEdition {number} of the day.")
        for number in range(FORWARDS)
    ]


def shown(local: LocalTelegram, forwards: list[Message], words: str) -> list[Message]:
    chats = {message.chat for message in forwards}
    return [message for chat in chats for message in local.messages(chat) if words in message.text]


def answered(local: LocalTelegram, forwards: list[Message]) -> bool:
    """Whether every forward has its card, or its place in the message that tells of those in a row."""
    cards = {message.reply_to for message in shown(local, forwards, "Radio Sennet")}
    return len(cards) == FORWARDS or bool(shown(local, forwards, f"{FORWARDS} articles: {FORWARDS} new"))


@pytest.mark.parametrize(
    ("people", "cards"),
    # Of many in a row, all may have been read before the first word of them is said.
    [(FORWARDS, 1), (1, 0)],
    ids=["after a card", "many in a row"],
)
async def test_forwards_survive_being_killed(tmp_path: Path, people: int, cards: int):
    local = LocalTelegram()
    async with http_door(local) as root:
        async with bot_process(root, local.token, tmp_path) as process:
            forwards = forward_all(local, people)
            # As soon as the bot has acknowledged updates, which must then be on the disk.
            await local.until(lambda: any(message.reactions for message in forwards), 60)
            await local.until(lambda: len(shown(local, forwards, "Radio Sennet")) >= cards, 120)
            kill(process)
            await process.wait()
        assert not answered(local, forwards)
        async with bot_process(root, local.token, tmp_path):
            await local.until(lambda: answered(local, forwards), 180)
            last = forwards[-1]
            digest = local.send_text(last.chat, last.sender, "/digest")
            await local.until(lambda: [each for each in local.messages(last.chat) if each.reply_to is digest], 60)
    archive = sqlite3.connect(tmp_path / "killed.db")
    counted = archive.execute("SELECT COUNT(*), COUNT(DISTINCT content_hash), SUM(state = 'read') FROM articles")
    assert counted.fetchone() == (FORWARDS, FORWARDS, FORWARDS)
    archive.close()
    # A message that was under way to Telegram when the process died may stand there twice, and no other.
    assert len(shown(local, forwards, "Radio Sennet")) - FORWARDS <= 8
    assert len(shown(local, forwards, f"{FORWARDS} articles")) <= 2
