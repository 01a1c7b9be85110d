"""Subscriptions and deliveries: one digest a chat or topic, one delivery a local date."""

from datetime import date, datetime, time, timedelta

from domain.schedule import DailyTime, DeliveryState, Occurrence, Subscription
from storage import subscriptions
from storage.connection import Writer
from storage.sqlite.database import SqliteDatabase
from tests.samples import DAY, HOUR, NOON
from tests.storage.conftest import BOT, HOME, OTHER

EIGHT = DailyTime(time(8, 0), "Europe/Vilnius")
TODAY = Occurrence(date(2026, 3, 12), NOON)


async def put(db: Writer, chat: int, thread: int | None = None, next_run: datetime = NOON) -> Subscription:
    await subscriptions.put(db, chat, thread, EIGHT, next_run, NOON - DAY)
    return next(each for each in await subscriptions.of_chat(db, chat) if each.thread_id == thread)


async def deliver(
    db: Writer, subscription: Subscription, day: Occurrence = TODAY, state: DeliveryState = DeliveryState.PLANNED
) -> int | None:
    return await subscriptions.add_delivery(db, subscription, day, day.due - DAY, day.due, state)


async def test_a_chat_and_each_of_its_topics_have_one_digest(database: SqliteDatabase, home: int, other: int):
    noon = DailyTime(time(12, 5), "UTC")
    async with database.transaction() as db:
        first = await put(db, HOME.id)
        await put(db, HOME.id, thread=3)
        await subscriptions.put(db, HOME.id, None, noon, NOON + HOUR, NOON)
        await put(db, OTHER.id)
        found = await subscriptions.of_chat(db, HOME.id)
    assert [(each.id, each.thread_id, each.daily, each.next_run) for each in found] == [
        (first.id, None, noon, NOON + HOUR),
        (found[1].id, 3, EIGHT, NOON),
    ]


async def test_a_digest_that_was_ended_is_not_due_and_can_be_had_again(database: SqliteDatabase, home: int):
    async with database.transaction() as db:
        assert not await subscriptions.end(db, HOME.id, None)
        first = await put(db, HOME.id)
        await put(db, HOME.id, thread=3)
        assert await subscriptions.end(db, HOME.id, None)
        assert not await subscriptions.end(db, HOME.id, None)
        assert [each.thread_id for each in await subscriptions.of_chat(db, HOME.id)] == [3]
        assert [each.thread_id for each in await subscriptions.due(db, BOT, NOON, 9)] == [3]
        assert (await put(db, HOME.id)).id == first.id
        await subscriptions.end_all(db, HOME.id)
        assert await subscriptions.of_chat(db, HOME.id) == []


async def test_the_longest_waiting_are_due_first(database: SqliteDatabase, home: int, other: int):
    async with database.transaction() as db:
        await put(db, HOME.id, next_run=NOON)
        await put(db, OTHER.id, next_run=NOON - HOUR)
        late = await put(db, HOME.id, thread=3, next_run=NOON + timedelta(milliseconds=1))
        assert [each.chat for each in await subscriptions.due(db, BOT, NOON, 9)] == [OTHER.id, HOME.id]
        assert [each.chat for each in await subscriptions.due(db, BOT, NOON, 1)] == [OTHER.id]
        await subscriptions.set_next_run(db, late.id, NOON - DAY)
        assert [each.id for each in await subscriptions.due(db, BOT, NOON, 1)] == [late.id]


async def test_a_local_date_has_one_delivery(database: SqliteDatabase, home: int):
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        number = await deliver(db, subscription)
        assert number is not None
        assert await deliver(db, subscription) is None
        assert await deliver(db, await put(db, HOME.id, thread=3)) is not None
        assert await deliver(db, subscription, Occurrence(TODAY.day + DAY, NOON + DAY)) is not None
        assert await subscriptions.has_delivery(db, HOME.id, None, TODAY.day)
        assert not await subscriptions.has_delivery(db, HOME.id, None, TODAY.day - DAY)
        assert not await subscriptions.has_delivery(db, HOME.id, 4, TODAY.day)
        assert not await subscriptions.has_delivery(db, OTHER.id, None, TODAY.day)
        found = await subscriptions.find_delivery(db, number)
        assert await subscriptions.find_delivery(db, 99) is None
    assert found is not None
    assert (found.day, found.due, found.since, found.until) == (TODAY.day, NOON, NOON - DAY, NOON)
    assert (found.subscription, found.state) == (subscription, DeliveryState.PLANNED)


async def test_what_went_out_or_may_have_counts_as_told(database: SqliteDatabase, home: int):
    told = {DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN}
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        assert await subscriptions.told_until(db, subscription.id) is None
        number = await deliver(db, subscription)
        assert number is not None
        for state in DeliveryState:
            await subscriptions.set_delivery_state(db, number, state)
            until = await subscriptions.told_until(db, subscription.id)
            assert until == (NOON if state in told else None)


async def test_what_was_cut_off_in_mid_send_is_uncertain_and_nothing_else_is(database: SqliteDatabase, home: int):
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        for days, state in enumerate(DeliveryState):
            await deliver(db, subscription, Occurrence(TODAY.day + days * DAY, NOON + days * DAY), state)
        before = await subscriptions.count_deliveries(db)
        assert before == dict.fromkeys(DeliveryState, 1)
        assert await subscriptions.mark_interrupted(db, BOT + 1) == 0, "another bot's are its own affair"
        assert await subscriptions.mark_interrupted(db, BOT) == 1
        after = await subscriptions.count_deliveries(db)
        assert await subscriptions.mark_interrupted(db, BOT) == 0
    assert after == {state: 1 for state in DeliveryState if state is not DeliveryState.SENDING} | {
        DeliveryState.UNCERTAIN: 2
    }


async def test_a_chats_last_deliveries_come_newest_first(database: SqliteDatabase, home: int, other: int):
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        for days in (1, 0, 2):
            await deliver(db, subscription, Occurrence(TODAY.day + days * DAY, NOON + days * DAY))
        await deliver(db, await put(db, OTHER.id))
        found = await subscriptions.last_deliveries(db, HOME.id, 2)
    assert [each.day for each in found] == [TODAY.day + 2 * DAY, TODAY.day + DAY]


async def test_a_delivery_keeps_its_message(database: SqliteDatabase, home: int):
    async with database.transaction() as db:
        number = await deliver(db, await put(db, HOME.id))
        assert number is not None
        await subscriptions.set_delivery_state(db, number, DeliveryState.SENT, message=7)
        await subscriptions.set_delivery_state(db, number, DeliveryState.FAILED, reason="why")
        row = await db.one("SELECT state, reason, message_id FROM deliveries")
    assert row == {"state": "failed", "reason": "why", "message_id": 7}
