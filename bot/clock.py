"""The machine's clock may be put forward or back, or stand still while the machine sleeps.

APScheduler waits for a time that the clock shows: were that put back by an hour, the minute's look would come an hour
late. So it is looked whether the clock shows what has passed, and where it does not, all that repeats is due at once.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram.ext import JobQueue

# How often is looked, and by how much the clock may differ meanwhile from what has passed, in seconds.
EVERY = 10.0
ALLOWED = 5.0

log = structlog.get_logger()


@asynccontextmanager
async def minding_clock(repeated: JobQueue[Any]) -> AsyncIterator[None]:
    """Make all that is repeated due whenever the clock has jumped, as long as the context is open."""
    task = asyncio.create_task(_mind(repeated), name="clock")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _mind(repeated: JobQueue[Any]) -> None:
    while True:
        before = _ahead()
        await asyncio.sleep(EVERY)
        jump = _ahead() - before
        if abs(jump) > ALLOWED:
            log.warning("the clock has jumped", action="clock.jumped", seconds=round(jump))
            for job in repeated.jobs():
                job.job.modify(next_run_time=datetime.now(UTC))


def _ahead() -> float:
    """Return by how much the clock is ahead of what has passed since some moment, in seconds."""
    return datetime.now(UTC).timestamp() - time.monotonic()
