"""Waiting for what others come to, on a server that tells who waits for whom."""

import asyncio
from collections.abc import Awaitable, Callable

from storage.connection import Reader

AT_MOST = 20


async def until(found: Callable[[], Awaitable[object]]) -> None:
    """Wait until something is found; a server tells nobody of it."""
    async with asyncio.timeout(AT_MOST):
        while not await found():  # noqa: ASYNC110  # nobody here sets an event
            await asyncio.sleep(0.001)


async def somebody_waits(db: Reader) -> bool:
    """Return whether somebody waits for a row that another's transaction has."""
    row = await db.one("SELECT 1 AS found FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
    return row is not None
