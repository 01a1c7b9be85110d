"""What Prometheus is told: names and units as it advises; no number, name or text of anybody is in a label.

docs/metrics.md lists them all, and a test holds it against what is exposed.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from telegram.constants import UpdateType

from bot.updates import RawUpdate
from domain.jobs import JobKind
from domain.operating import Condition
from domain.subscriptions import DeliveryState
from extraction.stages import Stage

# In seconds. Telegram's calls take tenths of one, a getUpdates up to half a minute; an article takes some seconds.
_CALLS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STAGES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_KINDS = frozenset(UpdateType)
_JOB_STATES = ("ready", "running", "failed")
# So long the database may take to be looked at, in seconds.
PATIENCE = 2.0


class Metrics:
    """The measures of one process."""

    def __init__(self, version: str) -> None:
        # When each measure began is a second line for each, of which Prometheus makes nothing.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the package leaves it untyped
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("presswatch_build", "What runs.", registry=registry).info({"version": version})
        self._updates = Counter(
            "presswatch_updates", "Updates that this process has kept, each once.", ["kind"], registry=registry
        )
        self._calls = Histogram(
            "presswatch_telegram_call_seconds",
            "Calls of the Bot API, from this process.",
            ["method", "status"],
            buckets=_CALLS,
            registry=registry,
        )
        self._stages = Histogram(
            "presswatch_extraction_seconds",
            "What an article takes, by stage, in this process.",
            ["stage"],
            buckets=_STAGES,
            registry=registry,
        )
        self._errors = Counter(
            "presswatch_errors", "Errors that this process has logged.", ["action"], registry=registry
        )
        self._jobs = Gauge("presswatch_jobs", "Jobs in the queue.", ["kind", "state"], registry=registry)
        self._due = Gauge(
            "presswatch_job_due_seconds",
            "How long the first job of a kind that is due has waited to be taken up.",
            ["kind"],
            registry=registry,
        )
        self._deliveries = Gauge(
            "presswatch_deliveries", "Digests that were due within a day.", ["state"], registry=registry
        )
        self._workers = Gauge(
            "presswatch_workers", "Processes that work at the queue, or have died lately.", ["state"], registry=registry
        )
        self._last_update = Gauge(
            "presswatch_last_update_timestamp_seconds",
            "When the bot's last update was kept; 0 where that is long ago.",
            registry=registry,
        )
        self._database = Gauge(
            "presswatch_database_up", "Whether the database answered when this was asked.", registry=registry
        )

    def kept(self, updates: Sequence[RawUpdate]) -> None:
        """Count updates that were kept."""
        for update in updates:
            self._updates.labels(kind_of(update)).inc()

    def took(self, stage: Stage, seconds: float) -> None:
        """Count a stage of the reading of an article."""
        self._stages.labels(stage.value).observe(seconds)

    def called(self, method: str, status: str, seconds: float) -> None:
        """Count a call of the Bot API."""
        self._calls.labels(method, status).observe(seconds)

    def failed(self, action: str) -> None:
        """Count an error that was logged."""
        self._errors.labels(action).inc()

    async def exposed(self, look: Callable[[], Any], now: Callable[[], datetime]) -> bytes:
        """Return all measures as Prometheus reads them.

        ``look`` gives the present Condition; where it fails, or is slow, the measures of the database are left out.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                condition = await look()
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the database, the others are told
            logging.getLogger(__name__).debug("no look at the database: %s", type(error).__name__)
            condition = None
        self._keep(condition, now())
        # Looking at the process means reading files.
        return await asyncio.to_thread(generate_latest, self._registry)

    def _keep(self, condition: Condition | None, now: datetime) -> None:
        for measure in (self._jobs, self._due, self._deliveries, self._workers):
            measure.clear()
        self._database.set(condition is not None)
        if condition is None:
            return
        for kind in JobKind:
            found = condition.backlogs[kind]
            for state in _JOB_STATES:
                self._jobs.labels(kind.value, state).set(getattr(found, state))
            waits = (now - found.due_since).total_seconds() if found.due_since else 0.0
            self._due.labels(kind.value).set(max(waits, 0.0))
        for each in DeliveryState:
            self._deliveries.labels(each.value).set(condition.deliveries.get(each, 0))
        self._workers.labels("working").set(condition.crew.working)
        self._workers.labels("dead").set(condition.crew.dead)
        self._last_update.set(condition.last_update.timestamp() if condition.last_update else 0)


def kind_of(update: RawUpdate) -> str:
    """Return of which kind an update is; "other" is one that was not known when this was written."""
    return next((name for name in update if name in _KINDS), "other")
