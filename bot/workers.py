"""Workers drain the queue: so many jobs of a kind at a time, each handed to its handler."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from domain.jobs import Again, Done, Failed, Job, JobKind, Outcome
from storage.queue import Queue

# A worker that nobody wakes looks by itself for jobs whose time has come.
IDLE = timedelta(seconds=1)
# After a fault of our own, which may pass.
WAIT_AFTER_FAULT = timedelta(seconds=5)
MOST_ATTEMPTS = 8

log = structlog.get_logger()

Handler = Callable[[Job], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Station:
    """What handles the jobs of one kind, and how many of them side by side."""

    handle: Handler
    parallel: int


async def work(queue: Queue, stations: Mapping[JobKind, Station]) -> None:
    """Handle jobs until cancelled."""
    async with asyncio.TaskGroup() as group:
        for kind, station in stations.items():
            for _ in range(station.parallel):
                group.create_task(_drain(queue, kind, station.handle))


async def _drain(queue: Queue, kind: JobKind, handle: Handler) -> None:
    while True:
        try:
            job = await queue.claim(kind)
            if job is None:
                await queue.wait(kind, IDLE)
            else:
                await _settle(queue, job, await _handled(handle, job))
        except Exception:
            # The queue itself failed, a full disk say: the job stays claimed and is taken up after the next start.
            log.exception("the queue failed", action="queue.error", kind=kind.value)
            await asyncio.sleep(WAIT_AFTER_FAULT.total_seconds())


async def _handled(handle: Handler, job: Job) -> Outcome:
    if job.attempts > MOST_ATTEMPTS:
        # Each time, the process died before it could say how the job ended.
        return Failed("given up after many attempts")
    try:
        return await handle(job)
    except Exception:
        log.exception("a job failed", action="job.error", kind=job.kind.value, job=job.id, attempts=job.attempts)
        return Again(WAIT_AFTER_FAULT * job.attempts, "a fault of our own")


async def _settle(queue: Queue, job: Job, outcome: Outcome) -> None:
    match outcome:
        case Again(wait, reason) if job.attempts < MOST_ATTEMPTS or reason == "429":
            await queue.retry(job, wait, reason)
        case Again(_, reason) | Failed(reason):
            log.error("a job is put aside", action="job.failed", kind=job.kind.value, job=job.id, reason=reason)
            await queue.put_aside(job, reason)
        case Done():
            await queue.finish(job)
