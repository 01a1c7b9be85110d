"""Digests: once for each local date, late rather than never for half a day, and never twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity
from domain.digests import ComposedDigest
from domain.jobs import Job, JobKind
from domain.schedule import Timetable
from domain.sending import Loss, Trouble
from domain.subscriptions import LATEST, Delivery, DeliveryState
from services import Services, chats, delivering, digesting, intake, reading
from services.subscribing import wishes
from storage import deliveries as deliveries_table
from storage.opening import open_database
from tests.engines import ENGINES, ON_BOTH
from tests.samples import DAY, HOUR, Clock, chat_identity, forward
from tests.services.wishing import subscribe, unsubscribe

ANN, BOB = chat_identity(100), chat_identity(200)
EIGHT = Timetable((time(8),), "UTC")
MINUTE = timedelta(minutes=1)
TOMORROW_AT_EIGHT = datetime(2026, 3, 13, 8, tzinfo=UTC)


async def tick(services: Services, clock: Clock, until: datetime, step: timedelta = HOUR) -> int:
    """Let time pass in steps with a look at the clock after each; how many digests were queued."""
    planned = 0
    while clock.now < until:
        clock.now = min(clock.now + step, until)
        planned += await delivering.plan_due(services)
    return planned


async def deliveries(services: Services, chat: int = ANN.id) -> Sequence[Delivery]:
    """All deliveries of a chat, the oldest first."""
    async with services.database.reading() as db:
        return (await deliveries_table.last(db, chat, 1000))[::-1]


async def begun(services: Services, delivery: int) -> ComposedDigest:
    """What a delivery says that is sent now."""
    found = await delivering.find_planned(services, delivery)
    assert found is not None
    assert await delivering.begin(services, delivery)
    composed = await digesting.compose(services, found)
    assert isinstance(composed, ComposedDigest)
    return composed


async def digest_jobs(services: Services) -> list[Job]:
    jobs = []
    while (job := await services.queue.claim(JobKind.DIGEST)) is not None:
        jobs.append(job)
    return jobs


async def bring(services: Services, message: int, text: str | None = None, chat: ChatIdentity = ANN) -> int:
    taken = await intake.take_in(services, IncomingArticle(text or f"Text {message}.", forward(chat, message)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, chat.id)
    return taken.article


async def test_the_first_digest_goes_out_at_the_next_time_of_day(services: Services, clock: Clock):
    assert await subscribe(services, ANN, None, EIGHT) == TOMORROW_AT_EIGHT
    assert await tick(services, clock, TOMORROW_AT_EIGHT - MINUTE) == 0
    assert await tick(services, clock, TOMORROW_AT_EIGHT, MINUTE) == 1
    assert await delivering.plan_due(services) == 0
    (job,) = await digest_jobs(services)
    assert job.payload == {"delivery": 1, "chat": ANN.id}
    (delivery,) = await deliveries(services)
    assert (delivery.day, delivery.due, delivery.state) == (
        date(2026, 3, 13),
        TOMORROW_AT_EIGHT,
        DeliveryState.PLANNED,
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.sampled_from(["UTC", "Europe/Vilnius", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Gaza"]),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
async def test_each_local_date_has_its_digest_once(services: Services, zone: str, at: time, begin: datetime):
    begin = begin.replace(microsecond=0)
    clock = Clock(begin)
    there = replace(services, clock=clock, default_timezone="UTC")
    async with services.database.transaction() as db:
        for table in ("deliveries", "subscriptions", "jobs"):
            await db.run(f"DELETE FROM {table}")  # noqa: S608  # the names stand here
    first = await subscribe(there, ANN, None, Timetable((at,), zone))
    planned = await tick(there, clock, begin + 4 * DAY, timedelta(minutes=97))
    found = await deliveries(there)
    days = [each.day for each in found]
    assert len(found) == planned
    assert days == [days[0] + number * DAY for number in range(len(days))]
    assert found[0].due == first
    assert 3 <= len(days) <= 5
    assert all(each.due.astimezone(ZoneInfo(zone)).date() == each.day for each in found)


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (timedelta(0), DeliveryState.PLANNED),
        (LATEST - MINUTE, DeliveryState.PLANNED),
        (LATEST, DeliveryState.MISSED),
        (DAY - MINUTE, DeliveryState.MISSED),
    ],
)
async def test_after_downtime_a_digest_is_sent_late_for_half_a_day_and_then_missed(
    services: Services, clock: Clock, late: timedelta, state: DeliveryState
):
    await subscribe(services, ANN, None, EIGHT)
    clock.now = TOMORROW_AT_EIGHT + late
    assert await delivering.plan_due(services) == (state is DeliveryState.PLANNED)
    (delivery,) = await deliveries(services)
    assert (delivery.state, delivery.due, delivery.until) == (state, TOMORROW_AT_EIGHT, clock.now)
    assert len(await digest_jobs(services)) == (state is DeliveryState.PLANNED)
    assert await delivering.plan_due(services) == 0


async def test_what_was_planned_by_a_process_that_came_no_further_is_queued(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    clock.now = TOMORROW_AT_EIGHT
    assert await delivering.claim_due(services) == 1
    assert await digest_jobs(services) == []
    assert await delivering.plan_due(services) == 1
    (job,) = await digest_jobs(services)
    assert job.payload == {"delivery": 1, "chat": ANN.id}
    assert await delivering.plan_due(services) == 0


@ON_BOTH
async def test_several_missed_days_are_told_in_one_digest(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    told = clock.now
    clock.now = TOMORROW_AT_EIGHT + 4 * DAY + HOUR
    assert await delivering.plan_due(services) == 1
    assert await delivering.plan_due(services) == 0
    first, *missed, second = await deliveries(services)
    assert [(each.day, each.state) for each in missed] == [
        (first.day + number * DAY, DeliveryState.MISSED) for number in (1, 2, 3)
    ]
    assert (second.day, second.since, second.until) == (first.day + 4 * DAY, told, clock.now)
    await tick(services, clock, TOMORROW_AT_EIGHT + 5 * DAY)
    assert len(await deliveries(services)) == 6


async def test_of_several_times_a_day_each_that_was_missed_is_in_the_ledger(services: Services, clock: Clock):
    await subscribe(services, ANN, None, Timetable((time(8), time(12), time(18)), "UTC"))
    clock.now = TOMORROW_AT_EIGHT + timedelta(hours=11)
    assert await delivering.plan_due(services) == 1
    found = [(each.at.hour, each.state, each.reason) for each in await deliveries(services)]
    assert found == [
        (18, DeliveryState.MISSED, Trouble.TOO_LATE),
        (8, DeliveryState.MISSED, Trouble.TOGETHER),
        (12, DeliveryState.MISSED, Trouble.TOGETHER),
        (18, DeliveryState.PLANNED, None),
    ]


async def test_of_years_of_downtime_the_ledger_has_the_last_days(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    clock.now = TOMORROW_AT_EIGHT + 800 * DAY
    assert await delivering.plan_due(services) == 1
    assert len(await deliveries(services)) == delivering.HISTORY // DAY + 1


async def test_what_a_missed_digest_would_have_told_is_told_by_the_next(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await bring(services, 1)
    clock.now = TOMORROW_AT_EIGHT + LATEST + HOUR
    await delivering.plan_due(services)
    await tick(services, clock, TOMORROW_AT_EIGHT + DAY)
    missed, planned = await deliveries(services)
    assert (missed.state, planned.state) == (DeliveryState.MISSED, DeliveryState.PLANNED)
    digest = await begun(services, planned.id)
    assert digest.articles == 1


async def test_a_digest_tells_what_came_in_since_the_last_one_and_nothing_twice(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    told = []
    for day in range(3):
        await bring(services, 10 + day)
        await tick(services, clock, TOMORROW_AT_EIGHT + day * DAY)
        await bring(services, 20 + day)
        digest = await begun(services, (await deliveries(services))[-1].id)
        told.append([each.newest.id for each in digest.stories])
        await delivering.end(services, (await deliveries(services))[-1].id, DeliveryState.SENT)
    assert told == [[1], [3, 2], [5, 4]]


@pytest.mark.parametrize(
    ("state", "again"),
    [
        (DeliveryState.SENT, False),
        (DeliveryState.UNCERTAIN, False),
        (DeliveryState.FAILED, True),
    ],
)
async def test_what_did_not_arrive_is_told_again_by_the_next_digest(
    services: Services, clock: Clock, state: DeliveryState, again: bool
):
    await subscribe(services, ANN, None, EIGHT)
    await bring(services, 1)
    for day in range(2):
        await tick(services, clock, TOMORROW_AT_EIGHT + day * DAY)
        digest = await begun(services, day + 1)
        await delivering.end(services, day + 1, state)
    assert digest.articles == again


async def test_a_delivery_is_begun_once(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    found = await asyncio.gather(*(delivering.begin(services, 1) for _ in range(5)))
    assert found.count(True) == 1
    assert not await delivering.begin(services, 99)


@pytest.mark.parametrize("state", [each for each in DeliveryState if each is not DeliveryState.PLANNED])
async def test_a_delivery_that_is_not_planned_is_not_begun(services: Services, clock: Clock, state: DeliveryState):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    await delivering.end(services, 1, state)
    assert not await delivering.begin(services, 1)


async def test_a_planned_digest_that_could_not_be_begun_in_time_is_missed_and_told_by_the_next(
    services: Services, clock: Clock
):
    await subscribe(services, ANN, None, EIGHT)
    await bring(services, 1)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    clock.now = TOMORROW_AT_EIGHT + LATEST
    assert await delivering.find_planned(services, 1) is None
    assert [each.state for each in await deliveries(services)] == [DeliveryState.MISSED]
    await tick(services, clock, TOMORROW_AT_EIGHT + DAY)
    digest = await begun(services, 2)
    assert digest.articles == 1


async def test_what_never_went_out_is_told_by_the_next_digest_though_that_was_planned_before(
    services: Services, clock: Clock
):
    await subscribe(services, ANN, None, Timetable((time(8), time(10), time(12)), "UTC"))
    await bring(services, 1)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    await bring(services, 2)
    await tick(services, clock, TOMORROW_AT_EIGHT + timedelta(hours=4))
    clock.now = TOMORROW_AT_EIGHT + LATEST
    assert await delivering.find_planned(services, 1) is None, "too late"
    found = await deliveries(services)
    assert [each.state.value for each in found] == ["missed", "planned", "planned"]
    assert found[1].since == found[0].since
    assert found[2].since == found[1].until, "and by that one alone"
    digest = await begun(services, 2)
    assert digest.articles == 2


async def test_an_article_that_is_kept_while_a_digest_waits_to_be_planned_is_told_by_the_next_at_the_latest(
    services: Services, clock: Clock
):
    """It is news from when others can see it, and not from when it was read."""
    await subscribe(services, ANN, None, EIGHT)
    taken = await intake.take_in(services, IncomingArticle("Text.", forward(ANN)))
    assert isinstance(taken, Taken)
    clock.now = TOMORROW_AT_EIGHT - MINUTE
    async with services.database.transaction():
        being_read = asyncio.create_task(reading.read(services, taken.article, ANN.id))
        await asyncio.sleep(0.1)
        clock.now = TOMORROW_AT_EIGHT
    await being_read
    async with services.database.reading() as db:
        row = await db.one("SELECT settled_at FROM articles")
    assert row is not None
    assert row["settled_at"] >= TOMORROW_AT_EIGHT.strftime("%Y-%m-%dT%H:%M:%S")


async def test_a_digest_that_is_planned_while_an_article_is_kept_tells_it(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    clock.now = TOMORROW_AT_EIGHT
    async with services.database.transaction():
        being_planned = asyncio.create_task(delivering.plan_due(services))
        await asyncio.sleep(0.1)
        clock.now += MINUTE
    assert await being_planned == 1
    (delivery,) = await deliveries(services)
    assert delivery.until == TOMORROW_AT_EIGHT + MINUTE


async def test_nobody_who_paused_a_digest_at_the_last_moment_gets_it(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    assert await delivering.find_planned(services, 1) is not None
    await wishes.pause(services, ANN.id, 1)
    assert not await delivering.begin(services, 1)
    assert await delivering.find_planned(services, 1) is None
    (delivery,) = await deliveries(services)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Trouble.ENDED)


async def test_a_fault_of_our_own_in_mid_send_leaves_no_digest_being_sent(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    assert await delivering.begin(services, 1)
    assert await delivering.find_planned(services, 1) is None, "it may have arrived"
    (delivery,) = await deliveries(services)
    assert (delivery.state, delivery.reason) == (DeliveryState.UNCERTAIN, Trouble.CUT_OFF)


async def test_of_several_messages_only_the_one_that_may_have_arrived_is_not_sent_again(
    services: Services, clock: Clock
):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    await delivering.keep_parts(services, 1, ["one", "two", "three"])
    assert await delivering.begin(services, 1)
    numbers = []
    while (found := await delivering.find_planned(services, 1)) is not None:
        part = await delivering.next_part(services, 1)
        assert part is not None
        assert await delivering.begin(services, 1)
        numbers.append(part.number)
        await delivering.sent(services, found, part, 50 + part.number, (), ())
    assert numbers == [1, 2]
    (delivery,) = await deliveries(services)
    assert (delivery.state, delivery.reason) == (DeliveryState.UNCERTAIN, Trouble.NO_ANSWER)


async def test_a_general_topic_that_is_closed_ends_no_digest_in_another(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await subscribe(services, ANN, 3, EIGHT)
    await delivering.lose(services, ANN.id, None, Loss.TOPIC)
    assert [each.wish.thread_id for each in await wishes.of_chat(services, ANN.id)] == [3]


async def test_a_digest_that_is_given_up_failed_or_is_uncertain_where_it_may_have_been_sent(
    services: Services, clock: Clock
):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT + DAY)
    await delivering.begin(services, 2)
    for number in (1, 2, 99):
        await delivering.give_up(services, number)
    assert [each.state for each in await deliveries(services)] == [DeliveryState.FAILED, DeliveryState.UNCERTAIN]


async def test_an_article_that_was_read_after_a_digest_is_told_by_the_next(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    taken = await intake.take_in(services, IncomingArticle("Text.", forward(ANN)))
    assert isinstance(taken, Taken)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    first = await begun(services, 1)
    await reading.read(services, taken.article, ANN.id)
    await tick(services, clock, TOMORROW_AT_EIGHT + DAY)
    second = await begun(services, 2)
    assert (first.articles, second.articles) == (0, 1)


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_however_many_processes_look_at_the_clock_each_digest_is_planned_once(
    services: Services, clock: Clock, database_url: str
):
    for thread in range(1, 6):
        await subscribe(services, ANN, thread, EIGHT)
    others = [await open_database(database_url) for _ in range(2)]
    clock.now = TOMORROW_AT_EIGHT
    planned = await asyncio.gather(
        *(delivering.plan_due(replace(services, database=each)) for each in (services.database, *others))
    )
    for other in others:
        await other.close()
    assert sum(planned) == len(await deliveries(services)) == 5


async def test_a_delivery_that_failed_for_now_can_be_begun_again(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    assert await delivering.begin(services, 1)
    await delivering.end(services, 1, DeliveryState.PLANNED, "429")
    assert await delivering.begin(services, 1)


async def test_a_delivery_that_was_cut_off_is_uncertain_and_not_sent_twice(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    await delivering.begin(services, 1)
    for _ in range(2):
        assert await delivering.find_planned(services, 1) is None
        assert not await delivering.begin(services, 1)
    assert [(each.state, each.reason) for each in await deliveries(services)] == [
        (DeliveryState.UNCERTAIN, Trouble.CUT_OFF)
    ]


async def test_nobody_who_ended_their_digest_gets_one(services: Services, clock: Clock):
    assert not await unsubscribe(services, ANN, None)
    await subscribe(services, ANN, None, EIGHT)
    await subscribe(services, ANN, 3, EIGHT)
    await subscribe(services, BOB, None, EIGHT)
    assert await unsubscribe(services, ANN, None)
    await delivering.lose(services, BOB.id, None, Loss.BLOCKED)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    assert [each.subscription.wish.thread_id for each in await deliveries(services)] == [3]
    assert await deliveries(services, BOB.id) == []


async def test_a_digest_has_only_its_chats_articles(services: Services, clock: Clock):
    await subscribe(services, ANN, None, EIGHT)
    await bring(services, 1)
    await bring(services, 2, chat=BOB)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    digest = await begun(services, 1)
    assert [each.newest.id for each in digest.stories] == [1]


async def test_a_later_time_on_a_day_that_had_its_digest_begins_tomorrow(services: Services, clock: Clock):
    """What the person is told is what happens: the date has its one digest."""
    await subscribe(services, ANN, None, EIGHT)
    await tick(services, clock, TOMORROW_AT_EIGHT + HOUR)
    first = await subscribe(services, ANN, None, Timetable((time(20),), "UTC"))
    assert first == datetime(2026, 3, 14, 20, tzinfo=UTC)
    planned = await tick(services, clock, first)
    assert planned == 1
    assert [each.day.day for each in await deliveries(services)] == [13, 14]


async def test_a_zone_further_west_does_not_bring_a_date_twice(services: Services, clock: Clock):
    first = await subscribe(services, ANN, None, Timetable((time(8),), "Pacific/Auckland"))
    await tick(services, clock, first + HOUR)
    again = await subscribe(services, ANN, None, Timetable((time(20),), "America/Los_Angeles"))
    await tick(services, clock, again + 3 * DAY)
    days = [each.day.day for each in await deliveries(services)]
    assert sorted(days) == [12, 13, 14, 15]
    assert again in [each.due for each in await deliveries(services)]


@ON_BOTH
async def test_more_subscriptions_than_one_transaction_takes_are_all_planned(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivering, "BATCH", 3)
    monkeypatch.setattr(delivering, "JOBS", 2)
    for number in range(1, 8):
        await subscribe(services, chat_identity(number), None, EIGHT)
    clock.now = TOMORROW_AT_EIGHT
    assert await delivering.plan_due(services) == 7


async def test_the_settings_show_what_became_of_the_last_digests(services: Services, clock: Clock):
    assert (await chats.settings(services, ANN)).deliveries == ()
    await subscribe(services, ANN, None, EIGHT)
    for day in range(5):
        await tick(services, clock, TOMORROW_AT_EIGHT + day * DAY)
    shown = (await chats.settings(services, ANN)).deliveries
    assert [each.day.day for each in shown] == [17, 16, 15]
