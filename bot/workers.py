"""Workers drain the queue: so many jobs of a kind at a time, each handed to its handler."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from domain.jobs import Again, Done, Failed, Job, JobKind, Later, NotYet, Outcome
from storage.queue import Queue

# A worker that nobody wakes looks by itself for jobs whose time has come.
IDLE = timedelta(seconds=1)
# After a fault of our own, which may pass.
WAIT_AFTER_FAULT = timedelta(seconds=5)
MOST_ATTEMPTS = 4
# Where the other side is out of reach: half as long as the job has waited already, within these bounds, for a day.
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=2)
OLDEST = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Station:
    """What handles the jobs of one kind, how many of them side by side, and what is done when one is given up."""

    handle: Callable[[Job], Awaitable[Outcome]]
    parallel: int
    give_up: Callable[[Job], Awaitable[None]]


async def work(queue: Queue, stations: Mapping[JobKind, Station], clock: Callable[[], datetime]) -> None:
    """Handle jobs until cancelled."""
    async with asyncio.TaskGroup() as group:
        for kind, station in stations.items():
            for _ in range(station.parallel):
                group.create_task(_drain(queue, kind, station, clock))


async def _drain(queue: Queue, kind: JobKind, station: Station, clock: Callable[[], datetime]) -> None:
    while True:
        try:
            job = await queue.claim(kind)
            if job is None:
                await queue.wait(kind, IDLE)
                continue
        except Exception:
            log.exception("the queue failed", action="queue.error", kind=kind.value)
            await asyncio.sleep(WAIT_AFTER_FAULT.total_seconds())
            continue
        outcome = await _handled(station, job)
        await _settle(queue, station, job, outcome, clock() - job.created_at)


async def _handled(station: Station, job: Job) -> Outcome:
    if job.attempts > MOST_ATTEMPTS:
        # Each time, the process died before it could say how the job ended.
        return Failed("given up after many attempts")
    try:
        return await station.handle(job)
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
        case Again(reason) if job.attempts < MOST_ATTEMPTS:
            await queue.retry(job, WAIT_AFTER_FAULT * job.attempts, reason)
        case Later(reason, at_least) if age < OLDEST:
            patience = min(max(age / 2, SHORTEST_WAIT), LONGEST_WAIT)
            # Where the other side has said when, neither earlier nor later: others are after the same place.
            await queue.retry(job, at_least or patience, reason, counts=False)
        case Again(reason) | Later(reason) | Failed(reason):
            log.error("a job is put aside", action="job.failed", kind=job.kind.value, job=job.id, reason=reason)
            await station.give_up(job)
            await queue.put_aside(job, reason)
