"""Jobs of the queue: an article to be read, a card to be sent, and the minute's look at the clock."""

from datetime import timedelta
from typing import Any

import structlog
from telegram.error import ChatMigrated, TelegramError

from domain.articles import AlreadyHere, InBatch, Taken
from domain.jobs import Done, Job, Later, NotYet, Outcome
from domain.messages import IncomingMessage
from handlers.answering import edit, send
from handlers.article import tell
from handlers.context import Bot, Context
from handlers.doubts import send_doubt
from handlers.entrance import is_shut
from handlers.exporting import send_export, tell_no_export
from handlers.operating import send_notice
from handlers.refusals import outcome_of
from handlers.replies import batches, cards, corrections, deliveries, problems
from handlers.replies.language import speaking
from handlers.replies.reading import read_in
from handlers.sharing import send_event
from handlers.speaking import spoken_to
from handlers.watching import send_alert
from services import Services, delivering, migrating, reading, receiving, relating, waiting
from services import batches as batch_service
from services import cards as card_service
from services.correcting import notices
from services.housekeeping import forget_old_jobs

# What somebody who is let in waits for, in whatever group they ask.
_ANSWERS = frozenset({"batch", "card", "doubt", "export", "forgotten", "reopened"})

log = structlog.get_logger()


async def on_gather(services: Services, bot: Bot, job: Job) -> Outcome:
    """Take in messages that waited for what belongs to them."""
    bundles = await waiting.due(services, job.payload["chat"], job.payload.get("sender"))
    if bundles is None:
        return Later("more messages of the chat are to come")
    for bundle in bundles:
        became = await receiving.take(services, bundle)
        try:
            async with spoken_to(services, bundle.first.forward.chat.id):
                await tell(services, bot, bundle.first, became)
        except TelegramError as error:
            outcome = outcome_of(error)
            if isinstance(outcome, Later):
                return outcome
            # Those behind it must not wait for a chat or a topic that is closed.
            log.warning("Telegram refused", action="telegram.refused", error=error.message)
        await waiting.let_go(services, bundle)
    return Done()


async def on_gather_given_up(services: Services, bot: Bot, job: Job) -> None:
    """Give up the messages that nothing can be made of, which would stop those behind them, and tell their sender."""
    for bundle in (await waiting.due(services, job.payload["chat"], job.payload.get("sender")) or ())[:1]:
        await waiting.let_go(services, bundle)
        await _tell_fault(services, bot, bundle.first)


async def on_fetch(services: Services, bot: Bot, job: Job) -> Outcome:
    """Fetch a link or a file, and take in the articles there."""
    message = receiving.message_of(job.payload)
    try:
        if job.payload["link"] is not None:
            became = await receiving.fetch_link(services, message, job.payload["link"])
        else:
            assert message.file is not None  # noqa: S101  # what is no link is a file
            file = await bot.get_file(message.file.id)
            data = bytes(await file.download_as_bytearray())
            became = await receiving.fetch_file(services, message, data, job.payload["how"])
    except TelegramError as error:
        return outcome_of(error)
    try:
        async with spoken_to(services, message.forward.chat.id):
            await tell(services, bot, message, became)
    except TelegramError as error:
        # What has been taken in is not fetched again for the sake of a word about it.
        return Done() if isinstance(became, Taken | AlreadyHere | InBatch) else outcome_of(error)
    return Done()


async def on_fetch_given_up(services: Services, bot: Bot, job: Job) -> None:
    """Tell whoever sent a link or a file that it could not be fetched."""
    await _tell_fault(services, bot, receiving.message_of(job.payload))


async def _tell_fault(services: Services, bot: Bot, message: IncomingMessage) -> None:
    if not message.addressed:
        return
    chat = message.forward.chat.id
    try:
        async with spoken_to(services, chat):
            await send(bot, chat, problems.our_fault(), message.forward.thread_id, message.number)
    except TelegramError as error:
        log.warning("a fault could not be told", action="fetch.silent", error=type(error).__name__)


async def on_extract(services: Services, job: Job) -> Outcome:
    """Read an article."""
    await reading.read(services, **job.payload)
    return Done()


async def on_relate(services: Services, job: Job) -> Outcome:
    """Tie an article to the others."""
    await relating.relate(services, **job.payload)
    return Done()


async def on_relate_given_up(services: Services, job: Job) -> None:
    """Leave an article by itself; it is kept and shown as it is."""


async def on_send(services: Services, bot: Bot, job: Job) -> Outcome:
    """Send what a service wants said."""
    senders = {
        "batch": _send_batch,
        "correction": _send_correction,
        "reopened": _send_reopened,
        "forgotten": _send_forgotten,
        "export": send_export,
        "ended": _send_ended,
        "sharing": send_event,
        "alert": send_alert,
        "operator": send_notice,
    }
    what, chat = job.payload["what"], job.payload["chat"]
    try:
        if (what not in _ANSWERS or chat > 0) and await is_shut(services, bot, chat):
            return Done()
        if what == "card":
            return await _send_card(services, bot, chat, job.payload["article"])
        async with spoken_to(services, chat):
            if what == "doubt":
                return await send_doubt(services, bot, job)
            return await senders[what](services, bot, job.payload)
    except ChatMigrated as error:
        await migrating.move_chat(services, job.payload["chat"], error.new_chat_id)
        return NotYet(timedelta())
    except TelegramError as error:
        return outcome_of(error)


async def on_extract_given_up(services: Services, job: Job) -> None:
    """Tell the chat that an article cannot be read."""
    await reading.give_up(services, **job.payload)


async def on_send_given_up(services: Services, bot: Bot, job: Job) -> None:
    """Leave it unsaid, but tell whoever waits for an export that none will come."""
    if job.payload["what"] == "export":
        async with spoken_to(services, job.payload["chat"]):
            await tell_no_export(bot, job.payload)


async def on_minute(context: Context) -> None:
    """Plan the digests whose time has come, and forget what is old."""
    planned = await delivering.plan_due(context.services)
    await forget_old_jobs(context.services)
    if planned:
        log.info("digests are due", action="digest.planned", deliveries=planned)


async def _send_card(services: Services, bot: Bot, chat: int, article: int) -> Outcome:
    """Make the chat's message about an article show how the article stands."""
    showing = await card_service.showing(services, chat, article)
    if showing is None or showing.card.article.forward is None or showing.in_batch:
        return Done()
    with read_in(chat), speaking(showing.language):
        reply = cards.card(showing.card, bot.username)
        if showing.message is not None and await edit(bot, chat, showing.message, reply):
            return Done()
        forward = showing.card.article.forward
        # Another chat that sees the same may have brought it first.
        here = (forward.thread_id, forward.message_id) if forward.chat.id == chat else ()
        message = await send(bot, chat, reply, *here)
        await card_service.card_shown(services, chat, article, message.message_id)
    return Done()


async def _send_batch(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Make the message about a batch tell how far it is."""
    batch = await batch_service.show(services, payload["chat"], payload["batch"])
    if batch is None:
        return Done()
    reply = batches.batch(batch, bot.username)
    if batch.message is not None and await edit(bot, batch.chat, batch.message, reply):
        return Done()
    message = await send(bot, batch.chat, reply, batch.thread_id, batch.first_message)
    await batch_service.told(services, batch.id, message.message_id)
    return Done()


async def _send_correction(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Tell a chat, below the message that told it something wrong, what is right."""
    chat, told_by, thread_id, number = (payload[part] for part in ("chat", "message", "thread", "correction"))
    if payload["undone"]:
        found = await notices.taken_back(services, chat, number)
    else:
        found = await notices.due(services, chat, told_by, number)
    if found:
        reply = corrections.notice(notices.at_once(found), is_undone=payload["undone"])
        message = await send(bot, chat, reply, thread_id, told_by)
        await notices.sent(services, chat, message.message_id, thread_id, found)
    return Done()


async def _send_reopened(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Tell a chat, below the article's card, that what it had put right there is open again."""
    correction = await notices.reopened(services, payload["chat"], payload["correction"])
    if correction is not None:
        await send(bot, payload["chat"], corrections.reopened(correction), None, payload["message"])
    return Done()


async def _send_forgotten(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Take the words of a forgotten article out of its card."""
    correction = await notices.standing(services, payload["chat"], payload["correction"])
    if correction is not None:
        await edit(bot, payload["chat"], payload["message"], corrections.forgotten(correction))
    return Done()


async def _send_ended(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Tell whoever set up digests that they have ended by themselves; once, and nothing more where that is refused."""
    told = await delivering.ended(services, payload["target"], payload["reason"], payload["digests"])
    await send(bot, payload["chat"], deliveries.ended(told))
    return Done()
