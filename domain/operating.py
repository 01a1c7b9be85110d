"""How the bot fares, for whoever operates it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from domain.jobs import JobKind
from domain.subscriptions import DeliveryState


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is told how the bot fares, and of what: the version that runs, and the folder whose disk must not be full."""

    chat: int
    version: str
    folder: Path


class Alert(StrEnum):
    """What an operator is told of unasked; each has a number, or a kind of job, as its detail."""

    PUT_ASIDE = "put aside"
    """A job was; its kind."""
    LATE = "late"
    """What is due waits to be taken up; for so many minutes."""
    DATABASE_AWAY = "database away"
    """For so many seconds."""
    DATABASE_BACK = "database back"
    """After so many seconds."""
    UNAUTHORIZED = "unauthorized"
    """Telegram knows no such token (401); told once it does again."""
    DISK_FULL = "disk full"
    """Nearly; so many megabytes are free."""
    WORKERS_GONE = "workers gone"
    """So many have died."""
    CONFLICT = "conflict"
    """Another process fetches this bot's updates (409)."""
    NOBODY_WORKS = "nobody works"
    """Updates are received, and no worker is there."""
    NO_BACKUP = "no backup"
    """One failed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert, with how often the same has happened besides since the last one."""

    alert: Alert
    detail: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class Crew:
    """How many processes work at the queue, and how many were found dead lately."""

    working: int
    dead: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """The jobs of a kind that have not ended well; ``due_since`` is when the first of those that are ready was due."""

    ready: int = 0
    running: int = 0
    failed: int = 0
    due_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What the database tells of a bot; ``deliveries`` are those that were due within a day."""

    backlogs: Mapping[JobKind, Backlog]
    last_update: datetime | None
    deliveries: Mapping[DeliveryState, int]
    crew: Crew = Crew(1)

    @property
    def due_since(self) -> datetime | None:
        """Since when something is due and nobody has taken it up; None where nothing is."""
        return min((each.due_since for each in self.backlogs.values() if each.due_since is not None), default=None)


@dataclass(frozen=True, slots=True)
class Status:
    """What the operator is told who asks; ``free`` are the bytes that the disk still has."""

    condition: Condition
    operator: Operator
    free: int
