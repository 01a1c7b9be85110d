"""Sending digests: each message once, in its chat's turn, and what a refusal means."""

import json
from dataclasses import astuple
from datetime import timedelta
from typing import Any, Protocol

import structlog
from markupsafe import Markup
from telegram.error import RetryAfter, TelegramError

from domain.digests import Nothing, ToldClaim
from domain.extraction import Factuality
from domain.jobs import Done, Failed, Job, NotYet, Outcome
from domain.sending import Trouble
from domain.subscriptions import Delivery, DeliveryState
from handlers.answering import IN_TURN, send
from handlers.context import Bot
from handlers.entrance import is_shut
from handlers.refusals import loss_of, may_have_arrived, moved_to, outcome_of_digest
from handlers.replies import Button, Reply, digests
from handlers.replies.digests import DigestPart
from handlers.replies.subscriptions import about
from handlers.speaking import spoken_to
from services import Services, delivering, digesting, migrating
from services.delivering import Part
from services.subscribing import offers

# The next message of a digest, in the same chat.
NEXT_PART = timedelta(seconds=1)

log = structlog.get_logger()


class Turns(Protocol):
    """Whoever keeps Telegram's limits."""

    async def turn_of_digest(self, chat: int) -> timedelta | None:
        """Wait for the turn of a digest's message; where its chat has to wait longer than others, return how long."""


async def on_digest(services: Services, bot: Bot, turns: Turns, job: Job) -> Outcome:
    """Send the next message of a digest once: where it is not certain that it did not arrive, it is not sent again."""
    delivery = await delivering.find_planned(services, job.payload["delivery"])
    if delivery is None:
        return Done()
    try:
        if await _is_shut(services, bot, delivery):
            await delivering.end(services, delivery.id, DeliveryState.FAILED, Trouble.ENDED)
            return Done()
    except TelegramError as error:
        return outcome_of_digest(error)
    part = await _part(services, bot, delivery)
    if part is None:
        await delivering.end(services, delivery.id, DeliveryState.SENT, Trouble.SILENT)
        return Done()
    wish = delivery.subscription.wish
    wait = await turns.turn_of_digest(wish.target)
    if wait is not None:
        return NotYet(wait)
    if not await delivering.begin(services, delivery.id):
        # It was paused, or ended, meanwhile: the next look keeps that.
        return NotYet(timedelta())
    says = from_json(part.reply)
    try:
        message = await send(bot, wish.target, says.reply, wish.thread_id, turn=IN_TURN)
    except TelegramError as error:
        return await _refused(services, delivery, error)
    await delivering.sent(services, delivery, part, message.message_id, says.told, says.shown, pictured=says.pictured)
    return Done() if part.is_last else NotYet(NEXT_PART)


async def _is_shut(services: Services, bot: Bot, delivery: Delivery) -> bool:
    """Return whether the bot is closed to who set a digest up, or to where it goes."""
    subscription = delivery.subscription
    for chat in {subscription.chat, subscription.wish.target}:
        if await is_shut(services, bot, chat):
            return True
    return False


async def on_digest_given_up(services: Services, job: Job) -> None:
    """Keep that a digest did not go out."""
    await delivering.give_up(services, job.payload["delivery"])


async def _part(services: Services, bot: Bot, delivery: Delivery) -> Part | None:
    """Return what is to be sent next, None where the digest says nothing."""
    kept = await delivering.next_part(services, delivery.id)
    if kept is not None:
        return kept
    composed = await digesting.compose(services, delivery)
    if isinstance(composed, Nothing):
        return None
    filters, chat = delivery.subscription.wish.filters, delivery.subscription.chat
    people = await offers.called(services, chat, filters.people)
    async with spoken_to(services, delivery.subscription.wish.target, chat):
        parts = digests.parts(composed, delivery, services.clock(), bot.username, about(filters, people))
        said = [to_json(each) for each in parts]
    if len(said) > 1:
        await delivering.keep_parts(services, delivery.id, said)
    return Part(0, said[0], is_last=len(said) == 1)


async def _refused(services: Services, delivery: Delivery, error: TelegramError) -> Outcome:
    """Keep why a message was not taken, and return what becomes of the job."""
    wish, number = delivery.subscription.wish, delivery.id
    if may_have_arrived(error):
        left = await delivering.pass_over(services, number, Trouble.NO_ANSWER)
        return NotYet(NEXT_PART) if left and left.state is DeliveryState.PLANNED else Failed(Trouble.NO_ANSWER)
    new = moved_to(error)
    if new is not None:
        await delivering.end(services, number, DeliveryState.PLANNED)
        await migrating.move_chat(services, wish.target, new)
        return NotYet(timedelta())
    lost = loss_of(error)
    if lost is not None:
        await delivering.end(services, number, DeliveryState.FAILED, lost)
        await delivering.lose(services, wish.target, wish.thread_id, lost)
        return Failed(lost)
    outcome = outcome_of_digest(error)
    if isinstance(outcome, Failed):
        log.error("a digest was refused", action="digest.refused", delivery=number, error=error.message)
        await delivering.end(services, number, DeliveryState.FAILED, Trouble.REFUSED)
        return outcome
    reason = Trouble.BUSY if isinstance(error, RetryAfter) else Trouble.UNREACHED
    await delivering.end(services, number, DeliveryState.PLANNED, reason)
    return outcome


def to_json(part: DigestPart) -> str:
    """Return a message of a digest as a text, to be kept."""
    rows = [[[button.label, button.data] for button in row] for row in part.reply.buttons]
    told = [astuple(each) for each in part.told]
    kept: dict[str, Any] = {"text": str(part.reply.text), "buttons": rows, "told": told, "shown": part.shown}
    if part.pictured:
        kept["pictured"] = True
    return json.dumps(kept, ensure_ascii=False)


def from_json(kept: str) -> DigestPart:
    """Return the message that ``to_json`` wrote."""
    values: dict[str, Any] = json.loads(kept)
    rows = tuple(tuple(Button(label, data) for label, data in row) for row in values["buttons"])
    told = [ToldClaim(claim, told_as, Factuality(how), *rest) for claim, told_as, how, *rest in values.get("told", ())]
    # It was escaped when it was made.
    reply = Reply(Markup(values["text"]), rows)  # noqa: S704
    return DigestPart(reply, tuple(told), tuple(values.get("shown", ())), values.get("pictured", False))
