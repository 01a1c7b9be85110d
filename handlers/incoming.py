"""Telegram's messages as ours: who sent what, from where, with which links and files."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from telegram import (
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from domain.articles import Forward, Origin, OriginKind
from domain.chats import ChatKind
from domain.messages import FileReference, IncomingMessage
from handlers.context import Context, identity, topic_of

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# Telegram's own links lead to chats, not to articles: "subscribe", "our channel".
_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
# Sound, pictures and films may come as files; their caption is what can be read of them.
_NO_TEXT = ("image/", "video/", "audio/")


def incoming_message(message: Message, context: Context) -> IncomingMessage:
    """Return a message as the services take it, without the words at its start that only say that we are meant."""
    said = message.text or message.caption or ""
    return IncomingMessage(
        forward=_forward(message),
        text=said if message.forward_origin else _to_us(context.name, context.first_name).sub("", said, count=1),
        links=tuple(dict.fromkeys(_links(message))),
        file=_file(message),
        album=message.media_group_id,
        addressed=is_addressed(message, context),
    )


def is_addressed(message: Message, context: Context) -> bool:
    """Return whether the sender waits for an answer: in a group, only where they name the bot."""
    if message.chat.type == ChatKind.PRIVATE or _by_name(context.first_name).match(message.text or ""):
        return True
    return f"@{context.name}".casefold() in {name.casefold() for name in _marked(message, MessageEntity.MENTION)}


def answered(message: Message) -> Message | None:
    """Return the message that this one answers; in a forum, every message has the opening of its topic there."""
    to = message.reply_to_message
    return None if to is None or to.forum_topic_created else to


def answers_us(message: Message, context: Context) -> bool:
    """Return whether somebody answers the bot."""
    to = answered(message)
    return to is not None and to.from_user is not None and to.from_user.id == context.bot.id


@cache
def _to_us(name: str, first_name: str) -> re.Pattern[str]:
    user_name = rf"\A\s*(?:/article(?:@{re.escape(name)})?|@{re.escape(name)})(?!\w)[\s:,]*"
    return re.compile(rf"{user_name}|{_by_name(first_name).pattern}", re.IGNORECASE)


@cache
def _by_name(first_name: str) -> re.Pattern[str]:
    """Return what calls the bot by its first name: "Presswatch, who is …"; a mere mention of it does not."""
    return re.compile(rf"\A\s*(?:(?:hi|hey|hello|ok)[\s,]+)?{re.escape(first_name)}\s*[,:]\s*", re.IGNORECASE)


def _marked(message: Message, kind: str) -> list[str]:
    """Return the words that are marked as a mention or an address; places are counted in UTF-16 units."""
    # Not the library's way: a mark that is out of place would cost the message.
    text = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    marks = (entity for entity in (*message.entities, *message.caption_entities) if entity.type == kind)
    places = (slice(2 * mark.offset, 2 * (mark.offset + mark.length)) for mark in marks)
    return [text[place].decode("utf-16-le", "ignore") for place in places]


def _links(message: Message) -> Iterator[str]:
    hidden = (entity.url for entity in (*message.entities, *message.caption_entities) if entity.url)
    preview = message.link_preview_options.url if message.link_preview_options else None
    for address in (*_marked(message, MessageEntity.URL), *hidden, *([preview] if preview else ())):
        whole = address if _SCHEME.match(address) else f"https://{address}"
        if _leads_to_a_page(whole):
            yield whole


def _leads_to_a_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and parts.hostname not in _TELEGRAM
    except ValueError:
        return False


def _file(message: Message) -> FileReference | None:
    document = message.document
    # A film that plays by itself is a document to Telegram, too.
    if document is None or message.animation or (document.mime_type or "").startswith(_NO_TEXT):
        return None
    return FileReference(document.file_id, document.file_name, document.mime_type, document.file_size or 0)


def _forward(message: Message) -> Forward:
    sender = message.sender_chat.title if message.sender_chat else None
    if sender is None and message.from_user is not None:
        sender = message.from_user.full_name
    return Forward(
        chat=identity(message.chat),
        message_id=message.message_id,
        thread_id=topic_of(message),
        sender=message.author_signature or sender or "somebody",
        origin=_origin(message),
        sent_at=message.date,
        sender_id=message.sender_chat.id if message.sender_chat else message.from_user.id if message.from_user else 0,
    )


def _origin(message: Message) -> Origin:
    match message.forward_origin:
        case MessageOriginUser(sender_user=user, date=date):
            return Origin(OriginKind.USER, user.full_name, user.username, None, date)
        case MessageOriginHiddenUser(sender_user_name=name, date=date):
            return Origin(OriginKind.HIDDEN_USER, name, None, None, date)
        case MessageOriginChat(sender_chat=chat, date=date, author_signature=signature):
            return Origin(OriginKind.CHAT, chat.effective_name, chat.username, None, date, signature)
        case MessageOriginChannel(chat=chat, message_id=number, date=date, author_signature=signature):
            return Origin(OriginKind.CHANNEL, chat.effective_name, chat.username, number, date, signature)
        case _:
            return Origin()
