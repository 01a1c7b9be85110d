"""Work that survives a power cut: jobs of the one durable queue."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class JobKind(StrEnum):
    """What a job asks for; each kind has its own workers."""

    UPDATE = "update"
    GATHER = "gather"
    FETCH = "fetch"
    EXTRACT = "extract"
    RELATE = "relate"
    SEND = "send"
    DIGEST = "digest"
    PICTURE = "picture"
    ERASE = "erase"


class Priority:
    """What goes first among jobs of one kind that are ready: answers to people before digests."""

    ANSWER = 0
    DIGEST = 10


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be put into the queue.

    ``key`` names the effect: while the queue remembers a key, a second job of that key is not taken in.
    Jobs of one ``lane`` run one at a time and in order; None runs beside all others. Among those of different owners,
    each owner has a turn: ``owner`` is Telegram's number of a user or chat, that of the payload's chat where none is
    named.
    """

    kind: JobKind
    key: str
    payload: dict[str, Any]
    lane: str | None = None
    run_at: datetime | None = None
    priority: int = Priority.ANSWER
    owner: int | None = None

    @property
    def served(self) -> int:
        """Whose turn it is when the job is handed out; 0 is nobody's."""
        return self.owner if self.owner is not None else self.payload.get("chat") or 0


@dataclass(frozen=True, slots=True)
class Job:
    """A job that a worker has claimed; ``attempts`` counts this one, but none that only met a closed door.

    ``deaths`` is how many of these ended with their process.
    """

    id: int
    kind: JobKind
    key: str
    payload: dict[str, Any] = field(repr=False)
    attempts: int
    created_at: datetime
    deaths: int = 0

    @property
    def failures(self) -> int:
        """How often it has failed by itself, once this attempt has failed, too."""
        return self.attempts - self.deaths


@dataclass(frozen=True, slots=True)
class Done:
    """The job's effect is there."""


@dataclass(frozen=True, slots=True)
class Again:
    """A fault of our own, which may pass; it is tried some times more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """The other side is out of reach, or wants us to wait for ``at_least`` that long; that is no attempt."""

    reason: str
    at_least: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class NotYet:
    """Its turn comes after ``wait``; nothing went wrong, and that is no attempt."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Failed:
    """It will never work; the job is put aside with its reason."""

    reason: str


Outcome = Done | Again | Later | NotYet | Failed


def backoff(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: from two seconds, doubled up to a minute."""
    return min(timedelta(seconds=1 << min(failures, 6)), timedelta(minutes=1))
