"""Workers drain the queue: so many jobs of a kind at a time, each handed to its handler."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from domain.jobs import Again, Done, Failed, Job, JobKind, Later, NotYet, Outcome
from storage.connection import DatabaseAwayError
from storage.queue import Queue

# A worker that nobody wakes looks by itself for jobs whose time has come.
IDLE = timedelta(seconds=1)
# After a fault of our own, which may pass.
WAIT_AFTER_FAULT = timedelta(seconds=5)
MOST_ATTEMPTS = 4
# So often a process may die with a job in hand before the job is held to be why: most of those in hand are not.
MOST_DEATHS = 20
# Where the other side is out of reach: half as long as the job has waited already, within these bounds, for a day.
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=2)
OLDEST = timedelta(days=1)
# What hangs would hold up its lane for ever; the longest work, the erasure of a chat from a large file, takes minutes.
TOO_LONG = timedelta(minutes=15)
# So long may what is in hand take to end when the process is to stop, and then to notice that it is given up; whoever
# stops services commonly kills after ten seconds what has not ended.
PATIENCE, LAST_WORDS = timedelta(seconds=6), timedelta(seconds=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Station:
    """What handles the jobs of one kind, how many of them side by side, and what is done when one is given up.

    One that takes longer than ``limit`` is broken off, which is a fault of ours.
    """

    handle: Callable[[Job], Awaitable[Outcome]]
    parallel: int
    give_up: Callable[[Job], Awaitable[None]]
    limit: timedelta = TOO_LONG


@asynccontextmanager
async def working(
    queue: Queue, stations: Mapping[JobKind, Station], clock: Callable[[], datetime], patience: timedelta = PATIENCE
) -> AsyncIterator[None]:
    """Handle jobs as long as the context is open.

    At its end nothing new is claimed, what is in hand has ``patience`` to end, and what has not goes back to the queue.
    """
    in_hand: set[asyncio.Task[None]] = set()
    looking = [
        asyncio.create_task(_drain(queue, kind, station, clock, in_hand), name=f"{kind.value} jobs")
        for kind, station in stations.items()
    ]
    attending = asyncio.create_task(attend(queue), name="queue")
    try:
        yield
    finally:
        await _cancelled(looking)
        await _end(in_hand, patience)
        # Up to here the others must know that this process lives.
        await _cancelled([attending])
        await _leave(queue)


async def attend(queue: Queue) -> None:
    """Do what the queue asks of a process that claims jobs, until cancelled, or until nothing is to be done."""
    while True:
        try:
            return await queue.attend()
        except Exception:
            log.exception("the queue failed", action="queue.error")
            await asyncio.sleep(WAIT_AFTER_FAULT.total_seconds())


async def _end(in_hand: set[asyncio.Task[None]], patience: timedelta) -> None:
    """Let what is in hand come to its end, and give up what has not by then."""
    if in_hand:
        await asyncio.wait(in_hand, timeout=patience.total_seconds())
    await _cancelled(in_hand)


async def _leave(queue: Queue) -> None:
    try:
        # Where the database is away, others find out by themselves.
        async with asyncio.timeout(LAST_WORDS.total_seconds()):
            given_back = await queue.leave()
    except Exception:
        log.exception("the queue failed", action="queue.error")
    else:
        if given_back:
            log.warning("jobs were given back", action="queue.given_back", jobs=given_back)


async def _cancelled(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks, and let them notice; who asks a server that does not answer may take longer than there is time."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=LAST_WORDS.total_seconds())


async def _drain(
    queue: Queue,
    kind: JobKind,
    station: Station,
    clock: Callable[[], datetime],
    in_hand: set[asyncio.Task[None]],
) -> None:
    """Claim jobs of one kind, for ever, but none that nobody at its station is free for: others may be elsewhere."""
    places = asyncio.Semaphore(station.parallel)

    def ended(task: asyncio.Task[None]) -> None:
        in_hand.discard(task)
        places.release()

    while True:
        free = await _taken(places)
        jobs = await _claimed(queue, kind, free)
        for _ in range(free - len(jobs)):
            places.release()
        for job in jobs:
            task = asyncio.create_task(_do(queue, station, job, clock), name=f"one of {kind.value} jobs")
            in_hand.add(task)
            task.add_done_callback(ended)


async def _taken(places: asyncio.Semaphore) -> int:
    """Wait for a free place, take all that are free, and return how many these are."""
    await places.acquire()
    free = 1
    while not places.locked():
        await places.acquire()
        free += 1
    return free


async def _claimed(queue: Queue, kind: JobKind, most: int) -> Sequence[Job]:
    """Wait for the next jobs of a kind."""
    while True:
        try:
            jobs = await queue.claim_some(kind, most)
            if jobs:
                return jobs
            await queue.wait(kind, IDLE)
        except Exception:
            log.exception("the queue failed", action="queue.error", kind=kind.value)
            await asyncio.sleep(WAIT_AFTER_FAULT.total_seconds())


async def _do(queue: Queue, station: Station, job: Job, clock: Callable[[], datetime]) -> None:
    outcome = await _handled(station, job)
    await _settle(queue, station, job, outcome, clock() - job.created_at)


async def _handled(station: Station, job: Job) -> Outcome:
    if job.deaths >= MOST_DEATHS:
        return Failed("its process died each time")
    try:
        async with asyncio.timeout(station.limit.total_seconds()):
            return await station.handle(job)
    except DatabaseAwayError as error:
        log.warning("the database is away", action="job.later", kind=job.kind.value, job=job.id, error=str(error))
        return Later("the database is away")
    except Exception:
        log.exception("a job failed", action="job.error", kind=job.kind.value, job=job.id, attempts=job.attempts)
        return Again("a fault of our own")


async def _settle(queue: Queue, station: Station, job: Job, outcome: Outcome, age: timedelta) -> None:
    """Record how a job ended, however often that fails: while it is not recorded, the job's lane stands still."""
    while True:
        try:
            await _record(queue, station, job, outcome, age)
        except Exception:
            log.exception("the queue failed", action="queue.error", kind=job.kind.value, job=job.id)
            await asyncio.sleep(WAIT_AFTER_FAULT.total_seconds())
        else:
            return


async def _record(queue: Queue, station: Station, job: Job, outcome: Outcome, age: timedelta) -> None:
    match outcome:
        case Done():
            await queue.finish(job)
        case NotYet(wait):
            await queue.retry(job, wait, None, counts=False)
        case Again(reason) if job.failures < MOST_ATTEMPTS:
            await queue.retry(job, WAIT_AFTER_FAULT * job.failures, reason)
        case Later(reason, at_least) if age < OLDEST:
            patience = min(max(age / 2, SHORTEST_WAIT), LONGEST_WAIT)
            # Where the other side has said when, neither earlier nor later: others are after the same place.
            await queue.retry(job, at_least or patience, reason, counts=False)
            log.info("a job waits", action="job.waits", kind=job.kind.value, job=job.id, reason=reason)
        case Again(reason) | Later(reason) | Failed(reason):
            await _give_up(station, job)
            await queue.put_aside(job, reason)
            # Not before: while the database is away, this is tried again and again.
            log.error("a job is put aside", action="job.failed", kind=job.kind.value, job=job.id, reason=reason)


async def _give_up(station: Station, job: Job) -> None:
    """Do what is done when a job is given up; a fault of our own there would keep the job in hand for ever."""
    try:
        await station.give_up(job)
    except DatabaseAwayError:
        raise
    except Exception:
        log.exception("a job could not be given up", action="job.error", kind=job.kind.value, job=job.id)
