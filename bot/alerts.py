"""What an operator is told of unasked: noticed in the log, or by a look every few seconds, and told once for many."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from domain.operating import Alert, Condition, Crew, Notice
from services.operating import HOLD

# How often is looked, in seconds.
EVERY = 5.0
# The database counts as away when it has been silent for so many seconds; shorter breaks pass unseen.
AWAY_AFTER = 10.0
# Where several processes start together, the workers may come last; in seconds.
IDLE_AFTER = 60.0
# While the database is away nobody can say that they live; so long they have time to afterwards, in seconds.
LIVELY_AFTER = 30.0
MEGABYTE = 10**6
# Our log lines that are alerts, each with what of it is told. None is of the operator's chat itself: each alert that
# does not get through would lead to the next.
_LOGGED: Mapping[str, tuple[Alert, str]] = {
    "job.failed": (Alert.PUT_ASIDE, "kind"),
    "updates.conflict": (Alert.CONFLICT, ""),
}

log = structlog.get_logger()

# Tells the operator; False where that is to be tried again.
Tell = Callable[[Notice], Awaitable[bool]]


@dataclass(slots=True)
class _Noticed:
    detail: str
    times: int = 0


class Alerts:
    """Alerts on their way: of each kind one at a time, with how many there were, and none within ten minutes after."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._noticed: dict[Alert, _Noticed] = {}
        self._told: dict[Alert, float] = {}

    def notice(self, alert: Alert, detail: object = "") -> None:
        """Have something told, by and by."""
        self._noticed.setdefault(alert, _Noticed(str(detail))).times += 1

    def logged(self, event: Mapping[str, Any]) -> None:
        """Look whether a line of the log is one to be told of."""
        found = _LOGGED.get(event.get("action", ""))
        if found is not None:
            alert, part = found
            self.notice(alert, event.get(part, ""))

    async def flush(self, tell: Tell) -> None:
        """Tell what may be told by now; what does not get through waits."""
        for alert in [each for each in self._noticed if self._may_be_told(each)]:
            noticed = self._noticed.pop(alert)
            if await tell(Notice(alert, noticed.detail, noticed.times - 1)):
                self._told[alert] = self._clock()
            else:
                again = self._noticed.setdefault(alert, _Noticed(noticed.detail))
                again.times += noticed.times

    def _may_be_told(self, alert: Alert) -> bool:
        return alert not in self._told or self._clock() - self._told[alert] >= HOLD.total_seconds()


@dataclass(slots=True)
class Lookout:
    """Looks every few seconds; ``look`` raises where the database is away, ``folder`` is on the disk to be watched.

    What is due may wait for ``late_after`` seconds, and the disk must have ``least_free`` bytes, before that is told.
    """

    alerts: Alerts
    look: Callable[[], Awaitable[Condition]]
    now: Callable[[], float]
    folder: Path
    late_after: float
    least_free: int
    clock: Callable[[], float] = time.monotonic
    _silent_since: float | None = None
    _is_away: bool = False
    _standing: set[Alert] = field(default_factory=set)
    _dead: int | None = None
    _dead_count_from: float = 0.0
    _idle_since: float | None = None

    async def run(self, tell: Tell) -> None:
        """Look and tell until cancelled."""
        while True:
            try:
                await self.once()
                await self.alerts.flush(tell)
            except Exception:
                log.exception("the lookout failed", action="operator.error")
            await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """Look once."""
        free = (await asyncio.to_thread(shutil.disk_usage, self.folder)).free
        self._stands(Alert.DISK_FULL, free // MEGABYTE, is_so=free < self.least_free)
        condition = await self._looked()
        if condition is None:
            return
        waits = self.now() - condition.due_since.timestamp() if condition.due_since else 0.0
        self._stands(Alert.LATE, int(waits // 60), is_so=waits > self.late_after)
        self._look_at(condition.crew)

    def _look_at(self, crew: Crew) -> None:
        """Notice that workers have died, or that there are none."""
        if crew.working:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = self.clock()
        idle = self.clock() - self._idle_since if self._idle_since is not None else 0.0
        self._stands(Alert.NOBODY_WORKS, "", is_so=idle >= IDLE_AFTER)
        dead = crew.dead
        if self._dead is not None and dead > self._dead and self.clock() >= self._dead_count_from:
            self.alerts.notice(Alert.WORKERS_GONE, dead - self._dead)
        self._dead = dead

    async def _looked(self) -> Condition | None:
        """Look at the database, and notice that it goes and comes."""
        now = self.clock()
        try:
            async with asyncio.timeout(EVERY):
                condition = await self.look()
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it, it is away
            log.debug("the database does not answer", action="database.silent", error=type(error).__name__)
            self._silent_since = now if self._silent_since is None else self._silent_since
            self._dead_count_from = self.clock() + LIVELY_AFTER
            if not self._is_away and now - self._silent_since >= AWAY_AFTER:
                self._is_away = True
                log.error("the database is away", action="database.away")
                self.alerts.notice(Alert.DATABASE_AWAY, int(now - self._silent_since))
            return None
        if self._is_away and self._silent_since is not None:
            log.warning("the database is back", action="database.back")
            self.alerts.notice(Alert.DATABASE_BACK, int(now - self._silent_since))
        self._silent_since, self._is_away = None, False
        return condition

    def _stands(self, alert: Alert, detail: object, *, is_so: bool) -> None:
        """Notice what has become so; as long as it is, it is told once."""
        if is_so and alert not in self._standing:
            self.alerts.notice(alert, detail)
        (self._standing.add if is_so else self._standing.discard)(alert)
