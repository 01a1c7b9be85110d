"""Digests go out at their minute, once, over HTTP; the clock alone is not the real one."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from domain.extraction import Extraction
from domain.jobs import JobKind
from tests.bot.support import World, open_world, seed

MORNING = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that is set by hand."""

    present: datetime = MORNING

    def __call__(self) -> datetime:
        return self.present


class NothingFound:
    """Extraction is not what these tests are about."""

    async def extract(self, text, given):
        return Extraction()

    def warm_up(self):
        """Nothing to load."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(tmp_path, clock):
    async with open_world(tmp_path / "test.db", NothingFound(), clock) as made:
        yield made


async def tick(world: World) -> None:
    """What the JobQueue does each minute."""
    job = next(job for job in world.app.job_queue.jobs() if job.name == "digests")
    await job.run(world.app)


def digests(world: World, chat=None):
    return [each for each in world.local.messages(chat or world.chat) if each.text.startswith("Your digest")]


async def subscribed(world: World) -> None:
    answer = await world.ask("/subscribe 08:00 Europe/Vilnius")
    assert "12 March 2026, 08:00" in answer.text


async def forward(world: World, number: int) -> None:
    article = world.local.send_text(world.chat, world.ann, seed(number))
    await world.card_of(article)
    await done(world, JobKind.RELATE)


async def done(world: World, kind: JobKind) -> None:
    """Wait until there is nothing of a kind left to be done."""
    async with asyncio.timeout(60):
        while {(kind, "ready"), (kind, "running")} & {*await world.services.queue.counts()}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_digest_goes_out_at_its_minute_and_once(world: World, clock: Clock):
    await subscribed(world)
    await forward(world, 2)
    clock.present = datetime(2026, 3, 12, 5, 59, tzinfo=UTC)
    await tick(world)
    assert not digests(world)
    clock.present = datetime(2026, 3, 12, 6, 0, 5, tzinfo=UTC)
    await tick(world)
    await world.local.until(lambda: digests(world))
    await tick(world)
    settings = await world.ask("/settings")
    assert [each.text.split("\n")[0] for each in digests(world)] == ["Your digest of 12 March 2026 · 1 article"]
    assert "12 March 2026, 08:00: sent" in settings.text
    assert "next 13 March 2026, 08:00" in settings.text


async def test_the_next_digest_tells_only_what_came_since(world: World, clock: Clock):
    await subscribed(world)
    await forward(world, 2)
    clock.present = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
    await tick(world)
    await world.local.until(lambda: digests(world))
    clock.present += timedelta(hours=1)
    await forward(world, 3)
    clock.present += timedelta(hours=23)
    await tick(world)
    second = (await world.local.until(lambda: digests(world)[1:]))[0]
    assert second.text.startswith("Your digest of 13 March 2026 · 1 article")


async def test_a_digest_missed_by_hours_is_sent_once_and_marked_late(world: World, clock: Clock):
    await subscribed(world)
    clock.present = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
    await tick(world)
    await tick(world)
    await world.local.until(lambda: digests(world))
    await world.ask("/settings")
    assert [each.text.split("\n")[0] for each in digests(world)] == [
        "Your digest of 12 March 2026 (late: it was due on 12 March 2026, 08:00) · 0 articles"
    ]


async def test_a_digest_missed_by_half_a_day_is_not_sent_and_shown_as_missed(world: World, clock: Clock):
    await subscribed(world)
    clock.present = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)
    await tick(world)
    settings = await world.ask("/settings")
    assert not digests(world)
    assert "12 March 2026, 08:00: missed" in settings.text


async def test_what_a_missed_digest_would_have_told_is_in_the_next(world: World, clock: Clock):
    await subscribed(world)
    await forward(world, 2)
    clock.present = datetime(2026, 3, 15, 6, 0, tzinfo=UTC)
    await tick(world)
    digest = (await world.local.until(lambda: digests(world)))[0]
    assert digest.text.startswith("Your digest of 15 March 2026 · 1 article")


async def test_unsubscribing_ends_it(world: World, clock: Clock):
    await subscribed(world)
    assert "No digest will come" in (await world.ask("/unsubscribe")).text
    assert "No digest comes here" in (await world.ask("/unsubscribe")).text
    clock.present += timedelta(days=1)
    await tick(world)
    await world.ask("/help")
    assert not digests(world)


@pytest.mark.parametrize("fault", [429, 502])
async def test_a_digest_that_telegram_would_not_take_is_sent_once_later(world: World, clock: Clock, fault):
    await subscribed(world)
    world.local.fail_next("sendMessage", fault)
    clock.present = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
    await tick(world)
    async with asyncio.timeout(30):
        while not digests(world):  # it is the clock that must go on
            clock.present += timedelta(seconds=1)
            await asyncio.sleep(0.1)
    assert "sent" in (await world.ask("/settings")).text
    assert len(digests(world)) == 1


async def test_a_digest_that_may_have_arrived_is_uncertain_and_not_sent_again(world: World, clock: Clock):
    await subscribed(world)
    world.local.fail_next("sendMessage", "drop")
    clock.present = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
    await tick(world)
    await world.local.until(lambda: digests(world))
    clock.present += timedelta(minutes=30)
    settings = await world.ask("/settings")
    assert "it may not have arrived" in settings.text
    assert len(digests(world)) == 1


async def test_a_chat_that_blocked_the_bot_gets_no_more_digests(world: World, clock: Clock):
    await subscribed(world)
    world.chat.bot_status = "kicked"  # of which the bot hears by its next digest alone
    for day in (12, 13):
        clock.present = datetime(2026, 3, day, 6, 0, tzinfo=UTC)
        await tick(world)
    await world.local.until(lambda: [call for call in world.local.calls_of("sendMessage") if call.status == 403])
    await done(world, JobKind.DIGEST)
    world.chat.bot_status = "member"
    settings = await world.ask("/settings")
    assert "No digest; /subscribe brings one." in settings.text


async def test_a_group_that_removed_the_bot_gets_no_more_digests(world: World, clock: Clock):
    group = world.local.create_supergroup("Desk", world.ann)
    await world.answer_to(world.local.send_text(group, world.ann, "/subscribe 08:00"))
    world.local.kick(group, world.ann)
    await world.ask("/help")
    clock.present = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
    await tick(world)
    await world.ask("/help")
    assert not [call for call in world.local.calls_of("sendMessage") if call.status == 403]


async def test_a_digest_cut_off_by_a_power_cut_is_uncertain_after_the_restart(tmp_path, clock):
    async with open_world(tmp_path / "cut.db", NothingFound(), clock) as world:
        await subscribed(world)
        world.local.fail_next("sendMessage", "hang")
        clock.present = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
        await tick(world)
        await world.local.until(lambda: len(world.local.calls_of("sendMessage")) == 2)
    async with open_world(tmp_path / "cut.db", NothingFound(), clock, first_update_id=100) as world:
        await tick(world)
        settings = await world.ask("/settings")
        assert "it may not have arrived" in settings.text
        assert not digests(world)


async def test_topics_of_a_forum_have_digests_of_their_own(world: World, clock: Clock):
    forum = world.local.create_supergroup("Forum", world.ann, forum=True)
    topic = world.local.create_topic(forum, world.ann, "Press")
    await world.answer_to(world.local.send_text(forum, world.ann, "/subscribe 08:00 Vilnius", thread_id=topic))
    clock.present = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
    await tick(world)
    await world.local.until(lambda: digests(world, forum))
    assert [each.thread_id for each in digests(world, forum)] == [topic]


async def test_a_digest_of_another_time_is_shown_on_demand(world: World, clock: Clock):
    await forward(world, 2)
    clock.present += timedelta(days=2)
    assert "Nothing new was forwarded here." in (await world.ask("/digest")).text
    assert (await world.ask("/digest 3d")).text.startswith("The last 3 days · 1 article")
    assert (await world.ask("/digest since 11 March")).text.startswith("Since 11 March 2026")
    assert (await world.ask("/digest 12h")).text.startswith("The last 12 hours · 0 articles")
    assert "I can't read “<b>soon”" in (await world.ask("/digest <b>soon")).text


async def test_what_a_digest_told_the_next_does_not_tell_again(world: World, clock: Clock):
    await subscribed(world)
    await forward(world, 2)
    for day in (12, 13):
        clock.present = datetime(2026, 3, day, 6, 0, tzinfo=UTC)
        await tick(world)
        await world.local.until(lambda day=day: len(digests(world)) == day - 11)
    first, second = digests(world)
    assert first.text.startswith("Your digest of 12 March 2026 · 1 article")
    assert second.text.split("\n") == [
        "Your digest of 13 March 2026 · 0 articles",
        "",
        "Nothing new was forwarded here.",
    ]
    assert "13 March 2026, 08:00: sent" in (await world.ask("/settings")).text
    async with world.services.database.reading() as db:
        (row,) = await db.all("SELECT COUNT(*) AS messages FROM told WHERE json_extract(topic, '$.kind') = 'digest'")
    assert row["messages"] == 2


async def test_a_story_answers_the_digest_which_stays(world: World, clock: Clock):
    for number in (1, 2):
        await forward(world, number)
    async with world.services.database.transaction() as db:
        await db.run("UPDATE story_articles SET story_id = (SELECT MIN(story_id) FROM story_articles)")
    clock.present += timedelta(minutes=1)
    digest = await world.ask("/digest 2d")
    before = digest.text
    world.local.press(digest, digest.buttons[0])
    story = await world.answer_to(digest)
    assert "Articles" in story.text.split("\n")
    assert digest.text == before


async def test_a_subscription_that_asks_for_silence_gets_no_empty_digest(world: World, clock: Clock):
    await subscribed(world)
    async with world.services.database.transaction() as db:
        await db.run("UPDATE subscriptions SET when_empty = 'silence'")
    clock.present = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
    await tick(world)
    await done(world, JobKind.DIGEST)
    assert "12 March 2026, 08:00: Nothing was new" in (await world.ask("/settings")).text
    assert not digests(world)
