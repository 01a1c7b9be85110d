"""Jobs of the queue: an article to be read, a card or a digest to be sent, and the minute's look at the clock."""

from datetime import timedelta
from typing import Any

import httpx
import structlog
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from domain.jobs import Again, Done, Failed, Job, Outcome, backoff
from domain.schedule import DeliveryState
from handlers.answering import edit, send
from handlers.context import Bot, Context
from handlers.replies import cards, digests
from services import Services, reading
from services import cards as card_service
from services import digests as digest_service

_NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log = structlog.get_logger()


async def on_extract(services: Services, job: Job) -> Outcome:
    """Read an article."""
    await reading.read(services, job.payload["article"], job.payload["chat"])
    return Done()


async def on_send(services: Services, bot: Bot, job: Job) -> Outcome:
    """Send what a service wants said."""
    try:
        if job.payload["what"] == "digest":
            return await _send_digest(services, bot, job)
        return await _send_card(services, bot, job.payload)
    except TelegramError as error:
        return outcome_of(error, job.attempts)


async def on_minute(context: Context) -> None:
    """Plan the digests whose time has come."""
    planned = await digest_service.plan_due(context.services)
    if planned:
        log.info("digests are due", action="digest.planned", deliveries=planned)


def outcome_of(error: TelegramError, attempts: int) -> Outcome:
    """Return what becomes of a job whose call of Telegram failed: what may pass is tried again."""
    if isinstance(error, RetryAfter):
        return Again(seconds_of(error), "429")
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return Again(backoff(attempts), type(error).__name__)
    return Failed(error.message)


async def _send_card(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Make the chat's message about an article show how the article stands."""
    chat, article = payload["chat"], payload["article"]
    shown = await card_service.show(services, chat, article)
    if shown is None or shown.article.forward is None:
        return Done()
    reply = cards.card(shown)
    earlier = await card_service.card_message(services, chat, article)
    if earlier is not None and await edit(bot, chat, earlier, reply):
        return Done()
    forward = shown.article.forward
    message = await send(bot, chat, reply, forward.thread_id, forward.message_id)
    await card_service.card_shown(services, chat, article, message.message_id)
    return Done()


async def _send_digest(services: Services, bot: Bot, job: Job) -> Outcome:
    """Send a digest once: where it is not certain that it did not arrive, it is not sent again."""
    number = job.payload["delivery"]
    planned = await digest_service.begin_delivery(services, number)
    if planned is None:
        return Done()
    subscription = planned.delivery.subscription
    reply = digests.delivered(planned.digest, planned.delivery, bot.username)
    try:
        message = await send(bot, subscription.chat, reply, subscription.thread_id)
    except TelegramError as error:
        return await _digest_failed(services, number, error, job.attempts, subscription.chat)
    await digest_service.end_delivery(services, number, DeliveryState.SENT, message=message.message_id)
    return Done()


async def _digest_failed(services: Services, number: int, error: TelegramError, attempts: int, chat: int) -> Outcome:
    outcome = outcome_of(error, attempts)
    if isinstance(error, Forbidden):
        await digest_service.forget_chat_digests(services, chat)
    if _may_have_arrived(error):
        state, outcome = DeliveryState.UNCERTAIN, Failed("no answer from Telegram")
    else:
        state = DeliveryState.PLANNED if isinstance(outcome, Again) else DeliveryState.FAILED
    await digest_service.end_delivery(services, number, state, reason=type(error).__name__)
    return outcome


def _may_have_arrived(error: TelegramError) -> bool:
    """Return whether Telegram may have done what it gave no answer to: the line broke after it had been reached."""
    cause = error.__cause__
    return isinstance(error, NetworkError) and cause is not None and not isinstance(cause, _NOT_REACHED)


def seconds_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram wants us to wait; the library gives it as a number or, if told to, as a timedelta."""
    wait: float | timedelta = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
