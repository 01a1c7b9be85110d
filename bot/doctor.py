"""``presswatch doctor``: what is wrong, and how to mend it."""

import time
from datetime import timedelta

from rich.console import Console
from rich.text import Text
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.application import now
from bot.logs import without
from bot.requests import AiohttpRequest
from bot.settings import Settings
from domain.subscriptions import Delivery, DeliveryState
from storage import deliveries
from storage.connection import DatabaseUnusableError
from storage.opening import on_server, open_database, open_queue, shown

# How long digests may wait for their turn before something is wrong.
LATE = timedelta(minutes=15)
UNCERTAIN_SHOWN = 10
# What Telegram could not post so long ago has been posted since.
LATELY = timedelta(hours=1)


async def examine(settings: Settings, console: Console) -> bool:
    """Print a line for each thing that the bot needs; return whether all is well."""
    database = await _database(settings)
    results = [_model(settings), *_further_models(settings), database]
    results += await look_at_digests(settings) if database[0] else []
    results += await _telegram(settings)
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
    place = shown(settings.database_url)
    try:
        database = await open_database(settings.database_url)
    except DatabaseUnusableError as error:
        question = "a server that you may use" if on_server(settings.database_url) else "a file that you may write"
        return False, f"database {error}. Is PRESSWATCH_DATABASE_URL {question}?"
    whole = await database.is_whole()
    jobs = await open_queue(database, now).counts()
    await database.close()
    counted = [f"{number} {state} {kind} jobs" for (kind, state), number in sorted(jobs.items()) if state != "done"]
    found = f"database {place}" if whole else f"database {place} is damaged: restore a copy"
    return whole, ", ".join([found, *counted])


async def look_at_digests(settings: Settings) -> list[tuple[bool, str]]:
    """Tell what became of the digests of all chats, and of those that may not have arrived one by one."""
    database = await open_database(settings.database_url)
    async with database.reading() as db:
        counted = await deliveries.counts(db)
        waits_since = await deliveries.waits_since(db, now())
        uncertain = await deliveries.newest_in(db, DeliveryState.UNCERTAIN, UNCERTAIN_SHOWN)
    await database.close()
    if not counted and waits_since is None:
        return []
    found = ", ".join(f"{number} {state}" for state, number in sorted(counted.items())) or "none yet"
    line = f"digests: {found}"
    late = waits_since is not None and now() - waits_since > LATE
    if late:
        line += f"; one was due at {waits_since:%Y-%m-%d %H:%M} UTC and waits. Does presswatch run?"
    return [(not late, line), *((True, _uncertain(each)) for each in uncertain)]


def _uncertain(delivery: Delivery) -> str:
    which, where = delivery.subscription.id, delivery.subscription.wish.target
    when = f"{delivery.day} {delivery.at:%H:%M} {delivery.subscription.wish.timetable.timezone}"
    return f"digest of {when} to chat {where} (subscription {which}) may not have arrived: {delivery.reason}"


async def _telegram(settings: Settings) -> list[tuple[bool, str]]:
    if settings.token is None:
        return [(True, "Telegram: PRESSWATCH_TOKEN is not set; presswatch chat works without it")]
    root = settings.api_base_url
    bot = Bot(settings.token.get_secret_value(), f"{root}/bot", f"{root}/file/bot", AiohttpRequest(), AiohttpRequest())
    try:
        async with bot:
            return [(True, f"Telegram: the token is @{bot.username}'s"), *await look_at_bot(settings, bot)]
    except InvalidToken:
        return [(False, "Telegram does not know this token. Ask @BotFather for the right one: PRESSWATCH_TOKEN.")]
    except TelegramError as error:
        said = without(settings.secrets, error.message)
        return [(False, f"{root} does not answer: {said}. Is there a network? PRESSWATCH_API_BASE_URL may be wrong.")]


async def look_at_bot(settings: Settings, bot: Bot) -> list[tuple[bool, str]]:
    """Tell how Telegram fares with posting updates, where it is to, and whether the operator's chat can be reached."""
    info, chat = await bot.get_webhook_info(), settings.operator_chat
    results = [(_is_posted(settings, info), f"updates: {_posted(settings, info)}{info.pending_update_count} wait")]
    if chat is not None:
        try:
            await bot.get_chat(chat)
        except (BadRequest, ChatMigrated, Forbidden) as error:
            said = f"operator: chat {chat} cannot be reached: {error.message}. Has it spoken to the bot?"
            results.append((False, f"{said} PRESSWATCH_OPERATOR_CHAT may be wrong."))
    return results


def _is_posted(settings: Settings, info: WebhookInfo) -> bool:
    has_failed = info.last_error_date is not None and now() - info.last_error_date < LATELY
    return (info.url or settings.webhook_url) == settings.webhook_url and not has_failed


def _posted(settings: Settings, info: WebhookInfo) -> str:
    """Return what of a webhook is to be told."""
    if info.url and info.url != settings.webhook_url:
        return "another process has them posted elsewhere, or an earlier setting: presswatch run puts that right; "
    if settings.webhook_url is None:
        return ""
    if not info.url:
        return "Telegram posts them nowhere yet: presswatch run or receive has it do so; "
    if info.last_error_date is not None and info.last_error_message:
        return f"Telegram could not post them at {info.last_error_date:%Y-%m-%d %H:%M} UTC: {info.last_error_message}; "
    return "Telegram posts them; "
