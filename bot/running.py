"""``presswatch run``, ``worker`` and ``receive``: until somebody stops them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from threading import Timer

import structlog
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.application import Receive, Transport, bot_number, now, open_services, over_http, running
from bot.limits import Pace
from bot.locking import only_one
from bot.logs import without
from bot.places import ListenError, webhook_of
from bot.sentry import SentryUnusableError
from bot.settings import Settings
from bot.updates import Inbox
from bot.watch import Watch, Watched, answering_machines, attended, health_routes, watching
from domain.jobs import backoff
from handlers.context import App, Bot
from handlers.refusals import seconds_of
from services import Services
from storage.connection import Database
from storage.opening import file_of, open_database, open_pace_book, open_queue

# From the signal to the end, most of it for what is in hand; whoever stops services commonly kills after ten seconds.
PATIENCE = timedelta(seconds=9)
CUT_OFF = 1

# What somebody who starts the bot may meet, and is told in a sentence.
_EXPECTED = (TelegramError, ListenError, SentryUnusableError)

log = structlog.get_logger()


async def run_bot(settings: Settings, token: str) -> str | None:
    """Run the bot until SIGINT or SIGTERM; return a sentence where it cannot be started."""
    stop = stopped_by_signals()
    with only_one(file_of(settings.database_url), bot_number(token)) as alone:
        if not alone:
            return (
                f"PRESSWATCH_DATABASE_URL: {settings.database_path} is in use by this bot already, in another process"
            )
        return await _run(settings, token, stop)


async def run_worker(settings: Settings, token: str) -> str | None:
    """Handle what other processes receive, until SIGINT or SIGTERM; return a sentence where it cannot be started."""
    return await _run(settings, token, stopped_by_signals(), _by_others)


def stopped_by_signals(patience: timedelta = PATIENCE) -> asyncio.Event:
    """Return what is set by SIGINT or SIGTERM from now on; ``patience`` later, the process ends in any case."""
    stop = asyncio.Event()

    def begin_to_stop() -> None:
        if not stop.is_set():
            stop.set()
            last = Timer(patience.total_seconds(), _end_at_once)
            last.daemon = True
            last.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, begin_to_stop)
    return stop


def _end_at_once() -> None:
    # What was to be kept is kept. A thread may wait for a process that is slow to come, or for a name to be resolved.
    log.error("the end was not waited for any longer", action="bot.cut_off")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(CUT_OFF)


async def run_receiver(settings: Settings, token: str) -> str | None:
    """Keep what Telegram posts, for workers to handle, until SIGINT or SIGTERM.

    Returns a sentence where that cannot be started.
    """
    stop = stopped_by_signals()
    try:
        with watching(settings) as watch:
            database = await open_database(settings.database_url)
            try:
                await _receive(settings, token, watch, database, stop)
            finally:
                await database.close()
    except _EXPECTED as error:
        return _sentence(settings, error)
    return None


async def _receive(settings: Settings, token: str, watch: Watch, database: Database, stop: asyncio.Event) -> None:
    from bot.webhook import receiving

    number = bot_number(token)
    queue = open_queue(database, now, number)
    transport = over_http(settings.api_base_url, watch.called)
    pace = Pace(open_pace_book(database, number))
    bot: Bot = ExtBot(token, f"{transport.root}/bot", request=transport.calls, rate_limiter=pace)
    watched = Watched(database, queue, number, now)
    # Not the library's own way to begin, which asks Telegram who the bot is: posts are taken while it cannot be asked.
    async with answering_machines(settings, watch, watched), transport.calls:
        inbox = Inbox(queue, number, watch.kept)
        webhook = webhook_of(settings, token, is_shared=True)
        async with (
            receiving(webhook, bot, inbox, health_routes(watch, watched)),
            attended(settings, watch, watched, bot),
        ):
            log.info("updates are received", action="receiver.started")
            await stop.wait()
    log.info("no updates are received any more", action="receiver.stopped")


async def _run(settings: Settings, token: str, stop: asyncio.Event, receive: Receive | None = None) -> str | None:
    try:
        with watching(settings) as watch:
            await _work(settings, token, watch, stop, receive)
    except _EXPECTED as error:
        return _sentence(settings, error)
    return None


async def _work(settings: Settings, token: str, watch: Watch, stop: asyncio.Event, receive: Receive | None) -> None:
    async with open_services(
        settings, token, allowed_users=settings.let_in, operator=watch.operator, took=watch.took
    ) as services:
        services.extraction.warm_up()
        pace = Pace(open_pace_book(services.database, services.bot))
        transport = replace(over_http(settings.api_base_url, watch.called), pace=pace)
        # It is asked whether the process lives while Telegram does not answer, too.
        async with (
            answering_machines(settings, watch, _watched(services)),
            _listening(settings, services, token, watch, receive) as receive,
        ):
            await _until_stopped(settings, services, token, watch, transport, receive, stop)


async def _until_stopped(
    settings: Settings,
    services: Services,
    token: str,
    watch: Watch,
    transport: Transport,
    receive: Receive | None,
    stop: asyncio.Event,
) -> None:
    """Run the bot; a start that Telegram was away for is tried again."""
    failures = 0
    while not stop.is_set():
        try:
            async with (
                running(settings, services, token, transport, receive, watch.kept) as app,
                attended(settings, watch, _watched(services), app.bot, receives=receive is not _by_others),
            ):
                await stop.wait()
        except (InvalidToken, BadRequest):
            raise
        except TelegramError as error:
            failures += 1
            await _pause(settings, error, failures, stop)


async def _pause(settings: Settings, error: TelegramError, failures: int, stop: asyncio.Event) -> None:
    """Wait before a start is tried again that Telegram was away for."""
    wait = seconds_of(error) if isinstance(error, RetryAfter) else backoff(failures)
    log.warning(
        "Telegram does not answer, which is tried again; it is called at PRESSWATCH_API_BASE_URL",
        action="telegram.unreached",
        error=without(settings.secrets, error.message),
        failures=failures,
    )
    with suppress(TimeoutError):
        async with asyncio.timeout(wait.total_seconds()):
            await stop.wait()


@asynccontextmanager
async def _listening(
    settings: Settings, services: Services, token: str, watch: Watch, receive: Receive | None
) -> AsyncIterator[Receive | None]:
    """Take what Telegram posts, where the settings say so and nobody else does; yield how updates come in."""
    if receive is not None or settings.webhook_url is None:
        yield receive
        return
    # It takes a fifth of a second to load, and who fetches updates has no use for it.
    from bot.webhook import announced, listening

    webhook = webhook_of(settings, token)
    inbox = Inbox(services.queue, services.bot, watch.kept)
    async with listening(webhook, inbox, health_routes(watch, _watched(services))):
        yield lambda app, _: announced(webhook, app.bot)


def _watched(services: Services) -> Watched:
    return Watched(services.database, services.queue, services.bot, services.clock)


def _sentence(settings: Settings, error: Exception) -> str:
    """Return what is wrong, by the name of the setting that may be."""
    match error:
        case InvalidToken():
            return "PRESSWATCH_TOKEN: Telegram does not know this token. Ask @BotFather for the right one."
        case ListenError():
            return f"PRESSWATCH_{'METRICS_' if error.place == settings.metrics_listen else ''}LISTEN: {error}"
        case SentryUnusableError():
            return f"PRESSWATCH_SENTRY_DSN: {error}"
        case BadRequest() if "webhook" in error.message.lower():
            return f"PRESSWATCH_WEBHOOK_URL: Telegram does not take it: {error.message}"
        case TelegramError():
            # It may show the address that was called, which has the token in it.
            said = without(settings.secrets, error.message)
            return f"PRESSWATCH_API_BASE_URL: {settings.api_base_url} does not answer: {said}"
    raise error


@asynccontextmanager
async def _by_others(app: App, inbox: Inbox) -> AsyncIterator[None]:
    """Leave the updates to whoever receives them."""
    yield
