"""The operator's chat: alerts, and ``/status``."""

from typing import Any

import structlog
from telegram import Update
from telegram.error import ChatMigrated, InvalidToken, TelegramError

from domain.jobs import Done, Later, Outcome
from domain.operating import Alert, Notice
from handlers.answering import AT_ONCE, answer, send
from handlers.context import Bot, Context, message_of
from handlers.other import on_unknown_command
from handlers.refusals import outcome_of
from handlers.replies import operating as words
from services import Services, operating

log = structlog.get_logger()


async def on_status(update: Update, context: Context) -> None:
    """Say how the bot fares, to its operator; to others there is no such command."""
    message = message_of(update)
    found = await operating.status(context.services, message.chat_id)
    if found is None:
        await on_unknown_command(update, context)
    else:
        await answer(message, words.status(found))


async def send_notice(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Tell the operator something; what is refused for good is no reason for another alert."""
    found = Notice(Alert(payload["alert"]), payload["detail"], payload["more"])
    try:
        await _tell(bot, payload["chat"], found)
    except TelegramError as error:
        outcome = Later("unauthorized") if isinstance(error, InvalidToken) else outcome_of(error)
        if isinstance(outcome, Later):
            return outcome
        log.error("the operator's chat does not take a message", action="operator.refused", error=error.message)
    return Done()


async def tell_at_once(bot: Bot, chat: int, found: Notice) -> bool:
    """Tell the operator something without the database, and return whether it got through."""
    try:
        await _tell(bot, chat, found, AT_ONCE)
    except TelegramError as error:
        log.warning("the operator could not be told", action="operator.untold", error=error.message)
        return False
    return True


async def _tell(bot: Bot, chat: int, found: Notice, turn: str | None = None) -> None:
    """Send an alert, also to a group that has become a supergroup and so has another number than was set."""
    try:
        await send(bot, chat, words.notice(found), turn=turn)
    except ChatMigrated as error:
        log.warning("the operator's chat has another number now", action="operator.moved")
        await send(bot, error.new_chat_id, words.notice(found), turn=turn)
