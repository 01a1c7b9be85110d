"""PRESSWATCH_ALLOWED_USERS: to whom the bot is open, where, and what all others are told, once a day; over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User
from bot.local_telegram.people import FIRST_USER_ID
from domain.jobs import JobKind, NewJob
from domain.schedule import Timetable
from domain.subscriptions import DeliveryState, Wish
from handlers.admins import leads
from services import delivering
from storage import chats, deliveries, subscriptions
from tests.bot.support import World, open_world
from tests.samples import chat_identity
from tests.services.conftest import Prepared

ARTICLE = "The council of Lundvik has sold four berths, its chief auditor said on Monday. " * 6


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A bot that is open to Ann alone: she is the first user of a local Telegram."""
    allowed = frozenset({FIRST_USER_ID + 1})
    async with open_world(tmp_path / "test.db", Prepared(), allowed_users=allowed) as made:
        assert made.ann.id in allowed
        yield made
        assert await made.failed_jobs() == []


@pytest.fixture
def bob(world: World) -> User:
    return world.local.create_user("Bob")


async def say(world: World, chat: Chat, user: User | None, text: str) -> Message:
    return await world.answer_to(world.local.send_text(chat, user, text))


async def hears_nothing(world: World, chat: Chat, user: User, text: str) -> bool:
    """Return whether a message has no answer, by the time that one of Ann's after it has and all are dealt with."""
    sent = world.local.send_text(chat, user, text)
    await world.ask("/help")
    going_on = {(JobKind.UPDATE, "ready"), (JobKind.UPDATE, "running")}
    while going_on & {*await world.services.queue.counts()}:  # noqa: ASYNC110  # the queue tells workers alone
        await asyncio.sleep(0.02)
    return not [each for each in world.local.messages(chat) if each.reply_to is sent]


async def test_who_is_let_in_uses_it_and_others_hear_their_number_once_a_day(world: World, bob: User):
    assert (await world.ask("/help")).text.startswith("Forward or paste")
    home = world.local.create_private_chat(bob)
    told = await say(world, home, bob, ARTICLE)
    assert told.text.startswith(f"This bot is open to certain people only. Your number is {bob.id}")
    for text in (ARTICLE, "/help", "/start a1", "who is Ann?"):
        assert await hears_nothing(world, home, bob, text)
    async with world.services.database.transaction() as db:
        kept = await db.all("SELECT id FROM articles UNION ALL SELECT id FROM chats WHERE id = :bob", bob=bob.id)
        assert kept == []
        await db.run("UPDATE turned_away SET told_at = :before", before="2020-01-01T00:00:00.000Z")
    assert (await say(world, home, bob, "/help")).text.startswith("This bot is open to certain people only.")


async def test_taps_and_inline_questions_of_others_get_nothing(world: World, bob: User):
    home = world.local.create_private_chat(bob)
    told = await say(world, home, bob, "/start")
    query = world.local.press(told, "card:1", bob, forged=True)
    (answer,) = await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query])
    assert str(bob.id) in answer.text
    asked = world.local.ask_inline(bob, "osterlaan")
    await world.local.until(lambda: asked in world.local.inline_answers)
    assert world.local.inline_answers[asked].results == ()


async def test_a_group_that_somebody_let_in_leads_is_open_to_all_there(world: World, bob: User):
    group = world.local.create_supergroup("Desk", world.ann)
    assert (await say(world, group, bob, "/help@presswatch_bot")).text.startswith("Forward or paste")


async def test_any_other_group_is_closed_but_to_those_let_in(world: World, bob: User):
    group = world.local.create_supergroup("Elsewhere", bob, bot_status="administrator")
    assert (await say(world, group, bob, "/help")).text.startswith("This bot is open to certain people only.")
    assert await hears_nothing(world, group, bob, "Good morning, all.")
    assert (await say(world, group, world.ann, "/help")).text.startswith("Forward or paste")
    assert world.local.calls_of("getChatAdministrators") != []


async def test_in_a_closed_group_nobody_is_interrupted(world: World, bob: User):
    group = world.local.create_supergroup("Elsewhere", bob, bot_status="administrator")
    assert await hears_nothing(world, group, bob, "Good morning, all.")
    assert await hears_nothing(world, group, bob, ARTICLE)


async def test_whoever_is_let_in_no_more_is_sent_nothing_that_was_on_its_way(world: World, bob: User):
    home = world.local.create_private_chat(bob)
    services = world.services
    async with services.database.transaction() as db:
        payload = {"what": "sharing", "chat": home.id, "event": "left", "title": "Desk", "role": "reader"}
        await services.queue.put(db, [NewJob(JobKind.SEND, "sharing:test", payload)])
    async with asyncio.timeout(10):
        while await _state(world) != "done":  # noqa: ASYNC110  # the queue rings no bell
            await asyncio.sleep(0.02)
    assert world.local.messages(home) == []


@dataclass
class At:
    """A moment that is set by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


async def state_of(world: World, sent: Chat, target: Chat) -> tuple[str, str | None, int]:
    """Plan what is due, wait for what becomes of it, and return that with the number of digests in a chat."""
    await delivering.plan_due(world.services)
    async with asyncio.timeout(20):
        while True:
            async with world.services.database.reading() as db:
                (found,) = await deliveries.last(db, sent.id, 1)
            if found.state not in (DeliveryState.PLANNED, DeliveryState.SENDING):
                break
            await asyncio.sleep(0.02)
    shown = [each for each in world.local.messages(target) if "digest" in each.text.lower() and each.reply_to is None]
    return found.state.value, found.reason, len(shown)


@pytest.mark.parametrize("set_up_in", ["group", "private chat"])
async def test_a_group_that_nobody_let_in_leads_any_more_gets_no_digests(tmp_path: Path, set_up_in: str):
    clock = At(datetime(2026, 3, 12, 5, tzinfo=UTC))
    allowed = frozenset({FIRST_USER_ID + 1})
    async with open_world(tmp_path / "test.db", Prepared(), clock, allowed_users=allowed) as world:
        group = world.local.create_supergroup("Desk", world.ann)
        home = group if set_up_in == "group" else world.chat
        await say(world, home, world.ann, "/subscribe 08:00 UTC")
        async with world.services.database.transaction() as db:
            await chats.find(db, group.id) or await chats.add(db, 0, chat_identity(group.id), "UTC", clock())
            await db.run("UPDATE subscriptions SET target_id = :group", group=group.id)
        clock.now = datetime(2026, 3, 12, 8, tzinfo=UTC)
        assert await state_of(world, home, group) == ("sent", None, 1)
        group.members[world.ann.id] = "member"
        clock.now = datetime(2026, 3, 13, 8, tzinfo=UTC)
        assert await state_of(world, home, group) == ("failed", "ended", 1)
        group.members[world.ann.id] = "administrator"
        clock.now = datetime(2026, 3, 14, 8, tzinfo=UTC)
        assert await state_of(world, home, group) == ("sent", None, 2)


async def test_a_channel_gets_no_digests_of_somebody_who_is_let_in_no_more(tmp_path: Path):
    clock = At(datetime(2026, 3, 12, 5, tzinfo=UTC))
    allowed = frozenset({FIRST_USER_ID + 1})
    async with open_world(tmp_path / "test.db", Prepared(), clock, allowed_users=allowed) as world:
        channel, bob = world.local.create_channel("News", world.ann), world.local.create_user("Bob")
        home = world.local.create_private_chat(bob)
        async with world.services.database.transaction() as db:
            for chat in (home, channel):
                await chats.add(db, 0, chat_identity(chat.id), "UTC", clock())
            wish = Wish(Timetable((time(8),), "UTC"), channel.id)
            await subscriptions.add(db, home.id, bob.id, wish, clock(), clock())
        clock.now = datetime(2026, 3, 12, 8, tzinfo=UTC)
        assert await state_of(world, home, channel) == ("failed", "ended", 0)


async def test_a_group_that_is_closed_by_now_is_told_nothing_that_comes_by_itself(world: World, bob: User):
    group = world.local.create_supergroup("Elsewhere", bob)
    async with world.services.database.transaction() as db:
        payload = {"what": "sharing", "chat": group.id, "event": "left", "title": "Desk", "role": "reader"}
        await world.services.queue.put(db, [NewJob(JobKind.SEND, "sharing:test", payload)])
    async with asyncio.timeout(10):
        while await _state(world) != "done":  # noqa: ASYNC110  # the queue rings no bell
            await asyncio.sleep(0.02)
    assert world.local.messages(group) == []


async def test_whom_telegram_hides_is_no_one_let_in(world: World, bob: User):
    group = world.local.create_supergroup("Desk", world.ann)
    assert not await leads(world.services, world.app.bot, group.id, 0)
    assert (await say(world, group, bob, "/help@presswatch_bot")).text.startswith("Forward or paste")
    assert not await leads(world.services, world.app.bot, group.id, 0)


async def _state(world: World) -> str:
    async with world.services.database.reading() as db:
        row = await db.one("SELECT state FROM jobs WHERE key = 'sharing:test'")
    return row["state"] if row else ""
