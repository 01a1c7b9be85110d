"""The durable queue's protocol: at least once, in order within a lane, each key once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from domain.jobs import Job, JobKind, NewJob
from domain.operating import Crew
from storage.connection import Writer


class Queue(Protocol):
    """Jobs that survive a power cut. What a job does must bear being done twice."""

    async def put(self, db: Writer, jobs: Sequence[NewJob]) -> int:
        """Take in, with the transaction, the jobs whose keys are new, and return how many these are."""

    async def receive(self, jobs: Sequence[NewJob]) -> Sequence[NewJob]:
        """Commit jobs of one kind as ``put`` does, and return those whose keys are new.

        What somebody waits for may be handed out with that commit.
        """

    async def withdraw(self, db: Writer, key: str) -> None:
        """Forget, with the transaction, a job that nobody has claimed yet."""

    async def is_open(self, lane: str) -> bool:
        """Return whether a lane has jobs that have not ended."""

    async def claim(self, kind: JobKind) -> Job | None:
        """Hand out the next job of a kind that is ready, or None."""

    async def claim_some(self, kind: JobKind, most: int) -> Sequence[Job]:
        """Hand out the next jobs of a kind that are ready: as many, up to ``most``, as can be had at once."""

    async def finish(self, job: Job) -> None:
        """Count a job as done and forget its payload."""

    async def retry(self, job: Job, wait: timedelta, reason: str | None, *, counts: bool = True) -> None:
        """Hand the job out again after ``wait``, as an attempt or not; the lane waits with it."""

    async def put_aside(self, job: Job, reason: str) -> None:
        """Stop trying a job, and keep it with its reason."""

    async def recover(self, kind: JobKind | None = None) -> int:
        """Make ready again what a process that died had claimed, of one kind or all; return how many jobs."""

    async def leave(self) -> int:
        """Make ready again, as if never claimed, what this process has claimed and not ended; return how many jobs."""

    async def attend(self) -> None:
        """Do what else a process has to that claims jobs, until cancelled or nothing is to be done.

        Raises whatever the database raises; it is to be begun anew then.
        """

    async def crew(self) -> Crew:
        """Return how many processes work here."""

    async def counts(self) -> dict[tuple[JobKind, str], int]:
        """Return how many jobs of each kind are in which state."""

    async def prune(self, before: datetime) -> None:
        """Forget jobs that ended, well or not, before a moment, and with them their keys."""

    async def wait(self, kind: JobKind, at_most: timedelta) -> None:
        """Return when a job of the kind may have become ready, after ``at_most`` in any case."""
