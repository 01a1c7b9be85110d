"""What somebody sees who wants too much: one sentence that says when it goes on, and others do not notice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.local_telegram import Message
from domain.limits import Limits, Rate, What
from services.waiting import lane_of_updates
from tests.bot.support import World, open_world, seed
from tests.bot.timed import NothingFound
from tests.samples import NOON, Clock

RATES = {What.QUESTION: Rate(3, 20), What.ARTICLE: Rate(2, 20), What.TAP: Rate(1, 10), What.FILE: Rate(1, 1)}
RATES |= {What.LINK: Rate(1, 20)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    async with open_world(tmp_path / "test.db", NothingFound(), clock, limits=Limits(RATES)) as made:
        yield made


def refusals(world: World) -> list[Message]:
    return [each for each in world.local.messages(world.chat) if each.text.startswith("That was too much at once")]


async def handled(world: World) -> None:
    """Wait until every update has been handled: somebody else's question comes back after them."""
    eve = world.local.create_user("Eve")
    await world.answer_to(world.local.send_text(world.local.create_private_chat(eve), eve, "/start"))

    async def is_open() -> bool:
        return await world.services.queue.is_open(lane_of_updates(world.chat.id))

    while await is_open():
        pass


async def test_questions_over_the_limit_get_one_sentence_that_says_when_it_goes_on(world: World, clock: Clock):
    for _ in range(2):
        assert not (await world.ask("/who Nobody")).text.startswith("That was too much")
    assert not (await world.ask("who is Nobody?")).text.startswith("That was too much")
    refused = await world.ask("who is Nobody?")
    assert refused.text == "That was too much at once: I answer again from 12:01 on."
    world.local.send_text(world.chat, world.ann, "/who Nobody")
    await handled(world)
    assert len(refusals(world)) == 1
    assert "What I keep" in (await world.ask("/privacy")).text, "one's rights have no limit"
    clock.now = NOON.replace(minute=1)
    assert not (await world.ask("who is Nobody?")).text.startswith("That was too much")


async def test_articles_over_the_limit_are_dropped_and_that_is_said_once(world: World):
    for number in (1, 2):
        await world.card_of(world.local.send_text(world.chat, world.ann, seed(number)))
    refused = await world.answer_to(world.local.send_text(world.chat, world.ann, seed(3)))
    assert "I take no more articles before 12:01" in refused.text
    world.local.send_text(world.chat, world.ann, seed(4))
    await handled(world)
    assert len(refusals(world)) == 1
    async with world.services.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS kept FROM articles") == {"kept": 2}


async def test_taps_over_the_limit_are_answered_above_the_chat(world: World):
    message = await world.ask("/settings")
    for _ in range(2):
        answers = len(world.local.answers)
        world.local.press(message, "nothing", world.ann, forged=True)
        (answer,) = await world.local.until(lambda seen=answers: world.local.answers[seen:])
    assert answer.text == "That was too much at once: buttons do something again from 12:01 on."


async def test_a_days_limit_names_the_day(world: World):
    world.local.send_document(world.chat, world.ann, "one.txt", seed(1).encode())
    refused = await world.answer_to(world.local.send_document(world.chat, world.ann, "two.txt", seed(2).encode()))
    assert "no more files before 2026-03-13 12:00" in refused.text


async def test_what_is_asked_for_counts_for_who_asks_and_not_for_who_sent_it(world: World):
    group = world.local.create_supergroup("Desk", world.ann, bot_status="administrator")
    bob = world.local.create_user("Bob")
    sent = world.local.send_text(group, world.ann, "There is more at https://lundvik.test/a for you.")
    world.local.send_text(group, bob, "/article", reply_to=sent)
    await world.local.until(lambda: world.local.calls_of("setMessageReaction"))
    world.local.send_text(group, bob, "/article", reply_to=sent)
    refused = await world.local.until(
        lambda: [each for each in world.local.messages(group) if each.text.startswith("That was too much")]
    )
    assert [each.reply_to for each in refused] == [sent]
    world.local.send_text(group, world.ann, "@presswatch_bot https://lundvik.test/b")
    await world.local.until(lambda: len(world.local.calls_of("setMessageReaction")) == 2)


@pytest.mark.faults
async def test_a_refusal_that_did_not_get_through_is_told_afterwards(world: World, clock: Clock):
    for number in (1, 2):
        await world.card_of(world.local.send_text(world.chat, world.ann, seed(number)))
    world.local.fail_next("sendMessage", 429, retry_after=0)
    dropped = world.local.send_text(world.chat, world.ann, seed(3))
    await world.local.until(lambda: any(call.status == 429 for call in world.local.calls))
    async with asyncio.timeout(20):
        while not refusals(world):  # the clock has to go on meanwhile
            clock.now += timedelta(milliseconds=100)
            await asyncio.sleep(0.05)
    (refused,) = refusals(world)
    assert refused.reply_to is dropped
