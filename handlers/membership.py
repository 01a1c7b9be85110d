"""Being let into a group, blocked, removed, or moved to another number: what was to be sent ends, or moves, too."""

from contextlib import suppress

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.error import TelegramError

from domain.chats import ChatKind
from domain.sending import Loss
from handlers.answering import send
from handlers.context import Context, message_of
from handlers.entrance import is_shut
from handlers.replies.subscriptions import sees_all, sees_little
from services import delivering, migrating

_GONE = frozenset({ChatMember.BANNED, ChatMember.LEFT})


async def on_membership(update: Update, context: Context) -> None:
    """End the digests of a chat that the bot is no longer in; in a group that it came to, say what it sees."""
    change = update.my_chat_member
    if change is None:
        return
    if change.new_chat_member.status not in _GONE:
        await _greet(change, context)
    else:
        lost = Loss.BLOCKED if change.chat.type == ChatKind.PRIVATE else Loss.REMOVED
        await delivering.lose(context.services, change.chat.id, None, lost)


async def _greet(change: ChatMemberUpdated, context: Context) -> None:
    """Say in a group whether the bot sees what is forwarded there: when it came, and when that has changed."""
    group = change.chat.type in (ChatKind.GROUP, ChatKind.SUPERGROUP)
    leads = change.new_chat_member.status == ChatMember.ADMINISTRATOR
    all_along = bool(context.bot.bot.can_read_all_group_messages)
    led = change.old_chat_member.status == ChatMember.ADMINISTRATOR
    came = change.old_chat_member.status in _GONE
    if not group or (not came and (all_along or leads == led)):
        return
    # Nothing hangs on its being heard.
    with suppress(TelegramError):
        if not await is_shut(context.services, context.bot, change.chat.id):
            await send(context.bot, change.chat.id, sees_all() if leads or all_along else sees_little())


async def on_migration(update: Update, context: Context) -> None:
    """Take a group over to the number that it has as a supergroup; both of its numbers tell of it."""
    message = message_of(update)
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    await migrating.move_chat(context.services, old, new)
