"""The operator's chat: who asks there how the bot fares is told, and who asks elsewhere is not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local_telegram.people import FIRST_GROUP_ID
from domain.jobs import JobKind, NewJob
from domain.operating import Alert, Notice, Operator
from services import operating
from tests.bot.support import World, open_world
from tests.bot.timed import NothingFound
from tests.samples import Clock

# The second chat that is made.
GROUP = FIRST_GROUP_ID - 1


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A bot whose operator is a group."""
    operator = Operator(GROUP, "1.2", tmp_path)
    async with open_world(tmp_path / "test.db", NothingFound(), Clock(), operator=operator) as made:
        made.local.create_group("Operators", made.ann)
        yield made


async def tell(world: World, *notices: Notice) -> None:
    services = world.services
    for notice in notices:
        assert services.operator is not None
        await operating.tell(services.database, services.queue, services.operator.chat, notice, services.clock())


async def test_the_operator_is_told_how_the_bot_fares(world: World):
    chat = world.local.chats[GROUP]
    failed = NewJob(JobKind.SEND, "failed", {"what": "card", "chat": "no number", "article": 1})
    async with world.services.database.transaction() as db:
        await world.services.queue.put(db, [failed])
        await db.run("UPDATE jobs SET state = 'failed' WHERE key = 'failed'")
    answer = await world.answer_to(world.local.send_text(chat, world.ann, "/status"))
    assert "send: 0 ready, 0 in hand, 1 put aside" in answer.text
    assert "update: 0 ready, 1 in hand, 0 put aside" in answer.text
    assert "1 process works." in answer.text
    assert "The last update came at 12 March 2026, 12:00 UTC." in answer.text
    assert "Version: 1.2." in answer.text
    assert "Disk: " in answer.text


async def test_elsewhere_there_is_no_such_command(world: World):
    answer = await world.ask("/status")
    assert "/help" in answer.text
    assert "put aside" not in answer.text


async def test_what_several_processes_notice_is_told_once(world: World):
    chat = world.local.chats[GROUP]
    await tell(world, Notice(Alert.LATE, "11"), Notice(Alert.LATE, "12"), Notice(Alert.PUT_ASIDE, "send", 12))
    told = await world.local.until(lambda: [m.text for m in world.local.messages(chat)][1:])
    assert len(world.local.messages(chat)) == 2, told
    first, second = (message.text for message in world.local.messages(chat))
    assert "What is due has waited for 11 minutes" in first
    assert second == "⚠️ A job of the kind send was put aside; the log says why. And 12 more."


async def test_what_happens_to_one_process_is_told_although_another_has_told_of_the_same_kind(world: World):
    chat, services = world.local.chats[GROUP], world.services
    for process in ("a", "b", "b"):
        notice = Notice(Alert.PUT_ASIDE, f"send by {process}")
        await operating.tell(services.database, services.queue, GROUP, notice, services.clock(), process)
    await tell(world, Notice(Alert.LATE, "11"))
    told = await world.local.until(lambda: [m.text for m in world.local.messages(chat) if "11" in m.text] and chat)
    texts = [message.text for message in world.local.messages(told)]
    assert [("send by a" in text, "send by b" in text) for text in texts] == [
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.faults
async def test_a_chat_that_takes_no_alerts_is_no_reason_for_one_more(world: World):
    world.local.fail_next("sendMessage", 403)
    await tell(world, Notice(Alert.DISK_FULL, "120"))
    await world.local.until(lambda: world.local.calls_of("sendMessage"))
    await world.ask("/help")
    assert await world.failed_jobs() == []


async def test_a_group_that_became_a_supergroup_is_told_under_its_new_number(world: World):
    """Else alerts would stop by a tap in the group's settings."""
    group = world.local.migrate(world.local.chats[GROUP], world.ann)
    await tell(world, Notice(Alert.DISK_FULL, "120"))
    (told,) = await world.local.until(lambda: [m for m in world.local.messages(group) if "⚠️" in m.text])
    assert "The disk is nearly full" in told.text


@pytest.mark.parametrize("alert", Alert)
async def test_every_alert_has_words(world: World, alert: Alert):
    chat = world.local.chats[GROUP]
    await tell(world, Notice(alert, "7"))
    (message,) = await world.local.until(lambda: world.local.messages(chat))
    assert message.text.startswith("⚠️ ")
    assert len(message.text) > 20
