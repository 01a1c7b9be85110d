"""``/deliveries``: what became of a chat's digests."""

import re

from telegram import Update

from handlers.admins import may_decide, may_decide_by_tap
from handlers.answering import answer
from handlers.context import Context, message_of
from handlers.replies import Reply, deliveries
from handlers.replies.subscriptions import about
from handlers.subscribing.commands import names_of
from handlers.tapping import chat_of, refuse, tap, turn_to
from services.delivering import ledger

PAGE = re.compile(r"deliveries:(?P<page>\d{1,5})\Z")


async def on_command(update: Update, context: Context) -> None:
    """Show the last ones to whoever decides for the chat."""
    message = message_of(update)
    if not await may_decide(message, context):
        await answer(message, deliveries.for_admins())
        return
    await answer(message, await _page(context, message.chat_id, 0))


async def on_page(update: Update, context: Context) -> None:
    """Show another page."""
    query, tapped = tap(update, PAGE)
    if not await may_decide_by_tap(query, context):
        await refuse(query, deliveries.gone())
        return
    await turn_to(query, await _page(context, chat_of(query), int(tapped["page"])), context)


async def _page(context: Context, chat: int, number: int) -> Reply:
    found = await ledger(context.services, chat, number)
    names = await names_of(context, chat, [each.subscription for each in found.deliveries])
    limits = {each.id: about(each.subscription.wish.filters, names.people) for each in found.deliveries}
    return deliveries.page(found, limits)
