"""``/start``, ``/help``, and the ways back to an article: ``/start a12``, ``/a12``."""

import re

from telegram import Update

from handlers.answering import answer, send
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import cards, texts
from services.cards import show
from services.chats import know

ARTICLE = re.compile(r"^/(?:start(?:@\w+)?\s+)?a(?P<number>\d{1,18})(?:@\w+)?$")


async def on_start(update: Update, context: Context) -> None:
    """Say what the bot is for and what to do first."""
    message = message_of(update)
    await know(context.services, identity(message.chat))
    await answer(message, texts.start(context.name))


async def on_help(update: Update, context: Context) -> None:
    """List what the bot understands."""
    await answer(message_of(update), texts.help_text())


async def on_article(update: Update, context: Context) -> None:
    """Answer to the message that brought an article with the article's card."""
    message = message_of(update)
    asked = ARTICLE.match(message.text or "")
    shown = await show(context.services, message.chat_id, int(asked["number"])) if asked else None
    if shown is None:
        await answer(message, texts.plain(cards.gone()))
        return
    forward = shown.article.forward
    here = forward is not None and forward.chat.id == message.chat_id
    to = forward.message_id if forward is not None and here else message.message_id
    await send(context.bot, message.chat_id, cards.card(shown, context.name), topic_of(message), to)
