"""A message that may be an article: long enough, it is taken in; else a sentence says what to do."""

import re

from telegram import (
    Document,
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.error import BadRequest

from domain.articles import AlreadyHere, Forward, IncomingArticle, Origin, OriginKind, Taken, TooShort
from domain.chats import ChatKind
from handlers.answering import answer
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import Reply, cards, problems
from handlers.who import answer_who, name_asked_for
from services.cards import show
from services.intake import SHORTEST_ARTICLE, take_in, take_in_file, words_in

# Telegram lets bots fetch files up to this size, in bytes; no article's text comes near the second.
LARGEST_FILE = 20_000_000
LARGEST_TEXT = 1_000_000


async def on_text(update: Update, context: Context) -> None:
    """Take an article in, answer a plain question, or say what to do with a text that is neither."""
    message = message_of(update)
    text = message.text or message.caption or ""
    if words_in(text) >= SHORTEST_ARTICLE:
        await _take_in(message, text, context)
    elif _may_speak(message, context):
        await _answer_short(message, text, context)


async def on_document(update: Update, context: Context) -> None:
    """Take in the article that a text file holds, or say why not; in a group, not every file is meant for the bot."""
    message = message_of(update)
    document = message.document
    assert document is not None  # noqa: S101  # this handler is only called for documents
    speaks = _may_speak(message, context)
    if not speaks and document.mime_type != "text/plain":
        return
    problem = await _document_problem(message, document, context)
    if problem is not None and speaks:
        await answer(message, problem)


async def _document_problem(message: Message, document: Document, context: Context) -> Reply | None:
    """Take in what the file holds, or return what is wrong with it."""
    size = document.file_size or 0
    if size > LARGEST_FILE:
        return problems.file_too_large(size)
    file = await document.get_file()
    data = bytes(await file.download_as_bytearray())
    if len(data) > LARGEST_TEXT:
        return problems.text_too_long(len(data))
    taken = await take_in_file(context.services, data, _forward(message))
    if taken is None:
        return problems.file_unread(document.file_name)
    if isinstance(taken, TooShort):
        return problems.too_short(taken.words, SHORTEST_ARTICLE)
    await _tell(message, taken, context)
    return None


async def _take_in(message: Message, text: str, context: Context) -> None:
    taken = await take_in(context.services, IncomingArticle(text, _forward(message)))
    await _tell(message, taken, context)


async def _tell(message: Message, taken: Taken | AlreadyHere, context: Context) -> None:
    if isinstance(taken, AlreadyHere):
        known = await show(context.services, message.chat_id, taken.article)
        if known is not None:
            await answer(message, cards.already_here(taken, known))
        return
    await _acknowledge(message)


async def _acknowledge(message: Message) -> None:
    """Show at once that the article is here; the card follows, and a note where that takes long."""
    try:
        await message.set_reaction("👀")
    except BadRequest:
        # The chat allows no reactions.
        await message.reply_chat_action("typing")


async def _answer_short(message: Message, text: str, context: Context) -> None:
    question = re.sub(f"@{re.escape(context.name)}\\b", "", text, flags=re.IGNORECASE).strip()
    name = name_asked_for(question)
    if name is not None and message.forward_origin is None:
        await answer_who(message, name, context)
    else:
        await answer(message, problems.too_short(words_in(text), SHORTEST_ARTICLE))


def _may_speak(message: Message, context: Context) -> bool:
    """In a group, people's talk is not for the bot unless they name it or answer it."""
    if message.chat.type == ChatKind.PRIVATE:
        return True
    to = message.reply_to_message
    if to is not None and to.from_user is not None and to.from_user.id == context.bot.id:
        return True
    named = {*message.parse_entities([MessageEntity.MENTION]).values()}
    named |= {*message.parse_caption_entities([MessageEntity.MENTION]).values()}
    return f"@{context.name}".casefold() in {name.casefold() for name in named}


def _forward(message: Message) -> Forward:
    sender = message.sender_chat.title if message.sender_chat else None
    if sender is None and message.from_user is not None:
        sender = message.from_user.full_name
    return Forward(
        chat=identity(message.chat),
        message_id=message.message_id,
        thread_id=topic_of(message),
        sender=sender or "somebody",
        origin=_origin(message),
        sent_at=message.date,
    )


def _origin(message: Message) -> Origin:
    match message.forward_origin:
        case MessageOriginUser(sender_user=user, date=date):
            return Origin(OriginKind.USER, user.full_name, user.username, None, date)
        case MessageOriginHiddenUser(sender_user_name=name, date=date):
            return Origin(OriginKind.HIDDEN_USER, name, None, None, date)
        case MessageOriginChat(sender_chat=chat, date=date):
            return Origin(OriginKind.CHAT, chat.effective_name, chat.username, None, date)
        case MessageOriginChannel(chat=chat, message_id=number, date=date):
            return Origin(OriginKind.CHANNEL, chat.effective_name, chat.username, number, date)
        case _:
            return Origin()
