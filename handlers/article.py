"""Messages that may be articles: what comes is received, and the sender is told what became of it."""

import re
from contextlib import suppress
from dataclasses import replace

from telegram import Message, Update
from telegram.error import BadRequest, TelegramError

from domain.articles import (
    AlreadyHere,
    ArticleState,
    Fetching,
    NothingHere,
    OnlyReads,
    Received,
    SeveralHere,
    Taken,
    TooShort,
    Waiting,
)
from domain.chats import ChatKind
from domain.limits import OverLimit
from domain.messages import SHORTEST_ARTICLE, Bundle, IncomingMessage, Talk, content_of, words_in
from handlers.answering import answer, send
from handlers.asking import on_words
from handlers.context import Bot, Context, is_private, message_of
from handlers.digests import tell_news
from handlers.incoming import answered, answers_us, incoming_message
from handlers.limiting import asker_of, holds_back, tell_over
from handlers.other import on_unreadable
from handlers.replies import Reply, cards, problems, sharing, subscriptions
from handlers.replies.texts import plain
from handlers.subscribing.commands import end_digest, take_line
from services import Services, receiving
from services.asking.unasked import is_question
from services.cards import show
from services.intake import edit
from services.limits import Asker
from services.subscribing.spoken import Aim, heard


async def on_message(update: Update, context: Context) -> None:
    """Receive what may be an article, answer a plain question, or take in the message that an answer points to."""
    message = message_of(update)
    incoming = incoming_message(message, context)
    if incoming.file is None and not (message.text or message.caption):
        await on_unreadable(update, context)
        return
    to_us = incoming.addressed or answers_us(message, context)
    if _asks_at_length(incoming) and not to_us:
        return
    if (_is_short(incoming) or _asks_at_length(incoming)) and not incoming.is_forward and to_us:
        words = _without_name(incoming.text, context)
        if await holds_back(message, context):
            return
        if await _on_digests(update, words, context):
            return
        if await on_words(update, words, context):
            return
        if not words and message.text and not _points_elsewhere(message, context):
            await answer(message, problems.how_to_ask())
            return
        if incoming.addressed and _points_elsewhere(message, context) and not is_private(update):
            await _take_pointed_to(message, context)
            return
    await tell(context.services, context.bot, incoming, await receiving.receive(context.services, incoming))


async def _on_digests(update: Update, words: str, context: Context) -> bool:
    """Do what plain words want of digests; False where they speak of something else."""
    message, spoken = message_of(update), heard(words)
    if spoken is None or answers_us(message, context):
        return False
    match spoken.aim:
        case Aim.NEWS:
            await tell_news(message, spoken.words, context)
        case Aim.SUBSCRIBE:
            await take_line(message, spoken.line, context)
        case Aim.END:
            await end_digest(message, context)
        case Aim.UNCLEAR:
            await answer(message, subscriptions.offer_to_subscribe())
    return True


async def on_edit(update: Update, context: Context) -> None:
    """Bring an article up to date whose message was edited; a message may also become an article by that."""
    incoming = incoming_message(message_of(update), context)
    edited = incoming.file is not None or await edit(context.services, incoming)
    if isinstance(edited, OverLimit):
        await tell(context.services, context.bot, incoming, edited)
    if edited:
        return
    if not _is_short(incoming) and not _asks_at_length(incoming):
        await tell(context.services, context.bot, incoming, await receiving.receive(context.services, incoming))


async def on_command(update: Update, context: Context) -> None:
    """Take in the message that ``/article`` answers, or the text or link behind it."""
    message = message_of(update)
    incoming = incoming_message(message, context)
    if _points_elsewhere(message, context):
        await _take_pointed_to(message, context)
    elif incoming.text.strip():
        await _take_now(incoming, context, asker_of(message))
    else:
        await answer(message, problems.which_article())


async def tell(services: Services, bot: Bot, message: IncomingMessage, became: Received) -> None:
    """Tell the sender what became of a message; in a group, nobody is interrupted who did not talk to the bot."""
    match became:
        case OverLimit():
            await tell_over(services, bot, message, became)
        case Taken() | Fetching():
            await _acknowledge(bot, message)
        case Waiting() if words_in(message.text) >= SHORTEST_ARTICLE:
            await _acknowledge(bot, message)
        case AlreadyHere() if message.forward.chat.kind is ChatKind.CHANNEL:
            await _acknowledge(bot, message)
        case AlreadyHere(article=article):
            known = await show(services, message.forward.chat.id, article)
            if known is not None:
                await _answer(bot, message, cards.already_here(became, known))
        case _:
            word = _word(message, became)
            if word is not None:
                await _answer(bot, message, word)


def _word(message: IncomingMessage, became: Received) -> Reply | None:
    """Return what is said about a message of which no article became."""
    match became:
        case OnlyReads():
            return plain(sharing.may_only_read())
        case SeveralHere():
            return cards.several(became)
        case TooShort(0) if message.addressed:
            return problems.photo_without_text()
        case TooShort(words) if message.addressed:
            return problems.too_short(words, SHORTEST_ARTICLE)
        case NothingHere(what, reason) if message.addressed:
            return problems.no_article(reason, what)
    return None


async def _answer(bot: Bot, message: IncomingMessage, reply: Reply) -> None:
    await send(bot, message.forward.chat.id, reply, message.forward.thread_id, message.number)


async def _acknowledge(bot: Bot, message: IncomingMessage) -> None:
    """Show at once that the article is here; the card follows, and a note where that takes long."""
    chat, topic = message.forward.chat.id, message.forward.thread_id
    # A sign that does not get through must hold nothing up.
    with suppress(TelegramError):
        try:
            await bot.set_message_reaction(chat, message.number, "👀")
        except BadRequest:
            # The chat allows no reactions.
            await bot.send_chat_action(chat, "typing", message_thread_id=topic)


def _is_short(message: IncomingMessage) -> bool:
    return message.file is None and isinstance(content_of([message]), Talk)


def _asks_at_length(message: IncomingMessage) -> bool:
    """Return whether what somebody wrote is a question, though it has an article's length; channels post articles."""
    talk = message.forward.chat.kind is not ChatKind.CHANNEL and not message.is_forward
    plain = message.file is None and not message.links and message.album is None
    return talk and plain and not _is_short(message) and is_question(message.text)


def _without_name(text: str, context: Context) -> str:
    return re.sub(f"@{re.escape(context.name)}\\b", "", text, flags=re.IGNORECASE).strip()


def _points_elsewhere(message: Message, context: Context) -> bool:
    """Return whether a message answers one that is not the bot's."""
    return answered(message) is not None and not answers_us(message, context)


async def _take_pointed_to(message: Message, context: Context) -> None:
    to = answered(message)
    assert to is not None  # noqa: S101  # this is only called for answers
    await _take_now(incoming_message(to, context), context, asker_of(message))


async def _take_now(message: IncomingMessage, context: Context, asker: Asker) -> None:
    """Take in what somebody asked for, who need not have sent it; if it is here already, its card is what they want."""
    asked = Bundle((replace(message, addressed=True),))
    became = await receiving.take(context.services, asked, alone=True, asker=asker)
    if isinstance(became, OverLimit):
        await tell_over(context.services, context.bot, asked.first, became, asker)
        return
    if isinstance(became, Taken):
        shown = await show(context.services, message.forward.chat.id, became.article)
        if shown is not None and shown.state is not ArticleState.RECEIVED:
            await _answer(context.bot, message, cards.card(shown, context.name))
            return
    await tell(context.services, context.bot, asked.first, became)
