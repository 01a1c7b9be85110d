"""How the bot fares, for whoever operates it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.jobs import JobKind
from domain.subscriptions import DeliveryState


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

    @property
    def due_since(self) -> datetime | None:
        """Since when something is due and nobody has taken it up; None where nothing is."""
        return min((each.due_since for each in self.backlogs.values() if each.due_since is not None), default=None)
