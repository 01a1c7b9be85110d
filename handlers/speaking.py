"""In which language a chat is spoken to: the one that was chosen there, else its person's, else English."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError

from domain.chats import ChatKind
from handlers.admins import may_decide, may_decide_by_tap
from handlers.answering import answer
from handlers.context import Bot, Context, identity, message_of
from handlers.replies import languages
from handlers.replies.language import ENGLISH, LANGUAGES, known, speaking, spoken
from handlers.replies.language import gettext as _
from handlers.replies.reading import read_in
from handlers.replies.texts import COMMANDS, plain
from handlers.tapping import chat_of, refuse, settle, tap, turn_to
from services import Services, chats

log = structlog.get_logger()

LANGUAGE = re.compile(r"language:(?P<code>which|[a-z]{2})\Z")


@asynccontextmanager
async def spoken_to(services: Services, chat: int, otherwise: int | None = None) -> AsyncIterator[None]:
    """Speak to a chat in its language; where none was chosen there, in that of the chat that wants it spoken to."""
    language = await chats.language_of(services, chat)
    if language is None and otherwise is not None:
        language = await chats.language_of(services, otherwise)
    with read_in(chat, sees=otherwise in (None, chat)), speaking(language):
        yield


@asynccontextmanager
async def answering(services: Services, update: Update) -> AsyncIterator[None]:
    """Speak to whom an update is from; a private chat that was not met before keeps the language of its person."""
    chat, user = update.effective_chat, update.effective_user
    # What is offered inline is what the asker's private chat may see.
    number = chat.id if chat else user.id if user else None
    alone = chat is None or chat.type == ChatKind.PRIVATE
    own = known(user.language_code) if user and alone else None
    kept = await chats.language_of(services, number) if number is not None else None
    with read_in(number), speaking(kept or own):
        yield
    if kept is None and own is not None and number is not None:
        await chats.meet_in(services, number, own)


async def on_command(update: Update, context: Context) -> None:
    """Ask which language is to be spoken."""
    message = message_of(update)
    await answer(message, languages.which() if await may_decide(message, context) else plain(languages.admins_only()))


async def on_button(update: Update, context: Context) -> None:
    """Speak another language from now on."""
    query, tapped = tap(update, LANGUAGE)
    code, message = tapped["code"], query.message
    if message is None or not await may_decide_by_tap(query, context):
        await refuse(query, languages.admins_only())
    elif code == "which":
        await turn_to(query, languages.which(), context)
    elif code not in LANGUAGES:
        await settle(query)
    else:
        await chats.speak(context.services, identity(message.chat), code)
        with speaking(code):
            await turn_to(query, languages.chosen(), context)
            await _tell_commands_of(context.bot, chat_of(query))


async def tell_commands(bot: Bot) -> None:
    """Tell Telegram our commands, in each language that we speak; in others they are English."""
    for language in LANGUAGES:
        with speaking(language):
            await bot.set_my_commands(_commands(), language_code=None if language == ENGLISH else language)


async def _tell_commands_of(bot: Bot, chat: int) -> None:
    try:
        await bot.set_my_commands(_commands(), scope=BotCommandScopeChat(chat))
    except TelegramError as error:
        # They stay in another language, which hinders nobody.
        log.warning("commands were not taken", action="commands.refused", error=error.message, language=spoken())


def _commands() -> list[BotCommand]:
    return [BotCommand(name, _(says)) for name, says in COMMANDS.items()]
