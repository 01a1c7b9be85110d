"""A bot whose clock is set by hand, and whose minutes come when a test says so."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from domain.extraction import Extraction, Metadata
from domain.subscriptions import Delivery, DeliveryState
from storage import deliveries
from tests.bot.support import World
from tests.samples import Clock

OPEN = (DeliveryState.PLANNED, DeliveryState.SENDING)


class NothingFound:
    """Extraction is not what these tests are about."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        return Extraction()

    def warm_up(self) -> None:
        """Nothing to load."""


async def tick(world: World) -> None:
    """What the JobQueue does each minute."""
    assert world.app.job_queue is not None
    job = next(job for job in world.app.job_queue.jobs() if job.name == "digests")
    await job.run(world.app)


async def ledger(world: World, chat: int) -> Sequence[Delivery]:
    """All deliveries of a chat, the oldest first."""
    async with world.services.database.reading() as db:
        return list(await deliveries.last(db, chat, 1000))[::-1]


async def ledger_when(
    world: World, chat: int, wanted: Callable[[Sequence[Delivery]], bool], seconds: float = 20
) -> Sequence[Delivery]:
    """The deliveries of a chat as soon as they are as wanted."""
    async with asyncio.timeout(seconds):
        while not wanted(found := await ledger(world, chat)):  # noqa: ASYNC110  # the database tells nobody
            await asyncio.sleep(0.05)
    return found


async def settled(world: World, clock: Clock, chat: int) -> Sequence[Delivery]:
    """The deliveries of a chat when none of them waits any more; meanwhile the clock goes on, some seconds at most."""

    def wanted(found: Sequence[Delivery]) -> bool:
        clock.now += timedelta(milliseconds=100)
        return all(each.state not in OPEN for each in found)

    return await ledger_when(world, chat, wanted)
