"""Who may decide for a chat: in a private chat its person, elsewhere its administrators."""

from telegram import CallbackQuery, ChatMember, Message
from telegram.error import BadRequest, Forbidden

from domain.chats import ChatKind
from handlers.context import Bot, Context
from services import Services

_LEADING = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


async def may_decide(message: Message, context: Context) -> bool:
    """Return whether who writes a message decides for its chat."""
    if message.chat.type == ChatKind.PRIVATE:
        return True
    if message.sender_chat is not None:
        # An anonymous administrator writes in the name of the group, and who posts in a channel in the channel's.
        return message.sender_chat.id == message.chat_id
    user = message.from_user
    return user is not None and await leads(context.services, context.bot, message.chat_id, user.id)


async def may_decide_by_tap(query: CallbackQuery, context: Context) -> bool:
    """Return whether who taps a button decides for its chat."""
    if query.message is None:
        return False
    chat = query.message.chat
    return chat.type == ChatKind.PRIVATE or await leads(context.services, context.bot, chat.id, query.from_user.id)


async def leads(services: Services, bot: Bot, chat: int, user: int) -> bool:
    """Return whether somebody is an administrator of a group or channel, as Telegram has said within the last minute.

    Where it does not tell, they are none.
    """
    now = services.clock()
    said = services.leading.of(chat, user, now)
    if said is None:
        said = await _asked(bot, chat, user)
        services.leading.keep(chat, user, now, said=said)
    return said


async def _asked(bot: Bot, chat: int, user: int) -> bool:
    try:
        return (await bot.get_chat_member(chat, user)).status in _LEADING
    except (BadRequest, Forbidden):
        return False


async def sees_all(bot: Bot, chat: int) -> bool:
    """Return whether Telegram lets the bot see what is said to others in a group."""
    if bot.bot.can_read_all_group_messages:
        return True
    try:
        return (await bot.get_chat_member(chat, bot.id)).status == ChatMember.ADMINISTRATOR
    except (BadRequest, Forbidden):
        return False


async def creator(bot: Bot, chat: int) -> int:
    """Return the number of who created a group or channel, 0 where Telegram does not tell."""
    try:
        found = await bot.get_chat_administrators(chat)
    except (BadRequest, Forbidden):
        return 0
    return next((each.user.id for each in found if each.status == ChatMember.OWNER), 0)
