"""What watches a process, as far as its operator wants it: metrics, alerts, Sentry."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.alerts import MEGABYTE, Alerts, Lookout
from bot.calls import UNAUTHORIZED
from bot.logs import reporting
from bot.sentry import Report, open_sentry
from bot.settings import Settings, parse_place
from bot.updates import RawUpdate
from domain.operating import Alert, Condition, Notice, Operator
from extraction.stages import Stage
from handlers.context import Bot
from handlers.operating import tell_at_once
from services import operating
from storage.connection import Database
from storage.opening import file_of
from storage.queue import Queue

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.metrics import Metrics

# What is told without the queue, which stands still then.
_AT_ONCE = frozenset({Alert.DATABASE_AWAY, Alert.NOBODY_WORKS})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of what a process does; nobody has to be."""

    metrics: "Metrics | None" = None
    operator: Operator | None = None
    alerts: Alerts | None = None
    sentry: Report | None = None

    def called(self, method: str, status: str, seconds: float) -> None:
        """Take notice of a call of the Bot API."""
        if self.metrics is not None:
            self.metrics.called(method, status, seconds)
        if self.alerts is not None and status == UNAUTHORIZED:
            self.alerts.notice(Alert.UNAUTHORIZED)

    def kept(self, updates: Sequence[RawUpdate]) -> None:
        """Take notice of updates that were kept."""
        if self.metrics is not None:
            self.metrics.kept(updates)

    def took(self, stage: Stage, seconds: float) -> None:
        """Take notice of a stage of the reading of an article."""
        if self.metrics is not None:
            self.metrics.took(stage, seconds)

    def failed(self, line: Mapping[str, Any], error: BaseException | None) -> None:
        """Take notice of an error that was logged."""
        if self.metrics is not None:
            self.metrics.failed(str(line.get("action", "")))
        if self.alerts is not None:
            self.alerts.logged(line)
        if self.sentry is not None:
            self.sentry(line, error)


@dataclass(frozen=True, slots=True)
class Watched:
    """The database and the queue of the bot with a ``number``."""

    database: Database
    queue: Queue
    number: int
    clock: Callable[[], Any]

    async def look(self) -> Condition:
        """Return how the bot fares."""
        return await operating.condition(self.database, self.queue, self.number, self.clock())


@contextmanager
def watching(settings: Settings) -> Iterator[Watch]:
    """Watch this process as long as the context is open; raises SentryUnusableError."""
    released = version("presswatch")
    metrics = None
    if settings.metrics_listen is not None or settings.webhook_url is not None:
        # It takes a tenth of a second to load, and most have no use for it.
        from bot.metrics import Metrics

        metrics = Metrics(released)
    operator = alerts = sentry = None
    if settings.operator_chat is not None:
        file = file_of(settings.database_url)
        operator = Operator(settings.operator_chat, released, file.absolute().parent if file else Path.cwd())
        alerts = Alerts()
    close: Callable[[], None] = lambda: None  # noqa: E731  # there is nothing to close
    if settings.sentry_dsn is not None:
        sentry, close = open_sentry(settings.sentry_dsn.get_secret_value(), released, settings.secrets)
    watch = Watch(metrics, operator, alerts, sentry)
    try:
        with reporting(watch.failed):
            yield watch
    finally:
        close()


@asynccontextmanager
async def answering_machines(settings: Settings, watch: Watch, watched: Watched) -> AsyncIterator[None]:
    """Serve health and metrics as long as the context is open, where the settings say so.

    Raises ListenError.
    """
    if settings.metrics_listen is None:
        yield
        return
    from starlette.applications import Starlette

    from bot.serving import serving

    app = Starlette(routes=health_routes(watch, watched))
    async with serving(app, *parse_place(settings.metrics_listen)):
        yield


@asynccontextmanager
async def attended(
    settings: Settings, watch: Watch, watched: Watched, bot: Bot, *, receives: bool = True
) -> AsyncIterator[None]:
    """Look out for what the operator must know, as long as the context is open.

    ``bot`` reaches the operator's chat; of many processes those that ``receive`` updates tell what cannot be queued.
    """
    task = None
    if watch.alerts is not None and watch.operator is not None:
        looking = _look_out(settings, watch.alerts, watch.operator, watched, bot, receives=receives)
        task = asyncio.create_task(looking, name="lookout")
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def health_routes(watch: Watch, watched: Watched) -> list["Route"]:
    """Return what answers machines that ask how the bot fares."""
    from bot.health import routes

    async def measured() -> bytes:
        assert watch.metrics is not None  # noqa: S101  # where anything is served there are metrics
        return await watch.metrics.exposed(watched.look, watched.clock)

    return routes(watched.database, measured)


async def _look_out(
    settings: Settings, alerts: Alerts, operator: Operator, watched: Watched, bot: Bot, *, receives: bool
) -> None:
    async def tell(notice: Notice) -> bool:
        if notice.alert in _AT_ONCE:
            # Nobody knows then who has told it already: of any number of workers each would.
            return not receives or await tell_at_once(bot, operator.chat, notice)
        try:
            await operating.tell(watched.database, watched.queue, operator.chat, notice, watched.clock())
        except Exception as error:  # noqa: BLE001  # the database, say; then it is told later
            log.debug("an alert waits", action="operator.waits", error=type(error).__name__)
            return False
        return True

    lookout = Lookout(
        alerts,
        watched.look,
        lambda: watched.clock().timestamp(),
        operator.folder,
        late_after=60.0 * settings.alert_late,
        least_free=MEGABYTE * settings.alert_disk,
    )
    await lookout.run(tell)
