"""The durable queue over procrastinate's tables, for any number of processes.

The ledger of jobs is the one that SQLite has too; triggers keep a task of procrastinate's for each job that has not
ended (``migrations/0024_ledger.sql``). Its tables say who works on these, and its notifications tell of new ones.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg

from domain.jobs import Job, JobKind, NewJob
from domain.operating import Crew
from storage import jobs as ledger
from storage.connection import DatabaseAwayError, Writer
from storage.jobs import FARTHEST
from storage.postgres.database import PostgresDatabase, away

# A process says so often that it lives, and counts as dead when it has not for so long.
BEAT, DEAD_AFTER = timedelta(seconds=3), timedelta(seconds=15)
# So long may it take to say that it stops; then it counts as dead soon.
LAST_WORDS = timedelta(seconds=1)
# Who has been silent for so long is forgotten.
FORGOTTEN_AFTER = timedelta(days=1)

# All at once: a statement for each would take three times as long. The columns have the order of those with which they
# are compared; in another one, no index would do.
_PUT = """
    INSERT INTO jobs (bot, kind, key, lane, priority, state, created_at, run_at, payload, owner, turn)
    SELECT new.bot, new.kind, new.key, new.lane, new.priority, 'ready', new.now, new.run_at, new.payload, new.owner,
        GREATEST(
            COALESCE((SELECT t.turn FROM turns t WHERE t.bot = new.bot AND t.kind = new.kind), 0),
            COALESCE((
                SELECT MAX(j.turn) + 1 FROM jobs j
                WHERE j.bot = new.bot AND j.kind = new.kind AND j.owner = new.owner
            ), 0)
        ) + ROW_NUMBER() OVER (PARTITION BY new.kind, new.owner ORDER BY new.place) - 1
    FROM json_to_recordset(:jobs) AS new (
        place BIGINT, bot BIGINT, kind TEXT COLLATE "C", key TEXT, lane TEXT, priority BIGINT, now TEXT, run_at TEXT,
        payload TEXT, owner BIGINT
    )
    ORDER BY new.place
    ON CONFLICT (key) DO NOTHING
    RETURNING key
"""
# What is next is found along the queue's own index, and whether it is the head of its lane by one look, or none where
# the lane is known to be busy: procrastinate's own function looks at all that wait, each time. Whoever changes a job
# has its row first and its task's then; here it is the other way round, so that this one of the two must not wait.
_CLAIM = f"""
    WITH following AS (
        SELECT t.id FROM procrastinate_jobs t
        WHERE t.queue_name = :queue AND t.status = 'todo'
            AND (t.scheduled_at IS NULL OR t.scheduled_at <= now() OR t.scheduled_at > now() + :farthest::INTERVAL)
            AND (t.lock IS NULL OR t.lock NOT IN (
                SELECT lock FROM procrastinate_jobs WHERE status = 'doing' AND lock IS NOT NULL
            ) AND t.id = (
                SELECT head.id FROM procrastinate_jobs head
                WHERE head.lock = t.lock AND head.status IN ('todo', 'doing')
                ORDER BY head.priority DESC, head.id LIMIT 1
            ))
        ORDER BY t.priority DESC, t.id LIMIT 1
        FOR UPDATE SKIP LOCKED
    ),
    started AS (
        UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE id = (SELECT id FROM following)
        RETURNING id
    ),
    claimed AS (
        UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = (
            SELECT id FROM jobs WHERE task = (SELECT id FROM started) FOR NO KEY UPDATE NOWAIT
        )
        RETURNING {ledger.COLUMNS}
    ),
    taken AS (
        INSERT INTO turns (bot, kind, turn) SELECT :bot, kind, turn FROM claimed
        ON CONFLICT (bot, kind) DO UPDATE SET turn = excluded.turn WHERE turns.turn < excluded.turn
    )
    SELECT * FROM claimed
"""
# Whose process is dead, or was forgotten. Whoever looks at the same time takes others.
_RECOVER = """
    UPDATE jobs SET state = 'ready', deaths = deaths + 1 WHERE id IN (
        SELECT j.id FROM jobs j JOIN procrastinate_jobs t ON t.id = j.task
        WHERE j.bot = :bot AND j.state = 'running' AND (:kind::TEXT IS NULL OR j.kind = :kind) AND t.status = 'doing'
            AND NOT EXISTS (
                SELECT 1 FROM procrastinate_workers w WHERE w.id = t.worker_id
                AND w.last_heartbeat > now() - make_interval(secs => :dead_after)
            )
        FOR NO KEY UPDATE SKIP LOCKED
    )
"""
_PUT_OFF = """
    UPDATE procrastinate_jobs SET scheduled_at = now() + make_interval(secs => :wait)
    WHERE status = 'todo' AND id = (SELECT task FROM jobs WHERE id = :id)
"""
# What a process has claimed, as the tables have it.
_CLAIMED = """
    SELECT j.id, j.kind FROM procrastinate_jobs t JOIN jobs j ON j.task = t.id
    WHERE t.worker_id = :worker AND t.status = 'doing'
"""
_GIVE_BACK = """
    UPDATE jobs SET state = 'ready', attempts = attempts - 1
    WHERE state = 'running' AND id <> ALL (:held) AND task IN (
        SELECT id FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing' AND queue_name = :queue
    )
"""
_LEAVE = """
    UPDATE jobs SET state = 'ready', attempts = attempts - 1
    WHERE state = 'running' AND task IN (
        SELECT id FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing'
    )
"""


class PostgresQueue:
    """A ``storage.queue.Queue`` of one bot; keep one for each process."""

    def __init__(self, database: PostgresDatabase, clock: Callable[[], datetime], bot: int = 0) -> None:
        self._database = database
        self._clock = clock
        self._bot = bot
        self._wakers = {kind: asyncio.Event() for kind in JobKind}
        self._worker: int | None = None
        self._registering = asyncio.Lock()
        # What of each kind is in hand; the lock is held by whoever claims one, up to when it is known here.
        self._held: dict[JobKind, dict[int, Job]] = {kind: {} for kind in JobKind}
        self._claiming = {kind: asyncio.Lock() for kind in JobKind}

    async def put(self, db: Writer, jobs: Sequence[NewJob]) -> int:
        """Take in the jobs whose keys are new; whoever attends hears of them when they are committed."""
        return len(await self._new(db, jobs))

    async def receive(self, jobs: Sequence[NewJob]) -> Sequence[NewJob]:
        """Commit and return the jobs whose keys are new; whichever process is free claims them."""
        return await self._database.transact(lambda db: self._new(db, jobs))

    async def _new(self, db: Writer, jobs: Sequence[NewJob]) -> Sequence[NewJob]:
        now = self._clock()
        given = [{"place": place, **ledger.values(self._bot, job, now)} for place, job in enumerate(jobs)]
        keys = {row["key"] for row in await db.all(_PUT, jobs=json.dumps(given))} if given else ()
        # One that is given twice is new once.
        return [job for key, job in {job.key: job for job in jobs}.items() if key in keys]

    async def withdraw(self, db: Writer, key: str) -> None:
        """Forget a job that nobody has claimed yet."""
        await ledger.withdraw(db, key)

    async def is_open(self, lane: str) -> bool:
        """Return whether a lane has jobs that have not ended."""
        async with self._database.reading() as db:
            return await ledger.is_open(db, self._bot, lane)

    async def claim(self, kind: JobKind) -> Job | None:
        """Hand out the next job of a kind that is ready."""
        async with self._claiming[kind]:
            job = await self._claim(kind)
            if job is not None:
                self._held[kind][job.id] = job
        return job

    async def claim_some(self, kind: JobKind, most: int) -> Sequence[Job]:
        """Hand out the next job of a kind that is ready: one, since other processes want the next."""
        job = await self.claim(kind)
        return [job] if job is not None else []

    async def _claim(self, kind: JobKind) -> Job | None:
        self._wakers[kind].clear()
        worker = await self._registered()
        try:
            async with self._database.at_once() as db:
                row = await db.one(
                    _CLAIM, queue=self._queue(kind), worker=worker, bot=self._bot, farthest=f"{FARTHEST.days} days"
                )
        except psycopg.errors.UniqueViolation:
            # Somebody else has just claimed the one before it in its lane; the next look is soon.
            return None
        except psycopg.errors.ForeignKeyViolation:
            # This process was silent for so long that it was forgotten.
            self._worker = None
            return None
        except DatabaseAwayError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
            # Somebody just changes it.
            return None
        return ledger.of_row(row) if row else None

    async def finish(self, job: Job) -> None:
        """Count a job as done and forget its payload."""
        async with self._database.at_once() as db:
            await ledger.finish(db, job, self._clock())
        self._let_go(job)
        # The next job of the lane may be ready now.
        self._wakers[job.kind].set()

    async def retry(self, job: Job, wait: timedelta, reason: str | None, *, counts: bool = True) -> None:
        """Hand the job out again after ``wait``; what does not count as an attempt is taken off."""
        async with self._database.at_once() as db:
            if await ledger.retry(db, job, self._clock() + wait, reason, counts=counts):
                # By the server's clock: ours may be wrong.
                await db.run(_PUT_OFF, id=job.id, wait=wait.total_seconds())
        self._let_go(job)

    async def put_aside(self, job: Job, reason: str) -> None:
        """Stop trying a job, and keep it with its reason."""
        async with self._database.at_once() as db:
            await ledger.put_aside(db, job, reason, self._clock())
        self._let_go(job)
        self._wakers[job.kind].set()

    async def recover(self, kind: JobKind | None = None) -> int:
        """Make ready again what processes have claimed that count as dead."""
        async with self._database.at_once() as db:
            return await db.run(
                _RECOVER, bot=self._bot, kind=kind.value if kind else None, dead_after=DEAD_AFTER.total_seconds()
            )

    async def leave(self) -> int:
        """Make ready again what this process has claimed, and count no longer as one that works."""
        worker, self._worker = self._worker, None
        if worker is None:
            return 0
        async with self._database.beside() as db:
            given_back = await db.run(_LEAVE, worker=worker)
            await db.one("SELECT procrastinate_unregister_worker_v1(:worker)", worker=worker)
        return given_back

    async def attend(self) -> None:
        """Say that this process lives, take over from those that died, and hear of new jobs, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._live())
        finally:
            with suppress(DatabaseAwayError, TimeoutError):
                async with asyncio.timeout(LAST_WORDS.total_seconds()):
                    await self._unregister()

    async def crew(self) -> Crew:
        """Return how many processes have said lately that they live, and how many no more."""
        async with self._database.reading() as db:
            row = await db.one(
                """SELECT COUNT(*) FILTER (WHERE lives) AS working, COUNT(*) FILTER (WHERE NOT lives) AS dead
                FROM (
                    SELECT last_heartbeat > now() - make_interval(secs => :dead_after) AS lives
                    FROM procrastinate_workers
                ) AS workers""",
                dead_after=DEAD_AFTER.total_seconds(),
            )
        assert row is not None  # noqa: S101  # counting gives a row
        return Crew(row["working"], row["dead"])

    async def counts(self) -> dict[tuple[JobKind, str], int]:
        """Return how many jobs of each kind are in which state."""
        async with self._database.reading() as db:
            return await ledger.counts(db)

    async def prune(self, before: datetime) -> None:
        """Forget jobs that ended, well or not, before a moment."""
        async with self._database.at_once() as db:
            await ledger.prune(db, before)

    async def wait(self, kind: JobKind, at_most: timedelta) -> None:
        """Return when a job was put in by anybody, or a lane freed here, or after ``at_most``."""
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self._wakers[kind].wait()
        except TimeoutError:
            return

    def _queue(self, kind: JobKind) -> str:
        return f"{self._bot}:{kind.value}"

    async def _unregister(self) -> None:
        """Say nothing more, where nothing is in hand; whoever claims after that comes with a new number."""
        async with self._database.at_once() as db:
            await db.run(
                """DELETE FROM procrastinate_workers WHERE id = :worker AND NOT EXISTS (
                    SELECT 1 FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing'
                )""",
                worker=self._worker,
            )

    def _wake_all(self) -> None:
        for waker in self._wakers.values():
            waker.set()

    async def _registered(self) -> int:
        """Return the number under which this process works."""
        async with self._registering:
            if self._worker is None:
                async with self._database.at_once() as db:
                    row = await db.one("SELECT worker_id FROM procrastinate_register_worker_v1()")
                assert row is not None  # noqa: S101  # the function returns a row
                self._worker = int(row["worker_id"])
            return self._worker

    async def _live(self) -> None:
        await self._beat()
        while True:
            # Others, whose way to the database was broken too, first have the time to say that they live.
            await asyncio.sleep(BEAT.total_seconds())
            await self._beat()
            if await self.recover() + await self._give_back_lost():
                self._wake_all()

    async def _give_back_lost(self) -> int:
        """Make ready again what is claimed by this process, and not in hand here; return how many jobs.

        The line may break when the server has handed a job out and nobody here has heard of that.
        """
        async with self._database.reading() as db:
            claimed = await db.all(_CLAIMED, worker=self._worker)
        kinds = {JobKind(row["kind"]) for row in claimed}
        if all(row["id"] in self._held[JobKind(row["kind"])] for row in claimed):
            return 0
        return sum([await self._give_back(kind) for kind in kinds])

    async def _give_back(self, kind: JobKind) -> int:
        # What is just being claimed is not lost.
        async with self._claiming[kind], self._database.at_once() as db:
            return await db.run(_GIVE_BACK, worker=self._worker, queue=self._queue(kind), held=list(self._held[kind]))

    def _let_go(self, job: Job) -> None:
        # It may have been claimed anew here, since it went back.
        if self._held[job.kind].get(job.id) is job:
            del self._held[job.kind][job.id]

    async def _beat(self) -> None:
        async with self._database.at_once() as db:
            known = self._worker is not None and await db.run(
                "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = :worker", worker=self._worker
            )
            await db.all(
                "SELECT worker_id FROM procrastinate_prune_stalled_workers_v1(:seconds)",
                seconds=FORGOTTEN_AFTER.total_seconds(),
            )
        if not known:
            self._worker = None
            await self._registered()

    async def _listen(self) -> None:
        channels = {f"procrastinate_queue_v1#{self._queue(kind)}": kind for kind in JobKind}
        with away():
            async with self._database.connected() as connection:
                for channel in channels:
                    await connection.execute(f'LISTEN "{channel}"'.encode())
                # What came before is not told of.
                self._wake_all()
                async for told in connection.notifies():
                    self._wakers[channels[told.channel]].set()
