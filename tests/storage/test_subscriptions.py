"""Subscriptions and deliveries: wishes are kept as they are, one delivery a time of a local date."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.jobs import JobKind, NewJob
from domain.schedule import Occurrence, Timetable
from domain.subscriptions import (
    Delivery,
    DeliveryState,
    Filters,
    Subscription,
    SubscriptionState,
    WhenEmpty,
    Wish,
)
from storage import deliveries, subscriptions
from storage.connection import Database, Writer
from storage.deliveries import NewDelivery
from storage.opening import open_queue
from storage.subscriptions import Due
from tests.planned import planned
from tests.samples import DAY, HOUR, NOON
from tests.storage.conftest import BOT, HOME, OTHER

EIGHT = Timetable((time(8, 0),), "Europe/Vilnius")
TODAY = Occurrence(date(2026, 3, 12), time(8), NOON)
TOMORROW = Occurrence(date(2026, 3, 13), time(8), NOON + DAY)
NONE = Filters()


async def put(
    db: Writer,
    chat: int,
    thread: int | None = None,
    next_run: datetime = NOON,
    timetable: Timetable = EIGHT,
    filters: Filters = NONE,
) -> Subscription:
    wish = Wish(timetable, chat, thread, filters)
    number = await subscriptions.add(db, chat, 7, wish, next_run, NOON - DAY)
    found = await subscriptions.find(db, chat, number)
    assert found is not None
    return found


async def deliver(db: Writer, subscription: Subscription, day: Occurrence = TODAY) -> int | None:
    """Plan a digest that is one of several of its date, if it may be."""
    before = await deliveries.counts(db)
    number = await planned(db, subscription.id, NewDelivery(day, day.due, only_one=False))
    return number if await deliveries.counts(db) != before else None


async def due(db: Writer, now: datetime, limit: int = 9) -> list[int]:
    """The numbers of those that are due, in order."""
    return [number for each in await subscriptions.due(db, BOT, now, limit) for number in each.numbers]


async def since(db: Writer, subscription: Subscription, day: Occurrence, now: datetime) -> datetime | None:
    """From when on a digest tells that is planned now, and put away again."""
    number = await planned(db, subscription.id, NewDelivery(day, now))
    found = await deliveries.find(db, number)
    await db.run("DELETE FROM deliveries WHERE id = :id", id=number)
    return found.since if found else None


WISHES = st.builds(
    Wish,
    st.builds(
        Timetable,
        st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["UTC", "Asia/Kathmandu"]),
        st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(tuple),
    ),
    st.just(HOME.id),
    st.none() | st.integers(1, 9),
    st.builds(
        Filters,
        st.lists(st.integers(1, 9), max_size=3).map(tuple),
        st.none() | st.text(max_size=9),
        st.lists(st.text(max_size=9), max_size=3).map(tuple),
        st.lists(st.sampled_from(["en", "uk"]), max_size=2).map(tuple),
        st.integers(1, 4),
        st.booleans(),
    ),
    st.sampled_from(WhenEmpty),
    st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(WISHES)
async def test_a_wish_is_kept_as_it_was_made(database: Database, home: int, wish: Wish):
    async with database.transaction() as db:
        number = await subscriptions.add(db, HOME.id, 7, wish, NOON, NOON - DAY)
        found = await subscriptions.find(db, HOME.id, number)
    assert found == Subscription(number, HOME.id, 7, wish, SubscriptionState.ACTIVE, NOON, NOON - DAY)


async def test_a_chat_may_have_several_and_sees_no_other_chats(database: Database, home: int, other: int):
    async with database.transaction() as db:
        one, two = await put(db, HOME.id), await put(db, HOME.id, thread=3)
        theirs = await put(db, OTHER.id)
        assert await subscriptions.of_chat(db, HOME.id) == [one, two]
        assert await subscriptions.find(db, HOME.id, theirs.id) is None
        assert await subscriptions.find(db, HOME.id, 99) is None


async def test_the_plain_one_of_a_place_is_the_one_without_filters(database: Database, home: int):
    async with database.transaction() as db:
        plain = await put(db, HOME.id)
        await put(db, HOME.id, filters=Filters(disputed=True))
        topic = await put(db, HOME.id, thread=3)
        assert await subscriptions.plain_to(db, HOME.id, HOME.id, None) == plain
        assert await subscriptions.plain_to(db, HOME.id, HOME.id, 3) == topic
        assert await subscriptions.plain_to(db, HOME.id, HOME.id, 4) is None


async def test_one_that_ended_is_not_due_and_begins_anew(database: Database, home: int):
    noon = Wish(Timetable((time(12, 5),), "UTC"), HOME.id)
    async with database.transaction() as db:
        first = await put(db, HOME.id)
        await subscriptions.put_wish(db, first.id, noon, NOON + HOUR)
        changed = replace(first, wish=noon, next_run=NOON + HOUR)
        assert await subscriptions.of_chat(db, HOME.id) == [changed]
        await subscriptions.set_state(db, first.id, SubscriptionState.PAUSED)
        assert await due(db, NOON + HOUR) == []
        assert [each.state for each in await subscriptions.of_chat(db, HOME.id)] == [SubscriptionState.PAUSED]
        ended = await subscriptions.end_all_to(db, HOME.id, "kicked")
        assert [(each.id, each.reason) for each in ended] == [(first.id, "kicked")]
        assert await subscriptions.end_all_to(db, HOME.id, "kicked") == []
        assert await subscriptions.of_chat(db, HOME.id) == []
        await subscriptions.begin(db, first.id, NOON + DAY, NOON)
        begun = replace(changed, created_at=NOON, next_run=NOON + DAY)
        assert await subscriptions.of_chat(db, HOME.id) == [begun]


async def test_a_draft_is_found_by_its_number_alone_and_forgotten_in_time(database: Database, home: int):
    draft = SubscriptionState.DRAFT
    async with database.transaction() as db:
        number = await subscriptions.add(db, HOME.id, 7, Wish(EIGHT, HOME.id), NOON, NOON - DAY, draft)
        found = await subscriptions.find(db, HOME.id, number)
        assert found is not None and found.state is draft
        assert await subscriptions.of_chat(db, HOME.id) == []
        assert await due(db, NOON) == []
        assert await subscriptions.plain_to(db, HOME.id, HOME.id, None) is None
        assert await subscriptions.end_all_to(db, HOME.id, "kicked") == []
        await subscriptions.forget_drafts(db, HOME.id, NOON - DAY)
        assert await subscriptions.find(db, HOME.id, number) == found
        await subscriptions.forget_drafts(db, HOME.id, NOON)
        assert await subscriptions.find(db, HOME.id, number) == found, "its number, the last, would be given again"
        await put(db, HOME.id)
        await subscriptions.forget_drafts(db, HOME.id, NOON)
        assert await subscriptions.find(db, HOME.id, number) is None


async def test_the_longest_waiting_are_due_first(database: Database, home: int, other: int):
    async with database.transaction() as db:
        first = await put(db, HOME.id, next_run=NOON)
        longest = await put(db, OTHER.id, next_run=NOON - HOUR)
        late = await put(db, HOME.id, thread=3, next_run=NOON + timedelta(milliseconds=1))
        assert await due(db, NOON) == [longest.id, first.id]
        assert await due(db, NOON, 1) == [longest.id]
        await subscriptions.set_next_run(db, [late.id, first.id], NOON - DAY)
        assert await due(db, NOON) == [first.id, late.id, longest.id]


async def test_those_that_share_a_timetable_are_due_together(database: Database, home: int, other: int):
    nine = Timetable((time(9),), "UTC")
    async with database.transaction() as db:
        one, two = await put(db, HOME.id), await put(db, OTHER.id)
        third, fourth = await put(db, HOME.id, 3, timetable=nine), await put(db, HOME.id, 4, NOON - DAY)
        assert await subscriptions.due(db, BOT, NOON, 9) == [
            Due(EIGHT, NOON - DAY, (fourth.id,)),
            Due(EIGHT, NOON, (one.id, two.id)),
            Due(nine, NOON, (third.id,)),
        ]


async def test_what_was_to_come_by_a_clock_that_was_wrong_is_due(database: Database, home: int):
    async with database.transaction() as db:
        wrong = await put(db, HOME.id, next_run=NOON + subscriptions.FARTHEST + HOUR)
        assert await due(db, NOON) == [wrong.id]
        assert await due(db, NOON + HOUR) == []


async def test_a_time_of_a_local_date_has_one_delivery(database: Database, home: int):
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        number = await deliver(db, subscription)
        assert number is not None
        assert await deliver(db, subscription) is None
        assert await deliver(db, await put(db, HOME.id, thread=3)) is not None
        assert await deliver(db, subscription, replace(TODAY, at=time(18))) is not None
        assert await deliver(db, subscription, Occurrence(TODAY.day + DAY, TODAY.at, NOON + DAY)) is not None
        assert await deliveries.has_day(db, subscription.id, TODAY.day)
        assert not await deliveries.has_day(db, subscription.id, TODAY.day - DAY)
        found = await deliveries.find(db, number)
        assert await deliveries.find(db, 99) is None
    state = DeliveryState.PLANNED
    assert found == Delivery(number, subscription, TODAY.day, TODAY.at, NOON, NOON - DAY, NOON, state)


async def test_what_went_out_or_may_have_counts_as_told(database: Database, home: int):
    told = {DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN}
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        wished = subscription.created_at
        assert await since(db, subscription, TOMORROW, NOON + DAY) == wished
        number = await deliver(db, subscription)
        assert number is not None
        for state in DeliveryState:
            await deliveries.set_state(db, number, state, NOON)
            assert await since(db, subscription, TOMORROW, NOON + DAY) == (NOON if state in told else wished)
        await deliveries.set_state(db, number, DeliveryState.SENT, NOON)
        years = Occurrence(TODAY.day + 900 * DAY, TODAY.at, NOON + 900 * DAY)
        assert await since(db, subscription, years, NOON + 900 * DAY) == NOON, "however long ago"
        earlier = await since(db, subscription, TOMORROW, NOON - HOUR)
    assert earlier == wished, "what was told up to a moment to come was told by a clock that was wrong"


async def test_a_date_has_one_digest_where_there_is_one_a_day(database: Database, home: int):
    evening = replace(TODAY, at=time(18))
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        number = await planned(db, subscription.id, NewDelivery(TODAY, NOON))
        assert await planned(db, subscription.id, NewDelivery(evening, NOON)) == number
        assert await planned(db, subscription.id, NewDelivery(evening, NOON, only_one=False)) > number


async def test_only_a_planned_delivery_that_nobody_is_to_send_has_no_job(database: Database, home: int):
    queue = open_queue(database, lambda: NOON, BOT)
    async with database.transaction() as db:
        first, second, third = [await deliver(db, await put(db, HOME.id)) for _ in range(3)]
        assert first and second and third
        assert await deliveries.without_job(db, BOT, 0, 2) == [(first, HOME.id), (second, HOME.id)]
        assert await deliveries.without_job(db, BOT, second, 2) == [(third, HOME.id)]
        assert await deliveries.without_job(db, BOT + 1, 0, 2) == []
        await deliveries.set_state(db, first, DeliveryState.MISSED, NOON)
        await queue.put(db, [NewJob(JobKind.DIGEST, f"digest:{second}", {})])
        assert await deliveries.without_job(db, BOT, 0, 2) == [(third, HOME.id)]


async def test_only_what_is_being_sent_goes_on_with_what_is_left(database: Database, home: int):
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        number = await deliver(db, subscription)
        assert number is not None
        for state in DeliveryState:
            await deliveries.set_state(db, number, state, NOON)
            await deliveries.go_on(db, number, NOON)
            found = await deliveries.find(db, number)
            assert found is not None
            assert found.state is (DeliveryState.PLANNED if state is DeliveryState.SENDING else state)


async def test_a_chats_last_deliveries_come_newest_first(database: Database, home: int, other: int):
    async with database.transaction() as db:
        subscription = await put(db, HOME.id)
        for days in (1, 0, 2):
            await deliver(db, subscription, Occurrence(TODAY.day + days * DAY, TODAY.at, NOON + days * DAY))
        await deliver(db, await put(db, OTHER.id))
        found = await deliveries.last(db, HOME.id, 2)
    assert [each.day for each in found] == [TODAY.day + 2 * DAY, TODAY.day + DAY]


async def test_a_delivery_keeps_its_messages_in_order(database: Database, home: int):
    async with database.transaction() as db:
        number = await deliver(db, await put(db, HOME.id))
        assert number is not None
        await deliveries.add_message(db, number, 1, 8)
        await deliveries.add_message(db, number, 0, 7)
        assert await deliveries.messages_of(db, number) == [7, 8]
        await deliveries.set_state(db, number, DeliveryState.FAILED, NOON, reason="why")
        found = await deliveries.find(db, number)
    assert found is not None
    assert (found.state, found.reason) == (DeliveryState.FAILED, "why")
