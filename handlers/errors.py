"""The one place where what went wrong in a handler is logged and told."""

import structlog
from telegram import Update
from telegram.error import TelegramError

from domain.jobs import Again, Done, Later, Outcome
from domain.sending import Loss
from handlers.answering import answer
from handlers.context import Context
from handlers.refusals import loss_of, moved_to, outcome_of
from handlers.replies import problems
from services import DatabaseAwayError, Services, delivering, migrating

log = structlog.get_logger()


class Failures:
    """What went wrong with the updates in hand, by ``update_id``, for whoever decides what becomes of their jobs."""

    def __init__(self) -> None:
        self._outcomes: dict[int, Outcome] = {}

    def take(self, update_id: int) -> Outcome:
        """Return what becomes of an update's job, once."""
        return self._outcomes.pop(update_id, Done())

    async def on_error(self, update: object, context: Context) -> None:
        """Log what a handler raised, and keep whether the update is worth another try."""
        error = context.error
        if isinstance(update, Update) and isinstance(error, TelegramError):
            await self._telegram_failed(update, error, context)
            return
        if isinstance(update, Update) and isinstance(error, DatabaseAwayError):
            log.warning("the database is away", action="handler.later", error=str(error), update_id=update.update_id)
            self._outcomes[update.update_id] = Later("the database is away")
            return
        log.error("a handler failed", action="handler.error", exc_info=error, update_id=_number(update))
        if isinstance(update, Update):
            self._outcomes[update.update_id] = Again("a fault of our own")

    async def _telegram_failed(self, update: Update, error: TelegramError, context: Context) -> None:
        outcome = outcome_of(error)
        if isinstance(outcome, Later):
            self._outcomes[update.update_id] = outcome
        if update.effective_chat is not None:
            await _take_notice(context.services, update.effective_chat.id, error)
        log.warning("Telegram refused", action="telegram.refused", error=error.message, update_id=update.update_id)


async def _take_notice(services: Services, chat: int, error: TelegramError) -> None:
    """Keep what a refusal tells of a chat: that it is lost, or has another number."""
    new, lost = moved_to(error), loss_of(error)
    if new is not None:
        await migrating.move_chat(services, chat, new)
    elif lost is not None and lost is not Loss.TOPIC:
        await delivering.lose(services, chat, None, lost)


async def tell_given_up(update: Update) -> None:
    """Tell whoever sent an update that something went wrong with it."""
    if update.effective_message is None:
        return
    try:
        await answer(update.effective_message, problems.our_fault())
    except TelegramError as error:
        log.warning("a fault could not be told", action="handler.silent", error=type(error).__name__)


def _number(update: object) -> int | None:
    return update.update_id if isinstance(update, Update) else None
