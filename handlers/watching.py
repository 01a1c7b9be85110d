"""``/watch``: people whom a chat hears of at once, its quiet time, and what it is told."""

import re
from datetime import time
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from domain.jobs import Done, NotYet, Outcome
from domain.ledger import NobodyFound, SeveralPersons
from domain.sending import Loss
from domain.watching import Watch
from handlers.admins import may_decide, may_decide_by_tap
from handlers.answering import answer, send
from handlers.context import Bot, Context, identity, message_of, topic_of
from handlers.refusals import loss_of, may_have_arrived
from handlers.replies import Reply
from handlers.replies import watching as replies
from handlers.replies.texts import plain
from handlers.tapping import chat_of, refuse, tap, turn_to
from services import Services, watching
from services.asking.telling import Place
from services.watching import Refusal

WATCH = re.compile(r"watch:(?:who:(?P<person>\d{1,18})|(?P<name>name)|stop:(?P<watch>\d{1,18}))\Z")
_QUIET = re.compile(r"quiet(?:\s+(?P<times>.*))?\Z", re.IGNORECASE)
_TIMES = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?", re.IGNORECASE)


async def on_command(update: Update, context: Context) -> None:
    """List whom the chat watches, watch somebody, or set a quiet time."""
    message, words = message_of(update), " ".join(context.args or [])
    quiet = _QUIET.fullmatch(words)
    if not words:
        await answer(message, replies.listed(await watching.watched(context.services, message.chat_id)))
    elif not await may_decide(message, context):
        await answer(message, plain(replies.admins_only()))
    elif quiet is not None:
        await answer(message, await _quieted(message, quiet["times"] or "", context))
    else:
        await _watch(message, words, context)


async def on_button(update: Update, context: Context) -> None:
    """Watch who was picked, wait for a name, or stop watching."""
    query, tapped = tap(update, WATCH)
    if not await may_decide_by_tap(query, context):
        await refuse(query, replies.admins_only())
    elif tapped["watch"] is not None:
        await _stop(query, int(tapped["watch"]), context)
    elif isinstance(query.message, Message):
        chat, thread, user = query.message.chat_id, topic_of(query.message), query.from_user.id
        if tapped["person"] is not None:
            became = await watching.watch_person(context.services, chat, thread, user, int(tapped["person"]))
        else:
            became = await watching.watch_name(context.services, chat, thread, user, query.message.message_id)
        if isinstance(became, Watch):
            await turn_to(query, replies.watching(became), context)
        else:
            await refuse(query, _refused(became))


async def send_alert(services: Services, bot: Bot, payload: dict[str, Any]) -> Outcome:
    """Tell a chat what is to be told of those whom it watches."""
    chat, thread = payload["chat"], payload["thread"]
    wait = await watching.quiet_until(services, chat)
    if wait is not None:
        return NotYet(wait)
    found = await watching.due(services, chat, thread)
    if not found:
        return Done()
    await watching.begin(services, found)
    try:
        message = await send(bot, chat, replies.alerts(found, bot.username), thread or None)
    except TelegramError as error:
        if not may_have_arrived(error):
            await watching.give_back(services, found)
        lost = loss_of(error)
        if lost is not None:
            await watching.stop_all(services, chat, thread if lost is Loss.TOPIC else None)
        raise
    await watching.told_of(services, Place(chat, message.message_id, thread or None), found)
    return Done()


async def _watch(message: Message, name: str, context: Context) -> None:
    owner = message.from_user.id if message.from_user else 0
    found = await watching.watch(context.services, identity(message.chat), topic_of(message), owner, name)
    match found:
        case Watch():
            await answer(message, replies.watching(found))
        case SeveralPersons(candidates):
            await answer(message, replies.which(candidates))
        case NobodyFound():
            told = await answer(message, replies.nobody(found))
            await watching.keep_name(context.services, Place(told.chat_id, told.message_id, topic_of(told)), name)
        case _:
            await answer(message, plain(_refused(found)))


async def _quieted(message: Message, written: str, context: Context) -> Reply:
    times = _times(written)
    if times is None and written.strip().lower() not in ("off", "none"):
        return replies.quiet_unclear()
    return replies.quiet_set(await watching.set_quiet(context.services, identity(message.chat), times))


def _times(written: str) -> tuple[time, time] | None:
    """Return the beginning and the end of "22:00-07:00", "22-7"; None where that is none."""
    found = _TIMES.fullmatch(written.strip())
    if found is None:
        return None
    first, first_minute, last, last_minute = (int(each or 0) for each in found.groups())
    try:
        begins, ends = time(first, first_minute), time(last, last_minute)
    except ValueError:
        return None
    return (begins, ends) if begins != ends else None


async def _stop(query: CallbackQuery, number: int, context: Context) -> None:
    chat = chat_of(query)
    if not await watching.stop(context.services, chat, number):
        await refuse(query, replies.gone())
        return
    await turn_to(query, replies.listed(await watching.watched(context.services, chat)), context)


def _refused(why: Refusal) -> str:
    match why:
        case Refusal.KNOWN:
            return replies.known()
        case Refusal.TOO_MANY:
            return replies.too_many(watching.MOST)
        case _:
            return replies.gone()
