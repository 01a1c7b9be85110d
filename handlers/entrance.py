"""Whom the bot is open to, where whoever runs it has said so: before anything else is done with an update.

Those let in may use it everywhere. In a group or channel that one of them leads, all may, and it alone is sent what
comes by itself.
"""

from telegram import ChatMember, Message, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import ApplicationHandlerStop

from domain.chats import ChatKind
from handlers.answering import answer
from handlers.context import Bot, Context
from handlers.incoming import is_addressed
from handlers.replies import problems
from handlers.replies.texts import plain
from handlers.tapping import refuse
from services import Services, access

# In the memory of who leads a chat: somebody who is let in. Nobody has this number, and whom Telegram hides has 0.
_ANY_LET_IN = -1


async def on_any(update: Update, context: Context) -> None:
    """Let an update pass, or stop it."""
    if await is_open(update, context):
        return
    await _turn_away(update, context)
    raise ApplicationHandlerStop


async def is_open(update: Update, context: Context) -> bool:
    """Return whether the bot is open to whom an update is from; that it was removed or has moved is heard from all."""
    services, user, chat = context.services, update.effective_user, update.effective_chat
    if not services.allowed_users or (user is not None and access.lets_in(services, user.id)):
        return True
    if update.my_chat_member is not None or _is_move(update.effective_message):
        return True
    if chat is None or chat.type == ChatKind.PRIVATE:
        return False
    return await _is_led_by_one_let_in(services, context.bot, chat.id)


async def is_shut(services: Services, bot: Bot, chat: int) -> bool:
    """Return whether a chat is to be sent nothing that comes by itself, as the bot is not open to it (any more)."""
    if not services.allowed_users:
        return False
    if chat > 0:
        return not access.lets_in(services, chat)
    try:
        return not await _is_led_by_one_let_in(services, bot, chat)
    except ChatMigrated:
        # What is sent there tells where it has gone.
        return False


async def _is_led_by_one_let_in(services: Services, bot: Bot, chat: int) -> bool:
    now = services.clock()
    said = services.leading.of(chat, _ANY_LET_IN, now)
    if said is None:
        said = any(access.lets_in(services, each.user.id) for each in await _administrators(bot, chat))
        services.leading.keep(chat, _ANY_LET_IN, now, said=said)
    return said


async def _administrators(bot: Bot, chat: int) -> tuple[ChatMember, ...]:
    try:
        return await bot.get_chat_administrators(chat)
    except (BadRequest, Forbidden):
        return ()


async def _turn_away(update: Update, context: Context) -> None:
    """Say once a day in a chat that the bot is closed, where somebody waits for an answer; a tap always wants one."""
    user, message = update.effective_user, update.effective_message
    number = user.id if user else 0
    if update.callback_query is not None:
        await refuse(update.callback_query, problems.closed(number))
    elif update.inline_query is not None:
        await update.inline_query.answer([], is_personal=True)
    elif (
        message is not None
        and _waits(message, context)
        and await access.is_to_be_told(context.services, message.chat_id)
    ):
        await answer(message, plain(problems.closed(number)))


def _waits(message: Message, context: Context) -> bool:
    if message.edit_date is not None or message.chat.type == ChatKind.CHANNEL:
        return False
    return is_addressed(message, context) or (message.text or "").startswith("/")


def _is_move(message: Message | None) -> bool:
    return message is not None and (message.migrate_to_chat_id or message.migrate_from_chat_id) is not None
