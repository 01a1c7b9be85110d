"""Workers: so many jobs of a kind side by side, and a stop that finishes what it can and gives back the rest."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import workers
from bot.workers import MOST_DEATHS, Station, working
from domain.jobs import Done, Failed, Job, JobKind, NewJob, Outcome
from storage.connection import Database, DatabaseAwayError
from storage.opening import open_database, open_queue
from storage.queue import Queue
from tests.samples import Clock

UPDATE, SEND = JobKind.UPDATE, JobKind.SEND
AT_ONCE = timedelta()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{tmp_path}/test.db")
    yield opened
    await opened.close()


@pytest.fixture
def queue(database: Database) -> Queue:
    return open_queue(database, Clock())


async def put(database: Database, queue: Queue, count: int, kind: JobKind = UPDATE) -> None:
    async with database.transaction() as db:
        await queue.put(db, [NewJob(kind, f"{kind}{number}", {}) for number in range(count)])


def station(handle: Callable[[Job], Awaitable[Outcome]], parallel: int = 2) -> Station:
    async def give_up(job: Job) -> None:
        raise AssertionError(job.key)

    return Station(handle, parallel, give_up)


class Away:
    """A queue whose database is away for good when the process is to stop; it does not even let go of who asks."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self.asked, self.broken = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._queue, name)

    async def claim_some(self, kind: JobKind, most: int) -> list[Job]:
        self.asked.set()
        while not self.broken.is_set():
            with suppress(asyncio.CancelledError):
                await self.broken.wait()
        raise asyncio.CancelledError

    async def leave(self) -> int:
        await asyncio.Event().wait()
        raise AssertionError


class Hands:
    """What is in hand, each until it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.go = asyncio.Event()

    async def hold(self, job: Job) -> Outcome:
        self.begun.append(job.key)
        await self.go.wait()
        self.ended.append(job.key)
        return Done()

    async def are(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.begun) < count:  # noqa: ASYNC110  # others fill it
                await asyncio.sleep(0.005)


async def test_no_more_jobs_of_a_kind_are_claimed_than_its_station_has_hands(database: Database, queue: Queue):
    await put(database, queue, 5)
    await put(database, queue, 1, SEND)
    hands, others = Hands(), Hands()
    stations = {UPDATE: station(hands.hold), SEND: station(others.hold)}
    async with working(queue, stations, Clock()):
        await hands.are(2)
        await others.are(1)
        assert await queue.counts() == {(UPDATE, "running"): 2, (UPDATE, "ready"): 3, (SEND, "running"): 1}
        hands.go.set()
        others.go.set()
        await hands.are(5)
    assert await queue.counts() == {(UPDATE, "done"): 5, (SEND, "done"): 1}


async def test_whatever_is_received_while_others_are_done_is_done_once_and_in_the_order_of_its_lane(queue: Queue):
    chance = random.Random(7)  # noqa: S311  # chance, not secrecy
    done: list[str] = []
    lanes = [chance.choice((None, "a", "b")) for _ in range(300)]

    async def handle(job: Job) -> Outcome:
        await asyncio.sleep(chance.choice((0, 0.001)))
        done.append(job.key)
        return Done()

    async with working(queue, {UPDATE: station(handle, 3)}, Clock()):
        left = [NewJob(UPDATE, f"{number:03}", {}, lane) for number, lane in enumerate(lanes)]
        while left:
            some = chance.randint(1, 6)
            await queue.receive(left[:some])
            left = left[some:]
            await asyncio.sleep(chance.choice((0, 0.001, 0.01)))
        async with asyncio.timeout(20):
            while len(done) < len(lanes):  # noqa: ASYNC110  # others fill it
                await asyncio.sleep(0.005)
    assert sorted(done) == [f"{number:03}" for number in range(len(lanes))]
    for lane in ("a", "b"):
        in_lane = [key for key in done if lanes[int(key)] == lane]
        assert in_lane == sorted(in_lane)
    assert await queue.counts() == {(UPDATE, "done"): len(lanes)}


async def test_what_hangs_is_broken_off_and_tried_again(database: Database, queue: Queue):
    await put(database, queue, 1)
    hands = Hands()
    async with working(queue, {UPDATE: replace(station(hands.hold), limit=timedelta(milliseconds=20))}, Clock()):
        await hands.are(1)
        async with asyncio.timeout(20):
            while (UPDATE, "ready") not in await queue.counts():  # noqa: ASYNC110  # others fill it
                await asyncio.sleep(0.005)
    async with database.reading() as db:
        assert await db.one("SELECT attempts, reason FROM jobs") == {"attempts": 1, "reason": "a fault of our own"}


@pytest.mark.parametrize(
    ("deaths", "attempts", "state", "tried"),
    [
        # Whoever was in hand when processes died has as many attempts as any other.
        (0, 3, "ready", True),
        (5, 3, "ready", True),
        (0, 4, "failed", True),
        (5, 4, "failed", True),
        # Except who was in hand each time.
        (MOST_DEATHS - 1, 1, "ready", True),
        (MOST_DEATHS, 1, "failed", False),
    ],
)
async def test_deaths_of_its_process_are_no_failures_of_a_job(
    database: Database, queue: Queue, deaths: int, attempts: int, state: str, *, tried: bool
):
    seen, given_up = [], []

    async def fail(job: Job) -> Outcome:
        seen.append(job.key)
        raise ValueError

    async def give_up(job: Job) -> None:
        given_up.append(job.key)

    await put(database, queue, 1)
    async with database.transaction() as db:
        await db.run(
            "UPDATE jobs SET attempts = :before, deaths = :deaths", before=deaths + attempts - 1, deaths=deaths
        )
    async with working(queue, {UPDATE: Station(fail, 1, give_up)}, Clock()), asyncio.timeout(20):
        while await queue.counts() != {(UPDATE, state): 1} or (tried and not seen):  # noqa: ASYNC110  # others fill it
            await asyncio.sleep(0.005)
    assert (seen == ["update0"]) is tried
    assert (given_up == ["update0"]) is (state == "failed")


async def test_what_cannot_even_be_given_up_holds_up_nobody(database: Database, queue: Queue):
    """A fault of ours in telling of a fault would take one hand after the other, for good."""
    tries: list[str] = []

    async def fail(_: Job) -> Outcome:
        return Failed("it is broken")

    async def give_up(job: Job) -> None:
        tries.append(job.key)
        raise ValueError

    await put(database, queue, 3)
    async with working(queue, {UPDATE: Station(fail, 1, give_up)}, Clock()), asyncio.timeout(4):
        while await queue.counts() != {(UPDATE, "failed"): 3}:  # noqa: ASYNC110  # others fill it
            await asyncio.sleep(0.005)
    assert tries == ["update0", "update1", "update2"]


async def test_a_job_is_given_up_and_logged_once_the_database_is_there_to_keep_what_is_told(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "WAIT_AFTER_FAULT", AT_ONCE)
    tries: list[str] = []

    async def fail(_: Job) -> Outcome:
        return Failed("it is broken")

    async def give_up(job: Job) -> None:
        tries.append(job.key)
        if len(tries) < 3:
            raise DatabaseAwayError

    await put(database, queue, 1)
    with capture_logs() as lines:
        async with working(queue, {UPDATE: Station(fail, 1, give_up)}, Clock()), asyncio.timeout(20):
            while await queue.counts() != {(UPDATE, "failed"): 1}:  # noqa: ASYNC110  # others fill it
                await asyncio.sleep(0.005)
    assert tries == ["update0"] * 3
    assert [line["action"] for line in lines] == ["queue.error", "queue.error", "job.failed"]


async def test_what_is_in_hand_at_a_stop_ends_and_nothing_new_is_begun(database: Database, queue: Queue):
    await put(database, queue, 5)
    hands = Hands()

    async def stop() -> None:
        async with working(queue, {UPDATE: station(hands.hold)}, Clock(), timedelta(minutes=1)):
            await hands.are(2)

    stopping = asyncio.create_task(stop())
    await hands.are(2)
    await asyncio.sleep(0.05)
    assert not stopping.done()
    hands.go.set()
    await asyncio.wait_for(stopping, 20)
    assert hands.ended == hands.begun == ["update0", "update1"]
    assert await queue.counts() == {(UPDATE, "done"): 2, (UPDATE, "ready"): 3}


async def test_what_does_not_end_in_time_is_given_back_at_once_as_if_never_begun(database: Database, queue: Queue):
    await put(database, queue, 3)
    hands = Hands()
    async with working(queue, {UPDATE: station(hands.hold)}, Clock(), AT_ONCE):
        await hands.are(2)
    assert hands.ended == []
    assert await queue.counts() == {(UPDATE, "ready"): 3}
    again = await queue.claim(UPDATE)
    assert again is not None
    assert (again.key, again.attempts) == ("update0", 1)


async def test_a_database_that_is_away_does_not_hold_up_the_stop(
    database: Database, queue: Queue, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "LAST_WORDS", timedelta(milliseconds=10))
    away = Away(queue)
    asyncio.get_running_loop().call_later(20, away.broken.set)
    async with working(away, {UPDATE: station(Hands().hold)}, Clock()):  # type: ignore[arg-type]
        await away.asked.wait()
    assert not away.broken.is_set()
    away.broken.set()


async def test_what_does_not_even_notice_that_it_is_given_up_does_not_hold_up_the_stop(
    database: Database, queue: Queue
):
    await put(database, queue, 1)
    hands = Hands()

    async def deaf(job: Job) -> Outcome:
        while not hands.go.is_set():
            try:
                await hands.hold(job)
            except asyncio.CancelledError:
                continue
        return Done()

    async with working(queue, {UPDATE: station(deaf)}, Clock(), AT_ONCE):
        await hands.are(1)
    assert await queue.counts() == {(UPDATE, "ready"): 1}
    hands.go.set()
    # What it says in the end is not heard: the job is others'.
    async with asyncio.timeout(20):
        while any(task.get_name() == "one of update jobs" for task in asyncio.all_tasks()):  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.005)
    assert await queue.counts() == {(UPDATE, "ready"): 1}
