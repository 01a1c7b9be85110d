"""``presswatch run``: until somebody stops it."""

import asyncio
import signal

from telegram.error import InvalidToken, TelegramError

from bot.application import bot_number, open_services, over_http, running
from bot.locking import only_one
from bot.settings import Settings


async def run_bot(settings: Settings, token: str) -> str | None:
    """Run the bot until SIGINT or SIGTERM; return a sentence where it cannot be started."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with only_one(settings.database_path, bot_number(token)) as alone:
        if not alone:
            return (
                f"PRESSWATCH_DATABASE_URL: {settings.database_path} is in use by this bot already, in another process"
            )
        return await _run(settings, token, stop)


async def _run(settings: Settings, token: str, stop: asyncio.Event) -> str | None:
    try:
        async with open_services(settings, token, allowed_users=settings.let_in) as services:
            services.extraction.warm_up()
            async with running(settings, services, token, over_http(settings.api_base_url)):
                await stop.wait()
    except InvalidToken:
        return "PRESSWATCH_TOKEN: Telegram does not know this token. Ask @BotFather for the right one."
    except TelegramError as error:
        return f"PRESSWATCH_API_BASE_URL: {settings.api_base_url} does not answer: {error.message}"
    return None
