"""Being blocked, removed from a chat or moved to another number: what was to be sent there ends, or moves, too."""

from telegram import ChatMember, Update

from domain.chats import ChatKind
from domain.sending import Loss
from handlers.context import Context, message_of
from services import delivering, migrating

_GONE = frozenset({ChatMember.BANNED, ChatMember.LEFT})


async def on_membership(update: Update, context: Context) -> None:
    """End the digests of a chat that the bot is no longer in."""
    change = update.my_chat_member
    if change is not None and change.new_chat_member.status in _GONE:
        lost = Loss.BLOCKED if change.chat.type == ChatKind.PRIVATE else Loss.REMOVED
        await delivering.lose(context.services, change.chat.id, None, lost)


async def on_migration(update: Update, context: Context) -> None:
    """Take a group over to the number that it has as a supergroup; both of its numbers tell of it."""
    message = message_of(update)
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    await migrating.move_chat(context.services, old, new)
