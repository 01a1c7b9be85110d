"""The queue: every job once by its key, in order within its lane, side by side across lanes, across a power cut."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.jobs import Job, JobKind, NewJob, Priority
from storage.connection import Database, Engine
from storage.opening import open_database, open_queue
from storage.queue import Queue
from storage.sqlite.queue import SqliteQueue
from tests.engines import POSTGRESQL, SQLITE
from tests.samples import DAY, HOUR, NOON, Clock
from tests.storage.server_clock import ServerClock, told_by_it
from tests.visits import Visits

UPDATE, SEND = JobKind.UPDATE, JobKind.SEND
SECOND = timedelta(seconds=1)


@pytest.fixture
def database_url(engine: str, database_url: str) -> str:
    return told_by_it(database_url) if engine == POSTGRESQL else database_url


@pytest.fixture
def clock(engine: str, database_url: str) -> Clock:
    return ServerClock(database_url) if engine == POSTGRESQL else Clock()


@pytest.fixture
def queue(database: Database, clock: Clock) -> Queue:
    return open_queue(database, clock)


async def die(database: Database) -> None:
    """Let all processes that have claimed jobs be dead; of those on SQLite, whoever recovers knows that."""
    async with database.transaction() as db:
        if db.engine is Engine.POSTGRESQL:
            await db.run("UPDATE procrastinate_workers SET last_heartbeat = '-infinity'")


@asynccontextmanager
async def attended(queue: Queue) -> AsyncIterator[None]:
    """Let the queue hear of new jobs; what it was woken for at the beginning is dealt with."""
    attending = asyncio.create_task(queue.attend())
    await asyncio.sleep(0)
    if not attending.done():
        await asyncio.wait_for(queue.wait(UPDATE, timedelta(minutes=1)), 5)
    assert await queue.claim(UPDATE) is await queue.claim(SEND) is None
    yield
    attending.cancel()
    await asyncio.gather(attending, return_exceptions=True)


def job(key: str, lane: str | None = None, **more: object) -> NewJob:
    return NewJob(UPDATE, key, {"of": key}, lane, **more)  # type: ignore[arg-type]


async def put(database: Database, queue: Queue, *jobs: NewJob) -> int:
    async with database.transaction() as db:
        return await queue.put(db, jobs)


async def claim(queue: Queue, kind: JobKind = UPDATE) -> Job:
    claimed = await queue.claim(kind)
    assert claimed is not None
    return claimed


async def claim_all(queue: Queue) -> list[str]:
    keys = []
    while (claimed := await queue.claim(UPDATE)) is not None:
        keys.append(claimed.key)
    return keys


async def test_a_job_comes_out_as_it_was_put_in(database: Database, queue: Queue):
    payload = {"text": "Ľúbomír “said” \U0001f600\n", "none": None, "numbers": [1, 2.5]}
    assert await put(database, queue, NewJob(SEND, "one", payload)) == 1
    assert await queue.claim(UPDATE) is None, "each kind has its own workers"
    claimed = await claim(queue, SEND)
    assert (claimed.kind, claimed.key, claimed.payload, claimed.attempts) == (SEND, "one", payload, 1)
    assert await queue.claim(SEND) is None, "what is claimed is not handed out again"


async def test_an_empty_queue_hands_out_nothing(queue: Queue):
    assert await queue.claim(UPDATE) is None
    assert await queue.counts() == {}
    assert await queue.recover() == 0


async def test_jobs_of_a_lane_run_one_at_a_time_in_the_order_in_which_they_came(database: Database, queue: Queue):
    await put(database, queue, *(job(key, "a") for key in "123"))
    for key in "123":
        claimed = await claim(queue)
        assert claimed.key == key
        assert await queue.claim(UPDATE) is None
        await queue.finish(claimed)


async def test_of_some_that_are_claimed_at_once_none_stands_behind_another_and_no_more_come_than_are_wanted(
    database: Database, queue: Queue
):
    await put(database, queue, job("a1", "a"), job("a2", "a"), job("b1", "b"), job("free1"), job("free2"))
    claimed = [each.key for each in await queue.claim_some(UPDATE, 3)]
    assert claimed == ["a1", "b1", "free1"][: len(claimed)]
    assert claimed
    assert claimed + await claim_all(queue) == ["a1", "b1", "free1", "free2"]
    assert await queue.claim_some(UPDATE, 3) == []


async def test_lanes_and_jobs_without_one_run_side_by_side(database: Database, queue: Queue):
    jobs = [job("a1", "a"), job("a2", "a"), job("b1", "b"), job("free1"), job("free2")]
    await put(database, queue, *jobs)
    assert await claim_all(queue) == ["a1", "b1", "free1", "free2"]


async def test_a_key_is_taken_in_once_even_after_its_job_is_done(database: Database, queue: Queue):
    assert await put(database, queue, job("one"), job("one")) == 1
    assert await put(database, queue, job("one"), job("two")) == 1
    await queue.finish(await claim(queue))
    assert await put(database, queue, job("one")) == 0
    assert await claim_all(queue) == ["two"]


async def test_a_key_is_forgotten_only_when_it_is_pruned(database: Database, queue: Queue, clock: Clock):
    await put(database, queue, job("old"), job("aside"), job("waiting"))
    await queue.finish(await claim(queue))
    await queue.put_aside(await claim(queue), "no")
    clock.now += DAY
    await queue.prune(clock.now - DAY)
    assert await put(database, queue, job("old")) == 0, "it ended at that moment, not before it"
    await queue.prune(clock.now)
    assert await put(database, queue, job("old"), job("aside"), job("waiting")) == 2, "what failed is forgotten too"
    assert await queue.counts() == {(UPDATE, "ready"): 3}


async def test_an_attempt_that_does_not_count_is_taken_off(database: Database, queue: Queue):
    await put(database, queue, job("one"))
    for counts, attempts in ((True, 2), (False, 2), (False, 2)):
        await queue.retry(await claim(queue), timedelta(), "no", counts=counts)
        claimed = await claim(queue)
        assert claimed.attempts == attempts
        await queue.retry(claimed, timedelta(), "no", counts=False)


async def test_bots_that_share_a_file_leave_each_others_jobs_alone(database: Database, clock: Clock):
    one, other = open_queue(database, clock, bot=1), open_queue(database, clock, bot=2)
    await put(database, one, job("one"))
    assert await other.claim(UPDATE) is None
    assert (await claim(one)).key == "one"
    await die(database)
    assert await other.recover() == 0
    assert await one.recover() == 1


async def test_a_job_waits_for_its_time(database: Database, queue: Queue, clock: Clock):
    await put(database, queue, job("later", run_at=NOON + HOUR), job("now"))
    assert await claim_all(queue) == ["now"]
    clock.now = NOON + HOUR - timedelta(milliseconds=1)
    assert await queue.claim(UPDATE) is None
    clock.now = NOON + HOUR
    assert (await claim(queue)).key == "later"


async def test_a_job_whose_time_has_not_come_keeps_its_lane_waiting(database: Database, queue: Queue):
    await put(database, queue, job("later", "a", run_at=NOON + HOUR), job("behind", "a"))
    assert await queue.claim(UPDATE) is None


async def test_a_retry_comes_after_its_wait_and_keeps_the_lane_waiting(database: Database, queue: Queue, clock: Clock):
    await put(database, queue, job("first", "a"), job("second", "a"), job("elsewhere", "b"))
    await queue.retry(await claim(queue), 10 * SECOND, "429")
    assert await claim_all(queue) == ["elsewhere"]
    clock.now += 10 * SECOND
    again = await claim(queue)
    assert (again.key, again.attempts, again.payload) == ("first", 2, {"of": "first"})
    await queue.finish(again)
    assert (await claim(queue)).key == "second"


async def test_a_clock_that_was_a_month_ahead_holds_nothing_up(database: Database, queue: Queue, clock: Clock):
    clock.now = NOON + 31 * DAY
    await put(database, queue, job("put off"), job("in hand"), job("put in"))
    await queue.retry(await claim(queue), HOUR, "busy")
    await claim(queue)
    clock.now = NOON
    await die(database)
    assert await queue.recover() == 1
    assert sorted(await claim_all(queue)) == ["in hand", "put in", "put off"]


async def test_a_job_put_aside_frees_its_lane_and_is_kept_with_its_reason(database: Database, queue: Queue):
    await put(database, queue, job("first", "a"), job("second", "a"))
    await queue.put_aside(await claim(queue), "chat not found")
    assert (await claim(queue)).key == "second"
    async with database.reading() as db:
        row = await db.one("SELECT state, reason, payload FROM jobs WHERE key = 'first'")
    assert row == {"state": "failed", "reason": "chat not found", "payload": '{"of": "first"}'}
    await die(database)
    assert await queue.recover() == 1, "the second alone was running"


async def test_after_a_power_cut_what_was_running_is_handed_out_again_before_what_stood_behind_it(
    database: Database, queue: Queue, clock: Clock
):
    await put(database, queue, job("first", "a"), job("second", "a"), job("free"), job("done"))
    assert await claim_all(queue) == ["first", "free", "done"]
    async with database.reading() as db:
        row = await db.one("SELECT id FROM jobs WHERE key = 'done'")
    assert row is not None
    await queue.finish(Job(row["id"], UPDATE, "done", {}, 1, NOON))
    await die(database)
    after = open_queue(database, clock)
    assert await after.recover() == 2
    assert await claim_all(after) == ["first", "free"]


async def test_what_stops_gives_back_what_it_has_in_hand_as_if_it_had_never_had_it(
    database: Database, queue: Queue, clock: Clock
):
    await put(database, queue, job("first", "a"), job("second", "a"), job("free"), job("done"))
    claimed = [await claim(queue) for _ in range(3)]
    await queue.finish(claimed[2])
    assert await queue.leave() == 2
    assert await queue.leave() == 0
    after = open_queue(database, clock)
    assert [(each.key, each.attempts) for each in (await claim(after), await claim(after))] == [
        ("first", 1),
        ("free", 1),
    ]
    assert await after.claim(UPDATE) is None


async def test_whoever_was_taken_for_dead_has_no_say_any_more(database: Database, queue: Queue, clock: Clock):
    await put(database, queue, job("one"))
    given_out = await claim(queue)
    await die(database)
    other = open_queue(database, clock)
    await other.recover()
    for _ in range(2):
        # Nobody has it in hand, and then the other one.
        await queue.retry(given_out, HOUR, "late")
        await queue.put_aside(given_out, "late")
        await queue.finish(given_out)
        again = await other.claim(UPDATE)
        assert again is None or (again.key, again.attempts, again.payload) == ("one", 2, {"of": "one"})
    assert await queue.counts() == {(UPDATE, "running"): 1}


async def test_how_often_its_process_died_is_counted_apart_from_how_often_a_job_failed(
    database: Database, queue: Queue
):
    await put(database, queue, job("one"))
    first = await claim(queue)
    await die(database)
    await queue.recover()
    second = await claim(queue)
    await queue.retry(second, timedelta(), "a fault of our own")
    third = await claim(queue)
    await queue.retry(third, timedelta(), None, counts=False)
    fourth = await claim(queue)
    assert [(each.attempts, each.deaths, each.failures) for each in (first, second, third, fourth)] == [
        (1, 0, 1),
        (2, 1, 1),
        (3, 1, 2),
        (3, 1, 2),
    ]


async def test_the_queue_outlives_the_process(database_url: str, clock: Clock):
    first = await open_database(database_url)
    await put(first, open_queue(first, clock), job("one", "a"), job("two", "a"))
    assert (await claim(open_queue(first, clock))).key == "one"
    await die(first)
    await first.close()
    second = await open_database(database_url)
    queue = open_queue(second, clock)
    assert await queue.claim(UPDATE) is None
    await queue.recover()
    assert (await claim(queue)).key == "one"
    await second.close()


async def test_answers_go_before_digests_but_not_past_their_own_lane(database: Database, queue: Queue):
    digest, answer = Priority.DIGEST, Priority.ANSWER
    await put(
        database,
        queue,
        job("digest 1", priority=digest),
        job("digest 2", "a", priority=digest),
        job("answer behind it", "a", priority=answer),
        job("answer", priority=answer),
    )
    assert await claim_all(queue) == ["answer", "digest 1", "digest 2"]


async def test_a_job_that_nobody_has_claimed_can_be_withdrawn(database: Database, queue: Queue):
    await put(database, queue, job("note", "a"), job("card", "a"))
    async with database.transaction() as db:
        await queue.withdraw(db, "note")
        await queue.withdraw(db, "unheard of")
    claimed = await claim(queue)
    assert claimed.key == "card"
    async with database.transaction() as db:
        await queue.withdraw(db, "card")
    await queue.finish(claimed)
    assert await queue.counts() == {(UPDATE, "done"): 1}, "what is running runs on"


async def test_a_transaction_that_is_rolled_back_puts_and_withdraws_nothing(database: Database, queue: Queue):
    await put(database, queue, job("kept"))
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as db:
            await queue.put(db, [job("lost")])
            await queue.withdraw(db, "kept")
            raise ZeroDivisionError
    assert await claim_all(queue) == ["kept"]


async def test_what_a_finished_job_was_about_is_forgotten(database: Database, queue: Queue):
    await put(database, queue, NewJob(UPDATE, "one", {"text": "a private sentence"}))
    await queue.finish(await claim(queue))
    async with database.reading() as db:
        assert await db.one("SELECT payload FROM jobs") == {"payload": "{}"}


async def test_a_waiting_worker_is_woken_by_a_job_of_its_kind(database: Database, queue: Queue):
    async with attended(queue):
        waiting = asyncio.create_task(queue.wait(UPDATE, timedelta(minutes=1)))
        elsewhere = asyncio.create_task(queue.wait(SEND, timedelta(minutes=1)))
        await asyncio.sleep(0)
        await put(database, queue, job("one"))
        await asyncio.wait_for(waiting, 5)
        assert not elsewhere.done()
        elsewhere.cancel()


async def test_a_waiting_worker_is_woken_when_its_lane_is_free(database: Database, queue: Queue):
    await put(database, queue, job("one", "a"), job("two", "a"))
    first = await claim(queue)
    assert await queue.claim(UPDATE) is None
    waiting = asyncio.create_task(queue.wait(UPDATE, timedelta(minutes=1)))
    await asyncio.sleep(0)
    assert not waiting.done()
    await queue.finish(first)
    await asyncio.wait_for(waiting, 5)


async def test_waiting_ends_by_itself(queue: Queue):
    await asyncio.wait_for(queue.wait(UPDATE, timedelta(milliseconds=5)), 5)


async def test_many_workers_hand_out_each_job_once(database: Database, queue: Queue):
    await put(database, queue, *(job(str(number)) for number in range(40)))
    found = await asyncio.gather(*(claim_all(queue) for _ in range(8)))
    assert sorted(key for keys in found for key in keys) == sorted(str(number) for number in range(40))


async def test_processes_that_drain_at_the_same_time_keep_each_lanes_order(
    database: Database, queue: Queue, clock: Clock
):
    lanes = {lane: [f"{lane}{number}" for number in range(10)] for lane in "abcd"}
    await put(database, queue, *(job(key, lane, owner=7) for lane, keys in lanes.items() for key in keys))
    begun: list[str] = []
    in_hand: set[str] = set()

    async def drain(worker: Queue) -> None:
        while len(begun) < 40:
            claimed = await worker.claim(UPDATE)
            if claimed is None:
                await asyncio.sleep(0.001)
                continue
            assert claimed.key[0] not in in_hand, "another one of its lane is in hand"
            in_hand.add(claimed.key[0])
            begun.append(claimed.key)
            await asyncio.sleep(0)
            in_hand.remove(claimed.key[0])
            await worker.finish(claimed)

    await asyncio.gather(*(drain(open_queue(database, clock)) for _ in range(6)))
    assert {lane: [key for key in begun if key[0] == lane] for lane in lanes} == lanes


# What may happen to a queue, in any order: a job for a lane comes, one of several processes claims one, and one that is
# claimed ends, or its process does.
WORKERS = 3
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(["a", "a", "b", None])),
        st.tuples(st.just("claim"), st.integers(0, WORKERS - 1)),
        st.tuples(st.sampled_from(["claim", "die", "leave"]), st.integers(0, WORKERS - 1)),
        st.tuples(st.sampled_from(["finish", "retry", "put_aside", "speak late"]), st.integers(0, 5)),
        st.tuples(st.just("pass time"), st.none()),
    ),
    min_size=10,
    max_size=40,
)


class Processes:
    """Several that drain one queue, of which each may die; SQLite has one alone, and whoever recovers is the next."""

    def __init__(self, engine: str, database: Database, clock: Clock) -> None:
        self._alone = engine == SQLITE
        self._database = database
        self._clock = clock
        self.workers = [open_queue(database, clock) for _ in range(WORKERS)]

    def those_of(self, worker: int) -> Sequence[int]:
        return range(WORKERS) if self._alone else [worker]

    async def die(self, worker: int) -> int:
        """Let one die and another one take its place, and return how many jobs had been in its hands."""
        if not self._alone:
            number = vars(self.workers[worker])["_worker"]
            async with self._database.transaction() as db:
                await db.run(
                    "UPDATE procrastinate_workers SET last_heartbeat = '-infinity' WHERE id = :number", number=number
                )
        self.workers[worker] = open_queue(self._database, self._clock)
        return await self.workers[(worker + 1) % WORKERS].recover()


class Model:
    """What a queue promises: of each lane, only its oldest job that has not ended is ever handed out."""

    def __init__(self) -> None:
        self.open: dict[str, str | None] = {}
        self.running: dict[str, tuple[int, Job]] = {}
        self.waits: dict[str, datetime] = {}
        self.lost: list[tuple[Queue, Job]] = []

    def may_run(self, key: str) -> bool:
        lane = self.open[key]
        return lane is None or next(each for each, where in self.open.items() if where == lane) == key

    def ready(self) -> Sequence[str]:
        return [key for key in self.open if key not in self.running and self.may_run(key)]

    def waiting(self, clock: Clock) -> Sequence[str]:
        """Those whose time has not come."""
        return [key for key, until in self.waits.items() if until > clock.now]

    def picked(self, number: object) -> str | None:
        """One of the running jobs, by a number that need not fit."""
        running = list(self.running)
        return running[number % len(running)] if running and isinstance(number, int) else None

    def lose(self, processes: Processes, worker: int) -> int:
        """Take from a process, or from the only one, what it has in hand; it may still speak of it."""
        lost = [key for key, (holder, _) in self.running.items() if holder in processes.those_of(worker)]
        for key in lost:
            holder, claimed = self.running.pop(key)
            self.lost.append((processes.workers[holder], claimed))
        return len(lost)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(STEPS)
async def test_whatever_happens_a_lane_keeps_its_order_and_no_job_is_lost(
    engine: str, database: Database, clock: Clock, steps: list[tuple[str, object]]
):
    clock.now = NOON
    processes, model = Processes(engine, database, clock), Model()
    async with database.transaction() as db:
        await db.run("DELETE FROM jobs")
    for number, (what, about) in enumerate(steps):
        await _step(database, processes, clock, model, number, what, about)
    # However it went: in the end every job that was put in and has not ended can be had, in order.
    clock.now += DAY
    for worker in range(WORKERS):
        model.lose(processes, worker)
        await processes.die(worker)
    queue = processes.workers[0]
    while model.open:
        claimed = await claim(queue)
        assert model.may_run(claimed.key)
        await queue.finish(claimed)
        del model.open[claimed.key]
    assert await queue.claim(UPDATE) is None


async def _step(
    database: Database, processes: Processes, clock: Clock, model: Model, number: int, what: str, about: object
) -> None:
    key = model.picked(about)
    match what, about:
        case "put", _:
            lane = about if isinstance(about, str) else None
            await put(database, processes.workers[0], job(str(number), lane, owner=number % 3))
            model.open[str(number)] = lane
        case "claim", int(worker):
            claimed = await processes.workers[worker].claim(UPDATE)
            assert (claimed is None) == (not [each for each in model.ready() if each not in model.waiting(clock)])
            if claimed is not None:
                assert claimed.key in model.ready()
                model.running[claimed.key] = worker, claimed
        case "finish" | "put_aside", _ if key is not None:
            worker, running = model.running.pop(key)
            queue = processes.workers[worker]
            await (queue.finish(running) if what == "finish" else queue.put_aside(running, "no"))
            del model.open[key]
        case "retry", _ if key is not None:
            worker, running = model.running.pop(key)
            await processes.workers[worker].retry(running, SECOND, "again")
            model.waits[key] = clock.now + SECOND
        case "die", int(worker):
            lost = model.lose(processes, worker)
            assert await processes.die(worker) == lost
        case "leave", int(worker):
            # Whoever leaves has said all it had to say: the attempt that it gives back may be another's next.
            said = len(model.lost)
            lost = model.lose(processes, worker)
            del model.lost[said:]
            assert await processes.workers[worker].leave() == lost
        case "speak late", int(which) if model.lost:
            queue, lost_job = model.lost[which % len(model.lost)]
            await queue.finish(lost_job)
        case "pass time", _:
            clock.now += SECOND


def owned(owner: int, *keys: str) -> list[NewJob]:
    return [job(key, owner=owner) for key in keys]


async def test_owners_have_turns_however_much_each_has_put_in(database: Database, queue: Queue):
    await put(database, queue, *owned(1, "a1", "a2", "a3", "a4"), *owned(2, "b1", "b2"), *owned(3, "c1"))
    assert await claim_all(queue) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


async def test_who_comes_later_neither_waits_for_what_others_have_put_in_nor_is_owed_the_past(
    database: Database, queue: Queue
):
    await put(database, queue, *owned(1, *(f"a{number}" for number in range(1, 9))))
    assert [(await claim(queue)).key for _ in range(4)] == ["a1", "a2", "a3", "a4"]
    await put(database, queue, *owned(2, "b1", "b2", "b3"))
    assert await claim_all(queue) == ["b1", "a5", "b2", "a6", "b3", "a7", "a8"]


async def test_who_puts_in_one_after_the_other_does_not_starve_who_has_put_in_many(database: Database, queue: Queue):
    await put(database, queue, *owned(1, *(f"a{number}" for number in range(20))))
    handed_out = []
    for number in range(20):
        await put(database, queue, *owned(2, f"b{number}"))
        claimed = await claim(queue)
        handed_out.append(claimed.key[0])
        await queue.finish(claimed)
    assert handed_out.count("a") >= 9, "".join(handed_out)


async def test_turns_are_taken_within_a_priority_and_by_each_kind_of_job(database: Database, queue: Queue):
    await put(database, queue, job("digest", owner=2, priority=Priority.DIGEST), *owned(1, "a1", "a2", "a3"))
    await put(database, queue, NewJob(SEND, "send", {}, owner=1))
    assert (await claim(queue, SEND)).key == "send"
    assert await claim_all(queue) == ["a1", "a2", "a3", "digest"]


async def test_turns_are_remembered_across_a_restart(database: Database, clock: Clock):
    await put(database, open_queue(database, clock), *owned(1, "a1", "a2", "a3"))
    await claim(open_queue(database, clock))
    await claim(open_queue(database, clock))
    await put(database, open_queue(database, clock), *owned(2, "b1", "b2"))
    assert await claim_all(open_queue(database, clock)) == ["b1", "a3", "b2"]


async def test_a_lane_goes_on_whatever_becomes_of_its_head(database: Database, queue: Queue):
    await put(database, queue, *(job(key, "a") for key in ("1", "2", "3", "4", "5")))
    async with database.transaction() as db:
        await queue.withdraw(db, "1")
    await queue.finish(await claim(queue))
    async with database.transaction() as db:
        # As whoever erases a chat does it, past the queue.
        await db.run("DELETE FROM jobs WHERE key = '3'")
        await queue.withdraw(db, "5")
    assert await claim_all(queue) == ["4"]
    assert await queue.claim(UPDATE) is None


@pytest.mark.parametrize("engine", [SQLITE], indirect=True)
async def test_what_is_claimed_is_found_by_an_index_however_many_wait(database: Database):
    async with database.reading() as db:
        rows = await db.all(
            """EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE bot = 0 AND kind = 'update' AND state = 'ready'
            AND is_head = 1 AND run_at <= '2026' ORDER BY priority, turn, id LIMIT 1"""
        )
    plan = " ".join(row["detail"] for row in rows)
    assert "COVERING INDEX jobs_open" in plan and "TEMP B-TREE" not in plan


@pytest.mark.parametrize("engine", [SQLITE])
async def test_after_a_claim_that_has_had_all_the_database_is_asked_again_only_when_something_is_put_in_or_time_goes_by(
    database: Database, clock: Clock
) -> None:
    counted = Visits(database)
    queue = SqliteQueue(cast(Database, counted), clock)
    await put(database, queue, job("1"), job("2", "lane"), job("3", "lane"), job("4", run_at=NOON + HOUR))
    first, second = await queue.claim_some(UPDATE, 8)
    assert await queue.claim_some(UPDATE, 8) == []
    assert counted.asked == {"transact": 1}
    await queue.finish(first)
    assert await queue.claim_some(UPDATE, 8) == []
    await queue.finish(second)
    assert [each.key for each in await queue.claim_some(UPDATE, 8)] == ["3"]
    clock.now += HOUR
    await queue.wait(UPDATE, timedelta())
    assert [each.key for each in await queue.claim_some(UPDATE, 8)] == ["4"]
    assert counted.asked == {"transact": 5}
    await put(database, queue, job("5"))
    assert [each.key for each in await queue.claim_some(UPDATE, 8)] == ["5"]


@pytest.mark.parametrize("engine", [SQLITE])
async def test_what_is_received_while_somebody_waits_is_handed_out_without_asking_the_database_again(
    database: Database, clock: Clock
) -> None:
    counted = Visits(database)
    queue = SqliteQueue(cast(Database, counted), clock)
    assert await queue.claim_some(UPDATE, 3) == []
    jobs = [job(key, lane) for key, lane in (("1", None), ("2", "lane"), ("3", "lane"))]
    assert await queue.receive(jobs) == jobs
    first, second = await queue.claim_some(UPDATE, 3)
    assert [first.key, second.key] == ["1", "2"]
    assert await queue.claim_some(UPDATE, 3) == []
    assert counted.asked == {"transact": 2}
    await queue.finish(second)
    assert await claim_all(queue) == ["3"]


@pytest.mark.parametrize("engine", [SQLITE])
async def test_of_what_is_received_no_more_is_claimed_than_somebody_waits_for(
    database: Database, queue: Queue, clock: Clock
) -> None:
    assert await queue.receive([job("1")]) == [job("1")]
    assert await queue.counts() == {(UPDATE, "ready"): 1}
    assert [each.key for each in await queue.claim_some(UPDATE, 2)] == ["1"]
    # One place is left.
    await queue.receive([job("2"), job("3")])
    assert await queue.counts() == {(UPDATE, "running"): 2, (UPDATE, "ready"): 1}
    # Whoever stops takes none of it.
    assert await queue.leave() == 2
    await queue.receive([job("4")])
    assert await queue.counts() == {(UPDATE, "ready"): 4}
    assert [each.attempts for each in await queue.claim_some(UPDATE, 8)] == [1] * 4


async def test_what_is_received_is_committed_once_and_handed_out(queue: Queue):
    assert await queue.claim(UPDATE) is None
    assert await queue.receive([job("1"), job("2")]) == [job("1"), job("2")]
    assert await queue.receive([job("3"), job("2"), job("4"), job("3")]) == [job("3"), job("4")]
    assert await claim_all(queue) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("engine", [SQLITE], indirect=True)
async def test_what_is_put_in_for_later_while_a_claim_waits_for_its_turn_is_not_handed_out(
    database: Database, queue: Queue, clock: Clock
):
    """It was made after the claim was asked for, and yet by no clock that was put back since."""
    async with database.transaction() as db:
        claiming = asyncio.create_task(queue.claim(UPDATE))
        await asyncio.sleep(0.01)
        clock.now += SECOND
        await queue.put(db, [job("later", run_at=NOON + HOUR)])
    assert await claiming is None
