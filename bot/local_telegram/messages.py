"""The methods of the Bot API that write, change and mark messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from telegram.constants import ChatAction, ReactionEmoji

from bot.local_telegram.objects import CallbackAnswer, Chat, Json, Message
from bot.local_telegram.request import Request, find_chat, find_message
from bot.local_telegram.spec import bad_request
from bot.local_telegram.text import MarkupError, parse_html, trimmed, utf16_length
from bot.local_telegram.world import MAX_TEXT

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_ENTITIES = 100
MAX_BUTTONS = 100
BUTTON_URL = re.compile(r"(?:https?|tg)://[^\s]+|(?:tel|mailto):[^\s]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as Telegram keeps it, and as it came."""

    plain: str
    entities: list[Json]
    html: str


def parse_text(fields: Mapping[str, Any], name: str, entities_name: str, limit: int) -> Text:
    """Parses the text among a call's fields; raises `Refused` for bad markup and for too much."""
    source: str = fields.get(name, "")
    mode: str = fields.get("parse_mode", "")
    entities: list[Json] = fields.get(entities_name, [])
    if mode and mode.lower() != "html":
        raise bad_request(f'parse mode "{mode}" is not supported: this Telegram reads HTML only')
    plain, html = source, escape(source, quote=False)
    if mode:
        try:
            plain, entities = parse_html(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from error
        html = source
    plain, entities = trimmed(plain, entities)
    if utf16_length(plain) > limit:
        raise bad_request("message caption is too long" if name == "caption" else "message is too long")
    if len(entities) > MAX_ENTITIES:
        raise bad_request(f"{len(entities)} entities, but Telegram keeps {MAX_ENTITIES} and drops the rest")
    return Text(plain, entities, html.strip())


def _message_text(request: Request) -> Text:
    text = parse_text(request.params, "text", "entities", MAX_TEXT)
    if not text.plain:
        raise bad_request("message text is empty")
    return text


def content_of(text: Text, name: str, entities_name: str) -> Json:
    content: Json = {name: text.plain} if text.plain else {}
    return {**content, entities_name: text.entities} if text.entities else content


def check_markup(markup: Json | None) -> Json | None:
    """The keyboard; raises `Refused` for a button that Telegram would not show."""
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


def own_message(request: Request) -> Message:
    """The message to edit; only what the bot wrote can be edited."""
    if "chat_id" not in request.params or "message_id" not in request.params:
        raise bad_request("message identifier is not specified")
    message = find_message(find_chat(request), request.params["message_id"], "message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


def send(request: Request, content: Json, html: str) -> Json:
    chat = find_chat(request)
    if request.world.flood is not None:
        request.world.flood.check(chat)
    if chat.type == "channel" and chat.bot_status != "administrator":
        raise bad_request("need administrator rights in the channel chat")
    if chat.bot_status == "restricted":
        raise bad_request("not enough rights to send text messages to the chat")
    markup = check_markup(request.get("reply_markup"))
    reply_to = _replied(request, chat)
    thread_id = _thread(request, chat, reply_to)
    world = request.world
    message = Message(
        world.next_message_id(chat),
        chat,
        world.now(),
        world.bot,
        content,
        by_bot=True,
        html=html,
        markup=markup,
        reply_to=reply_to,
        thread_id=thread_id,
    )
    return world.add_message(message).as_json()


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
    if first is None or first.deleted or "forum_topic_created" not in first.content:
        raise bad_request("message thread not found")
    if thread_id in chat.closed_topics and chat.bot_status != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def send_message(request: Request) -> Json:
    text = _message_text(request)
    return send(request, content_of(text, "text", "entities"), text.html)


def edit_message_text(request: Request) -> Json:
    message = own_message(request)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    text = _message_text(request)
    return put_in_place(request, message, content_of(text, "text", "entities"), text.html)


def edit_message_reply_markup(request: Request) -> Json:
    message = own_message(request)
    return put_in_place(request, message, message.content, message.html)


def put_in_place(request: Request, message: Message, content: Json, html: str) -> Json:
    markup = check_markup(request.get("reply_markup"))
    if content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    message.content, message.html, message.markup = content, html, markup
    request.world.touch(message)
    return message.as_json()


def delete_message(request: Request) -> bool:
    message = find_message(find_chat(request), request.params["message_id"], "message to delete not found")
    if not _may_delete(message):
        raise bad_request("message can't be deleted")
    request.world.remove(message)
    return True


def _may_delete(message: Message) -> bool:
    chat = message.chat
    return message.by_bot or chat.type == "private" or chat.bot_status == "administrator"


def delete_messages(request: Request) -> bool:
    """Deletes what can be deleted and passes over the rest, as Telegram does."""
    chat = find_chat(request)
    if not 1 <= len(request.params["message_ids"]) <= 100:
        raise bad_request("1 to 100 messages can be deleted at once")
    for message_id in request.params["message_ids"]:
        message = chat.messages.get(message_id)
        if message is not None and _may_delete(message):
            request.world.remove(message)
    return True


def set_message_reaction(request: Request) -> bool:
    message = find_message(find_chat(request), request.params["message_id"], "message to react not found")
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
    find_chat(request).actions.append(request.params["action"])
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
