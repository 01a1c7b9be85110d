"""Questions of ours that are answered by writing."""

from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, Message

from domain.chats import ChatKind
from domain.corrections import Editor
from handlers.answering import send
from handlers.context import Context, topic_of
from handlers.replies import Reply, corrections
from handlers.tapping import chat_of, settle
from services.correcting import prompts


async def ask(
    context: Context, to: Message, topic: Mapping[str, Any], about: str, editor: Editor, problem: str | None = None
) -> None:
    """Ask for words below a message; ``problem`` says why those that came could not be taken.

    ``about`` are words of the archive, which are not kept with the question: they may be erased before it is.
    """
    asked = None if to.chat.type == ChatKind.PRIVATE else editor
    reply = corrections.prompt(topic["ask"], about, asked, problem)
    message = await send(context.bot, to.chat_id, reply, topic_of(to), to.message_id)
    await prompts.remember(context.services, to.chat_id, message.message_id, topic_of(to), {**topic, "by": editor.user})


async def answer_below(query: CallbackQuery, reply: Reply, context: Context) -> None:
    """Answer a tap with a message of its own; the one that bears the button stays as it is."""
    message = query.message
    if isinstance(message, Message):
        await send(context.bot, message.chat_id, reply, topic_of(message), message.message_id)
    await settle(query)


def writer(message: Message) -> Editor:
    """Return who writes a message."""
    by = message.from_user
    name = by.full_name if by else message.author_signature or message.chat.title or "somebody"
    return Editor(by.id if by else message.chat_id, name, message.chat_id)


def tapper(query: CallbackQuery) -> Editor:
    """Return who taps a button."""
    return Editor(query.from_user.id, query.from_user.full_name, chat_of(query))
