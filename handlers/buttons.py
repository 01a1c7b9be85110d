"""Taps on buttons: each shows another page in place of the message that bears the button."""

import re
from dataclasses import replace

from telegram import Message, Update

from handlers.context import Context
from handlers.incoming import incoming_message
from handlers.replies import batches, cards, problems
from handlers.tapping import chat_of, refuse, tap, turn_to
from services import batches as batch_service
from services.cards import show
from services.receiving import split_file

CARD = re.compile(r"(?P<view>card|claims|people):(?P<number>\d{1,18})(?::(?P<page>\d{1,4}))?\Z")
BATCH = re.compile(r"batch:(?P<number>\d{1,18}):(?P<page>\d{1,4})\Z")
FILE = re.compile(r"file:(?P<how>each|one)\Z")


async def on_card_button(update: Update, context: Context) -> None:
    """Show the card, all claims or all people of an article, if this chat has it."""
    query, tapped = tap(update, CARD)
    shown = await show(context.services, chat_of(query), int(tapped["number"]))
    if shown is None:
        await refuse(query, cards.gone())
        return
    page = int(tapped["page"] or 0)
    views = {"claims": cards.all_claims, "people": cards.all_people}
    view = views.get(tapped["view"])
    await turn_to(query, view(shown, page, context.name) if view else cards.card(shown, context.name), context)


async def on_batch_button(update: Update, context: Context) -> None:
    """Show a page of a batch, if it is this chat's."""
    query, tapped = tap(update, BATCH)
    shown = await batch_service.show(context.services, chat_of(query), int(tapped["number"]))
    if shown is None:
        await refuse(query, batches.gone())
        return
    await turn_to(query, batches.batch(shown, context.name, int(tapped["page"])), context)


async def on_file_button(update: Update, context: Context) -> None:
    """Have a file read as its sender means it; the file is in the message that the button's one answers."""
    query, tapped = tap(update, FILE)
    offer = query.message if isinstance(query.message, Message) else None
    document = offer.reply_to_message if offer else None
    incoming = incoming_message(document, context) if document else None
    if offer is None or incoming is None or incoming.file is None:
        await refuse(query, problems.file_gone())
        return
    await split_file(context.services, replace(incoming, addressed=True), tapped["how"])
    await turn_to(query, cards.being_split(tapped["how"]), context)


async def on_unknown_button(update: Update, context: Context) -> None:
    """Answer a tap on a button of an older version, or a forged one."""
    if update.callback_query is not None:
        await update.callback_query.answer(problems.old_button())
