"""The durable queue as a table of the SQLite file, drained by this one process."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from domain.jobs import Job, JobKind, NewJob
from domain.operating import Crew
from storage import jobs as ledger
from storage.connection import Database, Row, Writer
from storage.values import to_text

# The head of a lane is the oldest job in it that has not ended; whoever stands behind it waits. Triggers see to it that
# each lane has one: a look along all that wait would take the longer, the more do.
_PUT = """
    INSERT INTO jobs (bot, kind, key, lane, priority, state, created_at, run_at, payload, owner, turn, is_head)
    VALUES (
        :bot, :kind, :key, :lane, :priority, 'ready', :now, :run_at, :payload, :owner,
        MAX(
            COALESCE((SELECT turn FROM turns WHERE bot = :bot AND kind = :kind), 0),
            COALESCE((SELECT MAX(turn) + 1 FROM jobs WHERE bot = :bot AND kind = :kind AND owner = :owner), 0)
        ),
        NOT EXISTS (SELECT 1 FROM jobs WHERE lane = :lane AND state IN ('ready', 'running'))
    )
    ON CONFLICT (key) DO NOTHING
"""
_CLAIM = f"""
    UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id IN (
        SELECT id FROM jobs
        WHERE bot = :bot AND kind = :kind AND state = 'ready' AND is_head = 1
            AND (run_at <= :now OR run_at > :farthest OR created_at > :now)
        ORDER BY priority, turn, id LIMIT :most
    )
    RETURNING {ledger.COLUMNS}
"""
_FOLLOWING = """
    SELECT 1 AS found FROM jobs
    WHERE lane = (SELECT lane FROM jobs WHERE id = :id) AND state IN ('ready', 'running') LIMIT 1
"""
_TAKE_TURN = """
    INSERT INTO turns (bot, kind, turn) VALUES (:bot, :kind, :turn)
    ON CONFLICT (bot, kind) DO UPDATE SET turn = MAX(turn, excluded.turn)
"""


class SqliteQueue:
    """A ``storage.queue.Queue`` of one bot; keep one for each open database."""

    def __init__(self, database: Database, clock: Callable[[], datetime], bot: int = 0) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._wakers = {kind: asyncio.Event() for kind in JobKind}
        # Of these, fewer were ready than were asked for: before somebody wakes us, or time goes by, no more will be.
        self._had: set[JobKind] = set()
        # How many more the last who claimed would have had, and what came for them since.
        self._wanted: dict[JobKind, int] = {}
        self._handed: dict[JobKind, Sequence[Job]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def put(self, db: Writer, jobs: Sequence[NewJob]) -> int:
        """Take in the jobs whose keys are new."""
        now = self._clock()
        added = await db.run_many(_PUT, [ledger.values(self._bot, job, now) for job in jobs])
        for kind in {job.kind for job in jobs if job.run_at is None or job.run_at <= now}:
            # The workers look again when the transaction is over: a claim is a transaction too and waits for it.
            if self._loop is None:
                # Nobody has claimed anything, so nobody waits.
                self._wake(kind)
            else:
                # What a transaction does in one go, it does in the connection's thread.
                self._loop.call_soon_threadsafe(self._wake, kind)
        return added

    async def receive(self, jobs: Sequence[NewJob]) -> Sequence[NewJob]:
        """Commit and return the jobs whose keys are new, and claim with that what somebody waits for."""
        kind = jobs[0].kind
        most = self._wanted.pop(kind, 0)
        self._wakers[kind].clear()

        async def keep(db: Writer) -> tuple[Sequence[NewJob], Sequence[Row]]:
            now = self._clock()
            new = [job for job in jobs if await db.run(_PUT, **ledger.values(self._bot, job, now))]
            return new, await self._next(db, kind, most) if most else []

        new, rows = await self._database.transact(keep)
        self._handed[kind] = [*self._handed.get(kind, ()), *map(ledger.of_row, rows)]
        self._note(kind, len(rows), most)
        self._wakers[kind].set()
        return new

    def _wake(self, kind: JobKind) -> None:
        self._had.discard(kind)
        self._wakers[kind].set()

    def _note(self, kind: JobKind, found: int, most: int) -> None:
        """Note whether there may be more: where fewer were found than asked for, and nobody woke us since, no."""
        if 0 < found < most and not self._wakers[kind].is_set():
            self._had.add(kind)
        else:
            self._had.discard(kind)

    async def withdraw(self, db: Writer, key: str) -> None:
        """Forget a job that nobody has claimed yet."""
        await ledger.withdraw(db, key)

    async def is_open(self, lane: str) -> bool:
        """Return whether a lane has jobs that have not ended."""
        async with self._database.reading() as db:
            return await ledger.is_open(db, self._bot, lane)

    async def claim(self, kind: JobKind) -> Job | None:
        """Hand out the next job of a kind that is ready."""
        return next(iter(await self.claim_some(kind, 1)), None)

    async def claim_some(self, kind: JobKind, most: int) -> Sequence[Job]:
        """Hand out the next jobs of a kind that are ready, up to ``most``."""
        self._loop = asyncio.get_running_loop()
        self._wakers[kind].clear()
        self._wanted.pop(kind, None)
        jobs = await self._claimed(kind, most)
        self._wanted[kind] = most - len(jobs)
        return jobs

    async def _claimed(self, kind: JobKind, most: int) -> Sequence[Job]:
        handed = self._handed.pop(kind, ())
        if handed:
            self._handed[kind] = handed[most:]
            return handed[:most]
        if kind in self._had:
            return []
        rows = await self._database.transact(lambda db: self._next(db, kind, most))
        self._note(kind, len(rows), most)
        return [ledger.of_row(row) for row in rows]

    async def _next(self, db: Writer, kind: JobKind, most: int) -> Sequence[Row]:
        # As late as this: what was put in while we waited for our turn would seem to come from a clock put back.
        now = self._clock()
        asked = {"kind": kind.value, "now": to_text(now), "farthest": to_text(now + ledger.FARTHEST), "most": most}
        rows = await db.all(_CLAIM, bot=self._bot, **asked)
        if rows:
            await db.run(_TAKE_TURN, bot=self._bot, kind=kind.value, turn=max(row["turn"] for row in rows))
        return sorted(rows, key=lambda row: (row["turn"], row["id"]))

    async def finish(self, job: Job) -> None:
        """Count a job as done and forget its payload."""
        now = self._clock()

        async def finish(db: Writer) -> bool:
            await ledger.finish(db, job, now)
            return await db.one(_FOLLOWING, id=job.id) is not None

        if await self._database.transact(finish):
            self._wake(job.kind)

    async def retry(self, job: Job, wait: timedelta, reason: str | None, *, counts: bool = True) -> None:
        """Hand the job out again after ``wait``; what does not count as an attempt is taken off."""
        async with self._database.transaction() as db:
            await ledger.retry(db, job, self._clock() + wait, reason, counts=counts)

    async def put_aside(self, job: Job, reason: str) -> None:
        """Stop trying a job, and keep it with its reason."""
        async with self._database.transaction() as db:
            await ledger.put_aside(db, job, reason, self._clock())
        self._wake(job.kind)

    async def recover(self, kind: JobKind | None = None) -> int:
        """Make ready again what was claimed when the last process died."""
        async with self._database.transaction() as db:
            return await db.run(
                """UPDATE jobs SET state = 'ready', deaths = deaths + 1
                WHERE bot = :bot AND state = 'running' AND (:kind IS NULL OR kind = :kind)""",
                bot=self._bot,
                kind=kind.value if kind else None,
            )

    async def leave(self) -> int:
        """Make ready again what is in hand, which is all that is running: no other process of the bot uses the file."""
        self._wanted.clear()
        self._handed.clear()
        async with self._database.transaction() as db:
            return await db.run(
                "UPDATE jobs SET state = 'ready', attempts = attempts - 1 WHERE bot = :bot AND state = 'running'",
                bot=self._bot,
            )

    async def attend(self) -> None:
        """There is nobody else to tell, to hear or to look after."""

    async def crew(self) -> Crew:
        """Return that this process alone works here."""
        return Crew(1)

    async def counts(self) -> dict[tuple[JobKind, str], int]:
        """Return how many jobs of each kind are in which state."""
        async with self._database.reading() as db:
            return await ledger.counts(db)

    async def prune(self, before: datetime) -> None:
        """Forget jobs that ended, well or not, before a moment."""
        async with self._database.transaction() as db:
            await ledger.prune(db, before)

    async def wait(self, kind: JobKind, at_most: timedelta) -> None:
        """Return when a job was put in, or after ``at_most``, since a later ``run_at`` may have come."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self._wakers[kind].wait()
        except TimeoutError:
            self._had.discard(kind)
