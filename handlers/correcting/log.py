"""What was put right, by whom, and taking it back."""

import re

from telegram import Message, Update

from handlers.answering import answer
from handlers.context import Context, message_of
from handlers.correcting.asking import tapper, writer
from handlers.incoming import answered
from handlers.replies import corrections
from handlers.tapping import chat_of, tap, turn_to
from services.correcting import history, undoing

UNDO = re.compile(r"undo:(?P<correction>\d{1,18})(?::(?P<page>\d{1,4}))?\Z")
HISTORY = re.compile(r"history:(?P<page>\d{1,4})(?::(?P<article>\d{1,18}))?\Z")


async def on_undo_command(update: Update, context: Context) -> None:
    """Take back the chat's newest correction that holds."""
    message = message_of(update)
    became = await undoing.undo_latest(context.services, message.chat_id, writer(message))
    await answer(message, corrections.undone(became))


async def on_undo(update: Update, context: Context) -> None:
    """Take a correction back; in a list of them, the list is shown anew."""
    query, tapped = tap(update, UNDO)
    chat = chat_of(query)
    became = await undoing.undo(context.services, chat, int(tapped["correction"]), tapper(query))
    if tapped["page"] is None:
        await turn_to(query, corrections.undone(became), context)
    else:
        found = await history.history(context.services, chat, int(tapped["page"]))
        await turn_to(query, corrections.history(found), context)


async def on_history_command(update: Update, context: Context) -> None:
    """Show what was put right; in answer to a card, in its article, with how its text was edited."""
    message = message_of(update)
    article = await article_pointed_to(message, context)
    page = int((context.args or [""])[0]) - 1 if re.fullmatch(r"\d{1,4}", (context.args or [""])[0]) else 0
    found = await history.history(context.services, message.chat_id, max(0, page), article)
    await answer(message, corrections.history(found))


async def on_history(update: Update, context: Context) -> None:
    """Show another page of what was put right."""
    query, tapped = tap(update, HISTORY)
    article = int(tapped["article"]) if tapped["article"] else None
    found = await history.history(context.services, chat_of(query), int(tapped["page"]), article)
    await turn_to(query, corrections.history(found), context)


async def article_pointed_to(message: Message, context: Context) -> int | None:
    """Return the article that a message answers: its card, or the message that brought it."""
    to = answered(message)
    return await history.article_shown(context.services, message.chat_id, to.message_id) if to is not None else None
