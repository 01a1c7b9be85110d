"""``presswatch run`` and ``presswatch worker``: until somebody stops them."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import InvalidToken, TelegramError

from bot.application import Receive, bot_number, open_services, over_http, running
from bot.locking import only_one
from bot.settings import Settings
from bot.updates import Inbox
from handlers.context import App
from storage.opening import file_of


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


def stopped_by_signals() -> asyncio.Event:
    """Return what is set by SIGINT or SIGTERM from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _run(settings: Settings, token: str, stop: asyncio.Event, receive: Receive | None = None) -> str | None:
    try:
        async with open_services(settings, token, allowed_users=settings.let_in) as services:
            services.extraction.warm_up()
            async with running(settings, services, token, over_http(settings.api_base_url), receive):
                await stop.wait()
    except InvalidToken:
        return "PRESSWATCH_TOKEN: Telegram does not know this token. Ask @BotFather for the right one."
    except TelegramError as error:
        return f"PRESSWATCH_API_BASE_URL: {settings.api_base_url} does not answer: {error.message}"
    return None


@asynccontextmanager
async def _by_others(app: App, inbox: Inbox) -> AsyncIterator[None]:
    """Leave the updates to whoever receives them."""
    yield
