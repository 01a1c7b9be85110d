"""What every handler is given, typed."""

from typing import Any, TypeAlias

from telegram import Chat as TelegramChat
from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ExtBot, JobQueue

from domain.chats import ChatIdentity, ChatKind
from services import Services

Bot: TypeAlias = ExtBot[Any]


class Context(CallbackContext[Bot, None, None, Services]):
    """The library's context; ``services`` are what a handler may call."""

    @property
    def services(self) -> Services:
        """The use cases' working parts, given to the application when it was built."""
        return self.bot_data

    @property
    def name(self) -> str:
        """The bot's user name, for links that lead back to it."""
        return self.bot.username

    @property
    def first_name(self) -> str:
        """What people see the bot called."""
        return self.bot.first_name


App: TypeAlias = Application[Bot, Context, None, None, Services, JobQueue[Context]]


def identity(chat: TelegramChat) -> ChatIdentity:
    """Return who a chat is."""
    title = chat.title or chat.full_name or str(chat.id)
    return ChatIdentity(chat.id, ChatKind(chat.type), title, chat.username)


def message_of(update: Update) -> Message:
    """Return the message that the update brings; handlers of messages are only called with one."""
    message = update.effective_message
    assert message is not None  # noqa: S101  # see above
    return message


def topic_of(message: Message) -> int | None:
    """Return the forum topic that a message stands in; a chain of replies has a thread number that is no topic."""
    return message.message_thread_id if message.is_topic_message else None


def is_private(update: Update) -> bool:
    """Return whether nobody but the two of us is listening."""
    return message_of(update).chat.type == ChatKind.PRIVATE
