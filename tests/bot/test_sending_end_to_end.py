"""What becomes of digests that Telegram does not take: each once, lost chats tell their owner, moved groups move."""

from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import escape

from bot.local_telegram import Chat
from domain.jobs import JobKind, NewJob
from domain.sending import Loss, Trouble
from domain.subscriptions import DeliveryState
from handlers.delivering import to_json
from handlers.replies import Reply
from handlers.replies.digests import DigestPart
from storage import deliveries, subscriptions
from tests.bot.support import World, open_world, seed
from tests.bot.timed import NothingFound, ledger, ledger_when, settled, tick
from tests.planned import planned
from tests.samples import Clock

MORNING = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
HALVES = ("First half", "Second half")
EIGHT = datetime(2026, 3, 12, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
async def world(tmp_path, clock):
    async with open_world(tmp_path / "test.db", NothingFound(), clock) as made:
        yield made


async def subscribed(world: World, chat: Chat, thread_id: int | None = None) -> None:
    await world.answer_to(world.local.send_text(chat, world.ann, "/subscribe 08:00 UTC", thread_id=thread_id))


def digests(world: World, chat: Chat) -> list[str]:
    return [each.text for each in world.local.messages(chat) if each.text.startswith("Your digest of")]


def told_of_endings(world: World) -> list[str]:
    return [each.text for each in world.local.messages(world.chat) if "ended" in each.text and "“" in each.text]


def rights_taken(world: World, chat: Chat) -> None:
    chat.bot_status = "restricted"


def kicked(world: World, chat: Chat) -> None:
    world.local.kick(chat, world.ann)


def kicked_unheard(world: World, chat: Chat) -> None:
    chat.bot_status = "kicked"


def deleted(world: World, chat: Chat) -> None:
    del world.local.chats[chat.id]


@pytest.mark.parametrize(
    ("lose", "reason", "why"),
    [
        (kicked_unheard, Loss.REMOVED, "the bot was removed from there"),
        (deleted, Loss.GONE, "the chat is not there any more"),
        (rights_taken, Loss.RIGHTS, "the bot may not write there"),
    ],
)
async def test_a_group_that_is_lost_ends_its_digest_and_tells_its_owner_once(
    world: World, clock: Clock, lose, reason: Loss, why: str
):
    group = world.local.create_supergroup("Desk", world.ann)
    await subscribed(world, group)
    lose(world, group)
    for day in range(2):
        clock.now = EIGHT + timedelta(days=day)
        await tick(world)
        await settled(world, clock, group.id)
    await world.local.until(lambda: told_of_endings(world))
    await world.ask("/help")
    (delivery,) = await ledger(world, group.id)
    assert (delivery.state, delivery.reason, delivery.attempts) == (DeliveryState.FAILED, reason, 1)
    (told,) = told_of_endings(world)
    assert "Your digest in “Desk” has ended" in told
    assert why in told


async def test_who_is_removed_and_hears_of_it_sends_nothing_more_and_tells_the_owner(world: World, clock: Clock):
    group = world.local.create_supergroup("Desk", world.ann)
    await subscribed(world, group)
    kicked(world, group)
    await world.local.until(lambda: told_of_endings(world))
    clock.now = EIGHT
    await tick(world)
    assert await ledger(world, group.id) == []


async def test_an_owner_who_has_blocked_the_bot_is_not_told_and_nothing_more_comes(world: World, clock: Clock):
    group = world.local.create_supergroup("Desk", world.ann)
    await subscribed(world, group)
    world.local.block(world.ann)
    kicked(world, group)
    await world.local.until(lambda: [call for call in world.local.calls_of("sendMessage") if call.status == 403])
    clock.now = EIGHT
    await tick(world)
    assert len([call for call in world.local.calls_of("sendMessage") if call.status == 403]) == 1


@pytest.mark.parametrize("lost", ["closed", "deleted"])
async def test_a_topic_that_is_gone_ends_its_digest_and_no_other(world: World, clock: Clock, lost: str):
    forum = world.local.create_supergroup("Forum", world.ann, forum=True)
    topic, other = (world.local.create_topic(forum, world.ann, name) for name in ("Press", "Radio"))
    await subscribed(world, forum, topic)
    await subscribed(world, forum, other)
    if lost == "closed":
        world.local.close_topic(forum, topic)
    else:
        world.local.delete(forum.messages[topic])
    clock.now = EIGHT
    await tick(world)
    found = await settled(world, clock, forum.id)
    assert {(each.subscription.wish.thread_id, each.state, each.reason) for each in found} == {
        (topic, DeliveryState.FAILED, Loss.TOPIC),
        (other, DeliveryState.SENT, None),
    }
    await world.local.until(lambda: told_of_endings(world))


@pytest.mark.parametrize("heard", [True, False], ids=["service message", "error alone"])
async def test_a_group_that_becomes_a_supergroup_takes_its_digest_and_articles_along(
    world: World, clock: Clock, heard: bool
):
    group = world.local.create_group("Desk", world.ann)
    await subscribed(world, group)
    article = world.local.send_text(group, world.ann, f"/article {seed(2)}")
    await world.answer_to(article)
    if heard:
        moved = world.local.migrate(group, world.ann)
        await world.ask("/help")
    else:
        moved = world.local.create_supergroup("Desk", world.ann)
        group.migrated_to = moved.id
    clock.now = EIGHT
    await tick(world)
    (delivery,) = await ledger_when(
        world, moved.id, lambda found: [each.state for each in found] == [DeliveryState.SENT]
    )
    assert len(digests(world, moved)) == 1
    assert not digests(world, group)
    assert delivery.subscription.chat == delivery.subscription.wish.target == moved.id
    digest = await world.answer_to(world.local.send_text(moved, world.ann, "/digest"))
    assert "1 article" in digest.text
    clock.now = EIGHT + timedelta(days=1)
    await tick(world)
    assert [each.state for each in await settled(world, clock, moved.id)] == [DeliveryState.SENT] * 2


async def test_after_a_429_all_digests_wait_and_an_answer_does_not(world: World, clock: Clock):
    groups = [world.local.create_supergroup(f"Desk {number}", world.ann) for number in range(3)]
    for group in groups:
        await subscribed(world, group)
    world.local.fail_next("sendMessage", 429, retry_after=4)
    clock.now = EIGHT
    await tick(world)
    await world.local.until(lambda: [call for call in world.local.calls_of("sendMessage") if call.status == 429])
    sent = len(world.local.calls_of("sendMessage"))
    await world.ask("/help")
    assert len(world.local.calls_of("sendMessage")) <= sent + 3, "what was on its way, and the answer"
    for group in groups:
        (delivery,) = await settled(world, clock, group.id)
        assert delivery.state is DeliveryState.SENT
        assert len(digests(world, group)) == 1


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        (500, DeliveryState.PLANNED, Trouble.UNREACHED),
        (502, DeliveryState.PLANNED, Trouble.UNREACHED),
        (504, DeliveryState.UNCERTAIN, Trouble.NO_ANSWER),
        ("drop", DeliveryState.UNCERTAIN, Trouble.NO_ANSWER),
    ],
)
async def test_what_surely_did_not_arrive_is_sent_again_and_what_may_have_is_not(
    world: World, clock: Clock, fault, state: DeliveryState, reason: Trouble
):
    await subscribed(world, world.chat)
    world.local.fail_next("sendMessage", fault)
    clock.now = EIGHT
    await tick(world)
    (first,) = await ledger_when(
        world, world.chat.id, lambda found: any(each.attempts and each.reason for each in found)
    )
    assert (first.state, first.reason, first.attempts) == (state, reason, 1)
    clock.now += timedelta(minutes=10)
    (last,) = await settled(world, clock, world.chat.id)
    again = state is DeliveryState.PLANNED
    assert (last.state, last.attempts) == (DeliveryState.SENT if again else state, 1 + again)
    assert len(digests(world, world.chat)) == (fault != 504)


async def test_who_unsubscribes_while_a_digest_waits_gets_none(world: World, clock: Clock):
    await subscribed(world, world.chat)
    world.local.fail_next("sendMessage", 502)
    clock.now = EIGHT
    await tick(world)
    await ledger_when(world, world.chat.id, lambda found: any(each.reason for each in found))
    await world.ask("/unsubscribe")
    clock.now += timedelta(minutes=10)
    (delivery,) = await settled(world, clock, world.chat.id)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Trouble.ENDED)
    assert not digests(world, world.chat)


async def test_a_chat_sees_what_became_of_its_digests_by_pages(world: World, clock: Clock):
    assert "No digest has been due here yet" in (await world.ask("/deliveries")).text
    await subscribed(world, world.chat)
    for day in range(12):
        clock.now = EIGHT + timedelta(days=day)
        await tick(world)
        await settled(world, clock, world.chat.id)
    page = await world.ask("/deliveries")
    assert page.text.split("\n")[1] == "23 March 2026, 08:00: sent"
    assert len(page.text.split("\n")) == 11
    await world.press(page, "deliveries:1")
    assert [line[:8] for line in page.text.split("\n")[1:]] == ["13 March", "12 March"]
    assert [button.text for button in page.buttons] == ["Newer"]


async def test_only_a_groups_administrators_see_what_became_of_its_digests(world: World):
    group = world.local.create_supergroup("Desk", world.ann)
    bob = world.local.create_user("Bob")
    asked = world.local.send_text(group, bob, "/deliveries")
    assert "Only this group's administrators" in (await world.answer_to(asked)).text
    asked = world.local.send_text(group, world.ann, "/deliveries")
    assert "No digest has been due here yet" in (await world.answer_to(asked)).text
    asked = world.local.send_text(group, None, "/deliveries")
    assert "No digest has been due here yet" in (await world.answer_to(asked)).text


async def two_messages(world: World, clock: Clock) -> int:
    """Put a digest of two messages on its way, as the minute's job and a first look at it would."""
    await subscribed(world, world.chat)
    clock.now = EIGHT
    async with world.services.database.transaction() as db:
        (subscription,) = await subscriptions.of_chat(db, world.chat.id)
        new = deliveries.NewDelivery(subscription.wish.timetable.latest(EIGHT), EIGHT)
        number = await planned(db, subscription.id, new)
        await deliveries.keep_parts(db, number, [to_json(DigestPart(Reply(escape(text)))) for text in HALVES])
        payload = {"delivery": number, "chat": world.chat.id}
        await world.services.queue.put(db, [NewJob(JobKind.DIGEST, f"digest:{number}", payload, "digests")])
    return number


@pytest.mark.parametrize(
    ("fault", "state", "attempts"),
    [(429, DeliveryState.SENT, 3), (502, DeliveryState.SENT, 3), ("drop", DeliveryState.UNCERTAIN, 2)],
)
async def test_a_digest_of_two_messages_goes_on_from_the_one_that_is_missing(
    world: World, clock: Clock, fault, state: DeliveryState, attempts: int
):
    number = await two_messages(world, clock)
    await world.local.until(lambda: [each for each in world.local.messages(world.chat) if each.text == HALVES[0]])
    world.local.fail_next("sendMessage", fault)
    (delivery,) = await settled(world, clock, world.chat.id)
    assert (delivery.state, delivery.attempts) == (state, attempts)
    shown = [each for each in world.local.messages(world.chat) if each.text in HALVES]
    assert [each.text for each in shown] == list(HALVES)
    async with world.services.database.reading() as db:
        known = await deliveries.messages_of(db, number)
        assert await deliveries.parts(db, number) == []
    assert known == [each.id for each in shown][: 1 + (state is DeliveryState.SENT)]
