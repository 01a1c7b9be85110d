"""The durable queue as a table of the SQLite file, drained by this one process.

Jobs of one kind and priority are handed out in turn by owner, by start-time fair queuing (Goyal, Vin and Cheng 1996,
"Start-time Fair Queuing: A Scheduling Algorithm for Integrated Services Packet Switching Networks"; for several
servers, Jin, Chase and Kaur 2004, "Interposed Proportional Sharing for a Storage Service Utility"), each job of
length 1: its turn is the one after its owner's last, or that of the job handed out last, whichever is later. So
whoever puts in one job waits for one of each of the others, however many these have put in before.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.jobs import Job, JobKind, NewJob
from storage.connection import Database, Row, Writer
from storage.values import from_text, to_text

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
_CLAIM = """
    UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = (
        SELECT id FROM jobs
        WHERE bot = :bot AND kind = :kind AND state = 'ready' AND is_head = 1 AND run_at <= :now
        ORDER BY priority, turn, id LIMIT 1
    )
    RETURNING id, kind, key, payload, attempts, created_at, turn
"""


class SqliteQueue:
    """A ``storage.queue.Queue`` of one bot; keep one for each open database."""

    def __init__(self, database: Database, clock: Callable[[], datetime], bot: int = 0) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._wakers = {kind: asyncio.Event() for kind in JobKind}

    async def put(self, db: Writer, jobs: Sequence[NewJob]) -> int:
        """Take in the jobs whose keys are new."""
        now = self._clock()
        added = await db.run_many(_PUT, [self._values(job, now) for job in jobs])
        for kind in {job.kind for job in jobs}:
            # The workers look again when the transaction is over: a claim is a transaction too and waits for it.
            self._wakers[kind].set()
        return added

    def _values(self, job: NewJob, now: datetime) -> dict[str, Any]:
        return {
            "bot": self._bot,
            "now": to_text(now),
            "kind": job.kind.value,
            "key": job.key,
            "lane": job.lane,
            "priority": job.priority,
            "run_at": to_text(job.run_at or now),
            "payload": json.dumps(job.payload),
            "owner": job.served,
        }

    async def withdraw(self, db: Writer, key: str) -> None:
        """Forget a job that nobody has claimed yet."""
        await db.run("DELETE FROM jobs WHERE key = :key AND state = 'ready'", key=key)

    async def is_open(self, lane: str) -> bool:
        """Return whether a lane has jobs that have not ended."""
        async with self._database.reading() as db:
            row = await db.one(
                "SELECT 1 AS found FROM jobs WHERE bot = :bot AND lane = :lane AND state IN ('ready', 'running')",
                bot=self._bot,
                lane=lane,
            )
        return row is not None

    async def claim(self, kind: JobKind) -> Job | None:
        """Hand out the next job of a kind that is ready."""
        self._wakers[kind].clear()
        async with self._database.transaction() as db:
            row = await db.one(_CLAIM, bot=self._bot, kind=kind.value, now=to_text(self._clock()))
            if row is not None:
                await db.run(
                    """INSERT INTO turns (bot, kind, turn) VALUES (:bot, :kind, :turn)
                    ON CONFLICT (bot, kind) DO UPDATE SET turn = MAX(turn, excluded.turn)""",
                    bot=self._bot,
                    kind=kind.value,
                    turn=row["turn"],
                )
        return _job(row) if row else None

    async def finish(self, job: Job) -> None:
        """Count a job as done and forget its payload."""
        await self._end(job, "done", None, "{}")

    async def retry(self, job: Job, wait: timedelta, reason: str | None, *, counts: bool = True) -> None:
        """Hand the job out again after ``wait``; what does not count as an attempt is taken off."""
        async with self._database.transaction() as db:
            await db.run(
                """UPDATE jobs SET state = 'ready', run_at = :run_at, reason = :reason, attempts = :attempts
                WHERE id = :id""",
                attempts=job.attempts if counts else job.attempts - 1,
                id=job.id,
                run_at=to_text(self._clock() + wait),
                reason=reason,
            )

    async def put_aside(self, job: Job, reason: str) -> None:
        """Stop trying a job, and keep it with its reason."""
        await self._end(job, "failed", reason, json.dumps(job.payload))

    async def recover(self, kind: JobKind | None = None) -> int:
        """Make ready again what was claimed when the last process died."""
        async with self._database.transaction() as db:
            return await db.run(
                """UPDATE jobs SET state = 'ready'
                WHERE bot = :bot AND state = 'running' AND (:kind IS NULL OR kind = :kind)""",
                bot=self._bot,
                kind=kind.value if kind else None,
            )

    async def counts(self) -> dict[tuple[JobKind, str], int]:
        """Return how many jobs of each kind are in which state."""
        async with self._database.reading() as db:
            rows = await db.all("SELECT kind, state, COUNT(*) AS jobs FROM jobs GROUP BY kind, state")
        return {(JobKind(row["kind"]), row["state"]): row["jobs"] for row in rows}

    async def prune(self, before: datetime) -> None:
        """Forget jobs that ended, well or not, before a moment."""
        async with self._database.transaction() as db:
            await db.run("DELETE FROM jobs WHERE ended_at < :before", before=to_text(before))

    async def wait(self, kind: JobKind, at_most: timedelta) -> None:
        """Return when a job was put in, or after ``at_most``, since a later ``run_at`` may have come."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self._wakers[kind].wait()
        except TimeoutError:
            return

    async def _end(self, job: Job, state: str, reason: str | None, payload: str) -> None:
        async with self._database.transaction() as db:
            await db.run(
                """UPDATE jobs SET state = :state, reason = :reason, payload = :payload, ended_at = :now
                WHERE id = :id""",
                id=job.id,
                state=state,
                reason=reason,
                payload=payload,
                now=to_text(self._clock()),
            )
        # The next job of the lane may be ready now.
        self._wakers[job.kind].set()


def _job(row: Row) -> Job:
    kind, created_at = JobKind(row["kind"]), from_text(row["created_at"])
    return Job(row["id"], kind, row["key"], json.loads(row["payload"]), row["attempts"], created_at)
