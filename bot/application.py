"""The wiring: settings in, a bot that runs out."""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import cast

import structlog
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes
from telegram.request import BaseRequest

from bot.calls import Called, WatchedCalls
from bot.clock import minding_clock
from bot.drawing import DrawingPool
from bot.limits import Pace
from bot.poller import GRACE, HELD, polling
from bot.requests import AiohttpRequest
from bot.settings import Settings
from bot.updates import Inbox, RawUpdate
from bot.workers import Station, working
from domain.jobs import Failed, Job, JobKind, Outcome
from domain.operating import Operator
from extraction.pool import ExtractionPool
from extraction.stages import Stage
from handlers.context import App, Context
from handlers.delivering import on_digest, on_digest_given_up
from handlers.erasing import on_erase, on_erase_given_up
from handlers.errors import Failures, tell_given_up
from handlers.jobs import (
    on_extract,
    on_extract_given_up,
    on_fetch,
    on_fetch_given_up,
    on_gather,
    on_gather_given_up,
    on_relate,
    on_relate_given_up,
    on_send,
    on_send_given_up,
)
from handlers.newsmakers import on_picture, on_picture_given_up
from handlers.register import prepare, register
from handlers.speaking import answering
from readers.links import LinkReader
from readers.pool import ReaderPool
from services import Services
from services.invitations import key_of
from storage.opening import open_database, open_queue

# Updates of different chats side by side, and messages on their way.
UPDATES_AT_A_TIME = 8
SENDS_AT_A_TIME = 8
DIGESTS_AT_A_TIME = 8
# Files and pages on their way here; a page may take a quarter of a minute.
FETCHES_AT_A_TIME = 6
# Processes that read them, so that one that takes all of its time does not hold up the others.
READERS = 2

# How updates come in, as long as the context is open.
Receive = Callable[[App, Inbox], AbstractAsyncContextManager[object]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Transport:
    """How the Bot API at ``root`` is reached, and how fast; ``updates`` are fetched over a connection of their own."""

    calls: BaseRequest
    updates: BaseRequest
    root: str
    pace: Pace = field(default_factory=Pace)


def over_http(root: str, called: Called | None = None) -> Transport:
    """Return connections to the Bot API server at ``root``; ``called`` is told of each call."""
    # The library's coming way to give durations; without it each 429 logs a deprecation.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    calls = AiohttpRequest(
        connection_pool_size=2 * UPDATES_AT_A_TIME + SENDS_AT_A_TIME + DIGESTS_AT_A_TIME + FETCHES_AT_A_TIME,
        pool_timeout=30.0,
    )
    updates = AiohttpRequest(connection_pool_size=1, read_timeout=HELD + GRACE)
    if called is None:
        return Transport(calls, updates, root)
    return Transport(WatchedCalls(calls, called), WatchedCalls(updates, called), root)


def bot_number(token: str) -> int:
    """Return the bot's number, which is the first half of its token."""
    return int(token.partition(":")[0])


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_services(
    settings: Settings,
    token: str,
    clock: Callable[[], datetime] = now,
    *,
    allowed_users: frozenset[int] = frozenset(),
    operator: Operator | None = None,
    took: Callable[[Stage, float], None] | None = None,
) -> AsyncIterator[Services]:
    """Open the database and the extraction pool, and close them at the end; no ``allowed_users`` are everybody.

    ``took`` is told how many seconds each stage of an article has taken.

    Raises DatabaseUnusableError where the database cannot be used.
    """
    bot = bot_number(token)
    database = await open_database(settings.database_url)
    pool = ExtractionPool(settings.model, settings.workers, further=settings.further_models, took=took)
    files = ReaderPool(READERS)
    links = LinkReader(files, settings.allowed_private)
    queue = open_queue(database, clock, bot)
    drawing = DrawingPool()
    try:
        yield Services(
            database,
            queue,
            pool,
            files,
            links,
            clock,
            settings.timezone,
            bot,
            drawing,
            secret=key_of(token),
            allowed_users=allowed_users,
            limits=settings.limited,
            operator=operator,
        )
    finally:
        # Nothing is awaited before the pools are closed: an impatient second Ctrl-C must not leave threads behind.
        pool.close()
        files.close()
        drawing.close()
        await database.close()


@asynccontextmanager
async def running(
    settings: Settings,
    services: Services,
    token: str,
    transport: Transport,
    receive: Receive | None = None,
    kept: Callable[[Sequence[RawUpdate]], None] | None = None,
) -> AsyncIterator[App]:
    """Run the bot as long as the context is open; updates come by long polling, or as ``receive`` has it.

    ``kept`` is told of the updates that are new.

    Raises telegram.error.InvalidToken or another TelegramError where Telegram does not answer to the token.
    """
    failures = Failures()
    app = build(services, token, transport)
    register(app, failures)
    # The library leaves connections open where it cannot begin.
    async with transport.calls, transport.updates, app:
        await _recover(services)
        await prepare(app)
        await app.start()
        inbox = Inbox(services.queue, app.bot.id, kept)
        handling = stations(app, services, failures, settings, transport.pace)
        assert app.job_queue is not None  # noqa: S101  # the job-queue extra is a requirement of ours
        try:
            async with (
                minding_clock(app.job_queue),
                working(services.queue, handling, services.clock),
                receive(app, inbox) if receive else polling(app, inbox, transport.updates),
            ):
                log.info("the bot runs", action="bot.started", bot=app.bot.username)
                yield app
        finally:
            await app.stop()
    log.info("the bot has stopped", action="bot.stopped")


def build(services: Services, token: str, transport: Transport) -> App:
    """Return the library's application, without handlers, over our transport and with our services."""
    context_types = ContextTypes(context=Context, bot_data=cast(type[Services], lambda: services))
    builder = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{transport.root}/bot")
        .base_file_url(f"{transport.root}/file/bot")
        .request(transport.calls)
        .get_updates_request(transport.updates)
        .rate_limiter(transport.pace)
        .context_types(context_types)
        .updater(None)
    )
    return cast(App, builder.build())


def stations(
    app: App, services: Services, failures: Failures, settings: Settings, pace: Pace
) -> dict[JobKind, Station]:
    """Return who handles which kind of job."""
    bot = app.bot
    return {
        JobKind.UPDATE: Station(
            partial(handle_update, app, failures), UPDATES_AT_A_TIME, partial(update_given_up, app)
        ),
        JobKind.GATHER: Station(
            partial(on_gather, services, bot), UPDATES_AT_A_TIME, partial(on_gather_given_up, services, bot)
        ),
        JobKind.FETCH: Station(
            partial(on_fetch, services, bot), FETCHES_AT_A_TIME, partial(on_fetch_given_up, services, bot)
        ),
        # While one is read in each process, others wait or are kept, so that no process waits.
        JobKind.EXTRACT: Station(
            partial(on_extract, services), 4 * settings.workers + 1, partial(on_extract_given_up, services)
        ),
        JobKind.RELATE: Station(partial(on_relate, services), 1, partial(on_relate_given_up, services)),
        JobKind.SEND: Station(
            partial(on_send, services, bot), SENDS_AT_A_TIME, partial(on_send_given_up, services, bot)
        ),
        JobKind.ERASE: Station(partial(on_erase, services, bot), 1, partial(on_erase_given_up, bot)),
        # Apart from the others: a digest may sleep while its turn is to come, an answer must not wait behind it.
        JobKind.DIGEST: Station(
            partial(on_digest, services, bot, pace),
            DIGESTS_AT_A_TIME,
            partial(on_digest_given_up, services),
        ),
        # One: what draws is one process, and whoever asks for a picture waits for one of these at most.
        JobKind.PICTURE: Station(partial(on_picture, services, bot, pace), 1, on_picture_given_up),
    }


async def handle_update(app: App, failures: Failures, job: Job) -> Outcome:
    """Give an update to the application; one that cannot be parsed is put aside."""
    update = parsed(app, job)
    if update is None:
        return Failed("unparsable")
    async with answering(app.bot_data, update):
        await app.process_update(update)
    return failures.take(update.update_id)


async def update_given_up(app: App, job: Job) -> None:
    """Tell whoever sent an update that it could not be handled."""
    update = parsed(app, job)
    if update is not None:
        async with answering(app.bot_data, update):
            await tell_given_up(update)


def parsed(app: App, job: Job) -> Update | None:
    """Return the update that a job holds, or None where the library cannot make sense of it."""
    try:
        return Update.de_json(job.payload, app.bot)
    except Exception as error:  # noqa: BLE001  # whatever Telegram sends, the library may stumble over it in any way
        log.error("an update cannot be parsed", action="update.unparsable", job=job.id, error=type(error).__name__)
        return None


async def _recover(services: Services) -> None:
    """Take up what the last process left behind when it ended."""
    if jobs := await services.queue.recover():
        log.warning("work was left behind", action="bot.recovered", jobs=jobs)
