"""``/digest``, ``/digest 3d``, ``/digest 3d NAME``: what came in, now; and all stories of a digest."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from telegram import Message, Update

from domain.digests import StoryList
from domain.subscriptions import Filters
from handlers.answering import answer
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import digests as replies
from handlers.replies import subscriptions
from handlers.tapping import chat_of, refuse, settle, tap, turn_to
from services import Services, chats, digesting
from services.asking.telling import Place, keep_shown
from services.digesting.periods import split_period
from services.filtering import NoExpression
from services.subscribing import offers
from services.subscribing.lines import parse

# Its pages turn in place; "all" is asked for below a digest, which stays.
DIGEST = re.compile(r"digest:(?P<delivery>\d{1,18}):(?P<page>\d{1,4}|all)\Z")
NEWS = re.compile(r"news:(?P<since>\d{1,11}):(?P<until>\d{1,11}):(?P<page>\d{1,4}|all)\Z")
A_DAY = timedelta(days=1)


async def on_digest(update: Update, context: Context) -> None:
    """Tell what came in; behind the command may stand a time, and of whom, or of what, it is to be."""
    await tell_news(message_of(update), " ".join(context.args or []), context)


async def tell_news(message: Message, words: str, context: Context) -> None:
    """Tell what came in during a time that words mean, or else during the last day; nothing counts as told by it."""
    services = context.services
    chat = await chats.know(services, identity(message.chat))
    now = services.clock()
    # What reads dates takes its time to load.
    period, rest = await asyncio.to_thread(split_period, words, now, chat.timezone) if words else (None, "")
    filters = await _filters(services, chat.id, rest, timed=period is not None)
    if filters is None:
        await answer(message, replies.period_unclear(words))
        return
    composed = await digesting.on_demand(services, identity(message.chat), *(period or (now - A_DAY, now)), filters)
    about = subscriptions.about(filters, await offers.called(services, chat.id, filters.people))
    for part in replies.on_demand(composed, now, chat.timezone, context.name, about):
        sent = await answer(message, part.reply)
        place = Place(message.chat_id, sent.message_id, topic_of(message))
        await keep_shown(context.services, place, "digest", part.shown)


async def _filters(services: Services, chat: int, written: str, *, timed: bool) -> Filters | None:
    """Return what words limit a digest to; None where they say nothing that is known, and perhaps were to be a time."""
    line = parse(written)
    if line.times or line.unclear or line.ends or line.rhythm:
        return None
    about = line.about or line.place
    found = await offers.filters_of(services, chat, about, disputed=line.disputed)
    if isinstance(found, NoExpression) or (found.words and not (timed or line.about)):
        return None
    return found if about or line.disputed or not written else None


async def on_delivery(update: Update, context: Context) -> None:
    """Show a page of all stories of a digest that was sent here, or set up here."""
    query, tapped = tap(update, DIGEST)
    number, page = int(tapped["delivery"]), tapped["page"]
    found = await digesting.stories_of_delivery(context.services, chat_of(query), number, _number(page))
    await _show(update, context, found, f"digest:{number}", page)


async def on_news(update: Update, context: Context) -> None:
    """Show a page of all stories of a time."""
    query, tapped = tap(update, NEWS)
    since, until, page = int(tapped["since"]), int(tapped["until"]), tapped["page"]
    found = await digesting.stories_of_period(
        context.services, chat_of(query), _moment(since), _moment(until), _number(page)
    )
    await _show(update, context, found, f"news:{since}:{until}", page)


async def _show(update: Update, context: Context, found: StoryList | None, data: str, page: str) -> None:
    query = update.callback_query
    assert query is not None  # noqa: S101  # this is only called for taps
    if found is None:
        await refuse(query, replies.gone())
        return
    reply = replies.listing(found, data, context.name)
    if page == "all" and isinstance(query.message, Message):
        await answer(query.message, reply)
        await settle(query)
    else:
        await turn_to(query, reply, context)


def _number(page: str) -> int:
    return 0 if page == "all" else int(page)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
