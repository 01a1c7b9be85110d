"""The ledger of jobs, which both engines keep alike: what each is about, how it stands, and how it ended.

Jobs of one kind and priority are handed out in turn by owner, by start-time fair queuing (Goyal, Vin and Cheng 1996,
"Start-time Fair Queuing: A Scheduling Algorithm for Integrated Services Packet Switching Networks"; for several
servers, Jin, Chase and Kaur 2004, "Interposed Proportional Sharing for a Storage Service Utility"), each job of
length 1: its turn is the one after its owner's last, or that of the job handed out last, whichever is later. So
whoever puts in one job waits for one of each of the others, however many these have put in before.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.jobs import Job, JobKind, NewJob
from storage.connection import Reader, Row, Writer
from storage.values import from_text, to_text

# Nothing is put off for longer: what seems so was put in, or put off, by a clock that was wrong, and is to be done now.
FARTHEST = timedelta(days=2)
# What is handed out is read by ``of_row``.
COLUMNS = "id, kind, key, payload, attempts, deaths, created_at, turn"
# Whoever was thought dead, and is not, has no say in what others have in hand meanwhile: it is one attempt further.
_IN_HAND = "id = :id AND state = 'running' AND attempts = :attempts"


def values(bot: int, job: NewJob, now: datetime) -> dict[str, Any]:
    """Return the columns of a job that is put in."""
    return {
        "bot": bot,
        "now": to_text(now),
        "kind": job.kind.value,
        "key": job.key,
        "lane": job.lane,
        "priority": job.priority,
        "run_at": to_text(job.run_at or now),
        "payload": _as_json(job.payload),
        "owner": job.served,
    }


def _as_json(payload: Mapping[str, Any]) -> str:
    """Return a payload as text: halves of a character come together, or are no character that a database takes."""
    text = json.dumps(payload, ensure_ascii=False)
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def of_row(row: Row) -> Job:
    """Return the job that a row holds."""
    kind, created_at = JobKind(row["kind"]), from_text(row["created_at"])
    return Job(row["id"], kind, row["key"], json.loads(row["payload"]), row["attempts"], created_at, row["deaths"])


async def withdraw(db: Writer, key: str) -> None:
    """Forget a job that nobody has claimed yet."""
    await db.run("DELETE FROM jobs WHERE key = :key AND state = 'ready'", key=key)


async def is_open(db: Reader, bot: int, lane: str) -> bool:
    """Return whether a lane has jobs that have not ended."""
    row = await db.one(
        "SELECT 1 AS found FROM jobs WHERE bot = :bot AND lane = :lane AND state IN ('ready', 'running') LIMIT 1",
        bot=bot,
        lane=lane,
    )
    return row is not None


async def finish(db: Writer, job: Job, now: datetime) -> None:
    """Count a job as done and forget its payload, unless it is in others' hands by now."""
    await _end(db, job, "done", None, "{}", now)


async def put_aside(db: Writer, job: Job, reason: str, now: datetime) -> None:
    """Stop trying a job, and keep it with its reason, unless it is in others' hands by now."""
    await _end(db, job, "failed", reason, _as_json(job.payload), now)


async def _end(db: Writer, job: Job, state: str, reason: str | None, payload: str, now: datetime) -> None:
    await db.run(
        f"""UPDATE jobs SET state = :state, reason = :reason, payload = :payload, ended_at = :now
        WHERE {_IN_HAND}""",
        id=job.id,
        attempts=job.attempts,
        state=state,
        reason=reason,
        payload=payload,
        now=to_text(now),
    )


async def retry(db: Writer, job: Job, run_at: datetime, reason: str | None, *, counts: bool = True) -> bool:
    """Make a job ready again from ``run_at`` on, unless it is in others' hands by now; return whether it was ours.

    What does not count as an attempt is taken off.
    """
    changed = await db.run(
        f"""UPDATE jobs SET state = 'ready', run_at = :run_at, reason = :reason, attempts = :left
        WHERE {_IN_HAND}""",
        id=job.id,
        attempts=job.attempts,
        left=job.attempts if counts else job.attempts - 1,
        run_at=to_text(run_at),
        reason=reason,
    )
    return bool(changed)


async def counts(db: Reader) -> dict[tuple[JobKind, str], int]:
    """Return how many jobs of each kind are in which state, of all bots."""
    rows = await db.all("SELECT kind, state, COUNT(*) AS jobs FROM jobs GROUP BY kind, state")
    return {(JobKind(row["kind"]), row["state"]): row["jobs"] for row in rows}


async def prune(db: Writer, before: datetime) -> None:
    """Forget jobs that ended, well or not, before a moment."""
    await db.run("DELETE FROM jobs WHERE ended_at < :before", before=to_text(before))
