"""Jobs that a command does itself, so that no bot need be started for them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.workers import attend
from domain.jobs import Job, JobKind
from services import Services
from services.reading import read
from services.relating import relate
from storage.opening import open_queue

# How long at most to wait for the next job.
A_LOOK_EVERY = timedelta(seconds=0.2)
_DONE_BY: Mapping[JobKind, Callable[..., Awaitable[object]]] = {JobKind.EXTRACT: read, JobKind.RELATE: relate}

log = structlog.get_logger()


def of_bot(services: Services, bot: int) -> Services:
    """Return the services for another bot of the same database: what is to be sent goes into its queue."""
    return replace(services, bot=bot, queue=open_queue(services.database, services.clock, bot))


async def drain(services: Services, kind: JobKind, no_more: asyncio.Event | None = None) -> None:
    """Do the jobs of a kind, EXTRACT or RELATE, until none is left and, if it is told so, no more are to come."""
    attending = asyncio.create_task(attend(services.queue))
    try:
        await services.queue.recover(kind)
        await _drain(services, kind, no_more)
    finally:
        attending.cancel()
        await asyncio.gather(attending, return_exceptions=True)


async def _drain(services: Services, kind: JobKind, no_more: asyncio.Event | None) -> None:
    while True:
        last = no_more is None or no_more.is_set()
        job = await services.queue.claim(kind)
        if job is not None:
            await do(services, job)
        elif last:
            return
        else:
            await services.queue.wait(kind, A_LOOK_EVERY)


async def do(services: Services, job: Job) -> None:
    """Do a job; an article where that fails stays as it is."""
    try:
        await _DONE_BY[job.kind](services, **job.payload)
    except Exception:
        log.exception("a job could not be done", action="command.undone", job=job.id, kind=job.kind.value)
        await services.queue.put_aside(job, "a fault of our own")
    else:
        await services.queue.finish(job)
