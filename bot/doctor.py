"""``presswatch doctor``: what is wrong, and how to mend it."""

import time

from rich.console import Console
from rich.text import Text
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.application import now
from bot.settings import Settings
from storage import deliveries
from storage.connection import DatabaseUnusableError
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue


async def examine(settings: Settings, console: Console) -> bool:
    """Print a line for each thing that the bot needs; return whether all is well."""
    results = [_model(settings), *_further_models(settings), await _database(settings), await _telegram(settings)]
    for good, line in results:
        mark = Text("ok  ", "green") if good else Text("FAIL", "red")
        console.print(mark, Text(line), highlight=False, soft_wrap=True)
    return all(good for good, _ in results)


def _model(settings: Settings) -> tuple[bool, str]:
    from extraction.extractor import load_extractor

    started = time.monotonic()
    try:
        load_extractor(settings.model)
    except (OSError, ValueError, AttributeError) as error:
        return False, f"model {settings.model}: {error}. Install a spaCy pipeline and name it in PRESSWATCH_MODEL."
    return True, f"model {settings.model}, loaded in {time.monotonic() - started:.1f} s"


def _further_models(settings: Settings) -> list[tuple[bool, str]]:
    return [_further_model(language, model) for language, model in settings.further_models]


def _further_model(language: str, model: str) -> tuple[bool, str]:
    from extraction.pipeline import check_pipeline

    wrong = check_pipeline(language, model)
    if wrong is not None:
        return (
            False,
            f"model {model}: {wrong}. Install a spaCy pipeline for {language} and name it in PRESSWATCH_MODELS.",
        )
    return True, f"model {model}, for {language}"


async def _database(settings: Settings) -> tuple[bool, str]:
    path = settings.database_path
    try:
        database = await SqliteDatabase.open(path)
    except DatabaseUnusableError as error:
        return False, f"database {error}. Is PRESSWATCH_DATABASE_URL a file that you may write?"
    async with database.reading() as db:
        integrity = await db.one("PRAGMA quick_check")
        found = await deliveries.counts(db)
    jobs = await SqliteQueue(database, now).counts()
    await database.close()
    counted = [f"{number} {state} {kind} jobs" for (kind, state), number in sorted(jobs.items()) if state != "done"]
    counted += [f"{number} digests {state}" for state, number in sorted(found.items())]
    whole = integrity is not None and "ok" in integrity.values()
    return whole, ", ".join([f"database {path}" if whole else f"database {path} is damaged: restore a copy", *counted])


async def _telegram(settings: Settings) -> tuple[bool, str]:
    if settings.token is None:
        return True, "Telegram: PRESSWATCH_TOKEN is not set; presswatch chat works without it"
    root = settings.api_base_url
    bot = Bot(settings.token.get_secret_value(), f"{root}/bot", f"{root}/file/bot", HTTPXRequest(), HTTPXRequest())
    try:
        async with bot:
            return True, f"Telegram: the token is @{bot.username}'s"
    except InvalidToken:
        return False, "Telegram does not know this token. Ask @BotFather for the right one: PRESSWATCH_TOKEN."
    except TelegramError as error:
        return (
            False,
            f"{root} does not answer: {error.message}. Is there a network? PRESSWATCH_API_BASE_URL may be wrong.",
        )
