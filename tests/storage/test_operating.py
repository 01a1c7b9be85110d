"""What is told of the queue and the deliveries."""

from datetime import timedelta

from domain.jobs import JobKind, NewJob
from domain.operating import Backlog
from storage import operating
from storage.connection import Database
from storage.opening import open_queue
from tests.samples import NOON, Clock
from tests.storage.conftest import BOT


async def test_jobs_are_counted_by_kind_and_state_and_the_first_that_waits_is_told(database: Database):
    clock = Clock()
    queue = open_queue(database, clock, BOT)
    due = NewJob(JobKind.SEND, "a", {}, lane="one")
    behind = NewJob(JobKind.SEND, "b", {}, lane="one")
    later = NewJob(JobKind.SEND, "c", {}, run_at=clock.now + timedelta(hours=1))
    async with database.transaction() as db:
        await queue.put(db, [due, behind, later, NewJob(JobKind.EXTRACT, "d", {}), NewJob(JobKind.FETCH, "e", {})])
        await open_queue(database, clock, BOT + 1).put(db, [NewJob(JobKind.SEND, "of another bot", {})])
    assert await queue.claim(JobKind.EXTRACT) is not None
    fetched = await queue.claim(JobKind.FETCH)
    assert fetched is not None
    await queue.put_aside(fetched, "no")
    async with database.reading() as db:
        found = await operating.backlogs(db, BOT, clock.now)
    assert {kind: each for kind, each in found.items() if each != Backlog()} == {
        JobKind.SEND: Backlog(ready=3, due_since=clock.now),
        JobKind.EXTRACT: Backlog(running=1),
        JobKind.FETCH: Backlog(failed=1),
    }


async def test_what_waits_behind_another_of_its_lane_is_not_due(database: Database):
    clock = Clock()
    queue = open_queue(database, clock, BOT)
    async with database.transaction() as db:
        await queue.put(db, [NewJob(JobKind.SEND, name, {}, lane="refused") for name in "ab"])
        await queue.put(
            db, [NewJob(JobKind.FETCH, "c", {}, lane="busy"), NewJob(JobKind.EXTRACT, "d", {}, lane="busy")]
        )
    refused, busy = await queue.claim(JobKind.SEND), await queue.claim(JobKind.FETCH)
    assert refused is not None
    assert busy is not None
    await queue.retry(refused, timedelta(hours=2), "429", counts=False)
    async with database.reading() as db:
        found = await operating.backlogs(db, BOT, clock.now + timedelta(hours=1))
        assert {each.due_since for each in found.values()} == {None}
        assert found[JobKind.SEND].ready == 2
        found = await operating.backlogs(db, BOT, clock.now + timedelta(hours=3))
    assert found[JobKind.SEND].due_since == clock.now + timedelta(hours=2), "this one could be taken up"
    assert found[JobKind.EXTRACT].due_since is None


async def test_the_last_update_is_that_of_the_bot(database: Database):
    clock = Clock()
    async with database.reading() as db:
        assert await operating.last_update(db, BOT) is None
    async with database.transaction() as db:
        await open_queue(database, clock, BOT).put(db, [NewJob(JobKind.UPDATE, "a", {})])
        clock.now += timedelta(minutes=1)
        await open_queue(database, clock, BOT).put(db, [NewJob(JobKind.SEND, "b", {})])
        await open_queue(database, clock, BOT + 1).put(db, [NewJob(JobKind.UPDATE, "c", {})])
    async with database.reading() as db:
        assert await operating.last_update(db, BOT) == clock.now - timedelta(minutes=1)
        assert await operating.deliveries(db, NOON) == {}
