"""What a process tells its operator while the database, and with it the queue, is away."""

import asyncio
from collections import namedtuple
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot import alerts as alerts_module
from bot.alerts import Alerts
from bot.application import over_http
from bot.limits import Pace
from bot.local_telegram import Chat, LocalTelegram
from bot.local_telegram.http_door import http_door
from bot.settings import Settings
from bot.watch import Watch, Watched, attended
from domain.jobs import JobKind
from domain.operating import Backlog, Condition, Notice, Operator
from services import operating
from storage.connection import DatabaseAwayError

Usage = namedtuple("Usage", "free")


class Away:
    """A server with database, queue and the book of the pace, which is away."""

    looks = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        self.looks += 1
        raise DatabaseAwayError("gone for lunch")
        yield

    async def decide(self, *_: object) -> Any:
        raise DatabaseAwayError("gone for lunch")


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Away:
    monkeypatch.setattr(alerts_module, "EVERY", 0.01)
    monkeypatch.setattr(alerts_module, "AWAY_AFTER", 0.0)
    return Away()


@asynccontextmanager
async def watched(
    away: Any, local: LocalTelegram, chat: Chat, folder: Path, *, receives: bool = True, **given: Any
) -> AsyncIterator[None]:
    """A process that looks out for its operator, who is in a chat."""
    watch = Watch(operator=Operator(chat.id, "1.2", folder), alerts=Alerts())
    async with http_door(local) as root:
        transport = over_http(root)
        bot = ExtBot(local.token, f"{root}/bot", request=transport.calls, rate_limiter=Pace(away))
        seen = Watched(away, away, local.bot.id, lambda: datetime.now(UTC))
        settings = Settings(_env_file=None, **given)
        async with transport.calls, attended(settings, watch, seen, bot, receives=receives):
            yield


@pytest.mark.faults
async def test_that_the_database_is_away_is_told_while_it_is(away: Away, tmp_path: Path):
    local = LocalTelegram()
    chat = local.create_private_chat(local.create_user("Ann"))
    async with watched(away, local, chat, tmp_path):
        await local.until(lambda: local.messages(chat))
    (told,) = [message.text for message in local.messages(chat)]
    assert "The database has not answered" in told


@pytest.mark.faults
async def test_of_many_workers_none_tells_it_for_each_would(away: Away, tmp_path: Path):
    local = LocalTelegram()
    chat = local.create_private_chat(local.create_user("Ann"))
    async with watched(away, local, chat, tmp_path, receives=False):
        while away.looks < 20:  # noqa: ASYNC110  # each look is a round of the lookout
            await asyncio.sleep(0.01)
    assert local.calls_of("sendMessage") == []


@pytest.mark.parametrize(("late", "disk", "told"), [(9, 2000, {"late", "disk full"}), (11, 1000, set())])
async def test_the_operator_says_what_is_late_and_what_is_full(
    away: Away, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: int, disk: int, told: set[str]
):
    monkeypatch.setattr(alerts_module.shutil, "disk_usage", lambda _: Usage(1_500_000_000))
    alerts: list[Notice] = []
    looked = asyncio.Event()

    async def look(watched: Watched) -> Condition:
        if looks.pop():
            looked.set()
        due = watched.clock() - timedelta(minutes=10)
        return Condition({JobKind.SEND: Backlog(1, due_since=due)}, None, {})

    async def tell(_database: Any, _queue: Any, _chat: int, notice: Notice, _now: datetime) -> None:
        alerts.append(notice)

    looks = [True, False, False]
    monkeypatch.setattr(Watched, "look", look)
    monkeypatch.setattr(operating, "tell", tell)
    local = LocalTelegram()
    chat = local.create_private_chat(local.create_user("Ann"))
    async with watched(away, local, chat, tmp_path, alert_late=late, alert_disk=disk):
        await looked.wait()
    assert {notice.alert for notice in alerts} == told
