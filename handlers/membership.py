"""Being blocked, or removed from a chat: nothing is sent there any more."""

from telegram import ChatMember, Update

from handlers.context import Context
from services.delivering import lose_chat

_GONE = frozenset({ChatMember.BANNED, ChatMember.LEFT})


async def on_membership(update: Update, context: Context) -> None:
    """End the digests of a chat that the bot is no longer in."""
    change = update.my_chat_member
    if change is not None and change.new_chat_member.status in _GONE:
        await lose_chat(context.services, change.chat.id)
