"""A checked call, and the chat and message it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.local_telegram.objects import Chat, Json, Message
from bot.local_telegram.spec import Refused, bad_request
from bot.local_telegram.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came with a call."""

    name: str
    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Request:
    """A checked call: decoded parameters, and the uploaded files by the name of their part."""

    world: World
    params: Json
    uploads: Mapping[str, Upload]

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)


def find_chat(request: Request) -> Chat:
    """The chat, if the bot may see it; raises `Refused` (400 or 403)."""
    named = request.params["chat_id"]
    chats = request.world.chats
    if isinstance(named, int):
        chat = chats.get(named)
    else:
        public = (c for c in chats.values() if c.username and c.type != "private")
        chat = next((c for c in public if f"@{c.username}".lower() == named.lower()), None)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    _refuse_outsider(chat)
    return chat


def _refuse_outsider(chat: Chat) -> None:
    if chat.bot_status not in ("kicked", "left"):
        return
    if chat.type == "private":
        raise Refused(403, "Forbidden: bot was blocked by the user")
    done = "was kicked from" if chat.bot_status == "kicked" else "is not a member of"
    raise Refused(403, f"Forbidden: bot {done} the {chat.type} chat")


def find_message(chat: Chat, message_id: int, complaint: str) -> Message:
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad_request(complaint)
    return message
