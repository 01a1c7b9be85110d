"""Having erased what is kept: ``/forget_me``, ``/forget_chat``, ``/retention``, and ``/privacy``, which tells of it."""

import re
from collections.abc import Callable

import structlog
from telegram import Update
from telegram.error import TelegramError

from domain.chats import ChatKind
from domain.erasing import LONGEST_KEPT, SHORTEST_KEPT, Asked, Erased
from domain.jobs import Done, Job, NotYet, Outcome
from handlers.admins import may_decide, may_decide_by_tap
from handlers.answering import answer, edit, send
from handlers.context import Bot, Context, message_of
from handlers.refusals import outcome_of
from handlers.replies import Reply
from handlers.replies import privacy as replies
from handlers.replies import sharing as shared
from handlers.replies.language import speaking, spoken
from handlers.replies.texts import plain
from handlers.tapping import chat_of, refuse, tap, turn_to
from services import Services, access, erasing, retention
from services.access import Right

FORGET = re.compile(r"forget:(?P<what>chat|no|me:(?P<user>\d{1,18}))\Z")
KEEP = re.compile(r"keep:(?:(?P<what>which|off|no)|(?P<ask>ask:)?(?P<days>\d{1,5}))\Z")
_DAYS = re.compile(r"(?P<days>\d{1,5}) ?(?:d|days?)?\Z", re.IGNORECASE)

log = structlog.get_logger()


async def on_privacy(update: Update, context: Context) -> None:
    """Say what is kept, where, how long, and how it is erased."""
    message = message_of(update)
    await answer(message, replies.privacy(await retention.kept_days(context.services, message.chat_id)))


async def on_forget_chat(update: Update, context: Context) -> None:
    """Ask whether all of the chat is to be erased."""
    message = message_of(update)
    if await may_decide(message, context):
        await answer(message, replies.ask_chat())
    else:
        await answer(message, plain(shared.admins_only()))


async def on_forget_me(update: Update, context: Context) -> None:
    """Ask whether what somebody brought is to be erased."""
    message = message_of(update)
    user = message.from_user
    if user is None or message.sender_chat is not None:
        await answer(message, replies.as_yourself())
    else:
        await answer(message, replies.ask_me(user.id, private=message.chat.type == ChatKind.PRIVATE))


async def on_forget(update: Update, context: Context) -> None:
    """Begin to erase what somebody has asked to have erased; only they, or who decides for the chat, may say yes."""
    query, tapped = tap(update, FORGET)
    message, user = query.message, query.from_user
    if message is None:
        return
    if tapped["user"] is not None and int(tapped["user"]) != user.id:
        await refuse(query, replies.not_yours())
        return
    if tapped["what"] == "chat" and not await may_decide_by_tap(query, context):
        await refuse(query, shared.admins_only())
        return
    if tapped["what"] == "no":
        await turn_to(query, replies.kept(), context)
        return
    asked = Asked(message.chat.id, message.message_id, user.id, user.full_name, spoken())
    # The message is changed first: it is the last that is said before it is told that all is gone.
    await turn_to(query, replies.erasing(), context)
    await (erasing.forget_chat if tapped["what"] == "chat" else erasing.forget_user)(context.services, asked)


async def on_retention(update: Update, context: Context) -> None:
    """Answer ``/retention``, and ``/retention 365d`` or ``off`` of who decides for the chat that owns the articles."""
    message, services = message_of(update), context.services
    words = " ".join(context.args or []).lower()
    days = _DAYS.match(words)
    if not words:
        await answer(message, replies.retention(await retention.kept_days(services, message.chat_id)))
    elif not await may_decide(message, context):
        await answer(message, plain(shared.admins_only()))
    elif not await access.is_allowed(services, message.chat_id, Right.MANAGE):
        await answer(message, plain(shared.only_the_owner()))
    elif words == "off":
        await retention.keep_for(services, message.chat_id, None)
        await answer(message, replies.retention(None))
    elif days is not None and SHORTEST_KEPT <= int(days["days"]) <= LONGEST_KEPT:
        kept = int(days["days"])
        await answer(message, replies.ask_retention(kept, await retention.older(services, message.chat_id, kept)))
    else:
        await answer(message, replies.retention_not_understood())


async def on_keep(update: Update, context: Context) -> None:
    """Show how long articles are kept, or have them go after so many days, once that is confirmed."""
    query, tapped = tap(update, KEEP)
    services, chat = context.services, chat_of(query)
    if tapped["what"] == "which":
        await turn_to(query, replies.retention(await retention.kept_days(services, chat)), context)
    elif not await may_decide_by_tap(query, context):
        await refuse(query, shared.admins_only())
    elif not await access.is_allowed(services, chat, Right.MANAGE):
        await refuse(query, shared.only_the_owner())
    else:
        await turn_to(query, await _kept(services, chat, tapped), context)


async def _kept(services: Services, chat: int, tapped: re.Match[str]) -> Reply:
    """Return what became of a tap of somebody who may say how long articles are kept."""
    days = int(tapped["days"]) if tapped["days"] else None
    if tapped["what"] == "no" or (days is not None and not SHORTEST_KEPT <= days <= LONGEST_KEPT):
        return replies.kept()
    if days is not None and tapped["ask"]:
        return replies.ask_retention(days, await retention.older(services, chat, days))
    await retention.keep_for(services, chat, days)
    return replies.retention(days)


async def on_erase(services: Services, bot: Bot, job: Job) -> Outcome:
    """Erase some more; when nothing is left, say so."""
    became = await erasing.go_on(services, job.payload)
    if not isinstance(became, Erased):
        return NotYet(became)
    log.info("something was erased", action="erase.done")
    return await _tell(bot, job, replies.erased)


async def on_erase_given_up(bot: Bot, job: Job) -> None:
    """Say that it could not be finished."""
    await _tell(bot, job, replies.not_erased)


async def _tell(bot: Bot, job: Job, words: Callable[[], Reply]) -> Outcome:
    """Say what became of it, in place of the message that has asked."""
    chat, message = job.payload["chat"], job.payload["message"]
    try:
        with speaking(job.payload["language"]):
            if not await edit(bot, chat, message, words()):
                await send(bot, chat, words())
    except TelegramError as error:
        return outcome_of(error)
    return Done()
