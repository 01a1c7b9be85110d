"""The methods of the Bot API about chats and about the bot itself, and the table of all methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from telegram.constants import UpdateType

from bot.local_telegram import inline, media, messages
from bot.local_telegram.members import member_json
from bot.local_telegram.objects import Json
from bot.local_telegram.request import Request, find_chat
from bot.local_telegram.spec import bad_request

MAX_COMMANDS = 100
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def get_chat(request: Request) -> Json:
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    more = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    return {**find_chat(request).as_json(), **more}


def get_chat_member(request: Request) -> Json:
    chat, user_id = find_chat(request), request.params["user_id"]
    user = request.world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    own = user_id == request.world.bot.id
    return member_json(user, chat.bot_status if own else chat.members.get(user_id, "left"))


def get_chat_administrators(request: Request) -> list[Json]:
    chat = find_chat(request)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    users = request.world.users
    leading = [(users[i], status) for i, status in chat.members.items() if status in ("creator", "administrator")]
    if chat.bot_status == "administrator":
        leading.append((request.world.bot, "administrator"))
    return [member_json(user, status) for user, status in leading]


def get_chat_member_count(request: Request) -> int:
    present = ("creator", "administrator", "member", "restricted")
    chat = find_chat(request)
    return sum(status in present for status in (*chat.members.values(), chat.bot_status))


def leave_chat(request: Request) -> bool:
    chat = find_chat(request)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    request.world.set_bot_status(chat, "left", request.world.bot)
    return True


def get_me(request: Request) -> Json:
    world = request.world
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": world.inline_mode,
    }


def _scope(request: Request) -> tuple[str, str]:
    scope: Json = request.get("scope", {"type": "default"})
    place = ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
    return place, request.get("language_code", "")


def set_my_commands(request: Request) -> bool:
    commands: list[Json] = request.params["commands"]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    request.world.my_commands[_scope(request)] = commands
    return True


def get_my_commands(request: Request) -> list[Json]:
    return request.world.my_commands.get(_scope(request), [])


def delete_my_commands(request: Request) -> bool:
    request.world.my_commands.pop(_scope(request), None)
    return True


def _describe(field: str, limit: int) -> Callable[[Request], bool]:
    def set_description(request: Request) -> bool:
        text: str = request.get(field, "")
        if len(text) > limit:
            raise bad_request(f"{field} has at most {limit} characters")
        request.world.descriptions[field, request.get("language_code", "")] = text
        return True

    return set_description


def _described(field: str) -> Callable[[Request], Json]:
    def get_description(request: Request) -> Json:
        return {field: request.world.descriptions.get((field, request.get("language_code", "")), "")}

    return get_description


async def get_updates(request: Request) -> list[Json]:
    limit = request.get("limit", 100)
    if not 1 <= limit <= 100:
        raise bad_request("limit must be between 1 and 100")
    _allow(request)
    return await request.world.updates.get(request.get("offset", 0), limit, request.get("timeout", 0))


def _allow(request: Request) -> None:
    kinds: list[str] | None = request.get("allowed_updates")
    unknown = set(kinds or []) - set(UpdateType)
    if unknown:
        raise bad_request(f'there are no updates of the kind "{min(unknown)}"')
    request.world.updates.allow(kinds)


def set_webhook(request: Request) -> bool:
    url: str = request.params["url"]
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not SECRET.fullmatch(request.get("secret_token", "x")):
        raise bad_request("secret token contains unallowed characters")
    _drop_pending(request)
    _allow(request)
    request.world.updates.webhook = {**request.params} if url else {}
    request.world.updates.last_error = {}
    request.world.changes.notify()
    return True


def delete_webhook(request: Request) -> bool:
    _drop_pending(request)
    request.world.updates.webhook = {}
    return True


def _drop_pending(request: Request) -> None:
    if request.get("drop_pending_updates"):
        request.world.updates.pending.clear()


def get_webhook_info(request: Request) -> Json:
    updates = request.world.updates
    info = {
        "url": updates.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
        "max_connections": updates.webhook.get("max_connections", 40),
        **updates.last_error,
    }
    return {**info, "allowed_updates": updates.allowed} if updates.allowed else info


METHODS: Mapping[str, Callable[[Request], Any]] = MappingProxyType(
    {
        "getMe": get_me,
        "setWebhook": set_webhook,
        "deleteWebhook": delete_webhook,
        "getWebhookInfo": get_webhook_info,
        "sendMessage": messages.send_message,
        "sendPhoto": media.send_photo,
        "sendDocument": media.send_document,
        "sendChatAction": messages.send_chat_action,
        "editMessageText": messages.edit_message_text,
        "editMessageCaption": media.edit_message_caption,
        "editMessageMedia": media.edit_message_media,
        "editMessageReplyMarkup": messages.edit_message_reply_markup,
        "deleteMessage": messages.delete_message,
        "deleteMessages": messages.delete_messages,
        "setMessageReaction": messages.set_message_reaction,
        "answerCallbackQuery": messages.answer_callback_query,
        "answerInlineQuery": inline.answer_inline_query,
        "getFile": messages.get_file,
        "getChat": get_chat,
        "getChatMember": get_chat_member,
        "getChatAdministrators": get_chat_administrators,
        "getChatMemberCount": get_chat_member_count,
        "leaveChat": leave_chat,
        "setMyCommands": set_my_commands,
        "getMyCommands": get_my_commands,
        "deleteMyCommands": delete_my_commands,
        "setMyDescription": _describe("description", 512),
        "getMyDescription": _described("description"),
        "setMyShortDescription": _describe("short_description", 120),
        "getMyShortDescription": _described("short_description"),
    }
)
"""Every supported method but getUpdates, which waits."""


async def perform(method: str, request: Request) -> Any:
    """Performs a checked call and returns its result; raises `Refused`."""
    if method == "getUpdates":
        return await get_updates(request)
    return METHODS[method](request)
