"""A small Telegram in memory: people and chats on one side, the Bot API on the other.

The bot of `presswatch chat` and of the tests is the real one; this is the counterpart it talks to, within
the process (`LocalRequest`) or, in tests, over HTTP (`bot.local_telegram.http_door`).
"""

from bot.local_telegram.doors import LocalRequest
from bot.local_telegram.local import LocalTelegram
from bot.local_telegram.objects import (
    Button,
    Call,
    Chat,
    InlineAnswer,
    InlineResult,
    Message,
    User,
    origin_channel,
    origin_chat,
    origin_hidden_user,
    origin_user,
)

__all__ = [
    "Button",
    "Call",
    "Chat",
    "InlineAnswer",
    "InlineResult",
    "LocalRequest",
    "LocalTelegram",
    "Message",
    "User",
    "origin_channel",
    "origin_chat",
    "origin_hidden_user",
    "origin_user",
]
