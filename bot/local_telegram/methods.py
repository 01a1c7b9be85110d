"""The Bot API's methods over a world: one function each, taking decoded parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from telegram.constants import ChatAction, ReactionEmoji

from bot.local_telegram.objects import Chat, Json, Message, StoredFile
from bot.local_telegram.spec import Refused, bad_request
from bot.local_telegram.text import MarkupError, parse_html, trimmed, utf16_length
from bot.local_telegram.world import MAX_CAPTION, MAX_TEXT, CallbackAnswer, World, member_json

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_ENTITIES = 100
MAX_BUTTONS = 100
MAX_COMMANDS = 100
BUTTON_URL = re.compile(r"(?:https?|tg)://[^\s]+|(?:tel|mailto):[^\s]+")
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


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


# Chats and messages that a call names


def _chat(request: Request) -> Chat:
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
    if chat.bot_status in ("kicked", "left"):
        place = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}
        if chat.type == "private":
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.bot_status == "kicked":
            raise Refused(403, f"Forbidden: bot was kicked from the {place[chat.type]}")
        raise Refused(403, f"Forbidden: bot is not a member of the {place[chat.type]}")


def _message(chat: Chat, message_id: int, complaint: str) -> Message:
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad_request(complaint)
    return message


def _own_message(request: Request) -> Message:
    """The message to edit; only what the bot wrote can be edited."""
    if "chat_id" not in request.params or "message_id" not in request.params:
        raise bad_request("message identifier is not specified")
    message = _message(_chat(request), request.params["message_id"], "message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


# Text and keyboards


@dataclass(frozen=True, slots=True)
class _Text:
    plain: str
    entities: list[Json]
    html: str


def _text(request: Request, name: str, entities_name: str, limit: int) -> _Text:
    """Parses a text parameter; raises `Refused` for bad markup and for too much."""
    source: str = request.get(name, "")
    mode: str = request.get("parse_mode", "")
    entities: list[Json] = request.get(entities_name, [])
    if mode and mode.lower() != "html":
        raise bad_request(f'parse mode "{mode}" is not supported: this Telegram reads HTML only')
    plain, html = source, source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if mode:
        try:
            plain, entities = parse_html(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from error
        html = source
    plain, entities = trimmed(plain, entities)
    if utf16_length(plain) > limit:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    if len(entities) > MAX_ENTITIES:
        raise bad_request(f"{len(entities)} entities, but Telegram keeps {MAX_ENTITIES} and drops the rest")
    return _Text(plain, entities, html.strip())


def _message_text(request: Request) -> _Text:
    text = _text(request, "text", "entities", MAX_TEXT)
    if not text.plain:
        raise bad_request("message text is empty")
    return text


def _content(text: _Text, name: str, entities_name: str) -> Json:
    content: Json = {name: text.plain} if text.plain else {}
    return {**content, entities_name: text.entities} if text.entities else content


def _markup(request: Request) -> Json | None:
    """The keyboard; raises `Refused` for a button that Telegram would not show."""
    markup: Json | None = request.get("reply_markup")
    if not markup or "inline_keyboard" not in markup:
        return markup
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("BUTTONS_TOO_MUCH")
    for button in buttons:
        _check_button(button)
    return markup if buttons else None


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text is empty")
    actions = set(button) - {"text", "icon_custom_emoji_id", "style"}
    if len(actions) != 1:
        raise bad_request("an inline keyboard button has exactly one action")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not BUTTON_URL.fullmatch(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid")


# Sending and editing


def _send(request: Request, content: Json, html: str) -> Json:
    chat = _chat(request)
    if chat.type == "channel" and chat.bot_status != "administrator":
        raise bad_request("need administrator rights in the channel chat")
    markup = _markup(request)
    reply_to = _replied(request, chat)
    thread_id = _thread(request, chat, reply_to)
    world = request.world
    message = world.add_message(chat, world.bot, content, by_bot=True, reply_to=reply_to, thread_id=thread_id)
    message.html, message.markup = html, markup
    return message.as_json()


def _replied(request: Request, chat: Chat) -> Message | None:
    reply: Json | None = request.get("reply_parameters")
    if reply is None:
        return None
    if reply.get("chat_id", chat.id) != chat.id:
        raise bad_request("replies into another chat are not supported: this Telegram is a small one")
    message = chat.messages.get(reply["message_id"])
    if message is None or message.deleted:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    if reply.get("quote", "") not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def _thread(request: Request, chat: Chat, reply_to: Message | None) -> int | None:
    thread_id: int | None = request.get("message_thread_id")
    if thread_id is None:
        return reply_to.thread_id if reply_to else None
    first = chat.messages.get(thread_id)
    if first is None or "forum_topic_created" not in first.content:
        raise bad_request("message thread not found")
    return thread_id


def send_message(request: Request) -> Json:
    text = _message_text(request)
    return _send(request, _content(text, "text", "entities"), text.html)


def send_document(request: Request) -> Json:
    caption = _text(request, "caption", "caption_entities", MAX_CAPTION)
    file = _file(request, "document", "documents")
    document = {**file.facts(), "file_name": file.name, "mime_type": file.mime}
    content = {"document": document, **_content(caption, "caption", "caption_entities")}
    return _send(request, content, caption.html)


def send_photo(request: Request) -> Json:
    caption = _text(request, "caption", "caption_entities", MAX_CAPTION)
    file = _file(request, "photo", "photos")
    photo = [{**file.facts(), "width": 320, "height": 240}]
    content = {"photo": photo, **_content(caption, "caption", "caption_entities")}
    return _send(request, content, caption.html)


def _file(request: Request, name: str, folder: str) -> StoredFile:
    """The file that is uploaded with the call, or one that Telegram has already."""
    named: str = request.get(name, "")
    upload = request.uploads.get(named.removeprefix("attach://") or name)
    if upload is None:
        stored = request.world.files.get(named)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored
    if not upload.data:
        raise bad_request("file must be non-empty")
    return request.world.store_file(folder, upload.name, upload.mime, upload.data, None)


def edit_message_text(request: Request) -> Json:
    message = _own_message(request)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    text = _message_text(request)
    return _edit(request, message, _content(text, "text", "entities"), text.html)


def edit_message_caption(request: Request) -> Json:
    message = _own_message(request)
    kept = {k: v for k, v in message.content.items() if not k.startswith("caption")}
    if "text" in kept:
        raise bad_request("there is no caption in the message to edit")
    caption = _text(request, "caption", "caption_entities", MAX_CAPTION)
    return _edit(request, message, {**kept, **_content(caption, "caption", "caption_entities")}, caption.html)


def edit_message_reply_markup(request: Request) -> Json:
    message = _own_message(request)
    return _edit(request, message, message.content, message.html)


def _edit(request: Request, message: Message, content: Json, html: str) -> Json:
    markup = _markup(request)
    if content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    message.content, message.html, message.markup = content, html, markup
    request.world.touch(message)
    return message.as_json()


def delete_message(request: Request) -> bool:
    message = _message(_chat(request), request.params["message_id"], "message to delete not found")
    chat = message.chat
    if not message.by_bot and chat.type != "private" and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")
    message.deleted = True
    request.world.changes.notify()
    return True


def delete_messages(request: Request) -> bool:
    """Deletes what can be deleted and passes over the rest, as Telegram does."""
    chat = _chat(request)
    for message_id in request.params["message_ids"]:
        message = chat.messages.get(message_id)
        if message is not None and (message.by_bot or chat.type == "private"):
            message.deleted = True
    request.world.changes.notify()
    return True


def set_message_reaction(request: Request) -> bool:
    message = _message(_chat(request), request.params["message_id"], "message to react not found")
    reactions: list[Json] = request.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction.get("emoji") not in set(ReactionEmoji) for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    message.reactions = [reaction["emoji"] for reaction in reactions]
    request.world.changes.notify()
    return True


def send_chat_action(request: Request) -> bool:
    if request.params["action"] not in set(ChatAction):
        raise bad_request("wrong parameter action in request")
    _chat(request).actions.append(request.params["action"])
    request.world.changes.notify()
    return True


def answer_callback_query(request: Request) -> bool:
    query, text = request.params["callback_query_id"], request.get("text", "")
    if query not in request.world.open_queries:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    request.world.open_queries.discard(query)
    request.world.answers.append(CallbackAnswer(query, text, request.get("show_alert", False)))
    request.world.changes.notify()
    return True


def get_file(request: Request) -> Json:
    file = request.world.files.get(request.params["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**file.facts(), "file_path": file.path}


# Chats


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
    return {**_chat(request).as_json(), **more}


def get_chat_member(request: Request) -> Json:
    chat, user_id = _chat(request), request.params["user_id"]
    user = request.world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    own = user_id == request.world.bot.id
    return member_json(user, chat.bot_status if own else chat.members.get(user_id, "left"))


def get_chat_administrators(request: Request) -> list[Json]:
    chat = _chat(request)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    users = request.world.users
    leading = [(users[i], status) for i, status in chat.members.items() if status in ("creator", "administrator")]
    if chat.bot_status == "administrator":
        leading.append((request.world.bot, "administrator"))
    return [member_json(user, status) for user, status in leading]


def get_chat_member_count(request: Request) -> int:
    present = ("creator", "administrator", "member", "restricted")
    chat = _chat(request)
    return sum(status in present for status in (*chat.members.values(), chat.bot_status))


def leave_chat(request: Request) -> bool:
    chat = _chat(request)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    request.world.set_bot_status(chat, "left", request.world.bot)
    return True


# The bot's own affairs


def get_me(request: Request) -> Json:
    world = request.world
    return {
        **world.bot.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": False,
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


def set_webhook(request: Request) -> bool:
    url: str = request.params["url"]
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _drop_pending(request)
    request.world.updates.allow(request.get("allowed_updates"))
    request.world.updates.webhook = {**request.params} if url else {}
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
    }
    return {**info, "allowed_updates": updates.allowed} if updates.allowed else info


METHODS: Mapping[str, Callable[[Request], Any]] = MappingProxyType(
    {
        "getMe": get_me,
        "setWebhook": set_webhook,
        "deleteWebhook": delete_webhook,
        "getWebhookInfo": get_webhook_info,
        "sendMessage": send_message,
        "sendPhoto": send_photo,
        "sendDocument": send_document,
        "sendChatAction": send_chat_action,
        "editMessageText": edit_message_text,
        "editMessageCaption": edit_message_caption,
        "editMessageReplyMarkup": edit_message_reply_markup,
        "deleteMessage": delete_message,
        "deleteMessages": delete_messages,
        "setMessageReaction": set_message_reaction,
        "answerCallbackQuery": answer_callback_query,
        "getFile": get_file,
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
"""Every supported method but getUpdates, which waits and so has its own way."""
