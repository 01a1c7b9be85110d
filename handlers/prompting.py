"""What a question of ours is answered by: an answer to its message, or, in a private chat, the next plain text."""

from telegram import Message, MessageEntity, Update

from domain.chats import ChatKind
from handlers.context import Context
from handlers.incoming import answered
from services import prompting
from services.asking.unasked import is_question

_LONGEST = 300
# A name may begin as a question does ("Will Lind").
_LONGEST_NAME = 3
_LINKS = (MessageEntity.URL, MessageEntity.TEXT_LINK)
# What may well be written as a question.
_QUESTIONS_TOO = frozenset({"headline"})


async def question_of(message: Message, context: Context) -> int | None:
    """Return the number of the message of ours that a message may be the answer to."""
    to = answered(message)
    if to is not None:
        return to.message_id
    if message.chat.type != ChatKind.PRIVATE or not _has_few_words(message):
        return None
    asked = await prompting.waiting(context.services, message.chat_id)
    return asked.message if asked is not None and is_plain(message, asked.asks) else None


async def on_any(update: Update, context: Context) -> None:
    """Let a question wait no more for plain words where something else is done in a private chat."""
    chat, message = update.effective_chat, update.message
    if chat is None or chat.type != ChatKind.PRIVATE:
        return
    asked = await prompting.waiting(context.services, chat.id)
    if asked is None or (message is not None and (answered(message) or is_plain(message, asked.asks))):
        return
    await prompting.pass_by(context.services, chat.id, asked)


def is_plain(message: Message, asks: str) -> bool:
    """Return whether a message may be the words that were asked for, and not a command, an article or a question."""
    if not _has_few_words(message):
        return False
    text = (message.text or "").strip()
    asking = text.endswith(("?", "؟")) or (is_question(text) and len(text.split()) > _LONGEST_NAME)
    return asks in _QUESTIONS_TOO or not asking


def _has_few_words(message: Message) -> bool:
    """Return whether a message may be a name, a headline, a day, …, whatever was asked for."""
    text = (message.text or "").strip()
    if not text or text.startswith("/") or message.forward_origin is not None:
        return False
    return len(text) <= _LONGEST and "\n" not in text and all(each.type not in _LINKS for each in message.entities)
