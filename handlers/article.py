"""A message that may be an article: long enough, it is taken in; else a sentence says what to do."""

from telegram import (
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.error import BadRequest

from domain.articles import AlreadyHere, Forward, IncomingArticle, Origin, OriginKind, Taken
from handlers.answering import answer
from handlers.context import Context, identity, is_private, message_of
from handlers.replies import cards, problems
from handlers.who import answer_who, name_asked_for
from services.cards import show
from services.intake import take_in, take_in_file

# Shorter texts are talk, not articles: a paragraph of press prose has more words.
SHORTEST_ARTICLE = 40
# Telegram lets bots fetch files up to this size, in bytes.
LARGEST_FILE = 20_000_000


async def on_text(update: Update, context: Context) -> None:
    """Take an article in, answer a plain question, or say what to do with a text that is neither."""
    message = message_of(update)
    text = message.text or message.caption or ""
    if len(text.split()) >= SHORTEST_ARTICLE:
        await _take_in(message, text, context)
    elif is_private(update) or _is_addressed(message, context):
        await _answer_short(message, text, context)


async def on_document(update: Update, context: Context) -> None:
    """Take in the article that a text file holds, or say why not."""
    message = message_of(update)
    document = message.document
    assert document is not None  # noqa: S101  # this handler is only called for documents
    size = document.file_size or 0
    if size > LARGEST_FILE:
        await answer(message, problems.file_too_large(size))
        return
    file = await document.get_file()
    taken = await take_in_file(context.services, bytes(await file.download_as_bytearray()), _forward(message))
    if taken is None:
        await answer(message, problems.file_unread(document.file_name))
    else:
        await _tell(message, taken, context)


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
    question = text.replace(f"@{context.name}", "").strip()
    name = name_asked_for(question)
    if name is not None and message.forward_origin is None:
        await answer_who(message, name, context)
    else:
        await answer(message, problems.too_short(len(text.split()), SHORTEST_ARTICLE))


def _is_addressed(message: Message, context: Context) -> bool:
    """In a group, people's talk is not for the bot unless they name it or answer it."""
    to = message.reply_to_message
    answered = to is not None and to.from_user is not None and to.from_user.id == context.bot.id
    return answered or f"@{context.name}" in (message.text or message.caption or "")


def _forward(message: Message) -> Forward:
    sender = message.sender_chat.title if message.sender_chat else None
    if sender is None and message.from_user is not None:
        sender = message.from_user.full_name
    return Forward(
        chat=identity(message.chat),
        message_id=message.message_id,
        thread_id=message.message_thread_id,
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
