"""The doctor tells the operator what became of all digests."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.doctor import look_at_bot, look_at_digests
from bot.local_telegram import LocalTelegram
from bot.local_telegram.http_door import http_door
from bot.settings import Settings
from domain.schedule import Timetable
from domain.sending import Trouble
from domain.subscriptions import DeliveryState, Wish
from storage import chats, deliveries, subscriptions
from storage.sqlite.database import SqliteDatabase
from tests.planned import planned
from tests.samples import DAY, chat_identity

Deliver = Callable[[DeliveryState, timedelta], Awaitable[None]]
ANN = chat_identity(100)
HOOK = "https://news.example/hook"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/doctor.db")


@pytest.fixture
async def deliver(settings: Settings) -> Deliver:
    now = datetime.now(UTC)
    timetable = Timetable((time(8),), "Europe/Vilnius")
    database = await SqliteDatabase.open(settings.database_path)
    async with database.transaction() as db:
        await chats.add(db, 1, ANN, "UTC", now)
        number = await subscriptions.add(db, ANN.id, ANN.id, Wish(timetable, ANN.id), now + DAY, now)
    await database.close()

    async def add(state: DeliveryState, ago: timedelta) -> None:
        database = await SqliteDatabase.open(settings.database_path)
        async with database.transaction() as db:
            occurrence = timetable.latest(now - ago)
            reason = Trouble.CUT_OFF if state is DeliveryState.UNCERTAIN else None
            await planned(db, number, deliveries.NewDelivery(occurrence, now, state, reason))
        await database.close()

    return add


async def seen(local: LocalTelegram, **given: Any) -> list[tuple[bool, str]]:
    """What the doctor says of a bot with these settings."""
    async with http_door(local) as root, ExtBot(local.token, f"{root}/bot") as bot:
        return await look_at_bot(Settings(_env_file=None, **given), bot)


@pytest.mark.parametrize(
    ("is_set_to", "setting", "error", "good", "says"),
    [
        ("", None, {}, True, "updates: 1 wait"),
        ("", HOOK, {}, True, "Telegram posts them nowhere yet"),
        (HOOK, HOOK, {}, True, "updates: Telegram posts them; 1 wait"),
        (HOOK, HOOK, {"minutes": 90}, True, "could not post them at "),
        (HOOK, HOOK, {"minutes": 5}, False, "UTC: 502 Bad Gateway; 1 wait"),
        (HOOK, None, {}, False, "posted elsewhere"),
        (HOOK, HOOK + "s", {}, False, "posted elsewhere"),
    ],
)
async def test_what_keeps_updates_from_coming_is_told(
    is_set_to: str, setting: str | None, error: dict[str, int], good: bool, says: str
):
    local = LocalTelegram()
    await local.call("setWebhook", {"url": is_set_to})
    local.send_text(local.create_private_chat(ann := local.create_user("Ann")), ann, "/help")
    if error:
        at = datetime.now(UTC) - timedelta(**error)
        local.updates.last_error = {"last_error_date": int(at.timestamp()), "last_error_message": "502 Bad Gateway"}
    ((is_good, line),) = await seen(local, webhook_url=setting)
    assert is_good is good
    assert says in line


async def test_an_operator_who_cannot_be_reached_is_told():
    local = LocalTelegram()
    chat = local.create_private_chat(ann := local.create_user("Ann"))
    assert len(await seen(local, operator_chat=chat.id)) == 1
    (_, (good, line)) = await seen(local, operator_chat=chat.id + 1)
    assert not good
    assert line.startswith(f"operator: chat {chat.id + 1} cannot be reached: ")
    group = local.create_group("Operators", ann)
    new = local.migrate(group, ann)
    (_, (good, line)) = await seen(local, operator_chat=group.id)
    assert not good
    assert f"New chat id: {new.id}" in line


async def test_before_the_first_digest_there_is_nothing_to_tell(settings: Settings, deliver: Deliver):
    assert await look_at_digests(settings) == []


async def test_each_state_is_counted_and_what_may_not_have_arrived_is_named(settings: Settings, deliver: Deliver):
    for days, state in enumerate([DeliveryState.SENT, DeliveryState.SENT, DeliveryState.UNCERTAIN]):
        await deliver(state, days * DAY)
    counted, uncertain = await look_at_digests(settings)
    assert counted == (True, "digests: 2 sent, 1 uncertain")
    assert uncertain[0]
    assert "08:00 Europe/Vilnius to chat 100 (subscription 1) may not have arrived: cut off" in uncertain[1]


async def test_a_digest_that_waits_for_long_is_a_fault(settings: Settings, deliver: Deliver):
    await deliver(DeliveryState.PLANNED, DAY)
    ((good, line),) = await look_at_digests(settings)
    assert not good
    assert line.startswith("digests: 1 planned; one was due at ")
    assert line.endswith(" UTC and waits. Does presswatch run?")
