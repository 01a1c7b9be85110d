"""A bot under test: the real application over HTTP, and what its people see."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.application import now, over_http, running
from bot.drawing import DrawingPool
from bot.local_telegram import Chat, LocalTelegram, Message, User
from bot.local_telegram.http_door import http_door
from bot.settings import Settings
from domain.limits import Limits
from domain.operating import Operator
from handlers.context import App
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Extracting, Services
from services.invitations import key_of
from storage.opening import open_database, open_queue

SEEDS = Path(__file__).parents[2] / "seeds"


def seed(number: int) -> str:
    """Return the text of a sample article."""
    return next(SEEDS.glob(f"{number:02}_*.txt")).read_text(encoding="utf-8").strip()


@dataclass
class World:
    """A running bot with one person in a private chat and one in a group."""

    local: LocalTelegram
    services: Services
    app: App
    ann: User
    chat: Chat

    async def answer_to(self, message: Message, seconds: float = 60) -> Message:
        """Wait for the bot's answer to a message."""
        answers = await self.local.until(
            lambda: [each for each in self.local.messages(message.chat) if each.reply_to is message], seconds
        )
        return answers[0]

    async def ask(self, text: str) -> Message:
        """Send a text in the private chat and wait for the answer."""
        return await self.answer_to(self.local.send_text(self.chat, self.ann, text))

    async def card_of(self, message: Message) -> Message:
        """Wait for the card of a forward."""
        answer = await self.answer_to(message)
        await self.local.until(lambda: answer.text != "Reading …", 60)
        return answer

    async def failed_jobs(self) -> list[tuple[str, str]]:
        """Return the key and the reason of each job that failed, for good or once; one that only waited did not."""
        async with self.services.database.reading() as db:
            rows = await db.all("SELECT key, reason FROM jobs WHERE state = 'failed' OR attempts > 1 ORDER BY id")
        return [(row["key"], row["reason"]) for row in rows]

    async def press(self, message: Message, data: str) -> None:
        """Press a button and wait until it has been answered."""
        query = self.local.press(message, data, self.ann)
        await self.local.until(lambda: [each for each in self.local.answers if each.query_id == query])


@asynccontextmanager
async def open_world(
    where: Path | str,
    pool: Extracting,
    clock: Callable[[], datetime] = now,
    *,
    privacy_mode: bool = True,
    first_update_id: int = 1,
    allowed_private: tuple[str, ...] = (),
    allowed_users: frozenset[int] = frozenset(),
    limits: Limits | None = None,
    operator: Operator | None = None,
) -> AsyncIterator[World]:
    """Run the bot on a database file, or at an address, over HTTP."""
    local = LocalTelegram(privacy_mode=privacy_mode, first_update_id=first_update_id)
    ann = local.create_user("Ann", "Lee", "annlee")
    chat = local.create_private_chat(ann)
    database = await open_database(where if isinstance(where, str) else f"sqlite:///{where}")
    settings = Settings(_env_file=None)
    files = ReaderPool()
    links = LinkReader(files, allowed_private)
    drawing = DrawingPool()
    queue = open_queue(database, clock)
    services = Services(
        database,
        queue,
        pool,
        files,
        links,
        clock,
        "UTC",
        drawing=drawing,
        secret=key_of(local.token),
        allowed_users=allowed_users,
        limits=limits or Limits(),
        operator=operator,
    )
    try:
        async with http_door(local) as root, running(settings, services, local.token, over_http(root)) as app:
            yield World(local, services, app, ann, chat)
    finally:
        files.close()
        drawing.close()
        await database.close()
