"""The picture of a digest's people: it follows the digest, once or not at all, and never holds one up."""

from datetime import timedelta

import structlog
from telegram.error import TelegramError

from domain.jobs import Done, Failed, Job, NotYet, Outcome
from domain.subscriptions import Delivery
from handlers.answering import IN_TURN, send_picture
from handlers.context import Bot
from handlers.delivering import Turns
from handlers.entrance import is_shut
from handlers.refusals import may_have_arrived, moved_to, outcome_of_digest
from handlers.replies.charts import captions
from handlers.speaking import spoken_to
from services import Services, delivering, digesting, migrating

log = structlog.get_logger()


async def on_picture(services: Services, bot: Bot, turns: Turns, job: Job) -> Outcome:
    """Send the picture that follows a digest; where an attempt was cut off, it may have arrived, and that was it."""
    delivery = await delivering.find_pictured(services, job.payload["delivery"]) if job.attempts == 1 else None
    if delivery is None:
        return Done()
    try:
        return await _send(services, bot, turns, delivery)
    except TelegramError as error:
        return await _refused(services, delivery, error)


async def on_picture_given_up(job: Job) -> None:
    """Leave it out: the digest has said everything."""


async def _send(services: Services, bot: Bot, turns: Turns, delivery: Delivery) -> Outcome:
    wish = delivery.subscription.wish
    if await is_shut(services, bot, wish.target):
        return Done()
    wait = await turns.turn_of_digest(wish.target)
    if wait is not None:
        return NotYet(wait)
    shown = await digesting.picture(services, delivery)
    async with spoken_to(services, wish.target, delivery.subscription.chat):
        drawn = await services.drawing.draw(shown) if shown is not None else None
        if shown is None or drawn is None:
            return Done()
        caption = captions.caption(shown, drawn.spelt)
    message = await send_picture(bot, wish.target, drawn.png, caption, wish.thread_id, turn=IN_TURN)
    await delivering.pictured(services, delivery, message.message_id)
    return Done()


async def _refused(services: Services, delivery: Delivery, error: TelegramError) -> Outcome:
    """Return what becomes of the job; a chat that is lost is found so by its next digest."""
    new = moved_to(error)
    if new is not None:
        await migrating.move_chat(services, delivery.subscription.wish.target, new)
        return NotYet(timedelta())
    outcome = Done() if may_have_arrived(error) else outcome_of_digest(error)
    if isinstance(outcome, Done | Failed):
        log.warning("a picture was left out", action="digest.picture", delivery=delivery.id, error=error.message)
        return Done()
    return outcome
